// Scenario S2: 300 parallel orders for one and the same subscription owner, billed to a reseller; both are partner
// accounts. No order is refused, and the fold publishes what they sum up to, on the owner alone.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createPlan, PER_UNIT_MONTHLY_CHARGE } from '../conformance/support/fixtures.ts';
import { expectAllSucceeded, inParallel, orderFor, Scenario } from '../support/scenario.ts';

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
