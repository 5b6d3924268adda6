import { isPriced, type PricedModel } from '../charge-models/registry.ts';
import type { ChargeType } from '../charge-models/vocabulary.ts';
import type { PricingKind, PricingOverride } from './subscription-spec.ts';

const KINDS: Readonly<Record<PricedModel, Partial<Record<ChargeType, PricingKind>>>> = {
  'Flat Fee Pricing': { OneTime: 'oneTimeFlatFee', Recurring: 'recurringFlatFee', Usage: 'usageFlatFee' },
  'Per Unit Pricing': { OneTime: 'oneTimePerUnit', Recurring: 'recurringPerUnit', Usage: 'usagePerUnit' },
  'Tiered Pricing': { OneTime: 'oneTimeTiered', Recurring: 'recurringTiered', Usage: 'usageTiered' },
  'Volume Pricing': { OneTime: 'oneTimeVolume', Recurring: 'recurringVolume', Usage: 'usageVolume' },
  'Overage Pricing': { Usage: 'usageOverage' },
  'Tiered with Overage Pricing': { Usage: 'usageTieredWithOverage' },
  'Discount-Fixed Amount': { OneTime: 'discount', Recurring: 'discount' },
  'Discount-Percentage': { OneTime: 'discount', Recurring: 'discount' },
};

/** The pricing block that a charge takes and shows; null for a model that is not priced. */
export function pricingKindOf(chargeType: string, chargeModel: string): PricingKind | null {
  return isPriced(chargeModel) ? (KINDS[chargeModel][chargeType as ChargeType] ?? null) : null;
}

/** What can be said otherwise than the catalog about a charge's price, by model. Quantities of usage are counted, not agreed. */
export const FIELDS_OF_MODEL = {
  'Flat Fee Pricing': ['price'],
  'Per Unit Pricing': ['price', 'quantity'],
  'Tiered Pricing': ['tiers', 'quantity'],
  'Volume Pricing': ['tiers', 'quantity'],
  'Overage Pricing': ['includedUnits', 'overagePrice'],
  'Tiered with Overage Pricing': ['tiers', 'overagePrice'],
  'Discount-Fixed Amount': ['discountAmount', 'applyDiscountTo', 'discountLevel', 'discountClass'],
  'Discount-Percentage': ['discountPercentage', 'applyDiscountTo', 'discountLevel', 'discountClass'],
} as const satisfies Record<PricedModel, readonly (keyof PricingOverride)[]>;

/** Names of prices in requests, where they differ from the domain's. */
export function wireFieldOf(field: string): string {
  return field === 'price' ? 'listPrice' : field;
}
