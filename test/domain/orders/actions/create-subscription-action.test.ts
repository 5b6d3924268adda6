import { beforeEach, describe, expect, test } from 'vitest';
import type { CreateSubscriptionAction } from '../../../../src/domain/orders/action-specs.ts';
import type { SubscriptionSpec } from '../../../../src/domain/subscriptions/subscription-spec.ts';
import {
  chargeSpec,
  creating,
  evergreen,
  pricing,
  ratePlanSpec,
  twelveMonths,
} from '../../../support/order-requests.ts';
import { type ChargeFields, deltasOf, OrderWorld, PER_UNIT, placedOf } from '../../../support/order-world.ts';

/** What CreateSubscription makes: version 1 with its term, status, segments, contracted MRR and value, order deltas, owners. */

let world: OrderWorld;
beforeEach(() => {
  world = new OrderWorld();
});

function create(
  charge: ChargeFields,
  spec: Partial<SubscriptionSpec> = {},
  action: Partial<CreateSubscriptionAction> = {},
) {
  return world.order([creating([ratePlanSpec(world.offer(charge).id)], spec, action)]);
}

describe('terms and values', () => {
  const month = { ...twelveMonths, periodType: 'Month' as const };
  const cases: Array<[string, SubscriptionSpec['terms'], string, string, string | null, string | null]> = [
    // charge of 84 a month (semantics C.3): term, its start, its end, contracted value
    ['12 months', twelveMonths, '2026-01-01', '2026-01-01', '2027-01-01', '1008'],
    [
      '166 days from 01-10',
      { ...twelveMonths, period: 166, periodType: 'Day' },
      '2026-01-10',
      '2026-01-10',
      '2026-06-25',
      '462',
    ],
    [
      '74 days from 02-01',
      { ...twelveMonths, period: 74, periodType: 'Day' },
      '2026-02-01',
      '2026-02-01',
      '2026-04-16',
      '210',
    ],
    ['a month from its last day', { ...month, period: 1 }, '2026-01-31', '2026-01-31', '2026-02-28', '84'],
    [
      '2 weeks',
      { ...twelveMonths, period: 2, periodType: 'Week' },
      '2026-04-01',
      '2026-04-01',
      '2026-04-15',
      '39.2',
    ],
    [
      'a leap year',
      { ...twelveMonths, period: 1, periodType: 'Year' },
      '2028-02-29',
      '2028-02-29',
      '2029-02-28',
      '1008',
    ],
    ['evergreen', evergreen, '2026-01-01', '2026-01-01', null, null],
  ];
  test.each(cases)('%s', (_, terms, contractEffective, start, end, tcv) => {
    const placed = placedOf(create({ price: '84' }, { terms }, { triggerDates: { contractEffective } }));
    expect(placed.subscription).toMatchObject({
      version: 1,
      isLatestVersion: true,
      status: 'Active',
      termStartDate: start,
      termEndDate: end,
      subscriptionStartDate: start,
      subscriptionEndDate: end,
      contractedMrr: '84',
      totalContractedValue: tcv,
    });
    expect(placed.subscription.originalId).toBe(placed.subscription.id);
    expect(deltasOf(placed)).toEqual([`0: ${start}..${end ?? ''} mrr 84 tcv ${tcv} quantity 1`]);
    expect(placed).toMatchObject({ baseVersion: null, deltaMrr: '84', deltaTcv: tcv });
    expect(world.booked(world.account.id)).toBe(84);
  });
});

describe('when charges start and end', () => {
  const cases: Array<[string, ChargeFields, string, string]> = [
    ['contract effective', {}, '2026-01-01..2027-01-01', '1200'],
    ['service activation', { triggerEvent: 'ServiceActivation' }, '2026-02-01..2027-01-01', '1100'],
    ['customer acceptance', { triggerEvent: 'CustomerAcceptance' }, '2026-03-01..2027-01-01', '1000'],
    [
      '3 billing periods of a quarter',
      { endDateCondition: 'FixedPeriod', upToPeriods: 3, billingPeriod: 'Quarter', price: '300' },
      '2026-01-01..2026-10-01',
      '900',
    ],
    [
      '10 days',
      { endDateCondition: 'FixedPeriod', upToPeriods: 10, upToPeriodsType: 'Days', price: '31' },
      '2026-01-01..2026-01-11',
      '10',
    ],
    [
      '2 years, cut at the end',
      { endDateCondition: 'FixedPeriod', upToPeriods: 2, upToPeriodsType: 'Years' },
      '2026-01-01..2027-01-01',
      '1200',
    ],
  ];
  test.each(cases)('%s', (_, fields, days, tcv) => {
    const triggerDates = {
      contractEffective: '2026-01-01',
      serviceActivation: '2026-02-01',
      customerAcceptance: '2026-03-01',
    };
    const placed = placedOf(create(fields, {}, { triggerDates }));
    expect(world.segments(placed.charges[0]!.chargeNumber)).toMatchObject([{ segment: 1, days, tcv }]);
  });
});

