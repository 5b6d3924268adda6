import { limits } from '../env.ts';
import { deleteExpired } from '../persistence/expiry.ts';
import { deleteExpiredFiles, type FilePorts } from '../persistence/files.ts';
import { deleteExpiredQueryJobs } from '../persistence/query-jobs.ts';
import { closeExpiredSnapshots, deleteUnneeded, forgetDeleted } from '../persistence/snapshots.ts';

/** Deletes what has outlived its time, a bounded number of rows at once, so that writers never wait long for it. */
export async function expire(db: D1Database, now: string): Promise<'done' | 'more'> {
  const hoursAgo = (hours: number) => new Date(Date.parse(now) - hours * 3_600_000).toISOString();
  const deleted = await deleteExpired(db, {
    repliesBefore: hoursAgo(limits.idempotencyHours),
    tokensBefore: now,
    sessionsBefore: now,
    signInsBefore: hoursAgo(limits.signInWindowS / 3_600),
    jobsBefore: hoursAgo(limits.asyncJobDays * 24),
    pagesBefore: now,
    rowsMax: limits.expireRowsMax,
  });
  return deleted >= limits.expireRowsMax ? 'more' : 'done';
}

/** The same for query jobs, for snapshots that nobody closed, what was kept for any, and what is remembered of deleted objects. */
export async function expireQueries(db: D1Database, now: string): Promise<'done' | 'more'> {
  await closeExpiredSnapshots(db, now);
  // A day longer than exports ask for, so that none misses what goes while it runs.
  const days = limits.deletedRecordDays + 1;
  const remembered = new Date(Date.parse(now) - days * 86_400_000).toISOString();
  const deleted = [
    await deleteUnneeded(db, limits.expireRowsMax),
    await forgetDeleted(db, remembered, limits.expireRowsMax),
    await deleteExpiredQueryJobs(db, now, limits.expireRowsMax),
  ];
  return deleted.some((rows) => rows >= limits.expireRowsMax) ? 'more' : 'done';
}

/** The same for files and what R2 holds of them. */
export async function expireFiles(ports: FilePorts, now: string): Promise<'done' | 'more'> {
  const deleted = await deleteExpiredFiles(ports, now, limits.expireFilesMax);
  return deleted >= limits.expireFilesMax ? 'more' : 'done';
}
