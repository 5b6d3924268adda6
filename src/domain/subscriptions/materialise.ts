import type { DecideContext } from '../account/command.ts';
import type { State } from '../account/state.ts';
import type { ProductRatePlanCharge, RatePlanOffer } from '../catalog/catalog.ts';
import { add, type Decimal, fitsMrr } from '../money.ts';
import type { Order } from '../orders/order.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { buildCharge, type ChargeSetting } from './build-charge.ts';
import type { Charge, RatePlan, Subscription } from './subscription.ts';
import type { ChargeSpec, RatePlanSpec, SubscriptionSpec } from './subscription-spec.ts';
import { firstTerm, type Term } from './term.ts';
import { type ResolvedTriggerDates, resolveTriggerDates, statusOf } from './trigger-dates.ts';

/** A subscription with everything that hangs on it, ready to be inserted. */
export interface NewSubscription {
  readonly subscription: Subscription;
  readonly ratePlans: readonly RatePlan[];
  readonly charges: readonly Charge[];
}

/** What surrounds a new subscription: its order, its owners, and the numbers it takes. */
export interface SubscriptionOrigin {
  readonly order: Order;
  readonly subscriptionOwnerAccountId: string;
  readonly invoiceOwnerAccountId: string;
  readonly currency: string;
  readonly subscriptionNumber: string;
  readonly takeRatePlanNumber: () => string;
  readonly takeChargeNumber: () => string;
  readonly context: DecideContext;
  /** Where the subscription's action stands in the request, for refusals. */
  readonly path: string;
}

/**
 * Makes version 1 of a subscription: rate plans and charges with their first segments, MRR, contracted value (semantics B.3, C.1,
 * C.3, D.2). The spec's offers have been read by the caller's needs.
 */
export function materialise(
  spec: SubscriptionSpec,
  origin: SubscriptionOrigin,
  state: State,
): NewSubscription | Refusal {
  const { order, context, path } = origin;
  const dates = resolveTriggerDates(spec.triggerDates, order.orderDate, `${path}.triggerDates`);
  if (isRefusal(dates)) return dates;
  const action = `${path}.createSubscription`;
  const term = firstTerm(spec.terms, dates.contractEffective, `${action}.terms`);
  if (isRefusal(term)) return term;
  const id = context.newId();
  const setting: ChargeSetting = { currency: origin.currency, term, dates, addedInVersion: 1 };
  const ratePlans: RatePlan[] = [];
  const charges: Charge[] = [];
  for (const [i, planSpec] of spec.ratePlans.entries()) {
    const at = `${action}.subscribeToRatePlans[${i}]`;
    const added = buildRatePlan(planSpec, id, setting, origin, state, at);
    if (isRefusal(added)) return added;
    ratePlans.push(added.ratePlan);
    charges.push(...added.charges);
  }
  const contractedMrr = contractedMrrOf(charges);
  if (!fitsMrr(contractedMrr)) {
    return refuse(
      'invalid',
      'the monthly value of the subscription is too large',
      `${action}.subscribeToRatePlans`,
    );
  }
  const subscription = buildSubscription(spec, origin, { id, dates, term, charges, contractedMrr });
  return { subscription, ratePlans, charges };
}

/** Contracted MRR of a subscription (semantics B.3): recurring charges that run to the subscription's end. */
export function contractedMrrOf(charges: readonly Charge[]): Decimal {
  let sum: Decimal | null = null;
  for (const charge of charges) {
    if (charge.chargeType !== 'Recurring' || charge.endDateCondition !== 'SubscriptionEnd') continue;
    sum = sum === null ? charge.monthlyRecurringRevenue : add(sum, charge.monthlyRecurringRevenue);
  }
  return sum ?? '0';
}

/** Sum of the charges' contracted values; null when one of them has no end or no start yet (semantics C.3). */
function totalContractedValueOf(charges: readonly Charge[]): Decimal | null {
  let sum: Decimal = '0';
  for (const { totalContractedValue } of charges) {
    if (totalContractedValue === null) return null;
    sum = sum === '0' ? totalContractedValue : add(sum, totalContractedValue);
  }
  return sum;
}

