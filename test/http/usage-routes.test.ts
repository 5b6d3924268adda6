import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { writeSettings } from '../../src/persistence/tenant-settings.ts';
import { type Call, connect, putAccount, type Reply } from '../support/settlement-fixtures.ts';
import { putUsagePlan, subscribe } from '../support/usage-fixtures.ts';

// Usage, one record at a time: resolved to one charge, late or not, shown as live lines count it, deleted while they do not.
const NOBODY = '0'.repeat(32);
let call: Call;
let planId: string;
let otherPlanId: string;

beforeAll(async () => {
  call = await connect('standard');
  const admin = await connect('admin');
  planId = await putUsagePlan(admin);
  otherPlanId = await putUsagePlan(admin);
});

async function subscribed(plan = planId) {
  const account = await putAccount();
  return { account, ...(await subscribe(call, account, plan)) };
}

function record(fields: object): Promise<Reply> {
  return call('POST', '/v1/object/usage', {
    UOM: 'Minutes',
    Quantity: 10,
    StartDateTime: '2026-03-05T10:00:00Z',
    ...fields,
  });
}

function expectRefused({ status, body }: Reply, wanted: number, names: string): void {
  expect(status, JSON.stringify(body)).toBe(wanted);
  expect((body.Errors as Array<{ Message: string }>)[0]!.Message).toContain(names);
}

async function usageOf(account: Account): Promise<Array<Record<string, unknown>>> {
  const { body } = await call('GET', `/v1/usage/accounts/${account.accountNumber}`);
  return body.usage as Array<Record<string, unknown>>;
}

async function billingFrom(number: string, value?: string): Promise<{ day: string; revision: number }> {
  const where = 'WHERE subscription_number = ?1 AND is_latest_version = 1';
  if (value !== undefined) {
    await env.DB.prepare(`UPDATE subscription SET billing_from = ?2, revision = revision + 1 ${where}`)
      .bind(number, value)
      .run();
  }
  const row = await env.DB.prepare(`SELECT billing_from AS day, revision FROM subscription ${where}`)
    .bind(number)
    .first<{ day: string; revision: number }>();
  return row!;
}

