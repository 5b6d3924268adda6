import type { CalendarDate } from '../calendar.ts';
import { totalContractedValue } from '../charge-models/mrr.ts';
import type { Decimal } from '../money.ts';
import { isRefusal, type Refusal } from '../result.ts';
import { samePrice } from './reprice-charge.ts';
import type { Charge } from './subscription.ts';

/** The segments of one charge, in order, from the first one that an order can change on. */
export type Timeline = readonly Charge[];

/** A segment with some fields changed; the draft of a version gives it its identity, its own where it stands beside the segment. */
export type Revise = (segment: Charge, fields: Partial<Charge>, beside?: 'beside') => Charge;

export function lastOf(timeline: Timeline): Charge {
  return timeline.at(-1)!;
}

/** What a segment is worth over its days (semantics C.3), by its dates alone: for segments whose price stays. */
function valueOver(segment: Charge, start: CalendarDate, end: CalendarDate | null): Decimal | null {
  if (segment.isSuspended) return '0';
  if (segment.chargeType === 'OneTime') return start === end ? '0' : segment.totalContractedValue;
  if (segment.chargeType !== 'Recurring') return '0';
  return totalContractedValue(segment.monthlyRecurringRevenue, start, end);
}

/** The segment with other dates, and the value that follows from them. */
export function spanning(
  segment: Charge,
  start: CalendarDate,
  end: CalendarDate | null,
  revise: Revise,
): Charge {
  if (segment.effectiveStartDate === start && segment.effectiveEndDate === end) return segment;
  return revise(segment, {
    effectiveStartDate: start,
    effectiveEndDate: end,
    totalContractedValue: valueOver(segment, start, end),
  });
}

/** Numbers segments from a number on and marks the last. */
function numbered(segments: readonly Charge[], first: number, revise: Revise): Timeline {
  return segments.map((segment, i) => {
    const isLastSegment = i === segments.length - 1;
    return segment.segment === first + i && segment.isLastSegment === isLastSegment
      ? segment
      : revise(segment, { segment: first + i, isLastSegment });
  });
}

/** What is left of a timeline, numbered as it was: a removal that was booked stays with the last segment, whichever that is now. */
function left(segments: readonly Charge[], timeline: Timeline, revise: Revise): Timeline {
  const { isRemoved } = lastOf(timeline);
  return numbered(
    [...segments.slice(0, -1), revise(lastOf(segments), { isRemoved })],
    timeline[0]!.segment,
    revise,
  );
}

/** Cuts a segment in two where the date lies inside it. */
export function splitAt(timeline: Timeline, date: CalendarDate, revise: Revise): Timeline {
  const at = timeline.findIndex(
    ({ effectiveStartDate: start, effectiveEndDate: end }) =>
      start !== null && start < date && (end === null || date < end),
  );
  if (at < 0) return timeline;
  const segment = timeline[at]!;
  const before = spanning(segment, segment.effectiveStartDate!, date, revise);
  const { effectiveEndDate: end } = segment;
  const after = revise(
    segment,
    { effectiveStartDate: date, totalContractedValue: valueOver(segment, date, end) },
    'beside',
  );
  const segments = [...timeline.slice(0, at), before, after, ...timeline.slice(at + 1)];
  return numbered(segments, timeline[0]!.segment, revise);
}

/**
 * Ends a charge on a date: what lies behind it is gone. A charge that had not begun keeps one segment without days, so that it stays
 * visible as ended. One without a start (a date is missing) has nothing to cut.
 */
export function cutAt(timeline: Timeline, date: CalendarDate, revise: Revise): Timeline {
  if (timeline.some(({ effectiveStartDate }) => effectiveStartDate === null)) return timeline;
  const kept = splitAt(timeline, date, revise).filter(
    ({ effectiveStartDate: start }) => start !== null && start < date,
  );
  if (kept.length > 0) return left(kept, timeline, revise);
  const first = timeline[0]!;
  const start = first.effectiveStartDate!;
  return left([spanning(first, start, start, revise)], timeline, revise);
}

/** Drops what was never served of a suspension: the segments from its first day that it still covers. */
export function withoutSuspended(timeline: Timeline, revise: Revise): Timeline {
  const served = timeline.filter(({ isSuspended }) => !isSuspended);
  if (served.length === timeline.length) return timeline;
  if (served.length > 0) return left(served, timeline, revise);
  const first = timeline[0]!;
  const empty = revise(first, { isSuspended: false, isRemoved: lastOf(timeline).isRemoved });
  return cutAt([empty], first.effectiveStartDate!, revise);
}

/** From a date on nothing is served until the subscription is resumed. */
export function suspendFrom(timeline: Timeline, date: CalendarDate, revise: Revise): Timeline {
  return splitAt(timeline, date, revise).map((segment) => {
    const { chargeType, effectiveStartDate: start, effectiveEndDate: end } = segment;
    const isServed = chargeType === 'OneTime' || start === null || start < date || start === end;
    return isServed ? segment : revise(segment, { isSuspended: true, totalContractedValue: '0' });
  });
}

