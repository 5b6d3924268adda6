import { describe, expect, it } from 'vitest';
import type {
  ChargeSpec,
  SubscriptionSpec,
  TermSpec,
} from '../../../src/domain/subscriptions/subscription-spec.ts';
import { addingProduct, on, renewing } from '../../support/order-actions.ts';
import { chargeSpec, creating, evergreen, ratePlanSpec, twelveMonths } from '../../support/order-requests.ts';
import { type ChargeFields, OrderWorld, placedOf } from '../../support/order-world.ts';
import { BillingBook, shown } from '../../support/subscription-billing.ts';

// Shows which periods charges are billed for, by their alignment, bill cycle type, length, list price base, timing and end (semantics E.2).
// Amounts by hand.

interface Setting {
  readonly charge: ChargeFields;
  /** The subscription's first day; 2026-01-01 when absent. */
  readonly start?: string;
  readonly terms?: Partial<TermSpec>;
  /** The day on which the charge is added; with the subscription when absent. */
  readonly added?: string;
  /** What the subscription says otherwise about the charge. */
  readonly override?: Partial<ChargeSpec>;
}

function booked({ charge, start = '2026-01-01', terms, added, override }: Setting) {
  const world = new OrderWorld();
  const offer = world.offer(charge);
  const plan = ratePlanSpec(
    offer.id,
    override === undefined ? [] : [chargeSpec(offer.charges[0]!.id, override)],
  );
  const spec: Partial<SubscriptionSpec> = { terms: { ...twelveMonths, ...terms } };
  const plans = added === undefined ? [plan] : [];
  const number = placedOf(world.order([creating(plans, spec, on(start))])).subscription.subscriptionNumber;
  if (added !== undefined) world.change(number, [addingProduct(plan, added)]);
  return { world, number, book: new BillingBook(world) };
}

function billed(setting: Setting, targetDate: string, billCycleDay = 1): string[] {
  const { book, number } = booked(setting);
  return shown(book.bill(number, targetDate, { billCycleDay }));
}

// A quarter for 270 that begins on 10 February: 19 of 28 days of February are 61.07 of 90 a month.
const QUARTER: ChargeFields = { price: '270', billingPeriod: 'Quarter' };
const ADDED = '2026-02-10';

describe('periods are aligned to', () => {
  it.each([
    [
      'the charge: from the bill day after it starts',
      { charge: { ...QUARTER, billingPeriodAlignment: 'AlignToCharge' } },
      ['2026-02-10..2026-02-28 61.07', '2026-03-01..2026-05-31 270.00'],
    ],
    [
      'the subscription’s start',
      { charge: { ...QUARTER, billingPeriodAlignment: 'AlignToSubscriptionStart' } },
      ['2026-02-10..2026-03-31 151.07'],
    ],
    [
      'the term’s start, before the charge',
      {
        charge: { ...QUARTER, billingPeriodAlignment: 'AlignToTermStart' },
        terms: { startDate: '2026-02-01' },
      },
      ['2026-02-10..2026-04-30 241.07'],
    ],
    [
      'the term’s end, in steps back from it',
      { charge: { ...QUARTER, billingPeriodAlignment: 'AlignToTermEnd' }, terms: { period: 13 } },
      ['2026-02-10..2026-04-30 241.07'],
    ],
    [
      'the term’s start where it has no end',
      { charge: { ...QUARTER, billingPeriodAlignment: 'AlignToTermEnd' }, terms: evergreen },
      ['2026-02-10..2026-03-31 151.07'],
    ],
  ] as ReadonlyArray<[string, Setting, string[]]>)('%s', (_, setting, expected) => {
    expect(billed({ ...setting, added: ADDED }, '2026-03-01')).toEqual(expected);
  });
});

const MONTH: ChargeFields = { price: '90' };
const ownDay = (billCycleDay: number): Setting => ({
  charge: { ...MONTH, billCycleType: 'SpecificDayofMonth', billCycleDay: String(billCycleDay) as never },
});

