import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type TestOffer, testAccount, testContact, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** Orders and subscriptions as they read after POST /v1/orders: resolved values, owners with their flags, pages by index. */

let api: WorkerApi;
let payer: Account;
let owner: Account;
let flat: TestOffer;
let seats: TestOffer;

beforeAll(async () => {
  api = await workerApi();
  const contact = testContact('c'.repeat(32));
  payer = await insert('account', testAccount({ partnerAccount: true, billToContactId: contact.id }));
  await insert('contact', { ...contact, accountId: payer.id });
  owner = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '84', name: 'Base fee' }]));
  seats = await insertOffer(
    testOffer([
      { chargeModel: 'Per Unit Pricing', price: '6.25', defaultQuantity: '4', unitOfMeasure: 'Each' },
    ]),
  );
});

const terms = {
  initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED', startDate: '2026-01-01' },
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalTerms: [{ period: 6, periodType: 'Month' }],
  autoRenew: true,
};

function order(create: object, fields: object = {}, subscription: object = {}): object {
  return {
    orderDate: '2026-01-01',
    existingAccountNumber: payer.accountNumber,
    subscriptions: [
      {
        ...subscription,
        orderActions: [
          {
            type: 'CreateSubscription',
            createSubscription: {
              terms,
              subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
              subscriptionOwnerAccountNumber: owner.accountNumber,
              ...create,
            },
          },
        ],
      },
    ],
    ...fields,
  };
}

async function place(create: object, fields: object = {}, subscription: object = {}) {
  const reply = await api.post('/v1/orders', order(create, fields, subscription));
  expect(reply.body).toMatchObject({ success: true });
  return {
    orderNumber: reply.body.orderNumber as string,
    subscriptionNumber: reply.body.subscriptions?.[0].subscriptionNumber as string,
  };
}

describe('GET /v1/subscriptions/{key}', () => {
  test('shows terms, owners with their partner flags, and the charge with its segment', async () => {
    const { orderNumber, subscriptionNumber } = await place({ notes: 'first', paymentTerm: 'Net 30' });
    const { status, body } = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      subscriptionNumber,
      orderNumber,
      version: 1,
      isLatestVersion: true,
      status: 'Active',
      accountNumber: owner.accountNumber,
      invoiceOwnerAccountNumber: payer.accountNumber,
      accountOwnerDetails: { id: owner.id, partnerAccount: false, lastMetricsUpdate: null },
      invoiceOwnerAccountDetails: { id: payer.id, partnerAccount: true },
      billToContact: { id: payer.billToContactId, firstName: 'Amy' },
      currency: 'USD',
      termType: 'TERMED',
      initialTerm: 12,
      currentTerm: 12,
      renewalTerm: 6,
      autoRenew: true,
      contractEffectiveDate: '2026-01-01',
      serviceActivationDate: '2026-01-01',
      customerAcceptanceDate: '2026-01-01',
      termStartDate: '2026-01-01',
      termEndDate: '2027-01-01',
      subscriptionEndDate: '2027-01-01',
      lastBookingDate: '2026-01-01',
      notes: 'first',
      paymentTerm: 'Net 30',
      contractedMrr: 84,
      totalContractedValue: 1008,
    });
    expect(body.ratePlans).toMatchObject([
      {
        productRatePlanId: flat.offer.id,
        ratePlanName: 'Test plan',
        lastChangeType: 'Add',
        ratePlanCharges: [
          {
            number: expect.stringMatching(/^C-\d{8}$/),
            name: 'Base fee',
            type: 'Recurring',
            model: 'FlatFee',
            billingPeriod: 'Month',
            billingTiming: 'IN_ADVANCE',
            listPriceBase: 'Per_Billing_Period',
            endDateCondition: 'Subscription_End',
            price: 84,
            quantity: 1,
            mrr: 84,
            dmrc: 84,
            tcv: 1008,
            dtcv: 1008,
            segment: 1,
            version: 1,
            effectiveStartDate: '2026-01-01',
            effectiveEndDate: '2027-01-01',
            chargedThroughDate: null,
            done: false,
            tiers: null,
          },
        ],
      },
    ]);
  });

  test('takes the id as well as the number, and a version', async () => {
    const { subscriptionNumber } = await place({});
    const byNumber = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
    expect((await api.get(`/v1/subscriptions/${byNumber.body.id}`)).body).toEqual(byNumber.body);
    expect((await api.get(`/v1/subscriptions/${subscriptionNumber}/versions/1`)).body).toEqual(byNumber.body);
    expect((await api.get(`/v1/subscriptions/${subscriptionNumber}/versions/2`)).status).toBe(404);
    expect((await api.get(`/v1/subscriptions/${subscriptionNumber}/versions/x`)).status).toBe(400);
  });

  test('shows detailed metrics of a day, segments of a day, and leaves owners out, when asked', async () => {
    const { subscriptionNumber } = await place({});
    const path = `/v1/subscriptions/${subscriptionNumber}`;
    const during = await api.get(`${path}?getDetailedMetrics=true&asOfDay=2026-06-01`);
    expect(during.body).toMatchObject({
      asOfDayGrossMrr: 84,
      asOfDayNetMrr: 84,
      netTotalContractedValue: 1008,
    });
    const after = await api.get(`${path}?getDetailedMetrics=true&asOfDay=2027-01-01`);
    expect(after.body).toMatchObject({ asOfDayGrossMrr: 0, contractedMrr: 84 });
    const before = '?charge-detail=specific-segment&as-of-date=2025-12-31';
    expect((await api.get(path + before)).body.ratePlans[0].ratePlanCharges).toEqual([]);
    const bare = `${before}&exclude-rate-plans-with-no-charges=true&getSubscriptionOwnerDetails=false`;
    const shown = (await api.get(path + bare)).body;
    expect(shown.ratePlans).toEqual([]);
    expect(shown).not.toHaveProperty('accountOwnerDetails');
    expect((await api.get(`${path}?charge-detail=some`)).status).toBe(400);
    expect((await api.get(`${path}?asOfDay=2026-02-30`)).status).toBe(400);
  });

  test('answers 404 for what is not there', async () => {
    for (const path of ['/v1/subscriptions/A-S-nothing', `/v1/subscriptions/${'0'.repeat(32)}`]) {
      const reply = await api.get(path);
      expect([reply.status, reply.body.reasons[0].code]).toEqual([404, 50000040]);
    }
  });
});

