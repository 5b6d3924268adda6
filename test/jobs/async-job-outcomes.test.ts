import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { registered } from '../../src/account/registry.ts';
import type { CommandHandler } from '../../src/domain/account/command.ts';
import { PlanBuilder } from '../../src/domain/account/plan.ts';
import { jobAcceptor } from '../../src/domain/async-jobs/accept-job.ts';
import { type AsyncJob, asyncJobLimits } from '../../src/domain/async-jobs/async-job.ts';
import {
  type AsynchronousCommand,
  asynchronous,
  asynchronousCommands as knownCommands,
} from '../../src/domain/async-jobs/asynchronous-commands.ts';
import { failJob, jobRunner } from '../../src/domain/async-jobs/run-job.ts';
import { type RefusalCategory, refuse } from '../../src/domain/result.ts';
import { REVERSAL_PIECE_COMMAND } from '../../src/domain/settlement/reverse-invoice.ts';
import { limits } from '../../src/env.ts';
import { consumeJobs } from '../../src/jobs/consume-jobs.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runAsyncJob } from '../../src/jobs/run-async-job.ts';
import { readAsyncJob } from '../../src/persistence/async-jobs.ts';
import { jobPorts } from '../support/job-ports.ts';
import { testAccount } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { newAccount, newId, testCommands, testLane } from '../support/test-lane.ts';
import { insert } from '../support/worker-api.ts';

// What can become of an accepted job, with commands that are made for each outcome: its effect and its outcome are one transaction.

interface Bump {
  readonly accountId: string;
  readonly by: number;
  readonly replyLength?: number;
  readonly refusal?: RefusalCategory;
}

const bump: CommandHandler<Bump, { day: number; text: string }> = {
  needs: ({ accountId }) => [{ kind: 'account', key: accountId }],
  decide(state, { accountId, by, replyLength = 0, refusal }) {
    if (refusal !== undefined) return refuse(refusal, 'not like this', 'by');
    const account = state.find('account', accountId)!;
    const day = account.billCycleDay + by;
    return new PlanBuilder()
      .update('account', { ...account, billCycleDay: day })
      .build({ day, text: '"'.repeat(replyLength) });
  },
};

const defect: CommandHandler<Bump, object> = {
  needs: () => [],
  decide: () => {
    throw new TypeError('a defect');
  },
};

/** Changes the account, and inserts a row that the table's constraints refuse. */
const poison: CommandHandler<Bump, object> = {
  needs: ({ accountId }) => [{ kind: 'account', key: accountId }],
  decide: (state, { accountId }, { now }) =>
    new PlanBuilder()
      .update('account', { ...state.find('account', accountId)!, billCycleDay: 31 })
      .insert('account', {
        ...newAccount({ id: 'p', accountNumber: 'P', partnerAccount: false }, now),
        name: null as never,
      })
      .build({}),
};

const asynchronousCommands: ReadonlyMap<string, AsynchronousCommand> = new Map([
  ['bump', asynchronous('AsyncCreateOrder', bump)],
  ['bump alone', asynchronous('AsyncDeleteOrder', { ...bump, alone: true })],
  ['look', asynchronous('AsyncPreviewOrder', { ...bump, readsOnly: true })],
  ['defect', asynchronous('AsyncCreateOrder', defect)],
  ['poison', asynchronous('AsyncCreateOrder', poison)],
  ['bump on', { ...asynchronous('AsyncReverseInvoice', bump), isNeverGivenUp: true }],
  ['poison on', { ...asynchronous('AsyncReverseInvoice', poison), isNeverGivenUp: true }],
]);
const runJob = jobRunner(asynchronousCommands);
const commands = new Map([
  ...testCommands,
  ['job.accept', registered(jobAcceptor(asynchronousCommands), (reply) => reply)],
  ['job.run', registered(runJob, (reply) => reply)],
  ['job.runAlone', registered({ ...runJob, alone: true }, (reply) => reply)],
  ['job.fail', registered(failJob, (reply) => reply)],
]);

