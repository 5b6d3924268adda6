import { isId } from '../domain/account/state.ts';
import type { AccountReference } from '../domain/billing/document-account.ts';
import { type Refusal, refuse } from '../domain/result.ts';
import { findAccountIds } from '../persistence/document-accounts.ts';
import type { AppContext } from './context.ts';
import { reader } from './operation.ts';

/** Ids by account number, as this isolate saw them last. */
const idsByNumber = new Map<string, string>();
const IDS_BY_NUMBER_MAX = 50_000;

/**
 * The lane of an account that a request names by id or number; null when no account has the number. A lane is only a
 * queue and commits are guarded, so a number that has moved to another account since it was remembered costs no correctness:
 * commands carry the number itself, and the decision reads it.
 */
export async function laneOfAccount(c: AppContext, key: string): Promise<string | null> {
  return (await lanesByKey(c, [key])).get(key) ?? null;
}

/**
 * The lanes of new documents: the ids of the accounts that their requests name. An id is its own lane, and whether there is
 * such an account is for the command to see.
 */
export async function lanesOf(
  c: AppContext,
  references: readonly AccountReference[],
): Promise<Array<string | Refusal>> {
  const keys = references.flatMap(({ accountId, accountNumber }) => accountId ?? accountNumber ?? []);
  const lanes = await lanesByKey(c, keys);
  return references.map(({ accountId, accountNumber }) => {
    const key = accountId ?? accountNumber;
    const field = accountId === null ? 'accountNumber' : 'accountId';
    if (key === null) return refuse('invalid', 'accountId or accountNumber is required', 'accountId');
    return lanes.get(key) ?? refuse('invalid', `No account is found with ${field} ${key}.`, field);
  });
}

/** Numbers that this isolate has not seen are looked up together. */
async function lanesByKey(c: AppContext, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const lanes = new Map<string, string>();
  const unknown: string[] = [];
  for (const key of keys) {
    const lane = isId(key) ? key : idsByNumber.get(key);
    if (lane === undefined) unknown.push(key);
    else lanes.set(key, lane);
  }
  if (unknown.length === 0) return lanes;
  if (idsByNumber.size >= IDS_BY_NUMBER_MAX) idsByNumber.clear();
  for (const [number, id] of await findAccountIds(reader(c), unknown)) {
    idsByNumber.set(number, id);
    lanes.set(number, id);
  }
  return lanes;
}
