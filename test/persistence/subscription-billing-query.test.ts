import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { billSubscription } from '../../src/domain/billing/bill-subscription.ts';
import { type BilledLine, billingKey, type SubscriptionBilling } from '../../src/domain/billing/billable.ts';
import { billingRuleDefaults } from '../../src/domain/billing/billing-rules.ts';
import { isRefusal } from '../../src/domain/result.ts';
import {
  SUBSCRIPTION_BILLING_SQL,
  toSubscriptionBilling,
} from '../../src/persistence/subscription-billing.ts';
import { testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer, workerApi } from '../support/worker-api.ts';

// What billing reads of a subscription: charges from the first unsettled day on, lines of live documents that reach it, and what was given
// back of those lines before it.

async function read(number: string): Promise<SubscriptionBilling> {
  const row = await env.DB.prepare(SUBSCRIPTION_BILLING_SQL)
    .bind(JSON.stringify([billingKey(number)]))
    .first<Record<string, unknown>>();
  return toSubscriptionBilling(row!);
}

test('lines of live documents are read from the first unsettled day on, with all that was given back of them', async () => {
  const api = await workerApi();
  const payer = await insert('account', testAccount());
  const seats = await insertOffer(testOffer([{ price: '310' }]));
  const initialTerm = { termType: 'EVERGREEN', startDate: '2026-01-01' };
  const createSubscription = {
    terms: { initialTerm },
    subscribeToRatePlans: [{ productRatePlanId: seats.offer.id }],
  };
  const { body } = await api.post('/v1/orders', {
    orderDate: '2026-01-01',
    existingAccountNumber: payer.accountNumber,
    subscriptions: [{ orderActions: [{ type: 'CreateSubscription', createSubscription }] }],
  });
  const number: string = body.subscriptions[0].subscriptionNumber;
  const fresh = await read(number);
  expect(fresh.charges.map(({ firstStartDate, ratePlan }) => [firstStartDate, ratePlan.name])).toEqual([
    ['2026-01-01', seats.offer.plan.name],
  ]);
  expect(fresh.billed).toEqual([]);
  let ids = 0;
  const first = billSubscription(fresh, {
    targetDate: '2026-03-01',
    rules: billingRuleDefaults,
    billCycleDay: 1,
    chargeTypesToExclude: new Set(),
    newId: () => `b${(++ids).toString().padStart(31, '0')}`,
    usageOf: () => {
      throw new Error('there is no usage');
    },
  });
  if (isRefusal(first)) throw new Error(first.message);
  const { lines } = first;
  const made = await api.post('/v1/invoices', {
    accountNumber: payer.accountNumber,
    invoiceDate: '2026-01-01',
    invoiceItems: [{ amount: 1, chargeName: 'x', serviceStartDate: '2026-01-01' }],
  });
  const invoiceId: string = made.body.id;
  const common = {
    revision: 1,
    invoiceId,
    appliedMinor: 0,
    creditedMinor: 0,
    customFields: {},
    createdAt: 'now',
  };
  for (const [i, line] of lines.entries()) await insert('invoiceItem', { ...line, ...common, line: i + 2 });
  const [january, february, march] = lines;
  const back = {
    ...february!,
    id: 'b'.repeat(32),
    appliedToItemId: february!.id,
    amountMinor: -100,
    serviceEndDate: '2026-02-05',
  };
  await insert('invoiceItem', { ...back, ...common, line: 9 });
  await env.DB.prepare("UPDATE subscription SET billing_from = '2026-02-20' WHERE subscription_number = ?1")
    .bind(number)
    .run();
  const { billed } = await read(number);
  expect(billed.map(({ itemId }) => itemId).sort()).toEqual([february!.id, march!.id, back.id].sort());
  expect(billed.some(({ itemId }) => itemId === january!.id)).toBe(false);
  const read0 = billed.find(({ itemId }) => itemId === back.id);
  expect(read0).toEqual({
    itemId: back.id,
    documentKind: 'invoice',
    documentId: invoiceId,
    chargeNumber: back.chargeNumber!,
    processingType: 'Charge',
    amountMinor: -100,
    serviceStartDate: '2026-02-01',
    serviceEndDate: '2026-02-05',
    appliedToItemId: february!.id,
    chargeId: back.chargeId!,
    chargeName: back.chargeName,
    quantity: '1',
    unitPrice: '310',
    productRatePlanChargeId: back.productRatePlanChargeId,
    details: back.details,
    calculation: JSON.parse(JSON.stringify(back.calculation)),
  } satisfies BilledLine);
  await env.DB.prepare("UPDATE invoice SET status = 'Canceled' WHERE id = ?1").bind(invoiceId).run();
  expect((await read(number)).billed).toEqual([]);
});

test.each([
  ['TERMED', 12, ['2026-01-01..2026-03-01', '2026-01-01..2027-01-01']],
  ['EVERGREEN', null, ['2026-01-01..null']],
] as const)(
  'with a fixed discount of a %s subscription charges are read from its first day on, if it ends',
  async (termType, period, expected) => {
    const api = await workerApi();
    const payer = await insert('account', testAccount());
    const ended = await insertOffer(testOffer([{ price: '20' }]));
    const fixed = await insertOffer(testOffer([{ chargeModel: 'Discount-Fixed Amount', price: '30' }]));
    const initialTerm = { termType, startDate: '2026-01-01', ...(period && { period, periodType: 'Month' }) };
    const subscribeToRatePlans = [ended, fixed].map(({ offer }) => ({ productRatePlanId: offer.id }));
    const createSubscription = { terms: { initialTerm }, subscribeToRatePlans };
    const { body } = await api.post('/v1/orders', {
      orderDate: '2026-01-01',
      existingAccountNumber: payer.accountNumber,
      subscriptions: [{ orderActions: [{ type: 'CreateSubscription', createSubscription }] }],
    });
    const number: string = body.subscriptions[0].subscriptionNumber;
    await env.DB.batch([
      env.DB.prepare(
        "UPDATE subscription SET billing_from = '2026-06-01' WHERE subscription_number = ?1",
      ).bind(number),
      env.DB.prepare(
        "UPDATE charge SET effective_end_date = '2026-03-01' WHERE product_rate_plan_charge_id = ?1",
      ).bind(ended.offer.charges[0]!.id),
    ]);
    const { charges } = await read(number);
    expect(charges.map(({ charge: c }) => `${c.effectiveStartDate}..${c.effectiveEndDate}`).sort()).toEqual(
      expected,
    );
  },
);
