import { describe, expect, test } from 'vitest';
import { previewTarget } from '../../../src/domain/billing/preview-through.ts';
import { monthSteps, stepOn, weekSteps } from '../../../src/domain/billing/steps.ts';
import type { Subscription } from '../../../src/domain/subscriptions/subscription.ts';
import { on } from '../../support/order-actions.ts';
import { chargeSpec, creating, evergreen, ratePlanSpec } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld, placedOf } from '../../support/order-world.ts';
import { BillingBook } from '../../support/subscription-billing.ts';

// Where the calendar begins and ends: what goes beyond it is bounded by it, or refused; nothing fails.

describe('a preview goes to the last day at most', () => {
  const MONTHLY: ChargeFields = { price: '100' };
  const LONG: ChargeFields = {
    price: '100',
    billingPeriod: 'Specific Months',
    specificBillingPeriod: 10_000,
  };
  const WEEKLY: ChargeFields = { price: '100', billingPeriod: 'Week' };
  const DAILY: ChargeFields = { price: '100', billingPeriod: 'Specific Days', specificBillingPeriod: 10_000 };

  test.each([
    ['months', MONTHLY, 12, '9999-02-01', '9999-12-30'],
    ['months that fit', MONTHLY, 10, '9999-02-01', '9999-11-30'],
    ['long periods', LONG, 1_000, '2026-01-01', '9999-12-30'],
    ['weeks', WEEKLY, 2, '9999-12-20', '9999-12-30'],
    ['days', DAILY, 1_000, '2026-01-01', '9999-12-30'],
  ] as ReadonlyArray<[string, ChargeFields, number, string, string]>)(
    'by periods: %s',
    (_, charge, count, from, expected) => {
      const world = new OrderWorld();
      const { number } = world.subscribe([charge], { terms: evergreen });
      const target = previewTarget(
        { kind: 'periods', count },
        world.subscription(number),
        world.live(number),
        from,
      );
      expect(target).toBe(expected);
    },
  );

  test('without charges, by a year of an evergreen subscription, and before the first day of all', () => {
    const without = { termEndDate: null } as Subscription;
    expect(previewTarget({ kind: 'periods', count: 1_000 }, without, [], '9950-01-01')).toBe('9999-12-30');
    expect(previewTarget({ kind: 'termEnd' }, without, [], '9999-01-01')).toBe('9999-12-31');
    const world = new OrderWorld();
    const { number } = world.subscribe([{ price: '1', billingPeriod: 'Subscription Term' }]);
    const ended = { ...world.subscription(number), termEndDate: '1900-01-01' };
    const target = previewTarget({ kind: 'periods', count: 1 }, ended, world.live(number), '1900-01-01');
    expect(target).toBe('1900-01-01');
  });
});

describe('periods at the end', () => {
  // 1 January 10000 would be a Saturday and the first bill day: three months, or two weeks, before it there is one.
  test('months and weeks whose next bill day is beyond it', () => {
    expect(stepOn(monthSteps(3, 1, '9999-12-20'), '9999-12-20')).toEqual({
      start: '9999-10-01',
      end: '9999-12-31',
    });
    expect(stepOn(weekSteps(2, 6, '9999-12-28'), '9999-12-28')).toEqual({
      start: '9999-12-18',
      end: '9999-12-31',
    });
  });

  test.each(['SpecificDayofWeek', 'DefaultFromCustomer'] as const)(
    'a weekly charge by %s is billed',
    (type) => {
      const world = new OrderWorld();
      const book = new BillingBook(world);
      const weekly = {
        price: '70',
        billingPeriod: 'Week',
        billCycleType: type,
        weeklyBillCycleDay: 'Saturday',
      } as const;
      const number = late(world, '2026-01-01', weekly, '9999-12-28');
      const [line] = book.bill(number, '9999-12-31');
      expect([line!.serviceStartDate, line!.serviceEndDate]).toEqual(['9999-12-28', '9999-12-30']);
    },
  );

  test('a one-time charge has to have a day after it', () => {
    const once = { price: '25', chargeType: 'OneTime', billingPeriod: null } as const;
    const world = new OrderWorld();
    const book = new BillingBook(world);
    const number = late(world, '2026-01-01', once, '9999-12-30');
    expect(book.bill(number, '9999-12-31').map(({ amountMinor }) => amountMinor)).toEqual([2_500]);
    world.refuses([creation(world, '2026-01-01', once, '9999-12-31')], {
      field:
        'subscriptions[0].orderActions[0].createSubscription.subscribeToRatePlans[0].chargeOverrides[0].startDate',
      message: 'ends beyond the calendar',
    });
  });
});

function creation(world: OrderWorld, start: string, charge: ChargeFields, specificDate: string) {
  const offer = world.offer(charge);
  const override = chargeSpec(offer.charges[0]!.id, {
    start: { triggerEvent: 'SpecificDate', specificTriggerDate: specificDate },
  });
  return creating([ratePlanSpec(offer.id, [override])], { terms: evergreen }, on(start));
}

/** An evergreen subscription whose charge starts on a late day of its own. */
function late(world: OrderWorld, start: string, charge: ChargeFields, specificDate: string): string {
  const placed = placedOf(world.order([creation(world, start, charge, specificDate)]));
  return placed.subscription.subscriptionNumber;
}
