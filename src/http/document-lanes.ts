import { isId } from '../domain/account/state.ts';
import type { AccountReference } from '../domain/billing/document-account.ts';
import { type Refusal, refuse } from '../domain/result.ts';
import { findAccountIds } from '../persistence/document-accounts.ts';
import type { AppContext } from './context.ts';
import { reader } from './operation.ts';

/**
 * The lanes of new documents: the ids of the accounts that their requests name. An id is its own lane, and whether there is
 * such an account is for the command to see; numbers are looked up together.
 */
export async function lanesOf(
  c: AppContext,
  references: readonly AccountReference[],
): Promise<Array<string | Refusal>> {
  const numbers = references.flatMap((reference) => {
    const key = reference.accountId ?? reference.accountNumber;
    return key === null || isId(key) ? [] : [key];
  });
  const ids = numbers.length === 0 ? new Map<string, string>() : await findAccountIds(reader(c), numbers);
  return references.map(({ accountId, accountNumber }) => {
    const key = accountId ?? accountNumber;
    const field = accountId === null ? 'accountNumber' : 'accountId';
    if (key === null) return refuse('invalid', 'accountId or accountNumber is required', 'accountId');
    return (
      (isId(key) ? key : ids.get(key)) ??
      refuse('invalid', `No account is found with ${field} ${key}.`, field)
    );
  });
}
