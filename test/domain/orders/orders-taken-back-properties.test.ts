import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add } from '../../../src/domain/money.ts';
import type { OrderActionSpec } from '../../../src/domain/orders/action-specs.ts';
import { createOrder } from '../../../src/domain/orders/create-order.ts';
import { deleteOrder } from '../../../src/domain/orders/delete-order.ts';
import type { OrderPlaced } from '../../../src/domain/orders/order-reply.ts';
import type { RequestedSubscription } from '../../../src/domain/orders/order-request.ts';
import { revertOrder } from '../../../src/domain/orders/revert-order.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import type { Charge } from '../../../src/domain/subscriptions/subscription.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { testAccount, testOffer } from '../../support/order-objects.ts';
import { creating, orderRequest, pricing, ratePlanSpec } from '../../support/order-requests.ts';

/**
 * Whatever orders came before: deleting the latest one leaves exactly what was there before it, reverting it leaves the same content under a
 * next version, and deleting the reversal leaves the order as it was. Contracted MRR and order deltas follow.
 */

const START = '2026-01-01';

class World {
  readonly state = new MemoryState();
  readonly payer = testAccount();
  readonly other = testAccount();
  readonly number: string;

  constructor() {
    this.state.put('account', this.payer);
    this.state.put('account', this.other);
    const first = this.state.run(
      createOrder,
      orderRequest(this.payer.id, [
        creating([ratePlanSpec(this.offer('90')), ratePlanSpec(this.offer('30'))]),
      ]),
    );
    if (isRefusal(first)) throw new Error(first.message);
    this.number = first.subscriptions[0]!.subscription.subscriptionNumber;
  }

  offer(price: string): string {
    const { offer } = testOffer([{ price }]);
    this.state.put('ratePlanOffer', offer);
    return offer.id;
  }

  order(actions: readonly OrderActionSpec[], orderDate: string) {
    const line: RequestedSubscription = {
      subscriptionNumber: this.number,
      expectedVersion: null,
      actions: actions.map((action) => ({ action, body: {} })),
      details: {},
      customFields: {},
    };
    return this.state.run(createOrder, orderRequest(this.payer.id, [line], { orderDate }));
  }

  /** Everything but the orders themselves. */
  things(): object {
    const { state } = this;
    const kinds = ['subscription', 'ratePlan', 'charge', 'orderDelta'] as const;
    return Object.fromEntries(
      kinds.map((kind) => [kind, state.all(kind).sort((a, b) => (a.id < b.id ? -1 : 1))]),
    );
  }

  /** What is live, whatever version it is part of. */
  content(): object {
    const {
      id: _,
      version: __,
      orderId,
      orderNumber,
      isLatestVersion,
      updatedAt,
      ...subscription
    } = this.state.find('subscription', this.number)!;
    const ratePlans = this.state.all('ratePlan').filter((plan) => plan.removedInVersion === null);
    const charges = this.state.all('charge').filter((charge) => charge.removedInVersion === null);
    return { subscription, ratePlans, charges: charges.map(bare).sort(byNumber) };
  }

  mrrOf(accountId: string): number {
    return this.state.deltas
      .filter((delta) => delta.accountId === accountId)
      .reduce(
        (sum, { contractedMrrWhole = 0, contractedMrrNano = 0 }) =>
          sum + contractedMrrWhole * 1e9 + contractedMrrNano,
        0,
      );
  }

  numbers(): object {
    return { payer: this.mrrOf(this.payer.id), other: this.mrrOf(this.other.id) };
  }

  /** Sums of the order deltas by charge and field. */
  deltaSums(): ReadonlyMap<string, string> {
    const sums = new Map<string, string>();
    for (const delta of this.state.all('orderDelta')) {
      const key = `${delta.chargeNumber} ${delta.startDate} ${delta.endDate}`;
      for (const value of [delta.deltaMrr, delta.deltaTcv, delta.deltaQuantity].entries()) {
        const name = `${key} ${value[0]}`;
        sums.set(name, add(sums.get(name) ?? '0', value[1] ?? '0'));
      }
    }
    return new Map([...sums].filter(([, sum]) => sum !== '0').sort());
  }
}