function buildSubscription(
  spec: SubscriptionSpec,
  origin: SubscriptionOrigin,
  made: {
    readonly id: string;
    readonly dates: ResolvedTriggerDates;
    readonly term: Term;
    readonly charges: readonly Charge[];
    readonly contractedMrr: Decimal;
  },
): Subscription {
  const { order, context } = origin;
  const { id, dates, term } = made;
  return {
    id,
    revision: 0,
    subscriptionNumber: origin.subscriptionNumber,
    originalId: id,
    version: 1,
    isLatestVersion: true,
    status: statusOf(dates),
    accountId: origin.subscriptionOwnerAccountId,
    invoiceOwnerAccountId: origin.invoiceOwnerAccountId,
    orderId: order.id,
    orderNumber: order.orderNumber,
    currency: origin.currency,
    termType: term.termType,
    contractEffectiveDate: dates.contractEffective,
    serviceActivationDate: dates.serviceActivation,
    customerAcceptanceDate: dates.customerAcceptance,
    subscriptionStartDate: term.start,
    subscriptionEndDate: term.end,
    termStartDate: term.start,
    termEndDate: term.end,
    initialTerm: term.period,
    initialTermPeriodType: term.periodType,
    currentTerm: term.period,
    currentTermPeriodType: term.periodType,
    renewalTerm: term.renewalPeriod,
    renewalTermPeriodType: term.renewalPeriodType,
    renewalSetting: spec.terms.renewalSetting,
    autoRenew: spec.terms.autoRenew,
    contractedMrr: made.contractedMrr,
    totalContractedValue: totalContractedValueOf(made.charges),
    details: spec.details,
    customFields: spec.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

function buildRatePlan(
  spec: RatePlanSpec,
  originalId: string,
  setting: ChargeSetting,
  origin: SubscriptionOrigin,
  state: State,
  path: string,
): { ratePlan: RatePlan; charges: Charge[] } | Refusal {
  const offer = state.find('ratePlanOffer', spec.productRatePlan);
  if (offer === null) {
    return refuse(
      'invalid',
      `there is no product rate plan ${spec.productRatePlan}`,
      `${path}.productRatePlanId`,
    );
  }
  const problem = notOnOffer(offer, setting.dates.contractEffective, path);
  if (problem !== null) return problem;
  const overrides = matchOverrides(spec.charges, offer, path);
  if (isRefusal(overrides)) return overrides;
  const ratePlan: RatePlan = {
    id: origin.context.newId(),
    revision: 0,
    ratePlanNumber: origin.takeRatePlanNumber(),
    subscriptionOriginalId: originalId,
    addedInVersion: setting.addedInVersion,
    removedInVersion: null,
    productId: offer.productId,
    productName: offer.productName,
    productSku: offer.productSku,
    productRatePlanId: offer.plan.id,
    productRatePlanNumber: offer.plan.ratePlanNumber,
    name: spec.name ?? offer.plan.name,
    details: spec.details,
    customFields: spec.customFields,
    createdAt: origin.context.now,
  };
  const charges: Charge[] = [];
  for (const catalogCharge of offer.charges) {
    const override = overrides.get(catalogCharge) ?? null;
    const at = override === null ? path : `${path}.chargeOverrides[${spec.charges.indexOf(override)}]`;
    const charge = buildCharge(catalogCharge, override, ratePlan, setting, {
      takeNumber: origin.takeChargeNumber,
      context: origin.context,
      path: at,
    });
    if (isRefusal(charge)) return charge;
    charges.push(charge);
  }
  return { ratePlan, charges };
}

/** Why a rate plan can't be subscribed to on a date; null when it can. */
function notOnOffer(offer: RatePlanOffer, date: string, path: string): Refusal | null {
  const { plan, productEffectiveStartDate, productEffectiveEndDate } = offer;
  const on = (start: string, end: string) => start <= date && date <= end;
  if (
    on(plan.effectiveStartDate, plan.effectiveEndDate) &&
    on(productEffectiveStartDate, productEffectiveEndDate)
  ) {
    return null;
  }
  return refuse(
    'rule',
    `product rate plan ${plan.ratePlanNumber} is not effective on ${date}`,
    `${path}.productRatePlanId`,
  );
}

/** Which override belongs to which charge of the offer. */
function matchOverrides(
  overrides: readonly ChargeSpec[],
  offer: RatePlanOffer,
  path: string,
): Map<ProductRatePlanCharge, ChargeSpec> | Refusal {
  const matched = new Map<ProductRatePlanCharge, ChargeSpec>();
  for (const [i, override] of overrides.entries()) {
    const key = override.productRatePlanCharge;
    const charge = offer.charges.find((c) => c.id === key || c.chargeNumber === key);
    const at = `${path}.chargeOverrides[${i}].productRatePlanChargeId`;
    if (charge === undefined) {
      return refuse('invalid', `product rate plan ${offer.plan.ratePlanNumber} has no charge ${key}`, at);
    }
    if (matched.has(charge)) return refuse('invalid', `charge ${key} is overridden twice`, at);
    matched.set(charge, override);
  }
  return matched;
}
