import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { ORDER_EFFECTS_SQL } from '../../src/persistence/order-effects.ts';
import { WHOLE_ORDER_SQL } from '../../src/persistence/whole-order.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

/** Orders after their creation over HTTP, on real D1: what each operation answers, what is stored afterwards, whose metrics move. */

let api: InProcessApi;
let account: Account;
let flat: TestOffer;
let activated: TestOffer;

provenAfterEach();

beforeAll(async () => {
  api = await inProcessApi();
  account = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
  activated = await insertOffer(testOffer([{ price: '10', triggerEvent: 'ServiceActivation' }]));
});

const terms = {
  initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED', startDate: '2026-01-01' },
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalTerms: [{ period: 12, periodType: 'Month' }],
};

function creating(offer: TestOffer = flat, action: object = {}): object {
  return {
    orderActions: [
      {
        type: 'CreateSubscription',
        createSubscription: { terms, subscribeToRatePlans: [{ productRatePlanId: offer.offer.id }] },
        ...action,
      },
    ],
  };
}

async function post(subscriptions: readonly object[], fields: object = {}) {
  const order = { orderDate: '2026-01-01', existingAccountNumber: account.accountNumber, subscriptions };
  const { status, body } = await api.post('/v1/orders', { ...order, ...fields });
  expect(body).toMatchObject({ success: true });
  expect(status).toBe(200);
  return {
    path: `/v1/orders/${body.orderNumber}`,
    orderNumber: body.orderNumber as string,
    subscriptionNumber: body.subscriptions?.[0]?.subscriptionNumber as string,
  };
}

const draft = (offer?: TestOffer) => post([creating(offer)], { status: 'Draft' });
const onSubscription = (subscriptionNumber: string, ...orderActions: object[]) => ({
  subscriptionNumber,
  orderActions,
});
const addProduct = (offer: TestOffer = flat, fields: object = {}) => ({
  type: 'AddProduct',
  addProduct: { productRatePlanId: offer.offer.id },
  ...fields,
});
const missing = (...names: string[]) => ({ triggerDates: names.map((name) => ({ name })) });

async function mrr(): Promise<number> {
  const { body } = await api.get(`/v1/spillway/accounts/${account.id}/metrics`);
  return body.exact[0]?.contractedMrr ?? 0;
}

async function statusOf(path: string): Promise<string> {
  return (await api.get(path)).body.order?.status ?? 'gone';
}

/** All rows that orders write, but their revisions and times of change. */
async function rows(): Promise<object> {
  const tables = [
    'orders',
    'order_subscription',
    'order_action',
    'order_delta',
    'subscription',
    'rate_plan',
    'charge',
  ];
  const results = await env.DB.batch<Record<string, unknown>>(
    tables.map((table) => env.DB.prepare(`SELECT * FROM ${table} ORDER BY id`)),
  );
  return Object.fromEntries(
    results.map(({ results: all }, i) => [
      tables[i],
      all.map(({ revision: _, changed_at: __, ...row }) => row),
    ]),
  );
}

describe('PUT activate', () => {
  test('places a draft', async () => {
    const { path, orderNumber } = await draft();
    const before = await mrr();
    const { status, body } = await api.put(`${path}/activate?returnIds=true`, '');
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      orderId: expect.any(String),
      accountId: account.id,
      orderNumber,
      accountNumber: account.accountNumber,
      status: 'Completed',
      subscriptionIds: [expect.any(String)],
      subscriptions: [
        {
          subscriptionId: expect.any(String),
          subscriptionNumber: expect.stringMatching(/^A-S/),
          subscriptionOwnerId: account.id,
          subscriptionOwnerNumber: account.accountNumber,
          status: 'Active',
        },
      ],
    });
    expect((await mrr()) - before).toBe(25);
    expect((await api.get(path)).body.order).toMatchObject({
      status: 'Completed',
      subscriptions: [{ newVersion: 1, orderActions: [{ type: 'CreateSubscription', sequence: 0 }] }],
    });
    const again = await api.put(`${path}/activate`, '');
    expect(again.status).toBe(400);
    expect(again.body.reasons[0].message).toContain('is Completed: only orders in Draft can be activated');
  });

  test('twice at the same moment places it once', async () => {
    const { path } = await draft();
    const before = await mrr();
    const replies = await Promise.all([1, 2, 3, 4].map(() => api.put(`${path}/activate`, '')));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    expect((await mrr()) - before).toBe(25);
  });

  test('with changes of existing subscriptions, each on its latest version', async () => {
    const { subscriptionNumber } = await post([creating()]);
    const { path } = await post([onSubscription(subscriptionNumber, addProduct())], { status: 'Draft' });
    await post([onSubscription(subscriptionNumber, addProduct())]);
    expect((await api.put(`${path}/activate`, '')).body).toMatchObject({ status: 'Completed' });
    expect((await api.get(path)).body.order.subscriptions).toMatchObject([{ baseVersion: 2, newVersion: 3 }]);
  });
});

