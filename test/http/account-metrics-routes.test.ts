import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/account/commands.ts';
import { fromWireInvoice, wireNewInvoice } from '../../src/wire/invoices.ts';
import { fromWirePayment, wireNewPayment } from '../../src/wire/payments.ts';
import { type Call, connect } from '../support/settlement-fixtures.ts';
import { type TestLane, testLane } from '../support/test-lane.ts';

// An account's metrics: what is published, what is pending, who moved them, and that they are what the documents say. Writes go
// through a lane whose announcements nobody hears, so that what is pending stays pending until a test folds it.

let call: Call;
let quiet: TestLane;
beforeAll(async () => {
  call = await connect();
  quiet = testLane({ laneId: 'quiet', commands });
});

async function open(partnerAccount: boolean, currency = 'USD'): Promise<string> {
  const { body } = await call('POST', '/v1/accounts', {
    name: 'Distributor',
    currency,
    billCycleDay: 1,
    partnerAccount,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence' },
  });
  return body.accountId as string;
}

async function invoice(accountId: string, amount: number, fields: object = {}): Promise<string> {
  const body = wireNewInvoice.parse({
    accountId,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [{ chargeName: 'x', amount, serviceStartDate: '2026-03-01' }],
    ...fields,
  });
  const outcome = await quiet.send('invoice.create', fromWireInvoice(body));
  expect(outcome.status).toBe(200);
  return (JSON.parse(outcome.body) as { id: string }).id;
}

async function pay(accountId: string, amount: number, currency = 'USD'): Promise<void> {
  const body = wireNewPayment.parse({
    accountId,
    type: 'External',
    amount,
    currency,
    effectiveDate: '2026-03-20',
  });
  const outcome = await quiet.send('payment.create', fromWirePayment(body));
  expect(outcome.status).toBe(200);
}

const read = async (path: string) => (await call('GET', path)).body;
const metricsOf = (accountId: string) => read(`/v1/spillway/accounts/${accountId}/metrics`);
const accountOf = async (accountId: string) =>
  (await read(`/v1/accounts/${accountId}`)) as {
    basicInfo: { partnerAccount: boolean; lastMetricsUpdate: string | null };
    metrics: Record<string, number>;
    metricsData: Array<Record<string, number | string>>;
  };
const flag = (accountId: string, partnerAccount: boolean) =>
  call('PUT', `/v1/accounts/${accountId}`, { partnerAccount });

const proven = { proven: true, differences: [] };

describe('An account that is no partner', () => {
  test('is exact in the next read, with nothing pending and no time of update', async () => {
    const accountId = await open(false);
    await invoice(accountId, 12.34);
    await pay(accountId, 20);
    expect(await accountOf(accountId)).toMatchObject({
      basicInfo: { partnerAccount: false, lastMetricsUpdate: null },
      metrics: { balance: -7.66, totalInvoiceBalance: 12.34, unappliedPaymentAmount: 20 },
    });
    expect(await metricsOf(accountId)).toMatchObject({
      partnerAccount: false,
      asOf: null,
      pending: { operations: 0, deltas: 0, since: null },
      published: [{ currency: 'USD', balance: -7.66, lastInvoiceDate: '2026-03-15' }],
      exact: [{ currency: 'USD', balance: -7.66 }],
    });
  });
});

