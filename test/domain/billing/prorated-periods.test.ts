import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BillingRules, billingRuleDefaults } from '../../../src/domain/billing/billing-rules.ts';
import type { Days } from '../../../src/domain/billing/day-spans.ts';
import { type PeriodGrid, periodOn } from '../../../src/domain/billing/period-grid.ts';
import { measureOf, shareOf } from '../../../src/domain/billing/proration.ts';
import { monthSteps } from '../../../src/domain/billing/steps.ts';
import { addDays, daysBetween } from '../../../src/domain/calendar.ts';
import { fractionOf, NOTHING, plus, roundedMinor, times, WHOLE } from '../../../src/domain/fraction.ts';
import { fromMinor } from '../../../src/domain/money.ts';
import vectors from '../../vectors.json' with { type: 'json' };

// Shows what parts of periods cost against the reference vectors (semantics E.3), and that the parts of a run of service add up to the run,
// wherever it is cut and whatever the rules are.

const rulesOf = (fields: Partial<BillingRules>) => ({ ...billingRuleDefaults, ...fields });
const months = (size: number, billDay: number, anchor: string): PeriodGrid => ({
  steps: monthSteps(size, billDay, anchor),
  terms: null,
});
const weeks = (size: number, anchor: string): PeriodGrid => ({
  steps: { unit: 'week', size, anchor, dayOfMonth: 0 },
  terms: null,
});

/** Price of days of a period, in the text of an amount. */
function priceOf(price: string, grid: PeriodGrid, days: Days, fields: Partial<BillingRules> = {}): string {
  const period = periodOn(grid, days.start);
  const share = shareOf(measureOf(grid, rulesOf(fields), days.start), period, [days]);
  const minor = roundedMinor(times(fractionOf(price), share), 'USD', { mode: 'HALF_UP', incrementMinor: 1 });
  return fromMinor(minor, 'USD');
}

const MARCH = { start: '2026-03-05', end: '2026-04-01' };
const QUARTER = { start: '2026-02-11', end: '2026-04-01' };
const STUB = { start: '2026-03-04', end: '2026-03-15' };
const month = months(1, 1, '2026-01-01');
const quarter = months(3, 1, '2026-01-01');
const expected = vectors.proration;

describe('the reference vectors', () => {
  it.each([
    ['month, actual', '90', month, MARCH, {}, expected['month 90/m, 2026-03-05..03-31 actual']],
    [
      'month, 30',
      '90',
      month,
      MARCH,
      { monthBasis: '30' },
      expected['month 90/m, 2026-03-05..03-31 30actual'],
    ],
    [
      'month, strict',
      '90',
      month,
      MARCH,
      { monthBasis: '30strict' },
      expected['month 90/m, 2026-03-05..03-31 30strict'],
    ],
    [
      'stub, anchor',
      '90',
      months(1, 15, '2026-03-04'),
      STUB,
      {},
      expected['BCD15 stub 2026-03-04..03-14 90/m, anchor interval 02-15..03-14 (28 d)'],
    ],
    [
      'stub, calendar',
      '90',
      months(1, 15, '2026-03-04'),
      STUB,
      { stubMonth: 'calendar' },
      expected['same, calendar month of start (31 d)'],
    ],
    [
      'quarter, actual',
      '270',
      quarter,
      QUARTER,
      {},
      expected['quarter 270 stub 02-11..03-31 by-month actual'],
    ],
    [
      'quarter, 30',
      '270',
      quarter,
      QUARTER,
      { monthBasis: '30' },
      expected['quarter 270 stub 02-11..03-31 by-month 30actual'],
    ],
    [
      'quarter, strict',
      '270',
      quarter,
      QUARTER,
      { monthBasis: '30strict' },
      expected['quarter 270 stub 02-11..03-31 by-month 30strict'],
    ],
    [
      'quarter by day',
      '270',
      quarter,
      QUARTER,
      { longPeriods: 'day' },
      expected['quarter 270 stub 02-11..03-31 by-day actual (49/90)'],
    ],
    [
      'quarter by day of 90',
      '270',
      quarter,
      QUARTER,
      { longPeriods: 'day', monthBasis: '30' },
      expected['quarter 270 stub 02-11..03-31 by-day 30 (49/90)'],
    ],
    // Four weeks at 70 a week, of which the last 23 days are served.
    [
      'weeks',
      '280',
      weeks(4, '2026-03-01'),
      { start: '2026-03-06', end: '2026-03-29' },
      {},
      expected['week 70/w, 2 stub days + 3 weeks'],
    ],
  ] as const)('%s', (_, price, grid, days, fields, amount) => {
    expect(priceOf(price, grid, days, fields)).toBe(amount);
  });

  it.each([
    ['2026-01-27', '2026-02-01', '4'],
    ['2026-02-27', '2026-03-01', '4'],
    ['2024-02-01', '2024-03-01', '30'],
    ['2026-04-21', '2026-04-30', '9'],
  ])('of 30 a month, strictly, %s up to %s costs %s', (start, end, amount) => {
    expect(priceOf('30', month, { start, end }, { monthBasis: '30strict' })).toBe(amount);
  });
});

