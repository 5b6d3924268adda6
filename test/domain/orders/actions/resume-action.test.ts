import { beforeEach, describe, expect, test } from 'vitest';
import type { ResumeAction } from '../../../../src/domain/orders/action-specs.ts';
import { addingProduct, changing, repricing, resuming, suspending } from '../../../support/order-actions.ts';
import { evergreen, ratePlanSpec } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/** Resume: what was suspended is served again from a day on, as it was booked; the days between are a gap; `extendsTerm` gives them back. */

let world: OrderWorld;
let sub: Subscribed;
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([{ ...PER_UNIT, defaultQuantity: '3' }]);
  world.change(sub.number, [suspending('2026-05-01')]);
});

describe('what is served again', () => {
  test('from 07-01: a gap of two months', () => {
    const placed = world.change(sub.number, [resuming('2026-07-01')]);
    const same = { price: '10', quantity: '3', mrr: '30' };
    expect(world.segments(sub.charges[0]!)).toEqual([
      { segment: 1, days: '2026-01-01..2026-05-01', ...same, tcv: '120' },
      { segment: 2, days: '2026-07-01..2027-01-01', ...same, tcv: '180' },
    ]);
    expect(deltasOf(placed)).toEqual(['0: 2026-07-01..2027-01-01 mrr 30 tcv 180 quantity 3']);
    expect(placed).toMatchObject({
      subscription: {
        version: 3,
        status: 'Active',
        suspendedOn: null,
        subscriptionEndDate: '2027-01-01',
        contractedMrr: '30',
        totalContractedValue: '300',
      },
      deltaMrr: '0',
      deltaTcv: '180',
    });
    expect(world.booked(world.account.id)).toBe(30);
  });

  test('extendsTerm: 61 days later', () => {
    const placed = world.change(sub.number, [resuming('2026-07-01', { extendsTerm: true })]);
    // 07-01..2027-03-03: 8 months and 2 of March's 31 days
    expect(world.segments(sub.charges[0]!)[1]).toMatchObject({
      days: '2026-07-01..2027-03-03',
      tcv: '241.935483871',
    });
    expect(placed.subscription).toMatchObject({
      subscriptionEndDate: '2027-03-03',
      termEndDate: '2027-03-03',
      termStartDate: '2026-01-01',
      totalContractedValue: '361.935483871',
    });
  });

  test('on the day of the suspension: no gap, nothing lost', () => {
    const placed = world.change(sub.number, [resuming(null, { policy: 'SuspendDate' })]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { segment: 1, days: '2026-01-01..2026-05-01' },
      { segment: 2, days: '2026-05-01..2027-01-01' },
    ]);
    expect(placed.subscription.totalContractedValue).toBe('360');
  });

  test('booked changes inside the gap are in effect when it ends', () => {
    world.change(sub.number, [resuming(null, { policy: 'SuspendDate' })]);
    world.change(sub.number, [
      repricing(sub.plans[0]!, sub.charges[0]!, '2026-06-01', { quantity: '5' }),
      repricing(sub.plans[0]!, sub.charges[0]!, '2026-10-01', { quantity: '7' }),
      suspending('2026-05-01'),
    ]);
    const placed = world.change(sub.number, [resuming('2026-08-01')]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { segment: 1, days: '2026-01-01..2026-05-01', quantity: '3' },
      { segment: 2, days: '2026-08-01..2026-10-01', quantity: '5' },
      { segment: 3, days: '2026-10-01..2027-01-01', quantity: '7' },
    ]);
    expect(deltasOf(placed)).toEqual([
      '0: 2026-08-01..2026-10-01 mrr 50 tcv 100 quantity 5',
      '0: 2026-10-01..2027-01-01 mrr 70 tcv 210 quantity 7',
    ]);
  });

  test('a fixed period keeps its end; one that ended meanwhile is over', () => {
    world.change(sub.number, [resuming(null, { policy: 'SuspendDate' })]);
    const fixed = { price: '60', endDateCondition: 'FixedPeriod', upToPeriods: 2 } as const;
    const early = world.change(sub.number, [
      addingProduct(ratePlanSpec(world.offer(fixed).id), '2026-05-01'),
    ]);
    const late = world.change(sub.number, [addingProduct(ratePlanSpec(world.offer(fixed).id), '2026-06-01')]);
    world.change(sub.number, [suspending('2026-05-01')]);
    world.change(sub.number, [resuming('2026-07-01', { extendsTerm: true })]);
    expect(world.segments(early.charges[0]!.chargeNumber)).toMatchObject([
      { days: '2026-05-01..2026-05-01', tcv: '0' },
    ]);
    expect(world.segments(late.charges[0]!.chargeNumber)).toMatchObject([
      { segment: 1, days: '2026-07-01..2026-08-01', tcv: '60' },
    ]);
    expect(world.live(sub.number).every((charge) => !charge.isSuspended)).toBe(true);
  });

  test('in the order that suspends: a gap from the start', () => {
    const fresh = world.subscribe([PER_UNIT]);
    const placed = world.change(fresh.number, [suspending('2026-03-01'), resuming('2026-04-01')]);
    expect(placed.subscription).toMatchObject({ version: 2, status: 'Active', suspendedOn: null });
    expect(deltasOf(placed)).toEqual([
      '0: 2026-03-01..2027-01-01 mrr -10 tcv -100 quantity -1',
      '1: 2026-04-01..2027-01-01 mrr 10 tcv 90 quantity 1',
    ]);
  });

  test('an evergreen subscription runs on without an end', () => {
    const endless = world.subscribe([PER_UNIT], { terms: evergreen });
    world.change(endless.number, [suspending('2026-05-01')]);
    const placed = world.change(endless.number, [resuming('2026-07-01', { extendsTerm: true })]);
    expect(world.segments(endless.charges[0]!)).toMatchObject([
      { days: '2026-01-01..2026-05-01', tcv: '40' },
      { days: '2026-07-01..', tcv: null },
    ]);
    expect(placed.subscription).toMatchObject({ subscriptionEndDate: null, totalContractedValue: null });
  });

  test('and suspended again: two gaps', () => {
    world.change(sub.number, [resuming('2026-06-01')]);
    world.change(sub.number, [suspending('2026-08-01')]);
    world.change(sub.number, [resuming('2026-09-01')]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { segment: 1, days: '2026-01-01..2026-05-01' },
      { segment: 2, days: '2026-06-01..2026-08-01' },
      { segment: 3, days: '2026-09-01..2027-01-01' },
    ]);
  });

  test('an update on a day of the gap holds from its end on', () => {
    world.change(sub.number, [resuming('2026-07-01')]);
    world.change(sub.number, [repricing(sub.plans[0]!, sub.charges[0]!, '2026-06-01', { quantity: '4' })]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { days: '2026-01-01..2026-05-01', quantity: '3' },
      { days: '2026-07-01..2027-01-01', quantity: '4' },
    ]);
  });
});

