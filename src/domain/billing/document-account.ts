import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { type Refusal, refuse } from '../result.ts';

/** How a request names the account of a new invoice or payment: by id, by number, or by both when they agree. */
export interface AccountReference {
  readonly accountId: string | null;
  readonly accountNumber: string | null;
}

export function needOfAccount(reference: AccountReference): Need[] {
  const key = reference.accountId ?? reference.accountNumber;
  return key === null ? [] : [{ kind: 'account', key }];
}

/** The account that is named, or why there is none. */
export function findDocumentAccount(state: State, reference: AccountReference): Account | Refusal {
  const { accountId, accountNumber } = reference;
  const key = accountId ?? accountNumber;
  const field = accountId === null ? 'accountNumber' : 'accountId';
  if (key === null) return refuse('invalid', 'accountId or accountNumber is required', 'accountId');
  const account = state.find('account', key);
  if (account === null) return refuse('invalid', `No account is found with ${field} ${key}.`, field);
  if (accountNumber !== null && account.accountNumber !== accountNumber) {
    return refuse('invalid', `accountId ${key} is not the account ${accountNumber}`, 'accountNumber');
  }
  return account;
}
