import { addPeriod, type CalendarDate, earlier, type PeriodUnit, periodFits } from '../calendar.ts';
import {
  billingPeriodLength,
  listPriceBaseLength,
  type Recurrence,
} from '../charge-models/billing-period.ts';
import {
  type BillingPeriod,
  type ListPriceBase,
  WEEKLY_BILL_CYCLE_DAYS,
} from '../charge-models/vocabulary.ts';
import type { Charge, Subscription } from '../subscriptions/subscription.ts';
import type { Days } from './day-spans.ts';
import { monthSteps, type Steps, stepOn, weekdayOf, weekSteps } from './steps.ts';

/** The billing periods of a charge, in both directions of time. */
export interface PeriodGrid {
  /** Periods of equal length; of periods that are the subscription's terms the months from the term's start on. */
  readonly steps: Steps;
  /** Null unless the periods are the terms. */
  readonly terms: readonly Days[] | null;
}

/** What periods are aligned to. */
export interface GridSource {
  readonly charge: Charge;
  /** Start of the charge's first segment. */
  readonly firstStartDate: CalendarDate;
  readonly subscription: Subscription;
  /** The invoice owner's, 1 to 31; 0: the charge's own start day. */
  readonly billCycleDay: number;
}

/** When a charge recurs, and what its list price is the price of. */
export function recurrenceOf(charge: Charge): Recurrence {
  const months = charge.details.specificListPriceBase;
  return {
    billingPeriod: charge.billingPeriod as BillingPeriod | null,
    specificBillingPeriod: charge.specificBillingPeriod,
    listPriceBase: charge.listPriceBase as ListPriceBase | null,
    specificListPriceBase: typeof months === 'number' ? months : null,
  };
}

/**
 * The periods of a charge (semantics E.2): from the first bill day on or after the date that they are aligned to, in steps both ways. Usage
 * without a billing period is counted by the month. A term without an end has periods of its list price base, or months.
 */
export function gridOf(source: GridSource): PeriodGrid {
  const { charge, subscription } = source;
  const period = (charge.billingPeriod ?? 'Month') as BillingPeriod;
  const length = billingPeriodLength(period, charge.specificBillingPeriod);
  const aligned = alignedTo(source);
  if ('days' in length) {
    return { steps: { unit: 'day', size: length.days, anchor: aligned, dayOfMonth: 0 }, terms: null };
  }
  if ('weeks' in length) {
    return { steps: weekSteps(length.weeks, billWeekday(source, aligned), aligned), terms: null };
  }
  if ('months' in length) {
    return { steps: monthSteps(length.months, billDay(source), aligned), terms: null };
  }
  const terms = termsOf(subscription);
  const start = subscription.termStartDate;
  if (terms !== null) return { steps: monthSteps(1, dayOfMonth(start), start), terms };
  return { steps: monthSteps(monthsOfBase(charge), billDay(source), aligned), terms: null };
}

/** The period that a day lies in. */
export function periodOn({ steps, terms }: PeriodGrid, day: CalendarDate): Days {
  const term = terms?.find(({ start, end }) => start <= day && day < end);
  return term ?? stepOn(steps, day);
}

function alignedTo({ charge, firstStartDate, subscription }: GridSource): CalendarDate {
  switch (charge.billingPeriodAlignment) {
    case 'AlignToSubscriptionStart':
      return subscription.subscriptionStartDate;
    case 'AlignToTermStart':
      return subscription.termStartDate;
    case 'AlignToTermEnd':
      return subscription.termEndDate ?? subscription.termStartDate;
    default:
      return firstStartDate;
  }
}

/** Day of the month; a charge whose source has none starts its periods on its own start day. */
function billDay({ charge, firstStartDate, subscription, billCycleDay }: GridSource): number {
  switch (charge.billCycleType) {
    case 'DefaultFromCustomer':
      return billCycleDay || dayOfMonth(firstStartDate);
    case 'SpecificDayofMonth':
      return charge.billCycleDay || dayOfMonth(firstStartDate);
    case 'SubscriptionStartDay':
      return dayOfMonth(subscription.subscriptionStartDate);
    case 'TermStartDay':
      return dayOfMonth(subscription.termStartDate);
    case 'TermEndDay':
      return dayOfMonth(subscription.termEndDate ?? subscription.termStartDate);
    default:
      return dayOfMonth(firstStartDate);
  }
}

/** Of weeks: the weekday that is named, or that of the day which is; days of the month say nothing about weeks. */
function billWeekday({ charge, subscription }: GridSource, aligned: CalendarDate): number {
  switch (charge.billCycleType) {
    case 'SpecificDayofWeek': {
      const named = (WEEKLY_BILL_CYCLE_DAYS as readonly unknown[]).indexOf(charge.details.weeklyBillCycleDay);
      return named < 0 ? weekdayOf(aligned) : named;
    }
    case 'SubscriptionStartDay':
      return weekdayOf(subscription.subscriptionStartDate);
    case 'TermStartDay':
      return weekdayOf(subscription.termStartDate);
    case 'TermEndDay':
      return weekdayOf(subscription.termEndDate ?? subscription.termStartDate);
    default:
      return weekdayOf(aligned);
  }
}

function dayOfMonth(date: CalendarDate): number {
  return Number(date.slice(8, 10));
}

function monthsOfBase(charge: Charge): number {
  const base = listPriceBaseLength(recurrenceOf(charge));
  return 'months' in base ? base.months : 1;
}

/** Most earlier terms that are told apart; what lies before them counts as one. */
const EARLIER_TERMS_MAX = 120;

/**
 * The terms of a subscription up to the current one, null when that has no end. A version knows its current term only: the ones before it
 * are the initial term, then renewal terms, the last of which ends where the current one starts.
 */
function termsOf(subscription: Subscription): Days[] | null {
  const { termStartDate, termEndDate, subscriptionStartDate, initialTerm, initialTermPeriodType } =
    subscription;
  if (termEndDate === null) return null;
  const current = { start: termStartDate, end: termEndDate };
  if (subscriptionStartDate >= termStartDate) return [current];
  const { renewalTerm, renewalTermPeriodType } = subscription;
  const terms: Days[] = [];
  let start = subscriptionStartDate;
  while (start < termStartDate) {
    const isFirst = terms.length === 0;
    const count = isFirst ? initialTerm : renewalTerm;
    const unit = (isFirst ? initialTermPeriodType : renewalTermPeriodType) as PeriodUnit | null;
    const isKnown =
      count !== null &&
      count > 0 &&
      unit !== null &&
      periodFits(start, count, unit) &&
      terms.length < EARLIER_TERMS_MAX;
    const next: CalendarDate = isKnown ? addPeriod(start, count, unit) : termStartDate;
    const end = earlier(next, termStartDate);
    terms.push({ start, end });
    start = end;
  }
  return [...terms, current];
}
