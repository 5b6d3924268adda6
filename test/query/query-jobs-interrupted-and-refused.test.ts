import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../src/env.ts';
import { cancelQueryJob, type QueryJob } from '../../src/persistence/query-jobs.ts';
import { closeExpiredSnapshots } from '../../src/persistence/snapshots.ts';
import type { SliceOutcome } from '../../src/query/execution/query-run.ts';
import { testAccount } from '../support/order-objects.ts';
import { jobOf, type PlainQuery, statementOf, submit } from '../support/plain-queries.ts';
import {
  ACCOUNTS,
  contentOf,
  expectClear,
  jobNow,
  NUMBERS,
  now,
  runThrough,
  slice,
  stubOf,
} from '../support/query-runs.ts';
import { insert } from '../support/worker-api.ts';

// Whatever interrupts a query job, it goes on where it was; what can't be done fails with a reason, and nothing of it is left.

beforeAll(async () => {
  for (let i = 0; i < 3; i++) await insert('account', testAccount());
});

beforeEach(() => env.DB.prepare('DELETE FROM query_job').run());

test('a job that is interrupted at any point goes on, and its files are the same', async () => {
  const job = () => submit(jobOf([statementOf(ACCOUNTS), statementOf(NUMBERS, { segmentRows: 500 })]));
  const whole = await job();
  let pauses = 0;
  await slice(whole, {
    pause: async () => {
      pauses += 1;
    },
  });
  const contentsOf = async (one: QueryJob) =>
    Promise.all((await jobNow(one)).statements.flatMap(({ fileIds }) => fileIds.map(contentOf)));
  const expected = await contentsOf(whole);
  expect(expected).toHaveLength(4);
  expect(pauses).toBeGreaterThan(3);
  for (let at = 1; at <= pauses; at++) {
    const interrupted = await submit(jobOf(whole.statements));
    let passed = 0;
    const crash = async () => {
      passed += 1;
      if (passed === at) throw new Error('crash');
    };
    await expect(slice(interrupted, { pause: crash })).rejects.toThrow('crash');
    await evictDurableObject(stubOf(interrupted.id));
    await runThrough(interrupted);
    expect(await contentsOf(interrupted)).toEqual(expected);
    await expectClear(interrupted);
  }
});

test('after an interruption pages are small again: it may have been their size', async () => {
  const job = await submit(jobOf([statementOf(ACCOUNTS)]));
  const crash = async () => {
    throw new Error('crash');
  };
  await expect(slice(job, { pause: crash })).rejects.toThrow('crash');
  const copy = (change: object) =>
    runInDurableObject(stubOf(job.id), (_, { storage }) => {
      const progress = { ...storage.kv.get<{ pageRows: number }>('copy')!, ...change };
      storage.kv.put('copy', progress);
      return progress.pageRows;
    });
  await copy({ pageRows: limits.copyPageRowsMax });
  await expect(slice(job, { pause: crash })).rejects.toThrow('crash');
  expect(await copy({})).toBeLessThanOrEqual(2 * limits.copyPageRowsMin);
  await runThrough(job);
  expect((await jobNow(job)).status).toBe('completed');
});

test('work goes on slice by slice, also in an object that was evicted in between', async () => {
  const job = await submit(jobOf([statementOf(NUMBERS, { segmentRows: 300 })]));
  const outcomes: SliceOutcome[] = [];
  do {
    outcomes.push(await slice(job, { tickMs: limits.querySliceMs / 4 }));
  } while (outcomes.length < 3);
  expect(outcomes).toEqual(['more', 'more', 'more']);
  await runThrough(job);
  const { statements } = await jobNow(job);
  expect(statements[0]!.rows).toBe(1200);
  expect(new Set(statements[0]!.fileIds).size).toBe(4);
});

test('asked twice at once, one works and the other is told', async () => {
  const job = await submit(jobOf([statementOf(NUMBERS)]));
  const stub = stubOf(job.id);
  const outcomes = await Promise.all([stub.advance(job.id), stub.advance(job.id)]);
  expect(outcomes.sort()).toEqual(['busy', 'done']);
  expect((await jobNow(job)).status).toBe('completed');
  // A message that comes after all is done changes nothing.
  expect(await stub.advance(job.id)).toBe('done');
  expect((await jobNow(job)).status).toBe('completed');
  await expectClear(job);
});

test('a job that is cancelled stops at its next page and leaves nothing', async () => {
  const job = await submit(jobOf([statementOf(ACCOUNTS), statementOf(NUMBERS)]));
  const outcome = await slice(job, {
    tickMs: 100,
    pause: async () => void (await cancelQueryJob(env.DB, job.id, now())),
  });
  expect(outcome).toBe('done');
  const { status, statements } = await jobNow(job);
  expect([status, ...statements.map((one) => one.status)]).toEqual(['cancelled', 'cancelled', 'cancelled']);
  await expectClear(job);
  expect(await cancelQueryJob(env.DB, job.id, now())).toBe(false);
});