/** From a date on a suspended charge is served again; the days between are left out. */
export function resumeFrom(timeline: Timeline, date: CalendarDate, revise: Revise): Timeline {
  if (!timeline.some(({ isSuspended }) => isSuspended)) return timeline;
  const segments = splitAt(timeline, date, revise).flatMap((segment) => {
    if (!segment.isSuspended) return [segment];
    const { effectiveStartDate: start, effectiveEndDate: end } = segment;
    if (start === null || start < date) return [];
    const served = { ...segment, isSuspended: false };
    return [revise(segment, { isSuspended: false, totalContractedValue: valueOver(served, start, end) })];
  });
  return segments.length > 0 ? left(segments, timeline, revise) : withoutSuspended(timeline, revise);
}

/** The charge's end under a subscription that ends on a date (null: never): its own condition, or the subscription's end before it. */
export function naturalEnd(segment: Charge, subscriptionEnd: CalendarDate | null): CalendarDate | null {
  const agreed = segment.agreedEndDate;
  if (agreed === null) return subscriptionEnd;
  return subscriptionEnd !== null && subscriptionEnd < agreed ? subscriptionEnd : agreed;
}

/** The charge when its subscription's end moves: extended, or cut short. What was removed or ends by itself is only cut short. */
export function movedEnd(
  timeline: Timeline,
  from: CalendarDate | null,
  to: CalendarDate | null,
  revise: Revise,
): Timeline {
  const last = lastOf(timeline);
  const { effectiveStartDate: start, effectiveEndDate: end } = last;
  // The term in which a charge waits is what it gets when it has its date: in versions before it goes on waiting in theirs.
  if (start === null)
    return from === to || last.isRemoved ? timeline : [...timeline.slice(0, -1), revise(last, {}, 'beside')];
  const runsOn = !last.isRemoved && last.chargeType !== 'OneTime' && end === naturalEnd(last, from);
  const cutShort = to !== null && (end === null || to < end) ? to : end;
  const newEnd = runsOn ? naturalEnd(last, to) : cutShort;
  if (newEnd === end) return timeline;
  if (newEnd !== null && newEnd <= start) return cutAt(timeline, newEnd, revise);
  return [...timeline.slice(0, -1), spanning(last, start, newEnd, revise)];
}

/** What an update can change of a charge from a date on; each holds until the next booked change of its own kind. */
export interface SegmentChange {
  /** New quantity, under the segment's other terms. Null: stays. */
  readonly quantity: ((segment: Charge) => Partial<Charge> | Refusal) | null;
  /** New price, tiers, discount … Null: stays. */
  readonly price: ((segment: Charge) => Partial<Charge> | Refusal) | null;
  /** What goes with every segment from the date on. */
  readonly fields: (segment: Charge) => Partial<Charge>;
}

/**
 * The charge with a change from a date on. A change that was booked for a later date keeps what it changed: the new quantity holds until
 * the next booked quantity, the new price until the next booked price. On the same date the later booking counts.
 */
export function changedFrom(
  timeline: Timeline,
  date: CalendarDate,
  change: SegmentChange,
  revise: Revise,
): Timeline | Refusal {
  const parts = splitAt(timeline, date, revise);
  const result: Charge[] = [];
  let { quantity, price } = change;
  let previous: Charge | null = null;
  for (const segment of parts) {
    const { effectiveStartDate: start, effectiveEndDate: end } = segment;
    if (start === null || start < date || start === end) {
      result.push(segment);
      continue;
    }
    if (previous !== null) {
      if (segment.quantity !== previous.quantity) quantity = null;
      if (!samePrice(segment, previous)) price = null;
    }
    previous = segment;
    let changed = revise(segment, change.fields(segment));
    for (const step of [price, quantity]) {
      if (step === null) continue;
      const fields = step(changed);
      if (isRefusal(fields)) return fields;
      changed = revise(changed, fields);
    }
    result.push(revise(changed, { totalContractedValue: valueOver(changed, start, end) }));
  }
  return numbered(result, timeline[0]!.segment, revise);
}

/** A charge that ends on a date by an order, and no longer waits for a start. */
export function endedOn(
  timeline: Timeline,
  date: CalendarDate,
  fields: Partial<Pick<Charge, 'isRemoved'>>,
  revise: Revise,
): Timeline {
  const cut = cutAt(withoutSuspended(timeline, revise), date, revise);
  const { effectiveEndDate: end } = lastOf(timeline);
  // What ended by itself before is left alone, whether or not it was read.
  if (end !== null && end < date) return cut;
  return cut.map((segment) => {
    if (segment.effectiveStartDate === null) return revise(segment, { ...fields, totalContractedValue: '0' });
    return segment.isLastSegment ? revise(segment, fields) : segment;
  });
}
