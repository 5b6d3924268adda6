import { beforeEach, describe, expect, test } from 'vitest';
import {
  addingProduct,
  cancelling,
  changing,
  lastTerm,
  removingProduct,
  repricing,
  resuming,
  suspending,
} from '../../../support/order-actions.ts';
import { evergreen, ratePlanSpec } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/** What RemoveProduct leaves of a rate plan, at once and for later, and that what is removed never counts again. */

let world: OrderWorld;
let sub: Subscribed;
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([{ price: '100' }, { ...PER_UNIT, defaultQuantity: '3' }]);
});

const remove = (date: string) => removingProduct(sub.plans[1]!, date);

describe('what is left', () => {
  test.each([
    // date, days, value of 30 a month, delta
    ['2026-05-01', '2026-01-01..2026-05-01', '120', '2026-05-01..2027-01-01 mrr -30 tcv -240 quantity -3'],
    ['2026-01-01', '2026-01-01..2026-01-01', '0', '2026-01-01..2027-01-01 mrr -30 tcv -360 quantity -3'],
    // 3 months and 15 of April's 30 days
    ['2026-04-16', '2026-01-01..2026-04-16', '105', '2026-04-16..2027-01-01 mrr -30 tcv -255 quantity -3'],
  ])('from %s on it is gone', (date, days, tcv, delta) => {
    const placed = world.change(sub.number, [remove(date)]);
    expect(world.segments(sub.charges[1]!)).toEqual([
      { segment: 1, days, price: '10', quantity: '3', mrr: '30', tcv },
    ]);
    expect(deltasOf(placed)).toEqual([`0: ${delta}`]);
    expect(placed).toMatchObject({
      subscription: { version: 2, contractedMrr: '100' },
      deltaMrr: '-30',
      ratePlans: [],
    });
    expect(world.ratePlan(sub.plans[1]!)).toMatchObject({ endedInVersion: 2, endDate: date });
    expect(world.live(sub.charges[1]!)).toMatchObject([{ isRemoved: true, isLastSegment: true }]);
    expect(world.booked(world.account.id)).toBe(100);
  });

  test('on the day the subscription ends: every day is served, the MRR is no longer contracted', () => {
    const placed = world.change(sub.number, [remove('2027-01-01')]);
    expect(deltasOf(placed)).toEqual([]);
    expect(placed).toMatchObject({ deltaMrr: '-30', deltaTcv: '0' });
    expect(world.segments(sub.charges[1]!)).toMatchObject([{ days: '2026-01-01..2027-01-01', tcv: '360' }]);
  });

  test('changes that were booked for later days go with it', () => {
    world.change(sub.number, [
      repricing(sub.plans[1]!, sub.charges[1]!, '2026-06-01', { quantity: '5' }),
      repricing(sub.plans[1]!, sub.charges[1]!, '2026-09-01', { quantity: '7' }),
    ]);
    const placed = world.change(sub.number, [remove('2026-05-01')]);
    expect(world.segments(sub.charges[1]!)).toMatchObject([{ segment: 1, days: '2026-01-01..2026-05-01' }]);
    expect(deltasOf(placed)).toEqual([
      '0: 2026-05-01..2026-06-01 mrr -30 tcv -30 quantity -3',
      '0: 2026-06-01..2026-09-01 mrr -50 tcv -150 quantity -5',
      '0: 2026-09-01..2027-01-01 mrr -70 tcv -280 quantity -7',
    ]);
    expect(placed.deltaMrr).toBe('-70');
  });

  test('of an evergreen subscription: the charge has an end, and so a value', () => {
    const endless = world.subscribe([PER_UNIT, PER_UNIT], { terms: evergreen });
    const placed = world.change(endless.number, [removingProduct(endless.plans[0]!, '2026-05-01')]);
    expect(deltasOf(placed)).toEqual(['0: 2026-05-01.. mrr -10 tcv null quantity -1']);
    expect(placed.subscription).toMatchObject({
      totalContractedValue: null,
      knownContractedValue: '40',
      contractedMrr: '10',
    });
  });

  test('and another added on the same day, in one order', () => {
    const placed = world.change(sub.number, [
      remove('2026-05-01'),
      addingProduct(ratePlanSpec(world.offer({ price: '50' }).id), '2026-05-01'),
    ]);
    expect(placed).toMatchObject({ deltaMrr: '20', deltaTcv: '160', subscription: { version: 2 } });
  });

  test('a one-time charge of later days is dropped, one of earlier days stays', () => {
    const once = { price: '25', chargeType: 'OneTime', billingPeriod: null } as const;
    for (const [added, value] of [
      ['2026-03-01', '25'],
      ['2026-08-01', '0'],
    ] as const) {
      const placed = world.change(sub.number, [addingProduct(ratePlanSpec(world.offer(once).id), added)]);
      world.change(sub.number, [removingProduct(placed.ratePlans[0]!.id, '2026-05-01')]);
      expect(world.segments(placed.charges[0]!.chargeNumber)).toMatchObject([{ tcv: value }]);
    }
  });
});

