import { addDays } from '../calendar.ts';
import {
  decimalOf,
  type Fraction,
  fractionFrom,
  fractionOf,
  fractionText,
  isNothing,
  NOTHING,
  negative,
  over,
  roundedMinor,
  times,
} from '../fraction.ts';
import { fromMinor } from '../money.ts';
import type { NewBillingLine } from './billing-line.ts';
import type { BillingRules } from './billing-rules.ts';
import type { LineMaker } from './charge-lines.ts';
import { type Days, without } from './day-spans.ts';
import { type Outstanding, type OutstandingCharge, serviceOf } from './outstanding.ts';
import { prorationOf, shareOf } from './proration.ts';

/** Why days are given back. */
export const CREDIT_REASONS = {
  notServed: 'not served',
  otherTerms: 'served on other terms',
  notBilled: 'what it applies to is no longer billed',
} as const;
export type CreditReason = (typeof CREDIT_REASONS)[keyof typeof CREDIT_REASONS];

export interface Returned {
  readonly days: Days;
  readonly reason: CreditReason;
}

/**
 * Gives days of a line back, and of its discounts (semantics E.4): what is kept is the price of the days that stay, rounded, and the rest of what is
 * billed is credited; by the old method what is rounded is the credit. One line for each span of days, so that what is still billed follows
 * from the lines alone.
 */
export function giveBack(
  charge: OutstandingCharge,
  returned: readonly Returned[],
  rules: BillingRules,
  maker: LineMaker,
): NewBillingLine[] {
  const lines: NewBillingLine[] = [];
  let now = charge;
  for (const { days, reason } of returned) {
    const left = without(now.days, [days]);
    const keptMinor = keptOf(now, days, left, rules, maker);
    let room = keptMinor;
    lines.push(creditLine(now, days, keptMinor, reason, maker));
    const discounts = now.discounts.map((discount) => {
      const isProrated = rules.prorateFixedDiscountCredit || reason !== CREDIT_REASONS.notServed;
      const kept = 0 - Math.min(keptDiscount(charge, discount, left, isProrated, maker), room);
      room += kept;
      if (kept !== discount.amountMinor) {
        lines.push(creditLine(discount, days, kept, reason, maker));
      }
      return { ...discount, amountMinor: kept };
    });
    now = { ...now, days: left, amountMinor: keptMinor, discounts };
  }
  return lines;
}

/** Takes back a line whose own line is no longer billed. */
export function takeBack(orphan: Outstanding, maker: LineMaker): NewBillingLine {
  return creditLine(orphan, serviceOf(orphan.line), 0, CREDIT_REASONS.notBilled, maker);
}

/** What stays billed of the line's charge when only `left` stays, at most what is billed. */
function keptOf(
  { line, amountMinor }: OutstandingCharge,
  days: Days,
  left: readonly Days[],
  rules: BillingRules,
  maker: LineMaker,
): number {
  if (left.length === 0) return 0;
  const price = fractionFrom(line.calculation.exact.periodPrice);
  const priceOf = (spans: readonly Days[]) =>
    roundedMinor(times(price, shareOfLine(line, spans)), maker.subscription.currency, roundingOf(line));
  const kept = rules.creditMethod === 'kept' ? priceOf(left) : amountMinor - priceOf([days]);
  return Math.max(0, Math.min(kept, amountMinor));
}

/** What stays of a discount, as a positive amount. */
function keptDiscount(
  charge: OutstandingCharge,
  { line, amountMinor }: Outstanding,
  left: readonly Days[],
  isProrated: boolean,
  maker: LineMaker,
): number {
  if (left.length === 0) return 0;
  const takenMinor = Math.abs(amountMinor);
  const isFixed = line.calculation.discount?.percentage == null;
  if (isFixed && !isProrated) return takenMinor;
  const whole = shareOfLine(charge.line, [serviceOf(charge.line)]);
  const share = isNothing(whole) ? NOTHING : over(shareOfLine(charge.line, left), whole);
  const exact = times(negative(fractionFrom(line.calculation.exact.amount)), share);
  return Math.min(roundedMinor(exact, maker.subscription.currency, roundingOf(line)), takenMinor);
}

/** The share of the period's price that days of a line cost, counted as they were when they were billed. */
function shareOfLine({ calculation }: Outstanding['line'], days: readonly Days[]): Fraction {
  const { measure, periodStart, periodEnd } = calculation;
  if (measure === null) return NOTHING;
  return shareOf(measure, { start: periodStart, end: periodEnd }, days);
}

function roundingOf({ calculation }: Outstanding['line']) {
  const { mode, incrementMinor } = calculation.rounding;
  return { mode: mode as LineMaker['rounding']['mode'], incrementMinor };
}

/** The line that turns what is billed of a line into what is kept. */
function creditLine(
  { line, amountMinor }: Outstanding,
  days: Days,
  keptMinor: number,
  reason: CreditReason,
  maker: LineMaker,
): NewBillingLine {
  const { subscription } = maker;
  const { calculation } = line;
  const creditMinor = keptMinor - amountMinor;
  const price = fractionFrom(calculation.exact.periodPrice);
  const period = { start: calculation.periodStart, end: calculation.periodEnd };
  const isCharge = line.processingType === 'Charge' && calculation.measure !== null;
  const exact = isCharge
    ? negative(times(price, shareOfLine(line, [days])))
    : fractionOf(fromMinor(creditMinor, subscription.currency));
  return {
    id: maker.newId(),
    chargeName: line.chargeName,
    chargeDate: `${maker.chargeDate} 00:00:00`,
    amountMinor: creditMinor,
    taxMinor: 0,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    serviceStartDate: days.start,
    serviceEndDate: addDays(days.end, -1),
    productRatePlanChargeId: line.productRatePlanChargeId,
    subscriptionId: subscription.id,
    processingType: line.processingType,
    subscriptionNumber: subscription.subscriptionNumber,
    chargeNumber: line.chargeNumber,
    chargeId: line.chargeId,
    appliedToItemId: line.itemId,
    details: line.details,
    calculation: {
      ...withoutUsage(calculation),
      proration:
        calculation.measure === null ? calculation.proration : prorationOf(calculation.measure, period, days),
      exactAmount: decimalOf(exact),
      exact: { ...calculation.exact, amount: fractionText(exact) },
      credit: { billedMinor: amountMinor, keptMinor, reason },
    },
  };
}

function withoutUsage({ usage: _, ...calculation }: Outstanding['line']['calculation']) {
  return calculation;
}
