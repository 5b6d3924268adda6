import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { expire } from '../../src/jobs/expire.ts';
import { compileZoql } from '../../src/query/zoql/compile.ts';
import { compileLiveZoql, LIVE_FIELDS_MAX } from '../../src/query/zoql/live-query.ts';
import { BEGINNING, type Position, readFirstPage, readPage, zoqlLimits } from '../../src/query/zoql/pages.ts';
import { onCopies } from '../support/copied-tables.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { testAccount } from '../support/order-objects.ts';
import { insert } from '../support/worker-api.ts';

// ZOQL over HTTP: what conditions find, how values are shown, what is refused and how, and pages that neither lose nor double a record.

const ZONE = 'Europe/Berlin';
const CLOCK = { now: '2026-06-01T12:00:00.000Z', timeZone: ZONE };
const PARENT = 'd'.repeat(32);

let api: InProcessApi;

const seeds: ReadonlyArray<Partial<Account>> = [
  { name: 'Ann', billCycleDay: 1, autoPay: true, createdAt: '2026-01-10T22:59:59.999Z' },
  { name: 'ann', billCycleDay: 2, createdAt: '2026-01-10T23:00:00.000Z' },
  { name: "O'Neil", billCycleDay: 3, parentId: PARENT, createdAt: '2026-01-11T22:59:59.000Z' },
  { name: 'Back\\slash', billCycleDay: 15, customFields: { region__c: 'north', rank__c: 5 } },
  { name: 'A_n%', billCycleDay: 31, status: 'Draft', createdAt: '2026-01-11T23:00:00.000Z' },
];

beforeAll(async () => {
  api = await inProcessApi('admin');
  await env.DB.prepare("INSERT INTO tenant_setting (name, value) VALUES ('timeZone', ?1)").bind(ZONE).run();
  for (const [i, seed] of seeds.entries()) {
    await insert(
      'account',
      testAccount({ accountNumber: `Z-${i}`, createdAt: '2020-01-01T00:00:00.000Z', ...seed }),
    );
  }
});

const query = (queryString: string, conf?: object) => api.post('/v1/action/query', { queryString, conf });
const more = (queryLocator: string, conf?: object) =>
  api.post('/v1/action/queryMore', { queryLocator, conf });

async function namesWhere(condition: string): Promise<string[]> {
  const reply = await query(`select Name from Account where ${condition}`);
  expect(reply.body, condition).toMatchObject({ done: true });
  return reply.body.records.map((record: { Name: string }) => record.Name);
}

const fieldsBesideId = (count: number) => Array.from({ length: count }, (_, i) => `f${i}__c`).join();

test('as many fields as there may be are read', async () => {
  const reply = await query(`select ${fieldsBesideId(LIVE_FIELDS_MAX - 1)} from Account where Name = 'Ann'`);
  expect(reply).toMatchObject({ status: 200, body: { size: 1 } });
});

test('a record has its Id and what was asked for, without nulls, as the older resources show it', async () => {
  const reply = await query(
    "select AutoPay, billcycleday, Balance, ParentId, CreatedDate, LastInvoiceDate, region__c FROM account where AccountNumber = 'Z-0'",
  );
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual({
    size: 1,
    done: true,
    records: [
      {
        Id: expect.stringMatching(/^[0-9a-f]{32}$/),
        AutoPay: true,
        BillCycleDay: 1,
        Balance: 0,
        CreatedDate: '2026-01-10T23:59:59.999+01:00',
      },
    ],
  });
});

