import { beforeEach, describe, expect, test } from 'vitest';
import type { OrderActionSpec } from '../../../../src/domain/orders/action-specs.ts';
import { subscriptionLimits } from '../../../../src/domain/subscriptions/limits.ts';
import type { SubscriptionStatus } from '../../../../src/domain/subscriptions/subscription.ts';
import {
  addingProduct,
  cancelling,
  changing,
  changingPlan,
  removingProduct,
  renewing,
  repricing,
  resuming,
  suspending,
  terms,
  transferring,
} from '../../../support/order-actions.ts';
import { creating, ratePlanSpec } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, placedOf, type Subscribed } from '../../../support/order-world.ts';

/** An order is all or nothing over its subscriptions and their actions; which statuses take which actions; versions that are expected. */

let world: OrderWorld;
let sub: Subscribed;
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([{ ...PER_UNIT, defaultQuantity: '3' }]);
});

describe('several subscriptions', () => {
  test('one made, two changed: each has its own version, line and deltas', () => {
    const other = world.subscribe([{ price: '84' }]);
    const offer = world.offer({ price: '100' });
    const order = world.order([
      changing(sub.number, [repricing(sub.plans[0]!, sub.charges[0]!, '2026-05-01', { quantity: '4' })]),
      creating([ratePlanSpec(offer.id)]),
      changing(other.number, [cancelling('2026-03-01')]),
    ]);
    expect([0, 1, 2].map((line) => placedOf(order, line).subscription)).toMatchObject([
      { subscriptionNumber: sub.number, version: 2, contractedMrr: '40' },
      { version: 1, contractedMrr: '100' },
      { subscriptionNumber: other.number, version: 2, status: 'Cancelled' },
    ]);
    expect([0, 1, 2].map((line) => deltasOf(placedOf(order, line)))).toEqual([
      ['0: 2026-05-01..2027-01-01 mrr 10 tcv 80 quantity 1'],
      ['0: 2026-01-01..2027-01-01 mrr 100 tcv 1200 quantity 1'],
      ['0: 2026-03-01..2027-01-01 mrr -84 tcv -840 quantity -1'],
    ]);
    expect(world.state.all('orderSubscription').slice(-3)).toMatchObject([
      { line: 0, baseVersion: 1, newVersion: 2 },
      { line: 1, baseVersion: null, newVersion: 1 },
      { line: 2, baseVersion: 1, newVersion: 2 },
    ]);
    expect(world.booked(world.account.id)).toBe(140);
  });

  test('the last subscription’s last action is refused: nothing of the order is done', () => {
    const offer = world.offer({ price: '100' });
    const other = world.subscribe([{ price: '84' }]);
    world.refuses(
      [
        creating([ratePlanSpec(offer.id)]),
        changing(sub.number, [suspending('2026-05-01')]),
        changing(other.number, [addingProduct(ratePlanSpec(offer.id), '2026-02-01'), resuming('2026-05-01')]),
      ],
      {
        field: 'subscriptions[2].orderActions[1].type',
        message: `subscription ${other.number} is Active, not Suspended`,
      },
    );
  });

  test('the same subscription twice, one that is not there, no number at all, one that must be new', () => {
    const cancel = cancelling('2026-05-01');
    world.refuses([changing(sub.number, [cancel]), changing(sub.number, [cancel])], {
      field: 'subscriptions[1].subscriptionNumber',
      message: 'is given twice in this order',
    });
    world.refuses([changing('none', [cancel])], {
      field: 'subscriptions[0].subscriptionNumber',
      message: 'there is no subscription none',
    });
    world.refuses([{ ...changing('', [cancel]), subscriptionNumber: null }], {
      field: 'subscriptions[0].subscriptionNumber',
      message: 'is required for an existing subscription',
    });
    const creation = creating([]);
    world.refuses([{ ...creation, subscriptionNumber: sub.number }], {
      field: 'subscriptions[0].subscriptionNumber',
      message: `subscription ${sub.number} exists already`,
    });
    const [create] = creation.actions;
    world.refuses([{ ...changing(sub.number, [cancel]), actions: [{ action: cancel, body: {} }, create!] }], {
      field: 'subscriptions[0].orderActions[1].type',
      message: 'CreateSubscription must be the first action',
    });
  });
});

describe('actions after CreateSubscription in one order: version 1', () => {
  test('a product added, another removed, the owner changed: only the last owner gets MRR', () => {
    const offer = world.offer({ price: '100' });
    const creation = creating([ratePlanSpec(offer.id)]);
    const named = { ratePlan: null, uniqueToken: null, productRatePlan: offer.id, field: 'x' };
    const later: OrderActionSpec[] = [
      addingProduct(ratePlanSpec(world.offer(PER_UNIT).id), '2026-04-01'),
      { ...removingProduct('', '2026-07-01'), ratePlan: named },
      transferring({ subscriptionOwner: world.openAccount().accountNumber }),
    ];
    const placed = placedOf(
      world.order([
        { ...creation, actions: [...creation.actions, ...later.map((action) => ({ action, body: {} }))] },
      ]),
    );
    expect(placed.subscription).toMatchObject({ version: 1, contractedMrr: '10' });
    expect(deltasOf(placed)).toEqual([
      '0: 2026-01-01..2027-01-01 mrr 100 tcv 1200 quantity 1',
      '1: 2026-04-01..2027-01-01 mrr 10 tcv 90 quantity 1',
      '2: 2026-07-01..2027-01-01 mrr -100 tcv -600 quantity -1',
    ]);
    expect(world.state.deltas.slice(1)).toMatchObject([
      { accountId: placed.subscription.accountId, contractedMrrWhole: 10 },
    ]);
  });
});