describe('the day of each policy', () => {
  const cases: Array<[string, Partial<ResumeAction>, string]> = [
    ['Today', { policy: 'Today' }, '2026-06-10'],
    ['a week from today', { policy: 'FixedPeriodsFromToday', periods: 1, periodsType: 'Week' }, '2026-06-17'],
    [
      '3 months from the suspension',
      { policy: 'FixedPeriodsFromSuspendDate', periods: 3, periodsType: 'Month' },
      '2026-08-01',
    ],
  ];
  test.each(cases)('%s', (_, fields, date) => {
    world.today = '2026-06-10';
    world.change(sub.number, [resuming(null, fields)]);
    expect(world.live(sub.charges[0]!)[1]).toMatchObject({ effectiveStartDate: date, isSuspended: false });
  });

  test('Today, by an order of a later date', () => {
    world.today = '2026-06-10';
    world.change(sub.number, [resuming(null, { policy: 'Today' })], { orderDate: '2026-11-01' });
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { segment: 1, days: '2026-01-01..2026-05-01' },
      { segment: 2, days: '2026-06-10..2027-01-01' },
    ]);
  });
});

describe('what is refused', () => {
  const cases: Array<[string, ResumeAction, string, string]> = [
    ['no date', resuming(null), 'resumeSpecificDate', 'is required for SpecificDate'],
    ['before the suspension', resuming('2026-04-30'), 'resumePolicy', 'before the suspension on 2026-05-01'],
    ['on the end', resuming('2027-01-01'), 'resumePolicy', 'when the subscription has ended on 2027-01-01'],
    [
      'no periods',
      resuming(null, { policy: 'FixedPeriodsFromSuspendDate', periodsType: 'Day' }),
      'resumePeriods',
      'is required for FixedPeriodsFromSuspendDate',
    ],
    [
      'no unit',
      resuming(null, { policy: 'FixedPeriodsFromToday', periods: 1 }),
      'resumePeriodsType',
      'is required for FixedPeriodsFromToday',
    ],
    [
      'beyond the calendar',
      resuming(null, { policy: 'FixedPeriodsFromSuspendDate', periods: 9000, periodsType: 'Year' }),
      'resumePeriods',
      'ends beyond the calendar',
    ],
    [
      'a term that would end beyond the calendar',
      resuming('9999-12-01', { extendsTerm: true }),
      'extendsTerm',
      'would end the term beyond the calendar',
    ],
  ];
  test.each(cases)('%s', (_, action, field, message) => {
    world.refuses([changing(sub.number, [action])], {
      field: `subscriptions[0].orderActions[0].resume.${field}`,
      message,
    });
  });
});
