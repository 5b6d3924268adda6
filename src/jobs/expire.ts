import { limits } from '../env.ts';
import { deleteExpired } from '../persistence/expiry.ts';

/** Deletes what has outlived its time, a bounded number of rows at once, so that writers never wait long for it. */
export async function expire(db: D1Database, now: string): Promise<'done' | 'more'> {
  const repliesBefore = new Date(Date.parse(now) - limits.idempotencyHours * 3_600_000).toISOString();
  const deleted = await deleteExpired(db, {
    repliesBefore,
    tokensBefore: now,
    rowsMax: limits.expireRowsMax,
  });
  return deleted >= limits.expireRowsMax ? 'more' : 'done';
}
