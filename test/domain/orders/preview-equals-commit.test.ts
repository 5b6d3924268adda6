import { beforeEach, describe, expect, test, vi } from 'vitest';
import { PlanBuilder } from '../../../src/domain/account/plan.ts';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { subtract } from '../../../src/domain/money.ts';
import type { OrderActionSpec } from '../../../src/domain/orders/action-specs.ts';
import { createOrder } from '../../../src/domain/orders/create-order.ts';
import type { OrderPlaced } from '../../../src/domain/orders/order-reply.ts';
import type { RequestedSubscription } from '../../../src/domain/orders/order-request.ts';
import { type OrderPreview, previewOrder } from '../../../src/domain/orders/preview-order.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { testAccount, testOffer } from '../../support/order-objects.ts';
import { chargeSpec, creating, orderRequest, pricing, ratePlanSpec } from '../../support/order-requests.ts';
import { defaultRules } from '../../support/tenant-rules.ts';

/** A preview's numbers are the commit's numbers (I11), and a preview decides nothing that could be committed. */

let state: MemoryState;
let account: Account;
let seats: ReturnType<typeof testOffer>['offer'];

beforeEach(() => {
  state = new MemoryState();
  account = testAccount();
  state.put('account', account);
  seats = testOffer([
    { price: '7.5', chargeModel: 'Per Unit Pricing', defaultQuantity: '12' },
    { price: '100', chargeType: 'OneTime' },
  ]).offer;
  state.put('ratePlanOffer', seats);
});

const types = ['ChargeMetrics', 'OrderDeltaMetrics', 'OrderMetrics'] as const;

function request(subscriptions: readonly RequestedSubscription[]) {
  return orderRequest(account.accountNumber, subscriptions);
}

function onExisting(subscriptionNumber: string, ...actions: OrderActionSpec[]): RequestedSubscription {
  return {
    subscriptionNumber,
    expectedVersion: null,
    actions: actions.map((action) => ({ action, body: {} })),
    details: {},
    customFields: {},
  };
}

function preview(subscriptions: readonly RequestedSubscription[]): OrderPreview {
  const reply = state.run(previewOrder, { order: request(subscriptions), types });
  if (isRefusal(reply)) throw new Error(reply.message);
  return reply;
}

function commit(subscriptions: readonly RequestedSubscription[]): OrderPlaced {
  const reply = state.run(createOrder, request(subscriptions));
  if (isRefusal(reply)) throw new Error(reply.message);
  return reply;
}

/** What both say of a subscription: amounts and dates, not the identities that only a commit gives. */
function values({ subscriptions }: { readonly subscriptions: OrderPlaced['subscriptions'] }) {
  return subscriptions.map((placed) => ({
    mrr: placed.subscription.contractedMrr,
    value: placed.subscription.totalContractedValue,
    status: placed.subscription.status,
    deltaMrr: placed.deltaMrr,
    deltaTcv: placed.deltaTcv,
    segments: placed.charges.map((c) => [
      c.productRatePlanChargeId,
      c.effectiveStartDate,
      c.effectiveEndDate,
      c.price,
      c.quantity,
    ]),
    deltas: placed.deltas.map((d) => [
      d.sequence,
      d.actionType,
      d.startDate,
      d.endDate,
      d.deltaMrr,
      d.deltaTcv,
      d.deltaQuantity,
    ]),
  }));
}

const addSeats: OrderActionSpec = {
  type: 'AddProduct',
  triggerDates: { contractEffective: '2026-04-01' },
  ratePlan: ratePlanSpec('seats'),
};

function addProduct(): OrderActionSpec {
  const more = chargeSpec(seats.charges[0]!.id, { pricing: pricing('recurringPerUnit', { quantity: '3' }) });
  return { ...addSeats, ratePlan: ratePlanSpec(seats.id, [more]) } as OrderActionSpec;
}

const cancel: OrderActionSpec = {
  type: 'CancelSubscription',
  triggerDates: {},
  policy: 'SpecificDate',
  effectiveDate: '2026-09-01',
};

