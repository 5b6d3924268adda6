import type { CreateSubscriptionAction } from '../domain/orders/action-specs.ts';
import type { AccountChoice } from '../domain/orders/order-request.ts';
import { isRefusal, type JsonObject, type JsonValue, type Refusal, refuse } from '../domain/result.ts';
import type {
  BillingOverride,
  ChargeEnd,
  ChargeSpec,
  ChargeStart,
  RatePlanSpec,
  TermSpec,
  TriggerDates,
} from '../domain/subscriptions/subscription-spec.ts';
import { fromWirePricing } from './charge-pricing.ts';
import {
  billingPeriodFromWire,
  billingTimingFromWire,
  endDateConditionFromWire,
  upToPeriodsTypeFromWire,
} from './charge-vocabulary.ts';
import { fromWireOrderAccount } from './order-accounts.ts';
import {
  CHARGE_ATTRIBUTES,
  RATE_PLAN_ATTRIBUTES,
  SUBSCRIPTION_ATTRIBUTES,
  type WireChargeOverride,
  type WireCreateSubscription,
  type WireOrderAction,
  type WireRatePlan,
} from './order-schema.ts';

/** `createSubscription` of an order action, in the domain's words. */
export function fromWireCreateSubscription(
  body: WireCreateSubscription,
  triggerDates: NonNullable<WireOrderAction['triggerDates']>,
  customFields: JsonObject,
  path: string,
): CreateSubscriptionAction | Refusal {
  const at = `${path}.createSubscription`;
  if (body.newSubscriptionOwnerAccount != null && body.subscriptionOwnerAccountNumber != null) {
    return refuse(
      'invalid',
      'must not be given together with subscriptionOwnerAccountNumber',
      `${at}.newSubscriptionOwnerAccount`,
    );
  }
  const ratePlans: RatePlanSpec[] = [];
  for (const [i, ratePlan] of (body.subscribeToRatePlans ?? []).entries()) {
    const read = fromWireRatePlan(ratePlan, `${at}.subscribeToRatePlans[${i}]`);
    if (isRefusal(read)) return read;
    ratePlans.push(read);
  }
  const invoiceOwner = body.invoiceOwnerAccountNumber;
  return {
    type: 'CreateSubscription',
    triggerDates: fromWireTriggerDates(triggerDates),
    subscriptionOwner: subscriptionOwnerOf(body, at),
    invoiceOwner:
      invoiceOwner == null ? null : { key: invoiceOwner, field: `${at}.invoiceOwnerAccountNumber` },
    spec: {
      subscriptionNumber: body.subscriptionNumber ?? null,
      currency: body.currency ?? null,
      terms: fromWireTerms(body.terms),
      ratePlans,
      billToContactId: body.billToContactId ?? null,
      soldToContactId: body.soldToContactId ?? null,
      details: withRenewalTerms(attributes(body, SUBSCRIPTION_DETAILS), body.terms),
      customFields,
    },
  };
}

function subscriptionOwnerOf(body: WireCreateSubscription, path: string): AccountChoice | null {
  const { newSubscriptionOwnerAccount: account, subscriptionOwnerAccountNumber: key } = body;
  if (account != null) {
    return { newAccount: fromWireOrderAccount(account), field: `${path}.newSubscriptionOwnerAccount` };
  }
  return key == null ? null : { key, field: `${path}.subscriptionOwnerAccountNumber` };
}

const SUBSCRIPTION_DETAILS = [...SUBSCRIPTION_ATTRIBUTES, 'billToContactId', 'soldToContactId'];

function attributes(body: object, names: readonly string[]): { [name: string]: JsonValue } {
  const picked: { [name: string]: JsonValue } = {};
  const record = body as Record<string, JsonValue | undefined>;
  for (const name of names) {
    const value = record[name];
    if (value != null) picked[name] = value;
  }
  return picked;
}

/** The first renewal term has columns of its own; more than one are kept as they are. */
function withRenewalTerms(details: { [name: string]: JsonValue }, terms: WireCreateSubscription['terms']) {
  if ((terms.renewalTerms?.length ?? 0) > 1)
    details.renewalTerms = terms.renewalTerms as unknown as JsonValue;
  return details;
}

