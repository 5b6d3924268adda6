import { beforeAll, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

// Whose order may change a subscription: by default only its invoice owner's (semantics D.1); a setting of the tenant relaxes it. Each
// test asks a lane that has not read the settings before.

let api: InProcessApi;
let invoiceOwner: Account;
let flat: TestOffer;
let subscriptionNumber: string;

beforeAll(async () => {
  api = await inProcessApi('admin');
  invoiceOwner = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
  const { body } = await api.post('/v1/orders', {
    orderDate: '2026-01-01',
    existingAccountNumber: invoiceOwner.accountNumber,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            createSubscription: {
              terms: { initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' } },
              subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
            },
          },
        ],
      },
    ],
  });
  subscriptionNumber = body.subscriptions[0].subscriptionNumber;
});

async function cancellationBySomebodyElse() {
  const other = await insert('account', testAccount());
  return api.post('/v1/orders', {
    orderDate: '2026-02-01',
    existingAccountNumber: other.accountNumber,
    subscriptions: [
      {
        subscriptionNumber,
        orderActions: [
          {
            type: 'CancelSubscription',
            cancelSubscription: {
              cancellationPolicy: 'SpecificDate',
              cancellationEffectiveDate: '2026-03-01',
            },
          },
        ],
      },
    ],
  });
}

test("by default another account's order is refused, naming the subscription", async () => {
  const { status, body } = await cancellationBySomebodyElse();
  expect(status).toBe(400);
  expect(body.reasons[0].message).toContain('subscriptions[0].subscriptionNumber');
  expect(body.reasons[0].message).toContain("is not invoiced to the order's account");
});

test('with orders.accountIsInvoiceOwner false it is taken', async () => {
  const set = await api.put('/v1/spillway/settings', { orders: { accountIsInvoiceOwner: false } });
  expect(set.status).toBe(200);
  const { body } = await cancellationBySomebodyElse();
  expect(body).toMatchObject({ success: true, subscriptions: [{ subscriptionNumber, status: 'Cancelled' }] });
});

test('the setting is true or false', async () => {
  const { status, body } = await api.put('/v1/spillway/settings', {
    orders: { accountIsInvoiceOwner: 'no' },
  });
  expect(status).toBe(400);
  expect(body.reasons[0].message).toContain('orders.accountIsInvoiceOwner');
});