describe('previews', () => {
  test('of a new subscription: 12 × 7.50 a month is MRR 90, contracted 1,080 + 100 once', () => {
    const [previewed] = preview([creating([ratePlanSpec(seats.id)])]).subscriptions;
    expect(previewed).toMatchObject({
      isExisting: false,
      placed: { subscription: { contractedMrr: '90', totalContractedValue: '1180' } },
    });
    expect(previewed!.charges.map((c) => [c.contractedMrr, c.totalContractedValue])).toEqual([
      [
        { value: '90', delta: '90' },
        { value: '1080', delta: '1080' },
      ],
      [
        { value: '0', delta: '0' },
        { value: '100', delta: '100' },
      ],
    ]);
  });

  test.each<[string, (number: string) => RequestedSubscription[]]>([
    ['a new subscription', () => [creating([ratePlanSpec(seats.id)])]],
    ['an added product', (number) => [onExisting(number, addProduct())]],
    ['a cancellation', (number) => [onExisting(number, cancel)]],
    ['both, one after the other', (number) => [onExisting(number, addProduct(), cancel)]],
    ['two subscriptions', (number) => [creating([ratePlanSpec(seats.id)]), onExisting(number, addProduct())]],
  ])('of %s are what the order then does', (_what, subscriptionsOf) => {
    const number = commit([creating([ratePlanSpec(seats.id)])]).subscriptions[0]!.subscription
      .subscriptionNumber;
    const subscriptions = subscriptionsOf(number);
    const previewed = preview(subscriptions).subscriptions.map(({ placed }) => placed);
    expect(values({ subscriptions: previewed })).toEqual(values(commit(subscriptions)));
  });

  test('name what the order changes on each charge: a cancellation takes all of its contracted MRR', () => {
    const number = commit([creating([ratePlanSpec(seats.id)])]).subscriptions[0]!.subscription
      .subscriptionNumber;
    const [previewed] = preview([onExisting(number, cancel)]).subscriptions;
    // 8 of 12 months stay: 8 × 90.
    expect(previewed!.charges[0]).toMatchObject({
      isExisting: true,
      contractedMrr: { value: '0', delta: '-90' },
      totalContractedValue: { value: '720', delta: subtract('720', '1080') },
    });
  });

  test('change nothing: no object, no number, no metric', () => {
    const before = state.all('subscription').length;
    const payload = { order: request([creating([ratePlanSpec(seats.id)])]), types };
    const taken: string[] = [];
    const decision = previewOrder.decide(state, payload, {
      now: '2026-03-15T12:00:00.000Z',
      today: '2026-03-15',
      actor: 'tester',
      rules: defaultRules,
      newId: () => 'f'.repeat(32),
      nextNumber: (kind) => {
        taken.push(kind);
        return '';
      },
    });
    expect(decision).toMatchObject({ ...new PlanBuilder().build(null), reply: expect.anything() });
    expect([taken, state.all('subscription').length - before]).toEqual([[], 0]);
  });

  test('ask beforehand for the very content of the subscription that they look at: it is read once', () => {
    const number = commit([creating([ratePlanSpec(seats.id)])]).subscriptions[0]!.subscription
      .subscriptionNumber;
    const payload = { order: request([onExisting(number, addProduct())]), types };
    const find = vi.spyOn(state, 'find');
    state.run(previewOrder, payload);
    const read = find.mock.calls.filter(([kind]) => kind === 'subscriptionContent').map(([, key]) => key);
    const asked = previewOrder.needs(payload).filter(({ kind }) => kind === 'subscriptionContent');
    expect([...new Set(read)]).toEqual(asked.map(({ key }) => key));
  });

  test('refuse what the order would be refused for', () => {
    const reply = state.run(previewOrder, { order: request([creating([ratePlanSpec('nothing')])]), types });
    expect(reply).toMatchObject({
      refused: true,
      field: 'subscriptions[0].orderActions[0].createSubscription.subscribeToRatePlans[0].productRatePlanId',
    });
  });
});
