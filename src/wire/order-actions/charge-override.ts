import { z } from 'zod';
import {
  BILL_CYCLE_TYPES,
  BILLING_PERIOD_ALIGNMENTS,
  TRIGGER_EVENTS,
  WEEKLY_BILL_CYCLE_DAYS,
} from '../../domain/charge-models/vocabulary.ts';
import { orderLimits } from '../../domain/orders/limits.ts';
import { isRefusal, type JsonObject, type Refusal } from '../../domain/result.ts';
import type {
  BillingOverride,
  ChargeEnd,
  ChargeSpec,
  ChargeStart,
} from '../../domain/subscriptions/subscription-spec.ts';
import { fromWirePricing, wirePricing } from '../charge-pricing.ts';
import {
  billingPeriodFromWire,
  billingTimingFromWire,
  endDateConditionFromWire,
  upToPeriodsTypeFromWire,
} from '../charge-vocabulary.ts';
import {
  pickGiven,
  wireBoolean,
  wireCustomFields,
  wireDate,
  wireKey,
  wireNotYet,
  wireText,
} from '../values.ts';
import { oneOf, wholeNumber, wordOf } from '../words.ts';

const billing = z.object({
  billCycleDay: wholeNumber(0, 31).nullish(),
  billCycleType: oneOf(BILL_CYCLE_TYPES).nullish(),
  billingPeriod: wordOf(billingPeriodFromWire).nullish(),
  billingPeriodAlignment: oneOf(BILLING_PERIOD_ALIGNMENTS).nullish(),
  billingTiming: wordOf(billingTimingFromWire).nullish(),
  specificBillingPeriod: wholeNumber(1, 10_000).nullish(),
  weeklyBillCycleDay: oneOf(WEEKLY_BILL_CYCLE_DAYS).nullish(),
});

/** When a charge starts to count, or an update of it takes effect. */
export const wireChargeStart = z.object({
  triggerEvent: oneOf(TRIGGER_EVENTS).nullish(),
  specificTriggerDate: wireDate.nullish(),
});

/** Attributes of a charge that nothing computes on here: kept and shown. */
const chargeAttributes = {
  description: wireText(500).nullish(),
  accountReceivableAccountingCode: wireText(255).nullish(),
  adjustmentLiabilityAccountingCode: wireText(255).nullish(),
  adjustmentRevenueAccountingCode: wireText(255).nullish(),
  contractAssetAccountingCode: wireText(255).nullish(),
  contractLiabilityAccountingCode: wireText(255).nullish(),
  contractRecognizedRevenueAccountingCode: wireText(255).nullish(),
  deferredRevenueAccountingCode: wireText(255).nullish(),
  recognizedRevenueAccountingCode: wireText(255).nullish(),
  unBilledReceivablesAccountingCode: wireText(255).nullish(),
  excludeItemBillingFromRevenueAccounting: wireBoolean.nullish(),
  excludeItemBookingFromRevenueAccounting: wireBoolean.nullish(),
  isAllocationEligible: wireBoolean.nullish(),
  isUnbilled: wireBoolean.nullish(),
  revRecCode: wireText(70).nullish(),
  revRecTriggerCondition: wireText(255).nullish(),
  revenueRecognitionRuleName: wireText(255).nullish(),
  pobPolicy: wireText(255).nullish(),
  productCategory: wireText(255).nullish(),
  productClass: wireText(255).nullish(),
  productFamily: wireText(255).nullish(),
  productLine: wireText(255).nullish(),
  taxCode: wireText(255).nullish(),
  taxMode: wireText(255).nullish(),
  uniqueToken: wireText(50).nullish(),
};
const CHARGE_ATTRIBUTES = Object.keys(chargeAttributes);

/** Prepayment, drawdown and rollover, and charges that continue another one. */
const notYet = {
  drawdownRate: wireNotYet,
  isRollover: wireNotYet,
  prepaidQuantity: wireNotYet,
  rolloverApply: wireNotYet,
  rolloverPeriodLength: wireNotYet,
  rolloverPeriods: wireNotYet,
  upsellOriginChargeNumber: wireNotYet,
  validityPeriodType: wireNotYet,
};

