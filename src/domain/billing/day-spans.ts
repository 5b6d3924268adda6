import { type CalendarDate, compareDates, earlier, later } from '../calendar.ts';

/** Days from a first one to the day before `end`. Texts of dates are in the order of dates. */
export interface Days {
  readonly start: CalendarDate;
  /** Exclusive. */
  readonly end: CalendarDate;
}

/** The end of what has none: later than any day that is billed. */
export const NO_END: CalendarDate = '9999-12-31';

/** The first of the days, `NO_END` when there are none. */
export function firstOf(spans: readonly Days[]): CalendarDate {
  return spans.reduce<CalendarDate>((first, { start }) => earlier(first, start), NO_END);
}

/** The days that are in either list, in order, none twice, without gaps between neighbours. */
export function together(spans: readonly Days[]): Days[] {
  const result: Days[] = [];
  for (const span of [...spans].sort((a, b) => compareDates(a.start, b.start))) {
    const last = result.at(-1);
    if (span.start >= span.end) continue;
    if (last === undefined || span.start > last.end) result.push({ start: span.start, end: span.end });
    else if (span.end > last.end) result[result.length - 1] = { start: last.start, end: span.end };
  }
  return result;
}

/** The days that are in both lists. */
export function shared(spans: readonly Days[], others: readonly Days[]): Days[] {
  return together(
    spans.flatMap((span) =>
      others.map((other) => ({
        start: later(span.start, other.start),
        end: earlier(span.end, other.end),
      })),
    ),
  );
}

/** The days of the first list that are not in the second. */
export function without(spans: readonly Days[], taken: readonly Days[]): Days[] {
  let left = together(spans);
  for (const { start, end } of taken) {
    left = left.flatMap((span) => [
      { start: span.start, end: earlier(span.end, start) },
      { start: later(span.start, end), end: span.end },
    ]);
    left = left.filter((span) => span.start < span.end);
  }
  return left;
}

/** The span within others: its part from a day on. */
export function fromDay(spans: readonly Days[], day: CalendarDate): Days[] {
  return shared(spans, [{ start: day, end: NO_END }]);
}
