import type { PeriodUnit } from '../calendar.ts';
import type {
  BillCycleType,
  BillingPeriod,
  BillingPeriodAlignment,
  BillingTiming,
  EndDateCondition,
  ListPriceBase,
  TriggerEvent,
  UpToPeriodsType,
} from '../charge-models/vocabulary.ts';
import type { Decimal } from '../money.ts';
import type { JsonObject } from '../result.ts';

/** Which pricing block of a charge override was given; it must fit the charge's type and model. */
export type PricingKind =
  | 'oneTimeFlatFee'
  | 'oneTimePerUnit'
  | 'recurringFlatFee'
  | 'recurringPerUnit'
  | 'usageFlatFee'
  | 'usagePerUnit';

/** What an order says otherwise than the catalog about a charge's price; what is null is the catalog's. */
export interface PricingOverride {
  readonly kind: PricingKind;
  readonly price: Decimal | null;
  readonly quantity: Decimal | null;
  readonly listPriceBase: ListPriceBase | null;
  readonly specificListPriceBase: number | null;
}

export interface BillingOverride {
  readonly billCycleDay: number | null;
  readonly billCycleType: BillCycleType | null;
  readonly billingPeriod: BillingPeriod | null;
  readonly billingPeriodAlignment: BillingPeriodAlignment | null;
  readonly billingTiming: BillingTiming | null;
  readonly specificBillingPeriod: number | null;
}

export interface ChargeStart {
  readonly triggerEvent: TriggerEvent | null;
  readonly specificTriggerDate: string | null;
}

export interface ChargeEnd {
  readonly endDateCondition: EndDateCondition | null;
  readonly specificEndDate: string | null;
  readonly upToPeriods: number | null;
  readonly upToPeriodsType: UpToPeriodsType | null;
}

/** One charge of a rate plan as it differs from the catalog. */
export interface ChargeSpec {
  /** Id or number of the product rate plan charge. */
  readonly productRatePlanCharge: string;
  readonly name: string | null;
  readonly pricing: PricingOverride | null;
  readonly billing: BillingOverride | null;
  readonly start: ChargeStart | null;
  readonly end: ChargeEnd | null;
  /** What nothing computes on, under wire names: only what the caller gave. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface RatePlanSpec {
  /** Id or number of the product rate plan. */
  readonly productRatePlan: string;
  readonly name: string | null;
  readonly charges: readonly ChargeSpec[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface TermSpec {
  readonly termType: 'TERMED' | 'EVERGREEN';
  readonly period: number | null;
  readonly periodType: PeriodUnit | null;
  readonly startDate: string | null;
  readonly autoRenew: boolean;
  readonly renewalSetting: string;
  readonly renewalPeriod: number | null;
  readonly renewalPeriodType: PeriodUnit | null;
}

/**
 * Dates on which a subscription starts to count. Undefined: not named, so the rule of trigger-dates.ts gives it. Null: named
 * without a date, so it is not known yet.
 */
export interface TriggerDates {
  readonly contractEffective?: string | null;
  readonly serviceActivation?: string | null;
  readonly customerAcceptance?: string | null;
}

/** A new subscription as an order describes it: domain words, exact decimals, nothing resolved yet. */
export interface SubscriptionSpec {
  readonly subscriptionNumber: string | null;
  readonly currency: string | null;
  readonly terms: TermSpec;
  readonly ratePlans: readonly RatePlanSpec[];
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  /** What nothing computes on, under wire names: only what the caller gave. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}
