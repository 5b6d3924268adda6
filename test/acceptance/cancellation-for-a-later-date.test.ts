// Scenario S6: a subscription of 300 a month is cancelled for a day in 200 days. The owner's contracted MRR falls with the
// order itself; the subscription still shows 300, and so does its MRR of today, until that day.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalServer } from '../../scripts/local-server.mjs';
import {
  type Account,
  createAccount,
  createPlan,
  createSubscriptionAction,
} from '../conformance/support/fixtures.ts';
import { expectSuccess, textAt } from '../conformance/support/reply-reading.ts';
import { changeOrder, type Scenario, startWithSlowFolds } from '../support/scenario.ts';

const MS_PER_DAY = 86_400_000;
/** Days of the calendar around today. */
const day = (days: number) => new Date(Date.now() + days * MS_PER_DAY).toISOString().slice(0, 10);

let server: LocalServer;
let scenario: Scenario;
beforeAll(async () => {
  ({ server, scenario } = await startWithSlowFolds());
});
afterAll(async () => {
  scenario?.close();
  await server?.dispose();
});

/** A subscription of 300 a month that began 30 days ago and ends after twelve months. */
async function subscribed(R: Account, owner: Account): Promise<string> {
  const plan = await createPlan(scenario.checked, {
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: 300 }] },
  });
  const fields = { subscriptionOwnerAccountNumber: owner.number };
  const action = createSubscriptionAction([{ productRatePlanId: plan.ratePlanId }], day(-30), fields);
  const order = {
    orderDate: day(-30),
    existingAccountNumber: R.number,
    subscriptions: [{ orderActions: [action] }],
  };
  const body = expectSuccess(await scenario.checked.post('/v1/orders', order));
  return textAt(body, 'subscriptions.0.subscriptionNumber');
}

async function cancel(R: Account, subscriptionNumber: string): Promise<void> {
  const cancellation = { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: day(200) };
  const order = changeOrder(R, subscriptionNumber, 'CancelSubscription', cancellation);
  expectSuccess(await scenario.checked.post('/v1/orders', order));
}

/** The subscription, with its values of a day; of today without one. */
async function shown(subscriptionNumber: string, asOfDay?: string) {
  const query = `getDetailedMetrics=true${asOfDay === undefined ? '' : `&asOfDay=${asOfDay}`}`;
  return expectSuccess(await scenario.checked.get(`/v1/subscriptions/${subscriptionNumber}?${query}`));
}

const running = { contractedMrr: 300, asOfDayGrossMrr: 300, asOfDayNetMrr: 300 };

async function expectServedUntilThen(subscriptionNumber: string): Promise<void> {
  expect(await shown(subscriptionNumber)).toMatchObject({
    ...running,
    status: 'Cancelled',
    version: 2,
    subscriptionEndDate: day(200),
  });
  expect(await shown(subscriptionNumber, day(199))).toMatchObject(running);
  expect(await shown(subscriptionNumber, day(200))).toMatchObject({ asOfDayGrossMrr: 0, asOfDayNetMrr: 0 });
}

test('on a partner account the sum falls in the watermark that the order is in', async () => {
  const [R, E] = [await scenario.partner(), await scenario.partner()];
  const number = await subscribed(R, E);
  expect((await scenario.refresh(E)).published.contractedMrr).toBe(300);
  await cancel(R, number);
  expect(await scenario.metrics(E)).toMatchObject({
    published: { contractedMrr: 300 },
    exact: { contractedMrr: 0 },
    pending: { operations: 1, deltas: 1 },
  });

  const { published, watermark } = await scenario.refresh(E);
  expect(published.contractedMrr).toBe(0);
  expect(await scenario.operations(E)).toMatchObject([
    { contractedMrr: 300, published: true },
    { contractedMrr: -300, published: true, sequence: watermark },
  ]);
  await expectServedUntilThen(number);
  await scenario.expectProven(E, R);
});

test('on an ordinary account the next read shows it', async () => {
  const R = await scenario.partner();
  const E = await createAccount(scenario.checked);
  const number = await subscribed(R, E);
  expect((await scenario.shown(E)).contractedMrr).toBe(300);
  await cancel(R, number);
  expect((await scenario.shown(E)).contractedMrr).toBe(0);
  await expectServedUntilThen(number);
  await scenario.expectProven(E, R);
});
