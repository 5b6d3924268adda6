import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** How subscriptions read after many orders: segments, removals, suspensions, metrics, terms, and what each version changed. */

let api: WorkerApi;
let payer: Account;
let seats: TestOffer;
let fee: TestOffer;

beforeAll(async () => {
  api = await workerApi();
  payer = await insert('account', testAccount());
  seats = await insertOffer(
    testOffer([
      { chargeModel: 'Per Unit Pricing', price: '7.5', defaultQuantity: '12', unitOfMeasure: 'Each' },
    ]),
  );
  fee = await insertOffer(testOffer([{ price: '100' }]));
});

const terms = {
  initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED', startDate: '2026-01-01' },
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalTerms: [{ period: 12, periodType: 'Month' }],
  autoRenew: false,
};

async function place(subscription: object, fields: object = {}) {
  const reply = await api.post('/v1/orders', {
    orderDate: '2026-01-01',
    existingAccountNumber: payer.accountNumber,
    subscriptions: [subscription],
    ...fields,
  });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body;
}

function create(plans: readonly TestOffer[], fields: object = {}): object {
  const subscribeToRatePlans = plans.map(({ offer }) => ({ productRatePlanId: offer.id }));
  return { type: 'CreateSubscription', createSubscription: { terms, subscribeToRatePlans, ...fields } };
}

async function subscribe(...plans: TestOffer[]): Promise<string> {
  const body = await place({ orderActions: [create(plans)] });
  return body.subscriptions[0].subscriptionNumber;
}

async function change(subscriptionNumber: string, orderDate: string, ...orderActions: object[]) {
  return place({ subscriptionNumber, orderActions }, { orderDate });
}

async function read(path: string) {
  const { status, body } = await api.get(path);
  expect([status, body.success]).toEqual([200, true]);
  return body;
}

const on = (date: string) => [
  { name: 'ContractEffective', triggerDate: date },
  { name: 'ServiceActivation', triggerDate: date },
  { name: 'CustomerAcceptance', triggerDate: date },
];

async function planOf(number: string, offer: TestOffer) {
  const { ratePlans } = await read(`/v1/subscriptions/${number}?charge-detail=all-segments`);
  return ratePlans.find((plan: { productRatePlanId: string }) => plan.productRatePlanId === offer.offer.id);
}

async function requantify(number: string, orderDate: string, from: string, quantity: number) {
  const plan = await planOf(number, seats);
  return change(number, orderDate, {
    type: 'UpdateProduct',
    triggerDates: on(from),
    updateProduct: {
      ratePlanId: plan.id,
      chargeUpdates: [
        { chargeNumber: plan.ratePlanCharges[0].number, pricing: { recurringPerUnit: { quantity } } },
      ],
    },
  });
}

async function remove(number: string, offer: TestOffer, orderDate: string, from: string) {
  const plan = await planOf(number, offer);
  const action = { type: 'RemoveProduct', triggerDates: on(from), removeProduct: { ratePlanId: plan.id } };
  return change(number, orderDate, action);
}

function quantities(body: { ratePlans: Array<{ ratePlanCharges: Array<Record<string, unknown>> }> }) {
  return body.ratePlans.flatMap(({ ratePlanCharges }) =>
    ratePlanCharges.map(({ segment, quantity, effectiveStartDate }) => [
      segment,
      quantity,
      effectiveStartDate,
    ]),
  );
}