describe('A partner account', () => {
  test('shows published numbers, and beside them the exact ones and what waits', async () => {
    const accountId = await open(true);
    await invoice(accountId, 100);
    await invoice(accountId, 0.01);
    expect(await accountOf(accountId)).toMatchObject({
      basicInfo: { partnerAccount: true, lastMetricsUpdate: null },
      metrics: { balance: 0, totalInvoiceBalance: 0 },
    });
    const before = await metricsOf(accountId);
    expect(before).toMatchObject({
      published: [{ currency: 'USD', totalInvoiceBalance: 0, lastInvoiceDate: null }],
      exact: [
        { currency: 'USD', totalInvoiceBalance: 100.01, balance: 100.01, lastInvoiceDate: '2026-03-15' },
      ],
      pending: { operations: 2, deltas: 2, since: expect.stringMatching(/^\d{4}-.*[+-]\d\d:\d\d$/) },
      watermark: 0,
      asOf: null,
    });
    expect(await read(`/v1/spillway/accounts/${accountId}/metrics/proof`)).toMatchObject(proven);

    const refreshed = await call('POST', `/v1/spillway/accounts/${accountId}/metrics/refresh`);
    expect(refreshed).toMatchObject({
      status: 200,
      body: {
        published: [{ totalInvoiceBalance: 100.01 }],
        exact: [{ totalInvoiceBalance: 100.01 }],
        pending: { operations: 0, since: null },
        asOf: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
      },
    });
    const after = await accountOf(accountId);
    expect(after.metrics).toMatchObject({ balance: 100.01 });
    expect(after.basicInfo.lastMetricsUpdate).toBe(refreshed.body.asOf);
    const summary = (await read(`/v1/accounts/${accountId}/summary`)).basicInfo;
    expect(summary).toMatchObject({
      balance: 100.01,
      lastInvoiceDate: '2026-03-15',
      lastMetricsUpdate: refreshed.body.asOf,
    });
    expect(await read(`/v1/object/account/${accountId}`)).toMatchObject({
      PartnerAccount: true,
      LastMetricsUpdate: refreshed.body.asOf,
      Balance: 100.01,
      TotalInvoiceBalance: 100.01,
    });
  });

  test('keeps every currency apart, its own first', async () => {
    const accountId = await open(true);
    await pay(accountId, 50_000, 'JPY');
    await invoice(accountId, 1.005, { currency: 'KWD' });
    expect((await metricsOf(accountId)).exact).toMatchObject([
      { currency: 'USD', balance: 0 },
      { currency: 'JPY', unappliedPaymentAmount: 50_000, balance: -50_000 },
      { currency: 'KWD', totalInvoiceBalance: 1.005 },
    ]);
    await call('POST', `/v1/spillway/accounts/${accountId}/metrics/refresh`);
    const { metricsData, metrics } = await accountOf(accountId);
    expect(metrics).toMatchObject({ balance: 0 });
    expect(metricsData.map((row) => [row.currency, row.balance])).toEqual([
      ['USD', 0],
      ['JPY', -50_000],
      ['KWD', 1.005],
    ]);
    expect(await read(`/v1/spillway/accounts/${accountId}/metrics/proof`)).toMatchObject(proven);
  });

  test('stays exact where a number would be rounded: beyond 2^53 minor units', async () => {
    const accountId = await open(true);
    for (let i = 0; i < 10; i++) await invoice(accountId, 9_007_199_254_740.99);
    const last = await invoice(accountId, 0.03);
    expect(await read(`/v1/spillway/accounts/${accountId}/metrics/proof`)).toMatchObject(proven);
    await env.DB.prepare('UPDATE invoice SET balance_minor = 2 WHERE id = ?1').bind(last).run();
    // 10 × 9,007,199,254,740.99 + 0.03 is 2^53 + 1 cents: a float has no number for it.
    expect(await read(`/v1/spillway/accounts/${accountId}/metrics/proof`)).toMatchObject({
      differences: [{ fromDeltas: '90071992547409.93', fromDocuments: '90071992547409.92' }],
    });
  });
});

describe('The flag', () => {
  test('set: the numbers stay, there is no time of update yet, later writes wait', async () => {
    const accountId = await open(false);
    await invoice(accountId, 10);
    await flag(accountId, true);
    expect(await accountOf(accountId)).toMatchObject({
      basicInfo: { partnerAccount: true, lastMetricsUpdate: null },
      metrics: { totalInvoiceBalance: 10 },
    });
    await invoice(accountId, 5);
    expect((await accountOf(accountId)).metrics).toMatchObject({ totalInvoiceBalance: 10 });
    expect(await metricsOf(accountId)).toMatchObject({
      exact: [{ totalInvoiceBalance: 15 }],
      pending: { operations: 1 },
    });
  });

  test('cleared: what was pending is published before the reply, and the time of update is gone', async () => {
    const accountId = await open(true);
    await invoice(accountId, 10);
    await call('POST', `/v1/spillway/accounts/${accountId}/metrics/refresh`);
    await invoice(accountId, 5);
    await pay(accountId, 1);
    expect((await accountOf(accountId)).metrics).toMatchObject({ totalInvoiceBalance: 10 });
    expect((await flag(accountId, false)).body).toEqual({ success: true });
    expect(await accountOf(accountId)).toMatchObject({
      basicInfo: { partnerAccount: false, lastMetricsUpdate: null },
      metrics: { totalInvoiceBalance: 15, unappliedPaymentAmount: 1, balance: 14 },
    });
    const due = await env.DB.prepare('SELECT count(*) AS n FROM metrics_due WHERE account_id = ?1')
      .bind(accountId)
      .first<{ n: number }>();
    expect(due?.n).toBe(0);
    expect(await metricsOf(accountId)).toMatchObject({ pending: { operations: 0 }, asOf: null });
  });

  test('set and cleared under writes changes no number', async () => {
    const accountId = await open(false);
    const flips = async () => {
      for (const value of [true, false, true, false, true, false]) {
        expect((await flag(accountId, value)).status).toBe(200);
      }
    };
    await Promise.all([flips(), ...Array.from({ length: 40 }, () => invoice(accountId, 12.34))]);
    expect(await accountOf(accountId)).toMatchObject({
      basicInfo: { partnerAccount: false, lastMetricsUpdate: null },
      metrics: { totalInvoiceBalance: 493.6 },
    });
    expect(await read(`/v1/spillway/accounts/${accountId}/metrics/proof`)).toMatchObject(proven);
  });
});

