import { z } from 'zod';
import { limits } from '../env.ts';
import { DUE_SOURCES } from '../persistence/scheduled-work.ts';
import { type AskGatewayPorts, askGateway } from './ask-gateway.ts';
import type { BillRunAccountsMessage, BillRunMessage } from './bill-runs/ports.ts';
import { runBillRunAccounts } from './bill-runs/run-account.ts';
import { runBillRun } from './bill-runs/run-bill-run.ts';
import { type PreviewRunMessage, runPreviewRun } from './bill-runs/run-preview-run.ts';
import { bury, type ConsumerPorts, UNREADABLE } from './consume.ts';
import { expire, expireFiles, expireQueries } from './expire.ts';
import { type JobEndPorts, notifyJobEnd } from './notify-job-end.ts';
import { type RunJobPorts, runAsyncJob } from './run-async-job.ts';
import { type QueryPorts, runQueryJob } from './run-query-job.ts';
import { runUsageImport } from './run-usage-import.ts';
import { runScheduled, type ScheduledMessage } from './scheduled-work.ts';

const messageSchema = z.discriminatedUnion('job', [
  z.object({ version: z.literal(1), job: z.literal('expire') }),
  z.object({ version: z.literal(1), job: z.literal('run'), jobId: z.string().length(32) }),
  z.object({ version: z.literal(1), job: z.literal('notify'), jobId: z.string().length(32) }),
  z.object({ version: z.literal(1), job: z.literal('usageImport'), importId: z.string().length(32) }),
  z.object({
    version: z.literal(1),
    job: z.literal('gateway'),
    kind: z.enum(['payment', 'refund']),
    id: z.string().length(32),
  }),
  z.object({
    version: z.literal(1),
    job: z.literal('scheduled'),
    accountId: z.string().length(32),
    through: z.string().length(10),
    after: z
      .object({ day: z.string().length(10), source: z.enum(DUE_SOURCES), id: z.string().max(32) })
      .optional(),
    leftBehind: z.boolean().optional(),
  }),
  z.object({ version: z.literal(1), job: z.literal('query'), jobId: z.string().length(32) }),
  z.object({ version: z.literal(1), job: z.literal('billingPreviewRun'), runId: z.string().length(32) }),
  z.object({ version: z.literal(1), job: z.literal('billRun'), billRunId: z.string().length(32) }),
  z.object({
    version: z.literal(1),
    job: z.literal('billRunAccounts'),
    billRunId: z.string().length(32),
    accountIds: z.array(z.string().length(32)).min(1).max(limits.billRunMessageAccountsMax).readonly(),
  }),
]);
export type JobMessage = z.infer<typeof messageSchema>;

export interface JobPorts extends ConsumerPorts, RunJobPorts, AskGatewayPorts, JobEndPorts {
  /** Sends a job that was not finished in one piece again. */
  readonly send: (message: JobMessage) => Promise<unknown>;
  /** Sends any number of jobs. */
  readonly sendAll: (messages: readonly JobMessage[]) => Promise<unknown>;
  /** Holds the content of files. */
  readonly bucket: R2Bucket;
  readonly queries: QueryPorts;
}

/**
 * Jobs queue: one message, one piece of a job; acknowledged or retried on its own. All at once, so that jobs of one lane
 * share its commits.
 */
export async function consumeJobs(batch: MessageBatch, ports: JobPorts): Promise<void> {
  await Promise.all(batch.messages.map((message) => consumeOne(batch.queue, message, ports)));
}