describe('parts that are not prorated', () => {
  const free = { billPartialMonth: false };
  it.each([
    ['a leading part of a month is free', '90', month, MARCH, free, '0'],
    [
      'a trailing part of a month is billed in full',
      '90',
      month,
      { start: '2026-03-01', end: '2026-03-05' },
      free,
      '90',
    ],
    ['of a quarter, the months count', '270', quarter, QUARTER, free, '90'],
    [
      'of a quarter that is never prorated, a leading part is free',
      '270',
      quarter,
      QUARTER,
      { ...free, proratePartialMonth: false },
      '0',
    ],
    [
      'of a quarter that is never prorated, a trailing part is all',
      '270',
      quarter,
      { start: '2026-01-01', end: '2026-02-11' },
      { ...free, proratePartialMonth: false },
      '270',
    ],
    [
      'a part of a week is a week',
      '70',
      weeks(1, '2026-03-01'),
      { start: '2026-03-06', end: '2026-03-08' },
      { proratePartialWeek: false },
      '70',
    ],
    [
      'a leading part of a week is free',
      '70',
      weeks(1, '2026-03-01'),
      { start: '2026-03-06', end: '2026-03-08' },
      { billPartialWeek: false },
      '0',
    ],
  ] as const)('%s', (_, price, grid, days, fields, amount) => {
    expect(priceOf(price, grid, days, fields)).toBe(amount);
  });
});

const rules = fc.record({
  billPartialMonth: fc.boolean(),
  proratePartialMonth: fc.boolean(),
  billPartialWeek: fc.boolean(),
  proratePartialWeek: fc.boolean(),
  monthBasis: fc.constantFrom('actual' as const, '30' as const, '30strict' as const),
  longPeriods: fc.constantFrom('monthFirst' as const, 'day' as const),
  stubMonth: fc.constantFrom('anchor' as const, 'calendar' as const),
});
const day = fc.integer({ min: 0, max: 1_500 }).map((n) => addDays('2024-01-01', n));
const grids = fc.oneof(
  fc.tuple(fc.constantFrom(1, 3, 6, 12, 18), fc.integer({ min: 1, max: 31 }), day).map((a) => months(...a)),
  fc.tuple(fc.constantFrom(1, 4), day).map((a) => weeks(...a)),
  fc
    .tuple(fc.constantFrom(1, 10), day)
    .map(
      ([size, anchor]): PeriodGrid => ({ steps: { unit: 'day', size, anchor, dayOfMonth: 0 }, terms: null }),
    ),
);

describe('whatever the rules and the cuts', () => {
  it('the parts of a run of service add up to the run, and the parts of a period to its price', () => {
    fc.assert(
      fc.property(
        rules,
        grids,
        day,
        fc.array(fc.nat(400), { maxLength: 4 }),
        fc.nat(400),
        (fields, grid, at, offsets, lead) => {
          const period = periodOn(grid, at);
          const length = daysBetween(period.start, period.end);
          const servedFrom = addDays(period.start, lead % length);
          const measure = measureOf(grid, rulesOf(fields), servedFrom);
          const run = { start: servedFrom, end: period.end };
          const cuts = [...new Set(offsets.map((n) => addDays(period.start, n % length)))]
            .filter((d) => d > servedFrom)
            .sort();
          const edges = [servedFrom, ...cuts, period.end];
          const parts = edges.slice(1).map((end, i) => shareOf(measure, period, [{ start: edges[i]!, end }]));
          for (const part of parts) expect(part.numerator >= 0n).toBe(true);
          expect(parts.reduce(plus, NOTHING)).toEqual(shareOf(measure, period, [run]));
          if (servedFrom === period.start) expect(shareOf(measure, period, [run])).toEqual(WHOLE);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('by actual days, what comes before a day and what comes after it cost the period together', () => {
    fc.assert(
      fc.property(
        grids,
        day,
        fc.nat(2_000),
        fc.constantFrom('monthFirst' as const, 'day' as const),
        (grid, at, n, longPeriods) => {
          const period = periodOn(grid, at);
          const cut = addDays(period.start, n % daysBetween(period.start, period.end));
          const share = (start: string, end: string) =>
            shareOf(measureOf(grid, rulesOf({ longPeriods }), start), period, [{ start, end }]);
          expect(plus(share(period.start, cut), share(cut, period.end))).toEqual(WHOLE);
        },
      ),
    );
  });

  it('periods follow one another, and each day lies in its own', () => {
    fc.assert(
      fc.property(grids, day, (grid, at) => {
        const period = periodOn(grid, at);
        expect(period.start <= at && at < period.end).toBe(true);
        expect(periodOn(grid, period.end).start).toBe(period.end);
        expect(periodOn(grid, addDays(period.end, -1))).toEqual(period);
      }),
    );
  });
});
