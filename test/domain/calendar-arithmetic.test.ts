import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonthsAnchored,
  addPeriod,
  compareDates,
  DATE_MAX,
  DATE_MIN,
  daysBetween,
  daysInMonth,
  fromDayNumber,
  isDate,
  monthsAndDays,
  periodFits,
  toDayNumber,
} from '../../src/domain/calendar.ts';

// Shows that the calendar agrees with Temporal over its whole range, that months count from their anchor,
// and that what leaves the range is refused.

const firstDay = -25_567; // 1900-01-01
const lastDay = 2_932_896; // 9999-12-31
const epoch = Temporal.PlainDate.from('1970-01-01');
const plainDate = fc.integer({ min: firstDay, max: lastDay }).map((days) => epoch.add({ days }));
const nearDate = fc.integer({ min: 0, max: 60_000 }).map((days) => epoch.add({ days }));
const inRange = (date: Temporal.PlainDate) => date.year >= 1900 && date.year <= 9999;

describe('dates', () => {
  it.each(['1900-01-01', '2024-02-29', '2000-02-29', '2026-12-31', '9999-12-31'])('takes %s', (text) => {
    expect(isDate(text)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '2100-02-29',
    '1899-12-31',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-01-00',
    '2026-1-1',
    '20260101',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '2026-01-01\n',
    '10000-01-01',
    '',
  ])('refuses %j', (text) => {
    expect(isDate(text)).toBe(false);
  });

  it('numbers days as Temporal does, both ways', () => {
    expect([toDayNumber(DATE_MIN), toDayNumber(DATE_MAX)]).toEqual([firstDay, lastDay]);
    fc.assert(
      fc.property(plainDate, (date) => {
        const text = date.toString();
        const dayNumber = epoch.until(date, { largestUnit: 'days' }).days;
        expect(isDate(text)).toBe(true);
        expect(toDayNumber(text)).toBe(dayNumber);
        expect(fromDayNumber(dayNumber)).toBe(text);
        expect(daysInMonth(text)).toBe(date.daysInMonth);
      }),
    );
  });

  it('adds, subtracts and compares days as Temporal does', () => {
    fc.assert(
      fc.property(nearDate, nearDate, (a, b) => {
        const days = a.until(b, { largestUnit: 'days' }).days;
        expect(daysBetween(a.toString(), b.toString())).toBe(days);
        expect(addDays(a.toString(), days)).toBe(b.toString());
        expect(compareDates(a.toString(), b.toString())).toBe(Temporal.PlainDate.compare(a, b));
      }),
    );
  });
});

describe('months', () => {
  it('clamps to the month end and comes back to the anchor day', () => {
    const months = [0, 1, 2, 3, 13, -2].map((n) => addMonthsAnchored('2026-01-31', n));
    expect(months).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2027-02-28',
      '2025-11-30',
    ]);
    expect(addMonthsAnchored('2024-02-29', 12)).toBe('2025-02-28');
    expect(addMonthsAnchored('2024-02-29', 48)).toBe('2028-02-29');
  });

  it('adds months as Temporal does', () => {
    fc.assert(
      fc.property(nearDate, fc.integer({ min: -600, max: 1200 }), (date, months) => {
        expect(addMonthsAnchored(date.toString(), months)).toBe(date.add({ months }).toString());
      }),
    );
  });

  it('tiles time without gap or overlap, whatever the anchor', () => {
    fc.assert(
      fc.property(nearDate, fc.integer({ min: 1, max: 60 }), (date, count) => {
        const anchor = date.toString();
        const bounds = Array.from({ length: count + 1 }, (_, n) => addMonthsAnchored(anchor, n));
        const lengths = bounds.slice(1).map((end, n) => daysBetween(bounds[n]!, end));
        expect(lengths.every((length) => length >= 28 && length <= 31)).toBe(true);
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(daysBetween(anchor, bounds.at(-1)!));
      }),
    );
  });

  it.each([
    ['2026-01-10', '2026-06-25', 5, 15, 30],
    ['2026-02-01', '2026-04-16', 2, 15, 30],
    ['2026-01-01', '2027-01-01', 12, 0, 31],
    ['2026-01-31', '2026-02-28', 1, 0, 28],
    ['2026-01-31', '2026-03-31', 2, 0, 31],
    ['2024-02-10', '2024-03-09', 0, 28, 29],
    ['2026-05-05', '2026-05-05', 0, 0, 31],
  ])('measures %s to %s as %i months and %i of %i days', (start, end, months, days, daysInLeftoverMonth) => {
    expect(monthsAndDays(start, end)).toEqual({ months, days, daysInLeftoverMonth });
  });

  it('finds the largest number of whole months, by Temporal', () => {
    fc.assert(
      fc.property(nearDate, fc.integer({ min: 0, max: 4_000 }), (start, length) => {
        const end = start.add({ days: length });
        const { months, days, daysInLeftoverMonth } = monthsAndDays(start.toString(), end.toString());
        const leftoverStart = start.add({ months });
        expect(leftoverStart.add({ days }).equals(end)).toBe(true);
        expect(days).toBeGreaterThanOrEqual(0);
        expect(Temporal.PlainDate.compare(start.add({ months: months + 1 }), end)).toBe(1);
        expect(daysInLeftoverMonth).toBe(leftoverStart.daysInMonth);
      }),
    );
  });

  it('refuses a span that ends before it starts', () => {
    expect(() => monthsAndDays('2026-02-01', '2026-01-31')).toThrow(RangeError);
  });
});

describe('periods', () => {
  const unit = fc.constantFrom('Day', 'Week', 'Month', 'Year');
  const temporalUnit = { Day: 'days', Week: 'weeks', Month: 'months', Year: 'years' } as const;

  it('ends where Temporal says, or is refused where that leaves the range', () => {
    fc.assert(
      fc.property(plainDate, fc.integer({ min: -400, max: 4_000 }), unit, (start, count, name) => {
        const end = start.add({ [temporalUnit[name]]: count });
        expect(periodFits(start.toString(), count, name)).toBe(inRange(end));
        if (inRange(end)) expect(addPeriod(start.toString(), count, name)).toBe(end.toString());
        else expect(() => addPeriod(start.toString(), count, name)).toThrow(RangeError);
      }),
    );
  });

  it.each([
    ['9999-12-31', 1, 'Day'],
    ['9999-12-25', 1, 'Week'],
    ['9999-12-01', 1, 'Month'],
    ['1900-06-01', -1, 'Year'],
    ['2026-01-01', 1e300, 'Month'],
  ] as const)('refuses %s + %d %s', (start, count, name) => {
    expect(periodFits(start, count, name)).toBe(false);
    expect(() => addPeriod(start, count, name)).toThrow(RangeError);
  });

  it('takes no fraction and no number that is none', () => {
    expect(periodFits('2026-01-01', 1.5, 'Month')).toBe(false);
    expect(periodFits('2026-01-01', Number.NaN, 'Day')).toBe(false);
    expect(() => addDays('2026-01-01', Number.NaN)).toThrow(RangeError);
  });
});
