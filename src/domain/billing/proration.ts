import { addDays, type CalendarDate, daysBetween, daysInMonth, later } from '../calendar.ts';
import { type Fraction, fraction, fractionText, minus, NOTHING, over, plus, WHOLE } from '../fraction.ts';
import type { BillingRules } from './billing-rules.ts';
import type { Days } from './day-spans.ts';
import type { Proration } from './document-line.ts';
import { type PeriodGrid, periodOn } from './period-grid.ts';
import { type Steps, stepNumber, stepOn } from './steps.ts';

const DAYS_PER_MONTH = 30;

/** How parts of a period are counted: kept with each line, so that what is given back of it later is measured alike. */
export interface Measure {
  /** Units that are counted whole: months, weeks, or the period itself where only days count. */
  readonly units: Steps;
  /** Units in a period; null: as many as the period (a term) has. */
  readonly unitsPerPeriod: number | null;
  /** First day of the uninterrupted service in the period: parts of units are counted from there. */
  readonly servedFrom: CalendarDate;
  /**
   * What a part of a unit counts: its days; a whole unit however few days ('begun'); or nothing before a unit's end and a whole unit after a
   * unit's start ('lastOnly').
   */
  readonly parts: 'days' | 'begun' | 'lastOnly';
  readonly monthBasis: BillingRules['monthBasis'];
  readonly stubMonth: BillingRules['stubMonth'];
}

/** The measure of a charge's periods under the tenant's rules (semantics E.3). */
export function measureOf(grid: PeriodGrid, rules: BillingRules, servedFrom: CalendarDate): Measure {
  const { monthBasis, stubMonth } = rules;
  const common = { servedFrom, monthBasis, stubMonth };
  const { steps, terms } = grid;
  if (steps.unit === 'day') return { ...common, units: steps, unitsPerPeriod: 1, parts: 'days' };
  if (steps.unit === 'week') {
    const parts = rules.billPartialWeek ? (rules.proratePartialWeek ? 'days' : 'begun') : 'lastOnly';
    return { ...common, units: { ...steps, size: 1 }, unitsPerPeriod: steps.size, parts };
  }
  const parts = rules.billPartialMonth ? 'days' : 'lastOnly';
  const isWhole = !rules.proratePartialMonth || (rules.longPeriods === 'day' && parts === 'days');
  if (isWhole && terms === null) return { ...common, units: steps, unitsPerPeriod: 1, parts };
  const unitsPerPeriod = terms === null ? steps.size : null;
  return { ...common, units: { ...steps, size: 1 }, unitsPerPeriod, parts };
}

/** The measure that counts days whatever the rules for parts say: of fixed discounts, which are always prorated. */
export function countingDays(measure: Measure): Measure {
  return measure.parts === 'days' ? measure : { ...measure, parts: 'days' };
}

/** Units from the first served day up to a day; never less for a later day. */
function unitsUpTo(measure: Measure, day: CalendarDate): Fraction {
  const { servedFrom, units } = measure;
  if (day <= servedFrom) return NOTHING;
  const first = stepOn(units, servedFrom);
  if (day <= first.end) return partOf(measure, servedFrom, day, first);
  const last = stepOn(units, day);
  const between = stepNumber(units, day) - stepNumber(units, servedFrom) - 1;
  return plus(
    plus(partOf(measure, servedFrom, first.end, first), fraction(between)),
    partOf(measure, last.start, day, last),
  );
}

/** What the days from `start` to `end` are of the unit that they lie in. */
function partOf(measure: Measure, start: CalendarDate, end: CalendarDate, unit: Days): Fraction {
  if (start >= end) return NOTHING;
  if (start === unit.start && end === unit.end) return WHOLE;
  if (measure.parts === 'begun') return WHOLE;
  if (measure.parts === 'lastOnly') return start === unit.start ? WHOLE : NOTHING;
  const [days, daysOf] = partInDays(measure, start, end, unit);
  return fraction(Math.min(days, daysOf), daysOf);
}

