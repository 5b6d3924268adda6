import { addDays, type CalendarDate } from '../calendar.ts';
import {
  decimalOf,
  type Fraction,
  fraction,
  fractionOf,
  fractionText,
  minus,
  negative,
  over,
  roundedMinor,
  smaller,
  times,
} from '../fraction.ts';
import { type Decimal, fromMinor, isZero } from '../money.ts';
import type { JsonObject, JsonValue } from '../result.ts';
import type { Charge, RatePlan, Subscription } from '../subscriptions/subscription.ts';
import { type LineDiscount, termsOf } from './billed-terms.ts';
import type { NewBillingLine } from './billing-line.ts';
import type { CurrencyRounding } from './billing-rules.ts';
import type { Days } from './day-spans.ts';
import type { Calculation, Proration } from './document-line.ts';
import { monthsIn } from './period-price.ts';
import type { Measure } from './proration.ts';

/** What lines of one bill have in common. */
export interface LineMaker {
  readonly subscription: Subscription;
  readonly chargeDate: CalendarDate;
  readonly rounding: CurrencyRounding;
  readonly newId: () => string;
  readonly ratePlanOf: (charge: Charge) => RatePlan;
}

/** Something of a charge that is to be billed. */
export interface Piece {
  readonly charge: Charge;
  /** The days that are served. */
  readonly days: Days;
  /** The period that they lie in. */
  readonly period: Days;
  readonly discounts: readonly LineDiscount[];
  readonly periodPrice: Fraction;
  readonly amount: Fraction;
  readonly proration: Proration;
  readonly measure: Measure | null;
  readonly quantity: Decimal;
  readonly usage?: Calculation['usage'];
  /** Of usage: what it costs less what earlier lines billed of it, which is not rounded once more. */
  readonly amountMinor?: number;
}

/** Of a whole period. */
export const WHOLE_PERIOD: Proration = {
  method: 'none',
  wholeUnits: 0,
  parts: [],
  numerator: '1',
  denominator: '1',
};

/** The line of a piece, then one for each discount on it: together never below zero, unless the piece itself is. */
export function linesOf(piece: Piece, maker: LineMaker): NewBillingLine[] {
  const { charge, amount } = piece;
  const { currency } = maker.subscription;
  const amountMinor = piece.amountMinor ?? roundedMinor(amount, currency, maker.rounding);
  const line: NewBillingLine = {
    ...lineOf(piece, charge, maker),
    amountMinor,
    quantity: piece.quantity,
    unitPrice: unitPriceOf(piece),
    processingType: 'Charge',
    appliedToItemId: null,
    calculation: { ...calculationOf(piece, amount, maker), ...(piece.usage && { usage: piece.usage }) },
  };
  return [line, ...discountLines(piece, line, maker)];
}

/**
 * What each discount takes of a line, in their order, each of what those before it left: a percentage its share, a fixed one its monthly amount
 * for the days (semantics E.3: always prorated), at most what is left.
 */
function discountLines(piece: Piece, line: NewBillingLine, maker: LineMaker): NewBillingLine[] {
  const { currency } = maker.subscription;
  const sign = line.amountMinor < 0 ? -1 : 1;
  let left = sign < 0 ? negative(piece.amount) : piece.amount;
  let leftMinor = Math.abs(line.amountMinor);
  const lines: NewBillingLine[] = [];
  for (const { charge, off } of piece.discounts) {
    const taken =
      'percentage' in off
        ? times(left, over(fractionOf(off.percentage), fraction(100)))
        : smaller(fixedFor(piece, off.amount), left);
    const takenMinor = Math.min(roundedMinor(taken, currency, maker.rounding), leftMinor);
    left = minus(left, taken);
    leftMinor -= takenMinor;
    if (takenMinor === 0) continue;
    const exact = sign < 0 ? taken : negative(taken);
    const discount =
      'percentage' in off
        ? { percentage: off.percentage, monthly: null }
        : { percentage: null, monthly: off.amount };
    lines.push({
      ...lineOf(piece, charge, maker),
      amountMinor: -sign * takenMinor,
      quantity: '1',
      unitPrice: fromMinor(-sign * takenMinor, currency),
      processingType: 'Discount',
      appliedToItemId: line.id,
      calculation: { ...calculationOf(piece, exact, maker), discount },
    });
  }
  return lines;
}

function fixedFor({ measure, days }: Piece, amount: Decimal): Fraction {
  return measure === null ? fractionOf(amount) : times(fractionOf(amount), monthsIn(measure, days));
}

function lineOf({ days }: Piece, charge: Charge, maker: LineMaker) {
  const { subscription } = maker;
  return {
    id: maker.newId(),
    chargeName: charge.name,
    chargeDate: `${maker.chargeDate} 00:00:00`,
    taxMinor: 0,
    serviceStartDate: days.start,
    serviceEndDate: addDays(days.end, -1),
    productRatePlanChargeId: charge.productRatePlanChargeId,
    subscriptionId: subscription.id,
    subscriptionNumber: subscription.subscriptionNumber,
    chargeNumber: charge.chargeNumber,
    chargeId: charge.id,
    details: detailsOf(charge, maker.ratePlanOf(charge)),
  };
}

function calculationOf(piece: Piece, amount: Fraction, { rounding }: LineMaker): Calculation {
  const { charge, period, periodPrice } = piece;
  return {
    segment: charge.segment,
    terms: termsOf(charge, piece.discounts),
    periodStart: period.start,
    periodEnd: period.end,
    periodPrice: decimalOf(periodPrice),
    proration: piece.proration,
    measure: piece.measure,
    exactAmount: decimalOf(amount),
    exact: { periodPrice: fractionText(periodPrice), amount: fractionText(amount) },
    rounding: { mode: rounding.mode, incrementMinor: rounding.incrementMinor },
  };
}

/** The price of a unit where the model has one, or what a unit of the period comes to. */
function unitPriceOf({ charge, quantity, periodPrice }: Piece): Decimal {
  if (charge.price !== null) return charge.price;
  return isZero(quantity) ? '0' : decimalOf(over(periodPrice, fractionOf(quantity)));
}

/** What items show of the charge, under wire names; what it has not is left out. */
function detailsOf(charge: Charge, ratePlan: RatePlan): JsonObject {
  const shown: ReadonlyArray<readonly [string, JsonValue | undefined]> = [
    ['chargeType', charge.chargeType],
    ['chargeDescription', charge.details.description],
    ['productName', ratePlan.productName],
    ['ratePlanName', ratePlan.name],
    ['sku', ratePlan.productSku],
    ['unitOfMeasure', charge.unitOfMeasure],
  ];
  return Object.fromEntries(shown.flatMap(([name, value]) => (value == null ? [] : [[name, value]])));
}