test.each<readonly [condition: string, ...names: string[]]>([
  ["Name = 'Ann'", 'Ann'],
  ["Name = 'O\\'Neil'", "O'Neil"],
  ["Name = 'O''Neil'", "O'Neil"],
  ["Name = 'Back\\\\slash'", 'Back\\slash'],
  ["Name like 'A%'", 'Ann', 'A_n%'],
  ["Name like '%n'", 'Ann', 'ann'],
  ["Name like 'A_n'"],
  ["Name like '%ei%'", "O'Neil"],
  ["Name like 'B%k%s%h'", 'Back\\slash'],
  ["BillCycleDay >= 15 and Status = 'Active'", 'Back\\slash'],
  ["Name = 'Ann' or Name = 'ann' and BillCycleDay = 1", 'Ann'],
  ['BillCycleDay < 3 and AutoPay = false', 'ann'],
  ['AutoPay = true', 'Ann'],
  ['AutoPay != false', 'Ann'],
  ['ParentId != null', "O'Neil"],
  ["ParentId != 'x'", "O'Neil"],
  ['ParentId = null and BillCycleDay > 3', 'Back\\slash', 'A_n%'],
  ["CreatedDate = '2026-01-11'", 'ann', "O'Neil"],
  ["CreatedDate > '2026-01-11'", 'A_n%'],
  ["CreatedDate >= '2026-01-11T00:00:00' and CreatedDate < '2026-01-11T23:59:59'", 'ann'],
  ["CreatedDate = '2026-01-11T00:00:00+01:00'", 'ann'],
  ["CreatedDate = '2026-01-10T22:59:59Z'", 'Ann'],
  ["region__c = 'north'", 'Back\\slash'],
  ["rank__c = '5'", 'Back\\slash'],
  ['Balance = 0.00 and BillCycleDay = 31', 'A_n%'],
  ["AccountNumber = 'Z-1' or AccountNumber = 'Z-4'", 'ann', 'A_n%'],
])('%s', async (condition, ...names) => {
  expect(await namesWhere(condition)).toEqual(names);
});

test.each([
  ['select Id from Nothing', 'INVALID_TYPE', 'There is no object Nothing. (line 1, column 16)'],
  ['select Id from sqlite_master', 'INVALID_TYPE', 'sqlite_master'],
  ['select Id from access_token', 'INVALID_TYPE', 'access_token'],
  ['select Id from Order', 'INVALID_TYPE', 'Order cannot be asked for in ZOQL'],
  ['select Id from CreditMemo', 'INVALID_TYPE', 'CreditMemo cannot be asked for in ZOQL'],
  [
    'select Id, Colour from Account',
    'INVALID_FIELD',
    'There is no field Colour in Account. (line 1, column 12)',
  ],
  ['select Id from Account where rowid = 1', 'INVALID_FIELD', 'rowid'],
  ['select * from Account', 'MALFORMED_QUERY', 'no *'],
  ['select Id from Account where (Name = 1)', 'MALFORMED_QUERY', 'no parentheses'],
  ['select Id from Account where Name = 1', 'INVALID_VALUE', 'Name is text: put its value in single quotes'],
  [
    "select Id from Account where AutoPay = 'true'",
    'INVALID_VALUE',
    'AutoPay is true or false, without quotes',
  ],
  ['select Id from Account where AutoPay > true', 'INVALID_VALUE', 'with = or !='],
  [
    "select Id from Account where BillCycleDay = '1'",
    'INVALID_VALUE',
    'BillCycleDay is a number: write its value without quotes (line 1, column 30)',
  ],
  ['select Id from Account where Balance > 1234567890123', 'INVALID_VALUE', 'twelve digits'],
  ['select Id from Account where Balance > 0.1234567', 'INVALID_VALUE', 'six after it'],
  ["select Id from Account where Balance like '1%'", 'INVALID_VALUE', 'like is for text'],
  ['select Id from Account where Name like 5', 'INVALID_VALUE', 'like takes a text'],
  ['select Id from Account where Name < null', 'INVALID_VALUE', 'null is compared with = and != only'],
  [
    "select Id from Account where CreatedDate > 'yesterday'",
    'INVALID_VALUE',
    "CreatedDate is a date-time, and 'yesterday' is none",
  ],
  ["select Id from Account where CreatedDate > '2026-02-30'", 'INVALID_VALUE', '2026-02-30'],
  ['select Id from Account where LastInvoiceDate > 5', 'INVALID_VALUE', 'LastInvoiceDate is a date'],
  [`select Id from Account where Name like '${'a%'.repeat(30)}'`, 'INVALID_VALUE', 'at most 50 bytes'],
  [
    `select ${fieldsBesideId(LIVE_FIELDS_MAX)} from Account`,
    'MALFORMED_QUERY',
    `at most ${LIVE_FIELDS_MAX} fields, Id among them`,
  ],
  [`select Id from Account where ${'('.repeat(10_000)}`, 'MALFORMED_QUERY', 'nested'],
])('refused: %.90s', async (queryString, FaultCode, message) => {
  const reply = await query(queryString);
  expect(reply).toMatchObject({
    status: 400,
    body: { FaultCode, FaultMessage: expect.stringContaining(message) },
  });
});

