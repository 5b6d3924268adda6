import { z } from 'zod';
import { PRICE_CHANGE_OPTIONS } from '../../domain/charge-models/vocabulary.ts';
import { type JsonObject, type Refusal, refuse } from '../../domain/result.ts';
import type { PricingKind, PricingOverride } from '../../domain/subscriptions/subscription-spec.ts';
import { listPriceBaseFromWire } from '../charge-vocabulary.ts';
import {
  fromWireDecimal,
  pickGiven,
  wireAnything,
  wireDecimal,
  wireNonNegative,
  wireText,
} from '../values.ts';
import { oneOf, wholeNumber, wordOf } from '../words.ts';

const pricingBlock = z.object({
  listPrice: wireNonNegative.nullish(),
  quantity: wireNonNegative.nullish(),
  listPriceBase: wordOf(listPriceBaseFromWire).nullish(),
  specificListPriceBase: wholeNumber(1, 200).nullish(),
  originalListPrice: wireDecimal.nullish(),
  priceChangeOption: oneOf(PRICE_CHANGE_OPTIONS).nullish(),
  priceIncreasePercentage: wireDecimal.nullish(),
  uom: wireText(255).nullish(),
  priceIntervals: wireAnything,
});

/** `pricing` of a charge override. */
export const wirePricing = z.object({
  oneTimeFlatFee: pricingBlock.nullish(),
  oneTimePerUnit: pricingBlock.nullish(),
  recurringFlatFee: pricingBlock.nullish(),
  recurringPerUnit: pricingBlock.nullish(),
  usageFlatFee: pricingBlock.nullish(),
  usagePerUnit: pricingBlock.nullish(),
  chargeModelData: wireAnything,
  discount: wireAnything,
  oneTimeTiered: wireAnything,
  oneTimeVolume: wireAnything,
  recurringDeliveryBased: wireAnything,
  recurringTiered: wireAnything,
  recurringVolume: wireAnything,
  usageOverage: wireAnything,
  usageTiered: wireAnything,
  usageTieredWithOverage: wireAnything,
  usageVolume: wireAnything,
});
/** `pricing` of a charge update. */
export const wirePricingUpdate = wirePricing;

const PRICING_KINDS = [
  'oneTimeFlatFee',
  'oneTimePerUnit',
  'recurringFlatFee',
  'recurringPerUnit',
  'usageFlatFee',
  'usagePerUnit',
] as const satisfies readonly PricingKind[];

/** What a pricing block says, with what is only kept of it, under wire names. */
type ReadPricing = PricingOverride & { readonly details?: JsonObject };

/** @param path of the `pricing` object, for refusals */
export function fromWirePricing(
  body: z.output<typeof wirePricing>,
  path: string,
): ReadPricing | null | Refusal {
  const [first, second] = Object.entries(body).filter(([, block]) => block != null);
  if (first === undefined) return null;
  const kind = PRICING_KINDS.find((known) => known === first[0]);
  if (kind === undefined)
    return refuse('invalid', 'this charge model is not available yet', `${path}.${first[0]}`);
  if (second !== undefined)
    return refuse('invalid', 'only one kind of pricing fits a charge', `${path}.${second[0]}`);
  const given = body[kind]!;
  if (given.priceIntervals != null)
    return refuse('invalid', 'is not available yet', `${path}.${kind}.priceIntervals`);
  const base = given.listPriceBase;
  return {
    kind,
    price: given.listPrice == null ? null : fromWireDecimal(given.listPrice),
    quantity: given.quantity == null ? null : fromWireDecimal(given.quantity),
    listPriceBase: base == null ? null : listPriceBaseFromWire[base],
    specificListPriceBase: given.specificListPriceBase ?? null,
    details: pickGiven(given, ['originalListPrice', 'priceChangeOption', 'priceIncreasePercentage']),
  };
}

/** @param path of the `pricing` object, for refusals */
export function fromWirePricingUpdate(
  body: z.output<typeof wirePricingUpdate>,
  path: string,
): ReadPricing | null | Refusal {
  return fromWirePricing(body, path);
}
