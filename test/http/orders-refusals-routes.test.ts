import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { orderLimits, orderSizeLimits } from '../../src/domain/orders/limits.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** What POST /v1/orders refuses, and how: the status, the field in the message, nothing done. Also orders that open accounts, keys, versions. */

let api: WorkerApi;
let account: Account;
let flat: TestOffer;

beforeAll(async () => {
  api = await workerApi();
  account = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
});

const terms = { initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' } };

const action = (create: object = {}, fields: object = {}) => ({
  type: 'CreateSubscription',
  createSubscription: { terms, subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }], ...create },
  ...fields,
});
const creating = (create: object = {}, fields: object = {}) => ({ orderActions: [action(create, fields)] });
const order = (fields: object = {}, subscriptions: unknown = [creating()]) => ({
  orderDate: '2026-07-01',
  existingAccountNumber: account.accountNumber,
  subscriptions,
  ...fields,
});
const overriding = (override: object) =>
  order({}, [
    creating({
      subscribeToRatePlans: [
        {
          productRatePlanId: flat.offer.id,
          chargeOverrides: [{ productRatePlanChargeId: flat.offer.charges[0]!.id, ...override }],
        },
      ],
    }),
  ]);

async function orderCount(): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS n FROM orders').first<{ n: number }>();
  return row!.n;
}

describe('what is not built is named', () => {
  const cases: Array<[string, () => object]> = [
    ['processingOptions.collectPayment', () => order({ processingOptions: { collectPayment: true } })],
    ['processingOptions.collectPayment', () => order({ processingOptions: { collectPayment: true } })],
    ['orderLineItems', () => order({ orderLineItems: [{}] })],
    ['schedulingOptions', () => order({ schedulingOptions: { scheduledDate: '2027-01-01' } })],
    ['ramp', () => order({}, [{ ...creating(), ramp: {} }])],
    ['recurringDeliveryBased', () => overriding({ pricing: { recurringDeliveryBased: { listPrice: 1 } } })],
    ['chargeModelData', () => overriding({ pricing: { chargeModelData: {} } })],
    ['chargeNumber', () => overriding({ chargeNumber: 'C-mine' })],
    ['priceIntervals', () => overriding({ pricing: { recurringFlatFee: { priceIntervals: [{}] } } })],
  ];
  test.each(cases)('%s', async (name, body) => {
    const before = await orderCount();
    const reply = await api.post('/v1/orders', body());
    expect([reply.status, reply.body.success]).toEqual([400, false]);
    expect(reply.body.reasons[0].message).toContain(name);
    expect(await orderCount()).toBe(before);
  });
});

describe('what is wrong is named', () => {
  const cases: Array<[string, () => unknown]> = [
    ['orderDate', () => order({ orderDate: undefined })],
    ['orderDate', () => order({ orderDate: '2026-02-30' })],
    ['existingAccountNumber', () => order({ existingAccountNumber: 'A-nobody' })],
    ['existingAccountNumber', () => order({ existingAccountId: account.id })],
    [
      'existingAccountId',
      () => order({ existingAccountNumber: undefined, existingAccountId: '0'.repeat(32) }),
    ],
    ['orderNumber', () => order({ orderNumber: 'a/b' })],
    ['orderNumber', () => order({ orderNumber: '..' })],
    ['orderNumber', () => order({ orderNumber: ' O-1' })],
    ['orderNumber', () => order({ orderNumber: 'x'.repeat(orderLimits.orderNumberLengthMax + 1) })],
    ['description', () => order({ description: 'x'.repeat(501) })],
    ['customFields', () => order({ customFields: { region: 'EU' } })],
    ['status', () => order({ status: 'Failed' })],
    ['schedulingOptions.scheduledDate', () => order({ status: 'Scheduled' })],
    ['orderActions[1].type', () => order({}, [{ orderActions: [action(), action()] }])],
    ['cancelSubscription', () => order({}, [{ orderActions: [{ type: 'CancelSubscription' }] }])],
    ['LaunchRocket', () => order({}, [{ orderActions: [{ type: 'LaunchRocket' }] }])],
    ['createSubscription', () => order({}, [{ orderActions: [{ type: 'CreateSubscription' }] }])],
    ['terms', () => order({}, [creating({ terms: undefined })])],
    ['currency', () => order({}, [creating({ currency: 'XXL' })])],
    ['createSubscription.paymentTerm', () => order({}, [creating({ paymentTerm: 'Whenever' })])],
    [
      'triggerDate',
      () => order({}, [creating({}, { triggerDates: [{ name: 'ContractEffective', triggerDate: 'x' }] })]),
    ],
    ['productRatePlanId', () => order({}, [creating({ subscribeToRatePlans: [{}] })])],
    ['listPrice', () => overriding({ pricing: { recurringFlatFee: { listPrice: -1 } } })],
    ['listPrice', () => overriding({ pricing: { recurringFlatFee: { listPrice: '1' } } })],
    ['billingPeriod', () => overriding({ billing: { billingPeriod: 'Fortnight' } })],
    [
      'subscriptionNumber',
      () =>
        order({}, [
          creating({ subscriptionNumber: 'x'.repeat(orderLimits.subscriptionNumberLengthMax + 1) }),
        ]),
    ],
    [
      'subscriptions',
      () =>
        order(
          {},
          Array.from({ length: orderSizeLimits.synchronous.subscriptionsMax + 1 }, () => creating()),
        ),
    ],
    ['subscriptions', () => order({}, [])],
    ['JSON', () => '{"orderDate":'],
  ];
  test.each(cases)('%s', async (name, body) => {
    const reply = await api.post('/v1/orders', body());
    expect([reply.status, reply.body.success]).toEqual([400, false]);
    expect(reply.body.reasons[0].message).toContain(name);
  });

  test('numbers that exist already', async () => {
    const body = order({ orderNumber: 'O-mine' }, [creating({ subscriptionNumber: 'S-mine' })]);
    expect((await api.post('/v1/orders', body)).body).toMatchObject({
      orderNumber: 'O-mine',
      subscriptions: [{ subscriptionNumber: 'S-mine' }],
    });
    const again = await api.post('/v1/orders', body);
    expect([again.status, again.body.reasons[0].message]).toEqual([
      400,
      expect.stringContaining('orderNumber'),
    ]);
    const same = await api.post('/v1/orders', order({}, [creating({ subscriptionNumber: 'S-mine' })]));
    expect([same.status, same.body.reasons[0].message]).toEqual([
      400,
      expect.stringContaining('subscriptionNumber'),
    ]);
  });

  test('a client that may only read', async () => {
    const reader = await workerApi('read');
    expect((await reader.post('/v1/orders', order())).status).toBe(403);
  });
});

