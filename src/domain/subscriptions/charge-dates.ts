import { addPeriod, type PeriodUnit, periodFits } from '../calendar.ts';
import { billingPeriodLength } from '../charge-models/billing-period.ts';
import type {
  BillingPeriod,
  EndDateCondition,
  TriggerEvent,
  UpToPeriodsType,
} from '../charge-models/vocabulary.ts';
import { type Refusal, refuse } from '../result.ts';
import type { Term } from './term.ts';
import { dateOfEvent, type ResolvedTriggerDates } from './trigger-dates.ts';

/** When a charge starts and ends, as agreed; what its first segment's dates follow from. */
export interface ChargeSpan {
  readonly chargeType: string;
  readonly triggerEvent: TriggerEvent;
  readonly triggerDate: string | null;
  readonly endDateCondition: EndDateCondition;
  readonly specificEndDate: string | null;
  readonly upToPeriods: number | null;
  readonly upToPeriodsType: UpToPeriodsType | null;
  readonly billingPeriod: BillingPeriod | null;
  readonly specificBillingPeriod: number | null;
}

/** Segment of a charge: [start, end); start null while its trigger date is missing, end null for evergreen. */
export interface Segment {
  readonly start: string | null;
  readonly end: string | null;
}

/** The first segment, and the end that was agreed for the charge itself, however early the subscription ends. */
export interface FirstSegment extends Segment {
  readonly agreedEnd: string | null;
}

/**
 * First segment of a charge: from its trigger's date to its end condition's, never beyond the subscription's end (semantics D.2). A
 * one-time charge has one day.
 */
export function firstSegment(
  span: ChargeSpan,
  dates: ResolvedTriggerDates,
  term: Term,
  path: string,
): FirstSegment | Refusal {
  const { triggerEvent } = span;
  const start = triggerEvent === 'SpecificDate' ? span.triggerDate : dateOfEvent(triggerEvent, dates);
  if (start === null) return { start: null, end: null, agreedEnd: null };
  if (term.end !== null && start >= term.end) {
    return refuse('invalid', 'starts after the end of the subscription', `${path}.startDate`);
  }
  if (span.chargeType === 'OneTime') {
    const end = fitted(start, 1, 'Day', `${path}.startDate`);
    return typeof end === 'string' ? { start, end, agreedEnd: null } : end;
  }
  if (span.endDateCondition === 'SubscriptionEnd') return { start, end: term.end, agreedEnd: null };
  const end =
    span.endDateCondition === 'FixedPeriod' ? fixedEnd(span, start, term, path) : span.specificEndDate;
  if (end !== null && typeof end !== 'string') return end;
  if (end === null)
    return refuse('invalid', 'is required for Specific_End_Date', `${path}.endDate.specificEndDate`);
  if (end <= start)
    return refuse('invalid', 'must lie after the charge starts', `${path}.endDate.specificEndDate`);
  return { start, end: term.end !== null && term.end < end ? term.end : end, agreedEnd: end };
}

/** The first day on which one of these segments starts, where it lies before a day; else that day. */
export function earliestStart(
  segments: ReadonlyArray<{ readonly effectiveStartDate: string | null }>,
  day: string,
): string {
  return segments.reduce(
    (first, { effectiveStartDate: start }) => (start !== null && start < first ? start : first),
    day,
  );
}

const UNITS = { Days: 'Day', Weeks: 'Week', Months: 'Month', Years: 'Year' } as const satisfies Record<
  Exclude<UpToPeriodsType, 'Billing Periods'>,
  PeriodUnit
>;

function fixedEnd(span: ChargeSpan, start: string, term: Term, path: string): string | null | Refusal {
  const at = `${path}.endDate.upToPeriods`;
  const periods = span.upToPeriods;
  if (periods === null || periods < 1) return refuse('invalid', 'must be a whole number from 1', at);
  const type = span.upToPeriodsType ?? 'Billing Periods';
  if (type !== 'Billing Periods') return fitted(start, periods, UNITS[type], at);
  if (span.billingPeriod === null) return refuse('invalid', 'needs a billing period', at);
  const length = billingPeriodLength(span.billingPeriod, span.specificBillingPeriod);
  if ('months' in length) return fitted(start, periods * length.months, 'Month', at);
  if ('weeks' in length) return fitted(start, periods * length.weeks, 'Week', at);
  if ('days' in length) return fitted(start, periods * length.days, 'Day', at);
  return term.end ?? refuse('invalid', 'needs a subscription with a term', at);
}

function fitted(start: string, count: number, unit: PeriodUnit, field: string): string | Refusal {
  return periodFits(start, count, unit)
    ? addPeriod(start, count, unit)
    : refuse('invalid', 'ends beyond the calendar', field);
}