describe('status', () => {
  test.each([
    [{ contractEffective: '2026-01-01', serviceActivation: null }, 'Pending Activation', 'Pending'],
    [{ contractEffective: '2026-01-01', customerAcceptance: null }, 'Pending Acceptance', 'Pending'],
    [{ contractEffective: '2030-01-01' }, 'Active', 'Completed'],
    [{}, 'Active', 'Completed'],
  ])('%j: %s, order %s; the MRR is booked (semantics J 10)', (triggerDates, status, orderStatus) => {
    const order = create({ price: '84' }, {}, { triggerDates });
    expect(order).toMatchObject({ status: orderStatus });
    expect(placedOf(order).subscription.status).toBe(status);
    expect(world.booked(world.account.id)).toBe(84);
  });
});

describe('owners', () => {
  test('the MRR goes to the subscription owner, the line names both', () => {
    const [owner, payer] = [world.openAccount(), world.openAccount()];
    const placed = placedOf(
      create(
        PER_UNIT,
        {},
        {
          subscriptionOwner: { key: owner.accountNumber, field: 'a' },
          invoiceOwner: { key: payer.id, field: 'b' },
        },
      ),
    );
    expect(placed).toMatchObject({
      ownerNumber: owner.accountNumber,
      invoiceOwnerNumber: payer.accountNumber,
      subscription: { accountId: owner.id, invoiceOwnerAccountId: payer.id },
    });
    expect(world.state.all('orderSubscription')).toMatchObject([
      { subscriptionOwnerAccountId: owner.id, invoiceOwnerAccountId: payer.id, newVersion: 1 },
    ]);
    expect([world.account, owner, payer].map(({ id }) => world.booked(id))).toEqual([0, 10, 0]);
  });
});

test('MRR to a billionth, and its delta in two integers (semantics C.1: 330 for 18 months)', () => {
  const placed = placedOf(
    create({ price: '330', billingPeriod: 'Specific Months', specificBillingPeriod: 18 }),
  );
  expect(placed.subscription.contractedMrr).toBe('18.333333333');
  expect(world.state.deltas).toMatchObject([{ contractedMrrWhole: 18, contractedMrrNano: 333_333_333 }]);
});

describe('what is refused', () => {
  const at = 'subscriptions[0].orderActions[0]';
  test('a term that ends before the subscription is in effect', () => {
    const terms = { ...twelveMonths, startDate: '2025-01-01' };
    world.refuses([creating([], { terms }, { triggerDates: { contractEffective: '2026-01-01' } })], {
      field: `${at}.createSubscription.terms.initialTerm.startDate`,
      message: 'ends before the subscription is in effect',
    });
  });

  test('customer acceptance before service activation', () => {
    const triggerDates = { serviceActivation: '2026-02-01', customerAcceptance: '2026-01-15' };
    world.refuses([creating([], {}, { triggerDates })], {
      field: `${at}.triggerDates`,
      message: 'CustomerAcceptance must not lie before the dates before it',
    });
  });

  test('the second charge’s price, by its override: nothing of the first stays', () => {
    const offer = world.offer(PER_UNIT, PER_UNIT);
    const override = chargeSpec(offer.charges[1]!.id, {
      pricing: pricing('recurringPerUnit', { quantity: '-1' }),
    });
    world.refuses([creating([ratePlanSpec(offer.id, [override])])], {
      field: `${at}.createSubscription.subscribeToRatePlans[0].chargeOverrides[0].pricing.recurringPerUnit.quantity`,
      message: /./,
    });
  });
});
