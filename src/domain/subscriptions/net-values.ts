import { monthlyAmount, totalContractedValue } from '../charge-models/mrr.ts';
import {
  contractedNetMrr,
  type Discount,
  type GrossSegment,
  netMrrOn,
  netValues,
} from '../charge-models/net-mrr.ts';
import { isDiscount } from '../charge-models/registry.ts';
import {
  type BillingPeriod,
  CHARGE_TYPES_OF_TARGET,
  type DiscountLevel,
  type DiscountTarget,
  type ListPriceBase,
} from '../charge-models/vocabulary.ts';
import { add, type Decimal, isZero } from '../money.ts';
import type { Charge } from './subscription.ts';
import { isInEffect, lastSegments } from './subscription-record.ts';

/** Monthly and contracted values of charges before and after discounts (semantics B.3, C.2, C.3). */
export interface NetValues {
  readonly contractedMrr: Decimal;
  readonly contractedNetMrr: Decimal;
  /** On the day. */
  readonly grossMrr: Decimal;
  readonly netMrr: Decimal;
  /** Null when a segment has no end, or no start yet. */
  readonly netTotalContractedValue: Decimal | null;
}

/**
 * Values of some of a subscription's charge segments, with what all discounts of the subscription take off them. A discount is shared
 * with the charges that are not asked for, so all have to be given.
 *
 * @param asked the segments of the subscription, or of one of its rate plans
 * @param all every segment of the version
 */
export function netValuesOf(
  asked: readonly Charge[],
  all: readonly Charge[],
  subscriptionId: string,
  day: string,
): NetValues {
  const numbers = new Set(asked.map((charge) => charge.chargeNumber));
  const isAsked = (segment: GrossSegment) => numbers.has(segment.chargeNumber);
  const served = all.filter(({ isSuspended }) => !isSuspended);
  const segments = served.flatMap((charge) => grossSegment(charge, subscriptionId) ?? []);
  const discounts = served.flatMap((charge) => discountOf(charge, subscriptionId) ?? []);
  const contracted = lastSegments(all)
    .filter(
      (charge) =>
        charge.endDateCondition === 'SubscriptionEnd' &&
        charge.chargeType === 'Recurring' &&
        !charge.isRemoved,
    )
    .flatMap((charge) => grossSegment(charge, subscriptionId) ?? []);
  const sumOf = (net: ReadonlyMap<GrossSegment, Decimal>) =>
    sum([...net].filter(([segment]) => isAsked(segment)).map(([, value]) => value));
  const inEffect = asked.filter((charge) => isInEffect(charge, day));
  return {
    contractedMrr: sum(contracted.filter(isAsked).map(({ gross }) => gross)),
    contractedNetMrr: sumOf(contractedNetMrr(contracted, discounts)),
    grossMrr: sum(inEffect.map((charge) => charge.monthlyRecurringRevenue)),
    netMrr: sumOf(netMrrOn(segments, discounts, day)),
    netTotalContractedValue: asked.some((charge) => charge.totalContractedValue === null)
      ? null
      : netContractedValue(segments, discounts, isAsked),
  };
}

function netContractedValue(
  segments: readonly GrossSegment[],
  discounts: readonly Discount[],
  isAsked: (segment: GrossSegment) => boolean,
): Decimal {
  const { pieces, oneTime } = netValues(segments, discounts);
  const recurring = pieces
    .filter(({ segment }) => isAsked(segment))
    .map(({ net, start, endExclusive }) => totalContractedValue(net, start, endExclusive) ?? '0');
  return sum([...recurring, ...oneTime.filter(({ segment }) => isAsked(segment)).map(({ net }) => net)]);
}

/** A segment as discounts see it; null for usage, whose amounts come with billing, and for discounts. */
export function grossSegment(charge: Charge, subscriptionId: string): GrossSegment | null {
  const { chargeType, ratePlanId, productRatePlanChargeId, chargeNumber } = charge;
  if (isDiscount(charge.chargeModel) || (chargeType !== 'Recurring' && chargeType !== 'OneTime')) return null;
  const gross =
    chargeType === 'Recurring' ? charge.monthlyRecurringRevenue : (charge.totalContractedValue ?? '0');
  return {
    subscriptionId,
    ratePlanId,
    productRatePlanChargeId,
    chargeNumber,
    chargeType,
    gross,
    ...timeOf(charge),
  };
}

/** What a discount charge takes off; null for other charges, and for an amount for the whole term without an end. */
export function discountOf(charge: Charge, subscriptionId: string): Discount | null {
  const { ratePlanId, chargeNumber, chargeType, discountClass } = charge;
  if (!isDiscount(charge.chargeModel) || (chargeType !== 'Recurring' && chargeType !== 'OneTime'))
    return null;
  const off = offOf(charge);
  if (off === null) return null;
  return {
    subscriptionId,
    ratePlanId,
    chargeNumber,
    chargeType,
    level: (charge.discountLevel ?? 'subscription') as DiscountLevel,
    appliesTo: CHARGE_TYPES_OF_TARGET[(charge.applyDiscountTo ?? 'ONETIMERECURRINGUSAGE') as DiscountTarget],
    discountClass,
    onlyChargeIds: onlyChargeIdsOf(charge),
    off,
    ...timeOf(charge),
  };
}

function offOf(charge: Charge): Discount['off'] | null {
  if (charge.discountPercentage !== null) return { percentage: charge.discountPercentage };
  const amount = charge.discountAmount ?? '0';
  if (charge.chargeType === 'OneTime' || isZero(amount)) return { amount };
  const months = charge.details.specificListPriceBase;
  const recurrence = {
    billingPeriod: charge.billingPeriod as BillingPeriod | null,
    specificBillingPeriod: charge.specificBillingPeriod,
    listPriceBase: charge.listPriceBase as ListPriceBase | null,
    specificListPriceBase: typeof months === 'number' ? months : null,
  };
  const { start, endExclusive } = timeOf(charge);
  const isForTerm =
    charge.billingPeriod === 'Subscription Term' && charge.listPriceBase === 'Per Billing Period';
  if (start !== null && endExclusive !== null) {
    return { amount: monthlyAmount(amount, recurrence, { start, endExclusive }) };
  }
  return isForTerm ? null : { amount: monthlyAmount(amount, recurrence, null) };
}

/** Charges that the order restricted the discount to. */
function onlyChargeIdsOf(charge: Charge): readonly string[] | null {
  const given = charge.details.discountApplyDetails;
  if (!Array.isArray(given) || given.length === 0) return null;
  return given.flatMap((detail) => {
    const id = (detail as { readonly productRatePlanChargeId?: string | null }).productRatePlanChargeId;
    return id == null ? [] : [id];
  });
}

function timeOf({ effectiveStartDate: start, effectiveEndDate: endExclusive }: Charge) {
  return { start, endExclusive };
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce<Decimal>((total, value) => add(total, value), '0');
}