async function consumeOne(queue: string, message: Message, ports: JobPorts): Promise<void> {
  const parsed = messageSchema.safeParse(message.body);
  if (!parsed.success) return bury(queue, message, UNREADABLE, ports);
  try {
    if (parsed.data.job === 'run') return await consumeRun(message, parsed.data.jobId, ports);
    if (parsed.data.job === 'notify') {
      const delaySeconds = await notifyJobEnd(parsed.data.jobId, ports);
      if (delaySeconds === null) return message.ack();
      return message.retry({ delaySeconds });
    }
    if (parsed.data.job === 'gateway') {
      return acknowledge(message, (await askGateway(parsed.data.kind, parsed.data.id, ports)) !== null);
    }
    if (parsed.data.job === 'usageImport') return await consumeUsageImport(message, parsed.data, ports);
    if (parsed.data.job === 'query') return await consumeQuery(message, parsed.data.jobId, ports);
    if (parsed.data.job === 'scheduled') return await consumeScheduled(message, parsed.data, ports);
    if (parsed.data.job !== 'expire') return await consumeBillRun(message, parsed.data, ports);
    const left = [
      await expire(ports.db, ports.now()),
      await expireFiles(ports, ports.now()),
      await expireQueries(ports.db, ports.now()),
    ];
    if (left.includes('more')) await ports.send(parsed.data);
    message.ack();
  } catch (error) {
    ports.log('job.failed', { id: message.id, message: String(error) });
    message.retry();
  }
}

/** A job that can't be done now comes again soon; in the end it is the sweep that remembers it, not a dead letter. */
async function consumeRun(message: Message, jobId: string, ports: JobPorts): Promise<void> {
  acknowledge(message, (await runAsyncJob(jobId, ports)) === 'done');
}

/** How far a query job is stands with its object, so what can't be done now is left to the sweep in the end, and not to a dead letter. */
async function consumeQuery(message: Message, jobId: string, ports: JobPorts): Promise<void> {
  try {
    await runQueryJob(jobId, ports);
    message.ack();
  } catch (error) {
    ports.log('query.failed', { job: jobId, message: String(error) });
    acknowledge(message, false);
  }
}

function acknowledge(message: Message, isDone: boolean): void {
  if (isDone || message.attempts >= limits.asyncJobDeliveriesMax) message.ack();
  else message.retry({ delaySeconds: limits.asyncJobRetryDelayS });
}

/** What is due stays due in the documents, so what can't be done now is left to the sweep, and not to a dead letter. */
async function consumeScheduled(message: Message, work: ScheduledMessage, ports: JobPorts): Promise<void> {
  try {
    const rest = await runScheduled(work, ports);
    if (rest !== null) await ports.send(rest);
    message.ack();
  } catch (error) {
    if (message.attempts < limits.asyncJobDeliveriesMax) throw error;
    ports.log('scheduled.left_to_sweep', { account: work.accountId, message: String(error) });
    message.ack();
  }
}

type AboutRun = BillRunMessage | BillRunAccountsMessage | PreviewRunMessage;

/** How far a run is stands in its rows, so what can't be done now is left to the sweep in the end, and not to a dead letter. */
async function consumeBillRun(message: Message, work: AboutRun, ports: JobPorts): Promise<void> {
  try {
    if (work.job === 'billRun') await runBillRun(work, ports);
    else if (work.job === 'billRunAccounts') await runBillRunAccounts(work, ports);
    else await runPreviewRun(work, ports);
    message.ack();
  } catch (error) {
    if (message.attempts < limits.asyncJobDeliveriesMax) throw error;
    ports.log('billRun.left_to_sweep', { ...work, message: String(error) });
    message.ack();
  }
}

/** How far an import is stands with it, so what can't be done now is left to the sweep, and not to a dead letter. */
async function consumeUsageImport(
  message: Message,
  work: Extract<JobMessage, { job: 'usageImport' }>,
  ports: JobPorts,
): Promise<void> {
  try {
    if ((await runUsageImport(work.importId, ports)) === 'more') await ports.send(work);
    message.ack();
  } catch (error) {
    if (message.attempts < limits.asyncJobDeliveriesMax) throw error;
    ports.log('usage.left_to_sweep', { import: work.importId, message: String(error) });
    message.ack();
  }
}
