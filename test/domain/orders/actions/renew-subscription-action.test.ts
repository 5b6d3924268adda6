import { beforeEach, describe, expect, test } from 'vitest';
import {
  addingProduct,
  changing,
  removingProduct,
  renewing,
  repricing,
  resuming,
  suspending,
  terms,
} from '../../../support/order-actions.ts';
import { evergreen, ratePlanSpec, twelveMonths } from '../../../support/order-requests.ts';
import { deltasOf, OrderWorld, PER_UNIT, type Subscribed } from '../../../support/order-world.ts';

/** RenewSubscription: the next term follows the last; what runs to the end runs on; no MRR moves unless the price does (F.1 row 8). */

let world: OrderWorld;
let sub: Subscribed;
const SEATS = { ...PER_UNIT, defaultQuantity: '3' };
const halfYear = { ...twelveMonths, renewalPeriod: 6, renewalPeriodType: 'Month' as const };
beforeEach(() => {
  world = new OrderWorld();
  sub = world.subscribe([SEATS], { terms: halfYear });
});

describe('the next term', () => {
  test('six months more at the same price', () => {
    const placed = world.change(sub.number, [renewing()]);
    expect(world.segments(sub.charges[0]!)).toEqual([
      { segment: 1, days: '2026-01-01..2027-07-01', price: '10', quantity: '3', mrr: '30', tcv: '540' },
    ]);
    expect(deltasOf(placed)).toEqual(['0: 2027-01-01..2027-07-01 mrr 30 tcv 180 quantity 3']);
    expect(placed).toMatchObject({
      subscription: {
        version: 2,
        status: 'Active',
        termStartDate: '2027-01-01',
        termEndDate: '2027-07-01',
        subscriptionStartDate: '2026-01-01',
        subscriptionEndDate: '2027-07-01',
        currentTerm: 6,
        currentTermPeriodType: 'Month',
        initialTerm: 12,
        contractedMrr: '30',
        totalContractedValue: '540',
      },
      deltaMrr: '0',
      deltaTcv: '180',
    });
    expect(world.state.deltas).toHaveLength(1);
  });

  test('twice in one order, one version', () => {
    const placed = world.change(sub.number, [renewing(), renewing()]);
    expect(placed.subscription).toMatchObject({ version: 2, termEndDate: '2028-01-01' });
    expect(deltasOf(placed)).toEqual([
      '0: 2027-01-01..2027-07-01 mrr 30 tcv 180 quantity 3',
      '1: 2027-07-01..2028-01-01 mrr 30 tcv 180 quantity 3',
    ]);
  });

  test('agreed renewal terms are used one after another, the last one stays', () => {
    world.change(sub.number, [
      terms({
        renewalTerms: [
          { period: 1, periodType: 'Month' },
          { period: 2, periodType: 'Month' },
          { period: 1, periodType: 'Year' },
        ],
      }),
    ]);
    const ends = Array.from(
      { length: 4 },
      () => world.change(sub.number, [renewing()]).subscription.termEndDate,
    );
    expect(ends).toEqual(['2027-02-01', '2027-04-01', '2028-04-01', '2029-04-01']);
  });

  test('to evergreen: no end, no value, and nothing more to renew', () => {
    world.change(sub.number, [terms({ renewalSetting: 'RENEW_TO_EVERGREEN', autoRenew: true })]);
    const placed = world.change(sub.number, [renewing()]);
    expect(deltasOf(placed)).toEqual(['0: 2027-01-01.. mrr 30 tcv null quantity 3']);
    expect(placed).toMatchObject({
      subscription: {
        termType: 'EVERGREEN',
        termStartDate: '2027-01-01',
        subscriptionEndDate: null,
        autoRenew: false,
        totalContractedValue: null,
        contractedMrr: '30',
      },
      deltaTcv: null,
    });
    world.refuses([changing(sub.number, [renewing()])], {
      field: 'subscriptions[0].orderActions[0].type',
      message: 'an evergreen subscription has no term to renew',
    });
  });

  test('a term from a month’s last day', () => {
    const last = world.subscribe([SEATS], {
      terms: {
        ...twelveMonths,
        period: 1,
        startDate: '2026-01-31',
        renewalPeriod: 1,
        renewalPeriodType: 'Month',
      },
    });
    expect(world.subscription(last.number).termEndDate).toBe('2026-02-28');
    expect(world.change(last.number, [renewing()]).subscription.termEndDate).toBe('2026-03-28');
  });
});

