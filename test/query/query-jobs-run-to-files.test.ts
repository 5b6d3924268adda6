import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Limits, limits } from '../../src/env.ts';
import { openFile, readStoredFile } from '../../src/persistence/files.ts';
import { cancelQueryJob, type QueryJob, readQueryJob } from '../../src/persistence/query-jobs.ts';
import { closeExpiredSnapshots } from '../../src/persistence/snapshots.ts';
import { QueryRun, type SliceOutcome } from '../../src/query/execution/query-run.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { testAccount } from '../support/order-objects.ts';
import { jobOf, type PlainQuery, statementOf, submit } from '../support/plain-queries.ts';
import { insert } from '../support/worker-api.ts';

// A job's queries become files, whatever interrupts it; what can't be done fails with a reason, and nothing of it is left.

const ACCOUNTS: PlainQuery = {
  sql: 'SELECT t.account_number, t.name, t.auto_pay FROM account AS t ORDER BY t.id',
  columns: [
    ['Account Number', 'text'],
    ['Name', 'text'],
    ['Auto Pay', 'boolean'],
  ],
  sources: { account: { columns: ['account_number', 'name', 'auto_pay'] } },
};
const NAMES = ['Plain', 'With, comma', 'With "quotes"', 'Line\nbreak', ''];

let api: InProcessApi;

beforeAll(async () => {
  api = await inProcessApi();
  for (const [i, name] of NAMES.entries()) {
    await insert('account', testAccount({ name, accountNumber: `Q-${i}`, autoPay: i === 1 }));
  }
});

beforeEach(() => env.DB.prepare('DELETE FROM query_job').run());

const EXPECTED =
  'Account Number,Name,Auto Pay\nQ-0,Plain,false\nQ-1,"With, comma",true\nQ-2,"With ""quotes""",false\n' +
  'Q-3,"Line\nbreak",false\nQ-4,,false\n';

const stubOf = (jobId: string) => env.QUERIES.get(env.QUERIES.idFromName(jobId));
const now = () => new Date().toISOString();

async function jobNow({ id }: QueryJob): Promise<QueryJob> {
  return (await readQueryJob(env.DB, id, now()))!;
}

async function contentOf(fileId: string): Promise<string> {
  expect(await readStoredFile(env.DB, fileId, now())).not.toBeNull();
  return new Response(openFile(env.FILES, fileId)).text();
}

/** Until nothing is left to do. */
async function runThrough({ id }: QueryJob): Promise<void> {
  for (let slices = 0; slices < 100; slices++) if ((await stubOf(id).advance(id)) === 'done') return;
  throw new Error('it does not end');
}

