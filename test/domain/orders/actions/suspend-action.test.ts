import { beforeEach, describe, expect, test } from 'vitest';
import type { SuspendAction } from '../../../../src/domain/orders/action-specs.ts';
import { addingProduct, changing, repricing, suspending } from '../../../support/order-actions.ts';
import { evergreen, ratePlanSpec } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/** Suspend: from a day on nothing is served and nothing is worth anything, but the owner's contracted MRR stays (semantics F.1 row 11). */

let world: OrderWorld;
let sub: Subscribed;
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([{ ...PER_UNIT, defaultQuantity: '3' }]);
});

describe('what a suspension does', () => {
  test('the days from it on are kept, unserved and worth nothing', () => {
    const placed = world.change(sub.number, [suspending('2026-05-01')]);
    const same = { price: '10', quantity: '3', mrr: '30' };
    expect(world.segments(sub.charges[0]!)).toEqual([
      { segment: 1, days: '2026-01-01..2026-05-01', ...same, tcv: '120' },
      { segment: 2, days: '2026-05-01..2027-01-01 suspended', ...same, tcv: '0' },
    ]);
    expect(deltasOf(placed)).toEqual(['0: 2026-05-01..2027-01-01 mrr -30 tcv -240 quantity -3']);
    expect(placed).toMatchObject({
      subscription: {
        version: 2,
        status: 'Suspended',
        suspendedOn: '2026-05-01',
        subscriptionEndDate: '2027-01-01',
        contractedMrr: '30',
        totalContractedValue: '120',
      },
      deltaMrr: '0',
      deltaTcv: '-240',
    });
    expect(world.booked(world.account.id)).toBe(30);
    expect(world.state.deltas).toHaveLength(1);
  });

  test('from the first day: one segment, all of it suspended', () => {
    world.change(sub.number, [suspending('2026-01-01')]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { segment: 1, days: '2026-01-01..2027-01-01 suspended', tcv: '0' },
    ]);
  });

  test('booked changes after it are suspended too, and keep what they change', () => {
    world.change(sub.number, [repricing(sub.plans[0]!, sub.charges[0]!, '2026-08-01', { quantity: '9' })]);
    const placed = world.change(sub.number, [suspending('2026-05-01')]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { days: '2026-01-01..2026-05-01', quantity: '3' },
      { days: '2026-05-01..2026-08-01 suspended', quantity: '3' },
      { days: '2026-08-01..2027-01-01 suspended', quantity: '9' },
    ]);
    expect(deltasOf(placed)).toEqual([
      '0: 2026-05-01..2026-08-01 mrr -30 tcv -90 quantity -3',
      '0: 2026-08-01..2027-01-01 mrr -90 tcv -450 quantity -9',
    ]);
    expect(placed.subscription.contractedMrr).toBe('90');
  });

  test('one-time charges are not suspended', () => {
    const once = world.offer({ price: '25', chargeType: 'OneTime', billingPeriod: null });
    const added = world.change(sub.number, [addingProduct(ratePlanSpec(once.id), '2026-08-01')]);
    world.change(sub.number, [suspending('2026-05-01')]);
    expect(world.segments(added.charges[0]!.chargeNumber)).toMatchObject([
      { days: '2026-08-01..2026-08-02', tcv: '25' },
    ]);
    expect(world.subscription(sub.number).totalContractedValue).toBe('145');
  });

  test('an evergreen charge has a value up to the day', () => {
    const endless = world.subscribe([PER_UNIT], { terms: evergreen });
    const placed = world.change(endless.number, [suspending('2027-01-01')]);
    expect(world.segments(endless.charges[0]!)).toMatchObject([
      { days: '2026-01-01..2027-01-01', tcv: '120' },
      { days: '2027-01-01.. suspended', tcv: '0' },
    ]);
    expect(deltasOf(placed)).toEqual(['0: 2027-01-01.. mrr -10 tcv null quantity -1']);
  });
});

