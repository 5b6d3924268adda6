import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { openFile, readStoredFile } from '../../src/persistence/files.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
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
} from '../support/query-runs.ts';
import { insert } from '../support/worker-api.ts';

// A job's queries become files of one instant, with every value exact, and nothing of the job is left but them.

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
