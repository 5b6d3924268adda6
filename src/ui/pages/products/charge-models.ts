import {
  CHARGE_MODELS,
  CHARGE_TYPES_OF_MODEL,
  type ChargeModelName,
} from '../../../domain/charge-models/vocabulary.ts';

/** What a person has to know of a charge model to choose it, and how its prices are given. */
export interface ModelView {
  readonly name: ChargeModelName;
  /** As GET /v1/products/{id}/product-rate-plans names it. */
  readonly wire: string;
  readonly label: string;
  readonly explanation: string;
  readonly prices: 'price' | 'tiers' | 'amount' | 'percentage';
  readonly hasOverageTier?: boolean;
  readonly hasIncludedUnits?: boolean;
  readonly hasUnits?: boolean;
  readonly isDiscount?: boolean;
  /** Kept in the catalog for other systems: orders of it are refused. */
  readonly isOnlyKept?: boolean;
}

export const MODEL_VIEWS: readonly ModelView[] = [
  {
    name: 'Flat Fee Pricing',
    wire: 'FlatFee',
    label: 'Flat fee',
    explanation: 'One price, whatever is used.',
    prices: 'price',
  },
  {
    name: 'Per Unit Pricing',
    wire: 'PerUnit',
    label: 'Per unit',
    explanation: 'The price times the quantity.',
    prices: 'price',
    hasUnits: true,
  },
  {
    name: 'Tiered Pricing',
    wire: 'Tiered',
    label: 'Tiered',
    explanation: 'Each unit costs what its own tier says: the first ten this much, the next less.',
    prices: 'tiers',
    hasUnits: true,
  },
  {
    name: 'Volume Pricing',
    wire: 'Volume',
    label: 'Volume',
    explanation: 'All units cost what the tier of the whole quantity says.',
    prices: 'tiers',
    hasUnits: true,
  },
  {
    name: 'Overage Pricing',
    wire: 'Overage',
    label: 'Overage',
    explanation: 'So many units are included; each one beyond has a price. For usage.',
    prices: 'price',
    hasUnits: true,
    hasIncludedUnits: true,
  },
  {
    name: 'Tiered with Overage Pricing',
    wire: 'TieredwithOverage',
    label: 'Tiered with overage',
    explanation: 'Tiers, and a price for each unit beyond the last one. For usage.',
    prices: 'tiers',
    hasUnits: true,
    hasOverageTier: true,
  },
  {
    name: 'Discount-Fixed Amount',
    wire: 'DiscountFixedAmount',
    label: 'Discount of a fixed amount',
    explanation: 'Takes an amount off other charges of the plan, the subscription or the account.',
    prices: 'amount',
    isDiscount: true,
  },
  {
    name: 'Discount-Percentage',
    wire: 'DiscountPercentage',
    label: 'Discount of a percentage',
    explanation: 'Takes a part of other charges off.',
    prices: 'percentage',
    isDiscount: true,
  },
  {
    name: 'Delivery Pricing',
    wire: 'Delivery',
    label: 'Delivery',
    explanation: 'A price for each delivery of a schedule.',
    prices: 'price',
    isOnlyKept: true,
  },
  {
    name: 'MultiAttributePricing',
    wire: 'MultiAttributePricing',
    label: 'Multi-attribute',
    explanation: 'Priced by a formula of attributes.',
    prices: 'price',
    isOnlyKept: true,
  },
  {
    name: 'PreratedPerUnit',
    wire: 'PreratedPerUnit',
    label: 'Pre-rated per unit',
    explanation: 'Usage records bring their price for each unit.',
    prices: 'price',
    isOnlyKept: true,
  },
  {
    name: 'PreratedPricing',
    wire: 'PreratedPricing',
    label: 'Pre-rated',
    explanation: 'Usage records bring their amount.',
    prices: 'price',
    isOnlyKept: true,
  },
  {
    name: 'HighWatermarkVolumePricing',
    wire: 'HighWatermarkVolumePricing',
    label: 'High watermark, volume',
    explanation: 'The largest usage of the period, priced by volume.',
    prices: 'tiers',
    isOnlyKept: true,
  },
  {
    name: 'HighWatermarkTieredPricing',
    wire: 'HighWatermarkTieredPricing',
    label: 'High watermark, tiered',
    explanation: 'The largest usage of the period, priced in tiers.',
    prices: 'tiers',
    isOnlyKept: true,
  },
];

export function modelLabel(wire: string): string {
  return MODEL_VIEWS.find((model) => model.wire === wire)?.label ?? wire;
}

export function modelView(name: string): ModelView | null {
  return (CHARGE_MODELS as readonly string[]).includes(name)
    ? (MODEL_VIEWS.find((model) => model.name === name) ?? null)
    : null;
}

export const typesOfModel = (name: ChargeModelName) => CHARGE_TYPES_OF_MODEL[name];