describe('a month begins on', () => {
  it.each([
    [
      'the account’s bill cycle day',
      { charge: MONTH, start: '2026-01-15' },
      20,
      '2026-01-20',
      // 5 of the 31 days from 20 December on.
      ['2026-01-15..2026-01-19 14.52', '2026-01-20..2026-02-19 90.00'],
    ],
    [
      'the charge’s start day where the account has none',
      { charge: MONTH, start: '2026-01-15' },
      0,
      '2026-02-15',
      ['2026-01-15..2026-02-14 90.00', '2026-02-15..2026-03-14 90.00'],
    ],
    [
      'the subscription’s start day',
      {
        charge: { ...MONTH, billCycleType: 'SubscriptionStartDay' },
        start: '2026-01-15',
        added: '2026-02-01',
      },
      1,
      '2026-02-15',
      // 14 of the 31 days from 15 January on.
      ['2026-02-01..2026-02-14 40.65', '2026-02-15..2026-03-14 90.00'],
    ],
    [
      'the day on which the charge starts',
      { charge: { ...MONTH, billCycleType: 'ChargeTriggerDay' }, added: '2026-02-10' },
      1,
      '2026-02-10',
      ['2026-02-10..2026-03-09 90.00'],
    ],
    [
      'the term’s start day',
      {
        charge: { ...MONTH, billCycleType: 'TermStartDay' },
        terms: { startDate: '2026-01-20' },
        added: '2026-02-20',
      },
      1,
      '2026-02-20',
      ['2026-02-20..2026-03-19 90.00'],
    ],
    [
      'the day after the term’s end',
      {
        charge: { ...MONTH, billCycleType: 'TermEndDay' },
        terms: { startDate: '2026-01-20' },
        added: '2026-02-20',
      },
      1,
      '2026-02-20',
      ['2026-02-20..2026-03-19 90.00'],
    ],
  ] as ReadonlyArray<[string, Setting, number, string, string[]]>)(
    '%s',
    (_, setting, day, target, expected) => {
      expect(billed(setting, target, day)).toEqual(expected);
    },
  );

  it.each([
    // 30 of 31 days from 31 December on.
    [
      31,
      [
        '01-01..2026-01-30 87.10',
        '01-31..2026-02-27 90.00',
        '02-28..2026-03-30 90.00',
        '03-31..2026-04-29 90.00',
      ],
    ],
    // 29 of 31 days from 30 December on.
    [
      30,
      [
        '01-01..2026-01-29 84.19',
        '01-30..2026-02-27 90.00',
        '02-28..2026-03-29 90.00',
        '03-30..2026-04-29 90.00',
      ],
    ],
    // 28 of 31 days from 29 December on.
    [
      29,
      [
        '01-01..2026-01-28 81.29',
        '01-29..2026-02-27 90.00',
        '02-28..2026-03-28 90.00',
        '03-29..2026-04-28 90.00',
      ],
    ],
    // 27 of 31 days from 28 December on.
    [
      28,
      [
        '01-01..2026-01-27 78.39',
        '01-28..2026-02-27 90.00',
        '02-28..2026-03-27 90.00',
        '03-28..2026-04-27 90.00',
      ],
    ],
  ])('the charge’s own day %i, or a month’s last one', (day, expected) => {
    expect(billed(ownDay(day), '2026-03-31')).toEqual(expected.map((line) => `2026-${line}`));
  });
});