/** A part of a unit as days of how many (semantics E.3: F_actual, F_30actual, F_30strict). */
function partInDays(
  { units, monthBasis, stubMonth }: Measure,
  start: CalendarDate,
  end: CalendarDate,
  unit: Days,
): readonly [number, number] {
  const days = daysBetween(start, end);
  if (units.unit !== 'month') return [days, daysBetween(unit.start, unit.end)];
  if (monthBasis === '30strict') return [strictDays(start, addDays(end, -1)), DAYS_PER_MONTH * units.size];
  if (monthBasis === '30') return [days, DAYS_PER_MONTH * units.size];
  const isCalendar = stubMonth === 'calendar' && units.size === 1 && start !== unit.start;
  return [days, isCalendar ? daysInMonth(start) : daysBetween(unit.start, unit.end)];
}

/** Days where every month has 30: a month's last day is its 30th, whichever it is. */
function strictDays(first: CalendarDate, last: CalendarDate): number {
  const month = (day: CalendarDate) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  const dayOf = (day: CalendarDate) => Number(day.slice(8, 10));
  const lastDay = dayOf(last) === daysInMonth(last) ? DAYS_PER_MONTH : Math.min(dayOf(last), DAYS_PER_MONTH);
  return DAYS_PER_MONTH * (month(last) - month(first)) + lastDay - Math.min(dayOf(first), DAYS_PER_MONTH) + 1;
}

/** Units of a whole period. */
export function unitsOfPeriod(measure: Measure, period: Days): Fraction {
  if (measure.unitsPerPeriod !== null) return fraction(measure.unitsPerPeriod);
  return unitsUpTo({ ...measure, servedFrom: period.start }, period.end);
}

/** Units of some days of a period. The days of a run of service add up to the run's units, however it is cut. */
export function unitsOf(measure: Measure, days: Days): Fraction {
  return minus(unitsUpTo(measure, days.end), unitsUpTo(measure, days.start));
}

/** The share of the period's price that days of it cost: at most the whole price. */
export function shareOf(measure: Measure, period: Days, days: readonly Days[]): Fraction {
  const units = days.reduce((sum, span) => plus(sum, unitsOf(measure, span)), NOTHING);
  return over(units, unitsOfPeriod(measure, period));
}

/** How the share of a period came about, to be shown. */
export function prorationOf(measure: Measure, period: Days, days: Days): Proration {
  const [numerator, denominator] = fractionText(shareOf(measure, period, [days]));
  const share = { numerator, denominator };
  if (days.start === period.start && days.end === period.end) {
    return { method: 'none', wholeUnits: 0, parts: [], ...share };
  }
  const { units } = measure;
  const first = stepOn(units, days.start);
  const last = stepOn(units, days.end);
  const isOne = days.end <= first.end;
  const pieces: Array<readonly [CalendarDate, CalendarDate, Days]> = isOne
    ? [[days.start, days.end, first]]
    : [
        [days.start, first.end, first],
        [last.start, days.end, last],
      ];
  const between = isOne ? 0 : stepNumber(units, days.end) - stepNumber(units, days.start) - 1;
  const isUnit = ([start, end, unit]: (typeof pieces)[number]) => start === unit.start && end === unit.end;
  return {
    method: methodOf(measure),
    wholeUnits: between + pieces.filter(isUnit).length,
    parts: pieces
      .filter((piece) => piece[0] < piece[1] && !isUnit(piece))
      .map(([start, end, unit]) => {
        const [count, daysOf] = partInDays(measure, start, end, unit);
        return { days: count, daysOf };
      }),
    ...share,
  };
}

function methodOf({ units, unitsPerPeriod }: Measure): Proration['method'] {
  if (units.unit === 'week') return 'week';
  if (units.unit === 'day' || (units.size > 1 && unitsPerPeriod === 1)) return 'day';
  return 'monthFirst';
}

/** The part of a charge's period from which service runs on without a gap up to a day. */
export function servedFromOn(grid: PeriodGrid, served: readonly Days[], day: CalendarDate): CalendarDate {
  const period = periodOn(grid, day);
  const run = served.find(({ start, end }) => start <= day && day < end);
  return later(run?.start ?? period.start, period.start);
}