describe('orders that open accounts', () => {
  const newAccount = {
    name: 'New reseller',
    currency: 'USD',
    billCycleDay: 1,
    partnerAccount: true,
    billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', postalCode: '94403' },
    customFields: { region__c: 'EU' },
  };
  const opening = (fields: object = {}) =>
    order({ existingAccountNumber: undefined, newAccount: { ...newAccount, ...fields } });

  test('newAccount is created with the order, flagged as partner, with its contact and custom fields', async () => {
    const created = await api.post('/v1/orders', opening());
    expect(created.body).toMatchObject({ success: true, accountNumber: expect.stringMatching(/^A\d{8}$/) });
    const read = await api.get(`/v1/accounts/${created.body.accountNumber}`);
    expect(read.body).toMatchObject({
      basicInfo: { name: 'New reseller', partnerAccount: true, region__c: 'EU' },
      billToContact: { firstName: 'Amy', zipCode: '94403' },
    });
  });

  test('a subscription owner is opened too, and its MRR is its own', async () => {
    const owner = { ...newAccount, name: 'New customer', partnerAccount: false };
    const reply = await api.post('/v1/orders', {
      ...opening(),
      subscriptions: [creating({ newSubscriptionOwnerAccount: owner })],
    });
    const number = reply.body.subscriptions[0].subscriptionOwnerNumber;
    expect(number).not.toBe(reply.body.accountNumber);
    expect((await api.get(`/v1/accounts/${number}`)).body).toMatchObject({
      basicInfo: { name: 'New customer' },
      metrics: { contractedMrr: 25 },
    });
  });

  test('a subscription may name the account that the same order opens', async () => {
    const reply = await api.post('/v1/orders', {
      ...opening({ accountNumber: 'NEW-1' }),
      subscriptions: [creating({ subscriptionOwnerAccountNumber: 'NEW-1' })],
    });
    expect(reply.body).toMatchObject({
      accountNumber: 'NEW-1',
      subscriptions: [{ subscriptionOwnerNumber: 'NEW-1' }],
    });
  });

  test.each([
    ['newAccount.name', () => opening({ name: undefined })],
    ['newAccount.partnerAccount', () => opening({ partnerAccount: 'yes' })],
    ['newAccount.accountNumber', () => opening({ accountNumber: account.accountNumber })],
    ['newAccount.paymentMethod', () => opening({ paymentMethod: { type: 'CreditCard' } })],
    [
      'newSubscriptionOwnerAccount',
      () =>
        order({}, [
          creating({
            subscriptionOwnerAccountNumber: account.accountNumber,
            newSubscriptionOwnerAccount: newAccount,
          }),
        ]),
    ],
    [
      'newSubscriptionOwnerAccount.accountNumber',
      () => ({
        ...opening({ accountNumber: 'TWICE' }),
        subscriptions: [creating({ newSubscriptionOwnerAccount: { ...newAccount, accountNumber: 'TWICE' } })],
      }),
    ],
  ])('refuses %s, and opens nothing', async (name, body) => {
    const count = () => env.DB.prepare('SELECT count(*) AS n FROM account').first<{ n: number }>();
    const before = await count();
    const reply = await api.post('/v1/orders', body());
    expect([reply.status, reply.body.reasons[0].message]).toEqual([400, expect.stringContaining(name)]);
    expect(await count()).toEqual(before);
  });
});

describe('replies', () => {
  test('a version before 223 gets numbers', async () => {
    const old = await api.post('/v1/orders', order(), { 'Zuora-Version': '222.0' });
    expect(old.body.subscriptionNumbers).toEqual([expect.stringMatching(/^A-S\d{8}$/)]);
    expect(old.body).not.toHaveProperty('subscriptions');
    const later = await api.post('/v1/orders', order(), { 'Zuora-Version': '223.0' });
    expect(later.body).toHaveProperty('subscriptions');
  });

  test('the same key has one effect and one reply, also for an order that opens its account', async () => {
    const bodies = [
      order(),
      order({
        existingAccountNumber: undefined,
        newAccount: {
          name: 'Once',
          currency: 'USD',
          billToContact: { firstName: 'A', lastName: 'B' },
        },
      }),
    ];
    for (const [i, body] of bodies.entries()) {
      const headers = { 'Idempotency-Key': `order-${i}` };
      const before = await orderCount();
      const first = await api.post('/v1/orders', body, headers);
      const second = await api.post('/v1/orders', body, headers);
      expect(first.body.success).toBe(true);
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('Idempotency-Hit')).toBe('true');
      expect(await orderCount()).toBe(before + 1);
    }
  });
});