test('many drafts of one account at once: all are placed, some on the same subscription', async () => {
  const { subscriptionNumber } = await post([creating()]);
  const changes = Array.from({ length: 10 }, () =>
    post([onSubscription(subscriptionNumber, addProduct())], { status: 'Draft' }),
  );
  const drafts = await Promise.all([...changes, ...Array.from({ length: 20 }, () => draft())]);
  const before = await mrr();
  const replies = await Promise.all(drafts.map(({ path }) => api.put(`${path}/activate`, '')));
  expect(replies.map(({ body }) => body.status)).toEqual(drafts.map(() => 'Completed'));
  expect((await mrr()) - before).toBe(30 * 25);
  const { body } = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
  expect(body).toMatchObject({ version: 11 });
  expect(body.ratePlans).toHaveLength(11);
});

describe('PUT order', () => {
  test('replaces a draft, schedules it, places it', async () => {
    const { path, orderNumber } = await draft();
    const body = {
      orderDate: '2026-02-01',
      existingAccountNumber: account.accountNumber,
      subscriptions: [creating()],
    };
    expect((await api.put(path, body)).body).toEqual({
      success: true,
      orderNumber,
      accountNumber: account.accountNumber,
      status: 'Draft',
    });
    const options = { scheduledDatePolicy: 'SpecificDate', scheduledDate: '2026-08-01' };
    const scheduled = await api.put(path, { ...body, status: 'Scheduled', schedulingOptions: options });
    expect(scheduled.body).toMatchObject({ status: 'Scheduled' });
    expect((await api.get(path)).body.order).toMatchObject({
      orderDate: '2026-02-01',
      schedulingOptions: options,
    });
    expect((await api.put(path, { ...body, status: 'Completed' })).body).toMatchObject({
      status: 'Completed',
      subscriptions: [{}],
    });
    expect((await api.put(path, body)).status).toBe(400);
  });

  test('names what is wrong', async () => {
    const { path } = await draft();
    const body = { orderDate: '2026-02-01', subscriptions: [creating()] };
    expect((await api.put(path, { ...body, orderNumber: 'O-X' })).body.reasons[0].message).toContain(
      'orderNumber',
    );
    const many = Array.from({ length: 51 }, () => creating());
    expect((await api.put(path, { ...body, subscriptions: many })).body.reasons[0].message).toContain(
      'at most 50',
    );
    const other = await insert('account', testAccount());
    const moved = await api.put(path, { ...body, existingAccountNumber: other.accountNumber });
    expect(moved.status).toBe(400);
    expect(moved.body.reasons[0].message).toContain('belongs to another account');
  });
});

describe('PUT cancel', () => {
  test('a draft, with a reason and without', async () => {
    const { path, orderNumber } = await draft();
    const cancelReason = 'Customer cancelled the order.';
    expect((await api.put(`${path}/cancel`, { cancelReason })).body).toEqual({
      success: true,
      orderNumber,
      accountNumber: account.accountNumber,
      status: 'Cancelled',
      cancelReason,
      CancelReason: cancelReason,
    });
    expect(await statusOf(path)).toBe('Cancelled');
    const other = await draft();
    expect((await api.put(`${other.path}/cancel`, {})).body).toMatchObject({ status: 'Cancelled' });
    expect((await api.put(`${path}/cancel`, {})).status).toBe(400);
  });

  test('without any body', async () => {
    const { path } = await draft();
    expect((await api.call(`${path}/cancel`, { method: 'PUT' })).body).toMatchObject({ status: 'Cancelled' });
  });
});