/** A job in a lane of its own, accepted now. */
async function world(commandKind: string, fields: Partial<Bump> = {}) {
  const accountId = (await insert('account', testAccount({ billCycleDay: 1 }))).id;
  const lane = testLane({ laneId: accountId, commands });
  const payload = { accountId, by: 1, ...fields };
  const job = { commandKind, payload, laneId: accountId, resourceCode: '587302', requestId: 'r' };
  const outcome = await lane.send('job.accept', job);
  const { jobId } = JSON.parse(outcome.body) as { jobId: string };
  const ports = jobPorts({ asynchronousCommands, execute: (_, command) => lane.lane.submit(command, false) });
  return { accountId, lane, jobId, ports, outcome };
}

const jobOf = (jobId: string) => readAsyncJob(env.DB, jobId) as Promise<AsyncJob>;

async function dayOf(accountId: string): Promise<number> {
  const row = await env.DB.prepare('SELECT bill_cycle_day AS day FROM account WHERE id = ?1')
    .bind(accountId)
    .first();
  return row!.day as number;
}

provenAfterEach();

test('completed: the effect, and the reply as the result', async () => {
  const { jobId, accountId, ports } = await world('bump');
  expect(await runAsyncJob(jobId, ports)).toBe('done');
  expect(await jobOf(jobId)).toMatchObject({
    status: 'Completed',
    payload: null,
    result: { day: 2 },
    refusal: null,
    finishedAt: expect.any(String),
  });
  expect(await dayOf(accountId)).toBe(2);
});

test('completed without an effect: of a command that only reads the result is kept, and nothing else', async () => {
  const { jobId, accountId, ports } = await world('look');
  expect(await runAsyncJob(jobId, ports)).toBe('done');
  expect(await jobOf(jobId)).toMatchObject({ status: 'Completed', result: { day: 2 } });
  expect(await dayOf(accountId)).toBe(1);
});

test('failed: the refusal, and nothing done', async () => {
  const { jobId, accountId, ports } = await world('bump', { refusal: 'rule' });
  expect(await runAsyncJob(jobId, ports)).toBe('done');
  expect(await jobOf(jobId)).toMatchObject({
    status: 'Failed',
    payload: null,
    result: null,
    refusal: { category: 'rule', message: 'not like this', field: 'by' },
  });
  expect(await dayOf(accountId)).toBe(1);
});

test('failed: a result that is too large to keep, and nothing done', async () => {
  // A quotation mark takes four bytes on its way into a row.
  const fits = Math.floor(asyncJobLimits.resultBytesMax / 4) - 20;
  const kept = await world('bump', { replyLength: fits });
  expect(await runAsyncJob(kept.jobId, kept.ports)).toBe('done');
  expect(await jobOf(kept.jobId)).toMatchObject({ status: 'Completed' });
  const refused = await world('bump', { replyLength: fits + 20 });
  expect(await runAsyncJob(refused.jobId, refused.ports)).toBe('done');
  const message = `The result takes more than ${asyncJobLimits.resultBytesMax} bytes; nothing was done, split the request.`;
  expect(await jobOf(refused.jobId)).toMatchObject({
    status: 'Failed',
    refusal: { category: 'rule', message },
  });
  expect(await dayOf(refused.accountId)).toBe(1);
});

test('failed: what the database refuses for good, and nothing done', async () => {
  const { jobId, accountId, ports } = await world('poison');
  expect(await runAsyncJob(jobId, ports)).toBe('done');
  expect(await jobOf(jobId)).toMatchObject({
    status: 'Failed',
    refusal: { category: 'rule', message: expect.stringContaining('The database refused') },
  });
  expect(await dayOf(accountId)).toBe(1);
});

