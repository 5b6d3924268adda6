/**
 * What an error from D1 says about the batch that it answered.
 *
 * - `refused`: the database evaluated the batch and undid it: nothing happened.
 * - `overloaded`: it was not run; the caller may try again later.
 * - `unknown`: the connection or the isolate was lost: it may or may not have happened.
 */
export type BatchFailure =
  | { readonly kind: 'refused'; readonly constraint: string }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'unknown'; readonly message: string };

const OVERLOADED = /overloaded|too many requests|queued for too long/i;
const CONSTRAINT = /constraint failed: ([^:]+?)(?::|$)|SQLITE_CONSTRAINT/;
/** Errors of the statement itself: evaluated and undone as a constraint failure is. */
const STATEMENT =
  /SQLITE_(ERROR|TOOBIG|MISMATCH|RANGE|FULL)|malformed JSON|integer overflow|too many SQL variables|no such (table|column)/i;

export function classifyBatchError(error: unknown): BatchFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (OVERLOADED.test(message)) return { kind: 'overloaded' };
  const constraint = CONSTRAINT.exec(message);
  if (constraint !== null) return { kind: 'refused', constraint: constraint[1] ?? message };
  if (STATEMENT.test(message)) return { kind: 'refused', constraint: message };
  return { kind: 'unknown', message };
}

/** A refused guard means that somebody else was first: decide again on what is there now. */
export function isGuard(constraint: string): boolean {
  return constraint.includes('lane_commit.') || constraint.includes('stale_read');
}
