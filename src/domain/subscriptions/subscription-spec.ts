import type { PeriodUnit } from '../calendar.ts';
import type { PriceTier } from '../charge-models/charge-model.ts';
import type {
  BillCycleType,
  BillingPeriod,
  BillingPeriodAlignment,
  BillingTiming,
  DiscountLevel,
  DiscountTarget,
  EndDateCondition,
  ListPriceBase,
  PriceChangeOption,
  TriggerEvent,
  UpToPeriodsType,
} from '../charge-models/vocabulary.ts';
import type { Decimal } from '../money.ts';
import type { JsonObject } from '../result.ts';

/** Which pricing block of a charge override was given; it must fit the charge's type and model. */
export type PricingKind =
  | 'oneTimeFlatFee'
  | 'oneTimePerUnit'
  | 'oneTimeTiered'
  | 'oneTimeVolume'
  | 'recurringFlatFee'
  | 'recurringPerUnit'
  | 'recurringTiered'
  | 'recurringVolume'
  | 'usageFlatFee'
  | 'usagePerUnit'
  | 'usageTiered'
  | 'usageVolume'
  | 'usageOverage'
  | 'usageTieredWithOverage'
  | 'discount'
  /** Of the flat forms of /v1/subscriptions, which do not say: it fits every model. */
  | 'any';

/**
 * What an order says otherwise about a charge's price than the catalog, or than what the charge had; what is null or absent stays. A
 * kind has only some of the fields (pricing-kinds.ts).
 */
export interface PricingOverride {
  readonly kind: PricingKind;
  readonly price: Decimal | null;
  readonly quantity: Decimal | null;
  readonly listPriceBase: ListPriceBase | null;
  readonly specificListPriceBase: number | null;
  /** All tiers, in order: they replace those that there were. */
  readonly tiers?: readonly PriceTier[] | null;
  readonly includedUnits?: Decimal | null;
  readonly overagePrice?: Decimal | null;
  readonly discountAmount?: Decimal | null;
  readonly discountPercentage?: Decimal | null;
  readonly applyDiscountTo?: DiscountTarget | null;
  readonly discountLevel?: DiscountLevel | null;
  readonly discountClass?: string | null;
  /** How the price changes when the subscription renews. */
  readonly priceChangeOption?: PriceChangeOption | null;
  /** Per cent, from -100 on. */
  readonly priceIncreasePercentage?: Decimal | null;
  /** What nothing is computed from, under wire names: only what the caller gave. */
  readonly details?: JsonObject;
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