describe('what can’t be done now', () => {
  test.each([
    ['a refusal that passes', 'bump', { refusal: 'unavailable' as const }],
    ['a defect', 'defect', {}],
  ])('%s: tried again until the job is too old, and then failed', async (_, kind, fields) => {
    const { jobId, ports } = await world(kind, fields);
    expect(await runAsyncJob(jobId, ports)).toBe('later');
    const { status, createdAt } = await jobOf(jobId);
    expect(status).toBe('Processing');
    const at = (ms: number) => ({ ...ports, now: () => new Date(Date.parse(createdAt) + ms).toISOString() });
    expect(await runAsyncJob(jobId, at(limits.asyncJobGiveUpAfterMs))).toBe('later');
    expect(await runAsyncJob(jobId, at(limits.asyncJobGiveUpAfterMs + 1))).toBe('done');
    expect(await jobOf(jobId)).toMatchObject({ status: 'Failed', refusal: { category: 'unavailable' } });
  });

  test.each([
    ['a refusal that passes', 'bump on', { refusal: 'unavailable' as const }],
    ['a constraint of the database', 'poison on', {}],
  ])('%s: of a job that goes on with what is begun it is tried until it is done', async (_, kind, fields) => {
    const { jobId, accountId, ports } = await world(kind, fields);
    const { createdAt } = await jobOf(jobId);
    const late = new Date(Date.parse(createdAt) + 100 * limits.asyncJobGiveUpAfterMs).toISOString();
    expect(await runAsyncJob(jobId, { ...ports, now: () => late })).toBe('later');
    expect(await jobOf(jobId)).toMatchObject({ status: 'Processing', refusal: null });
    await env.DB.prepare(
      "UPDATE async_job SET command_kind = 'bump on', payload = ?2, revision = revision + 1 WHERE id = ?1",
    )
      .bind(jobId, JSON.stringify({ accountId, by: 1 }))
      .run();
    expect(await runAsyncJob(jobId, { ...ports, now: () => late })).toBe('done');
    expect(await jobOf(jobId)).toMatchObject({ status: 'Completed' });
    expect(await dayOf(accountId)).toBe(2);
  });

  test('of the kinds that there are only the reversal of a large invoice is never given up', () => {
    const never = [...knownCommands].filter(([, { isNeverGivenUp }]) => isNeverGivenUp === true);
    expect(never.map(([kind]) => kind)).toEqual([REVERSAL_PIECE_COMMAND]);
  });

  test('is delivered asyncJobDeliveriesMax times, and then left to the sweep, not to the dead letters', async () => {
    const { jobId, ports } = await world('bump', { refusal: 'unavailable' });
    const attempts = Array.from({ length: limits.asyncJobDeliveriesMax }, (_, i) => i + 1);
    const batch = createMessageBatch(
      'spillway-jobs',
      attempts.map((attempt) => ({
        id: String(attempt),
        timestamp: new Date(),
        attempts: attempt,
        body: { version: 1, job: 'run', jobId },
      })),
    );
    await consumeJobs(batch, ports);
    const result = await getQueueResult(batch, createExecutionContext());
    expect(result.explicitAcks).toEqual([String(limits.asyncJobDeliveriesMax)]);
    expect(result.retryMessages.map(({ msgId }: { msgId: string }) => msgId)).toEqual(['1', '2']);
  });

  test('a job that was given up is not carried out by a late run', async () => {
    const { jobId, accountId, lane, ports } = await world('bump');
    await lane.send('job.fail', { jobId, refusal: refuse('unavailable', 'given up') });
    await lane.send('job.run', { jobId, needs: [], numbers: [] });
    expect(await runAsyncJob(jobId, ports)).toBe('done');
    expect(await jobOf(jobId)).toMatchObject({ status: 'Failed' });
    expect(await dayOf(accountId)).toBe(1);
  });

  test('a job that was carried out is not given up by a late refusal', async () => {
    const { jobId, accountId, lane, ports } = await world('bump');
    await runAsyncJob(jobId, ports);
    await lane.send('job.fail', { jobId, refusal: refuse('unavailable', 'given up') });
    expect(await jobOf(jobId)).toMatchObject({ status: 'Completed' });
    expect(await dayOf(accountId)).toBe(2);
  });
});

