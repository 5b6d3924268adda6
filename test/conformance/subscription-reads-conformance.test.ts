import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import { createAccount, createPlan, orderSubscription, PER_UNIT_MONTHLY_CHARGE } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, listAt, textAt, valueAt } from './support/reply-reading.ts';

// What is read of a subscription beside itself: its rate plans, terms, pending orders, metrics, and what each version changed.

type Api = Parameters<typeof createAccount>[0];

/** A subscription to four seats at 6.25 a month, of which there are eight from May on. */
async function changedSubscription(api: Api) {
  const account = await createAccount(api);
  const plan = await createPlan(api, PER_UNIT_MONTHLY_CHARGE);
  const { subscriptionNumber, orderNumber } = await orderSubscription(api, account, plan);
  const shown = expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`));
  const ratePlanId = textAt(shown, 'ratePlans.0.id');
  const chargeNumber = textAt(shown, 'ratePlans.0.ratePlanCharges.0.number');
  const body = expectSuccess(
    await api.post('/v1/orders', {
      orderDate: '2026-02-01',
      existingAccountNumber: account.number,
      subscriptions: [
        {
          subscriptionNumber,
          orderActions: [
            {
              type: 'UpdateProduct',
              triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-05-01' }],
              updateProduct: {
                ratePlanId,
                chargeUpdates: [{ chargeNumber, pricing: { recurringPerUnit: { quantity: 8 } } }],
              },
            },
          ],
        },
      ],
    }),
  );
  const changedBy = textAt(body, 'orderNumber');
  return { account, plan, subscriptionNumber, orderNumber, changedBy, ratePlanId, chargeNumber };
}

conformance(
  ['GET_SubscriptionsByKey', 'GET_SubscriptionsByKeyAndVersion'],
  'shows the segments that are asked for, of the version that is asked for',
  async (api) => {
    const { subscriptionNumber } = await changedSubscription(api);
    const quantities = async (path: string) => {
      const body = expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}${path}`));
      expect(valueAt(body, 'ratePlans.0.lastChangeType')).toBe(path.includes('/1?') ? 'Add' : 'Update');
      return listAt(body, 'ratePlans.0.ratePlanCharges').map((charge) => valueAt(charge, 'quantity'));
    };
    expect(await quantities('?charge-detail=last-segment')).toEqual([8]);
    expect(await quantities('?charge-detail=all-segments&getDetailedMetrics=true')).toEqual([4, 8]);
    expect(await quantities('?charge-detail=specific-segment&as-of-date=2026-04-30')).toEqual([4]);
    expect(await quantities('/versions/1?charge-detail=all-segments')).toEqual([4]);
  },
);

conformance('GET_RatePlan', 'shows the plan and the order that changed it last', async (api) => {
  const { ratePlanId, changedBy, plan } = await changedSubscription(api);
  const body = expectSuccess(await api.get(`/v1/rateplans/${ratePlanId}`));
  expect(body).toMatchObject({
    id: ratePlanId,
    lastChangeType: 'Update',
    productRatePlanId: plan.ratePlanId,
    subscriptionVersion: 2,
    order: { orderNumber: changedBy, orderActions: [{ type: 'UpdateProduct' }] },
  });
  expectRefusal(await api.get(`/v1/rateplans/${'0'.repeat(32)}`), { status: 404, category: 40 });
});

conformance('GET_SubscriptionTermInfo', 'shows the terms of a subscription', async (api) => {
  const { subscriptionNumber } = await changedSubscription(api);
  const body = expectSuccess(await api.get(`/v1/orders/term/${subscriptionNumber}`));
  expect(listAt(body, 'terms')).toEqual([
    { termNumber: 1, isEvergreen: false, startDate: '2026-01-01', endDate: '2027-01-01' },
  ]);
  expectRefusal(await api.get('/v1/orders/term/A-S404'), { status: 404, category: 40 });
});

