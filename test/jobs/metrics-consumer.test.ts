import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { consumeDeadLetters, consumeMetrics } from '../../src/jobs/consume.ts';
import { consumeJobs } from '../../src/jobs/consume-jobs.ts';
import { sweepMetrics } from '../../src/jobs/sweep.ts';
import { LAST_METRICS_UPDATE } from '../../src/persistence/metrics-sql.ts';
import worker from '../../src/worker.ts';
import { jobPorts } from '../support/job-ports.ts';
import { newId, testLane } from '../support/test-lane.ts';

/** The queue's consumer and the sweep over real D1: every due account is folded in the end, no delivery changes a number. */

const NOON = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-01T12:01:00.000Z';

async function partnerWith(amounts: readonly number[]): Promise<string> {
  const id = newId();
  const { send } = testLane({ laneId: id, now: () => '2026-03-01T11:59:00.000Z' });
  await send('open', { id, accountNumber: `C-${id}`, partnerAccount: true });
  await Promise.all(amounts.map((amountMinor) => send('bump', { accountId: id, by: 0, amountMinor })));
  return id;
}

async function published(accountId: string): Promise<number | null> {
  const row = await env.DB.prepare(
    'SELECT total_invoice_balance_minor AS tib FROM account_metrics WHERE account_id = ?',
  )
    .bind(accountId)
    .first<{ tib: number }>();
  return row?.tib ?? null;
}

async function lastMetricsUpdate(accountId: string): Promise<string | null> {
  const row = await env.DB.prepare(
    `SELECT ${LAST_METRICS_UPDATE} AS shown FROM account a LEFT JOIN metrics_state s ON s.account_id = a.id ` +
      'LEFT JOIN metrics_due u ON u.account_id = a.id WHERE a.id = ?',
  )
    .bind(accountId)
    .first<{ shown: string | null }>();
  return row!.shown;
}

async function publishedAt(accountId: string): Promise<string | null> {
  const row = await env.DB.prepare('SELECT published_at AS at FROM metrics_state WHERE account_id = ?')
    .bind(accountId)
    .first<{ at: string | null }>();
  return row!.at;
}

const ports = (now = NOON, db = env.DB) => ({ db, now: () => now, log: () => undefined });
const message = (body: unknown, id = newId()) => ({ id, timestamp: new Date(), attempts: 1, body });

/** Runs one delivery and returns which messages were acknowledged and which are to come again. */
async function deliver(bodies: unknown[], now = NOON, db = env.DB) {
  const batch = createMessageBatch('spillway-metrics', bodies.map((body) => message(body)) as never);
  await consumeMetrics(batch, ports(now, db));
  const result = await getQueueResult(batch, createExecutionContext());
  return { acknowledged: result.explicitAcks.length, retried: result.retryMessages.length };
}

describe('the consumer', () => {
  test('folds an account once, however many messages name it, in whatever order and however often', async () => {
    const [a, b] = [await partnerWith([100, 20, 3]), await partnerWith([7])];
    const messages = [
      { version: 1, accountIds: [a] },
      { version: 1, accountIds: [b, a] },
      { version: 1, accountIds: [a] },
    ];
    expect(await deliver(messages)).toEqual({ acknowledged: 3, retried: 0 });
    expect([await published(a), await published(b)]).toEqual([123, 7]);
    expect(await deliver([...messages].reverse())).toEqual({ acknowledged: 3, retried: 0 });
    expect([await published(a), await published(b)]).toEqual([123, 7]);
  });

  test('says when numbers last moved: at the fold of something, not of nothing, and with the write of who is no partner', async () => {
    const partner = await partnerWith([5]);
    expect(await publishedAt(partner)).toBeNull();
    const bodies = [{ version: 1, accountIds: [partner] }];
    await deliver(bodies, NOON);
    expect(await publishedAt(partner)).toBe(NOON);
    await deliver(bodies, LATER);
    expect([await publishedAt(partner), await lastMetricsUpdate(partner)]).toEqual([NOON, LATER]);
    const id = newId();
    const { send } = testLane({ laneId: id, now: () => '2026-03-01T11:58:00.000Z' });
    await send('open', { id, accountNumber: `C-${id}`, partnerAccount: false });
    await send('bump', { accountId: id, by: 0, amountMinor: 9 });
    expect([await published(id), await publishedAt(id)]).toEqual([9, '2026-03-01T11:58:00.000Z']);
  });

  test('a fold that fails is retried on its own and converges', async () => {
    const accountId = await partnerWith([41]);
    const broken = {
      ...env.DB,
      prepare: env.DB.prepare.bind(env.DB),
      batch: () => Promise.reject(new Error('lost')),
    };
    const bodies = [{ version: 1, accountIds: [accountId] }];
    expect(await deliver(bodies, NOON, broken as unknown as D1Database)).toEqual({
      acknowledged: 0,
      retried: 1,
    });
    expect(await published(accountId)).toBeNull();
    expect(await deliver(bodies)).toEqual({ acknowledged: 1, retried: 0 });
    expect(await published(accountId)).toBe(41);
  });

  test('a message that cannot be read goes to the dead letters; its neighbours are not affected', async () => {
    const accountId = await partnerWith([5]);
    const batch = createMessageBatch('spillway-metrics', [
      message({ version: 9, accounts: 'all' }, 'poison-1'),
      message({ version: 1, accountIds: [accountId] }),
    ] as never);
    await consumeMetrics(batch, ports());
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toHaveLength(2);
    expect(await published(accountId)).toBe(5);
    const letter = await env.DB.prepare("SELECT queue, body FROM dead_letter WHERE id = 'poison-1'").first();
    expect(letter).toEqual({ queue: 'spillway-metrics', body: '{"version":9,"accounts":"all"}' });
  });

  test('what a queue gave up on is kept, once', async () => {
    for (let i = 0; i < 2; i++) {
      const batch = createMessageBatch('spillway-metrics-dead', [
        message({ version: 1, accountIds: [] }, 'given-up-1'),
      ] as never);
      await consumeDeadLetters(batch, ports());
    }
    const { results } = await env.DB.prepare("SELECT reason FROM dead_letter WHERE id = 'given-up-1'").all();
    expect(results).toEqual([{ reason: 'All retries failed.' }]);
  });

  test('an account that is no partner is left alone', async () => {
    const accountId = await partnerWith([9]);
    await testLane({ laneId: accountId }).send('bump', { accountId, by: 0, flag: false });
    await deliver([{ version: 1, accountIds: [accountId] }]);
    expect(await published(accountId)).toBe(9);
    expect(await lastMetricsUpdate(accountId)).toBeNull();
  });
});

