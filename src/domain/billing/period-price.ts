import { listPriceBaseLength } from '../charge-models/billing-period.ts';
import { chargeModels, type PricedModel } from '../charge-models/registry.ts';
import { type Fraction, fraction, fractionOf, over, times } from '../fraction.ts';
import type { Decimal } from '../money.ts';
import type { Charge } from '../subscriptions/subscription.ts';
import type { Days } from './day-spans.ts';
import { type PeriodGrid, recurrenceOf } from './period-grid.ts';
import { countingDays, type Measure, unitsOf } from './proration.ts';

const DAYS_PER_WEEK = 7;
/** A month that is counted in weeks or days has 30 days, as for MRR (semantics C.1). */
const DAYS_PER_MONTH = 30;

/** What a charge costs for one list price base, exact. */
export function ratedPrice(charge: Charge): Decimal {
  return chargeModels[charge.chargeModel as PricedModel].ratedPerPeriod(charge);
}

/**
 * Price of a whole billing period, exact. A list price of another length than the period's is spread over its base first: 1,200 a year is 300
 * a quarter; between months and weeks a month has 30 days, as for MRR.
 */
export function periodPriceOf(charge: Charge, grid: PeriodGrid, measure: Measure, period: Days): Fraction {
  const rated = fractionOf(ratedPrice(charge));
  const recurrence = recurrenceOf(charge);
  if ((recurrence.listPriceBase ?? 'Per Billing Period') === 'Per Billing Period') return rated;
  const base = listPriceBaseLength(recurrence);
  if ('term' in base) return rated;
  const months = monthsOfPeriod(grid, measure, period);
  if ('months' in base) return times(rated, over(months, fraction(base.months)));
  const days = 'weeks' in base ? base.weeks * DAYS_PER_WEEK : base.days;
  return times(rated, over(times(months, fraction(DAYS_PER_MONTH)), fraction(days)));
}

function monthsOfPeriod({ steps, terms }: PeriodGrid, measure: Measure, period: Days): Fraction {
  if (terms !== null) return monthsIn({ ...measure, servedFrom: period.start }, period);
  if (steps.unit === 'month') return fraction(steps.size);
  return fraction(steps.unit === 'week' ? steps.size * DAYS_PER_WEEK : steps.size, DAYS_PER_MONTH);
}

/** Months of some days of a period: those that a monthly amount is paid for; weeks and days count as parts of 30 days. */
export function monthsIn(measure: Measure, days: Days): Fraction {
  const { units } = measure;
  const count = unitsOf(countingDays(measure), days);
  const size = fraction(units.size);
  if (units.unit === 'month') return times(count, size);
  return over(
    times(times(count, size), fraction(units.unit === 'week' ? DAYS_PER_WEEK : 1)),
    fraction(DAYS_PER_MONTH),
  );
}
