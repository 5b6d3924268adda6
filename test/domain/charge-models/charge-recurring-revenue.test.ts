import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonthsAnchored } from '../../../src/domain/calendar.ts';
import { listPriceBaseLength, recurrenceProblems } from '../../../src/domain/charge-models/billing-period.ts';
import type { PriceTier } from '../../../src/domain/charge-models/charge-model.ts';
import {
  monthlyRecurringRevenue,
  type RecurringTerms,
  totalContractedValue,
} from '../../../src/domain/charge-models/mrr.ts';
import { chargeModels, type PricedModel } from '../../../src/domain/charge-models/registry.ts';
import { BILLING_PERIODS, LIST_PRICE_BASES } from '../../../src/domain/charge-models/vocabulary.ts';
import { divide, fitsMrr, multiply } from '../../../src/domain/money.ts';
import vectors from '../../vectors.json' with { type: 'json' };
import { THREE_FEES, tiersOf } from './model-terms.ts';

// Shows MRR and contracted value against the reference vectors and against exact fractions worked out by
// hand from semantics C.1 and C.3, for every billing period and list price base.

const flat = (price: string, rest: Partial<RecurringTerms> = {}): RecurringTerms => ({
  chargeType: 'Recurring',
  model: 'Flat Fee Pricing',
  price,
  quantity: null,
  billingPeriod: 'Month',
  ...rest,
});
const PER_UNIT_TIERS = tiersOf('0-100@2', '101-200@1.5', '201+@1');
const ofTiers = (model: PricedModel, tiers: readonly PriceTier[]): RecurringTerms => ({
  ...flat('0', { model, quantity: '250' }),
  tiers,
});
const months = (specificBillingPeriod: number) =>
  ({ billingPeriod: 'Specific Months', specificBillingPeriod }) as const;
const weeks = (specificBillingPeriod: number) =>
  ({ billingPeriod: 'Specific Weeks', specificBillingPeriod }) as const;

describe('MRR of the reference vectors', () => {
  const cases: [keyof typeof vectors.mrr, RecurringTerms][] = [
    ['flat 84/month', flat('84')],
    ['flat 270/quarter', flat('270', { billingPeriod: 'Quarter' })],
    ['flat 1500/year', flat('1500', { billingPeriod: 'Annual' })],
    ['flat 330/18 months', flat('330', months(18))],
    ['flat 35/week', flat('35', { billingPeriod: 'Week' })],
    ['flat 98/4 weeks', flat('98', weeks(4))],
    ['per-unit 12 x 7.50/month', flat('7.5', { model: 'Per Unit Pricing', quantity: '12' })],
    ['tiered 250u [0-100@2,101-200@1.5,201+@1]/month', ofTiers('Tiered Pricing', PER_UNIT_TIERS)],
    ['volume 250u same tiers/month', ofTiers('Volume Pricing', PER_UNIT_TIERS)],
    [
      'tiered flat-fee 250u [100:90 flat,200:60 flat,+:40 flat]/quarter -> MRR',
      { ...ofTiers('Tiered Pricing', THREE_FEES), billingPeriod: 'Quarter' },
    ],
  ];

  it('covers every vector', () => {
    expect(cases.map(([name]) => name)).toEqual(Object.keys(vectors.mrr));
  });

  it.each(cases)('%s', (name, charge) => {
    const sixPlaces = divide(monthlyRecurringRevenue(charge), '1', { decimals: 6, rounding: 'HALF_UP' });
    expect(sixPlaces).toBe(vectors.mrr[name]);
  });
});

describe('MRR by billing period', () => {
  it.each([
    ['100', { billingPeriod: 'Month' }, '100'],
    ['100', { billingPeriod: 'Quarter' }, '33.333333333'],
    ['100', { billingPeriod: 'Semi-Annual' }, '16.666666667'],
    ['100', { billingPeriod: 'Annual' }, '8.333333333'],
    ['330', { billingPeriod: 'Eighteen Months' }, '18.333333333'],
    ['240', { billingPeriod: 'Two Years' }, '10'],
    ['36', { billingPeriod: 'Three Years' }, '1'],
    ['90', { billingPeriod: 'Five Years' }, '1.5'],
    ['100', months(7), '14.285714286'],
    ['7', { billingPeriod: 'Week' }, '30'],
    ['1', { billingPeriod: 'Week' }, '4.285714286'],
    ['100', weeks(3), '142.857142857'],
    ['100', { billingPeriod: 'Specific Days', specificBillingPeriod: 10 }, '300'],
  ] satisfies [string, Partial<RecurringTerms>, string][])('%s per %j is %s', (price, recurrence, mrr) => {
    expect(monthlyRecurringRevenue(flat(price, recurrence))).toBe(mrr);
  });

  it.each([
    ['Per Billing Period', null, '30'],
    ['Per Month', null, '90'],
    ['Per Year', null, '7.5'],
    ['Per Week', null, '385.714285714'],
    ['Per Specific Months', 4, '22.5'],
  ] as const)(
    'takes 90 %s (%s) with quarterly billing as %s',
    (listPriceBase, specificListPriceBase, mrr) => {
      const recurrence = { billingPeriod: 'Quarter', listPriceBase, specificListPriceBase } as const;
      expect(monthlyRecurringRevenue(flat('90', recurrence))).toBe(mrr);
    },
  );

  it.each([
    ['Per Month', '90'],
    ['Per Week', '385.714285714'],
  ] as const)('needs no term for 90 %s billed per subscription term', (listPriceBase, mrr) => {
    const recurrence = { billingPeriod: 'Subscription Term', listPriceBase } as const;
    expect(monthlyRecurringRevenue(flat('90', recurrence))).toBe(mrr);
  });

  it('averages a price for the whole term over the term', () => {
    const charge = flat('110', { billingPeriod: 'Subscription Term' });
    const year = { start: '2026-01-01', endExclusive: '2027-01-01' };
    const fiveAndAHalfMonths = { start: '2026-01-10', endExclusive: '2026-06-25' };
    expect(monthlyRecurringRevenue({ ...charge, term: year })).toBe('9.166666667');
    expect(monthlyRecurringRevenue({ ...charge, term: fiveAndAHalfMonths })).toBe('20');
    expect(() => monthlyRecurringRevenue(charge)).toThrow(RangeError);
    expect(() => monthlyRecurringRevenue({ ...charge, term: null })).toThrow(RangeError);
  });

  it.each(['OneTime', 'Usage'] as const)('is 0 for %s', (chargeType) => {
    expect(monthlyRecurringRevenue(flat('84', { chargeType, billingPeriod: null }))).toBe('0');
  });
});

