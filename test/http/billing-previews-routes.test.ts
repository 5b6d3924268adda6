import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

/** What would be billed is what is then billed (I11): of an account, a subscription, an order; and a preview leaves nothing behind. */

let api: InProcessApi;
let monthly: TestOffer;
let quarterly: TestOffer;
let account: Account;

provenAfterEach();

beforeAll(async () => {
  api = await inProcessApi();
  monthly = await insertOffer(testOffer([{ price: '84' }]));
  quarterly = await insertOffer(
    testOffer([{ price: '300', billingPeriod: 'Quarter', billingTiming: 'In Arrears' }]),
  );
});

async function ok(reply: Promise<{ status: number; body: unknown }>): Promise<Record<string, unknown>> {
  const { status, body } = await reply;
  expect(status, JSON.stringify(body)).toBe(200);
  return body as Record<string, unknown>;
}

interface Item {
  readonly serviceStartDate: string;
  readonly serviceEndDate: string;
  readonly chargeAmount?: number;
  readonly amountWithoutTax?: number;
}

const lines = (items: unknown) =>
  (items as Item[])
    .map(
      (item) =>
        `${item.serviceStartDate}..${item.serviceEndDate} ${item.chargeAmount ?? item.amountWithoutTax}`,
    )
    .sort();

function action(type: string, body: object): object {
  const name = type.charAt(0).toLowerCase() + type.slice(1);
  return { type, [name]: body };
}

const creation = (offers: readonly TestOffer[], startDate: string) => ({
  orderActions: [
    {
      ...action('CreateSubscription', {
        terms: {
          initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED', startDate },
          renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
          renewalTerms: [{ period: 12, periodType: 'Month' }],
        },
        subscribeToRatePlans: offers.map(({ offer }) => ({ productRatePlanId: offer.id })),
      }),
      triggerDates: [
        { name: 'ContractEffective', triggerDate: startDate },
        { name: 'ServiceActivation', triggerDate: startDate },
        { name: 'CustomerAcceptance', triggerDate: startDate },
      ],
    },
  ],
});

function orderBody(subscriptions: object[], orderDate: string): object {
  return { orderDate, existingAccountNumber: account.accountNumber, subscriptions };
}

async function documentsOfAccount(): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT (SELECT count(*) FROM invoice WHERE account_id = ?1) + (SELECT count(*) FROM credit_memo WHERE account_id = ?1) AS n',
  )
    .bind(account.id)
    .first<{ n: number }>();
  return row!.n;
}

/** What the documents of an order's reply hold. */
async function billedBy(
  reply: Record<string, unknown>,
): Promise<{ invoices: string[]; creditMemos: string[] }> {
  const rows = async (items: string, key: string, ids: unknown) => {
    const { results } = await env.DB.prepare(
      `SELECT service_start_date || '..' || service_end_date || ' ' || (amount_minor / 100.0) AS line FROM ${items} ` +
        `WHERE ${key} IN (SELECT value FROM json_each(?1))`,
    )
      .bind(JSON.stringify(ids))
      .all<{ line: string }>();
    return results.map(({ line }) => line.replace(/\.0$/, '')).sort();
  };
  return {
    invoices: await rows('invoice_item', 'invoice_id', reply.invoiceIds),
    creditMemos: await rows('credit_memo_item', 'credit_memo_id', reply.creditMemoIds),
  };
}

/** Previews an order's documents through a day, then places it with its bill: both say the same. */
async function previewedThenPlaced(subscriptions: object[], orderDate: string, targetDate: string) {
  const body = orderBody(subscriptions, orderDate);
  const before = await documentsOfAccount();
  const options = {
    previewTypes: ['BillingDocs'],
    previewThruType: 'SpecificDate',
    specificPreviewThruDate: targetDate,
  };
  const { previewResult } = await ok(api.post('/v1/orders/preview', { ...body, previewOptions: options }));
  const { invoices, creditMemos } = previewResult as Record<string, Array<Record<string, unknown>>>;
  expect(await documentsOfAccount()).toBe(before);
  const placed = await ok(
    api.post('/v1/orders?returnIds=true', {
      ...body,
      processingOptions: { runBilling: true, billingOptions: { targetDate, documentDate: orderDate } },
    }),
  );
  expect({
    invoices: invoices!.flatMap(({ invoiceItems }) => lines(invoiceItems)).sort(),
    creditMemos: creditMemos!.flatMap(({ creditMemoItems }) => lines(creditMemoItems)).sort(),
  }).toEqual(await billedBy(placed));
  return placed;
}