describe('DELETE order', () => {
  test('leaves the rows as they were before it', async () => {
    const { subscriptionNumber } = await post([creating()]);
    const before = { rows: await rows(), mrr: await mrr() };
    const plans = (await api.get(`/v1/subscriptions/${subscriptionNumber}`)).body.ratePlans;
    const { path } = await post([
      onSubscription(
        subscriptionNumber,
        addProduct(),
        { type: 'RemoveProduct', removeProduct: { ratePlanId: plans[0].id } },
        { type: 'RenewSubscription', renewSubscription: {} },
      ),
      creating(),
    ]);
    expect((await mrr()) - before.mrr).toBe(25);
    expect((await api.delete(path)).body).toEqual({ success: true });
    expect({ rows: await rows(), mrr: await mrr() }).toEqual(before);
    expect(await statusOf(path)).toBe('gone');
    expect((await api.delete(path)).status).toBe(404);
  });

  test('a draft, and the order that created a subscription; a later one first', async () => {
    const before = { rows: await rows(), mrr: await mrr() };
    const one = await draft();
    const created = await post([creating()]);
    const later = await post([onSubscription(created.subscriptionNumber, addProduct())]);
    const refused = await api.delete(created.path);
    expect(refused.status).toBe(400);
    expect(refused.body.reasons[0].message).toContain(
      `it made version 1 of subscription ${created.subscriptionNumber}, which order ${later.orderNumber} has changed since`,
    );
    for (const { path } of [one, later, created]) expect((await api.delete(path)).status).toBe(200);
    expect({ rows: await rows(), mrr: await mrr() }).toEqual(before);
  });

  test('beside orders on the same subscription: each wins or is refused, nothing is torn', async () => {
    const { subscriptionNumber } = await post([creating()]);
    const { path } = await post([onSubscription(subscriptionNumber, addProduct())]);
    const before = await mrr();
    const [deletion, addition] = await Promise.all([
      api.delete(path),
      api.post('/v1/orders', {
        orderDate: '2026-01-01',
        existingAccountNumber: account.accountNumber,
        subscriptions: [onSubscription(subscriptionNumber, addProduct())],
      }),
    ]);
    expect(addition.status).toBe(200);
    expect([200, 400]).toContain(deletion.status);
    expect((await mrr()) - before).toBe(deletion.status === 200 ? 0 : 25);
    const { body } = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
    expect(body.version).toBe(deletion.status === 200 ? 2 : 3);
    expect(body.ratePlans).toHaveLength(deletion.status === 200 ? 2 : 3);
  });
});