/** One entry of `chargeOverrides`: of CreateSubscription, AddProduct and ChangePlan alike. */
export const wireChargeOverride = z
  .object({
    productRatePlanChargeId: wireKey.nullish(),
    /** As the contract's examples of replies spell it. */
    productRateplanChargeId: wireKey.nullish(),
    productRatePlanChargeNumber: wireKey.nullish(),
    /** Numbers of charges and rate plans are generated: a caller's could not be kept unique without reading for each. */
    chargeNumber: wireNotYet,
    name: wireText(255).nullish(),
    pricing: wirePricing.nullish(),
    billing: billing.nullish(),
    startDate: z
      .object({
        ...wireChargeStart.shape,
        periodsAfterChargeStart: wireNotYet,
        startDatePolicy: wireNotYet,
        startPeriodsType: wireNotYet,
      })
      .nullish(),
    endDate: z
      .object({
        endDateCondition: wordOf(endDateConditionFromWire).nullish(),
        specificEndDate: wireDate.nullish(),
        upToPeriods: wholeNumber(0, orderLimits.termPeriodsMax).nullish(),
        upToPeriodsType: wordOf(upToPeriodsTypeFromWire).nullish(),
      })
      .nullish(),
    customFields: wireCustomFields.nullish(),
    ...chargeAttributes,
    ...notYet,
  })
  .refine(
    (o) => (o.productRatePlanChargeId ?? o.productRateplanChargeId ?? o.productRatePlanChargeNumber) != null,
    { message: 'is required', path: ['productRatePlanChargeId'] },
  );

type WireChargeOverride = z.output<typeof wireChargeOverride>;

/** @param path of the override, for refusals */
export function fromWireChargeOverride(body: WireChargeOverride, path: string): ChargeSpec | Refusal {
  const pricing = body.pricing == null ? null : fromWirePricing(body.pricing, `${path}.pricing`);
  if (pricing !== null && isRefusal(pricing)) return pricing;
  const details = pickGiven(body, CHARGE_ATTRIBUTES);
  if (body.billing?.weeklyBillCycleDay != null) details.weeklyBillCycleDay = body.billing.weeklyBillCycleDay;
  return {
    productRatePlanCharge:
      body.productRatePlanChargeId ?? body.productRateplanChargeId ?? body.productRatePlanChargeNumber ?? '',
    name: body.name ?? null,
    pricing,
    billing: body.billing == null ? null : fromWireBilling(body.billing),
    start: fromWireChargeStart(body.startDate),
    end: fromWireChargeEnd(body.endDate),
    details,
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}

function fromWireBilling(body: z.output<typeof billing>): BillingOverride {
  return {
    billCycleDay: body.billCycleDay ?? null,
    billCycleType: body.billCycleType ?? null,
    billingPeriod: body.billingPeriod == null ? null : billingPeriodFromWire[body.billingPeriod],
    billingPeriodAlignment: body.billingPeriodAlignment ?? null,
    billingTiming: body.billingTiming == null ? null : billingTimingFromWire[body.billingTiming],
    specificBillingPeriod: body.specificBillingPeriod ?? null,
  };
}

export function fromWireChargeStart(
  body: z.output<typeof wireChargeStart> | null | undefined,
): ChargeStart | null {
  if (body == null) return null;
  return { triggerEvent: body.triggerEvent ?? null, specificTriggerDate: body.specificTriggerDate ?? null };
}

function fromWireChargeEnd(body: WireChargeOverride['endDate']): ChargeEnd | null {
  if (body == null) return null;
  return {
    endDateCondition: body.endDateCondition == null ? null : endDateConditionFromWire[body.endDateCondition],
    specificEndDate: body.specificEndDate ?? null,
    upToPeriods: body.upToPeriods ?? null,
    upToPeriodsType: body.upToPeriodsType == null ? null : upToPeriodsTypeFromWire[body.upToPeriodsType],
  };
}
