// Scenario S2: 300 parallel orders for one and the same subscription owner, billed to a reseller; both are partner
// accounts. No order is refused, and the fold publishes what they sum up to, on the owner alone. Then the same with 300 parallel orders
// on one and the same subscription: they take turns, and none of them has to know of the others.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createPlan, orderSubscription, PER_UNIT_MONTHLY_CHARGE } from '../conformance/support/fixtures.ts';
import { expectSuccess, textAt } from '../conformance/support/reply-reading.ts';
import {
  changeOrder,
  expectAllSucceeded,
  inParallel,
  orderFor,
  Scenario,
  upTo,
  versionsOf,
} from '../support/scenario.ts';

const ORDERS = 300;

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario(inject('server'));
});
afterAll(() => scenario.close());

test('300 parallel orders of 4 × 6.25 a month for one owner', async () => {
  const { client, checked } = scenario;
  const [reseller, fleet] = [await scenario.partner(), await scenario.partner()];
  const plan = await createPlan(checked, PER_UNIT_MONTHLY_CHARGE);
  const order = orderFor(reseller, fleet, [{ productRatePlanId: plan.ratePlanId }]);
  expectAllSucceeded(await inParallel(ORDERS, ORDERS, () => client.post('/v1/orders', order)));

  expect(await scenario.folded(fleet)).toMatchObject({
    published: { contractedMrr: 7_500, balance: 0 },
    exact: { contractedMrr: 7_500 },
    pending: { operations: 0, deltas: 0 },
  });
  expect(await scenario.shown(fleet)).toMatchObject({
    contractedMrr: 7_500,
    lastMetricsUpdate: expect.any(String),
  });
  expect(await scenario.shown(reseller)).toMatchObject({ contractedMrr: 0, balance: 0 });
  expect(await scenario.count(`/v1/orders/subscriptionOwner/${fleet.number}?pageSize=40`, 'orders')).toBe(
    ORDERS,
  );
  await scenario.expectProven(fleet, reseller);
});

test('300 parallel orders on one subscription: 150 add a plan of 25, 150 set the quantity', async () => {
  const { client, checked } = scenario;
  const [reseller, fleet] = [await scenario.partner(), await scenario.partner()];
  const [seats, added] = [await createPlan(checked, PER_UNIT_MONTHLY_CHARGE), await createPlan(checked)];
  const owner = { subscriptionOwnerAccountNumber: fleet.number };
  const { subscriptionNumber: number } = await orderSubscription(checked, reseller, seats, owner);
  const read = expectSuccess(await checked.get(`/v1/subscriptions/${number}`));
  const update = {
    ratePlanId: textAt(read, 'ratePlans.0.id'),
    chargeUpdates: [
      {
        chargeNumber: textAt(read, 'ratePlans.0.ratePlanCharges.0.number'),
        pricing: { recurringPerUnit: { quantity: 10 } },
      },
    ],
  };
  const orders = [
    changeOrder(reseller, number, 'AddProduct', { productRatePlanId: added.ratePlanId }),
    changeOrder(reseller, number, 'UpdateProduct', update),
  ];
  expectAllSucceeded(await inParallel(ORDERS, ORDERS, (i) => client.post('/v1/orders', orders[i % 2])));

  expect(await versionsOf(scenario, number)).toEqual(upTo(ORDERS + 1));
  // 10 × 6.25 + 150 × 25
  const contractedMrr = 3_812.5;
  expect(expectSuccess(await checked.get(`/v1/subscriptions/${number}`))).toMatchObject({
    version: ORDERS + 1,
    contractedMrr,
  });
  expect((await scenario.folded(fleet)).published.contractedMrr).toBe(contractedMrr);
  await scenario.expectProven(fleet, reseller);
});