describe('GET /v1/subscriptions/accounts/{key}', () => {
  test('pages through the subscriptions that an account owns, and no others', async () => {
    const customer = await insert('account', testAccount());
    const numbers: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { subscriptionNumber } = await place({ subscriptionOwnerAccountNumber: customer.accountNumber });
      numbers.push(subscriptionNumber);
    }
    const first = await api.get(`/v1/subscriptions/accounts/${customer.accountNumber}?pageSize=2`);
    expect(first.body.subscriptions).toHaveLength(2);
    const next = new URL(first.body.nextPage);
    const rest = await api.get(next.pathname + next.search);
    expect(rest.body).not.toHaveProperty('nextPage');
    const seen = [...first.body.subscriptions, ...rest.body.subscriptions];
    expect(seen.map((s) => s.subscriptionNumber).sort()).toEqual(numbers.sort());
    expect(seen[0]).toMatchObject({ ratePlans: [{ ratePlanCharges: [{ mrr: 84 }] }] });
    expect((await api.get('/v1/subscriptions/accounts/A-nobody')).status).toBe(404);
  });
});

describe('GET /v1/orders/{number}', () => {
  test('shows accounts with their flags and the action with what it resolved to', async () => {
    const pricing = { recurringPerUnit: { listPrice: 7.5, quantity: 12 } };
    const chargeId = seats.offer.charges[0]!.id;
    const { orderNumber, subscriptionNumber } = await place(
      {
        subscribeToRatePlans: [
          {
            productRatePlanNumber: seats.offer.plan.ratePlanNumber,
            chargeOverrides: [
              { productRatePlanChargeId: chargeId, pricing, customFields: { tier__c: 'gold' } },
            ],
            customFields: { plan__c: 1 },
          },
        ],
      },
      { description: 'A test', category: 'NewSales', reasonCode: 'RC', customFields: { region__c: 'EU' } },
      { customFields: { source__c: 'web' }, externallyManagedBy: 'Apple' },
    );
    const { status, body } = await api.get(`/v1/orders/${orderNumber}`);
    expect(status).toBe(200);
    expect(body.order).toMatchObject({
      orderNumber,
      orderDate: '2026-01-01',
      status: 'Completed',
      currency: 'USD',
      description: 'A test',
      category: 'NewSales',
      reasonCode: 'RC',
      customFields: { region__c: 'EU' },
      createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      existingAccountNumber: payer.accountNumber,
      existingAccountDetails: {
        basicInfo: { id: payer.id, accountNumber: payer.accountNumber, partnerAccount: true },
        billToContact: { id: payer.billToContactId },
      },
      subscriptions: [
        {
          baseVersion: null,
          newVersion: 1,
          subscriptionNumber,
          customFields: { source__c: 'web' },
          externallyManagedBy: 'Apple',
          subscriptionOwnerAccountNumber: owner.accountNumber,
          subscriptionOwnerAccountDetails: { id: owner.id, partnerAccount: false, lastMetricsUpdate: null },
          invoiceOwnerAccountDetails: { id: payer.id, partnerAccount: true },
          orderActions: [
            {
              type: 'CreateSubscription',
              sequence: 0,
              triggerDates: [
                { name: 'ContractEffective', triggerDate: '2026-01-01' },
                { name: 'ServiceActivation', triggerDate: '2026-01-01' },
                { name: 'CustomerAcceptance', triggerDate: '2026-01-01' },
              ],
              createSubscription: {
                terms,
                subscribeToRatePlans: [
                  {
                    productRatePlanId: seats.offer.id,
                    newRatePlanId: expect.stringMatching(/^[0-9a-f]{32}$/),
                    customFields: { plan__c: 1 },
                    chargeOverrides: [
                      {
                        productRateplanChargeId: chargeId,
                        chargeNumber: expect.stringMatching(/^C-\d{8}$/),
                        pricing,
                        customFields: { tier__c: 'gold' },
                      },
                    ],
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    const bare = await api.get(`/v1/orders/${orderNumber}?getAccountDetails=false`);
    expect(bare.body.order).not.toHaveProperty('existingAccountDetails');
    const read = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
    expect(read.body).toMatchObject({
      contractedMrr: 90,
      externallyManagedBy: 'Apple',
      source__c: 'web',
      ratePlans: [{ plan__c: 1, ratePlanCharges: [{ price: 7.5, quantity: 12, mrr: 90, tier__c: 'gold' }] }],
    });
  });

  test('shows a draft as it was given, and nothing was made of it', async () => {
    const customer = await insert('account', testAccount());
    const create = { subscriptionOwnerAccountNumber: customer.accountNumber, subscriptionNumber: 'S-draft' };
    const { orderNumber } = await place(create, { status: 'Draft' });
    const { body } = await api.get(`/v1/orders/${orderNumber}`);
    expect(body.order).toMatchObject({
      status: 'Draft',
      subscriptions: [
        {
          subscriptionNumber: 'S-draft',
          orderActions: [{ createSubscription: { terms, subscriptionNumber: 'S-draft' } }],
        },
      ],
    });
    expect(body.order.subscriptions[0]).not.toHaveProperty('newVersion');
    expect((await api.get('/v1/subscriptions/S-draft')).status).toBe(404);
    const owned = await api.get(`/v1/subscriptions/accounts/${customer.id}`);
    expect(owned.body.subscriptions).toEqual([]);
  });
});

describe('lists of orders', () => {
  test('by invoice owner, by subscription owner, by subscription, all; with status, dates and pages', async () => {
    const bill = await insert('account', testAccount());
    const own = await insert('account', testAccount());
    const of = { existingAccountNumber: bill.accountNumber };
    const create = { subscriptionOwnerAccountNumber: own.accountNumber };
    const january = await place(create, of);
    const march = await place(create, { ...of, orderDate: '2026-03-01' });
    const draft = await place(create, { ...of, status: 'Draft' });
    const all = [draft, march, january].map((o) => o.orderNumber).sort();
    const numbers = async (path: string) => {
      const reply = await api.get(path);
      expect(reply.status).toBe(200);
      return reply.body.orders.map((o: { orderNumber: string }) => o.orderNumber).sort();
    };
    const byPayer = `/v1/orders/invoiceOwner/${bill.accountNumber}`;
    expect(await numbers(byPayer)).toEqual(all);
    expect(await numbers(`/v1/orders/subscriptionOwner/${own.accountNumber}`)).toEqual(all);
    expect(await numbers(`/v1/orders/invoiceOwner/${own.accountNumber}`)).toEqual([]);
    expect(await numbers(`/v1/orders/subscription/${march.subscriptionNumber}`)).toEqual([march.orderNumber]);
    expect(await numbers(`${byPayer}?status=draft`)).toEqual([draft.orderNumber]);
    expect(await numbers('/v1/orders?status=draft')).toContain(draft.orderNumber);
    expect(
      await numbers(`${byPayer}?dateFilterOption=orderDate&startDate=2026-02-01&endDate=2026-03-01`),
    ).toEqual([march.orderNumber]);
    expect(await numbers('/v1/orders?startDate=2026-03-01&endDate=2026-03-01')).toEqual([march.orderNumber]);
    expect(await numbers(`${byPayer}?dateFilterOption=updatedDate&endDate=2020-01-01`)).toEqual([]);
    expect(await numbers(`${byPayer}?dateFilterOption=updatedDate&startDate=2020-01-01`)).toEqual(all);
    expect(await numbers(`${byPayer}?dateFilterOption=updatedDate&endDate=9999-12-31`)).toEqual(all);
    expect(await numbers(`${byPayer}?dateFilterOption=updatedDate&startDate=9999-12-31`)).toEqual([]);
    const first = await api.get(`${byPayer}?pageSize=2`);
    const next = new URL(first.body.nextPage);
    expect([...first.body.orders, ...(await api.get(next.pathname + next.search)).body.orders]).toHaveLength(
      3,
    );
    expect(first.body.orders[0]).not.toHaveProperty('existingAccountDetails');
  });

  test('refuse filters that mean nothing and answer 404 for accounts and subscriptions that are not there', async () => {
    for (const query of [
      'status=done',
      'startDate=2026-02-30',
      'dateFilterOption=createdDate',
      'startDate=2026-02-01&endDate=2026-01-01',
      'page=0',
    ]) {
      expect([(await api.get(`/v1/orders?${query}`)).status, query]).toEqual([400, query]);
    }
    for (const path of ['O-nothing', 'invoiceOwner/A-no', 'subscriptionOwner/A-no', 'subscription/A-S-no']) {
      expect([(await api.get(`/v1/orders/${path}`)).status, path]).toEqual([404, path]);
    }
  });
});
