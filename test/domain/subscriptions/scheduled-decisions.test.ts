import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { createOrder } from '../../../src/domain/orders/create-order.ts';
import { runScheduledOrder } from '../../../src/domain/orders/run-scheduled-order.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import { autoRenew } from '../../../src/domain/subscriptions/auto-renew.ts';
import { expireSubscription } from '../../../src/domain/subscriptions/expire-subscription.ts';
import { type DueSubscription, NOT_DUE } from '../../../src/domain/subscriptions/scheduled-work.ts';
import type { Subscription } from '../../../src/domain/subscriptions/subscription.ts';
import type { TermSpec } from '../../../src/domain/subscriptions/subscription-spec.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { testAccount, testOffer } from '../../support/order-objects.ts';
import { creating, orderRequest, ratePlanSpec, twelveMonths } from '../../support/order-requests.ts';

/** What the end of a term, and the day of a scheduled order, decide: once, only while they are due, and what is refused is kept with its reason. */

let state: MemoryState;
let account: Account;
let planId: string;

beforeEach(() => {
  state = new MemoryState();
  account = testAccount();
  state.put('account', account);
  const { offer } = testOffer([{ price: '30' }]);
  state.put('ratePlanOffer', offer);
  planId = offer.id;
});

const monthly: TermSpec = {
  ...twelveMonths,
  period: 1,
  startDate: '2026-01-01',
  autoRenew: true,
  renewalPeriod: 1,
  renewalPeriodType: 'Month',
};

/** 30 USD a month from 2026-01-01 to 2026-02-01. */
function subscribe(terms: Partial<TermSpec> = {}, change: Partial<Subscription> = {}): Subscription {
  const request = orderRequest(account.id, [
    creating([ratePlanSpec(planId)], { terms: { ...monthly, ...terms } }),
  ]);
  const placed = state.run(createOrder, request);
  if (isRefusal(placed)) throw new Error(placed.message);
  const { id } = placed.subscriptions[0]!.subscription;
  state.put('subscription', { ...state.find('subscription', id)!, ...change });
  return state.find('subscription', id)!;
}

function due({ subscriptionNumber, termEndDate }: Subscription, day = '2026-02-01'): DueSubscription {
  return { subscriptionNumber, accountId: account.id, termEndDate: termEndDate!, day };
}

const latest = ({ subscriptionNumber }: Subscription) => state.find('subscription', subscriptionNumber)!;
const bookedMrr = () => state.deltas.reduce((sum, { contractedMrrWhole = 0 }) => sum + contractedMrrWhole, 0);

describe('renewal', () => {
  test('is an order of its own, on the day on which the term ended', () => {
    const subscription = subscribe();
    const reply = state.run(autoRenew, due(subscription, '2026-02-03'));
    expect(reply).toMatchObject({ outcome: 'renewed', reason: null });
    expect(latest(subscription)).toMatchObject({ version: 2, termStartDate: '2026-02-01', status: 'Active' });
    const order = state.find('order', latest(subscription).orderId)!;
    expect(order).toMatchObject({ orderDate: '2026-02-01', accountId: account.id, status: 'Completed' });
    expect(state.all('orderAction').at(-1)).toMatchObject({
      type: 'RenewSubscription',
      body: {
        triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-02-01' }],
        renewSubscription: {},
      },
    });
    expect(bookedMrr()).toBe(30);
  });

  test('of a subscription without a renewal term is refused, kept with its reason, and tried again the next day', () => {
    const subscription = subscribe({}, { renewalTerm: null });
    const reason = 'the subscription has no renewal term';
    expect(state.run(autoRenew, due(subscription))).toMatchObject({ outcome: 'failed', reason });
    expect(latest(subscription)).toMatchObject({
      version: 1,
      scheduledRetryOn: '2026-02-02',
      scheduledFailure: reason,
    });
    expect(state.run(autoRenew, due(subscription))).toEqual(NOT_DUE);
    expect(state.run(autoRenew, due(subscription, '2026-02-02'))).toMatchObject({
      outcome: 'failed',
      reason,
    });
    expect(latest(subscription)).toMatchObject({ scheduledRetryOn: '2026-02-03' });
  });

  test('after an order that changed the subscription, nothing of an earlier refusal is left on its version', () => {
    const subscription = subscribe({}, { scheduledRetryOn: '2026-02-01', scheduledFailure: 'a reason' });
    state.run(autoRenew, due(subscription));
    expect(latest(subscription)).toMatchObject({
      version: 2,
      scheduledRetryOn: null,
      scheduledFailure: null,
    });
  });
});

