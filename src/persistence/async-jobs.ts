import type { AsyncJob } from '../domain/async-jobs/async-job.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

const table = entityTables.asyncJob;
const READ = `SELECT ${selectList(table, 'j')} FROM async_job AS j WHERE j.id = ?1`;

/** The job with this id, null when there is none. */
export async function readAsyncJob(db: D1Database, id: string): Promise<AsyncJob | null> {
  const row = await db.prepare(READ).bind(id).first<Record<string, unknown>>();
  return row === null ? null : fromRow<'asyncJob'>(table, row);
}

/** Ids of jobs that were accepted before an instant and are not finished, oldest first. */
export async function findWaitingJobs(
  db: D1Database,
  acceptedBefore: string,
  jobsMax: number,
): Promise<string[]> {
  const { results } = await db
    .prepare(
      "SELECT id FROM async_job WHERE status = 'Processing' AND created_at < ?1 ORDER BY created_at LIMIT ?2",
    )
    .bind(acceptedBefore, jobsMax)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