test.each([
  [{}, 'queryString'],
  [{ queryString: 5 }, 'queryString'],
  [{ queryString: 'select Id from Account', conf: { batchSize: 0 } }, 'conf.batchSize'],
  [{ queryString: 'select Id from Account', conf: { batchSize: 2_001 } }, 'conf.batchSize'],
])('a body that is none: %j', async (body, field) => {
  const reply = await api.post('/v1/action/query', body);
  expect(reply).toMatchObject({
    status: 400,
    body: { success: false, reasons: [{ message: expect.stringContaining(field) }] },
  });
});

test('where a file is made of it, ZOQL means the same', async () => {
  const options = { ...CLOCK, headers: 'query', changedSince: null, deletedColumn: null } as const;
  const compiled = (text: string) => compileZoql(text, options);
  const asked = compiled(
    "select Name, billCycleDay from Account where Name like 'A%' and BillCycleDay > 1 or Name = 'ann'",
  );
  expect(asked.columns.map(({ header }) => header)).toEqual(['Name', 'billCycleDay']);
  expect(await onCopies(asked)).toEqual([
    ['ann', 2],
    ['A_n%', 31],
  ]);
  expect(() => compiled("select Name from Account where UpdatedDate > 'today'")).toThrow(
    'UpdatedDate is a date-time',
  );
  expect(() => compiled('select Id from Order')).toThrow('cannot be asked for in ZOQL');
  expect(() => compiled('select Account.Id from Account')).toThrow('no joins');
});

