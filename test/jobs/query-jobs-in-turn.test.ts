import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../src/env.ts';
import { consumeJobs, type JobMessage, type JobPorts } from '../../src/jobs/consume-jobs.ts';
import { expireQueries } from '../../src/jobs/expire.ts';
import { sweepQueryJobs } from '../../src/jobs/run-query-job.ts';
import {
  cancelQueryJob,
  createQueryJob,
  findLastCompletedJob,
  findStartableJobs,
  listQueryJobs,
  type QueryJob,
  readQueryJob,
  startQueryJob,
} from '../../src/persistence/query-jobs.ts';
import { openSnapshot } from '../../src/persistence/snapshots.ts';
import { jobPorts } from '../support/job-ports.ts';
import { testAccount } from '../support/order-objects.ts';
import { jobOf, PLAIN, statementOf, submit } from '../support/plain-queries.ts';
import { insert } from '../support/worker-api.ts';

// Query jobs take their turn, the oldest first and so many at once; messages that are lost, doubled or late change nothing.

const ONE = statementOf({
  sql: 'SELECT 1',
  columns: [['one', 'integer']],
  sources: { account: { columns: ['id'] } },
});
const now = () => new Date().toISOString();
const at = (ms: number) => new Date(Date.now() + ms).toISOString();

beforeEach(async () => {
  expect(ONE.language).toBe(PLAIN);
  await env.DB.prepare('DELETE FROM query_job').run();
});

const job = (fields: Partial<QueryJob> = {}) => submit(jobOf([ONE], fields));
const start = ({ id }: QueryJob) => startQueryJob(env.DB, id, now(), limits.queryJobsRunningMax);
const startable = () => findStartableJobs(env.DB, limits.queryJobsRunningMax);
const statusOf = async ({ id }: QueryJob) => (await readQueryJob(env.DB, id, now()))!.status;

/** Delivers messages about these jobs in one batch. Returns what was sent, and what became of the messages. */
async function deliver(jobIds: readonly string[], overrides: Partial<JobPorts> = {}, attempts = 1) {
  const sent: JobMessage[] = [];
  const batch = createMessageBatch(
    'spillway-jobs',
    jobIds.map((jobId, i) => ({
      id: String(i),
      timestamp: new Date(),
      attempts,
      body: { version: 1, job: 'query', jobId },
    })),
  );
  await consumeJobs(batch, jobPorts({ send: async (message) => void sent.push(message), ...overrides }));
  return { sent, result: await getQueueResult(batch, createExecutionContext()) };
}

describe('turns', () => {
  test('so many run at once, the oldest first; the next begins when one ends', async () => {
    const jobs: QueryJob[] = [];
    for (let i = 0; i < limits.queryJobsRunningMax + 2; i++) jobs.push(await job());
    const ids = jobs.map(({ id }) => id);
    expect(await startable()).toEqual(ids.slice(0, limits.queryJobsRunningMax));
    expect(await start(jobs[limits.queryJobsRunningMax]!)).toBe(false);
    for (const one of jobs.slice(0, limits.queryJobsRunningMax)) expect(await start(one)).toBe(true);
    expect(await startable()).toEqual([]);
    const late = await deliver([ids.at(-2)!]);
    expect(late.sent).toEqual([]);
    expect(await statusOf(jobs.at(-2)!)).toBe('submitted');
    const { sent, result } = await deliver([ids[0]!, ids[0]!]);
    expect(result.explicitAcks).toEqual(['0', '1']);
    expect(await statusOf(jobs[0]!)).toBe('completed');
    expect(sent).toContainEqual({ version: 1, job: 'query', jobId: ids.at(-2) });
    expect(sent).not.toContainEqual({ version: 1, job: 'query', jobId: ids.at(-1) });
  });

  test('jobs of one partner and project run one after another, and hold up nobody else', async () => {
    const own = { partner: 'tap', project: 'p' };
    const first = await job(own);
    const second = await job(own);
    const other = await job({ partner: 'tap', project: 'q' });
    expect(await start(first)).toBe(true);
    expect(await startable()).toEqual([other.id]);
    expect(await start(second)).toBe(false);
    await cancelQueryJob(env.DB, first.id, now());
    expect(await startable()).toEqual([second.id, other.id]);
  });

  test('so many wait, and not one more; and none that is too large', async () => {
    const max = { waitingMax: 2, bytesMax: limits.queryJobBytesMax };
    expect(await createQueryJob(env.DB, jobOf([ONE]), max)).toBe('created');
    expect(await createQueryJob(env.DB, jobOf([ONE]), max)).toBe('created');
    const third = jobOf([ONE]);
    expect(await createQueryJob(env.DB, third, max)).toBe('tooMany');
    expect(await readQueryJob(env.DB, third.id, now())).toBeNull();
    const large = jobOf([{ ...ONE, text: 'é'.repeat(limits.queryJobBytesMax / 2) }]);
    expect(await createQueryJob(env.DB, large, { ...max, waitingMax: 9 })).toBe('tooLarge');
  });
});

