/**
 * The words that a charge is described in, as the catalog's wire spells them. Orders spell some of them with
 * underscores (`Semi_Annual`, `Per_Month`); the wire layer turns those into these.
 */

export const CHARGE_TYPES = ['OneTime', 'Recurring', 'Usage'] as const;
export type ChargeType = (typeof CHARGE_TYPES)[number];

export const CHARGE_MODELS = [
  'Discount-Fixed Amount',
  'Discount-Percentage',
  'Flat Fee Pricing',
  'Per Unit Pricing',
  'Overage Pricing',
  'Tiered Pricing',
  'Tiered with Overage Pricing',
  'Volume Pricing',
  'Delivery Pricing',
  'MultiAttributePricing',
  'PreratedPerUnit',
  'PreratedPricing',
  'HighWatermarkVolumePricing',
  'HighWatermarkTieredPricing',
] as const;
export type ChargeModelName = (typeof CHARGE_MODELS)[number];

/** Which charge types each model exists for (semantics E.1; delivery, prerated and high-watermark by their nature). */
export const CHARGE_TYPES_OF_MODEL: Readonly<Record<ChargeModelName, readonly ChargeType[]>> = {
  'Discount-Fixed Amount': ['OneTime', 'Recurring'],
  'Discount-Percentage': ['OneTime', 'Recurring'],
  'Flat Fee Pricing': CHARGE_TYPES,
  'Per Unit Pricing': CHARGE_TYPES,
  'Overage Pricing': ['Usage'],
  'Tiered Pricing': CHARGE_TYPES,
  'Tiered with Overage Pricing': ['Usage'],
  'Volume Pricing': CHARGE_TYPES,
  'Delivery Pricing': ['Recurring'],
  MultiAttributePricing: CHARGE_TYPES,
  PreratedPerUnit: ['Usage'],
  PreratedPricing: ['Usage'],
  HighWatermarkVolumePricing: ['Usage'],
  HighWatermarkTieredPricing: ['Usage'],
};

/** The catalog's billing periods, and the four fixed lengths that only orders name. */
export const BILLING_PERIODS = [
  'Month',
  'Quarter',
  'Semi-Annual',
  'Annual',
  'Eighteen Months',
  'Two Years',
  'Three Years',
  'Five Years',
  'Specific Months',
  'Subscription Term',
  'Week',
  'Specific Weeks',
  'Specific Days',
] as const;
export type BillingPeriod = (typeof BILLING_PERIODS)[number];

/** What the list price is the price of. */
export const LIST_PRICE_BASES = [
  'Per Billing Period',
  'Per Month',
  'Per Week',
  'Per Year',
  'Per Specific Months',
] as const;
export type ListPriceBase = (typeof LIST_PRICE_BASES)[number];

export const BILLING_TIMINGS = ['In Advance', 'In Arrears'] as const;
export type BillingTiming = (typeof BILLING_TIMINGS)[number];

export const BILLING_PERIOD_ALIGNMENTS = [
  'AlignToCharge',
  'AlignToSubscriptionStart',
  'AlignToTermStart',
  'AlignToTermEnd',
] as const;
export type BillingPeriodAlignment = (typeof BILLING_PERIOD_ALIGNMENTS)[number];

export const BILL_CYCLE_TYPES = [
  'DefaultFromCustomer',
  'SpecificDayofMonth',
  'SubscriptionStartDay',
  'ChargeTriggerDay',
  'SpecificDayofWeek',
  'TermStartDay',
  'TermEndDay',
] as const;
export type BillCycleType = (typeof BILL_CYCLE_TYPES)[number];

export const WEEKLY_BILL_CYCLE_DAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** The catalog has the first three; a charge on a subscription may also start on a date of its own. */
export const TRIGGER_EVENTS = [
  'ContractEffective',
  'ServiceActivation',
  'CustomerAcceptance',
  'SpecificDate',
] as const;
export type TriggerEvent = (typeof TRIGGER_EVENTS)[number];

/** The catalog has the first two; a charge on a subscription also the others. */
export const END_DATE_CONDITIONS = ['SubscriptionEnd', 'FixedPeriod', 'SpecificEndDate', 'OneTime'] as const;
export type EndDateCondition = (typeof END_DATE_CONDITIONS)[number];

export const UP_TO_PERIODS_TYPES = ['Billing Periods', 'Days', 'Weeks', 'Months', 'Years'] as const;
export type UpToPeriodsType = (typeof UP_TO_PERIODS_TYPES)[number];

/** From the narrowest, which is applied first, to the widest. */
export const DISCOUNT_LEVELS = ['rateplan', 'subscription', 'account'] as const;
export type DiscountLevel = (typeof DISCOUNT_LEVELS)[number];

export const APPLY_DISCOUNT_TO = [
  'ONETIME (1)',
  'RECURRING (2)',
  'ONETIMERECURRING (3)',
  'USAGE (4)',
  'ONETIMEUSAGE (5)',
  'RECURRINGUSAGE (6)',
  'ONETIMERECURRINGUSAGE (7)',
] as const;

/** What a discount on a subscription may be applied to: the catalog's words without their numbers. */
export const DISCOUNT_TARGETS = [
  'ONETIME',
  'RECURRING',
  'USAGE',
  'ONETIMERECURRING',
  'ONETIMEUSAGE',
  'RECURRINGUSAGE',
  'ONETIMERECURRINGUSAGE',
] as const;
export type DiscountTarget = (typeof DISCOUNT_TARGETS)[number];

export const CHARGE_TYPES_OF_TARGET: Readonly<Record<DiscountTarget, readonly ChargeType[]>> = {
  ONETIME: ['OneTime'],
  RECURRING: ['Recurring'],
  ONETIMERECURRING: ['OneTime', 'Recurring'],
  USAGE: ['Usage'],
  ONETIMEUSAGE: ['OneTime', 'Usage'],
  RECURRINGUSAGE: ['Recurring', 'Usage'],
  ONETIMERECURRINGUSAGE: ['OneTime', 'Recurring', 'Usage'],
};

export const RATING_GROUPS = [
  'ByBillingPeriod',
  'ByUsageStartDate',
  'ByUsageRecord',
  'ByUsageUpload',
  'ByGroupId',
] as const;

export const PRICE_CHANGE_OPTIONS = [
  'NoChange',
  'SpecificPercentageValue',
  'UseLatestProductCatalogPricing',
] as const;
export type PriceChangeOption = (typeof PRICE_CHANGE_OPTIONS)[number];

export const TAX_MODES = ['TaxExclusive', 'TaxInclusive'] as const;

export const PRICE_FORMATS = ['Per Unit', 'Flat Fee'] as const;
export type PriceFormat = (typeof PRICE_FORMATS)[number];

export const PRORATION_OPTIONS = [
  'NoProration',
  'TimeBasedProration',
  'DefaultFromTenantSetting',
  'ChargeFullPeriod',
] as const;
