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

/**
 * `createSubscription` of an order action as it reads afterwards: what was given, with what it resolved to.
 *
 * @param ratePlans the rate plan that each of the given ones became
 */
export function toWireCreatedSubscription(
  given: JsonObject,
  { subscription, actions, charges }: OrderLine,
  ratePlans: ReadonlyArray<RatePlan | null>,
  ownerNumber: string | null,
): JsonObject {
  const shown = { ...given, subscriptionOwnerAccountNumber: ownerNumber };
  if (subscription === null) return shown;
  const plansGiven = (given.subscribeToRatePlans ?? []) as JsonObject[];
  const termChanged = actions.some(
    ({ type }) => type === 'TermsAndConditions' || type === 'RenewSubscription',
  );
  return {
    ...shown,
    subscriptionNumber: subscription.subscriptionNumber,
    invoiceSeparately: subscription.details.invoiceSeparately ?? null,
    notes: subscription.details.notes ?? null,
    ...(termChanged ? {} : { terms: termsOf(subscription) }),
    subscribeToRatePlans: ratePlans.map((ratePlan, i) =>
      toWireOrderedRatePlan(plansGiven[i] ?? {}, ratePlan, charges),
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

/**
 * A rate plan that an order put on a subscription: what was given, with its number and its charges as the order made them.
 *
 * @param ratePlan null while the order is only kept
 * @param charges segments that the order's version added, of any rate plan
 */
export function toWireOrderedRatePlan(
  given: JsonObject,
  ratePlan: RatePlan | null,
  charges: readonly Charge[],
): JsonObject {
  if (ratePlan === null) return given;
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
    chargeOverrides: firstSegments(charges, ratePlan).map((charge) =>
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

/** Charges as they began: later actions of the same order may have added segments. */
function firstSegments(charges: readonly Charge[], { id }: RatePlan): readonly Charge[] {
  const first = new Map<string, Charge>();
  for (const charge of charges) {
    const known = first.get(charge.chargeNumber);
    if (charge.ratePlanId === id && (known === undefined || charge.segment < known.segment))
      first.set(charge.chargeNumber, charge);
  }
  return [...first.values()];
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