describe('a period has', () => {
  it.each([
    [
      'a week from the named weekday on',
      // 2026-01-01 is a Thursday: four days up to Monday.
      {
        charge: {
          price: '70',
          billingPeriod: 'Week',
          billCycleType: 'SpecificDayofWeek',
          weeklyBillCycleDay: 'Monday',
        },
      },
      '2026-01-05',
      ['2026-01-01..2026-01-04 40.00', '2026-01-05..2026-01-11 70.00'],
    ],
    [
      'a week from the charge’s own weekday on',
      { charge: { price: '70', billingPeriod: 'Week' } },
      '2026-01-08',
      ['2026-01-01..2026-01-07 70.00', '2026-01-08..2026-01-14 70.00'],
    ],
    [
      'so many weeks',
      { charge: { price: '140', billingPeriod: 'Specific Weeks', specificBillingPeriod: 2 } },
      '2026-01-15',
      ['2026-01-01..2026-01-14 140.00', '2026-01-15..2026-01-28 140.00'],
    ],
    [
      'so many days',
      { charge: { price: '10', billingPeriod: 'Specific Days', specificBillingPeriod: 10 } },
      '2026-01-30',
      ['2026-01-01..2026-01-10 10.00', '2026-01-11..2026-01-20 10.00', '2026-01-21..2026-01-30 10.00'],
    ],
    [
      'so many months',
      { charge: { price: '450', billingPeriod: 'Specific Months', specificBillingPeriod: 5 } },
      '2026-06-01',
      ['2026-01-01..2026-05-31 450.00', '2026-06-01..2026-10-31 450.00'],
    ],
    [
      'as many months as fit before the end',
      // November and December of five months.
      { charge: { price: '450', billingPeriod: 'Specific Months', specificBillingPeriod: 5 } },
      '2026-12-31',
      ['2026-01-01..2026-05-31 450.00', '2026-06-01..2026-10-31 450.00', '2026-11-01..2026-12-31 180.00'],
    ],
    [
      'the subscription’s term',
      { charge: { price: '1000', billingPeriod: 'Subscription Term' } },
      '2026-01-01',
      ['2026-01-01..2026-12-31 1000.00'],
    ],
  ] as ReadonlyArray<[string, Setting, string, string[]]>)('%s', (_, setting, target, expected) => {
    expect(billed(setting, target)).toEqual(expected);
  });
});

describe('a list price of another length than the period’s', () => {
  it.each([
    [
      'a month’s, by the quarter',
      { price: '90', billingPeriod: 'Quarter', listPriceBase: 'Per Month' },
      '2026-01-01..2026-03-31 270.00',
    ],
    ['a year’s, by the month', { price: '1200', listPriceBase: 'Per Year' }, '2026-01-01..2026-01-31 100.00'],
    [
      'a year’s that twelve does not divide',
      { price: '1000', listPriceBase: 'Per Year' },
      '2026-01-01..2026-01-31 83.33',
    ],
    // 30 days have 30/7 weeks.
    ['a week’s, by the month', { price: '70', listPriceBase: 'Per Week' }, '2026-01-01..2026-01-31 300.00'],
    // A week is 7/30 of a month.
    [
      'a month’s, by the week',
      { price: '300', billingPeriod: 'Week', listPriceBase: 'Per Month' },
      '2026-01-01..2026-01-07 70.00',
    ],
    [
      'six months’, by the quarter',
      {
        price: '600',
        billingPeriod: 'Quarter',
        listPriceBase: 'Per Specific Months',
        specificListPriceBase: 6,
      },
      '2026-01-01..2026-03-31 300.00',
    ],
    [
      'a month’s, for the term',
      { price: '90', billingPeriod: 'Subscription Term', listPriceBase: 'Per Month' },
      '2026-01-01..2026-12-31 1080.00',
    ],
  ] as ReadonlyArray<[string, ChargeFields, string]>)('%s', (_, charge, expected) => {
    expect(billed({ charge }, '2026-01-01')).toEqual([expected]);
  });

  it('is prorated like any other', () => {
    // 300 a quarter: March and 19 of 28 days of February at 100.
    const charge = {
      price: '1200',
      billingPeriod: 'Quarter',
      listPriceBase: 'Per Year',
      billingPeriodAlignment: 'AlignToSubscriptionStart',
    } as const;
    expect(billed({ charge, added: ADDED }, '2026-02-10')).toEqual(['2026-02-10..2026-03-31 167.86']);
  });
});

const end = (fields: object): Partial<ChargeSpec> => ({
  end: {
    endDateCondition: null,
    specificEndDate: null,
    upToPeriods: null,
    upToPeriodsType: null,
    ...fields,
  } as never,
});

