import type { JobNotice } from '../../domain/aqua/notify-url.ts';
import { readQueryJob } from '../../persistence/query-jobs.ts';
import { batchJobStatusOf } from './batch-jobs.ts';

/** How the end of an AQuA job is called where it is told; null when there is no such job. */
export async function noticeOf(db: D1Database, jobId: string, now: string): Promise<JobNotice | null> {
  const job = await readQueryJob(db, jobId, now);
  return job?.kind === 'aqua' ? { jobId, status: batchJobStatusOf(job) } : null;
}