describe('charge-detail with several segments', () => {
  test('shows the last, the one of a day, or all, in the latest version and in earlier ones', async () => {
    const number = await subscribe(seats);
    await requantify(number, '2026-02-01', '2026-05-01', 16);
    await requantify(number, '2026-03-01', '2026-09-01', 20);
    const at = async (query: string, version = '') =>
      quantities(await read(`/v1/subscriptions/${number}${version}?charge-detail=${query}`));
    const [first, second, third] = [
      [1, 12, '2026-01-01'],
      [2, 16, '2026-05-01'],
      [3, 20, '2026-09-01'],
    ];
    expect(await at('last-segment')).toEqual([third]);
    expect(await at('all-segments')).toEqual([first, second, third]);
    expect(await at('specific-segment&as-of-date=2026-04-30')).toEqual([first]);
    expect(await at('specific-segment&as-of-date=2026-05-01')).toEqual([second]);
    expect(await at('specific-segment&as-of-date=2027-01-01')).toEqual([]);
    expect(await at('all-segments', '/versions/2')).toEqual([first, second]);
    expect(await at('last-segment', '/versions/2')).toEqual([second]);
    expect(await at('last-segment', '/versions/1')).toEqual([first]);
    const [charge] = (await read(`/v1/subscriptions/${number}`)).ratePlans[0].ratePlanCharges;
    expect(charge).toMatchObject({
      mrr: 150,
      dmrc: 30,
      originalOrderDate: '2026-01-01',
      amendedByOrderOn: '2026-03-01',
    });
  });

  test('says what was done last to each rate plan, and leaves out what was removed before', async () => {
    const number = await subscribe(seats, fee);
    const types = async (query: string) => {
      const { ratePlans } = await read(`/v1/subscriptions/${number}${query}`);
      return ratePlans.map((plan: { lastChangeType: string }) => plan.lastChangeType);
    };
    expect(await types('')).toEqual(['Add', 'Add']);
    await requantify(number, '2026-02-01', '2026-02-01', 16);
    expect(await types('')).toEqual(['Update', 'Add']);
    await remove(number, fee, '2026-03-01', '2026-03-01');
    expect(await types('')).toEqual(['Update', 'Remove']);
    await requantify(number, '2026-04-01', '2026-04-01', 18);
    expect(await types('')).toEqual(['Update']);
    expect(await types('?charge-detail=all-segments')).toEqual(['Update', 'Remove']);
    expect(await types('?charge-detail=specific-segment&as-of-date=2026-02-28')).toEqual([
      'Update',
      'Remove',
    ]);
    expect(await types('/versions/2')).toEqual(['Update', 'Add']);
    expect(await types('/versions/3')).toEqual(['Update', 'Remove']);
  });

  test('shows nothing that a suspension keeps from being served', async () => {
    const number = await subscribe(seats);
    await change(number, '2026-02-01', {
      type: 'Suspend',
      suspend: { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-04-01' },
    });
    const body = await read(`/v1/subscriptions/${number}?charge-detail=all-segments`);
    expect(body).toMatchObject({
      status: 'Suspended',
      contractedMrr: 90,
      statusHistory: [
        { status: 'Active', startDate: '2026-01-01', endDate: '2026-04-01' },
        { status: 'Suspended', startDate: '2026-04-01', endDate: '2027-01-01' },
      ],
    });
    expect(body.ratePlans[0].ratePlanCharges).toMatchObject([{ effectiveEndDate: '2026-04-01' }]);
    const metrics = async (day: string) =>
      (await read(`/v1/subscriptions/subscription-metrics?subscriptionNumbers[]=${number}&asOfDay=${day}`))
        .subscriptionMetrics[0];
    expect(await metrics('2026-03-31')).toMatchObject({ asOfDayGrossMrr: 90, contractedMrr: 90 });
    expect(await metrics('2026-04-01')).toMatchObject({ asOfDayGrossMrr: 0, contractedNetMrr: 90 });
  });
});

describe('GET /v1/subscriptions/subscription-metrics', () => {
  test('has each subscription once, in the order asked for, with all its places', async () => {
    const odd = await insertOffer(testOffer([{ price: '330', billingPeriod: 'Eighteen Months' }]));
    const [one, other] = [await subscribe(odd), await subscribe(seats, fee)];
    const query = [other, one, other].map((number) => `subscriptionNumbers[]=${number}`).join('&');
    const { subscriptionMetrics } = await read(
      `/v1/subscriptions/subscription-metrics?asOfDay=2026-06-01&${query}`,
    );
    expect(subscriptionMetrics).toMatchObject([
      {
        subscriptionNumber: other,
        contractedMrr: 190,
        contractedNetMrr: 190,
        asOfDayGrossMrr: 190,
        asOfDayNetMrr: 190,
        totalContractedValue: 2280,
        netTotalContractedValue: 2280,
      },
      { subscriptionNumber: one, contractedMrr: 18.333333333 },
    ]);
  });

  test('keeps the value of a cancelled subscription until its last day (S6)', async () => {
    const endless = { initialTerm: { termType: 'EVERGREEN', startDate: '2026-01-01' } };
    const evergreen = create([seats], { terms: { ...terms, ...endless } });
    const past = await subscribe(seats);
    const made = await place({ orderActions: [evergreen] });
    const future = made.subscriptions[0].subscriptionNumber;
    const cancel = (date: string) => ({
      type: 'CancelSubscription',
      changeReason: 'moved away',
      cancelSubscription: { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: date },
    });
    await change(past, '2026-01-15', cancel('2026-02-01'));
    await change(future, '2026-01-15', cancel('2199-01-01'));
    const query = `subscriptionNumbers[]=${past}&subscriptionNumbers[]=${future}`;
    const { subscriptionMetrics } = await read(`/v1/subscriptions/subscription-metrics?${query}`);
    expect(subscriptionMetrics).toMatchObject([
      { contractedMrr: 0, contractedNetMrr: 0, asOfDayGrossMrr: 0 },
      { contractedMrr: 90, contractedNetMrr: 90, asOfDayGrossMrr: 90 },
    ]);
    expect(await read(`/v1/subscriptions/${past}`)).toMatchObject({
      status: 'Cancelled',
      contractedMrr: 0,
      cancelReason: 'moved away',
      statusHistory: [{ status: 'Active', endDate: '2026-02-01' }, { status: 'Cancelled' }],
    });
  });

  test('refuses none, unknown and too many', async () => {
    const path = '/v1/subscriptions/subscription-metrics';
    expect((await api.get(path)).status).toBe(400);
    expect((await api.get(`${path}?subscriptionNumbers[]=A-S404`)).status).toBe(404);
    const many = Array.from({ length: 101 }, (_, i) => `subscriptionNumbers[]=A-${i}`).join('&');
    const { status, body } = await api.get(`${path}?${many}`);
    expect(status).toBe(400);
    expect(body.reasons[0].message).toContain('100 subscription numbers');
  });
});

test('GET /v1/rateplans/{id} shows the plan and the order that touched it last', async () => {
  const number = await subscribe(seats);
  const { id } = await planOf(number, seats);
  expect(await read(`/v1/rateplans/${id}`)).toMatchObject({
    id,
    lastChangeType: 'Add',
    subscriptionVersion: 1,
    productRatePlanId: seats.offer.id,
    order: { orderActions: [{ type: 'CreateSubscription' }] },
  });
  const { orderNumber } = await requantify(number, '2026-02-01', '2026-05-01', 16);
  expect(await read(`/v1/rateplans/${id}`)).toMatchObject({
    lastChangeType: 'Update',
    subscriptionVersion: 2,
    order: { orderNumber, orderActions: [{ type: 'UpdateProduct', contractEffectiveDate: '2026-05-01' }] },
  });
  await remove(number, seats, '2026-06-01', '2026-06-01');
  expect(await read(`/v1/rateplans/${id}`)).toMatchObject({ lastChangeType: 'Remove' });
  expect((await api.get(`/v1/rateplans/${'0'.repeat(32)}`)).status).toBe(404);
});

test('GET /v1/orders/term shows each term as the last version of it has it, by pages', async () => {
  const number = await subscribe(seats);
  await change(number, '2026-02-01', { type: 'RenewSubscription', renewSubscription: {} });
  const [first, second] = [
    { termNumber: 1, isEvergreen: false, startDate: '2026-01-01', endDate: '2027-01-01' },
    { termNumber: 2, isEvergreen: false, startDate: '2027-01-01', endDate: '2028-01-01' },
  ];
  expect((await read(`/v1/orders/term/${number}`)).terms).toEqual([first, second]);
  expect((await read(`/v1/orders/term/${number}?version=1`)).terms).toEqual([first]);
  const page = await read(`/v1/orders/term/${number}?pageSize=1`);
  expect(page.terms).toEqual([first]);
  expect((await read(new URL(page.nextPage).pathname + new URL(page.nextPage).search)).terms).toEqual([
    second,
  ]);
  expect((await api.get(`/v1/orders/term/${number}?version=3`)).status).toBe(404);
  expect((await api.get('/v1/orders/term/A-S404')).status).toBe(404);
});

test('GET /v1/orders/subscription/{key}/pending shows the orders that wait for a date', async () => {
  const number = await subscribe(seats);
  const waiting = [{ name: 'ServiceActivation', triggerDate: null }];
  const activated = await insertOffer(testOffer([{ triggerEvent: 'ServiceActivation' }]));
  expect((await read(`/v1/orders/subscription/${number}/pending`)).orders).toEqual([]);
  const body = await place({
    orderActions: [{ ...create([activated]), triggerDates: waiting }],
  });
  const made = body.subscriptions[0];
  const { orders } = await read(`/v1/orders/subscription/${made.subscriptionNumber}/pending`);
  expect(orders).toMatchObject([{ orderNumber: body.orderNumber, status: 'Pending', success: true }]);
  expect((await api.get('/v1/orders/subscription/A-S404/pending')).status).toBe(404);
});

describe('change logs', () => {
  test('hold what each version changed, newest first, by pages', async () => {
    const number = await subscribe(seats);
    const { orderNumber } = await requantify(number, '2026-02-01', '2026-05-01', 16);
    const log = await read(`/v1/subscription-change-logs/${number}`);
    expect(log.subscriptions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    const [second, first] = log.subscriptions;
    expect(first.fields).toContainEqual({ fieldName: 'accountId', oldValue: null, newValue: payer.id });
    expect(first.fields).toContainEqual({ fieldName: 'autoRenew', oldValue: null, newValue: 'false' });
    expect(first.ratePlans[0].ratePlanCharges[0].fields).toContainEqual({
      fieldName: 'price',
      oldValue: null,
      newValue: '7.5',
    });
    expect(second).toMatchObject({
      subscriptionNumber: number,
      accountNumber: payer.accountNumber,
      invoiceOwnerAccountNumber: payer.accountNumber,
      orderNumber,
      currency: 'USD',
      type: 'Standard',
      externalSubscriptionId: null,
      ratePlans: [
        {
          fields: [],
          ratePlanCharges: [
            {
              segment: 1,
              effectiveEndDate: '2026-05-01',
              fields: expect.arrayContaining([
                { fieldName: 'effectiveEndDate', oldValue: '2027-01-01', newValue: '2026-05-01' },
              ]),
            },
            {
              segment: 2,
              effectiveStartDate: '2026-05-01',
              fields: expect.arrayContaining([{ fieldName: 'quantity', oldValue: null, newValue: '16' }]),
            },
          ],
        },
      ],
    });
    expect(second.fields).toContainEqual({ fieldName: 'contractedMrr', oldValue: '90', newValue: '120' });
    const byVersion = await read(`/v1/subscription-change-logs/${number}/versions/2`);
    expect(byVersion.subscription).toEqual(second);
    const byOrder = await read(`/v1/subscription-change-logs/orders/${orderNumber}`);
    expect(byOrder.subscriptions).toEqual([second]);
    const page = await read(`/v1/subscription-change-logs/${number}?pageSize=1`);
    expect(page.subscriptions).toEqual([second]);
    expect(page.nextPage).toContain('page=2');
  });

  test.each([
    ['A-S404', 404],
    ['orders/O-404', 404],
    ['A-S404/versions/1', 404],
    ['A-S404/versions/x', 400],
  ])('%s is answered with %i', async (path, status) => {
    expect((await api.get(`/v1/subscription-change-logs/${path}`)).status).toBe(status);
  });
});

describe('order metrics', () => {
  test('stand with the actions of an order, and are listed with all their places (semantics C.4)', async () => {
    const number = await subscribe(seats);
    const { orderNumber } = await requantify(number, '2026-02-01', '2026-05-01', 16);
    const { order } = await read(`/v1/orders/${orderNumber}`);
    const span = { startDate: '2026-05-01', endDate: '2026-12-31' };
    const slice = {
      ...span,
      subscriptionOwner: payer.accountNumber,
      invoiceOwner: payer.accountNumber,
    };
    expect(order.subscriptions[0].orderActions[0].orderMetrics).toMatchObject([
      {
        mrr: [{ ...slice, amount: 30, type: 'Regular' }],
        quantity: [{ ...slice, amount: 4 }],
        tcv: [{ ...slice, amount: 240, type: 'Regular' }],
        productRatePlanId: seats.offer.id,
      },
    ]);
    const list = await read(`/v1/spillway/orders/${orderNumber}/delta-metrics`);
    expect(list.deltaMetrics).toMatchObject([
      {
        subscriptionNumber: number,
        subscriptionVersion: 2,
        orderActionType: 'UpdateProduct',
        orderActionSequence: 0,
        startDate: '2026-05-01',
        endDate: '2027-01-01',
        deltaMrr: '30',
        deltaTcv: '240',
        deltaQuantity: '4',
      },
    ]);
    expect((await api.get('/v1/spillway/orders/O-404/delta-metrics')).status).toBe(404);
  });
});
