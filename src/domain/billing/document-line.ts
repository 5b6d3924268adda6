import type { CalendarDate } from '../calendar.ts';
import type { PriceTier } from '../charge-models/charge-model.ts';
import type { FractionText } from '../fraction.ts';
import type { Decimal } from '../money.ts';
import type { Measure } from './proration.ts';

/** What a line of an invoice, credit memo or debit memo says. `amountMinor` excludes tax; service dates are calendar dates. */
export interface DocumentLine {
  readonly line: number;
  readonly chargeName: string;
  readonly chargeDate: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly serviceStartDate: CalendarDate;
  /** Inclusive; null when the line has no period. */
  readonly serviceEndDate: CalendarDate | null;
  readonly productRatePlanChargeId: string | null;
  /** Id of the subscription's version that was billed. */
  readonly subscriptionId: string | null;
  readonly processingType: 'Charge' | 'Discount' | 'Tax' | 'Rounding';
}

/**
 * What a line has that was billed from a subscription's charge. All null for other lines: a line with a charge number is part of what is
 * billed of that charge while its document is live (decision 008).
 */
export interface LineSource {
  readonly subscriptionNumber: string | null;
  readonly chargeNumber: string | null;
  /** The charge segment. */
  readonly chargeId: string | null;
  /** The line that this one discounts, or whose service it gives back. */
  readonly appliedToItemId: string | null;
  /** How the amount was computed; null for lines that were given. */
  readonly calculation: Calculation | null;
}

/** The source of a line that was given and not billed. */
export const NOT_BILLED: LineSource = {
  subscriptionNumber: null,
  chargeNumber: null,
  chargeId: null,
  appliedToItemId: null,
  calculation: null,
};

/** Share of a period's price that a line bills. */
export interface Proration {
  /** 'none': a whole period. 'monthFirst': whole months and the days of a part of one; 'day': days of the period; 'week': weeks and days. */
  readonly method: 'none' | 'monthFirst' | 'day' | 'week';
  readonly wholeUnits: number;
  /** Of the months, weeks or period that are not served whole: days, and of how many. */
  readonly parts: ReadonlyArray<{ readonly days: number; readonly daysOf: number }>;
  /** The share of the period's price, as a fraction of integers. */
  readonly numerator: Decimal;
  readonly denominator: Decimal;
}

/** What a charge costs and what is taken off it; equal texts mean equal prices: what was billed under other terms is billed again. */
export interface BilledTerms {
  readonly chargeModel: string;
  readonly price: Decimal | null;
  readonly quantity: Decimal | null;
  readonly tiers: readonly PriceTier[];
  readonly includedUnits: Decimal | null;
  readonly overagePrice: Decimal | null;
  readonly billingPeriod: string | null;
  readonly specificBillingPeriod: number | null;
  readonly listPriceBase: string | null;
  readonly specificListPriceBase: number | null;
  /** Discount charge number → per cent, or the amount a month. */
  readonly discounts: ReadonlyArray<readonly [string, Decimal]>;
}

/** How the amount of a line was computed: kept with the line, so that it can be explained and, when service is given back, computed again. */
export interface Calculation {
  readonly segment: number;
  readonly terms: BilledTerms;
  /** The whole period that the line lies in, end exclusive. */
  readonly periodStart: CalendarDate;
  readonly periodEnd: CalendarDate;
  /** Price of the whole period before rounding, to be shown: at most 12 places. */
  readonly periodPrice: Decimal;
  readonly proration: Proration;
  /** How days of the period are counted; null for what has no period: one-time charges and usage. */
  readonly measure: Measure | null;
  /** Before rounding, to be shown: at most 12 places. */
  readonly exactAmount: Decimal;
  /** The same two exactly. */
  readonly exact: { readonly periodPrice: FractionText; readonly amount: FractionText };
  readonly rounding: { readonly mode: string; readonly incrementMinor: number };
  /** Of usage: what was counted in the period, what of it earlier lines billed, and up to which record. */
  readonly usage?: {
    readonly quantity: Decimal;
    readonly billedBefore: Decimal;
    readonly throughSequence: number;
    readonly records: number;
  };
  /** Of a line that gives service back: of the amount that was billed so much is kept. */
  readonly credit?: { readonly billedMinor: number; readonly keptMinor: number; readonly reason: string };
  /** Of a discount: the discount's class and what it took off. */
  readonly discount?: { readonly percentage: Decimal | null; readonly monthly: Decimal | null };
}