describe('POST revert', () => {
  test('brings the subscription back under a next version', async () => {
    const { subscriptionNumber } = await post([creating()]);
    const key = `/v1/subscriptions/${subscriptionNumber}`;
    const before = { mrr: await mrr(), plans: (await api.get(key)).body.ratePlans.length };
    const { path, orderNumber } = await post([onSubscription(subscriptionNumber, addProduct())]);
    const { status, body } = await api.post(`${path}/revert`, { orderDate: '2026-03-01' });
    expect(status).toBe(200);
    expect(body).toEqual({
      success: true,
      orderNumber: expect.stringMatching(/^O-/),
      accountNumber: account.accountNumber,
      status: 'Completed',
      subscriptionNumbers: [subscriptionNumber],
    });
    const after = (await api.get(key)).body;
    expect({ mrr: await mrr(), plans: after.ratePlans.length }).toEqual(before);
    expect(after).toMatchObject({ version: 3, orderNumber: body.orderNumber });
    expect(await statusOf(path)).toBe('Reverted');
    expect((await api.get(`/v1/orders/${body.orderNumber}`)).body.order).toMatchObject({
      description: `Reverts order ${orderNumber}`,
      orderDate: '2026-03-01',
      subscriptions: [{ baseVersion: 2, newVersion: 3, orderActions: [{ type: 'RemoveProduct' }] }],
    });
    expect((await api.delete(`/v1/orders/${body.orderNumber}`)).status).toBe(200);
    expect(await statusOf(path)).toBe('Completed');
    expect((await api.get(key)).body).toMatchObject({ version: 2, orderNumber });
  });

  test('what the reverted order had added is not there for the next one', async () => {
    const { subscriptionNumber } = await post([creating()]);
    const { path } = await post([onSubscription(subscriptionNumber, addProduct())]);
    const reference = { type: 'RemoveProduct', removeProduct: { productRatePlanId: flat.offer.id } };
    const order = {
      orderDate: '2026-01-01',
      existingAccountNumber: account.accountNumber,
      subscriptions: [onSubscription(subscriptionNumber, reference)],
    };
    const ambiguous = await api.post('/v1/orders', order);
    expect(ambiguous.body.reasons[0].message).toContain('more than once');
    const before = await mrr();
    expect((await api.post(`${path}/revert`, { orderDate: '2026-01-01' })).status).toBe(200);
    expect((await api.post('/v1/orders', order)).status).toBe(200);
    expect((await mrr()) - before).toBe(-50);
  });

  test('stays where the reverted order had line items, which it has cancelled', async () => {
    const item = { itemName: 'webcam', quantity: 2, amountPerUnit: 50, transactionStartDate: '2026-01-01' };
    const { path, orderNumber } = await post([creating()], { orderLineItems: [item] });
    const { status, body } = await api.post(`${path}/revert`, { orderDate: '2026-03-01' });
    expect([status, body.success]).toEqual([200, true]);
    const refused = await api.delete(`/v1/orders/${body.orderNumber}`);
    expect(refused.status).toBe(400);
    expect(refused.body.reasons[0].message).toContain(`line items of order ${orderNumber}, which it reverts`);
  });

  test('cancels what the order created, and names what is wrong', async () => {
    const before = await mrr();
    const { path, subscriptionNumber } = await post([creating()]);
    const early = await api.post(`${path}/revert`, { orderDate: '2025-01-01' });
    expect(early.status).toBe(400);
    expect(early.body.reasons[0].message).toContain('orderDate');
    expect((await api.post(`${path}/revert`, {})).body.reasons[0].message).toContain('orderDate');
    expect((await api.post(`${path}/revert`, { orderDate: '2026-01-01' })).status).toBe(200);
    expect((await api.get(`/v1/subscriptions/${subscriptionNumber}`)).body).toMatchObject({
      status: 'Cancelled',
    });
    expect(await mrr()).toBe(before);
  });
});

describe('PUT triggerDates', () => {
  test('answers as the published sample does, and the charge has started', async () => {
    const { path, orderNumber, subscriptionNumber } = await post([
      creating(activated, missing('ServiceActivation', 'CustomerAcceptance')),
    ]);
    expect(await statusOf(path)).toBe('Pending');
    const set = (name: string, triggerDate: string) =>
      api.put(`${path}/triggerDates`, {
        subscriptions: [
          { subscriptionNumber, orderActions: [{ sequence: 0, triggerDates: [{ name, triggerDate }] }] },
        ],
      });
    expect((await set('ServiceActivation', '2026-07-01')).body).toMatchObject({
      status: 'Pending',
      subscriptions: [{ subscriptionNumber, status: 'Pending Acceptance' }],
    });
    expect((await set('CustomerAcceptance', '2026-07-22')).body).toMatchObject({
      success: true,
      orderNumber,
      status: 'Completed',
      accountNumber: account.accountNumber,
      subscriptions: [{ subscriptionNumber, status: 'Active' }],
    });
    const { body } = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
    expect(body).toMatchObject({
      status: 'Active',
      version: 1,
      serviceActivationDate: '2026-07-01',
      customerAcceptanceDate: '2026-07-22',
      totalContractedValue: 60,
      ratePlans: [
        { ratePlanCharges: [{ effectiveStartDate: '2026-07-01', effectiveEndDate: '2027-01-01' }] },
      ],
    });
    expect((await api.get(path)).body.order.subscriptions[0].orderActions[0].triggerDates).toEqual([
      { name: 'ContractEffective', triggerDate: '2026-01-01' },
      { name: 'ServiceActivation', triggerDate: '2026-07-01' },
      { name: 'CustomerAcceptance', triggerDate: '2026-07-22' },
    ]);
    expect((await set('CustomerAcceptance', '2026-07-23')).status).toBe(400);
  });

  test('an update that waited is placed', async () => {
    const { subscriptionNumber } = await post([creating()]);
    const { body } = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
    const [plan] = body.ratePlans;
    const update = {
      type: 'UpdateProduct',
      ...missing('ServiceActivation'),
      updateProduct: {
        ratePlanId: plan.id,
        chargeUpdates: [
          {
            chargeNumber: plan.ratePlanCharges[0].number,
            effectiveDate: { triggerEvent: 'ServiceActivation' },
            pricing: { recurringFlatFee: { listPrice: 40 } },
          },
        ],
      },
    };
    const before = await mrr();
    const { path } = await post([onSubscription(subscriptionNumber, update)]);
    expect(await statusOf(path)).toBe('Pending');
    expect(await mrr()).toBe(before);
    const triggerDates = [{ name: 'ServiceActivation', triggerDate: '2026-05-01' }];
    const reply = await api.put(`${path}/triggerDates`, {
      subscriptions: [{ subscriptionNumber, orderActions: [{ sequence: 0, triggerDates }] }],
    });
    expect(reply.body).toMatchObject({ status: 'Completed', subscriptions: [{ status: 'Active' }] });
    expect((await mrr()) - before).toBe(15);
  });
});

