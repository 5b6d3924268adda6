import { addDays, addPeriod, isDate, type PeriodUnit, periodFits } from '../../domain/calendar.ts';
import { instantOfMidnight, readDateTime, toWireOffsetDateTime } from '../../wire/values.ts';

/**
 * A time as a query names it. A `day` is all of a calendar day, from its first instant until before its end; a `moment` is one instant, or the
 * second that begins with it when no fraction of a second was written. Instants are in UTC with milliseconds.
 */
export interface NamedTime {
  readonly kind: 'day' | 'moment';
  /** The calendar day, or the one on which the moment lies in the clock's zone. */
  readonly day: string;
  readonly from: string;
  readonly until: string;
}

export interface Clock {
  /** UTC with milliseconds. */
  readonly now: string;
  /** IANA zone in which times without one are meant. */
  readonly timeZone: string;
}

const SECOND_MS = 1_000;
const UNIT_MS: Readonly<Record<string, number>> = { second: SECOND_MS, minute: 60_000, hour: 3_600_000 };
const CALENDAR_UNITS: Readonly<Record<string, PeriodUnit>> = {
  day: 'Day',
  week: 'Week',
  month: 'Month',
  year: 'Year',
};
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const RELATIVE =
  /^(now|today|yesterday|tomorrow)((?:\s*[+-]\s*\d{1,6}\s*(?:second|minute|hour|day|week|month|year)s?)*)$/i;
const STEP = /([+-])\s*(\d+)\s*([a-z]+?)s?(?![a-z])/gi;

/** Reads an ISO date or date-time, with a zone or in the clock's; null for anything else. */
export function readTime(text: string, { timeZone }: Clock): NamedTime | null {
  const [, date, minutes, seconds, fraction, zone] = ISO.exec(text) ?? [];
  if (date === undefined || !isDate(date)) return null;
  if (minutes === undefined && zone === undefined) return dayOf(date, timeZone);
  const offset = (zone ?? '').toUpperCase();
  const read = readDateTime(
    `${date}T${minutes ?? '00:00'}:${seconds ?? '00'}${fraction ?? ''}${offset}`,
    timeZone,
  );
  if (read === null) return null;
  if (minutes === undefined) {
    return { kind: 'day', day: date, from: read.instant, until: laterBy(read.instant, 24 * UNIT_MS.hour!) };
  }
  return momentOf(read.instant, read.day, fraction === undefined ? SECOND_MS : 1);
}

/** Reads `now - 1 day`, `today`, `yesterday`, `today + 2 weeks - 1 day`; null for anything else, and for what leaves the calendar. */
export function readRelativeTime(text: string, clock: Clock): NamedTime | null {
  const [, anchor, steps = ''] = RELATIVE.exec(text.trim()) ?? [];
  if (anchor === undefined) return null;
  const { timeZone } = clock;
  const local = toWireOffsetDateTime(clock.now, timeZone);
  let time = { date: local.slice(0, 10), clock: local.slice(11, 23), instant: clock.now };
  let isDay = anchor.toLowerCase() !== 'now';
  if (isDay) {
    const days = { yesterday: -1, tomorrow: 1 }[anchor.toLowerCase()] ?? 0;
    const date = addDays(time.date, days);
    time = { date, clock: '00:00:00.000', instant: instantOfMidnight(date, timeZone) };
  }
  for (const [, sign, digits, name] of steps.matchAll(STEP)) {
    const count = Number(digits) * (sign === '-' ? -1 : 1);
    const unit = CALENDAR_UNITS[name!.toLowerCase()];
    if (unit === undefined) isDay = false;
    const moved =
      unit === undefined
        ? movedByMs(time.instant, count * UNIT_MS[name!.toLowerCase()]!, timeZone)
        : movedByUnits(time, count, unit, timeZone);
    if (moved === null) return null;
    time = moved;
  }
  return isDay ? dayOf(time.date, timeZone) : momentOf(time.instant, time.date, 1);
}

interface LocalTime {
  readonly date: string;
  /** HH:MM:SS.sss in the zone. */
  readonly clock: string;
  readonly instant: string;
}

function movedByMs(instant: string, ms: number, timeZone: string): LocalTime | null {
  const moved = new Date(Date.parse(instant) + ms);
  const year = moved.getUTCFullYear();
  // A zone's clock is asked below, which knows years of four digits.
  if (!(year > 1900 && year < 9999)) return null;
  const local = toWireOffsetDateTime(moved.toISOString(), timeZone);
  return { date: local.slice(0, 10), clock: local.slice(11, 23), instant: moved.toISOString() };
}

/** Days, weeks, months and years keep the time of day, whatever clocks are changed in between. */
function movedByUnits(time: LocalTime, count: number, unit: PeriodUnit, timeZone: string): LocalTime | null {
  if (!periodFits(time.date, count, unit)) return null;
  const date = addPeriod(time.date, count, unit);
  const read = readDateTime(`${date}T${time.clock}`, timeZone);
  return read === null ? null : { date, clock: time.clock, instant: read.instant };
}

function dayOf(day: string, timeZone: string): NamedTime | null {
  const read = readDateTime(day, timeZone);
  if (read === null) return null;
  return { kind: 'day', day, from: read.instant, until: instantOfMidnight(addDays(day, 1), timeZone) };
}

function momentOf(from: string, day: string, ms: number): NamedTime {
  return { kind: 'moment', day, from, until: laterBy(from, ms) };
}

function laterBy(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