test('jobs of one lane share a commit, and each has its own outcome', async () => {
  const { accountId, lane, jobId } = await world('bump');
  const accept = (fields: object) =>
    lane.send('job.accept', {
      commandKind: 'bump',
      payload: { accountId, by: 1, ...fields },
      laneId: accountId,
      resourceCode: '587302',
      requestId: 'r',
    });
  const others = await Promise.all([accept({ refusal: 'rule' }), accept({ by: 5 })]);
  const jobIds = [jobId, ...others.map(({ body }) => (JSON.parse(body) as { jobId: string }).jobId)];
  await Promise.all(jobIds.map((id) => lane.send('job.run', { jobId: id, needs: [], numbers: [] })));
  const statuses = await Promise.all(jobIds.map(async (id) => (await jobOf(id)).status));
  expect(statuses).toEqual(['Completed', 'Failed', 'Completed']);
  expect(await dayOf(accountId)).toBe(7);
  const last = await env.DB.prepare(
    'SELECT commands FROM lane_commit WHERE lane_id = ?1 ORDER BY sequence DESC',
  )
    .bind(accountId)
    .first();
  expect(last).toEqual({ commands: 3 });
});

test('a command that shares no commit shares none as a job', async () => {
  const { jobId, accountId, lane, ports } = await world('bump alone');
  const runs = [
    lane.send('bump', { accountId, by: 5 }),
    runAsyncJob(jobId, ports),
    lane.send('bump', { accountId, by: 5 }),
  ];
  await Promise.all(runs);
  expect(await jobOf(jobId)).toMatchObject({ status: 'Completed' });
  expect(await dayOf(accountId)).toBe(12);
  const { results } = await env.DB.prepare(
    "SELECT c.commands FROM lane_commit AS c JOIN command_log AS l USING (commit_id) WHERE l.kind = 'job.runAlone' AND c.lane_id = ?1",
  )
    .bind(accountId)
    .all();
  expect(results).toEqual([{ commands: 1 }]);
});

test('a kind that can’t be done asynchronously is not accepted; one that this version does not know stays', async () => {
  const { outcome } = await world('open');
  expect([outcome.status, outcome.body]).toEqual([400, expect.stringContaining('open')]);
  const { jobId, ports } = await world('bump');
  await env.DB.prepare("UPDATE async_job SET command_kind = 'order.of.tomorrow' WHERE id = ?1")
    .bind(jobId)
    .run();
  expect(await runAsyncJob(jobId, ports)).toBe('later');
  expect(await jobOf(jobId)).toMatchObject({ status: 'Processing' });
});

test('finished jobs are deleted after asyncJobDays, those that wait never', async () => {
  const now = '2027-03-01T00:00:00.000Z';
  const old = new Date(Date.parse(now) - limits.asyncJobDays * 86_400_000 - 1).toISOString();
  const young = new Date(Date.parse(now) - limits.asyncJobDays * 86_400_000).toISOString();
  const job = async (status: AsyncJob['status'], finishedAt: string | null) => {
    const id = newId();
    await insert('asyncJob', {
      id,
      revision: 1,
      jobType: 'AsyncCreateOrder',
      commandKind: 'bump',
      payload: null,
      laneId: 'none',
      referenceId: null,
      status,
      result: null,
      refusal: null,
      resourceCode: '587302',
      requestId: 'r',
      createdAt: old,
      createdBy: 'test',
      finishedAt,
    });
    return id;
  };
  const ids = [
    await job('Completed', old),
    await job('Failed', old),
    await job('Completed', young),
    await job('Processing', null),
  ];
  await expire(env.DB, now);
  const left = await Promise.all(ids.map(async (id) => (await readAsyncJob(env.DB, id))?.status ?? null));
  expect(left).toEqual([null, null, 'Completed', 'Processing']);
});
