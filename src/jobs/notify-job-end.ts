import type { JobNotice } from '../domain/aqua/notify-url.ts';
import { limits } from '../env.ts';
import {
  claimJobNotice,
  deleteStaleJobNotices,
  findDueJobNotices,
  removeJobNotice,
} from '../persistence/job-notices.ts';
import type { ConsumerPorts } from './consume.ts';
import { notify } from './notify.ts';

export interface JobEndPorts extends ConsumerPorts {
  readonly jobEnds: {
    /** How a job's end is called where it is told; null when there is no such job. */
    readonly noticeOf: (jobId: string) => Promise<JobNotice | null>;
    /** Notify URLs may be of this very machine. */
    readonly allowLoopback: boolean;
  };
}

/** What travels to the jobs queue when somebody is to be told of a job's end. */
export interface NotifyMessage {
  readonly version: 1;
  readonly job: 'notify';
  readonly jobId: string;
}

function delayS(attempts: number): number {
  return limits.notifyRetryDelayS * 2 ** (attempts - 1);
}

/**
 * Tells of a job's end, if that is due: a URL that doesn't take it is called again later, so often and no more.
 *
 * @returns after how many seconds to come again; null: never
 */
export async function notifyJobEnd(jobId: string, ports: JobEndPorts): Promise<number | null> {
  const now = ports.now();
  const nextAt = (attempts: number) => new Date(Date.parse(now) + delayS(attempts) * 1_000).toISOString();
  const row = await claimJobNotice(ports.db, jobId, { now, nextAt });
  if (row === null) return null;
  const notice = await ports.jobEnds.noticeOf(jobId);
  const outcome = notice === null ? 'refused' : await notify(row.url, notice, ports.jobEnds);
  if (outcome === 'failed' && row.attempts < limits.notifyDeliveriesMax) return delayS(row.attempts);
  if (outcome === 'failed') ports.log('notify.given_up', { job: jobId, attempts: row.attempts });
  await removeJobNotice(ports.db, jobId);
  return null;
}

const DAY_MS = 86_400_000;

/** Every minute: asks again for what should have been told by now. */
export async function sweepJobNotices(
  db: D1Database,
  now: string,
  send: (messages: readonly NotifyMessage[]) => Promise<unknown>,
): Promise<number> {
  const before = new Date(Date.parse(now) - limits.notifyResendAfterMs).toISOString();
  const gone = new Date(Date.parse(now) - limits.queryJobDays * DAY_MS).toISOString();
  await deleteStaleJobNotices(db, gone, limits.sweepNoticesMax);
  const jobIds = await findDueJobNotices(db, before, limits.sweepNoticesMax);
  await send(jobIds.map((jobId) => ({ version: 1, job: 'notify', jobId })));
  return jobIds.length;
}