describe('custom fields and reasons', () => {
  test('of an order and its action', async () => {
    const { path, subscriptionNumber } = await post([creating()]);
    const body = {
      customFields: { CustomTag__c: 'internal' },
      subscriptions: [
        { subscriptionNumber, orderActions: [{ sequence: 0, customFields: { Why__c: 'grown' } }] },
      ],
    };
    expect((await api.put(`${path}/customFields`, body)).body).toEqual({ success: true });
    const { order } = (await api.get(path)).body;
    const [action] = order.subscriptions[0].orderActions;
    expect(order).toMatchObject({ customFields: { CustomTag__c: 'internal' } });
    expect(action).toMatchObject({ customFields: { Why__c: 'grown' } });
    const changed = await api.put(`/v1/orderActions/${action.id}`, {
      changeReason: 'Asked',
      customFields: { P__c: 'o' },
    });
    expect(changed.body).toEqual({ success: true });
    expect((await api.get(path)).body.order.subscriptions[0].orderActions).toMatchObject([
      { changeReason: 'Asked', customFields: { Why__c: 'grown', P__c: 'o' } },
    ]);
  });
});

test('an order that is not there is not found', async () => {
  const path = '/v1/orders/O-404';
  const replies = await Promise.all([
    api.put(`${path}/activate`, ''),
    api.put(path, { orderDate: '2026-01-01', subscriptions: [creating()] }),
    api.put(`${path}/cancel`, {}),
    api.delete(path),
    api.post(`${path}/revert`, { orderDate: '2026-01-01' }),
    api.put(`${path}/triggerDates`, { subscriptions: [{ subscriptionNumber: 'A-S1', orderActions: [] }] }),
    api.put(`${path}/customFields`, {}),
    api.put('/v1/orderActions/none', {}),
  ]);
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 404));
});

test('what is read of an order is found by index alone', async () => {
  for (const sql of [ORDER_EFFECTS_SQL, WHOLE_ORDER_SQL]) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind('[]')
      .all<{ detail: string }>();
    const scans = results
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?!j\b|v\b|b\b|CONSTANT|\(subquery)/.test(detail));
    expect(scans).toEqual([]);
    const walks = results
      .map(({ detail }) => detail)
      .filter((detail) => /charge_subscription|charge_removed/.test(detail));
    if (sql === ORDER_EFFECTS_SQL) {
      // Charges are walked for themselves, and for the lines that were billed from them and given back of them.
      expect(new Set(walks)).toEqual(
        new Set([
          expect.stringContaining('(subscription_original_id=? AND added_in_version=?)'),
          expect.stringContaining('(subscription_original_id=? AND removed_in_version=?)'),
        ]),
      );
    }
  }
});
