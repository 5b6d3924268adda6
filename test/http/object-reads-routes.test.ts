import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/domain/result.ts';
import { OBJECTS_READ } from '../../src/http/routes/object-reads.ts';
import { writeSettings } from '../../src/persistence/tenant-settings.ts';
import { queryObject } from '../../src/query/object-query/object-query.ts';
import { objectNamed } from '../../src/query/objects/index.ts';
import { recordSql } from '../../src/query/records.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { counting } from '../support/object-query-calls.ts';
import { NOBODY } from '../support/object-writes.ts';
import { type QueriedAccount, queriedAccount } from '../support/queried-account.ts';

// GET of the older resources: every object by its id, from the model; what has no value is left out, and only what is asked for is read.

let api: InProcessApi;
let made: QueriedAccount;
let ids: Readonly<Record<string, string>>;
const MISSING = { status: 404, body: { done: true, records: [], size: 0 } };

async function idOf(sql: string, ...values: string[]): Promise<string> {
  const row = await env.DB.prepare(sql)
    .bind(...values)
    .first<{ id: string }>();
  return row!.id;
}

beforeAll(async () => {
  api = await inProcessApi('admin');
  made = await queriedAccount(api, 'crud reads');
  const { accountId, standaloneInvoiceId, paymentId, subscriptionNumber } = made;
  const chargeId = await idOf(
    "SELECT c.id FROM charge AS c JOIN subscription AS s ON s.original_id = c.subscription_original_id WHERE s.subscription_number = ?1 AND c.name = 'Seats' AND c.segment = 1 AND c.removed_in_version IS NULL",
    subscriptionNumber,
  );
  const unit = await api.post('/v1/object/unit-of-measure', { UomName: 'Seats', DecimalPlaces: 2 });
  ids = {
    account: accountId,
    'bill-run': made.billRunId,
    contact: made.billToContactId,
    invoice: standaloneInvoiceId,
    'invoice-item': await idOf(
      'SELECT id FROM invoice_item WHERE invoice_id = ?1 ORDER BY amount_minor DESC',
      standaloneInvoiceId,
    ),
    'invoice-payment': await idOf('SELECT id FROM payment_application WHERE payment_id = ?1', paymentId),
    payment: paymentId,
    'payment-method': made.paymentMethodId,
    'rate-plan': await idOf('SELECT rate_plan_id AS id FROM charge WHERE id = ?1', chargeId),
    'rate-plan-charge': chargeId,
    'rate-plan-charge-tier': `${chargeId.slice(0, 29)}001`,
    refund: made.refundId,
    subscription: await idOf(
      'SELECT id FROM subscription WHERE subscription_number = ?1 AND is_latest_version = 1',
      subscriptionNumber,
    ),
    'unit-of-measure': unit.body.Id,
    usage: made.usageId,
  };
});

