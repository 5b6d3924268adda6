import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import {
  type Account,
  createAccount,
  createPlan,
  createSubscriptionAction,
  type Plan,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, listAt, textAt, valueAt } from './support/reply-reading.ts';

// What is asked of orders after their creation: activated, replaced, cancelled, deleted, reverted, dates set later, custom fields, reasons.
const START = '2026-01-01';

interface Setup {
  readonly account: Account;
  readonly plan: Plan;
}

async function setup(api: CheckedApi, charge: object = {}): Promise<Setup> {
  return { account: await createAccount(api), plan: await createPlan(api, charge) };
}

async function post(api: CheckedApi, { account, plan }: Setup, fields: object = {}, action: object = {}) {
  const create = createSubscriptionAction([{ productRatePlanId: plan.ratePlanId }], START);
  const body = expectSuccess(
    await api.post('/v1/orders', {
      orderDate: START,
      existingAccountNumber: account.number,
      subscriptions: [{ orderActions: [{ ...create, ...action }] }],
      ...fields,
    }),
  );
  const orderNumber = textAt(body, 'orderNumber');
  return { path: `/v1/orders/${orderNumber}`, orderNumber, body };
}

conformance(['PUT_OrderActivate', 'GET_Order'], 'places a draft', async (api) => {
  const { path, orderNumber } = await post(api, await setup(api), { status: 'Draft' });
  const body = expectSuccess(await api.put(`${path}/activate`));
  expect(body).toMatchObject({ orderNumber, status: 'Completed', subscriptions: [{ status: 'Active' }] });
  expect(valueAt(expectSuccess(await api.get(path)), 'order.status')).toBe('Completed');
  expectRefusal(await api.put(`${path}/activate`), { status: 400, category: 30, names: 'Draft' });
});

conformance('PUT_Order', 'replaces what a draft says', async (api) => {
  const made = await setup(api);
  const { path, orderNumber } = await post(api, made, { status: 'Draft' });
  const create = createSubscriptionAction([{ productRatePlanId: made.plan.ratePlanId }], START);
  const body = expectSuccess(
    await api.put(path, {
      existingAccountNumber: made.account.number,
      orderDate: '2026-02-01',
      subscriptions: [{ orderActions: [create] }, { orderActions: [create] }],
    }),
  );
  expect(body).toEqual({ success: true, orderNumber, accountNumber: made.account.number, status: 'Draft' });
  const read = expectSuccess(await api.get(path));
  expect(valueAt(read, 'order.orderDate')).toBe('2026-02-01');
  expect(listAt(read, 'order.subscriptions')).toHaveLength(2);
});

conformance(['PUT_OrderCancel', 'GET_Order'], 'cancels a draft, with the published reason', async (api) => {
  const { path, orderNumber } = await post(api, await setup(api), { status: 'Draft' });
  const cancelReason = 'Customer cancelled the order.';
  expect(expectSuccess(await api.put(`${path}/cancel`, { cancelReason }))).toMatchObject({
    CancelReason: cancelReason,
    orderNumber,
    status: 'Cancelled',
  });
  expect(valueAt(expectSuccess(await api.get(path)), 'order.status')).toBe('Cancelled');
  expectRefusal(await api.put(`${path}/cancel`, {}), { status: 400, category: 30, names: 'Cancelled' });
});

conformance(
  'DELETE_Order',
  'deletes a completed order with its subscription, and is not found again',
  async (api) => {
    const { path, body } = await post(api, await setup(api));
    const number = textAt(body, 'subscriptions.0.subscriptionNumber');
    expect(expectSuccess(await api.delete(path))).toEqual({ success: true });
    expectRefusal(await api.delete(path), { status: 404, category: 40, names: 'order' });
    expectRefusal(await api.get(`/v1/subscriptions/${number}`), {
      status: 404,
      category: 40,
      names: 'subscription',
    });
  },
);

conformance(['revertOrder', 'GET_Order'], 'reverts an order by another', async (api) => {
  const { path, body } = await post(api, await setup(api));
  const number = textAt(body, 'subscriptions.0.subscriptionNumber');
  const reversal = expectSuccess(await api.post(`${path}/revert`, { orderDate: '2026-03-01' }));
  expect(reversal).toMatchObject({ status: 'Completed', subscriptionNumbers: [number] });
  expect(valueAt(expectSuccess(await api.get(path)), 'order.status')).toBe('Reverted');
  const read = expectSuccess(await api.get(`/v1/orders/${textAt(reversal, 'orderNumber')}`));
  expect(valueAt(read, 'order.subscriptions.0.orderActions.0.type')).toBe('CancelSubscription');
  expectRefusal(await api.post(`${path}/revert`, { orderDate: '2026-03-01' }), {
    status: 400,
    category: 30,
    names: 'Reverted',
  });
});

conformance(['PUT_OrderTriggerDates', 'GET_Order'], 'takes the published dates', async (api) => {
  const triggerDates = [{ name: 'CustomerAcceptance' }];
  const { path, body } = await post(api, await setup(api), {}, { triggerDates });
  expect(valueAt(body, 'status')).toBe('Pending');
  const subscriptionNumber = textAt(body, 'subscriptions.0.subscriptionNumber');
  const dates = [{ name: 'CustomerAcceptance', triggerDate: '2026-07-22' }];
  const set = {
    subscriptions: [{ subscriptionNumber, orderActions: [{ sequence: 0, triggerDates: dates }] }],
  };
  expect(expectSuccess(await api.put(`${path}/triggerDates`, set))).toMatchObject({
    status: 'Completed',
    subscriptions: [{ subscriptionNumber, status: 'Active' }],
  });
  expect(valueAt(expectSuccess(await api.get(path)), 'order.status')).toBe('Completed');
  expectRefusal(await api.put(`${path}/triggerDates`, set), { status: 400, category: 30, names: 'sequence' });
});

conformance(
  ['PUT_UpdateOrderCustomFields', 'PUT_OrderActions', 'GET_Order'],
  'sets custom fields of an order, and why an action was asked for',
  async (api) => {
    const { path } = await post(api, await setup(api));
    const fields = { customFields: { CustomTag__c: 'internal' } };
    expect(expectSuccess(await api.put(`${path}/customFields`, fields))).toEqual({ success: true });
    const id = textAt(expectSuccess(await api.get(path)), 'order.subscriptions.0.orderActions.0.id');
    const change = { changeReason: 'string', customFields: { PICKLIST_CF__c: 'option_1' } };
    expect(expectSuccess(await api.put(`/v1/orderActions/${id}`, change))).toEqual({ success: true });
    const read = expectSuccess(await api.get(path));
    expect(valueAt(read, 'order.customFields.CustomTag__c')).toBe('internal');
    expect(valueAt(read, 'order.subscriptions.0.orderActions.0.changeReason')).toBe('string');
    expectRefusal(await api.put('/v1/orderActions/none', change), {
      status: 404,
      category: 40,
      names: 'action',
    });
  },
);
