import type { Rounding } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';

/** How amounts of a currency are rounded (semantics E.5). */
export interface CurrencyRounding {
  readonly mode: Rounding;
  /** Amounts are multiples of so many minor units. */
  readonly incrementMinor: number;
  /** The same for the total of an invoice: the difference becomes a line of its own. Null: totals are not rounded. */
  readonly invoiceIncrementMinor: number | null;
}

/** The tenant's billing rules (semantics E.3, E.4). */
export interface BillingRules {
  /** Bill a part of a month at all; prorate it. Yes and no together is not valid. */
  readonly billPartialMonth: boolean;
  readonly proratePartialMonth: boolean;
  readonly billPartialWeek: boolean;
  readonly proratePartialWeek: boolean;
  /** How many days a month has for a part of it. */
  readonly monthBasis: 'actual' | '30' | '30strict';
  /** Periods of more than a month: whole months first, or days alone. */
  readonly longPeriods: 'monthFirst' | 'day';
  /** Of a leading part of a month: the month between bill days that it lies in, or the calendar month. */
  readonly stubMonth: 'anchor' | 'calendar';
  /** What is rounded when service is given back: what is kept, or what is credited. */
  readonly creditMethod: 'kept' | 'credited';
  readonly creditOneTime: boolean;
  readonly prorateFixedDiscountCredit: boolean;
  /** By currency; others are rounded half up to their minor unit. */
  readonly rounding: { readonly [currency: string]: CurrencyRounding };
}

export const billingRuleDefaults: BillingRules = {
  billPartialMonth: true,
  proratePartialMonth: true,
  billPartialWeek: true,
  proratePartialWeek: true,
  monthBasis: 'actual',
  longPeriods: 'monthFirst',
  stubMonth: 'anchor',
  creditMethod: 'kept',
  creditOneTime: false,
  prorateFixedDiscountCredit: false,
  rounding: {},
};

/** Rules that contradict each other (semantics E.3); null when they don't. */
export function billingRulesProblem({ billPartialMonth, proratePartialMonth }: BillingRules): Refusal | null {
  if (!billPartialMonth || proratePartialMonth) return null;
  const message = 'must be true while billPartialMonth is: a part of a month can be billed only prorated';
  return refuse('invalid', message, 'billing.proratePartialMonth');
}

const HALF_UP_TO_THE_MINOR_UNIT: CurrencyRounding = {
  mode: 'HALF_UP',
  incrementMinor: 1,
  invoiceIncrementMinor: null,
};

export function roundingOf(rules: BillingRules, currency: string): CurrencyRounding {
  return rules.rounding[currency] ?? HALF_UP_TO_THE_MINOR_UNIT;
}
