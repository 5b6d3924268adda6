import type { PriceTier } from '../domain/charge-models/charge-model.ts';
import type { Decimal } from '../domain/money.ts';
import type { JsonObject, JsonValue } from '../domain/result.ts';
import { pricingKindOf } from '../domain/subscriptions/pricing-kinds.ts';
import type { Charge } from '../domain/subscriptions/subscription.ts';
import { listPriceBaseToWire } from './charge-vocabulary.ts';
import { toWireDecimal } from './values.ts';

/** How the price of a charge is shown: flat as subscriptions show it, in its pricing block as orders do. */

export function toWireDecimalOrNull(value: Decimal | null): number | null {
  return value === null ? null : toWireDecimal(value);
}

/** The price fields of a charge as a subscription shows them; what its model has not is null. */
export function toWirePrice(charge: Charge): JsonObject {
  return {
    price: toWireDecimalOrNull(charge.price),
    quantity: toWireDecimalOrNull(charge.quantity),
    tiers: charge.tiers.length === 0 ? null : charge.tiers.map(toWireTier),
    includedUnits: toWireDecimalOrNull(charge.includedUnits),
    overagePrice: toWireDecimalOrNull(charge.overagePrice),
    discountAmount: toWireDecimalOrNull(charge.discountAmount),
    discountPercentage: toWireDecimalOrNull(charge.discountPercentage),
    applyDiscountTo: charge.applyDiscountTo,
    discountLevel: charge.discountLevel,
    discountClass: charge.discountClass,
    pricingSummary: pricingSummary(charge),
  };
}

function toWireTier(tier: PriceTier, index: number): JsonObject {
  return {
    tier: index + 1,
    startingUnit: toWireDecimal(tier.startingUnit),
    endingUnit: toWireDecimalOrNull(tier.endingUnit),
    price: toWireDecimal(tier.price),
    priceFormat: tier.priceFormat.replace(' ', ''),
  };
}

/** A price as a person reads it: USD6.25 / Each, 0 to 10 Each: USD20 flat fee; 11 Each or more: USD4/Each. */
function pricingSummary(charge: Charge): string {
  const { currency, price, overagePrice, discountAmount, discountPercentage } = charge;
  const unit = charge.unitOfMeasure ?? 'unit';
  if (discountAmount !== null) return `${currency}${discountAmount} fixed amount discount`;
  if (discountPercentage !== null) return `${discountPercentage}% discount`;
  const tiers = charge.tiers.map((tier) => tierSummary(tier, currency, unit));
  const overage = overagePrice === null ? null : `${currency}${overagePrice}/${unit} overage`;
  if (tiers.length > 0) return (overage === null ? tiers : [...tiers, overage]).join('; ');
  if (overage !== null) return `${charge.includedUnits ?? '0'} ${unit} included; ${overage}`;
  if (price === null) return '';
  if (charge.chargeModel !== 'Per Unit Pricing') return `${currency}${price}`;
  return charge.unitOfMeasure === null ? `${currency}${price} per unit` : `${currency}${price} / ${unit}`;
}

function tierSummary(tier: PriceTier, currency: string, unit: string): string {
  const { startingUnit, endingUnit, price } = tier;
  const range =
    endingUnit === null ? `${startingUnit} ${unit} or more` : `${startingUnit} to ${endingUnit} ${unit}`;
  const isFlat = tier.priceFormat === 'Flat Fee';
  return `${range}: ${currency}${price}${isFlat ? ' flat fee' : `/${unit}`}`;
}

/** Wire fields of each pricing block beside the price change of what recurs. */
const BLOCK_FIELDS: Readonly<Record<string, readonly string[]>> = {
  FlatFee: ['listPrice'],
  PerUnit: ['listPrice', 'quantity'],
  Tiered: ['tiers', 'quantity'],
  Volume: ['tiers', 'quantity'],
  Overage: ['includedUnits', 'overagePrice', 'numberOfPeriods', 'overageUnusedUnitsCreditOption'],
  TieredWithOverage: ['tiers', 'overagePrice', 'numberOfPeriods', 'overageUnusedUnitsCreditOption'],
};
const DISCOUNT_FIELDS = [
  'discountAmount',
  'discountPercentage',
  'applyDiscountTo',
  'discountLevel',
  'discountClass',
  'applyToBillingPeriodPartially',
  'discountApplyDetails',
];

/** `{ pricing: { recurringPerUnit: { … } } }` of a charge as orders show it; nothing for a model that is not priced. */
export function toWirePricing(charge: Charge): JsonObject {
  const kind = pricingKindOf(charge.chargeType, charge.chargeModel);
  if (kind === null) return {};
  const values: JsonObject = {
    ...charge.details,
    ...toWirePrice(charge),
    listPrice: toWireDecimalOrNull(charge.price),
  };
  const model = kind.replace(/^(oneTime|recurring|usage)/, '');
  const fields = BLOCK_FIELDS[model] ?? DISCOUNT_FIELDS;
  const block: { [name: string]: JsonValue } = {};
  for (const field of fields) {
    const value = values[field];
    if (value != null) block[field] = value;
  }
  if (kind === 'discount') {
    if (charge.details.priceChangeOption != null) block.priceChangeOption = charge.details.priceChangeOption;
    return { pricing: { discount: block } };
  }
  if (charge.chargeType === 'Usage' && charge.details.ratingGroup != null && !model.endsWith('Overage')) {
    block.ratingGroup = charge.details.ratingGroup;
  }
  if (charge.chargeType === 'Recurring') block.listPriceBase = listPriceBaseToWire(charge.listPriceBase);
  if (charge.chargeType !== 'OneTime') {
    block.priceChangeOption = charge.details.priceChangeOption ?? null;
    block.priceIncreasePercentage = charge.details.priceIncreasePercentage ?? null;
  }
  return { pricing: { [kind]: block } };
}
