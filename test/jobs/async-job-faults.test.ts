import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { execute } from '../../src/account/client.ts';
import { commands } from '../../src/account/commands.ts';
import type { AsyncJob } from '../../src/domain/async-jobs/async-job.ts';
import { limits } from '../../src/env.ts';
import { consumeJobs, type JobPorts } from '../../src/jobs/consume-jobs.ts';
import { runAsyncJob } from '../../src/jobs/run-async-job.ts';
import { sweepJobs } from '../../src/jobs/sweep.ts';
import { readAsyncJob } from '../../src/persistence/async-jobs.ts';
import worker from '../../src/worker.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { jobPorts } from '../support/job-ports.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { creating, orderRequest, ratePlanSpec } from '../support/order-requests.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { commandFor, newId, testLane } from '../support/test-lane.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

// An accepted order is placed exactly once, whatever happens between any two steps: to the message, to its consumer, to the object, to the commit.

let flat: TestOffer;
provenAfterEach();

beforeAll(async () => {
  flat = await insertOffer(testOffer([{ price: '25' }]));
});

interface Accepted {
  readonly accountId: string;
  readonly jobId: string;
}

const jobOf = (jobId: string) => readAsyncJob(env.DB, jobId) as Promise<AsyncJob>;

/** An order that is accepted, with nobody told about it. */
async function accepted(): Promise<Accepted> {
  const account = await insert('account', testAccount());
  const payload = orderRequest(account.accountNumber, [creating([ratePlanSpec(flat.offer.id)])]);
  const job = {
    commandKind: 'order.create',
    payload,
    laneId: account.id,
    resourceCode: '587302',
    requestId: 'r',
  };
  const outcome = await execute(env, account.id, commandFor('job.accept', job));
  return { accountId: account.id, jobId: (JSON.parse(outcome.body) as Accepted).jobId };
}

async function ordersOf(accountId: string): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS n FROM orders WHERE account_id = ?1')
    .bind(accountId)
    .first();
  return row!.n as number;
}

/** Completed, with the one order that its result names, whose revenue is counted once. */
async function expectPlacedOnce({ accountId, jobId }: Accepted): Promise<void> {
  const job = await jobOf(jobId);
  expect(job).toMatchObject({ status: 'Completed', payload: null, refusal: null });
  const { results } = await env.DB.prepare('SELECT id, created_by AS actor FROM orders WHERE account_id = ?1')
    .bind(accountId)
    .all();
  expect(results).toEqual([{ id: (job.result as { orderId: string }).orderId, actor: 'test' }]);
  const mrr = await env.DB.prepare(
    'SELECT sum(contracted_mrr_whole) AS mrr FROM metric_delta WHERE account_id = ?1',
  )
    .bind(accountId)
    .first();
  expect(mrr).toEqual({ mrr: 25 });
}

/** One delivery of messages about jobs: how many are done with, and how many are to come again. */
async function deliver(jobIds: readonly string[], overrides: Partial<JobPorts> = {}, attempts = 1) {
  const messages = jobIds.map((jobId) => ({
    id: newId(),
    timestamp: new Date(),
    attempts,
    body: { version: 1, job: 'run', jobId },
  }));
  const batch = createMessageBatch('spillway-jobs', messages);
  await consumeJobs(batch, jobPorts(overrides));
  const result = await getQueueResult(batch, createExecutionContext());
  return { done: result.explicitAcks.length, again: result.retryMessages.length };
}

const objectOf = (laneId: string) => env.ACCOUNTS.get(env.ACCOUNTS.idFromName(laneId));

