import { limits } from '../env.ts';
import { findStandingJobs, findStartableJobs } from '../persistence/query-jobs.ts';

/** Asks for a query job to be worked on. */
export interface QueryJobMessage {
  readonly version: 1;
  readonly job: 'query';
  readonly jobId: string;
}

/** The queries' side of their jobs, which these layers know nothing of. */
export interface QueryPorts {
  /**
   * Lets the job's object work for a slice. more: it goes on by itself, and a message comes when it is done; done: nothing is left to do, whatever
   * became of it; waiting: others are before it; busy: it is at work already.
   */
  readonly advance: (jobId: string) => Promise<'more' | 'done' | 'waiting' | 'busy'>;
  /** Nothing is left to do for the job. Told at least once; more often when a message comes twice. */
  readonly onFinished: (jobId: string) => Promise<void>;
}

export interface RunQueryPorts {
  readonly db: D1Database;
  readonly queries: QueryPorts;
  readonly sendAll: (messages: readonly QueryJobMessage[]) => Promise<unknown>;
}

/**
 * Lets a query job get on, and those begin whose turn it is.
 *
 * @throws when it can't now; the next message goes on with it
 */
export async function runQueryJob(jobId: string, ports: RunQueryPorts): Promise<void> {
  const outcome = await ports.queries.advance(jobId);
  if (outcome === 'done') await ports.queries.onFinished(jobId);
  if (outcome !== 'busy') await startQueryJobs(ports);
}

async function startQueryJobs({ db, sendAll }: Pick<RunQueryPorts, 'db' | 'sendAll'>): Promise<void> {
  const jobIds = await findStartableJobs(db, limits.queryJobsRunningMax);
  if (jobIds.length > 0) await sendAll(jobIds.map(messageFor));
}

/** Every minute: asks again for jobs that stand still, and for those whose turn it is. Returns how many. */
export async function sweepQueryJobs(
  db: D1Database,
  now: string,
  sendAll: (messages: readonly QueryJobMessage[]) => Promise<unknown>,
): Promise<number> {
  const before = new Date(Date.parse(now) - limits.queryResendAfterMs).toISOString();
  const standing = await findStandingJobs(db, before, limits.sweepQueryJobsMax);
  const jobIds = [...standing, ...(await findStartableJobs(db, limits.queryJobsRunningMax))];
  if (jobIds.length > 0) await sendAll(jobIds.map(messageFor));
  return jobIds.length;
}

function messageFor(jobId: string): QueryJobMessage {
  return { version: 1, job: 'query', jobId };
}