function bare({ id: _, version: __, addedInVersion: ___, ...charge }: Charge): object {
  return charge;
}

function byNumber(a: object, b: object): number {
  const key = (charge: object) => {
    const { chargeNumber, segment } = charge as Charge;
    return `${chargeNumber} ${String(segment).padStart(4, '0')}`;
  };
  return key(a) < key(b) ? -1 : 1;
}

interface Step {
  readonly kinds: ReadonlyArray<OrderActionSpec['type']>;
  readonly day: number;
  readonly plan: number;
  readonly price: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kinds: fc.array(
      fc.constantFrom<OrderActionSpec['type']>(
        'AddProduct',
        'UpdateProduct',
        'RemoveProduct',
        'ChangePlan',
        'RenewSubscription',
        'TermsAndConditions',
        'Suspend',
        'Resume',
        'OwnerTransfer',
        'CancelSubscription',
      ),
      { minLength: 1, maxLength: 3 },
    ),
    day: fc.integer({ min: 0, max: 300 }),
    plan: fc.nat(5),
    price: fc.integer({ min: 1, max: 500 }),
  }),
  { minLength: 1, maxLength: 6 },
);

const dayOf = (days: number) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10);
const nothing = { details: {} };

function actionOf(type: OrderActionSpec['type'], step: Step, world: World): OrderActionSpec | null {
  const date = dayOf(step.day);
  const triggerDates = { contractEffective: date };
  const plans = world.state
    .all('ratePlan')
    .filter((plan) => plan.endedInVersion === null && plan.removedInVersion === null);
  const plan = plans[step.plan % Math.max(1, plans.length)];
  const reference = {
    ratePlan: plan?.id ?? null,
    uniqueToken: null,
    productRatePlan: null,
    field: 'plan.ratePlanId',
  };
  switch (type) {
    case 'AddProduct':
      return { type, triggerDates, ratePlan: ratePlanSpec(world.offer(String(step.price))) };
    case 'UpdateProduct': {
      const charge = world.state.all('charge').find((c) => c.ratePlanId === plan?.id);
      if (charge === undefined) return null;
      const update = {
        chargeNumber: charge.chargeNumber,
        uniqueToken: null,
        description: null,
        pricing: pricing('recurringFlatFee', { price: String(step.price) }),
        billingPeriodAlignment: null,
        effective: null,
        customFields: {},
      };
      const details = { note: `changed to ${step.price}` };
      return {
        type,
        triggerDates,
        ratePlan: reference,
        specificUpdateDate: null,
        charges: [update],
        details,
        customFields: {},
      };
    }
    case 'RemoveProduct':
      return { type, triggerDates, ratePlan: reference, customFields: {} };
    case 'ChangePlan':
      return {
        type,
        triggerDates,
        remove: reference,
        add: ratePlanSpec(world.offer(String(step.price))),
        policy: 'EffectiveImmediately',
        subType: null,
        resetBcd: false,
      };
    case 'RenewSubscription':
      return { type, triggerDates: {}, invoicing: nothing };
    case 'TermsAndConditions':
      return {
        type,
        triggerDates: {},
        invoicing: nothing,
        autoRenew: true,
        renewalSetting: null,
        renewalTerms: null,
        lastTerm: {
          termType: 'TERMED',
          period: 6 + (step.plan % 3) * 6,
          periodType: 'Month',
          startDate: null,
          endDate: null,
        },
      };
    case 'Suspend':
      return {
        type,
        triggerDates: {},
        policy: 'SpecificDate',
        periods: null,
        periodsType: null,
        specificDate: date,
      };
    case 'Resume':
      return {
        type,
        triggerDates: {},
        policy: 'SpecificDate',
        periods: null,
        periodsType: null,
        specificDate: date,
        extendsTerm: step.price % 2 === 0,
      };
    case 'OwnerTransfer': {
      const owner = step.price % 2 === 0 ? world.other : world.payer;
      return {
        type,
        triggerDates: {},
        subscriptionOwner: { key: owner.id, field: 'o' },
        invoiceOwner: null,
        invoicing: nothing,
      };
    }
    case 'CancelSubscription':
      return { type, triggerDates: {}, policy: 'SpecificDate', effectiveDate: date };
    default:
      return null;
  }
}

