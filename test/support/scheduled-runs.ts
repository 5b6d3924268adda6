import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { consumeJobs, type JobPorts } from '../../src/jobs/consume-jobs.ts';
import { dueThrough, type ScheduledMessage, sweepScheduled } from '../../src/jobs/scheduled-work.ts';
import { jobPorts } from './job-ports.ts';
import { newId } from './test-lane.ts';

/** Scheduled work at an instant that the test sets: the cron's tick and the consumer, over real D1 and objects. */

/** One tick of the cron: the messages that it sends. */
export async function tick(now: string, timeZone = 'UTC', runHour = 1): Promise<ScheduledMessage[]> {
  const sent: ScheduledMessage[] = [];
  await sweepScheduled({
    db: env.DB,
    now,
    through: dueThrough(now, timeZone, runHour),
    send: async (messages) => sent.push(...messages),
  });
  return sent;
}

/** One delivery: how many messages were acknowledged, and what was sent for the rest. */
export async function deliver(
  messages: readonly ScheduledMessage[],
  overrides: Partial<JobPorts> = {},
  attempts = 1,
): Promise<{ acknowledged: number; retried: number; sent: ScheduledMessage[] }> {
  const sent: ScheduledMessage[] = [];
  const batch = createMessageBatch(
    'spillway-jobs',
    messages.map((body) => ({ id: newId(), timestamp: new Date(), attempts, body })) as never,
  );
  const send = async (message: unknown) => sent.push(message as ScheduledMessage);
  await consumeJobs(batch, jobPorts({ send, ...overrides }));
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  return { acknowledged: explicitAcks.length, retried: retryMessages.length, sent };
}

/** A tick and all that follows from it. Returns how many messages it took. */
export async function runScheduledWork(now: string, timeZone = 'UTC', runHour = 1): Promise<number> {
  let messages = await tick(now, timeZone, runHour);
  let total = 0;
  while (messages.length > 0) {
    total += messages.length;
    messages = (await deliver(messages, { now: () => now })).sent;
  }
  return total;
}
