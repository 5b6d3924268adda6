import type {
  BillingPeriod,
  BillingTiming,
  EndDateCondition,
  ListPriceBase,
  UpToPeriodsType,
} from '../domain/charge-models/vocabulary.ts';

/**
 * Orders and subscriptions spell some words of a charge otherwise than the catalog: `Semi_Annual`, `Per_Month`, `IN_ADVANCE`. Each table
 * maps the wire's word to the domain's, which is the catalog's.
 */
export const billingPeriodFromWire = {
  Month: 'Month',
  Quarter: 'Quarter',
  Semi_Annual: 'Semi-Annual',
  Annual: 'Annual',
  Eighteen_Months: 'Eighteen Months',
  Two_Years: 'Two Years',
  Three_Years: 'Three Years',
  Five_Years: 'Five Years',
  Specific_Months: 'Specific Months',
  Subscription_Term: 'Subscription Term',
  Week: 'Week',
  Specific_Weeks: 'Specific Weeks',
  Specific_Days: 'Specific Days',
} as const satisfies Record<string, BillingPeriod>;

export const listPriceBaseFromWire = {
  Per_Billing_Period: 'Per Billing Period',
  Per_Month: 'Per Month',
  Per_Week: 'Per Week',
  Per_Year: 'Per Year',
  Per_Specific_Months: 'Per Specific Months',
} as const satisfies Record<string, ListPriceBase>;

export const billingTimingFromWire = {
  IN_ADVANCE: 'In Advance',
  IN_ARREARS: 'In Arrears',
} as const satisfies Record<string, BillingTiming>;

export const endDateConditionFromWire = {
  Subscription_End: 'SubscriptionEnd',
  Fixed_Period: 'FixedPeriod',
  Specific_End_Date: 'SpecificEndDate',
  One_Time: 'OneTime',
} as const satisfies Record<string, EndDateCondition>;

export const upToPeriodsTypeFromWire = {
  Billing_Periods: 'Billing Periods',
  Days: 'Days',
  Weeks: 'Weeks',
  Months: 'Months',
  Years: 'Years',
} as const satisfies Record<string, UpToPeriodsType>;

/** The wire's words of a table, for schemas. */
export function wordsOf<Table extends Readonly<Record<string, string>>>(
  table: Table,
): Array<keyof Table & string> {
  return Object.keys(table);
}

function reversed(table: Readonly<Record<string, string>>): (word: string | null) => string | null {
  const words = new Map(Object.entries(table).map(([wire, domain]) => [domain, wire]));
  return (word) => (word === null ? null : (words.get(word) ?? word));
}

export const billingPeriodToWire = reversed(billingPeriodFromWire);
export const listPriceBaseToWire = reversed(listPriceBaseFromWire);
export const billingTimingToWire = reversed(billingTimingFromWire);
export const endDateConditionToWire = reversed(endDateConditionFromWire);
export const upToPeriodsTypeToWire = reversed(upToPeriodsTypeFromWire);

/** Charge models as subscriptions name them, by the catalog's names. */
const modelWords: Readonly<Record<string, string>> = {
  'Flat Fee Pricing': 'FlatFee',
  'Per Unit Pricing': 'PerUnit',
  'Tiered Pricing': 'Tiered',
  'Volume Pricing': 'Volume',
  'Overage Pricing': 'Overage',
  'Tiered with Overage Pricing': 'TieredWithOverage',
  'Discount-Fixed Amount': 'DiscountFixedAmount',
  'Discount-Percentage': 'DiscountPercentage',
  'Delivery Pricing': 'Delivery',
};

export function chargeModelToWire(model: string): string {
  return modelWords[model] ?? model;
}