/** One slice with another clock and another idea of rests: each look at the clock takes `tickMs`. */
function slice(
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
async function expectClear({ id }: QueryJob): Promise<void> {
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

test('queries become files of one instant: joins, sums beyond 2^53, no rows, nulls', async () => {
  const billTo = { firstName: 'A', lastName: 'B', country: 'Canada' };
  const made = await api.post('/v1/accounts', {
    name: 'Buyer',
    currency: 'USD',
    billCycleDay: 1,
    billToContact: billTo,
  });
  const { accountId } = made.body;
  const item = { chargeName: 'Fee', amount: 0.1, serviceStartDate: '2026-03-01' };
  const body = { accountId, invoiceDate: '2026-03-01', status: 'Posted', invoiceItems: [item, item, item] };
  expect((await api.post('/v1/invoices', body)).body.success).toBe(true);
  const sums: PlainQuery = {
    sql:
      'SELECT a.name, sum(t.amount_minor * 10000), 9007199254740993, -9007199254740993, 0.5, t.service_start_date, max(i.created_at) ' +
      'FROM invoice_item AS t JOIN invoice AS i ON i.id = t.invoice_id JOIN account AS a ON a.id = i.account_id WHERE a.name = ?1 GROUP BY a.id',
    parameters: ['Buyer'],
    columns: [
      ['name', 'text'],
      ['amount', 'decimal'],
      ['large', 'integer'],
      ['micro', 'decimal'],
      ['half', 'double'],
      ['day', 'date'],
      ['at', 'datetime'],
    ],
    sources: {
      invoice_item: { columns: ['amount_minor', 'invoice_id', 'service_start_date'] },
      invoice: { columns: ['account_id', 'created_at'] },
      account: { columns: ['name'] },
    },
  };
  const none = {
    ...ACCOUNTS,
    sql: 'SELECT t.account_number, t.name, NULL FROM account AS t WHERE t.name = 0',
  };
  const nulls = { ...ACCOUNTS, sql: "SELECT 'x', NULL, NULL" };
  const job = await submit(
    jobOf([
      statementOf(ACCOUNTS),
      statementOf(sums, { format: 'jsonLines', instants: 'seconds' }),
      statementOf(none, { format: 'tsv', fileName: 'none' }),
      statementOf(none, { format: 'jsonLines' }),
      statementOf(nulls, { format: 'dsv', separator: ';', nullText: '-' }),
    ]),
  );
  await runThrough(job);
  const done = await jobNow(job);
  expect(done).toMatchObject({ status: 'completed', message: null, attempts: 0 });
  expect(done.snapshotAt).not.toBeNull();
  const contents = await Promise.all(done.statements.map(({ fileIds }) => contentOf(fileIds[0]!)));
  const postedAt = (await env.DB.prepare('SELECT max(created_at) AS at FROM invoice').first<string>('at'))!;
  expect(contents).toEqual([
    EXPECTED.replace('\n', `\n${made.body.accountNumber},Buyer,false\n`),
    // 3 × 0.10; -9,007,199,254,740,993 millionths.
    `{"name":"Buyer","amount":0.3,"large":9007199254740993,"micro":-9007199254.740993,"half":0.5,"day":"2026-03-01","at":"${postedAt.slice(0, 19)}+00:00"}\n`,
    'Account Number\tName\tAuto Pay\n',
    '\n',
    'Account Number;Name;Auto Pay\nx;-;-\n',
  ]);
  expect(done.statements.map(({ rows, status }) => [rows, status])).toEqual(
    [6, 1, 0, 0, 1].map((rows) => [rows, 'completed']),
  );
  expect(done.statements.map(({ bytes }) => bytes)).toEqual(
    contents.map((content) => new TextEncoder().encode(content).byteLength),
  );
  const { name, contentType } = (await readStoredFile(env.DB, done.statements[2]!.fileIds[0]!, now()))!;
  expect([name, contentType]).toEqual(['none.tsv', 'text/tab-separated-values; charset=utf-8']);
  await expectClear(job);
});

const NUMBERS: PlainQuery = {
  sql: 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1200) SELECT x FROM n',
  columns: [['x', 'integer']],
  sources: { account: { columns: ['name'] } },
};

test('a query of several segments gives as many files as it has rows for, each with its heading', async () => {
  const lines = (from: number, to: number) =>
    `x\n${Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join('')}`;
  const job = await submit(
    jobOf([statementOf(NUMBERS, { segmentRows: 600 }), statementOf(NUMBERS, { segmentRows: 700 })]),
  );
  await runThrough(job);
  const { statements } = await jobNow(job);
  const contents = statements.map(({ fileIds }) => Promise.all(fileIds.map(contentOf)));
  expect(await Promise.all(contents)).toEqual([
    [lines(1, 600), lines(601, 1200)],
    [lines(1, 700), lines(701, 1200)],
  ]);
  const names = await Promise.all(
    statements[1]!.fileIds.map(async (id) => (await readStoredFile(env.DB, id, now()))!.name),
  );
  expect(names).toEqual(['result_1.csv', 'result_2.csv']);
});

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

test('a file of many pieces is whole, packed or not', async () => {
  const job = await submit(
    jobOf([
      statementOf(NUMBERS),
      statementOf(NUMBERS, { compression: 'gzip' }),
      statementOf(NUMBERS, { format: 'html' }),
    ]),
  );
  expect(await slice(job, { queryFilePieceBytes: 100 })).toBe('done');
  const [plain, packed, page] = (await jobNow(job)).statements.map(({ fileIds }) => fileIds[0]!);
  const pieces = await env.FILES.list({ prefix: `files/${plain}/` });
  // 500 rows at once are one piece: 1,200 rows are three.
  expect(pieces.objects).toHaveLength(3);
  const text = `x\n${Array.from({ length: 1200 }, (_, i) => `${i + 1}\n`).join('')}`;
  expect(await contentOf(plain!)).toBe(text);
  const unpacked = openFile(env.FILES, packed!).pipeThrough(new DecompressionStream('gzip'));
  expect(await new Response(unpacked).text()).toBe(text);
  expect((await contentOf(page!)).match(/<tr>/g)).toHaveLength(1201);
});

test('deleted objects are there for the query that wants them, as they were, and for no other', async () => {
  const gone = await insert('account', testAccount({ name: 'Gone', accountNumber: 'Q-GONE' }));
  const back = await insert('account', testAccount({ name: 'Back', accountNumber: 'Q-BACK' }));
  for (const one of [gone, back, back]) {
    await env.DB.prepare('DELETE FROM account WHERE id = ?1').bind(one.id).run();
    if (one === back) await insert('account', back);
  }
  const query = (withDeleted: boolean): PlainQuery => ({
    sql:
      'SELECT t.account_number, t._deleted, t.updated_at > t.created_at FROM account AS t ' +
      "WHERE t.account_number IN ('Q-0', 'Q-GONE', 'Q-BACK') ORDER BY t.account_number",
    columns: [
      ['number', 'text'],
      ['deleted', 'boolean'],
      ['changedLater', 'boolean'],
    ],
    sources: { account: { columns: ['account_number', 'created_at', 'updated_at'], withDeleted } },
  });
  const job = await submit(jobOf([false, true, false].map((wanted) => statementOf(query(wanted)))));
  await runThrough(job);
  const { statements } = await jobNow(job);
  const live = 'number,deleted,changedLater\nQ-0,false,false\nQ-BACK,false,false\n';
  expect(await Promise.all(statements.map(({ fileIds }) => contentOf(fileIds[0]!)))).toEqual([
    live,
    `${live}Q-GONE,true,true\n`,
    live,
  ]);
});

test('of a table whose rows are asked for by condition no others are copied', async () => {
  const count = (where: string | null): PlainQuery => ({
    sql: 'SELECT count(*) FROM account',
    columns: [['rows', 'integer']],
    sources: { account: { columns: [], where } },
  });
  const countsOf = async (...wheres: ReadonlyArray<string | null>) => {
    const job = await submit(jobOf(wheres.map((where) => statementOf(count(where)))));
    await runThrough(job);
    return Promise.all((await jobNow(job)).statements.map(({ fileIds }) => contentOf(fileIds[0]!)));
  };
  expect(await countsOf("t.account_number = 'Q-1'")).toEqual(['rows\n1\n']);
  // The queries of a job share a copy.
  const both = await countsOf("t.account_number = 'Q-1'", "t.account_number IN ('Q-1', 'Q-2')");
  expect(both).toEqual(['rows\n2\n', 'rows\n2\n']);
  const all = await env.DB.prepare('SELECT count(*) AS n FROM account').first('n');
  expect(await countsOf("t.account_number = 'Q-1'", null)).toEqual([`rows\n${all}\n`, `rows\n${all}\n`]);
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

test('an object whose job nobody asks for any more clears itself away', async () => {
  const job = await submit(jobOf([statementOf(NUMBERS)]));
  expect(await slice(job, { tickMs: limits.querySliceMs })).toBe('more');
  await runInDurableObject(stubOf(job.id), async (_, { storage }) => {
    storage.kv.put('job', job.id);
    await storage.setAlarm(Date.now() + 3_600_000);
  });
  const alarm = () => runInDurableObject(stubOf(job.id), (_, { storage }) => storage.getAlarm());
  expect(await runDurableObjectAlarm(stubOf(job.id))).toBe(true);
  expect(await alarm()).not.toBeNull();
  await cancelQueryJob(env.DB, job.id, now());
  expect(await runDurableObjectAlarm(stubOf(job.id))).toBe(true);
  await expectClear(job);
});
