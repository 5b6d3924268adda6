import { type Env, limits } from '../env.ts';
import type { GatewayMessage } from '../gateways/registry.ts';
import { findWaitingJobs } from '../persistence/async-jobs.ts';
import { databaseOf } from '../persistence/database.ts';
import { findWaitingForGateway, type GatewayDocumentKind } from '../persistence/gateway-work.ts';
import { log } from '../persistence/log.ts';
import { findDue, recordTick } from '../persistence/metrics-store.ts';
import { dueAnnouncer, type RunJobMessage } from '../persistence/outbox.ts';
import { readSettings } from '../persistence/tenant-settings.ts';
import { findWaitingImports } from '../persistence/usage-imports.ts';
import { sweepBillRuns } from './bill-runs/run-bill-run.ts';
import { sweepPreviewRuns } from './bill-runs/run-preview-run.ts';
import type { JobMessage } from './consume-jobs.ts';
import { sweepJobNotices } from './notify-job-end.ts';
import { sweepQueryJobs } from './run-query-job.ts';
import { dueThrough, sweepScheduled } from './scheduled-work.ts';
import { sendAll } from './send-all.ts';

export interface SweepPorts {
  readonly db: D1Database;
  readonly announceDue: (accountIds: readonly string[]) => void;
  readonly now: () => string;
  /** How long a message waits by the tenant's wish: until then it is not late, milliseconds. */
  readonly foldDelayMs: number;
}

/**
 * Every minute: asks again for the fold of accounts that have been due for too long (a message was lost, or never
 * sent), and records the tick up to which all others are complete.
 */
export async function sweepMetrics({ db, announceDue, now, foldDelayMs }: SweepPorts): Promise<number> {
  const tick = now();
  const since = new Date(Date.parse(tick) - foldDelayMs - limits.dueResendAfterMs).toISOString();
  const due = await findDue(db, since, limits.sweepAccountsMax);
  announceDue(due);
  await recordTick(db, tick);
  return due.length;
}

/** Messages that one call takes to a queue. */
const SEND_MESSAGES_MAX = 100;

/** Every minute: asks again for accepted jobs that have not been carried out for too long. */
export async function sweepJobs(
  db: D1Database,
  now: string,
  send: (messages: readonly RunJobMessage[]) => Promise<unknown>,
): Promise<number> {
  const before = new Date(Date.parse(now) - limits.asyncJobResendAfterMs).toISOString();
  const jobIds = await findWaitingJobs(db, before, limits.sweepJobsMax);
  for (let from = 0; from < jobIds.length; from += SEND_MESSAGES_MAX) {
    const part = jobIds.slice(from, from + SEND_MESSAGES_MAX);
    await send(part.map((jobId) => ({ version: 1, job: 'run', jobId })));
  }
  return jobIds.length;
}

/** Every minute: asks again for payments and refunds that have been waiting for their gateways for too long. */
export async function sweepGateways(
  db: D1Database,
  now: string,
  send: (messages: readonly GatewayMessage[]) => Promise<unknown>,
  random: () => number = Math.random,
): Promise<number> {
  const before = new Date(Date.parse(now) - limits.gatewayAskAgainAfterMs).toISOString();
  let asked = 0;
  for (const kind of ['payment', 'refund'] as const) {
    const ids = await waitingForGateways(db, kind, before, random);
    for (let from = 0; from < ids.length; from += SEND_MESSAGES_MAX) {
      const part = ids.slice(from, from + SEND_MESSAGES_MAX);
      await send(part.map((id) => ({ version: 1, job: 'gateway', kind, id })));
    }
    asked += ids.length;
  }
  return asked;
}

/**
 * The longest waiting; and when these are not all, as many from an instant at random on: those of a gateway that never answers must not hide the
 * others for ever.
 */
async function waitingForGateways(
  db: D1Database,
  kind: GatewayDocumentKind,
  before: string,
  random: () => number,
): Promise<string[]> {
  const longest = await findWaitingForGateway(db, kind, { from: '', before }, limits.sweepGatewayMax);
  if (longest.length < limits.sweepGatewayMax) return longest.map(({ id }) => id);
  const since = Date.parse(longest.at(-1)!.since);
  const from = new Date(since + random() * (Date.parse(before) - since)).toISOString();
  const others = await findWaitingForGateway(db, kind, { from, before }, limits.sweepGatewayMax);
  return [...new Set([...longest, ...others].map(({ id }) => id))];
}

/** Every minute: asks again for imports of usage that have been at rest for too long. */
export async function sweepUsageImports(
  db: D1Database,
  now: string,
  send: (messages: readonly JobMessage[]) => Promise<unknown>,
): Promise<number> {
  const before = new Date(Date.parse(now) - limits.usageImportResendAfterMs).toISOString();
  const importIds = await findWaitingImports(db, before, limits.sweepUsageImportsMax);
  for (let from = 0; from < importIds.length; from += SEND_MESSAGES_MAX) {
    const part = importIds.slice(from, from + SEND_MESSAGES_MAX);
    await send(part.map((importId) => ({ version: 1, job: 'usageImport', importId })));
  }
  return importIds.length;
}

export async function sweep(env: Env): Promise<void> {
  const announceDue = dueAnnouncer({
    send: (message, delaySeconds) => env.METRICS_QUEUE.send(message, { delaySeconds }),
    delaySeconds: () => 0,
    log,
  });
  const db = databaseOf(env);
  const settings = await readSettings(db);
  const resent = await sweepMetrics({
    db,
    announceDue,
    foldDelayMs: Number(settings['metrics.foldDelaySeconds']) * 1_000,
    now: () => new Date().toISOString(),
  });
  if (resent > 0) log('sweep.resent', { accounts: resent });
  const jobs = await sweepJobs(db, new Date().toISOString(), (messages) =>
    env.JOBS_QUEUE.sendBatch(messages.map((body) => ({ body }))),
  );
  if (jobs > 0) log('sweep.resent', { jobs });
  const waiting = await sweepGateways(db, new Date().toISOString(), (messages) =>
    env.JOBS_QUEUE.sendBatch(messages.map((body) => ({ body }))),
  );
  if (waiting > 0) log('sweep.resent', { gateways: waiting });
  const imports = await sweepUsageImports(db, new Date().toISOString(), (messages) =>
    env.JOBS_QUEUE.sendBatch(messages.map((body) => ({ body }))),
  );
  if (imports > 0) log('sweep.resent', { imports });
  const expire: JobMessage = { version: 1, job: 'expire' };
  await env.JOBS_QUEUE.send(expire);
  const now = new Date().toISOString();
  const accounts = await sweepScheduled({
    db,
    now,
    through: dueThrough(now, settings.timeZone, Number(settings['scheduled.runHour'])),
    send: (messages) => env.JOBS_QUEUE.sendBatch(messages.map((body) => ({ body }))),
  });
  if (accounts > 0) log('scheduled.sent', { accounts });
  const billRuns = await sweepBillRuns(db, (messages) => sendAll(env.JOBS_QUEUE, messages));
  const previewRuns = await sweepPreviewRuns(db, now, (messages) => sendAll(env.JOBS_QUEUE, messages));
  if (billRuns + previewRuns > 0) log('sweep.resent', { billRuns, previewRuns });
  const queries = await sweepQueryJobs(db, now, (messages) => sendAll(env.JOBS_QUEUE, messages));
  const notices = await sweepJobNotices(db, now, (messages) => sendAll(env.JOBS_QUEUE, messages));
  if (queries + notices > 0) log('sweep.resent', { queries, notices });
}