describe('which charges run on', () => {
  test('those to the end of the subscription, with what is booked last; removed, ended and one-time ones do not', () => {
    world.change(sub.number, [repricing(sub.plans[0]!, sub.charges[0]!, '2026-10-01', { quantity: '5' })]);
    const fixed = { price: '60', endDateCondition: 'FixedPeriod', upToPeriods: 6 } as const;
    const once = { price: '25', chargeType: 'OneTime', billingPeriod: null } as const;
    const added = world.change(sub.number, [
      addingProduct(ratePlanSpec(world.offer(fixed).id), '2026-02-01'),
      addingProduct(ratePlanSpec(world.offer(fixed).id), '2026-10-01'),
      addingProduct(ratePlanSpec(world.offer(once).id), '2026-12-31'),
      addingProduct(ratePlanSpec(world.offer({ price: '7' }).id), '2026-02-01'),
    ]);
    world.change(sub.number, [removingProduct(added.ratePlans[3]!.id, '2027-01-01')]);
    const { deltas } = world.change(sub.number, [renewing()]);
    expect(world.live(sub.number).map((c) => `${c.effectiveStartDate}..${c.effectiveEndDate}`)).toEqual([
      '2026-01-01..2026-10-01',
      '2026-10-01..2027-07-01',
      '2026-02-01..2026-08-01',
      '2026-10-01..2027-04-01',
      '2026-12-31..2027-01-01',
      '2026-02-01..2027-01-01',
    ]);
    expect(deltas).toMatchObject([
      { startDate: '2027-01-01', endDate: '2027-07-01', deltaMrr: '50', deltaTcv: '300' },
      { startDate: '2027-01-01', endDate: '2027-04-01', deltaMrr: '60', deltaTcv: '180' },
    ]);
  });

  test('a suspended subscription: the next term is suspended too, until it is resumed', () => {
    world.change(sub.number, [suspending('2026-12-01')]);
    const placed = world.change(sub.number, [renewing()]);
    expect(placed).toMatchObject({ deltas: [], deltaTcv: '0', subscription: { status: 'Suspended' } });
    world.change(sub.number, [resuming('2027-03-01')]);
    expect(world.segments(sub.charges[0]!)).toMatchObject([
      { days: '2026-01-01..2026-12-01', tcv: '330' },
      { days: '2027-03-01..2027-07-01', tcv: '120' },
    ]);
  });

  test('a price that is raised at each renewal by 10 per cent: a new segment, and the MRR moves', () => {
    const raised = world.subscribe(
      [{ ...SEATS, details: { PriceChangeOption: 'SpecificPercentageValue', PriceIncreasePercentage: 10 } }],
      { terms: halfYear },
    );
    const placed = world.change(raised.number, [renewing()]);
    expect(world.segments(raised.charges[0]!)).toEqual([
      { segment: 1, days: '2026-01-01..2027-01-01', price: '10', quantity: '3', mrr: '30', tcv: '360' },
      { segment: 2, days: '2027-01-01..2027-07-01', price: '11', quantity: '3', mrr: '33', tcv: '198' },
    ]);
    expect(deltasOf(placed)).toEqual(['0: 2027-01-01..2027-07-01 mrr 33 tcv 198 quantity 3']);
    expect(placed).toMatchObject({ deltaMrr: '3', deltaTcv: '198' });
    expect(world.booked(world.account.id)).toBe(63);
  });
});

describe('what is refused', () => {
  test('an evergreen subscription', () => {
    const endless = world.subscribe([SEATS], { terms: evergreen });
    world.refuses([changing(endless.number, [renewing()])], {
      field: 'subscriptions[0].orderActions[0].type',
      message: 'an evergreen subscription has no term to renew',
    });
  });

  test('a term beyond the calendar', () => {
    world.change(sub.number, [terms({ renewalTerms: [{ period: 7_000, periodType: 'Year' }] })]);
    world.change(sub.number, [renewing()]);
    world.refuses([changing(sub.number, [renewing()])], {
      field: 'subscriptions[0].orderActions[0].renewSubscription',
      message: 'the next term would end beyond the calendar',
    });
  });

  test('an unknown contact', () => {
    world.refuses([changing(sub.number, [renewing({ invoicing: { billToContactId: 'x', details: {} } })])], {
      field: 'subscriptions[0].orderActions[0].renewSubscription.billToContactId',
      message: 'there is no contact x',
    });
  });
});