conformance('GET_PendingOrdersBySubscriptionNumber', 'shows orders that wait for a date', async (api) => {
  const account = await createAccount(api);
  const plan = await createPlan(api, { TriggerEvent: 'ServiceActivation' });
  const body = expectSuccess(
    await api.post('/v1/orders', {
      orderDate: '2026-01-01',
      existingAccountNumber: account.number,
      subscriptions: [
        {
          orderActions: [
            {
              type: 'CreateSubscription',
              triggerDates: [
                { name: 'ContractEffective', triggerDate: '2026-01-01' },
                { name: 'ServiceActivation', triggerDate: null },
              ],
              createSubscription: {
                terms: { initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' } },
                subscribeToRatePlans: [{ productRatePlanId: plan.ratePlanId }],
              },
            },
          ],
        },
      ],
    }),
  );
  const number = textAt(body, 'subscriptions.0.subscriptionNumber');
  const { body: pending } = await api.get(`/v1/orders/subscription/${number}/pending`);
  expect(listAt(pending, 'orders')).toMatchObject([
    { orderNumber: textAt(body, 'orderNumber'), status: 'Pending' },
  ]);
});

conformance('GetMetricsBySubscriptionNumbers', 'shows the metrics of several subscriptions', async (api) => {
  const [one, other] = [await changedSubscription(api), await changedSubscription(api)];
  const numbers = [one, other].map((made) => made.subscriptionNumber);
  const query = numbers.map((number) => `subscriptionNumbers[]=${number}`).join('&');
  const path = `/v1/subscriptions/subscription-metrics?${query}&asOfDay=2026-04-30`;
  const body = expectSuccess(await api.get(path));
  const metrics = {
    contractedMrr: 50,
    contractedNetMrr: 50,
    asOfDayGrossMrr: 25,
    asOfDayNetMrr: 25,
    totalContractedValue: 500,
    netTotalContractedValue: 500,
  };
  expect(listAt(body, 'subscriptionMetrics')).toEqual(
    numbers.map((subscriptionNumber) => ({ subscriptionNumber, ...metrics })),
  );
});

conformance(
  [
    'getSubscriptionChangeLogsBySubscriptionNumber',
    'getSubscriptionChangeLogsByOrderNumber',
    'getSubscriptionChangelogByVersion',
  ],
  'shows what each version changed',
  async (api) => {
    const { subscriptionNumber, orderNumber, changedBy, chargeNumber } = await changedSubscription(api);
    const path = `/v1/subscription-change-logs/${subscriptionNumber}`;
    const all = listAt(expectSuccess(await api.get(path)), 'subscriptions');
    expect(all.map((change) => valueAt(change, 'orderNumber'))).toEqual([changedBy, orderNumber]);
    const second = valueAt(expectSuccess(await api.get(`${path}/versions/2`)), 'subscription');
    expect(second).toEqual(all[0]);
    expect(listAt(second, 'ratePlans.0.ratePlanCharges')).toMatchObject([{ chargeNumber }, { chargeNumber }]);
    const byOrder = expectSuccess(await api.get(`/v1/subscription-change-logs/orders/${orderNumber}`));
    expect(listAt(byOrder, 'subscriptions')).toEqual([all[1]]);
    expectRefusal(await api.get('/v1/subscription-change-logs/A-S404'), { status: 404, category: 40 });
  },
);

conformance('GET_Order', 'shows what each action moved', async (api) => {
  const { changedBy, chargeNumber } = await changedSubscription(api);
  const body = expectSuccess(await api.get(`/v1/orders/${changedBy}`));
  expect(valueAt(body, 'order.subscriptions.0.orderActions.0.orderMetrics')).toMatchObject([
    {
      chargeNumber,
      mrr: [{ amount: 25, startDate: '2026-05-01', endDate: '2026-12-31' }],
      quantity: [{ amount: 4 }],
      tcv: [{ amount: 200 }],
    },
  ]);
});