describe('the message', () => {
  test('was never sent, or lost: the sweep asks again, not before its time', async () => {
    const order = await accepted();
    const { createdAt } = await jobOf(order.jobId);
    const sweepAfter = async (ms: number) => {
      const sent: string[] = [];
      const now = new Date(Date.parse(createdAt) + ms).toISOString();
      await sweepJobs(env.DB, now, async (messages) => sent.push(...messages.map(({ jobId }) => jobId)));
      return sent;
    };
    expect(await sweepAfter(limits.asyncJobResendAfterMs)).not.toContain(order.jobId);
    const found = await sweepAfter(limits.asyncJobResendAfterMs + 1);
    expect(found).toContain(order.jobId);
    expect(await ordersOf(order.accountId)).toBe(0);
    await deliver(found);
    await expectPlacedOnce(order);
    expect(await sweepAfter(limits.asyncJobResendAfterMs + 1)).not.toContain(order.jobId);
  });

  test('was lost: the cron, the real queue and the real consumer see to it', async () => {
    const order = await accepted();
    const long = new Date(Date.now() - limits.asyncJobResendAfterMs - 1).toISOString();
    await env.DB.prepare('UPDATE async_job SET created_at = ?2 WHERE id = ?1').bind(order.jobId, long).run();
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const event = { cron: '* * * * *', scheduledTime: Date.now(), noRetry: () => undefined };
    await worker.scheduled(event as never, env);
    lines.mockRestore();
    await expect
      .poll(async () => (await jobOf(order.jobId)).status, { timeout: 20_000, interval: 50 })
      .toBe('Completed');
    await expectPlacedOnce(order);
  });

  test('cannot be sent: the caller has the job all the same', async () => {
    const failing = { send: () => Promise.reject(new Error('the queue is away')) };
    const api: InProcessApi = await inProcessApi('standard', { JOBS_QUEUE: failing as never });
    const account = await insert('account', testAccount());
    const terms = { initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' } };
    const createSubscription = { terms, subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }] };
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { status, body } = await api.post('/v1/async/orders', {
      orderDate: '2026-01-01',
      existingAccountId: account.id,
      subscriptions: [{ orderActions: [{ type: 'CreateSubscription', createSubscription }] }],
    });
    expect(status).toBe(200);
    expect(lines.mock.calls).toEqual([[expect.stringContaining('jobs.announce_failed')]]);
    lines.mockRestore();
    expect(await deliver([body.jobId])).toEqual({ done: 1, again: 0 });
    expect(await jobOf(body.jobId)).toMatchObject({ status: 'Completed' });
    expect(await ordersOf(account.id)).toBe(1);
  });

  test('comes twice in one delivery, again later, and among others', async () => {
    const [a, b] = [await accepted(), await accepted()];
    expect(await deliver([a.jobId, b.jobId, a.jobId, b.jobId])).toEqual({ done: 4, again: 0 });
    expect(await deliver([b.jobId, a.jobId])).toEqual({ done: 2, again: 0 });
    await expectPlacedOnce(a);
    await expectPlacedOnce(b);
  });

  test('names a job that is not there (the database was restored): done with', async () => {
    expect(await deliver([newId()])).toEqual({ done: 1, again: 0 });
  });
});

describe('the consumer', () => {
  test('dies before it sends the job to its lane', async () => {
    const order = await accepted();
    const dying = { execute: () => Promise.reject(new Error('the isolate is gone')) };
    expect(await deliver([order.jobId], dying)).toEqual({ done: 0, again: 1 });
    expect(await ordersOf(order.accountId)).toBe(0);
    expect(await deliver([order.jobId])).toEqual({ done: 1, again: 0 });
    await expectPlacedOnce(order);
  });

  test('dies after the commit, before it acknowledges', async () => {
    const order = await accepted();
    const dying: Partial<JobPorts> = {
      execute: async (laneId, command) => {
        await execute(env, laneId, command);
        throw new Error('the isolate is gone');
      },
    };
    expect(await deliver([order.jobId], dying)).toEqual({ done: 0, again: 1 });
    await expectPlacedOnce(order);
    expect(await deliver([order.jobId])).toEqual({ done: 1, again: 0 });
    await expectPlacedOnce(order);
  });

  test('is not alone: any number at once', async () => {
    const order = await accepted();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => deliver([order.jobId])));
    expect(outcomes).toEqual(outcomes.map(() => ({ done: 1, again: 0 })));
    await expectPlacedOnce(order);
  });
});

