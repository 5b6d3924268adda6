import { limits } from '../env.ts';
import { deleteExpired } from '../persistence/expiry.ts';
import { deleteExpiredFiles, type FilePorts } from '../persistence/files.ts';

/** Deletes what has outlived its time, a bounded number of rows at once, so that writers never wait long for it. */
export async function expire(db: D1Database, now: string): Promise<'done' | 'more'> {
  const hoursAgo = (hours: number) => new Date(Date.parse(now) - hours * 3_600_000).toISOString();
  const deleted = await deleteExpired(db, {
    repliesBefore: hoursAgo(limits.idempotencyHours),
    tokensBefore: now,
    jobsBefore: hoursAgo(limits.asyncJobDays * 24),
    rowsMax: limits.expireRowsMax,
  });
  return deleted >= limits.expireRowsMax ? 'more' : 'done';
}

/** The same for files and what R2 holds of them. */
export async function expireFiles(ports: FilePorts, now: string): Promise<'done' | 'more'> {
  const deleted = await deleteExpiredFiles(ports, now, limits.expireFilesMax);
  return deleted >= limits.expireFilesMax ? 'more' : 'done';
}