describe('GET /v1/object/{object}/{id}', () => {
  // What queried-account.ts says was made, in the words of these resources.
  test.each([
    ['account', { Currency: 'USD', Status: 'Active', CreditBalance: 0 }],
    ['bill-run', { AutoEmail: false, TargetDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) }],
    ['contact', { FirstName: expect.any(String), LastName: expect.any(String) }],
    ['invoice', { Amount: 150, Status: 'Posted' }],
    ['invoice-item', { ChargeAmount: 100, ProcessingType: 0 }],
    ['invoice-payment', { Amount: 110, RefundAmount: 0 }],
    ['payment', { Amount: 120, Status: 'Processed', Type: 'External' }],
    ['payment-method', { Type: 'CreditCard' }],
    ['rate-plan', { Name: expect.stringContaining('Plan') }],
    ['rate-plan-charge', { Name: 'Seats', Quantity: 4, MRR: 25, Segment: 1 }],
    ['rate-plan-charge-tier', { Price: 6.25, Tier: 1 }],
    ['refund', { Amount: 4 }],
    ['subscription', { InitialTerm: 12, TermType: 'TERMED' }],
    ['unit-of-measure', { UomName: 'Seats', DecimalPlaces: 2, RoundingMode: 'UP', Active: true }],
    [
      'usage',
      {
        Quantity: 10,
        UOM: 'Minutes',
        RbeStatus: 'Pending',
        StartDateTime: expect.stringMatching(/^2026-01-05T/),
      },
    ],
  ])(
    '%s: its values, no nulls, only what is asked for, and nothing for another id',
    async (object, values) => {
      const path = `/v1/object/${object}/${ids[object]}`;
      const { status, body } = await api.get(path);
      expect([status, body], JSON.stringify(body)).toEqual([
        200,
        expect.objectContaining({ Id: ids[object], ...values }),
      ]);
      expect(Object.values(body)).not.toContain(null);
      for (const name of Object.keys(body).filter((one) => /Date$/.test(one) && /T\d\d:/.test(body[one]))) {
        expect([name, body[name]]).toEqual([
          name,
          expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
        ]);
      }
      const [name] = Object.keys(values);
      const some = await api.get(`${path}?fields=${name!.toLowerCase()}, NoSuchField`);
      expect(some).toMatchObject({ status: 200, body: { Id: ids[object], [name!]: body[name!] } });
      expect(Object.keys(some.body).sort()).toEqual(['Id', name].sort());
      expect(await api.get(`/v1/object/${object}/${NOBODY}`)).toMatchObject(MISSING);
      expect(await api.get(`/v1/object/${object}/none`)).toMatchObject(MISSING);
    },
  );

  test('times are told in the tenant’s zone', async () => {
    const path = `/v1/object/usage/${ids.usage}`;
    const { StartDateTime } = (await api.get(path)).body;
    await writeSettings(env.DB, { timeZone: 'Asia/Kolkata' });
    try {
      const shown = (await api.get(path)).body.StartDateTime as string;
      expect(shown).toMatch(/\.\d{3}\+05:30$/);
      expect(Date.parse(shown)).toBe(Date.parse(StartDateTime));
    } finally {
      await writeSettings(env.DB, { timeZone: 'UTC' });
    }
  });

  test('what has a number is found by it too; of a subscription it is the latest version', async () => {
    const path = `/v1/object/subscription/${ids.subscription}`;
    const next = (await api.put(path, { Notes: 'changed' })).body.Id as string;
    expect(next).not.toBe(ids.subscription);
    expect((await api.get(path)).body).toMatchObject({ Id: ids.subscription, Version: 2 });
    expect((await api.get(`/v1/object/subscription/${made.subscriptionNumber}`)).body).toMatchObject({
      Id: next,
      Version: 3,
      Notes: 'changed',
    });
    expect((await api.get(`/v1/object/account/${made.accountNumber}`)).body).toMatchObject({
      Id: ids.account,
    });
  });

  test('custom fields are shown as they were given, and can be asked for by name', async () => {
    const path = `/v1/object/rate-plan-charge/${ids['rate-plan-charge']}`;
    await api.put(path, { flag__c: true, count__c: 7, text__c: 'x', gone__c: null });
    const shown = (await api.get(path)).body;
    expect(shown).toMatchObject({ flag__c: true, count__c: 7, text__c: 'x' });
    expect(shown).not.toHaveProperty('gone__c');
    expect((await api.get(`${path}?fields=Name,flag__C`)).body).toEqual({
      Id: ids['rate-plan-charge'],
      Name: 'Seats',
      flag__c: true,
    });
  });

  test('a part of a subscription that a later version replaced is still there under its id', async () => {
    const original = await idOf(
      "SELECT c.id FROM charge AS c JOIN subscription AS s ON s.original_id = c.subscription_original_id WHERE s.subscription_number = ?1 AND c.name = 'Seats' AND c.removed_in_version IS NOT NULL LIMIT 1",
      made.subscriptionNumber,
    );
    expect(await api.get(`/v1/object/rate-plan-charge/${original}`)).toMatchObject({
      status: 200,
      body: { Id: original, Name: 'Seats' },
    });
  });
});

test('no read looks through a table: each finds its row, and those beside it, along an index', async () => {
  for (const { type, byNumber } of OBJECTS_READ) {
    const object = objectNamed(type)!;
    const rows = new Set(['t', ...object.joins.map(({ alias }) => alias)]);
    for (const key of byNumber ? [NOBODY, 'number'] : [NOBODY]) {
      const { sql } = recordSql({ object, key, names: null, byNumber });
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(key)
        .all<{ detail: string }>();
      const found = results.flatMap(({ detail }) => /^SEARCH (\w+) USING/.exec(detail)?.[1] ?? []);
      const scanned = results.flatMap(({ detail }) => /^SCAN (\w+)$/.exec(detail)?.[1] ?? []);
      expect([type, key, found.includes('t'), scanned.filter((alias) => rows.has(alias))]).toEqual([
        type,
        key,
        true,
        [],
      ]);
    }
  }
});

test('a subscription is found by its number at once, however many versions it has', async () => {
  const object = objectNamed('Subscription')!;
  const { subscriptionNumber } = made;
  const { results } = await env.DB.prepare("SELECT name FROM pragma_table_info('subscription')").all<{
    name: string;
  }>();
  const changed: Readonly<Record<string, string>> = {
    id: "printf('%032x', e.key)",
    version: '-e.key',
    is_latest_version: '0',
  };
  await env.DB.prepare(
    `INSERT INTO subscription (${results.map(({ name }) => name)}) SELECT ${results.map(({ name }) => changed[name] ?? `t.${name}`)} ` +
      'FROM json_each(?2) AS e CROSS JOIN subscription AS t WHERE t.subscription_number = ?1 AND t.is_latest_version = 1',
  )
    .bind(subscriptionNumber, JSON.stringify(Array(500).fill(0)))
    .run();
  const { db, counted } = counting();
  const shown = await queryObject(db, object, subscriptionNumber, new URLSearchParams('fields[]=id'), 'UTC');
  expect(isRefusal(shown)).toBe(false);
  expect(counted.rowsRead).toBeLessThan(30);
  const { sql } = recordSql({ object, key: subscriptionNumber, names: ['Id'], byNumber: true });
  const row = await db.prepare(sql).bind(subscriptionNumber).first();
  expect(row).toEqual({ c0: (shown as { readonly id: string }).id });
  expect(counted.rowsRead).toBeLessThan(30);
});