describe('what can’t be done fails and says why', () => {
  const overflow = {
    ...NUMBERS,
    sql: 'SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1)',
  };
  const wide: PlainQuery = {
    ...NUMBERS,
    sql: `SELECT ${Array.from({ length: 101 }, () => '1').join(', ')}`,
    columns: Array.from({ length: 101 }, (_, i) => [`c${i}`, 'integer'] as const),
  };
  test.each([
    ['too many rows', statementOf(NUMBERS, { rowsMax: 1199 }), /more than 1199 rows/],
    ['a sum beyond 64 bits', statementOf(overflow), /can't be carried out: integer overflow/],
    ['too many columns', statementOf(wide), /100 columns at the most, not 101/],
    [
      'a table that is none of the model',
      statementOf({ ...NUMBERS, sources: { api_client: { columns: ['id'] } } }),
      /no table api_client/,
    ],
    [
      'a column that its table has not',
      statementOf({ ...NUMBERS, sources: { account: { columns: ['token'] } } }),
      /account has no column token/,
    ],
    [
      'a table that is not copied',
      statementOf({ ...NUMBERS, sql: 'SELECT count(*) FROM invoice' }),
      /no such table: invoice/,
    ],
    ['a text that is none', statementOf('nonsense'), /^It is nonsense\.$/],
    [
      'a language that there is not',
      { ...statementOf(NUMBERS), language: 'latin' },
      /no query language latin/,
    ],
  ])('%s', async (_, failing, message) => {
    const job = await submit(jobOf([failing, statementOf(ACCOUNTS)]));
    await runThrough(job);
    const failed = await jobNow(job);
    expect(failed).toMatchObject({ status: 'failed', message: expect.stringMatching(message) });
    expect(failed.statements.map(({ status }) => status)).toEqual(['failed', 'cancelled']);
    expect(failed.statements[0]!.message).toMatch(message);
    expect(failed.statements.flatMap(({ fileIds }) => fileIds)).toEqual([]);
    await expectClear(job);
  });

  test('as many rows as allowed are no failure', async () => {
    const job = await submit(jobOf([statementOf(NUMBERS, { rowsMax: 1200 })]));
    await runThrough(job);
    expect((await jobNow(job)).status).toBe('completed');
  });

  test.each([
    ['rows', { queryRowsMax: 1199 }, /more than 1199 rows/],
    ['bytes of a file', { queryFileBytesMax: 4000 }, /larger than 4000 bytes/],
    ['bytes of a copy', { copyBytesMax: 1000 }, /copy of more than 1000 bytes/],
  ])('more %s than a deployment allows', async (_, others, message) => {
    const job = await submit(jobOf([statementOf(NUMBERS)]));
    expect(await slice(job, others)).toBe('done');
    expect(await jobNow(job)).toMatchObject({ status: 'failed', message: expect.stringMatching(message) });
    await expectClear(job);
  });

  test('a job that takes too long', async () => {
    const job = await submit(jobOf([statementOf(ACCOUNTS)]));
    expect(await slice(job, { tickMs: limits.querySecondsMax * 1_001 })).toBe('done');
    expect((await jobNow(job)).message).toBe(`It takes longer than ${limits.querySecondsMax} seconds.`);
  });

  test('a job whose object dies again and again', async () => {
    const job = await submit(jobOf([statementOf(NUMBERS)]));
    const crash = () => Promise.reject(new Error('crash'));
    await expect(slice(job, { pause: crash })).rejects.toThrow('crash');
    // Getting somewhere begins the count again.
    expect(await slice(job, { tickMs: limits.querySliceMs })).toBe('more');
    for (let i = 0; i < limits.queryAttemptsMax; i++) {
      await expect(slice(job, { pause: crash })).rejects.toThrow('crash');
    }
    expect(await slice(job, {})).toBe('done');
    const message = `It was interrupted ${limits.queryAttemptsMax} times in a row.`;
    expect(await jobNow(job)).toMatchObject({ status: 'failed', message });
    await expectClear(job);
  });
});

test('a job whose snapshot was forgotten begins again', async () => {
  const job = await submit(jobOf([statementOf(ACCOUNTS)]));
  const forget = async () => closeExpiredSnapshots(env.DB, '9999-01-01T00:00:00.000Z');
  await expect(slice(job, { pause: forget })).rejects.toThrow('is closed');
  await runThrough(job);
  expect((await jobNow(job)).status).toBe('completed');
});

test('what a slice leaves the object does by itself, and says by a message when it is done', async () => {
  const job = await submit(jobOf([statementOf(NUMBERS), statementOf(ACCOUNTS)]));
  const waiting = await submit(jobOf([statementOf(ACCOUNTS)]));
  expect(await slice(job, { tickMs: limits.querySliceMs })).toBe('more');
  await runInDurableObject(stubOf(job.id), async (_, { storage }) => {
    storage.kv.put('job', job.id);
    await storage.setAlarm(Date.now() + 3_600_000);
  });
  expect(await runDurableObjectAlarm(stubOf(job.id))).toBe(true);
  await expect.poll(async () => (await jobNow(job)).status, { timeout: 30_000 }).toBe('completed');
  // Whose turn it is then begins by that message: nobody else has asked.
  await expect.poll(async () => (await jobNow(waiting)).status, { timeout: 30_000 }).toBe('completed');
});

test('an object whose job was cancelled while nobody asked for it clears itself away', async () => {
  const job = await submit(jobOf([statementOf(NUMBERS)]));
  expect(await slice(job, { tickMs: limits.querySliceMs })).toBe('more');
  await runInDurableObject(stubOf(job.id), async (_, { storage }) => {
    storage.kv.put('job', job.id);
    await storage.setAlarm(Date.now() + 3_600_000);
  });
  await cancelQueryJob(env.DB, job.id, now());
  expect(await runDurableObjectAlarm(stubOf(job.id))).toBe(true);
  await expectClear(job);
});