describe('a charge that ends by itself', () => {
  it.each([
    [
      'on a day',
      end({ endDateCondition: 'SpecificEndDate', specificEndDate: '2026-02-15' }),
      // 14 of 28 days.
      ['2026-01-01..2026-01-31 310.00', '2026-02-01..2026-02-14 155.00'],
    ],
    [
      'after billing periods',
      end({ endDateCondition: 'FixedPeriod', upToPeriods: 2, upToPeriodsType: 'Billing Periods' }),
      ['2026-01-01..2026-01-31 310.00', '2026-02-01..2026-02-28 310.00'],
    ],
    [
      'after weeks',
      end({ endDateCondition: 'FixedPeriod', upToPeriods: 6, upToPeriodsType: 'Weeks' }),
      // 42 days: 11 of 28 days of February.
      ['2026-01-01..2026-01-31 310.00', '2026-02-01..2026-02-11 121.79'],
    ],
  ])('%s, in advance and in arrears', (_, override, expected) => {
    for (const billingTiming of ['In Advance', 'In Arrears'] as const) {
      const { book, number, world } = booked({ charge: { price: '310', billingTiming }, override });
      expect(shown(book.bill(number, '2026-12-01'))).toEqual(expected);
      expect(world.subscription(number).billingFrom).toBe('9999-12-31');
      expect(book.bill(number, '2027-12-01')).toEqual([]);
    }
  });

  it('is due in arrears on the day after its last one', () => {
    const override = end({ endDateCondition: 'SpecificEndDate', specificEndDate: '2026-01-20' });
    const { book, number } = booked({ charge: { price: '310', billingTiming: 'In Arrears' }, override });
    expect(book.bill(number, '2026-01-19')).toEqual([]);
    expect(shown(book.bill(number, '2026-01-20'))).toEqual(['2026-01-01..2026-01-19 190.00']);
  });
});

describe('a quarter in arrears', () => {
  it('is billed when it is over', () => {
    const { book, number, world } = booked({
      charge: { ...QUARTER, billingTiming: 'In Arrears' },
      start: '2026-02-11',
    });
    // 18 of 28 days of February; from 1 March on quarters.
    expect(book.bill(number, '2026-02-28')).toEqual([]);
    expect(shown(book.bill(number, '2026-03-01'))).toEqual(['2026-02-11..2026-02-28 57.86']);
    expect(book.bill(number, '2026-05-31')).toEqual([]);
    expect(world.subscription(number).billingFrom).toBe('2026-03-01');
    expect(shown(book.bill(number, '2026-06-01'))).toEqual(['2026-03-01..2026-05-31 270.00']);
  });
});

describe('a subscription', () => {
  it('without an end is billed on and on', () => {
    const { book, number, world } = booked({ charge: MONTH, terms: evergreen });
    expect(book.bill(number, '2027-03-01')).toHaveLength(15);
    expect(world.subscription(number).billingFrom).toBe('2027-04-01');
    expect(shown(book.bill(number, '2027-04-15'))).toEqual(['2027-04-01..2027-04-30 90.00']);
  });

  it('that renews is billed on, and the month that its end had cut is made whole', () => {
    const { book, number, world } = booked({
      charge: MONTH,
      terms: { renewalPeriod: 12, renewalPeriodType: 'Month' },
    });
    const lines = book.bill(number, '2027-06-01', { billCycleDay: 15 });
    // 17 of the 31 days from 15 December on.
    expect(shown(lines).at(-1)).toBe('2026-12-15..2026-12-31 49.35');
    expect(world.subscription(number).billingFrom).toBe('9999-12-31');
    world.change(number, [renewing()], { orderDate: '2026-12-20' });
    expect(shown(book.bill(number, '2027-01-15', { billCycleDay: 15 }))).toEqual([
      '2027-01-01..2027-01-14 40.65',
      '2027-01-15..2027-02-14 90.00',
    ]);
  });

  it('billed by the term is billed for the next one when it renews', () => {
    const charge = { price: '1000', billingPeriod: 'Subscription Term' } as const;
    const { book, number, world } = booked({
      charge,
      terms: { renewalPeriod: 6, renewalPeriodType: 'Month' },
    });
    book.bill(number, '2026-01-01');
    world.change(number, [renewing()], { orderDate: '2026-12-20' });
    expect(shown(book.bill(number, '2027-01-01'))).toEqual(['2027-01-01..2027-06-30 1000.00']);
  });
});
