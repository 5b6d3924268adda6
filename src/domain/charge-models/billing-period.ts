import type { Problem } from './charge-model.ts';
import type { BillingPeriod, ListPriceBase } from './vocabulary.ts';

/** Length of a billing period or list price base; `term` is as long as the subscription's term. */
export type PeriodLength =
  | { readonly months: number }
  | { readonly weeks: number }
  | { readonly days: number }
  | { readonly term: true };

/** Most months, weeks or days that a specific period may count. */
export const SPECIFIC_PERIOD_MAX = 10_000;
/** Most months that a specific list price base may count (the contract's maximum). */
export const SPECIFIC_LIST_PRICE_BASE_MAX = 200;

/** When a charge recurs and what its list price is the price of. */
export interface Recurrence {
  readonly billingPeriod: BillingPeriod | null;
  /** Number of months, weeks or days of a specific billing period. */
  readonly specificBillingPeriod?: number | null;
  /** Per billing period when absent. */
  readonly listPriceBase?: ListPriceBase | null;
  /** Number of months of the base 'Per Specific Months'. */
  readonly specificListPriceBase?: number | null;
}

const FIXED_MONTHS = {
  Month: 1,
  Quarter: 3,
  'Semi-Annual': 6,
  Annual: 12,
  'Eighteen Months': 18,
  'Two Years': 24,
  'Three Years': 36,
  'Five Years': 60,
} as const satisfies Partial<Record<BillingPeriod, number>>;

/**
 * Length of a billing period.
 *
 * @param specific the count of 'Specific Months', 'Specific Weeks' and 'Specific Days', ignored for the others
 * @throws RangeError when a specific period has no usable count; `recurrenceProblems` tells beforehand
 */
export function billingPeriodLength(period: BillingPeriod, specific?: number | null): PeriodLength {
  switch (period) {
    case 'Week':
      return { weeks: 1 };
    case 'Subscription Term':
      return { term: true };
    case 'Specific Months':
      return { months: count(specific, SPECIFIC_PERIOD_MAX) };
    case 'Specific Weeks':
      return { weeks: count(specific, SPECIFIC_PERIOD_MAX) };
    case 'Specific Days':
      return { days: count(specific, SPECIFIC_PERIOD_MAX) };
    default:
      return { months: FIXED_MONTHS[period] };
  }
}

/**
 * Length of the time that the list price pays for (semantics C.1): the base's own length, or the billing
 * period's where the price is per billing period.
 *
 * @throws RangeError when a count or the billing period is missing
 */
export function listPriceBaseLength(recurrence: Recurrence): PeriodLength {
  switch (recurrence.listPriceBase ?? 'Per Billing Period') {
    case 'Per Month':
      return { months: 1 };
    case 'Per Week':
      return { weeks: 1 };
    case 'Per Year':
      return { months: 12 };
    case 'Per Specific Months':
      return { months: count(recurrence.specificListPriceBase, SPECIFIC_LIST_PRICE_BASE_MAX) };
    case 'Per Billing Period':
      if (recurrence.billingPeriod === null) throw new RangeError('recurring without a billing period');
      return billingPeriodLength(recurrence.billingPeriod, recurrence.specificBillingPeriod);
  }
}

/** Everything that is wrong with when a recurring charge recurs, empty when its lengths can be computed. */
export function recurrenceProblems(recurrence: Recurrence): Problem[] {
  const problems: Problem[] = [];
  if (recurrence.billingPeriod === null) problems.push({ field: 'billingPeriod', message: 'is required' });
  if (
    recurrence.billingPeriod?.startsWith('Specific') &&
    !isCount(recurrence.specificBillingPeriod, SPECIFIC_PERIOD_MAX)
  ) {
    problems.push({
      field: 'specificBillingPeriod',
      message: `must be an integer from 1 to ${SPECIFIC_PERIOD_MAX} for ${recurrence.billingPeriod}`,
    });
  }
  if (
    recurrence.listPriceBase === 'Per Specific Months' &&
    !isCount(recurrence.specificListPriceBase, SPECIFIC_LIST_PRICE_BASE_MAX)
  ) {
    problems.push({
      field: 'specificListPriceBase',
      message: `must be an integer from 1 to ${SPECIFIC_LIST_PRICE_BASE_MAX} for Per Specific Months`,
    });
  }
  return problems;
}

function isCount(value: number | null | undefined, max: number): value is number {
  return Number.isInteger(value) && value! >= 1 && value! <= max;
}

function count(value: number | null | undefined, max: number): number {
  if (!isCount(value, max)) throw new RangeError(`not a period count: ${value}`);
  return value;
}
