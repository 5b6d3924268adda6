import {
  addMonthsAnchored,
  type CalendarDate,
  DATE_MAX,
  DATE_MIN,
  daysBetween,
  fromDayNumber,
  toDayNumber,
} from '../calendar.ts';
import type { Days } from './day-spans.ts';

/** Equal steps through time in both directions: periods, or the months and weeks in them. */
export interface Steps {
  readonly unit: 'month' | 'week' | 'day';
  /** Months, weeks or days in one step. */
  readonly size: number;
  /** A day on which a step starts; of months only the month counts. */
  readonly anchor: CalendarDate;
  /** Day of the month on which steps of months start, 1 to 31: months that lack it start on their last day. Else 0. */
  readonly dayOfMonth: number;
}

const MONTHS_PER_YEAR = 12;
const FIRST_YEAR = 1900;
const LAST_MONTH = (9999 - FIRST_YEAR + 1) * MONTHS_PER_YEAR - 1;

/** Number of a step that a day lies in: 0 is the anchor's. */
export function stepNumber(steps: Steps, day: CalendarDate): number {
  if (steps.unit !== 'month') return Math.floor(daysBetween(steps.anchor, day) / daysOf(steps));
  const month = monthNumber(day);
  const begun = monthStart(month, steps.dayOfMonth) <= day ? month : month - 1;
  return Math.floor((begun - monthNumber(steps.anchor)) / steps.size);
}

/** First day of a step; beyond the calendar its first or last day. */
export function stepStart(steps: Steps, number: number): CalendarDate {
  if (steps.unit === 'month') {
    return monthStart(monthNumber(steps.anchor) + number * steps.size, steps.dayOfMonth);
  }
  const day = toDayNumber(steps.anchor) + number * daysOf(steps);
  if (day <= toDayNumber(DATE_MIN)) return DATE_MIN;
  return day >= toDayNumber(DATE_MAX) ? DATE_MAX : fromDayNumber(day);
}

/** The step that a day lies in. */
export function stepOn(steps: Steps, day: CalendarDate): Days {
  const number = stepNumber(steps, day);
  return { start: stepStart(steps, number), end: stepStart(steps, number + 1) };
}

/** Steps of so many months whose first one starts on the first bill day that is not before a date, or the one before where that is beyond the calendar. */
export function monthSteps(size: number, dayOfMonth: number, from: CalendarDate): Steps {
  const month = monthNumber(from);
  const next = monthStart(month, dayOfMonth) >= from ? month : month + 1;
  const first = next > LAST_MONTH ? next - size : next;
  const year = FIRST_YEAR + Math.floor(first / MONTHS_PER_YEAR);
  const anchor = `${year}-${String((first % MONTHS_PER_YEAR) + 1).padStart(2, '0')}-01`;
  return { unit: 'month', size, anchor, dayOfMonth };
}

/** The same of weeks, which start so many days after Sunday. */
export function weekSteps(size: number, weekday: number, from: CalendarDate): Steps {
  const next = toDayNumber(from) + ((((weekday - weekdayOf(from)) % 7) + 7) % 7);
  const first = next > toDayNumber(DATE_MAX) ? next - size * 7 : next;
  return { unit: 'week', size, anchor: fromDayNumber(first), dayOfMonth: 0 };
}

/** 0: Sunday. The first of January 1970 was a Thursday. */
export function weekdayOf(day: CalendarDate): number {
  return (((toDayNumber(day) + 4) % 7) + 7) % 7;
}

function daysOf({ unit, size }: Steps): number {
  return unit === 'week' ? size * 7 : size;
}

/** Months since January of the first year. */
function monthNumber(day: CalendarDate): number {
  return (Number(day.slice(0, 4)) - FIRST_YEAR) * MONTHS_PER_YEAR + Number(day.slice(5, 7)) - 1;
}

function monthStart(month: number, dayOfMonth: number): CalendarDate {
  if (month < 0) return DATE_MIN;
  if (month > LAST_MONTH) return DATE_MAX;
  return addMonthsAnchored(`${FIRST_YEAR}-01-${String(dayOfMonth).padStart(2, '0')}`, month);
}
