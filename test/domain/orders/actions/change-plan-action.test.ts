import { beforeEach, describe, expect, test } from 'vitest';
import {
  addingProduct,
  changing,
  changingPlan,
  removingProduct,
  repricing,
} from '../../../support/order-actions.ts';
import { ratePlanSpec } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/** ChangePlan is one removal and one addition on one day: both plans' segments, the difference in MRR and value, whose day it is. */

let world: OrderWorld;
let sub: Subscribed;
let gold: string;
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([{ price: '84' }, PER_UNIT]);
  gold = world.offer({ price: '100' }).id;
});

const change = (date: string, fields = {}) => changingPlan(sub.plans[0]!, ratePlanSpec(gold), date, fields);

/** The plan's charge as invoiced up to a day. */
function invoice(chargeNumber: string, through: string): void {
  for (const charge of world.live(chargeNumber)) {
    world.state.put('charge', { ...charge, chargedThroughDate: through });
  }
}

test('the old plan ends on the day on which the new one starts (semantics F.1 row 7)', () => {
  const placed = world.change(sub.number, [change('2026-05-01', { subType: 'Upgrade' })]);
  expect(world.segments(sub.charges[0]!)).toEqual([
    { segment: 1, days: '2026-01-01..2026-05-01', price: '84', quantity: '1', mrr: '84', tcv: '336' },
  ]);
  expect(world.segments(placed.charges.at(-1)!.chargeNumber)).toEqual([
    { segment: 1, days: '2026-05-01..2027-01-01', price: '100', quantity: '1', mrr: '100', tcv: '800' },
  ]);
  expect(deltasOf(placed)).toEqual([
    '0: 2026-05-01..2027-01-01 mrr -84 tcv -672 quantity -1',
    '0: 2026-05-01..2027-01-01 mrr 100 tcv 800 quantity 1',
  ]);
  expect(placed).toMatchObject({
    deltaMrr: '16',
    deltaTcv: '128',
    subscription: { version: 2, contractedMrr: '110' },
    ratePlans: [
      { productRatePlanId: gold, details: { originalRatePlanId: sub.plans[0], subType: 'Upgrade' } },
    ],
  });
  expect(world.ratePlan(sub.plans[0]!)).toMatchObject({ endedInVersion: 2, endDate: '2026-05-01' });
  expect(world.booked(world.account.id)).toBe(110);
});

test('there and back in one order', () => {
  const placed = world.change(sub.number, [
    change('2026-05-01'),
    changingPlan(gold, ratePlanSpec(world.offer({ price: '84' }).id), '2026-05-01', {
      remove: { ratePlan: null, uniqueToken: null, productRatePlan: gold, field: 'x' },
    }),
  ]);
  expect(placed).toMatchObject({ deltaMrr: '0', deltaTcv: '0', subscription: { contractedMrr: '94' } });
});

describe('on which day', () => {
  test('EffectiveImmediately: the order date where no other is given', () => {
    world.change(sub.number, [{ ...change('2026-05-01'), triggerDates: {} }], { orderDate: '2026-06-01' });
    expect(world.ratePlan(sub.plans[0]!).endDate).toBe('2026-06-01');
  });

  test('SpecificDate: contract effective, which must be there', () => {
    world.refuses([changing(sub.number, [{ ...change('', { policy: 'SpecificDate' }), triggerDates: {} }])], {
      field: 'subscriptions[0].orderActions[0].triggerDates',
      message: 'ContractEffective is required for SpecificDate',
    });
    world.change(sub.number, [change('2026-07-01', { policy: 'SpecificDate' })]);
    expect(world.ratePlan(sub.plans[0]!).endDate).toBe('2026-07-01');
  });

  test('EffectiveEndOfBillingPeriod: the first day of the plan that is not invoiced, else contract effective', () => {
    const atEnd = { policy: 'EffectiveEndOfBillingPeriod' } as const;
    invoice(sub.charges[0]!, '2026-04-01');
    world.change(sub.number, [change('2026-02-10', atEnd)]);
    expect(world.ratePlan(sub.plans[0]!).endDate).toBe('2026-04-01');
    world.change(sub.number, [changingPlan(sub.plans[1]!, ratePlanSpec(gold), '2026-06-01', atEnd)]);
    expect(world.ratePlan(sub.plans[1]!).endDate).toBe('2026-06-01');
  });

  test('EffectiveEndOfBillingPeriod goes back to a plan’s own invoices, though others were invoiced further', () => {
    world.change(sub.number, [
      repricing(sub.plans[0]!, sub.charges[0]!, '2026-04-01', { price: '90' }, 'recurringFlatFee'),
    ]);
    invoice(sub.charges[0]!, '2026-02-01');
    invoice(sub.charges[1]!, '2026-10-01');
    const placed = world.change(
      sub.number,
      [change('2026-08-01', { policy: 'EffectiveEndOfBillingPeriod' })],
      { orderDate: '2026-08-01' },
    );
    expect(world.segments(sub.charges[0]!)).toMatchObject([{ segment: 1, days: '2026-01-01..2026-02-01' }]);
    // 84 a month for January of 84 × 3 + 90 × 9, and 100 a month for eleven months
    expect(placed).toMatchObject({ deltaTcv: '122', deltaMrr: '10' });
  });
});

describe('what is refused', () => {
  const at = 'subscriptions[0].orderActions[0]';
  const refuses = (action: ReturnType<typeof change>, field: string, message: string | RegExp) =>
    world.refuses([changing(sub.number, [action])], { field: `${at}.${field}`, message });

  test('an old plan that is not there or removed, a new plan that is not on offer', () => {
    refuses(
      changingPlan('x', ratePlanSpec(gold), '2026-05-01'),
      'changePlan.ratePlanId',
      'is no running rate plan',
    );
    refuses(
      changingPlan(sub.plans[0]!, ratePlanSpec('x'), '2026-05-01'),
      'changePlan.newProductRatePlan.productRatePlanId',
      'there is no product rate plan x',
    );
    world.change(sub.number, [removingProduct(sub.plans[0]!, '2026-12-01')]);
    refuses(change('2026-05-01'), 'changePlan.ratePlanId', 'has been removed');
  });

  test('a day before the subscription, on its end, after it', () => {
    refuses(change('2025-12-31'), 'triggerDates', 'must not lie before the subscription starts');
    refuses(change('2027-01-02'), 'triggerDates', 'must not lie after the subscription ends on 2027-01-01');
    refuses(
      change('2027-01-01'),
      'changePlan.newProductRatePlan.startDate',
      'starts after the end of the subscription',
    );
  });

  test('a plan that is there twice, named by the catalog', () => {
    world.change(sub.number, [
      addingProduct(ratePlanSpec(gold), '2026-03-01'),
      addingProduct(ratePlanSpec(gold), '2026-03-01'),
    ]);
    const named = {
      ratePlan: null,
      uniqueToken: null,
      productRatePlan: gold,
      field: 'changePlan.productRatePlanId',
    };
    refuses({ ...change('2026-05-01'), remove: named }, 'changePlan.productRatePlanId', 'more than once');
  });
});