describe('the day of each policy', () => {
  const cases: Array<[string, Partial<SuspendAction>, string]> = [
    ['Today', { policy: 'Today' }, '2026-03-15'],
    [
      'two weeks from today',
      { policy: 'FixedPeriodsFromToday', periods: 2, periodsType: 'Week' },
      '2026-03-29',
    ],
    [
      'one month from today',
      { policy: 'FixedPeriodsFromToday', periods: 1, periodsType: 'Month' },
      '2026-04-15',
    ],
    ['nothing invoiced: the first day', { policy: 'EndOfLastInvoicePeriod' }, '2026-01-01'],
  ];
  test.each(cases)('%s', (_, fields, date) => {
    expect(world.change(sub.number, [suspending(null, fields)]).subscription.suspendedOn).toBe(date);
    expect(world.live(sub.charges[0]!).at(-1)).toMatchObject({ effectiveStartDate: date, isSuspended: true });
  });

  test('EndOfLastInvoicePeriod: after what has been invoiced', () => {
    const [charge] = world.live(sub.charges[0]!);
    world.state.put('charge', { ...charge!, chargedThroughDate: '2026-03-01' });
    const action = suspending(null, { policy: 'EndOfLastInvoicePeriod' });
    expect(world.change(sub.number, [action], { orderDate: '2026-07-01' }).subscription.suspendedOn).toBe(
      '2026-03-01',
    );
  });

  test.each([
    ['Today', { policy: 'Today' as const }, '2026-03-15'],
    [
      'a week from today',
      { policy: 'FixedPeriodsFromToday' as const, periods: 1, periodsType: 'Week' as const },
      '2026-03-22',
    ],
  ])(
    '%s, by an order of a later date: all days from it on, over booked changes between',
    (_, fields, date) => {
      world.change(sub.number, [
        repricing(sub.plans[0]!, sub.charges[0]!, '2026-04-01', { quantity: '5' }),
        repricing(sub.plans[0]!, sub.charges[0]!, '2026-05-01', { quantity: '7' }),
      ]);
      world.change(sub.number, [suspending(null, fields)], { orderDate: '2026-06-01' });
      expect(world.segments(sub.charges[0]!)).toMatchObject([
        { segment: 1, days: `2026-01-01..${date}`, quantity: '3' },
        { segment: 2, days: `${date}..2026-04-01 suspended`, quantity: '3' },
        { segment: 3, days: '2026-04-01..2026-05-01 suspended', quantity: '5' },
        { segment: 4, days: '2026-05-01..2027-01-01 suspended', quantity: '7' },
      ]);
    },
  );
});

describe('what is refused', () => {
  const cases: Array<[string, SuspendAction, string, string]> = [
    ['no date', suspending(null), 'suspendSpecificDate', 'is required for SpecificDate'],
    [
      'before the start',
      suspending('2025-12-31'),
      'suspendPolicy',
      'before the subscription starts on 2026-01-01',
    ],
    [
      'on the end',
      suspending('2027-01-01'),
      'suspendPolicy',
      'when the subscription has ended on 2027-01-01',
    ],
    [
      'no periods',
      suspending(null, { policy: 'FixedPeriodsFromToday', periodsType: 'Week' }),
      'suspendPeriods',
      'is required for FixedPeriodsFromToday',
    ],
    [
      'no unit',
      suspending(null, { policy: 'FixedPeriodsFromToday', periods: 1 }),
      'suspendPeriodsType',
      'is required for FixedPeriodsFromToday',
    ],
    [
      'beyond the calendar',
      suspending(null, { policy: 'FixedPeriodsFromToday', periods: 9000, periodsType: 'Year' }),
      'suspendPeriods',
      'ends beyond the calendar',
    ],
  ];
  test.each(cases)('%s', (_, action, field, message) => {
    world.refuses([changing(sub.number, [action])], {
      field: `subscriptions[0].orderActions[0].suspend.${field}`,
      message,
    });
  });
});
