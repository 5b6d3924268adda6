import type {
  AddProductAction,
  CancelSubscriptionAction,
  ChangePlanAction,
  ChargeUpdateSpec,
  OrderActionSpec,
  OwnerTransferAction,
  RatePlanReference,
  RemoveProductAction,
  RenewSubscriptionAction,
  ResumeAction,
  SuspendAction,
  TermsAndConditionsAction,
  UpdateProductAction,
} from '../../src/domain/orders/action-specs.ts';
import type { RequestedSubscription } from '../../src/domain/orders/order-request.ts';
import type { PricingKind, RatePlanSpec } from '../../src/domain/subscriptions/subscription-spec.ts';
import { pricing } from './order-requests.ts';

/** Order actions as the domain takes them, with everything that a test does not care about filled in. */

/** An order's actions on an existing subscription. */
export function changing(
  subscriptionNumber: string,
  actions: readonly OrderActionSpec[],
  expectedVersion: number | null = null,
): RequestedSubscription {
  return {
    subscriptionNumber,
    expectedVersion,
    actions: actions.map((action) => ({ action, body: {} })),
    details: {},
    customFields: {},
  };
}

/** The day that a product-level action is contracted for. */
export function on(date: string): { readonly triggerDates: { readonly contractEffective: string } } {
  return { triggerDates: { contractEffective: date } };
}

function plan(field: string, ratePlan: string | null): RatePlanReference {
  return { ratePlan, uniqueToken: null, productRatePlan: null, field };
}

export function addingProduct(ratePlan: RatePlanSpec, date: string): AddProductAction {
  return { type: 'AddProduct', ratePlan, ...on(date) };
}

export function removingProduct(ratePlan: string, date: string): RemoveProductAction {
  return {
    type: 'RemoveProduct',
    ratePlan: plan('removeProduct.ratePlanId', ratePlan),
    customFields: {},
    ...on(date),
  };
}

export function chargeUpdate(chargeNumber: string, fields: Partial<ChargeUpdateSpec> = {}): ChargeUpdateSpec {
  return {
    chargeNumber,
    uniqueToken: null,
    description: null,
    pricing: null,
    billingPeriodAlignment: null,
    effective: null,
    customFields: {},
    ...fields,
  };
}

export function updatingProduct(
  ratePlan: string,
  charges: readonly ChargeUpdateSpec[],
  fields: Partial<UpdateProductAction> = {},
): UpdateProductAction {
  return {
    type: 'UpdateProduct',
    ratePlan: plan('updateProduct.ratePlanId', ratePlan),
    specificUpdateDate: null,
    charges,
    details: {},
    customFields: {},
    triggerDates: {},
    ...fields,
  };
}

/** One charge's new price, or quantity, or both, from a date on. */
export function repricing(
  ratePlan: string,
  chargeNumber: string,
  date: string,
  change: { readonly price?: string; readonly quantity?: string },
  kind: PricingKind = 'recurringPerUnit',
): UpdateProductAction {
  return updatingProduct(
    ratePlan,
    [chargeUpdate(chargeNumber, { pricing: pricing(kind, change) })],
    on(date),
  );
}

export function changingPlan(
  remove: string,
  add: RatePlanSpec,
  date: string,
  fields: Partial<ChangePlanAction> = {},
): ChangePlanAction {
  return {
    type: 'ChangePlan',
    remove: plan('changePlan.ratePlanId', remove),
    add,
    policy: 'EffectiveImmediately',
    subType: null,
    resetBcd: false,
    ...on(date),
    ...fields,
  };
}

/** With a date: on that date. */
export function cancelling(
  effectiveDate: string | null,
  policy: CancelSubscriptionAction['policy'] = 'SpecificDate',
): CancelSubscriptionAction {
  return { type: 'CancelSubscription', policy, effectiveDate, triggerDates: {} };
}

export function suspending(specificDate: string | null, fields: Partial<SuspendAction> = {}): SuspendAction {
  const policy = 'SpecificDate';
  return {
    type: 'Suspend',
    policy,
    periods: null,
    periodsType: null,
    specificDate,
    triggerDates: {},
    ...fields,
  };
}

export function resuming(specificDate: string | null, fields: Partial<ResumeAction> = {}): ResumeAction {
  return {
    type: 'Resume',
    policy: 'SpecificDate',
    periods: null,
    periodsType: null,
    specificDate,
    extendsTerm: false,
    triggerDates: {},
    ...fields,
  };
}

export function renewing(fields: Partial<RenewSubscriptionAction> = {}): RenewSubscriptionAction {
  return { type: 'RenewSubscription', invoicing: { details: {} }, triggerDates: {}, ...fields };
}

export function transferring(
  owners: { readonly subscriptionOwner?: string; readonly invoiceOwner?: string },
  invoicing: OwnerTransferAction['invoicing'] = { details: {} },
): OwnerTransferAction {
  const named = (key: string | undefined, field: string) => (key === undefined ? null : { key, field });
  return {
    type: 'OwnerTransfer',
    subscriptionOwner: named(owners.subscriptionOwner, 'destinationAccountNumber'),
    invoiceOwner: named(owners.invoiceOwner, 'destinationInvoiceAccountNumber'),
    invoicing,
    triggerDates: {},
  };
}

export function terms(fields: Partial<TermsAndConditionsAction>): TermsAndConditionsAction {
  return {
    type: 'TermsAndConditions',
    invoicing: { details: {} },
    autoRenew: null,
    renewalSetting: null,
    renewalTerms: null,
    lastTerm: null,
    triggerDates: {},
    ...fields,
  };
}

type LastTerm = NonNullable<TermsAndConditionsAction['lastTerm']>;

export function lastTerm(fields: Partial<LastTerm>): TermsAndConditionsAction {
  return terms({
    lastTerm: { termType: null, period: null, periodType: null, startDate: null, endDate: null, ...fields },
  });
}
