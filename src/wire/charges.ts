import { currencyDigits } from '../domain/currencies.ts';
import { type Decimal, divide, subtract } from '../domain/money.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import type { Charge } from '../domain/subscriptions/subscription.ts';
import { isDone } from '../domain/subscriptions/subscription-record.ts';
import { toWirePrice } from './charge-pricing-views.ts';
import {
  billingPeriodToWire,
  billingTimingToWire,
  chargeModelToWire,
  endDateConditionToWire,
  listPriceBaseToWire,
  upToPeriodsTypeToWire,
} from './charge-vocabulary.ts';
import { toWireDecimal } from './values.ts';

/** A value as it is shown in a currency: half up to its digits (semantics C.1, C.3: full precision is stored). */
export function toWireShown(value: Decimal, currency: string): number {
  return toWireDecimal(divide(value, '1', { decimals: currencyDigits(currency) ?? 2, rounding: 'HALF_UP' }));
}

/** Details that are shown under their own names, null when there are none. */
const DETAILS = [
  'discountApplyDetails',
  'numberOfPeriods',
  'overageCalculationOption',
  'overageUnusedUnitsCreditOption',
  'priceChangeOption',
  'priceIncreasePercentage',
  'ratingGroup',
  'smoothingModel',
  'unusedUnitsCreditRates',
  'usageRecordRatingOption',
] as const;
const OPTIONAL_DETAILS = [
  'applyToBillingPeriodPartially',
  'excludeItemBillingFromRevenueAccounting',
  'excludeItemBookingFromRevenueAccounting',
  'isAllocationEligible',
  'isUnbilled',
  'productCategory',
  'productClass',
  'productFamily',
  'productLine',
  'specificListPriceBase',
] as const;

/**
 * A charge segment as a subscription shows it.
 *
 * @param before the segment before it, which its delta values are against
 * @param orderedOn date of the order that added the charge
 * @param amendedOn date of the order that changed it since; null when none has
 */
export function toWireCharge(
  charge: Charge,
  before: Charge | null,
  orderedOn: string,
  amendedOn: string | null,
): JsonObject {
  const { details } = charge;
  const shown: { [name: string]: JsonValue } = {
    id: charge.id,
    originalChargeId: charge.originalChargeId,
    productRatePlanChargeId: charge.productRatePlanChargeId,
    number: charge.chargeNumber,
    name: charge.name,
    description: details.description ?? '',
    type: charge.chargeType,
    model: chargeModelToWire(charge.chargeModel),
    currency: charge.currency,
    uom: charge.unitOfMeasure,
    ...toWirePrice(charge),
    version: charge.version,
    segment: charge.segment,
    originalOrderDate: orderedOn,
    ...(amendedOn === null ? {} : { amendedByOrderOn: amendedOn }),
    ...periodFields(charge),
    ...dateFields(charge),
    ...valueFields(charge, before),
    ...charge.customFields,
  };
  for (const name of DETAILS) shown[name] = details[name] ?? null;
  for (const name of OPTIONAL_DETAILS) {
    const value = details[name];
    if (value != null) shown[name] = value;
  }
  return shown;
}

function periodFields(charge: Charge): JsonObject {
  return {
    billingDay: billingDayOf(charge),
    billingPeriod: billingPeriodToWire(charge.billingPeriod),
    specificBillingPeriod: charge.specificBillingPeriod,
    billingPeriodAlignment: charge.billingPeriodAlignment,
    billingTiming: billingTimingToWire(charge.billingTiming),
    listPriceBase: listPriceBaseToWire(charge.listPriceBase),
  };
}

/** `SpecificDayofMonth/15`, `SpecificDayofWeek/Monday`; other types stand alone. */
function billingDayOf({ billCycleType, billCycleDay, details }: Charge): string {
  const day = billCycleType === 'SpecificDayofWeek' ? details.weeklyBillCycleDay : billCycleDay;
  return day == null ? billCycleType : `${billCycleType}/${String(day)}`;
}

function dateFields(charge: Charge): JsonObject {
  return {
    triggerEvent: charge.triggerEvent,
    triggerDate: charge.triggerDate,
    effectiveStartDate: charge.effectiveStartDate,
    effectiveEndDate: charge.effectiveEndDate,
    endDateCondition: endDateConditionToWire(charge.endDateCondition),
    specificEndDate: charge.specificEndDate,
    upToPeriods: charge.upToPeriods,
    upToPeriodsType: upToPeriodsTypeToWire(charge.upToPeriodsType),
    chargedThroughDate: charge.chargedThroughDate,
    // Rated and billed go together: there is no rating ahead of billing.
    processedThroughDate: charge.chargedThroughDate,
    done: isDone(charge),
  };
}

/** MRR and contracted value, and how they differ from the segment before (semantics C.4). */
function valueFields(charge: Charge, before: Charge | null): JsonObject {
  const tcv = charge.totalContractedValue;
  const mrr = charge.monthlyRecurringRevenue;
  const tcvBefore = before?.totalContractedValue ?? '0';
  return {
    mrr: toWireDecimal(mrr),
    dmrc: toWireDecimal(subtract(mrr, before?.monthlyRecurringRevenue ?? '0')),
    tcv: tcv === null ? null : toWireShown(tcv, charge.currency),
    dtcv: tcv === null ? null : toWireShown(subtract(tcv, tcvBefore), charge.currency),
  };
}
