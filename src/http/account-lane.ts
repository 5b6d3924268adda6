import { isId } from '../domain/account/state.ts';
import { findAccountId } from '../persistence/accounts.ts';
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
  if (isId(key)) return key;
  const known = idsByNumber.get(key);
  if (known !== undefined) return known;
  const id = await findAccountId(reader(c), key);
  if (id === null) return null;
  if (idsByNumber.size >= IDS_BY_NUMBER_MAX) idsByNumber.clear();
  idsByNumber.set(key, id);
  return id;
}