describe('an order', () => {
  test.each(['2026-01-01', '2026-01-11', '2026-02-15'])(
    'bills what its preview shows, order after order, from %s on',
    async (start) => {
      account = await insert('account', testAccount());
      const made = await previewedThenPlaced([creation([monthly, quarterly], start)], start, '2026-03-10');
      const [{ subscriptionNumber }] = made.subscriptions as [{ subscriptionNumber: string }];
      const change = (type: string, body: object, day: string) => ({
        subscriptionNumber,
        orderActions: [
          { ...action(type, body), triggerDates: [{ name: 'ContractEffective', triggerDate: day }] },
        ],
      });
      const added = { productRatePlanId: monthly.offer.id };
      await previewedThenPlaced([change('AddProduct', added, '2026-03-01')], '2026-03-01', '2026-04-10');
      await previewedThenPlaced(
        [
          change(
            'Suspend',
            { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-04-05' },
            '2026-04-05',
          ),
        ],
        '2026-04-01',
        '2026-04-10',
      );
      await previewedThenPlaced(
        [change('Resume', { resumePolicy: 'SpecificDate', resumeSpecificDate: '2026-04-20' }, '2026-04-20')],
        '2026-04-01',
        '2026-06-10',
      );
      const cancel = { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: '2026-02-20' };
      await previewedThenPlaced(
        [change('CancelSubscription', cancel, '2026-02-20')],
        '2026-06-01',
        '2026-07-10',
      );
    },
  );

  test('previews so many periods, and to the end of the term', async () => {
    account = await insert('account', testAccount());
    const body = orderBody([creation([monthly], '2026-01-01')], '2026-01-01');
    const shown = async (options: object) => {
      const previewOptions = { previewTypes: ['BillingDocs', 'ChargeMetrics'], ...options };
      const { previewResult } = await ok(api.post('/v1/orders/preview', { ...body, previewOptions }));
      expect(previewResult).toHaveProperty('chargeMetrics');
      return (previewResult as { invoices: Array<{ amount: number; targetDate: string }> }).invoices;
    };
    expect(await shown({ previewThruType: 'NumberOfPeriods', previewNumberOfPeriods: 2 })).toMatchObject([
      { amount: 168, targetDate: '2026-02-28' },
    ]);
    expect(await shown({ previewThruType: 'TermEnd' })).toMatchObject([
      { amount: 1008, targetDate: '2027-01-01' },
    ]);
    const { status, body: refused } = await api.post('/v1/orders/preview', {
      ...body,
      previewOptions: { previewTypes: ['BillingDocs'], previewThruType: 'NumberOfPeriods' },
    });
    expect([status, refused.reasons[0].message]).toEqual([
      400,
      expect.stringContaining('previewNumberOfPeriods'),
    ]);
  });
});

describe('an account and a subscription', () => {
  test('the preview of an account shows what generating then bills, and keeps nothing', async () => {
    account = await insert('account', testAccount());
    await ok(api.post('/v1/orders', orderBody([creation([monthly, quarterly], '2026-01-15')], '2026-01-15')));
    const preview = await ok(
      api.post('/v1/operations/billing-preview', {
        accountNumber: account.accountNumber,
        targetDate: '2026-04-30',
      }),
    );
    expect(await documentsOfAccount()).toBe(0);
    const path = `/v1/accounts/${account.id}/billing-documents/generate`;
    const { invoices } = await ok(api.post(path, { targetDate: '2026-04-30', effectiveDate: '2026-04-30' }));
    const [{ id }] = invoices as [{ id: string }];
    const { invoiceItems } = await ok(api.get(`/v1/invoices/${id}/items`));
    expect(lines(preview.invoiceItems)).toEqual(lines(invoiceItems));
    expect(preview).toMatchObject({ accountId: account.id, creditMemoItems: [] });
    const excluded = await ok(
      api.post('/v1/operations/billing-preview', {
        accountId: account.id,
        targetDate: '2026-05-31',
        chargeTypeToExclude: 'OneTime,Recurring',
      }),
    );
    expect(excluded.invoiceItems).toEqual([]);
  });

  test('a subscription is previewed through its next periods', async () => {
    account = await insert('account', testAccount());
    const { subscriptions } = await ok(
      api.post('/v1/orders', orderBody([creation([monthly], '2026-01-01')], '2026-01-01')),
    );
    const [{ subscriptionNumber }] = subscriptions as [{ subscriptionNumber: string }];
    const reply = await ok(
      api.post(`/v1/subscriptions/${subscriptionNumber}/preview`, {
        previewStartDate: { previewStartDatePolicy: 'specificDate', specificDate: '2026-02-01' },
        previewThroughDate: { previewThruDatePolicy: 'nextBillingPeriods', nextBillingPeriods: '2' },
      }),
    );
    expect(reply).toMatchObject({ invoices: [{ amount: 168, targetDate: '2026-03-31' }], creditMemos: [] });
    expect(lines((reply.invoices as [{ invoiceItems: unknown }])[0].invoiceItems)).toEqual([
      '2026-02-01..2026-02-28 84',
      '2026-03-01..2026-03-31 84',
    ]);
    expect(await documentsOfAccount()).toBe(0);
  });

  test.each([
    ['/v1/operations/billing-preview', { accountId: 'A-none', targetDate: '2026-01-01' }, 'accountId'],
    ['/v1/operations/billing-preview', { accountId: 'A1', targetDate: 'x' }, 'targetDate'],
    ['/v1/operations/billing-preview', { targetDate: '2026-01-01' }, 'accountId'],
  ])('%s refuses %o by name', async (path, body, field) => {
    const { status, body: refused } = await api.post(path, body);
    expect([status, refused.reasons[0].message]).toEqual([400, expect.stringContaining(field)]);
  });

  test.each([{ assumeRenewal: 'All' }, { chargeTypeToExclude: 'Monthly' }, { includingDraftItems: true }])(
    'the preview of an account refuses %o',
    async (fields) => {
      account = await insert('account', testAccount());
      const body = { accountId: account.id, targetDate: '2026-01-01', ...fields };
      const { status, body: refused } = await api.post('/v1/operations/billing-preview', body);
      expect([status, refused.reasons[0].message]).toEqual([
        400,
        expect.stringContaining(Object.keys(fields)[0]!),
      ]);
    },
  );
});

test('the preview of a new subscription shows its first invoice, which is then billed, and makes neither', async () => {
  account = await insert('account', testAccount());
  const body = {
    accountKey: account.accountNumber,
    contractEffectiveDate: '2026-01-01',
    termType: 'TERMED',
    initialTerm: 12,
    subscribeToRatePlans: [{ productRatePlanId: monthly.offer.id }],
    targetDate: '2026-01-31',
  };
  const reply = await ok(api.post('/v1/subscriptions/preview', body));
  expect(reply).toMatchObject({ amount: 84, taxAmount: 0, invoiceTargetDate: '2026-01-31' });
  expect(lines(reply.invoiceItems)).toEqual(['2026-01-01..2026-01-31 84']);
  expect(await documentsOfAccount()).toBe(0);
  const listed = await ok(api.get(`/v1/subscriptions/accounts/${account.accountNumber}`));
  expect(listed.subscriptions).toEqual([]);
  await ok(api.post('/v1/subscriptions', { ...body, renewalTerm: 12, autoRenew: false, runBilling: true }));
  const { results } = await env.DB.prepare('SELECT id FROM invoice WHERE account_id = ?1')
    .bind(account.id)
    .all<{ id: string }>();
  expect(results).toHaveLength(1);
  const { invoiceItems } = await ok(api.get(`/v1/invoices/${results[0]!.id}/items`));
  expect(lines(invoiceItems)).toEqual(lines(reply.invoiceItems));
});
