import type { PeriodUnit } from '../calendar.ts';
import type { BillingPeriodAlignment } from '../charge-models/vocabulary.ts';
import type { JsonObject } from '../result.ts';
import type {
  ChargeStart,
  PricingOverride,
  RatePlanSpec,
  SubscriptionSpec,
  TriggerDates,
} from '../subscriptions/subscription-spec.ts';
import type { AccountChoice, AccountReference } from './order-request.ts';

/** Every action carries the trigger dates that it was given; only product-level actions and CreateSubscription count them (semantics D.2). */
interface Triggered {
  readonly triggerDates: TriggerDates;
}

/** A new subscription on its way into an order. */
export interface CreateSubscriptionAction extends Triggered {
  readonly type: 'CreateSubscription';
  /** Null: the order's account. */
  readonly subscriptionOwner: AccountChoice | null;
  readonly invoiceOwner: AccountReference | null;
  readonly spec: SubscriptionSpec;
}

/**
 * What several actions change of how a subscription is invoiced. Undefined: stays. Null: cleared, so that the account's own
 * applies (`clearingExisting…`).
 */
export interface InvoicingPatch {
  readonly billToContactId?: string | null;
  readonly soldToContactId?: string | null;
  /** invoiceGroupNumber, invoiceTemplateId, paymentTerm, sequenceSetId …: under wire names, null clears. */
  readonly details: JsonObject;
}

export interface TermsAndConditionsAction extends Triggered {
  readonly type: 'TermsAndConditions';
  readonly invoicing: InvoicingPatch;
  readonly autoRenew: boolean | null;
  readonly renewalSetting: string | null;
  readonly renewalTerms: ReadonlyArray<{
    readonly period: number | null;
    readonly periodType: PeriodUnit | null;
  }> | null;
  /** The last term as it shall be; null: stays. */
  readonly lastTerm: {
    readonly termType: 'TERMED' | 'EVERGREEN' | null;
    readonly period: number | null;
    readonly periodType: PeriodUnit | null;
    readonly startDate: string | null;
    /** Exclusive. */
    readonly endDate: string | null;
  } | null;
}

export interface RenewSubscriptionAction extends Triggered {
  readonly type: 'RenewSubscription';
  readonly invoicing: InvoicingPatch;
}

export interface CancelSubscriptionAction extends Triggered {
  readonly type: 'CancelSubscription';
  readonly policy: 'EndOfCurrentTerm' | 'EndOfLastInvoicePeriod' | 'SpecificDate';
  /** First day that is not served; for SpecificDate. */
  readonly effectiveDate: string | null;
}

export interface OwnerTransferAction extends Triggered {
  readonly type: 'OwnerTransfer';
  /** Null: stays. */
  readonly subscriptionOwner: AccountReference | null;
  readonly invoiceOwner: AccountReference | null;
  readonly invoicing: InvoicingPatch;
}

export interface AddProductAction extends Triggered {
  readonly type: 'AddProduct';
  readonly ratePlan: RatePlanSpec;
}

/** Which rate plan of the subscription is meant: the first of these that is given. */
export interface RatePlanReference {
  /** Id, or SRP- number, of the subscription's rate plan. */
  readonly ratePlan: string | null;
  /** Given to the plan by an earlier action of the same order. */
  readonly uniqueToken: string | null;
  /** Id or number of the catalog's rate plan: must be unambiguous within the subscription. */
  readonly productRatePlan: string | null;
  /** The field that names it, below the action: `updateProduct.ratePlanId`. */
  readonly field: string;
}

export interface ChargeUpdateSpec {
  readonly chargeNumber: string | null;
  readonly uniqueToken: string | null;
  readonly description: string | null;
  /** Of the kind that fits the charge's type and model; what is null in it stays. */
  readonly pricing: PricingOverride | null;
  readonly billingPeriodAlignment: BillingPeriodAlignment | null;
  /** Null: the action's date. */
  readonly effective: ChargeStart | null;
  readonly customFields: JsonObject;
}

export interface UpdateProductAction extends Triggered {
  readonly type: 'UpdateProduct';
  readonly ratePlan: RatePlanReference;
  readonly specificUpdateDate: string | null;
  readonly charges: readonly ChargeUpdateSpec[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface RemoveProductAction extends Triggered {
  readonly type: 'RemoveProduct';
  readonly ratePlan: RatePlanReference;
  readonly customFields: JsonObject;
}

export interface ChangePlanAction extends Triggered {
  readonly type: 'ChangePlan';
  readonly remove: RatePlanReference;
  readonly add: RatePlanSpec;
  readonly policy: 'EffectiveImmediately' | 'EffectiveEndOfBillingPeriod' | 'SpecificDate';
  readonly subType: 'Upgrade' | 'Downgrade' | 'Crossgrade' | 'PlanChanged' | null;
  readonly resetBcd: boolean;
}

export interface SuspendAction extends Triggered {
  readonly type: 'Suspend';
  readonly policy: 'Today' | 'EndOfLastInvoicePeriod' | 'FixedPeriodsFromToday' | 'SpecificDate';
  readonly periods: number | null;
  readonly periodsType: PeriodUnit | null;
  readonly specificDate: string | null;
}

export interface ResumeAction extends Triggered {
  readonly type: 'Resume';
  readonly policy:
    | 'Today'
    | 'FixedPeriodsFromSuspendDate'
    | 'FixedPeriodsFromToday'
    | 'SpecificDate'
    | 'SuspendDate';
  readonly periods: number | null;
  readonly periodsType: PeriodUnit | null;
  readonly specificDate: string | null;
  /** The term ends later by the time that was not served. */
  readonly extendsTerm: boolean;
}

/** Everything that an order can do to a subscription; each has its file in actions/. */
export type OrderActionSpec =
  | CreateSubscriptionAction
  | TermsAndConditionsAction
  | RenewSubscriptionAction
  | CancelSubscriptionAction
  | OwnerTransferAction
  | AddProductAction
  | UpdateProductAction
  | RemoveProductAction
  | ChangePlanAction
  | SuspendAction
  | ResumeAction;
