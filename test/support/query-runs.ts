import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { type Limits, limits } from '../../src/env.ts';
import { openFile, readStoredFile } from '../../src/persistence/files.ts';
import { type QueryJob, readQueryJob } from '../../src/persistence/query-jobs.ts';
import { QueryRun, type SliceOutcome } from '../../src/query/execution/query-run.ts';
import type { PlainQuery } from './plain-queries.ts';

/** Query jobs in their objects, with the clock, rests and limits that a test wants. */

export const ACCOUNTS: PlainQuery = {
  sql: 'SELECT t.account_number, t.name, t.auto_pay FROM account AS t ORDER BY t.id',
  columns: [
    ['Account Number', 'text'],
    ['Name', 'text'],
    ['Auto Pay', 'boolean'],
  ],
  sources: { account: { columns: ['account_number', 'name', 'auto_pay'] } },
};
/** The numbers from 1 to 1,200. */
export const NUMBERS: PlainQuery = {
  sql: 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1200) SELECT x FROM n',
  columns: [['x', 'integer']],
  sources: { account: { columns: ['name'] } },
};

export const stubOf = (jobId: string) => env.QUERIES.get(env.QUERIES.idFromName(jobId));
export const now = () => new Date().toISOString();

export async function jobNow({ id }: QueryJob): Promise<QueryJob> {
  return (await readQueryJob(env.DB, id, now()))!;
}

export async function contentOf(fileId: string): Promise<string> {
  expect(await readStoredFile(env.DB, fileId, now())).not.toBeNull();
  return new Response(openFile(env.FILES, fileId)).text();
}

/** Until nothing is left to do: what one slice does not finish the object does by itself. */
export async function runThrough({ id }: QueryJob): Promise<void> {
  await expect.poll(() => stubOf(id).advance(id), { timeout: 30_000 }).toBe('done');
}

/** One slice with another clock and another idea of rests: each look at the clock takes `tickMs`. */
export function slice(
  { id }: QueryJob,
  {
    tickMs = 0,
    pause = async () => undefined,
    ...others
  }: { tickMs?: number; pause?: (ms: number) => Promise<void> } & Partial<Limits>,
): Promise<SliceOutcome> {
  let clock = Date.now();
  return runInDurableObject(stubOf(id), (_, { storage }) =>
    new QueryRun({
      db: env.DB,
      bucket: env.FILES,
      storage,
      now: () => {
        clock += tickMs;
        return new Date(clock).toISOString();
      },
      pause,
      newId: () => crypto.randomUUID().replaceAll('-', ''),
      limits: { ...limits, ...others },
    }).slice(id),
  );
}

/** Nothing of a job is left but its row and its files. */
export async function expectClear({ id }: QueryJob): Promise<void> {
  const left = await env.DB.prepare(
    'SELECT (SELECT count(*) FROM snapshot) + (SELECT count(*) FROM snapshot_table) + (SELECT count(*) FROM row_before) AS n',
  ).first('n');
  expect(left).toBe(0);
  const tables = await runInDurableObject(stubOf(id), async (_, { storage }) => [
    ...storage.sql.exec(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    ),
    ...storage.kv.list(),
    ...((await storage.getAlarm()) === null ? [] : ['alarm']),
  ]);
  expect(tables).toEqual([]);
}