function fromWireTerms(terms: WireCreateSubscription['terms']): TermSpec {
  const renewal = terms.renewalTerms?.[0];
  return {
    termType: terms.initialTerm.termType,
    period: terms.initialTerm.period ?? null,
    periodType: terms.initialTerm.periodType ?? null,
    startDate: terms.initialTerm.startDate ?? null,
    autoRenew: terms.autoRenew ?? false,
    renewalSetting: terms.renewalSetting ?? 'RENEW_WITH_SPECIFIC_TERM',
    renewalPeriod: renewal?.period ?? null,
    renewalPeriodType: renewal?.periodType ?? null,
  };
}

const DATE_FIELDS = {
  ContractEffective: 'contractEffective',
  ServiceActivation: 'serviceActivation',
  CustomerAcceptance: 'customerAcceptance',
} as const;

function fromWireTriggerDates(dates: NonNullable<WireOrderAction['triggerDates']>): TriggerDates {
  const read: { -readonly [Name in keyof TriggerDates]: TriggerDates[Name] } = {};
  for (const { name, triggerDate } of dates) read[DATE_FIELDS[name]] = triggerDate ?? null;
  return read;
}

function fromWireRatePlan(body: WireRatePlan, path: string): RatePlanSpec | Refusal {
  if (body.subscriptionProductFeatures != null) {
    return refuse('invalid', 'is not available yet', `${path}.subscriptionProductFeatures`);
  }
  const charges: ChargeSpec[] = [];
  for (const [i, override] of (body.chargeOverrides ?? []).entries()) {
    const read = fromWireChargeOverride(override, `${path}.chargeOverrides[${i}]`);
    if (isRefusal(read)) return read;
    charges.push(read);
  }
  return {
    productRatePlan: body.productRatePlanId ?? body.productRatePlanNumber ?? '',
    name: body.ratePlanName ?? null,
    charges,
    details: attributes(body, RATE_PLAN_ATTRIBUTES),
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}

function fromWireChargeOverride(body: WireChargeOverride, path: string): ChargeSpec | Refusal {
  const pricing = body.pricing == null ? null : fromWirePricing(body.pricing, `${path}.pricing`);
  if (pricing !== null && isRefusal(pricing)) return pricing;
  const details = attributes(body, CHARGE_ATTRIBUTES);
  if (body.billing?.weeklyBillCycleDay != null) details.weeklyBillCycleDay = body.billing.weeklyBillCycleDay;
  return {
    productRatePlanCharge:
      body.productRatePlanChargeId ?? body.productRateplanChargeId ?? body.productRatePlanChargeNumber ?? '',
    name: body.name ?? null,
    pricing,
    billing: body.billing == null ? null : fromWireBilling(body.billing),
    start: fromWireStart(body.startDate),
    end: fromWireEnd(body.endDate),
    details,
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}

function fromWireBilling(body: NonNullable<WireChargeOverride['billing']>): BillingOverride {
  return {
    billCycleDay: body.billCycleDay ?? null,
    billCycleType: body.billCycleType ?? null,
    billingPeriod: body.billingPeriod == null ? null : billingPeriodFromWire[body.billingPeriod],
    billingPeriodAlignment: body.billingPeriodAlignment ?? null,
    billingTiming: body.billingTiming == null ? null : billingTimingFromWire[body.billingTiming],
    specificBillingPeriod: body.specificBillingPeriod ?? null,
  };
}

function fromWireStart(body: WireChargeOverride['startDate']): ChargeStart | null {
  if (body == null) return null;
  return { triggerEvent: body.triggerEvent ?? null, specificTriggerDate: body.specificTriggerDate ?? null };
}

function fromWireEnd(body: WireChargeOverride['endDate']): ChargeEnd | null {
  if (body == null) return null;
  return {
    endDateCondition: body.endDateCondition == null ? null : endDateConditionFromWire[body.endDateCondition],
    specificEndDate: body.specificEndDate ?? null,
    upToPeriods: body.upToPeriods ?? null,
    upToPeriodsType: body.upToPeriodsType == null ? null : upToPeriodsTypeFromWire[body.upToPeriodsType],
  };
}