describe('what is removed does not come back', () => {
  const counts = (mrr: string) => expect(world.subscription(sub.number).contractedMrr).toBe(mrr);

  test('when the subscription is cancelled, before or after the removal', () => {
    world.change(sub.number, [remove('2026-05-01')]);
    const placed = world.change(sub.number, [cancelling('2026-09-01')]);
    expect(placed).toMatchObject({ deltaMrr: '0', deltaTcv: '-400' });
    counts('100');
    const other = world.subscribe([{}, PER_UNIT]);
    world.change(other.number, [
      repricing(other.plans[1]!, other.charges[1]!, '2026-04-01', { quantity: '5' }),
      removingProduct(other.plans[1]!, '2026-08-01'),
    ]);
    world.change(other.number, [cancelling('2026-03-01')]);
    expect(world.segments(other.charges[1]!)).toMatchObject([{ days: '2026-01-01..2026-03-01' }]);
    expect(world.subscription(other.number).contractedMrr).toBe('100');
  });

  test('when a suspension that began before the removal is resumed after it', () => {
    world.change(sub.number, [remove('2026-05-01')]);
    world.change(sub.number, [suspending('2026-04-01')]);
    counts('100');
    const placed = world.change(sub.number, [resuming('2026-06-01')]);
    counts('100');
    expect(placed.deltaMrr).toBe('0');
    expect(world.segments(sub.charges[1]!)).toMatchObject([{ segment: 1, days: '2026-01-01..2026-04-01' }]);
    expect(world.live(sub.charges[1]!)).toMatchObject([{ isLastSegment: true, isRemoved: true }]);
    expect(world.booked(world.account.id)).toBe(100);
  });

  test('when the term is shortened to before the removal, and extended again', () => {
    world.change(sub.number, [remove('2026-10-01')]);
    const placed = world.change(sub.number, [lastTerm({ endDate: '2026-07-01' })]);
    expect(world.segments(sub.charges[1]!)).toMatchObject([{ days: '2026-01-01..2026-07-01', tcv: '180' }]);
    expect(placed.subscription).toMatchObject({ contractedMrr: '100', totalContractedValue: '780' });
    world.change(sub.number, [lastTerm({ endDate: '2027-01-01' })]);
    expect(world.segments(sub.charges[1]!)).toMatchObject([{ days: '2026-01-01..2026-07-01', tcv: '180' }]);
    counts('100');
  });
});

describe('what is refused', () => {
  const at = 'subscriptions[0].orderActions[0]';
  test.each([
    ['2025-12-31', 'must not lie before the subscription starts'],
    ['2027-01-02', 'must not lie after the subscription ends on 2027-01-01'],
  ])('on %s', (date, message) => {
    world.refuses([changing(sub.number, [remove(date)])], { field: `${at}.triggerDates`, message });
  });

  test('an unknown plan; one that has been removed', () => {
    const field = `${at}.removeProduct.ratePlanId`;
    world.refuses([changing(sub.number, [removingProduct('x', '2026-05-01')])], {
      field,
      message: `x is no running rate plan of subscription ${sub.number}`,
    });
    world.change(sub.number, [remove('2026-10-01')]);
    world.refuses([changing(sub.number, [remove('2026-09-01')])], {
      field,
      message: `${sub.plans[1]} has been removed from subscription ${sub.number}`,
    });
  });

  test('twice in one order: nothing is removed', () => {
    world.refuses([changing(sub.number, [remove('2026-10-01'), remove('2026-10-01')])], {
      field: 'subscriptions[0].orderActions[1].removeProduct.ratePlanId',
      message: 'has been removed',
    });
  });
});