describe('expiry', () => {
  test('takes what the subscription counted from the owner, in its place', () => {
    const subscription = subscribe({ autoRenew: false });
    expect(bookedMrr()).toBe(30);
    expect(state.run(expireSubscription, due(subscription))).toEqual({
      outcome: 'expired',
      orderNumber: null,
      reason: null,
    });
    expect(latest(subscription)).toMatchObject({ version: 1, status: 'Expired', contractedMrr: '30' });
    expect(state.deltas.at(-1)).toMatchObject({ accountId: account.id, contractedMrrWhole: -30 });
    expect(bookedMrr()).toBe(0);
    expect(state.all('order')).toHaveLength(1);
  });
});

describe('what is not due is refused, and nothing is written', () => {
  const cases: ReadonlyArray<readonly [string, Partial<Subscription>, Partial<DueSubscription>]> = [
    ['another term', { termEndDate: '2026-03-01' }, { termEndDate: '2026-02-01' }],
    ['a term that ends later', {}, { day: '2026-01-31' }],
    ['cancelled', { status: 'Cancelled' }, {}],
    ['suspended', { status: 'Suspended' }, {}],
    ['expired already', { status: 'Expired' }, {}],
    ['not yet active', { status: 'Pending Activation' }, {}],
    ['evergreen', { termType: 'EVERGREEN' }, {}],
    ['put off', { scheduledRetryOn: '2026-02-02' }, {}],
    ['unknown', {}, { subscriptionNumber: 'A-S99999999' }],
  ];
  test.each(cases)('%s', (_, change, asked) => {
    for (const [handler, renews] of [
      [autoRenew, true],
      [expireSubscription, false],
    ] as const) {
      const subscription = subscribe({ autoRenew: renews }, change);
      expect(state.run(handler, { ...due(subscription), ...asked })).toEqual(NOT_DUE);
      expect(state.find('subscription', subscription.id)).toEqual(subscription);
    }
  });

  test('renewal and expiry are for those that do and do not renew themselves', () => {
    const [renews, ends] = [subscribe(), subscribe({ autoRenew: false })];
    expect(state.run(expireSubscription, due(renews))).toEqual(NOT_DUE);
    expect(state.run(autoRenew, due(ends))).toEqual(NOT_DUE);
  });
});

describe('a scheduled order', () => {
  function schedule(): string {
    const subscription = creating([ratePlanSpec(planId)], { terms: monthly });
    const kept = state.run(
      createOrder,
      orderRequest(account.id, [subscription], { intent: 'scheduled', scheduledDate: '2026-02-01' }),
    );
    if (isRefusal(kept)) throw new Error(kept.message);
    return kept.orderNumber;
  }

  test('is placed on its day, once', () => {
    const orderNumber = schedule();
    expect(state.run(runScheduledOrder, { orderNumber, day: '2026-01-31' })).toEqual(NOT_DUE);
    expect(bookedMrr()).toBe(0);
    const activated = { outcome: 'activated', orderNumber, reason: null };
    expect(state.run(runScheduledOrder, { orderNumber, day: '2026-02-01' })).toEqual(activated);
    expect(state.find('order', orderNumber)).toMatchObject({ status: 'Completed' });
    expect(state.all('subscription')).toMatchObject([{ status: 'Active', version: 1 }]);
    expect(state.run(runScheduledOrder, { orderNumber, day: '2026-02-01' })).toEqual(NOT_DUE);
    expect(bookedMrr()).toBe(30);
  });

  test('fails with its reason, and is not tried again', () => {
    const orderNumber = schedule();
    state.put('account', { ...account, status: 'Canceled' });
    const reason = `existingAccountId: account ${account.id} is canceled`;
    expect(state.run(runScheduledOrder, { orderNumber, day: '2026-02-05' })).toEqual({
      outcome: 'failed',
      orderNumber,
      reason,
    });
    expect(state.find('order', orderNumber)).toMatchObject({
      status: 'Failed',
      details: { scheduledOrderActivationResponse: { success: false, reasons: [{ message: reason }] } },
    });
    state.put('account', account);
    expect(state.run(runScheduledOrder, { orderNumber, day: '2026-02-06' })).toEqual(NOT_DUE);
    expect([state.all('subscription'), state.deltas]).toEqual([[], []]);
  });

  test('that is not there, or not scheduled, does nothing', () => {
    expect(state.run(runScheduledOrder, { orderNumber: 'O-99999999', day: '2026-02-01' })).toEqual(NOT_DUE);
    subscribe();
    const { orderNumber } = state.all('order')[0]!;
    expect(state.run(runScheduledOrder, { orderNumber, day: '2026-02-01' })).toEqual(NOT_DUE);
  });
});