describe('freshness', () => {
  test('null until the first fold or tick, then the time of the fold, then of each tick without anything pending', async () => {
    const accountId = await partnerWith([]);
    const flaggedAt = '2026-03-01T11:59:00.000Z';
    await env.DB.prepare('UPDATE metrics_state SET flagged_at = ? WHERE account_id = ?')
      .bind(flaggedAt, accountId)
      .run();
    expect(await lastMetricsUpdate(accountId)).toBeNull();
    const sweepAt = (now: string) =>
      sweepMetrics({ db: env.DB, announceDue: () => undefined, now: () => now, foldDelayMs: 0 });
    await sweepAt(NOON);
    expect(await lastMetricsUpdate(accountId)).toBe(NOON);
    const { send } = testLane({ laneId: accountId });
    await send('bump', { accountId, by: 0, amountMinor: 1 });
    await sweepAt(LATER);
    // Pending since before LATER: the numbers are only known to be complete up to the tick before.
    expect(await lastMetricsUpdate(accountId)).toBe(NOON);
    await deliver([{ version: 1, accountIds: [accountId] }], '2026-03-01T12:01:30.000Z');
    expect(await lastMetricsUpdate(accountId)).toBe('2026-03-01T12:01:30.000Z');
    // A consumer whose clock is behind does not turn it back.
    await deliver([{ version: 1, accountIds: [accountId] }], NOON);
    expect(await lastMetricsUpdate(accountId)).toBe('2026-03-01T12:01:30.000Z');
  });

  test('the sweep asks again for accounts that are due for too long, and only for those', async () => {
    const [old, young] = [newId(), newId()];
    const due = 'INSERT INTO metrics_due (account_id, since) VALUES (?, ?)';
    await env.DB.batch([
      env.DB.prepare(due).bind(old, '2026-03-01T12:00:49.999Z'),
      env.DB.prepare(due).bind(young, '2026-03-01T12:00:50.001Z'),
    ]);
    const announced: string[] = [];
    const sweepWith = (foldDelayMs: number) =>
      sweepMetrics({
        db: env.DB,
        announceDue: (ids) => announced.push(...ids),
        now: () => LATER,
        foldDelayMs,
      });
    // A tenant that waits a minute for a fold is not late after ten seconds.
    await sweepWith(60_000);
    expect(announced).not.toContain(old);
    await sweepWith(0);
    expect(announced).toContain(old);
    expect(announced).not.toContain(young);
  });
});

describe('the real queue', () => {
  test('a write on a partner account is published by it, and a lost message by the scheduled sweep', async () => {
    const accountId = await partnerWith([64]);
    await env.DB.prepare('UPDATE metrics_due SET since = ? WHERE account_id = ?')
      .bind('2026-03-01T00:00:00.000Z', accountId)
      .run();
    await worker.scheduled(
      { cron: '* * * * *', scheduledTime: Date.now(), noRetry: () => undefined } as never,
      env,
    );
    await expect.poll(() => published(accountId), { timeout: 20_000, interval: 50 }).toBe(64);
  });
});

describe('the jobs queue', () => {
  test('deletes replies after 24 h and tokens after their hour, piece by piece', async () => {
    const reply =
      'INSERT INTO idempotency (key, request_hash, command_id, status, body, created_at) VALUES (?, ?, ?, 200, ?, ?)';
    const token = 'INSERT INTO access_token (token_hash, client_id, expires_at) VALUES (?, ?, ?)';
    await env.DB.batch([
      env.DB.prepare(reply).bind('old', 'h', 'c', '{}', '2026-02-28T11:59:59.999Z'),
      env.DB.prepare(reply).bind('young', 'h', 'c', '{}', '2026-02-28T12:00:00.000Z'),
      env.DB.prepare(token).bind('over', 'x', '2026-03-01T11:59:59.999Z'),
      env.DB.prepare(token).bind('live', 'x', '2026-03-01T12:00:00.000Z'),
    ]);
    const sent: unknown[] = [];
    const batch = createMessageBatch('spillway-jobs', [
      message({ version: 1, job: 'expire' }),
      message({ job: '?' }, 'job-1'),
    ] as never);
    await consumeJobs(batch, jobPorts({ now: () => NOON, send: async (m) => sent.push(m) }));
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toHaveLength(2);
    const left = await env.DB.prepare(
      'SELECT key AS name FROM idempotency UNION SELECT token_hash FROM access_token',
    ).all();
    expect(left.results.map((row) => row.name)).toEqual(['live', 'young']);
    expect(sent).toEqual([]);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM dead_letter WHERE id = 'job-1'").first()).toEqual({
      n: 1,
    });
  });
});