/** Places the step's order; null where the subscription does not take it. */
function placed(world: World, step: Step): OrderPlaced | null {
  const actions = step.kinds.flatMap((kind) => actionOf(kind, step, world) ?? []);
  if (actions.length === 0) return null;
  const made = world.order(actions, dayOf(step.day));
  return isRefusal(made) ? null : made;
}

function must<T extends object>(result: T): Exclude<T, { readonly refused: true }> {
  if (isRefusal(result)) throw new Error(result.message);
  return result as Exclude<T, { readonly refused: true }>;
}

describe('the latest order taken back', () => {
  test('deleted, everything is exactly as before it', () => {
    let deletions = 0;
    const kinds = new Set<string>();
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        for (const step of all) {
          const before = { things: world.things(), numbers: world.numbers() };
          const made = placed(world, step);
          if (made === null) continue;
          must(world.state.run(deleteOrder, { order: made.orderNumber }));
          expect({ things: world.things(), numbers: world.numbers() }).toEqual(before);
          expect(world.state.find('order', made.orderNumber)).toBeNull();
          deletions++;
          for (const kind of step.kinds) kinds.add(kind);
          placed(world, step);
        }
      }),
      { numRuns: 150, seed: 20260722 },
    );
    expect(deletions).toBeGreaterThan(150);
    expect(kinds.size).toBe(10);
  });

  test('reverted, its content is as before it, and sums are; the reversal deleted, it is there again', () => {
    let reversals = 0;
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        for (const step of all) {
          const before = { content: world.content(), numbers: world.numbers(), sums: world.deltaSums() };
          const made = placed(world, step);
          if (made === null) continue;
          const after = world.things();
          const orderDate = dayOf(step.day);
          const reversal = must(world.state.run(revertOrder, { order: made.orderNumber, orderDate }));
          expect({ content: world.content(), numbers: world.numbers(), sums: world.deltaSums() }).toEqual(
            before,
          );
          expect(world.state.find('order', made.orderNumber)).toMatchObject({ status: 'Reverted' });
          must(world.state.run(deleteOrder, { order: reversal.orderNumber }));
          expect(world.things()).toEqual(after);
          expect(world.state.find('order', made.orderNumber)).toMatchObject({ status: 'Completed' });
          reversals++;
          if (step.plan % 2 === 0) must(world.state.run(revertOrder, { order: made.orderNumber, orderDate }));
        }
      }),
      { numRuns: 150, seed: 20260722 },
    );
    expect(reversals).toBeGreaterThan(150);
  });
});

test('the order that created a subscription: deleted it is gone, reverted it is cancelled from its first day', () => {
  const world = new World();
  const created = world.state.all('order')[0]!.orderNumber;
  must(world.state.run(revertOrder, { order: created, orderDate: START }));
  expect(world.state.find('subscription', world.number)).toMatchObject({
    status: 'Cancelled',
    version: 2,
    subscriptionEndDate: START,
    totalContractedValue: '0',
  });
  expect(world.numbers()).toEqual({ payer: 0, other: 0 });
  expect(world.deltaSums()).toEqual(new Map());
  const reversal = world.state.all('order').find(({ status }) => status === 'Completed')!;
  expect(world.state.all('orderAction').filter(({ orderId }) => orderId === reversal.id)).toMatchObject([
    { type: 'CancelSubscription', body: { cancelSubscription: { cancellationEffectiveDate: START } } },
  ]);
  must(world.state.run(deleteOrder, { order: reversal.orderNumber }));
  must(world.state.run(deleteOrder, { order: created }));
  expect(world.things()).toEqual({ subscription: [], ratePlan: [], charge: [], orderDelta: [] });
  expect(world.state.all('order')).toEqual([]);
  expect(world.state.all('orderAction')).toEqual([]);
  expect(world.numbers()).toEqual({ payer: 0, other: 0 });
});
