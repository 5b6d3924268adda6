import {
  addDays,
  addPeriod,
  type CalendarDate,
  DATE_MAX,
  DATE_MIN,
  type PeriodUnit,
  periodFits,
} from '../calendar.ts';
import { billingPeriodLength } from '../charge-models/billing-period.ts';
import type { BillingPeriod } from '../charge-models/vocabulary.ts';
import type { Charge, Subscription } from '../subscriptions/subscription.ts';

/** How far a preview of a subscription's bill goes. */
export type PreviewThrough =
  | { readonly kind: 'date'; readonly date: CalendarDate }
  /** To the end of the term; an evergreen subscription's ends with the first year. */
  | { readonly kind: 'termEnd' }
  /** So many of the shortest billing period among its recurring charges. */
  | { readonly kind: 'periods'; readonly count: number };

/** Months that a preview of a subscription without an end or a period shows. */
const MONTHS_OF_EVERGREEN = 12;

/**
 * The target date of a preview: at most the calendar's last day.
 *
 * @param from first day that is previewed
 */
export function previewTarget(
  through: PreviewThrough,
  subscription: Subscription,
  charges: readonly Charge[],
  from: CalendarDate,
): CalendarDate {
  switch (through.kind) {
    case 'date':
      return through.date;
    case 'termEnd':
      return subscription.termEndDate ?? endOf(from, MONTHS_OF_EVERGREEN, 'Month');
    case 'periods': {
      const ends = charges.flatMap((charge) => endOfPeriods(charge, through.count, from, subscription));
      const end = ends.sort()[0] ?? endOf(from, through.count, 'Month');
      return end === DATE_MIN ? end : addDays(end, -1);
    }
  }
}

/** First day after so many billing periods of a recurring charge. */
function endOfPeriods(
  charge: Charge,
  count: number,
  from: CalendarDate,
  { termEndDate }: Subscription,
): CalendarDate[] {
  if (charge.chargeType !== 'Recurring' || charge.billingPeriod === null) return [];
  const length = billingPeriodLength(charge.billingPeriod as BillingPeriod, charge.specificBillingPeriod);
  if ('months' in length) return [endOf(from, count * length.months, 'Month')];
  if ('weeks' in length) return [endOf(from, count * length.weeks, 'Week')];
  if ('days' in length) return [endOf(from, count * length.days, 'Day')];
  return termEndDate === null ? [] : [termEndDate];
}

/** First day after a period; the calendar's last day for one that goes beyond it. */
function endOf(from: CalendarDate, count: number, unit: PeriodUnit): CalendarDate {
  return periodFits(from, count, unit) ? addPeriod(from, count, unit) : DATE_MAX;
}