describe('the object', () => {
  test('is evicted between acceptance, run and the next run', async () => {
    const order = await accepted();
    await evictDurableObject(objectOf(order.accountId));
    await deliver([order.jobId]);
    await evictDurableObject(objectOf(order.accountId));
    await deliver([order.jobId]);
    await expectPlacedOnce(order);
  });

  test('is aborted while it carries jobs out', async () => {
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    for (let time = 0; time < 10; time++) {
      const order = await accepted();
      const run = deliver([order.jobId]);
      if (time % 2 === 1) await env.DB.prepare('SELECT 1').first();
      // An abort rejects what asks for it, too.
      const abort = runInDurableObject(objectOf(order.accountId), (_, state) =>
        state.abort('a test aborts it'),
      );
      await abort.catch(() => undefined);
      await run;
      await deliver([order.jobId]);
      await expectPlacedOnce(order);
    }
    expect(lines.mock.calls.filter(([line]) => String(line).includes('account.call_failed'))).not.toEqual([]);
    lines.mockRestore();
  });

  test('has a second copy that carries the same job out', async () => {
    const order = await accepted();
    const copies = [1, 2].map(() => testLane({ laneId: order.accountId, commands }));
    const runs = copies.map(({ lane }) =>
      runAsyncJob(order.jobId, jobPorts({ execute: (_, command) => lane.submit(command, false) })),
    );
    expect(await Promise.all(runs)).toEqual(['done', 'done']);
    await expectPlacedOnce(order);
  });
});

describe('the commit', () => {
  /** D1 whose first commit is lost before it runs, or runs and loses its reply; commits, unlike reads, go through a session. */
  function losing(when: 'before' | 'after'): D1Database {
    let commits = 0;
    const session = {
      prepare: (sql: string) => env.DB.prepare(sql),
      getBookmark: () => null,
      batch: async (statements: D1PreparedStatement[]) => {
        const lost = commits++ === 0;
        if (lost && when === 'before') throw new Error('D1_ERROR: Network connection lost.');
        const results = await env.DB.batch(statements);
        if (lost) throw new Error('D1_ERROR: Network connection lost.');
        return results;
      },
    };
    return {
      prepare: session.prepare,
      batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
      withSession: () => session,
    } as unknown as D1Database;
  }

  test.each(['before', 'after'] as const)('is lost %s it runs', async (when) => {
    const order = await accepted();
    const { lane } = testLane({ laneId: order.accountId, commands, db: losing(when) });
    const run = () =>
      runAsyncJob(order.jobId, jobPorts({ execute: (_, command) => lane.submit(command, false) }));
    expect(await run()).toBe('done');
    expect(await run()).toBe('done');
    await expectPlacedOnce(order);
  });

  test('has an unknown outcome: asked again, the job says what became of it', async () => {
    const order = await accepted();
    const own = testLane({ laneId: order.accountId, commands });
    const { lane } = testLane({
      laneId: order.accountId,
      commands,
      commits: {
        commit: async (group) => {
          await own.commits.commit(group);
          return { kind: 'unknown' };
        },
      },
    });
    const ports = jobPorts({ execute: (_, command) => lane.submit(command, false) });
    expect(await runAsyncJob(order.jobId, ports)).toBe('later');
    expect(await deliver([order.jobId])).toEqual({ done: 1, again: 0 });
    await expectPlacedOnce(order);
  });
});

test('a run takes as many round trips as the order at once would: one load, one commit', async () => {
  const order = await accepted();
  let loads = 0;
  const db = {
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: (statements: D1PreparedStatement[]) => {
      loads++;
      return env.DB.batch(statements);
    },
    withSession: () => env.DB.withSession(),
  } as unknown as D1Database;
  const { lane } = testLane({ laneId: order.accountId, commands, db });
  const ports = jobPorts({ execute: (_, command) => lane.submit(command, false) });
  expect(await runAsyncJob(order.jobId, ports)).toBe('done');
  await expectPlacedOnce(order);
  expect(loads).toBe(1);
});