describe('recurrence', () => {
  it.each([
    [{ billingPeriod: null }, 'billingPeriod'],
    [{ billingPeriod: null, listPriceBase: 'Per Month' }, 'billingPeriod'],
    [{ billingPeriod: 'Specific Months' }, 'specificBillingPeriod'],
    [{ billingPeriod: 'Specific Weeks', specificBillingPeriod: 0 }, 'specificBillingPeriod'],
    [{ billingPeriod: 'Specific Days', specificBillingPeriod: 1.5 }, 'specificBillingPeriod'],
    [{ billingPeriod: 'Specific Days', specificBillingPeriod: 10_001 }, 'specificBillingPeriod'],
    [{ billingPeriod: 'Month', listPriceBase: 'Per Specific Months' }, 'specificListPriceBase'],
    [
      { billingPeriod: 'Month', listPriceBase: 'Per Specific Months', specificListPriceBase: 201 },
      'specificListPriceBase',
    ],
  ] as const)('refuses %j by %s', (recurrence, field) => {
    expect(recurrenceProblems(recurrence).map((problem) => problem.field)).toEqual([field]);
  });

  it('has no length where a count or the period is missing', () => {
    expect(() => listPriceBaseLength({ billingPeriod: null })).toThrow(RangeError);
    expect(() => listPriceBaseLength({ billingPeriod: 'Specific Months' })).toThrow(RangeError);
  });

  it('gives an MRR that can be stored to whatever it and the model accept', () => {
    const recurrence = fc.record({
      billingPeriod: fc.constantFrom(...BILLING_PERIODS),
      specificBillingPeriod: fc.option(fc.integer({ min: -1, max: 10_001 })),
      listPriceBase: fc.option(fc.constantFrom(...LIST_PRICE_BASES)),
      specificListPriceBase: fc.option(fc.integer({ min: -1, max: 201 })),
    });
    const amount = fc.oneof(fc.constantFrom('999999999999', '0.000000001'), fc.nat().map(String));
    const term = { start: '2026-01-31', endExclusive: '2026-02-01' };
    fc.assert(
      fc.property(recurrence, amount, amount, (times, price, quantity) => {
        const charge = flat(price, { ...times, model: 'Per Unit Pricing', quantity, term });
        const problems = [
          ...recurrenceProblems(charge),
          ...chargeModels[charge.model].validate({ price, quantity, tiers: [] }),
        ];
        fc.pre(problems.length === 0);
        expect(fitsMrr(monthlyRecurringRevenue(charge))).toBe(true);
      }),
    );
  });
});

describe('contracted value', () => {
  it.each([
    ['84/m 2026-01-10..2026-06-25', '2026-01-10', '2026-06-25'],
    ['84/m 2026-02-01..2026-04-16', '2026-02-01', '2026-04-16'],
    ['84/m 12 months', '2026-01-01', '2027-01-01'],
  ] as const)('of the vector %s', (name, start, endExclusive) => {
    expect(totalContractedValue('84', start, endExclusive)).toBe(vectors.tcv[name]);
  });

  it('is rounded once, after the fraction of a month', () => {
    // 1 + 1/31 months at 10: 320/31
    expect(totalContractedValue('10', '2026-02-01', '2026-03-02')).toBe('10.322580645');
  });

  it('is null for evergreen and 0 for an empty segment', () => {
    expect(totalContractedValue('84', '2026-01-01', null)).toBeNull();
    expect(totalContractedValue('84', '2026-01-01', '2026-01-01')).toBe('0');
  });

  it('is the MRR times the months for whole months, from any start', () => {
    const start = fc.integer({ min: 0, max: 1_200 }).map((n) => addMonthsAnchored('2000-01-31', n));
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 240 }), fc.nat(), (from, count, cents) => {
        const mrr = divide(String(cents), '100', { decimals: 2, rounding: 'DOWN' });
        const value = totalContractedValue(mrr, from, addMonthsAnchored(from, count));
        expect(value).toBe(multiply(mrr, String(count)));
      }),
    );
  });

  it('refuses a segment that ends before it starts', () => {
    expect(() => totalContractedValue('84', '2026-02-01', '2026-01-01')).toThrow(RangeError);
  });
});
