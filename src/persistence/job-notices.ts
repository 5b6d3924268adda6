/** A query job's end that somebody wants to be told of: where, and how often it was tried. The row goes when it is told or given up. */
export interface JobNoticeRow {
  readonly jobId: string;
  /** As it was given, with its placeholders. */
  readonly url: string;
  /** Calls so far, with the one that is being made. */
  readonly attempts: number;
}

/** Before there is the job: one without its notice would never be told of. */
export async function addJobNotice(
  db: D1Database,
  { jobId, url }: Pick<JobNoticeRow, 'jobId' | 'url'>,
  now: string,
): Promise<void> {
  await db
    .prepare('INSERT INTO job_notice (job_id, url, attempts, due_at) VALUES (?1, ?2, 0, ?3)')
    .bind(jobId, url, now)
    .run();
}

export async function removeJobNotice(db: D1Database, jobId: string): Promise<void> {
  await db.prepare('DELETE FROM job_notice WHERE job_id = ?1').bind(jobId).run();
}

/**
 * Takes a due notice of a job that has ended for one call: until `nextAt` nobody else gets it, however many messages ask for it.
 *
 * @returns null when there is none
 */
export async function claimJobNotice(
  db: D1Database,
  jobId: string,
  { now, nextAt }: { readonly now: string; readonly nextAt: (attempts: number) => string },
): Promise<JobNoticeRow | null> {
  const row = await db
    .prepare(
      `SELECT n.attempts AS attempts FROM job_notice AS n ${ENDED} WHERE n.job_id = ?1 AND n.due_at <= ?2`,
    )
    .bind(jobId, now)
    .first<{ attempts: number }>();
  if (row === null) return null;
  return db
    .prepare(
      'UPDATE job_notice SET attempts = attempts + 1, due_at = ?3 WHERE job_id = ?1 AND attempts = ?2 ' +
        'RETURNING job_id AS jobId, url, attempts',
    )
    .bind(jobId, row.attempts, nextAt(row.attempts + 1))
    .first<JobNoticeRow>();
}

/** Deletes what was due so long ago that its job is gone, or never was. */
export async function deleteStaleJobNotices(db: D1Database, before: string, rowsMax: number): Promise<void> {
  await db
    .prepare(
      'DELETE FROM job_notice WHERE job_id IN (SELECT job_id FROM job_notice WHERE due_at < ?1 ORDER BY due_at LIMIT ?2)',
    )
    .bind(before, rowsMax)
    .run();
}

const ENDED = "JOIN query_job AS j ON j.id = n.job_id AND j.status NOT IN ('submitted', 'executing')";

/** Jobs that have ended and of which somebody should have been told by now, the longest waiting first. */
export async function findDueJobNotices(db: D1Database, before: string, rowsMax: number): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT n.job_id AS id FROM job_notice AS n ${ENDED} WHERE n.due_at <= ?1 ORDER BY n.due_at LIMIT ?2`,
    )
    .bind(before, rowsMax)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
