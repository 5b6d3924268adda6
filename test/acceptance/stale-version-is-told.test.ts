// Clients that name the version they have read (If-Match): of those that change the same version one wins, the others are told
// which version there is now, and succeed on top of it. Clients that name none take turns.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Account, createPlan, orderSubscription } from '../conformance/support/fixtures.ts';
import { expectSuccess } from '../conformance/support/reply-reading.ts';
import type { ApiReply } from '../support/api-client.ts';
import { changeOrder, inParallel, Scenario, upTo, versionsOf } from '../support/scenario.ts';

const CLIENTS = 20;
/** Resource code of orders and the category of a conflict. */
const STALE = 58730250;

let scenario: Scenario;
beforeAll(() => {
  scenario = new Scenario(inject('server'));
});
afterAll(() => scenario.close());

interface Conflict {
  readonly success: boolean;
  readonly currentVersion?: number;
  readonly reasons?: ReadonlyArray<{ readonly code: number; readonly message: string }>;
}

async function subscribed(): Promise<{
  R: Account;
  number: string;
  add: (version: number) => Promise<ApiReply<Conflict>>;
}> {
  const { checked, client } = scenario;
  const R = await scenario.partner();
  const plan = await createPlan(checked);
  const { subscriptionNumber: number } = await orderSubscription(checked, R, plan);
  const order = changeOrder(R, number, 'AddProduct', { productRatePlanId: plan.ratePlanId });
  return {
    R,
    number,
    add: (version) => client.post<Conflict>('/v1/orders', order, { 'If-Match': `"${version}"` }),
  };
}

async function expectState(R: Account, number: string, version: number): Promise<void> {
  expect(await versionsOf(scenario, number)).toEqual(upTo(version));
  expect(expectSuccess(await scenario.checked.get(`/v1/subscriptions/${number}`))).toMatchObject({
    version,
    contractedMrr: 25 * version,
  });
  expect((await scenario.folded(R)).published.contractedMrr).toBe(25 * version);
  await scenario.expectProven(R);
}

test('of two clients with the same version one wins, the other one rebases', async () => {
  const { R, number, add } = await subscribed();
  const replies = await Promise.all([add(1), add(1)]);
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  const { body } = replies.find(({ status }) => status === 409)!;
  expect(body).toMatchObject({
    success: false,
    currentVersion: 2,
    reasons: [{ code: STALE, message: expect.stringContaining(number) }],
  });
  expect(await add(body.currentVersion!)).toMatchObject({ status: 200, body: { success: true } });
  await expectState(R, number, 3);
});

test('twenty clients that rebase whenever they are told all succeed, each once', async () => {
  const { R, number, add } = await subscribed();
  const conflicts = await inParallel(CLIENTS, CLIENTS, async () => {
    let version = 1;
    // Each round one client wins, so nobody is told more often than there are others.
    for (let told = 0; told < CLIENTS; told++) {
      const { status, body } = await add(version);
      if (status === 200) return told;
      expect([status, body.reasons?.[0]?.code]).toEqual([409, STALE]);
      expect(body.currentVersion).toBeGreaterThan(version);
      version = body.currentVersion!;
    }
    throw new Error('A client was told of a new version more often than there are others.');
  });
  expect(Math.max(...conflicts)).toBeGreaterThan(0);
  await expectState(R, number, CLIENTS + 1);
});
