/**
 * Calendar dates as 'YYYY-MM-DD' text in the proleptic Gregorian calendar. A date is no instant and has no
 * zone. Within the range of this module, text order is date order.
 */
export type CalendarDate = string;

/** A unit that terms, periods and intervals are counted in, in the wire's words. */
export type PeriodUnit = 'Day' | 'Week' | 'Month' | 'Year';

/** First and last date that this module knows. Results outside throw; `periodFits` tells beforehand. */
export const DATE_MIN: CalendarDate = '1900-01-01';
export const DATE_MAX: CalendarDate = '9999-12-31';

const DAYS_PER_WEEK = 7;
const MONTHS_PER_YEAR = 12;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

interface DateParts {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
}

function partsOf(date: CalendarDate): DateParts {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

function print({ year, month, day }: DateParts): CalendarDate {
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function monthLength(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : MONTH_LENGTHS[month - 1]!;
}

/** Whether the text is a date that exists, written 'YYYY-MM-DD', from DATE_MIN to DATE_MAX. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < DATE_MIN) return false;
  const { year, month, day } = partsOf(text);
  return month >= 1 && month <= MONTHS_PER_YEAR && day >= 1 && day <= monthLength(year, month);
}

/**
 * Days since 1970-01-01, negative before.
 *
 * Counts years from March, so that the leap day is a year's last day and every month has a fixed offset.
 */
export function toDayNumber(date: CalendarDate): number {
  const { year, month, day } = partsOf(date);
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = (month + 9) % MONTHS_PER_YEAR;
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - DAY_NUMBER_OFFSET;
}

/** Days from 1 March of year 0 to 1 January 1970. */
const DAY_NUMBER_OFFSET = 719_468;
const DAYS_PER_400_YEARS = 146_097;

const DAY_NUMBER_MIN = toDayNumber(DATE_MIN);
const DAY_NUMBER_MAX = toDayNumber(DATE_MAX);

/**
 * The date of a day number.
 *
 * @throws RangeError outside DATE_MIN to DATE_MAX
 */
export function fromDayNumber(dayNumber: number): CalendarDate {
  if (!(dayNumber >= DAY_NUMBER_MIN && dayNumber <= DAY_NUMBER_MAX)) {
    throw new RangeError(`day out of range: ${dayNumber}`);
  }
  const days = dayNumber + DAY_NUMBER_OFFSET;
  const cycle = Math.floor(days / DAYS_PER_400_YEARS);
  const dayOfCycle = days - cycle * DAYS_PER_400_YEARS;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1_460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
  return print({ year, month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 });
}

/**
 * The date so many days later, or earlier for a negative count.
 *
 * @throws RangeError outside DATE_MIN to DATE_MAX
 */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromDayNumber(toDayNumber(date) + days);
}

/**
 * The anchor's day in the month `months` later (or earlier), or that month's last day where it has no such
 * day. Always count from the anchor, never from an earlier result: 31 January + 1 is 28 or 29 February, + 2 is
 * 31 March.
 *
 * @throws RangeError outside DATE_MIN to DATE_MAX
 */
export function addMonthsAnchored(anchor: CalendarDate, months: number): CalendarDate {
  const { year, month, day } = partsOf(anchor);
  const monthIndex = year * MONTHS_PER_YEAR + (month - 1) + months;
  const toYear = Math.floor(monthIndex / MONTHS_PER_YEAR);
  const toMonth = monthIndex - toYear * MONTHS_PER_YEAR + 1;
  if (!(toYear >= 1900 && toYear <= 9999))
    throw new RangeError(`date out of range: ${anchor} + ${months} months`);
  return print({ year: toYear, month: toMonth, day: Math.min(day, monthLength(toYear, toMonth)) });
}

/** Days from start to end; end exclusive, negative when end lies before start. */
export function daysBetween(start: CalendarDate, endExclusive: CalendarDate): number {
  return toDayNumber(endExclusive) - toDayNumber(start);
}

/** Number of days of the calendar month that the date lies in. */
export function daysInMonth(date: CalendarDate): number {
  const { year, month } = partsOf(date);
  return monthLength(year, month);
}

/** −1, 0 or 1 as a lies before, on or after b. */
export function compareDates(a: CalendarDate, b: CalendarDate): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function earlier(a: CalendarDate, b: CalendarDate): CalendarDate {
  return compareDates(a, b) < 0 ? a : b;
}

export function later(a: CalendarDate, b: CalendarDate): CalendarDate {
  return compareDates(a, b) > 0 ? a : b;
}

/** A span as whole months counted from its start, and the days that are left over. */
export interface MonthsAndDays {
  readonly months: number;
  readonly days: number;
  /** Number of days of the calendar month in which the leftover starts: the denominator of the leftover's share. */
  readonly daysInLeftoverMonth: number;
}

/**
 * Measures a span as semantics C.3 counts it for the contracted value.
 *
 * @throws RangeError when the end lies before the start
 */
export function monthsAndDays(start: CalendarDate, endExclusive: CalendarDate): MonthsAndDays {
  if (endExclusive < start) throw new RangeError(`span ends before it starts: ${start} to ${endExclusive}`);
  const from = partsOf(start);
  const to = partsOf(endExclusive);
  const monthsApart = (to.year - from.year) * MONTHS_PER_YEAR + to.month - from.month;
  const months = addMonthsAnchored(start, monthsApart) <= endExclusive ? monthsApart : monthsApart - 1;
  const leftoverStart = addMonthsAnchored(start, months);
  return {
    months,
    days: daysBetween(leftoverStart, endExclusive),
    daysInLeftoverMonth: daysInMonth(leftoverStart),
  };
}

/**
 * The first day after a period of `count` units that starts on `start`; months and years are anchored on the
 * start's day.
 *
 * @throws RangeError outside DATE_MIN to DATE_MAX
 */
export function addPeriod(start: CalendarDate, count: number, unit: PeriodUnit): CalendarDate {
  switch (unit) {
    case 'Day':
      return addDays(start, count);
    case 'Week':
      return addDays(start, count * DAYS_PER_WEEK);
    case 'Month':
      return addMonthsAnchored(start, count);
    case 'Year':
      return addMonthsAnchored(start, count * MONTHS_PER_YEAR);
  }
}

/** Whether `addPeriod` has a result: counts that come from outside are asked here first. */
export function periodFits(start: CalendarDate, count: number, unit: PeriodUnit): boolean {
  if (!Number.isSafeInteger(count)) return false;
  const days = toDayNumber(start) + count * (unit === 'Week' ? DAYS_PER_WEEK : 1);
  if (unit === 'Day' || unit === 'Week') return days >= DAY_NUMBER_MIN && days <= DAY_NUMBER_MAX;
  const { year, month } = partsOf(start);
  const months = year * MONTHS_PER_YEAR + (month - 1) + count * (unit === 'Year' ? MONTHS_PER_YEAR : 1);
  return months >= 1900 * MONTHS_PER_YEAR && months < 10_000 * MONTHS_PER_YEAR;
}