describe('pages', () => {
  const names = (reply: { body: { records: Array<{ Name: string }> } }) =>
    reply.body.records.map((one) => one.Name);
  const ORDERED = 'select Name from Account where BillCycleDay = 7';

  /** So many accounts with a bill cycle day of 7. */
  async function insertSevens(prefix: string, count: number): Promise<string[]> {
    const made = Array.from({ length: count }, (_, i) => `${prefix}${i}`);
    for (const name of made)
      await insert('account', testAccount({ name, accountNumber: name, billCycleDay: 7 }));
    return made;
  }

  test('come one after another, each record once, whatever changes in between', async () => {
    const all = await insertSevens('seven-', 7);
    const first = await query(ORDERED, { batchSize: 3 });
    expect(first.body).toMatchObject({ size: 7, done: false });
    expect(first.body.queryLocator).toMatch(/^[0-9a-f]{32}-3$/);
    expect(names(first)).toEqual(all.slice(0, 3));
    // One of the first page changes, one of the last page goes, one comes.
    await env.DB.batch([
      env.DB.prepare("UPDATE account SET updated_at = '2030-01-01T00:00:00.000Z' WHERE name = 'seven-0'"),
      env.DB.prepare("DELETE FROM account WHERE name = 'seven-5'"),
    ]);
    await insertSevens('late-', 1);
    const second = await more(first.body.queryLocator, { batchSize: 3 });
    expect(second.body).toMatchObject({ size: 7, done: true });
    expect(second.body).not.toHaveProperty('queryLocator');
    expect(names(second)).toEqual(['seven-3', 'seven-4', 'seven-6']);
    // The same page again is the same page.
    expect(names(await more(first.body.queryLocator, { batchSize: 1 }))).toEqual(['seven-3']);
  });

  test('of rows that are several records each end inside of a row', async () => {
    const dates = { EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2050-01-01' };
    const create = async (object: string, body: object): Promise<string> => {
      const { Id } = (await api.post(`/v1/object/${object}`, body)).body;
      return Id;
    };
    const ProductId = await create('product', { Name: 'Tiered', ...dates });
    const ProductRatePlanId = await create('product-rate-plan', { Name: 'Tiered', ProductId, ...dates });
    const tiers = ['USD', 'EUR', 'GBP'].map((Currency, i) => ({ Currency, Price: i + 1 }));
    for (const Name of ['one', 'other']) {
      await create('product-rate-plan-charge', {
        Name,
        ProductRatePlanId,
        ChargeType: 'Recurring',
        ChargeModel: 'Flat Fee Pricing',
        BillCycleType: 'DefaultFromCustomer',
        BillingPeriod: 'Month',
        TriggerEvent: 'ContractEffective',
        UseDiscountSpecificAccountingCode: false,
        ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: tiers },
      });
    }
    const shown: Array<readonly [number, string]> = [];
    let reply = await query('select Price, Currency from ProductRatePlanChargeTier', { batchSize: 2 });
    for (;;) {
      expect(reply.body.size).toBe(6);
      for (const { Price, Currency } of reply.body.records) shown.push([Price, Currency]);
      if (reply.body.done) break;
      reply = await more(reply.body.queryLocator, { batchSize: 2 });
    }
    const each = [
      [1, 'USD'],
      [2, 'EUR'],
      [3, 'GBP'],
    ];
    expect(shown).toEqual([...each, ...each]);
    const { Id } = reply.body.records[1];
    const found = await query(`select Price from ProductRatePlanChargeTier where Id = '${Id}'`);
    expect(found.body).toEqual({ size: 1, done: true, records: [{ Id, Price: 3 }] });
  });

  test('cost what the first cost, along an index and along the row ids', async () => {
    const statement = `INSERT INTO contact (id, revision, account_id, first_name, last_name, details, custom_fields, created_at, created_by, updated_at, updated_by)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
      SELECT ?3 || substr('0000000' || i, -7), 1, ?2, 'F' || i, 'L', '{}', '{}', '2026-01-01T00:00:00.000Z', 'c', '2026-01-01T00:00:00.000Z', 'c' FROM n`;
    const [few, many] = [testAccount({ name: 'few' }), testAccount({ name: 'many' })];
    for (const account of [few, many]) await insert('account', account);
    await env.DB.prepare(statement)
      .bind(zoqlLimits.matchesMax + 1, many.id, 'c'.repeat(25))
      .run();
    await env.DB.prepare(statement).bind(200, few.id, 'b'.repeat(25)).run();

    for (const [accountId, along, size] of [
      [few.id, 'matches', 200],
      [many.id, 'windows', zoqlLimits.matchesMax + 1],
    ] as const) {
      const asked = compileLiveZoql(`select FirstName from Contact where AccountId = '${accountId}'`, CLOCK);
      const { course } = await readFirstPage(env.DB, asked, 50);
      expect(course).toMatchObject({ along, size });
      const reads: number[] = [];
      const session = countingReads(reads);
      let next: Position | null = BEGINNING;
      for (let i = 0; next !== null && i < 4; i += 1)
        next = (await readPage(session, asked, course, next, 50)).next;
      expect(reads).toHaveLength(4);
      expect(reads[0]).toBeLessThan(1_000);
      expect(Math.max(...reads), `${along}: ${reads}`).toBeLessThan(reads[0]! * 1.1);
    }
    // Found along their indexes, whatever stands beside: not a hundredth of the table is read.
    for (const condition of [
      `Id = '${'b'.repeat(25)}0000001' or Id = '${'b'.repeat(25)}0000002'`,
      "UpdatedDate > '2029-01-01' and FirstName != 'x'",
      "UpdatedDate > '2025-01-01' and UpdatedDate < '2025-01-02T00:00:00' and FirstName = 'x'",
      `AccountId = '${many.id}' and Id = '${'c'.repeat(25)}0000001'`,
      `AccountId = '${PARENT}' or Id = 'x' and LastName = 'L' or UpdatedDate > '2029-01-01T00:00:00'`,
    ]) {
      const reads: number[] = [];
      const asked = compileLiveZoql(`select FirstName from Contact where ${condition}`, CLOCK);
      expect((await readFirstPage(countingReads(reads), asked, 50)).course.along).toBe('matches');
      expect(
        reads.reduce((sum, rows) => sum + rows, 0),
        condition,
      ).toBeLessThan(100);
    }
    // What the index leads to is counted, whatever else is asked of it and however little that leaves.
    for (const all of [
      "UpdatedDate > '2000-01-01T00:00:00'",
      "UpdatedDate > '2000-01-01T00:00:00' and UpdatedDate > '2029-01-01T00:00:00'",
      `AccountId = '${many.id}'`,
      `Id > '' and Id like '%nope'`,
    ]) {
      const asked = compileLiveZoql(`select Id from Contact where ${all} and FirstName = 'nope'`, CLOCK);
      expect((await readFirstPage(env.DB, asked, 50)).course.along).toBe('windows');
    }
    await env.DB.prepare('DELETE FROM contact WHERE account_id IN (?1, ?2)').bind(few.id, many.id).run();
  });

  /** D1, of which the rows that each statement reads are noted. */
  function countingReads(reads: number[]): D1Database {
    return {
      prepare: (sql: string) => ({
        bind: (...values: unknown[]) => ({
          all: async () => {
            const result = await env.DB.prepare(sql)
              .bind(...values)
              .all();
            reads.push(result.meta.rows_read);
            return result;
          },
        }),
      }),
    } as unknown as D1Database;
  }

  test('conditions without an index are not asked of a table of too many rows; others are', async () => {
    const account = await insert('account', testAccount({ name: 'far away', accountNumber: 'FAR' }));
    await env.DB.prepare('UPDATE account SET rowid = ?1 WHERE id = ?2')
      .bind(zoqlLimits.rowsMax + 1, account.id)
      .run();
    const refused = await query("select Id from Account where Name = 'far away'");
    expect(refused).toMatchObject({
      status: 400,
      body: { FaultCode: 'QUERY_TIMEOUT', FaultMessage: expect.stringContaining(String(zoqlLimits.rowsMax)) },
    });
    expect(await namesWhere("AccountNumber = 'FAR'")).toEqual(['far away']);
    const all = await query('select Name from Account', { batchSize: 2 });
    expect(all.body).toMatchObject({ done: false });
    await env.DB.prepare('DELETE FROM account WHERE id = ?1').bind(account.id).run();
  });

  test('can be asked for so long and no longer', async () => {
    const first = await query('select Name from Account', { batchSize: 1 });
    const { queryLocator } = first.body;
    const id = queryLocator.split('-')[0];
    const stored = await env.DB.prepare('SELECT expires_at AS at FROM zoql_locator WHERE id = ?1')
      .bind(id)
      .first<{ at: string }>();
    const minutes = (Date.parse(stored!.at) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(zoqlLimits.locatorMinutes - 1);
    expect(minutes).toBeLessThanOrEqual(zoqlLimits.locatorMinutes);
    await env.DB.prepare("UPDATE zoql_locator SET expires_at = '2026-01-01T00:00:00.000Z' WHERE id = ?1")
      .bind(id)
      .run();
    const late = await more(queryLocator);
    expect(late).toMatchObject({ status: 400, body: { FaultCode: 'INVALID_QUERY_LOCATOR' } });
    expect(await expire(env.DB, '2026-01-02T00:00:00.000Z')).toBe('done');
    const left = await env.DB.prepare('SELECT count(*) AS n FROM zoql_locator WHERE id = ?1')
      .bind(id)
      .first<{ n: number }>();
    expect(left!.n).toBe(0);
  });

  test.each([
    '',
    'x',
    `${'a'.repeat(32)}-1`,
    `${'a'.repeat(32)}-`,
    '-2000',
    `${'A'.repeat(32)}-2000`,
    "' OR 1=1 --",
  ])('no locator: %s', async (queryLocator) => {
    const reply = await more(queryLocator);
    expect(reply).toMatchObject({
      status: 400,
      body: { FaultCode: 'INVALID_QUERY_LOCATOR', FaultMessage: expect.stringContaining('queryLocator') },
    });
  });
});
