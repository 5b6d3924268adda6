import { type CalendarDate, monthsAndDays } from '../calendar.ts';
import { type Decimal, divide, MRR_DECIMALS, multiply } from '../money.ts';
import { listPriceBaseLength, type Recurrence } from './billing-period.ts';
import type { ChargeTerms, PriceTier } from './charge-model.ts';
import { chargeModels, type PricedModel } from './registry.ts';
import type { ChargeType } from './vocabulary.ts';

const DAYS_PER_WEEK = 7;
/** A month of weeks or days has 30 days (semantics C.1). */
const DAYS_PER_MONTH = 30;

/** Time from a first day to the day after the last. */
export interface Span {
  readonly start: CalendarDate;
  readonly endExclusive: CalendarDate;
}

/** A segment of a charge as far as its MRR goes. Terms and recurrence have been validated. */
export interface RecurringTerms extends Omit<ChargeTerms, 'tiers'>, Recurrence {
  readonly chargeType: ChargeType;
  readonly model: PricedModel;
  readonly tiers?: readonly PriceTier[];
  /** The subscription's term; needed only by a price for the whole term, over which it is averaged. */
  readonly term?: Span | null;
}

/**
 * Gross monthly recurring revenue of a charge segment (semantics C.1): the rated amount of one list price base,
 * spread over the base's months. Half up to MRR_DECIMALS places, rounded once; '0' unless recurring.
 *
 * @throws RangeError for a price for the whole term without a term, and for what `recurrenceProblems` names
 */
export function monthlyRecurringRevenue(charge: RecurringTerms): Decimal {
  if (charge.chargeType !== 'Recurring') return '0';
  const rated = chargeModels[charge.model].ratedPerPeriod({ ...charge, tiers: charge.tiers ?? [] });
  return monthlyAmount(rated, charge, charge.term ?? null);
}

/**
 * What an amount for each list price base is a month, half up to MRR_DECIMALS places: 500 a quarter is 166.666666667.
 *
 * @param term needed only by an amount for the whole term, over which it is averaged
 * @throws RangeError for an amount for the whole term without a term, and for what `recurrenceProblems` names
 */
export function monthlyAmount(amount: Decimal, recurrence: Recurrence, term: Span | null): Decimal {
  const length = listPriceBaseLength(recurrence);
  if ('months' in length) return scaled(amount, 1, length.months);
  if ('weeks' in length) return scaled(amount, DAYS_PER_MONTH, DAYS_PER_WEEK * length.weeks);
  if ('days' in length) return scaled(amount, DAYS_PER_MONTH, length.days);
  if (term === null) throw new RangeError('a price for the whole term needs a term');
  const months = monthsOf(term);
  return scaled(amount, months.denominator, months.numerator);
}

/**
 * Total contracted value of a segment with this MRR (semantics C.3), half up to MRR_DECIMALS places.
 *
 * @param endExclusive null for an evergreen segment, whose value has no end: the result is null
 * @throws RangeError when the segment ends before it starts
 */
export function totalContractedValue(
  mrr: Decimal,
  start: CalendarDate,
  endExclusive: CalendarDate | null,
): Decimal | null {
  if (endExclusive === null) return null;
  const months = monthsOf({ start, endExclusive });
  return scaled(mrr, months.numerator, months.denominator);
}

function scaled(amount: Decimal, numerator: number, denominator: number): Decimal {
  return divide(multiply(amount, String(numerator)), String(denominator), {
    decimals: MRR_DECIMALS,
    rounding: 'HALF_UP',
  });
}

/** The span's months as an exact fraction. */
function monthsOf({ start, endExclusive }: Span): { numerator: number; denominator: number } {
  const { months, days, daysInLeftoverMonth } = monthsAndDays(start, endExclusive);
  return { numerator: months * daysInLeftoverMonth + days, denominator: daysInLeftoverMonth };
}