describe('messages', () => {
  test('whoever waits for the end of a job is told, once nothing is left to do', async () => {
    const long = await job();
    const finished: string[] = [];
    const outcomes = ['more', 'busy', 'waiting', 'done'] as const;
    let asked = 0;
    const queries = {
      advance: async () => outcomes[asked++]!,
      onFinished: async (jobId: string) => void finished.push(jobId),
    };
    for (const _ of outcomes) {
      expect(finished).toEqual([]);
      await deliver([long.id], { queries });
    }
    expect(finished).toEqual([long.id]);
  });

  test('what can’t be done now comes again, and is left to the sweep in the end', async () => {
    const failing = { advance: () => Promise.reject(new Error('gone')), onFinished: async () => undefined };
    const waiting = await job();
    const first = await deliver([waiting.id], { queries: failing });
    expect(first.result.retryMessages).toMatchObject([{ msgId: '0' }]);
    const last = await deliver([waiting.id], { queries: failing }, limits.asyncJobDeliveriesMax);
    expect(last.result.explicitAcks).toEqual(['0']);
  });

  test('the sweep asks for what stands still and for what may begin, and for nothing else', async () => {
    const standing = await job();
    const waiting = await job();
    await start(standing);
    const sent: unknown[] = [];
    const sweepAt = (when: string) =>
      sweepQueryJobs(env.DB, when, async (messages) => void sent.push(...messages));
    expect(await sweepAt(at(limits.queryResendAfterMs - 5_000))).toBe(1);
    expect(await sweepAt(at(limits.queryResendAfterMs + 5_000))).toBe(2);
    const about = (jobId: string) => ({ version: 1, job: 'query', jobId });
    expect(sent).toEqual([about(waiting.id), about(standing.id), about(waiting.id)]);
  });

  test('through the queue of the Worker a job is done', async () => {
    const real = await job();
    await env.JOBS_QUEUE.send({ version: 1, job: 'query', jobId: real.id });
    await expect.poll(() => statusOf(real), { timeout: 30_000 }).toBe('completed');
  });
});

test('jobs are listed newest first, in pages, by status; the last completed one of a project is found', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push((await job({ partner: 'tap', project: 'p' })).id);
  await job({ kind: 'aqua' });
  const page = { now: now(), before: null, status: null, rowsMax: 3 };
  const first = await listQueryJobs(env.DB, 'export', page);
  expect(first.map(({ id }) => id)).toEqual([ids[3], ids[2], ids[1]]);
  const second = await listQueryJobs(env.DB, 'export', { ...page, before: first.at(-1)!.id });
  expect(second.map(({ id }) => id)).toEqual([ids[0]]);
  expect(await findLastCompletedJob(env.DB, 'tap', 'p', now())).toBeNull();
  await deliver([ids[0]!]);
  await deliver([ids[1]!]);
  expect((await findLastCompletedJob(env.DB, 'tap', 'p', now()))!.id).toBe(ids[1]);
  const completed = await listQueryJobs(env.DB, 'export', { ...page, status: 'completed' });
  expect(completed.map(({ id }) => id)).toEqual([ids[1], ids[0]]);
});

describe('expiry', () => {
  const count = (table: string) => env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>('n');

  test('a snapshot that nobody closed goes, and with it what was kept for it', async () => {
    const account = await insert('account', testAccount());
    await openSnapshot(env.DB, ['account'], { owner: 'lost', openedAt: now(), expiresAt: at(60_000) });
    await env.DB.prepare("UPDATE account SET name = 'changed' WHERE id = ?1").bind(account.id).run();
    await expireQueries(env.DB, now());
    expect([await count('snapshot'), await count('row_before')]).toEqual([1, 1]);
    await expireQueries(env.DB, at(60_001));
    expect([await count('snapshot'), await count('snapshot_table'), await count('row_before')]).toEqual([
      0, 0, 0,
    ]);
  });

  test('deleted objects are remembered for the days that exports ask for, and a day more', async () => {
    const account = await insert('account', testAccount());
    await env.DB.prepare('DELETE FROM account WHERE id = ?1').bind(account.id).run();
    const days = 86_400_000;
    expect(await expireQueries(env.DB, at((limits.deletedRecordDays + 1) * days - 60_000))).toBe('done');
    expect(await count('deleted_record')).toBe(1);
    await expireQueries(env.DB, at((limits.deletedRecordDays + 1) * days + 60_000));
    expect(await count('deleted_record')).toBe(0);
  });

  test('a job whose time is over is neither read nor kept', async () => {
    const { id } = await job({ expiresAt: at(60_000) });
    expect(await readQueryJob(env.DB, id, at(60_001))).toBeNull();
    await expireQueries(env.DB, at(59_000));
    expect(await count('query_job')).toBe(1);
    await expireQueries(env.DB, at(60_001));
    expect(await count('query_job')).toBe(0);
  });
});
