import type { OrderLine } from '../domain/orders/order-record.ts';
import type { JsonObject } from '../domain/result.ts';
import type { Charge, RatePlan, Subscription } from '../domain/subscriptions/subscription.ts';
import { toWirePricing } from './charge-pricing-views.ts';
import {
  billingPeriodToWire,
  billingTimingToWire,
  endDateConditionToWire,
  upToPeriodsTypeToWire,
} from './charge-vocabulary.ts';

/** `createSubscription` of an order action as it reads afterwards: what was given, with what it resolved to. */
export function toWireCreatedSubscription(
  given: JsonObject,
  { subscription, ratePlans, charges }: OrderLine,
  ownerNumber: string | null,
): JsonObject {
  const shown = { ...given, subscriptionOwnerAccountNumber: ownerNumber };
  if (subscription === null) return shown;
  const plansGiven = (given.subscribeToRatePlans ?? []) as JsonObject[];
  return {
    ...shown,
    subscriptionNumber: subscription.subscriptionNumber,
    invoiceSeparately: subscription.details.invoiceSeparately ?? null,
    notes: subscription.details.notes ?? null,
    terms: termsOf(subscription),
    subscribeToRatePlans: ratePlans.map((ratePlan, i) =>
      ratePlanOf(
        plansGiven[i] ?? {},
        ratePlan,
        charges.filter((charge) => charge.ratePlanId === ratePlan.id),
      ),
    ),
  };
}

function termsOf(subscription: Subscription): JsonObject {
  const termed = subscription.termType === 'TERMED';
  const initialTerm = { termType: subscription.termType, startDate: subscription.termStartDate };
  const renewal = { period: subscription.renewalTerm, periodType: subscription.renewalTermPeriodType };
  return {
    autoRenew: subscription.autoRenew,
    renewalSetting: subscription.renewalSetting,
    initialTerm: termed
      ? { ...initialTerm, period: subscription.initialTerm, periodType: subscription.initialTermPeriodType }
      : initialTerm,
    renewalTerms: termed ? (subscription.details.renewalTerms ?? [renewal]) : [],
  };
}

function ratePlanOf(given: JsonObject, ratePlan: RatePlan, charges: readonly Charge[]): JsonObject {
  const overrides = (given.chargeOverrides ?? []) as JsonObject[];
  const keyOf = (override: JsonObject) =>
    override.productRatePlanChargeId ??
    override.productRateplanChargeId ??
    override.productRatePlanChargeNumber;
  return {
    ...given,
    productRatePlanId: ratePlan.productRatePlanId,
    productRatePlanNumber: ratePlan.productRatePlanNumber,
    newRatePlanId: ratePlan.id,
    subscriptionRatePlanNumber: ratePlan.ratePlanNumber,
    uniqueToken: given.uniqueToken ?? null,
    customFields: given.customFields ?? {},
    chargeOverrides: charges.map((charge) =>
      chargeOf(
        overrides.find((override) => {
          const key = keyOf(override);
          return key === charge.productRatePlanChargeId || key === charge.productRatePlanChargeNumber;
        }) ?? {},
        charge,
      ),
    ),
  };
}

function chargeOf(given: JsonObject, charge: Charge): JsonObject {
  const { productRatePlanChargeId: _, ...rest } = given;
  return {
    ...rest,
    productRateplanChargeId: charge.productRatePlanChargeId,
    productRatePlanChargeNumber: charge.productRatePlanChargeNumber,
    chargeNumber: charge.chargeNumber,
    description: given.description ?? null,
    uniqueToken: given.uniqueToken ?? null,
    customFields: given.customFields ?? {},
    billing: {
      ...(charge.billCycleDay === null ? {} : { billCycleDay: charge.billCycleDay }),
      billCycleType: charge.billCycleType,
      billingPeriod: billingPeriodToWire(charge.billingPeriod),
      billingPeriodAlignment: charge.billingPeriodAlignment,
      billingTiming: billingTimingToWire(charge.billingTiming),
      specificBillingPeriod: charge.specificBillingPeriod,
      weeklyBillCycleDay: charge.details.weeklyBillCycleDay ?? null,
    },
    startDate: { triggerEvent: charge.triggerEvent, specificTriggerDate: charge.triggerDate },
    endDate: {
      endDateCondition: endDateConditionToWire(charge.endDateCondition),
      specificEndDate: charge.specificEndDate,
      upToPeriods: charge.upToPeriods,
      upToPeriodsType: upToPeriodsTypeToWire(charge.upToPeriodsType),
    },
    ...toWirePricing(charge),
  };
}