describe('POST /v1/object/usage', () => {
  it('records for the one charge that fits, however it is named', async () => {
    const { account, number, id, chargeNumber } = await subscribed();
    const ways = [
      { AccountId: account.id },
      { AccountNumber: account.accountNumber },
      { SubscriptionNumber: number },
      { SubscriptionId: id, AccountId: account.id },
      { ChargeNumber: chargeNumber },
      { ChargeNumber: chargeNumber, SubscriptionNumber: number, AccountNumber: account.accountNumber },
    ];
    for (const way of ways) {
      const reply = await record({ ...way, Description: 'd', site__c: 'S1' });
      expect(reply).toMatchObject({
        status: 200,
        body: { Success: true, Id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      });
    }
    const listed = await usageOf(account);
    expect(listed).toHaveLength(ways.length);
    for (const usage of listed) {
      expect(usage).toMatchObject({
        accountId: account.id,
        accountName: account.name,
        subscriptionNumber: number,
        chargeNumber,
        quantity: 10,
        unitOfMeasure: 'Minutes',
        startDateTime: '2026-03-05 10:00:00',
        status: 'Pending',
        sourceName: 'API',
        site__c: 'S1',
      });
    }
  });

  it('reads and deletes a record, and takes a negative quantity', async () => {
    const { account, chargeNumber } = await subscribed();
    const made = await record({
      ChargeNumber: chargeNumber,
      Quantity: -2.5,
      EndDateTime: '2026-03-05T11:00:00Z',
    });
    const path = `/v1/object/usage/${made.body.Id}`;
    expect((await call('GET', path)).body).toMatchObject({
      Id: made.body.Id,
      AccountId: account.id,
      ChargeNumber: chargeNumber,
      ChargeId: expect.stringMatching(/^[0-9a-f]{32}$/),
      Quantity: -2.5,
      RbeStatus: 'Pending',
      SourceType: 'API',
      StartDateTime: '2026-03-05T10:00:00.000+00:00',
      EndDateTime: '2026-03-05T11:00:00.000+00:00',
    });
    expect((await call('GET', `${path}?fields=Id,UOM`)).body).toEqual({ Id: made.body.Id, UOM: 'Minutes' });
    expect((await call('DELETE', path)).body).toEqual({ id: made.body.Id, success: true });
    expect(await call('GET', path)).toMatchObject({ status: 404, body: { done: true, size: 0 } });
    expect((await call('DELETE', path)).status).toBe(404);
    expect(await usageOf(account)).toEqual([]);
  });

  it('records once for one idempotency key', async () => {
    const { account } = await subscribed();
    const body = { AccountId: account.id, UOM: 'Minutes', Quantity: 1, StartDateTime: '2026-03-05' };
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const first = await call('POST', '/v1/object/usage', body, headers);
    expect((await call('POST', '/v1/object/usage', body, headers)).body).toEqual(first.body);
    expect(await usageOf(account)).toHaveLength(1);
  });

  it.each([
    ['UOM', { UOM: undefined }],
    ['Quantity', { Quantity: undefined }],
    ['Quantity', { Quantity: '10' }],
    ['Quantity', { Quantity: 0.1234567891 }],
    ['StartDateTime', { StartDateTime: undefined }],
    ['StartDateTime', { StartDateTime: '2026-02-30' }],
    ['StartDateTime', { StartDateTime: '2025-12-31' }],
    ['EndDateTime', { EndDateTime: '2026-03-05T09:00:00Z' }],
    ['EndDateTime', { EndDateTime: 'later' }],
    ['UOM', { UOM: 'Litres' }],
    ['ChargeNumber', { ChargeNumber: 'C-none' }],
    ['ChargeId', { ChargeId: NOBODY, ChargeNumber: undefined }],
    ['ChargeNumber', { ChargeId: NOBODY }],
    ['SubscriptionNumber', { SubscriptionNumber: 'A-S-other' }],
    ['AccountId', { AccountId: NOBODY }],
    ['Description', { Description: 'x'.repeat(201) }],
    ['UniqueKey', { UniqueKey: 'k' }],
    ['site__c', { site__c: {} }],
  ])('names what is wrong with %s', async (names, wrong) => {
    const { account, chargeNumber } = await subscribed();
    expectRefused(await record({ ChargeNumber: chargeNumber, ...wrong }), 400, names);
    expect(await usageOf(account)).toEqual([]);
  });

  it('refuses what names no charge, none that fits, or more than one', async () => {
    const { account } = await subscribed();
    expectRefused(await record({}), 400, 'AccountId');
    expectRefused(await record({ AccountId: account.id, UOM: 'Litres' }), 400, 'AccountId');
    expectRefused(await record({ SubscriptionNumber: 'A-S-none' }), 400, 'SubscriptionNumber');
    const second = await subscribe(call, account, otherPlanId);
    expectRefused(await record({ AccountId: account.id }), 400, 'ChargeId');
    expect((await record({ SubscriptionNumber: second.number })).body).toMatchObject({ Success: true });
  });

  it('takes the day in the tenant’s zone', async () => {
    const { account, chargeNumber } = await subscribed();
    await writeSettings(env.DB, { timeZone: 'America/New_York' });
    try {
      // 02:30 UTC on the 6th is 21:30 on the 5th in New York.
      await record({ ChargeNumber: chargeNumber, StartDateTime: '2026-03-06T02:30:00Z' });
      await record({ ChargeNumber: chargeNumber, StartDateTime: '2026-07-01 08:00:00' });
      expect((await usageOf(account)).map(({ startDateTime }) => startDateTime)).toEqual([
        '2026-07-01 08:00:00',
        '2026-03-05 21:30:00',
      ]);
      const { results } = await env.DB.prepare(
        'SELECT start_date AS day, start_date_time AS instant FROM usage WHERE account_id = ?1 ORDER BY start_date',
      )
        .bind(account.id)
        .all();
      expect(results).toEqual([
        { day: '2026-03-05', instant: '2026-03-06T02:30:00.000Z' },
        { day: '2026-07-01', instant: '2026-07-01T12:00:00.000Z' },
      ]);
    } finally {
      await writeSettings(env.DB, { timeZone: 'UTC' });
    }
  });

  it('names times that are on no day of the calendar in the tenant’s zone', async () => {
    const { chargeNumber } = await subscribed();
    await writeSettings(env.DB, { timeZone: 'America/New_York' });
    try {
      for (const day of ['9999-12-31T22:00:00', '1900-01-01T00:00:00Z', '9999-12-31']) {
        expectRefused(await record({ ChargeNumber: chargeNumber, StartDateTime: day }), 400, 'StartDateTime');
        expectRefused(await record({ ChargeNumber: chargeNumber, EndDateTime: day }), 400, 'EndDateTime');
      }
    } finally {
      await writeSettings(env.DB, { timeZone: 'UTC' });
    }
  });

  it('has billing look again at days that it has settled, and only at those', async () => {
    const { chargeNumber, number } = await subscribed();
    const before = await billingFrom(number, '2026-03-01');
    await record({ ChargeNumber: chargeNumber, StartDateTime: '2026-03-05' });
    expect(await billingFrom(number)).toEqual(before);
    await record({ ChargeNumber: chargeNumber, StartDateTime: '2026-02-10' });
    expect(await billingFrom(number)).toEqual({ day: '2026-02-10', revision: before.revision + 1 });
    await record({ ChargeNumber: chargeNumber, StartDateTime: '2026-02-20' });
    expect((await billingFrom(number)).day).toBe('2026-02-10');
  });

  it('loses none of many records that arrive at once', async () => {
    const { account, chargeNumber, number } = await subscribed();
    await billingFrom(number, '2026-03-01');
    const days = Array.from({ length: 40 }, (_, i) => `2026-02-${String((i % 20) + 1).padStart(2, '0')}`);
    const replies = await Promise.all(
      days.map((StartDateTime) => record({ ChargeNumber: chargeNumber, Quantity: 1.5, StartDateTime })),
    );
    expect(replies.map(({ status }) => status)).toEqual(days.map(() => 200));
    const sum = await env.DB.prepare('SELECT sum(quantity) AS total FROM usage WHERE account_id = ?1')
      .bind(account.id)
      .first();
    expect(sum).toEqual({ total: 60 });
    expect((await billingFrom(number)).day).toBe('2026-02-01');
  });
});

describe('usage that is billed', () => {
  /** An invoice with a line over March that counts usage up to the record that arrived last. */
  async function bill(account: Account, chargeNumber: string, number: string): Promise<string> {
    const invoice = await call('POST', '/v1/invoices', {
      accountId: account.id,
      invoiceDate: '2026-04-01',
      invoiceItems: [
        { chargeName: 'Minutes', amount: 5, serviceStartDate: '2026-03-01', serviceEndDate: '2026-03-31' },
      ],
    });
    await env.DB.prepare(
      'UPDATE invoice_item SET charge_number = ?2, subscription_number = ?3, ' +
        "calculation = json_object('usage', json_object('throughSequence', (SELECT max(sequence) FROM usage))) WHERE invoice_id = ?1",
    )
      .bind(invoice.body.id, chargeNumber, number)
      .run();
    return invoice.body.id as string;
  }

  it('is Processed while a live line counts it, and cannot be deleted', async () => {
    const { account, chargeNumber, number } = await subscribed();
    const counted = await record({ ChargeNumber: chargeNumber });
    const invoiceId = await bill(account, chargeNumber, number);
    const arrivedLater = await record({ ChargeNumber: chargeNumber, Quantity: 3 });
    const elsewhere = await record({ ChargeNumber: chargeNumber, StartDateTime: '2026-04-02' });
    const statusOf = async ({ body }: Reply) =>
      (await call('GET', `/v1/object/usage/${body.Id}`)).body.RbeStatus;
    expect(await statusOf(counted)).toBe('Processed');
    expect(await statusOf(arrivedLater)).toBe('Pending');
    expect(await statusOf(elsewhere)).toBe('Pending');
    expectRefused(await call('DELETE', `/v1/object/usage/${counted.body.Id}`), 400, 'billed');
    expect((await call('DELETE', `/v1/object/usage/${arrivedLater.body.Id}`)).status).toBe(200);
    await call('PUT', `/v1/object/invoice/${invoiceId}`, { Status: 'Canceled' });
    expect(await statusOf(counted)).toBe('Pending');
    expect((await call('DELETE', `/v1/object/usage/${counted.body.Id}`)).status).toBe(200);
  });
});

test('the summary of an account shows its six latest days of usage', async () => {
  const { account, chargeNumber } = await subscribed();
  const summary = `/v1/accounts/${account.accountNumber}/summary`;
  expect((await call('GET', summary)).body.usage).toEqual([]);
  for (let day = 1; day <= 7; day++) {
    await record({
      ChargeNumber: chargeNumber,
      Quantity: day + 0.5,
      StartDateTime: `2026-03-0${day}T10:00:00Z`,
    });
  }
  expect((await call('GET', summary)).body.usage).toEqual(
    [7, 6, 5, 4, 3, 2].map((day) => ({
      quantity: day + 0.5,
      startDate: `2026-03-0${day}`,
      unitOfMeasure: 'Minutes',
    })),
  );
  expect((await call('GET', `${summary}?excludeUsage=true`)).body).not.toHaveProperty('usage');
});

describe('GET /v1/usage/accounts/{account-key}', () => {
  it('pages, the latest days first', async () => {
    const { account, chargeNumber } = await subscribed();
    for (const day of ['2026-03-01', '2026-03-03', '2026-03-02']) {
      await record({ ChargeNumber: chargeNumber, StartDateTime: day });
    }
    const first = await call('GET', `/v1/usage/accounts/${account.id}?pageSize=2`);
    const rest = await call('GET', (first.body.nextPage as string).replace('https://spillway.test', ''));
    const days = [first, rest].flatMap(({ body }) =>
      (body.usage as Array<{ startDateTime: string }>).map(({ startDateTime }) => startDateTime.slice(0, 10)),
    );
    expect(days).toEqual(['2026-03-03', '2026-03-02', '2026-03-01']);
    expect((await call('GET', `/v1/usage/accounts/${NOBODY}`)).status).toBe(404);
  });
});
