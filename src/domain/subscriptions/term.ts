import { addPeriod, type PeriodUnit, periodFits } from '../calendar.ts';
import { orderLimits } from '../orders/limits.ts';
import { type Refusal, refuse } from '../result.ts';
import type { Subscription } from './subscription.ts';
import type { TermSpec } from './subscription-spec.ts';

/** A subscription's first term; ends are exclusive and null for evergreen. */
export interface Term {
  readonly termType: 'TERMED' | 'EVERGREEN';
  readonly start: string;
  readonly end: string | null;
  readonly period: number | null;
  readonly periodType: PeriodUnit | null;
  readonly renewalPeriod: number | null;
  readonly renewalPeriodType: PeriodUnit | null;
}

/** The first term of a new subscription, which starts on its contract effective date unless a start is given. */
export function firstTerm(spec: TermSpec, contractEffective: string, path: string): Term | Refusal {
  const start = spec.startDate ?? contractEffective;
  if (spec.termType === 'EVERGREEN') {
    return {
      termType: 'EVERGREEN',
      start,
      end: null,
      period: null,
      periodType: null,
      renewalPeriod: null,
      renewalPeriodType: null,
    };
  }
  const { period, periodType } = spec;
  const end = termEnd(start, period, periodType, `${path}.initialTerm`);
  if (typeof end !== 'string') return end;
  return {
    termType: 'TERMED',
    start,
    end,
    period,
    periodType,
    renewalPeriod: spec.renewalPeriod ?? period,
    renewalPeriodType: spec.renewalPeriodType ?? periodType,
  };
}

/** A period that a term counts, checked: whole, bounded, with an end that is a date. */
export function termEnd(
  start: string,
  period: number | null,
  periodType: PeriodUnit | null,
  path: string,
): string | Refusal {
  if (period === null) return refuse('invalid', 'is required for a TERMED subscription', `${path}.period`);
  if (periodType === null) {
    return refuse('invalid', 'is required for a TERMED subscription', `${path}.periodType`);
  }
  if (period < 1 || period > orderLimits.termPeriodsMax || !periodFits(start, period, periodType)) {
    const message = `must be a whole number from 1 to ${orderLimits.termPeriodsMax} whose end is a date`;
    return refuse('invalid', message, `${path}.period`);
  }
  return addPeriod(start, period, periodType);
}

/** The last term of a subscription; its end is the subscription's. */
export function termOf(subscription: Subscription): Term {
  return {
    termType: subscription.termType,
    start: subscription.termStartDate,
    end: subscription.subscriptionEndDate,
    period: subscription.currentTerm,
    periodType: subscription.currentTermPeriodType as Term['periodType'],
    renewalPeriod: subscription.renewalTerm,
    renewalPeriodType: subscription.renewalTermPeriodType as Term['renewalPeriodType'],
  };
}