describe('The operations behind the numbers', () => {
  test('are listed newest first, with their document and request, in pages by sequence', async () => {
    const accountId = await open(true);
    const first = await invoice(accountId, 1);
    await call('POST', `/v1/spillway/accounts/${accountId}/metrics/refresh`);
    const second = await invoice(accountId, 2);
    const third = await invoice(accountId, 3);
    const path = `/v1/spillway/accounts/${accountId}/metrics/operations`;
    const page = await read(`${path}?pageSize=2`);
    expect(page.operations).toMatchObject([
      { documentId: third, totalInvoiceBalance: 3, balance: 3, published: false },
      {
        documentId: second,
        documentKind: 'invoice',
        currency: 'USD',
        totalInvoiceBalance: 2,
        command: 'invoice.create',
        actor: 'test',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        published: false,
      },
    ]);
    const next = new URL(page.nextPage as string);
    const rest = await read(next.pathname + next.search);
    expect(rest).not.toHaveProperty('nextPage');
    expect(rest.operations).toMatchObject([{ documentId: first, published: true }]);
    for (const query of ['before=0', 'before=x', 'pageSize=0']) {
      expect((await call('GET', `${path}?${query}`)).status).toBe(400);
    }
  });
});

describe('The proof', () => {
  test('finds a document that was changed behind the metrics', async () => {
    const accountId = await open(false);
    const id = await invoice(accountId, 10);
    await env.DB.prepare('UPDATE invoice SET balance_minor = 900 WHERE id = ?1').bind(id).run();
    expect(await read(`/v1/spillway/accounts/${accountId}/metrics/proof`)).toMatchObject({
      success: true,
      proven: false,
      differences: [{ currency: 'USD', metric: 'totalInvoiceBalance', fromDeltas: '10', fromDocuments: '9' }],
    });
  });

  test('sums decimal MRR in integers, of subscriptions that count', async () => {
    const accountId = await open(false);
    await env.DB.batch(
      [
        ['Active', '63.333333333', 1],
        ['Suspended', '18.3', 1],
        ['Pending Activation', '84', 1],
        ['Active', '-0.000000001', 1],
        ['Cancelled', '500', 1],
        ['Active', '7', 0],
      ].map(([status, mrr, latest], i) =>
        env.DB.prepare(
          'INSERT INTO subscription (id, revision, subscription_number, original_id, version, is_latest_version, status, ' +
            'account_id, invoice_owner_account_id, order_id, order_number, currency, term_type, contract_effective_date, ' +
            'subscription_start_date, term_start_date, renewal_setting, auto_renew, contracted_mrr, details, custom_fields, ' +
            'created_at, created_by, updated_at, updated_by) ' +
            "VALUES (?1, 1, ?1, ?1, 1, ?2, ?3, ?4, ?4, 'o', 'O-1', 'USD', 'TERMED', '2026-01-01', '2026-01-01', " +
            "'2026-01-01', 'RENEW', 0, ?5, '{}', '{}', 't', 'u', 't', 'u')",
        ).bind(`mrr-${i}`, latest, status, accountId, mrr),
      ),
    );
    expect(await read(`/v1/spillway/accounts/${accountId}/metrics/proof`)).toMatchObject({
      proven: false,
      differences: [
        // 63.333333333 + 18.3 + 84 − 0.000000001
        { metric: 'contractedMrr', fromDeltas: '0', fromDocuments: '165.633333332' },
      ],
    });
  });
});

test('Nobody has no metrics, and a reading client cannot fold', async () => {
  const accountId = await open(true);
  const reading = await connect('read');
  expect((await reading('POST', `/v1/spillway/accounts/${accountId}/metrics/refresh`)).status).toBe(403);
  expect((await reading('GET', `/v1/spillway/accounts/${accountId}/metrics`)).status).toBe(200);
  for (const path of ['', '/operations', '/proof']) {
    expect((await call('GET', `/v1/spillway/accounts/R-nobody/metrics${path}`)).status).toBe(404);
  }
  expect((await call('POST', '/v1/spillway/accounts/R-nobody/metrics/refresh')).status).toBe(404);
});