describe('statuses', () => {
  const actions: ReadonlyArray<
    [string, (s: Subscribed, w: OrderWorld) => OrderActionSpec, readonly SubscriptionStatus[]]
  > = [
    [
      'AddProduct',
      (_, w) => addingProduct(ratePlanSpec(w.offer({}).id), '2026-05-01'),
      ['Active', 'Pending Activation', 'Pending Acceptance'],
    ],
    [
      'UpdateProduct',
      (s) => repricing(s.plans[0]!, s.charges[0]!, '2026-05-01', { price: '1' }),
      ['Active', 'Pending Activation', 'Pending Acceptance'],
    ],
    [
      'RemoveProduct',
      (s) => removingProduct(s.plans[0]!, '2026-05-01'),
      ['Active', 'Pending Activation', 'Pending Acceptance'],
    ],
    [
      'ChangePlan',
      (s, w) => changingPlan(s.plans[0]!, ratePlanSpec(w.offer({}).id), '2026-05-01'),
      ['Active', 'Pending Activation', 'Pending Acceptance'],
    ],
    [
      'TermsAndConditions',
      () => terms({ autoRenew: true }),
      ['Active', 'Pending Activation', 'Pending Acceptance', 'Suspended'],
    ],
    [
      'OwnerTransfer',
      (_, w) => transferring({ subscriptionOwner: w.account.id }),
      ['Active', 'Pending Activation', 'Pending Acceptance', 'Suspended'],
    ],
    [
      'CancelSubscription',
      () => cancelling('2026-05-01'),
      ['Active', 'Pending Activation', 'Pending Acceptance', 'Suspended'],
    ],
    ['RenewSubscription', () => renewing(), ['Active', 'Suspended']],
    ['Suspend', () => suspending('2026-05-01'), ['Active']],
    ['Resume', () => resuming('2026-05-01'), ['Suspended']],
  ];
  const statuses: readonly SubscriptionStatus[] = [
    'Active',
    'Pending Activation',
    'Pending Acceptance',
    'Suspended',
    'Cancelled',
    'Expired',
  ];

  describe.each(actions)('%s', (_, action, allowed) => {
    test.each(statuses)('on %s', (status) => {
      world.state.put('subscription', {
        ...world.subscription(sub.number),
        status,
        suspendedOn: status === 'Suspended' ? '2026-04-01' : null,
      });
      const requested = [changing(sub.number, [action(sub, world)])];
      if (allowed.includes(status)) expect(world.order(requested)).toMatchObject({ status: 'Completed' });
      else {
        world.refuses(requested, {
          field: 'subscriptions[0].orderActions[0].type',
          message: `subscription ${sub.number} is ${status}`,
          category: 'rule',
        });
      }
    });
  });
});

describe('versions', () => {
  test('the expected version, and another one: 409 with the version that there is', () => {
    expect(world.order([changing(sub.number, [renewing()], 1)])).toMatchObject({ status: 'Completed' });
    const stale = world.order([changing(sub.number, [renewing()], 1)]);
    expect(stale).toMatchObject({
      refused: true,
      category: 'conflict',
      field: 'subscriptions[0].subscriptionNumber',
      message: `subscription ${sub.number} is at version 2, not 1`,
      currentVersion: 2,
    });
  });

  test('ordersMax versions are the most', () => {
    world.state.put('subscription', {
      ...world.subscription(sub.number),
      version: subscriptionLimits.ordersMax,
    });
    world.refuses([changing(sub.number, [renewing()])], {
      field: 'subscriptions[0].subscriptionNumber',
      message: 'has had 1000 orders, which is the most',
    });
  });

  test('actionsPerChargeMax changes of one charge are the most', () => {
    const [charge] = world.live(sub.charges[0]!);
    world.state.put('charge', { ...charge!, version: subscriptionLimits.actionsPerChargeMax });
    world.refuses(
      [changing(sub.number, [repricing(sub.plans[0]!, sub.charges[0]!, '2026-05-01', { price: '1' })])],
      { field: 'subscriptions[0].orderActions', message: 'has been changed 1000 times, which is the most' },
    );
  });
});

describe('orders that are only kept (semantics F.1 row 1)', () => {
  test.each(['draft', 'scheduled'] as const)('%s: what the actions mean is kept, nothing moves', (intent) => {
    const action = cancelling('2026-05-01');
    expect(world.order([changing(sub.number, [action])], { intent })).toMatchObject({ subscriptions: [] });
    expect(world.subscription(sub.number)).toMatchObject({ version: 1, status: 'Active' });
    expect(world.state.all('orderAction').at(-1)).toMatchObject({ type: 'CancelSubscription', spec: action });
    expect(world.state.all('orderSubscription').at(-1)).toMatchObject({
      subscriptionNumber: sub.number,
      baseVersion: null,
      newVersion: null,
      subscriptionOwnerAccountId: world.account.id,
    });
    expect(world.booked(world.account.id)).toBe(30);
  });

  test('of a subscription that is not there', () => {
    world.refuses(
      [changing('none', [renewing()])],
      { field: 'subscriptions[0].subscriptionNumber', message: 'there is no subscription none' },
      { intent: 'draft' },
    );
  });
});
