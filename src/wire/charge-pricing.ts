import { z } from 'zod';
import type { PriceTier } from '../domain/charge-models/charge-model.ts';
import { TIERS_MAX } from '../domain/charge-models/price-tiers.ts';
import {
  DISCOUNT_LEVELS,
  DISCOUNT_TARGETS,
  PRICE_CHANGE_OPTIONS,
} from '../domain/charge-models/vocabulary.ts';
import { type Decimal, parseDecimal } from '../domain/money.ts';
import { type JsonObject, type JsonValue, type Refusal, refuse } from '../domain/result.ts';
import type { PricingKind, PricingOverride } from '../domain/subscriptions/subscription-spec.ts';
import { listPriceBaseFromWire } from './charge-vocabulary.ts';
import { fromWireDecimal, wireBoolean, wireDecimal, wireKey, wireNonNegative, wireText } from './values.ts';
import { oneOf, wholeNumber, wordOf } from './words.ts';

/** `pricing` of charge overrides and of charge updates: one block, named by the charge's type and model. */

/** Taken as it is, to be refused by name. */
const anything = z.unknown().optional();
const amount = wireNonNegative.nullish();
const DISCOUNT_APPLY_DETAILS_MAX = 100;

const tier = z.object(
  {
    tier: wholeNumber(1, TIERS_MAX),
    startingUnit: wireNonNegative,
    endingUnit: amount,
    price: wireNonNegative,
    priceFormat: oneOf(['FlatFee', 'PerUnit']),
  },
  { error: 'must be a tier: tier, startingUnit, endingUnit, price and priceFormat' },
);
const tiers = z
  .array(tier, { error: 'must be a list of tiers' })
  .min(1, 'must have at least one tier')
  .max(TIERS_MAX, `must have at most ${TIERS_MAX} tiers`)
  .superRefine((list, context) => {
    const at = list.findIndex((each, i) => each.tier !== i + 1);
    if (at !== -1) {
      context.addIssue({
        code: 'custom',
        path: [at, 'tier'],
        message: `must be ${at + 1}: tiers are in order`,
      });
    }
  })
  .nullish();

const listPrice = { listPrice: amount, originalListPrice: wireDecimal.nullish() };
const units = { quantity: amount };
const base = {
  listPriceBase: wordOf(listPriceBaseFromWire).nullish(),
  specificListPriceBase: wholeNumber(1, 200).nullish(),
  priceIntervals: anything,
};
const priceChange = {
  priceChangeOption: oneOf(PRICE_CHANGE_OPTIONS).nullish(),
  priceIncreasePercentage: wireDecimal.refine((value) => value >= -100, 'must not be below -100').nullish(),
};
const usage = {
  ratingGroup: oneOf(['ByBillingPeriod', 'ByUsageStartDate', 'ByUsageRecord', 'ByUsageUpload']).nullish(),
};
const unused = {
  numberOfPeriods: wholeNumber(1, 1_000).nullish(),
  overageUnusedUnitsCreditOption: oneOf(['NoCredit', 'CreditBySpecificRate']).nullish(),
  unusedUnitsCreditRates: wireDecimal.nullish(),
};
const discountUpdate = {
  discountPercentage: wireNonNegative.nullish(),
  discountAmount: amount,
  applyDiscountTo: oneOf(DISCOUNT_TARGETS).nullish(),
  discountLevel: oneOf(DISCOUNT_LEVELS).nullish(),
  priceChangeOption: oneOf(['NoChange', 'UseLatestProductCatalogPricing']).nullish(),
};
const discount = {
  ...discountUpdate,
  discountClass: wireText(255).nullish(),
  applyToBillingPeriodPartially: wireBoolean.nullish(),
  discountApplyDetails: z
    .array(z.object({ productRatePlanChargeId: wireKey.nullish(), productRatePlanId: wireKey.nullish() }), {
      error: 'must be a list',
    })
    .max(DISCOUNT_APPLY_DETAILS_MAX, `must have at most ${DISCOUNT_APPLY_DETAILS_MAX} charges`)
    .nullish(),
  originalDiscountAmount: wireDecimal.nullish(),
  originalDiscountPercentage: wireDecimal.nullish(),
};

/** Blocks that no charge can have yet. */
const notYet = { chargeModelData: anything, recurringDeliveryBased: anything, recurringDelivery: anything };
const block = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object(shape, { error: 'must be an object' }).nullish();

export const wirePricing = z.object({
  ...notYet,
  oneTimeFlatFee: block(listPrice),
  oneTimePerUnit: block({ ...listPrice, ...units }),
  oneTimeTiered: block({ ...units, tiers }),
  oneTimeVolume: block({ ...units, tiers }),
  recurringFlatFee: block({ ...priceChange, ...listPrice, ...base }),
  recurringPerUnit: block({ ...priceChange, ...listPrice, ...units, ...base }),
  recurringTiered: block({ ...priceChange, ...units, ...base, tiers }),
  recurringVolume: block({ ...priceChange, ...units, ...base, tiers }),
  usageFlatFee: block({ ...priceChange, ...listPrice }),
  usagePerUnit: block({ ...priceChange, ...listPrice, ...usage }),
  usageTiered: block({ ...priceChange, ...usage, tiers }),
  usageVolume: block({ ...priceChange, ...usage, tiers }),
  usageOverage: block({ ...priceChange, ...unused, includedUnits: amount, overagePrice: amount }),
  usageTieredWithOverage: block({ ...priceChange, ...unused, overagePrice: amount, tiers }),
  discount: block(discount),
});

/** One-time charges have no update; they are taken to be refused by name. */
export const wirePricingUpdate = z.object({
  ...notYet,
  oneTimeFlatFee: anything,
  oneTimePerUnit: anything,
  oneTimeTiered: anything,
  oneTimeVolume: anything,
  recurringFlatFee: block({ ...priceChange, ...listPrice }),
  recurringPerUnit: block({ ...priceChange, ...listPrice, ...units }),
  recurringTiered: block({ ...priceChange, ...units, tiers }),
  recurringVolume: block({ ...priceChange, ...units, tiers }),
  usageFlatFee: block({ ...priceChange, ...listPrice }),
  usagePerUnit: block({ ...priceChange, ...listPrice }),
  usageTiered: block({ ...priceChange, tiers }),
  usageVolume: block({ ...priceChange, tiers }),
  usageOverage: block({ ...priceChange, includedUnits: amount, overagePrice: amount }),
  usageTieredWithOverage: block({ ...priceChange, overagePrice: amount, tiers }),
  discount: block(discountUpdate),
});

export type WirePricing = z.output<typeof wirePricing>;
export type WirePricingUpdate = z.output<typeof wirePricingUpdate>;

/** All that a block of any kind may have. */
interface WireBlock {
  readonly listPrice?: number | null;
  readonly quantity?: number | null;
  readonly listPriceBase?: keyof typeof listPriceBaseFromWire | null;
  readonly specificListPriceBase?: number | null;
  readonly tiers?: ReadonlyArray<z.output<typeof tier>> | null;
  readonly includedUnits?: number | null;
  readonly overagePrice?: number | null;
  readonly discountAmount?: number | null;
  readonly discountPercentage?: number | null;
  readonly applyDiscountTo?: PricingOverride['applyDiscountTo'];
  readonly discountLevel?: PricingOverride['discountLevel'];
  readonly discountClass?: string | null;
  readonly priceChangeOption?: PricingOverride['priceChangeOption'];
  readonly priceIncreasePercentage?: number | null;
  readonly priceIntervals?: unknown;
}

/** Kept with the charge under their names; nothing is computed from them now. */
const KEPT = [
  'originalListPrice',
  'ratingGroup',
  'numberOfPeriods',
  'overageUnusedUnitsCreditOption',
  'unusedUnitsCreditRates',
  'applyToBillingPeriodPartially',
  'discountApplyDetails',
  'originalDiscountAmount',
  'originalDiscountPercentage',
] as const;

/**
 * `pricing` of a charge override in the domain's words; null when it names no block.
 *
 * @param path where it stands in the request: refusals name a block below it
 */
export function fromWirePricing(body: WirePricing, path: string): PricingOverride | null | Refusal {
  const [first, second] = Object.entries(body).filter(([, given]) => given != null);
  if (first === undefined) return null;
  const [kind, given] = first;
  if (kind in notYet) return refuse('invalid', 'this charge model is not available yet', `${path}.${kind}`);
  if (second !== undefined) {
    return refuse('invalid', 'only one kind of pricing fits a charge', `${path}.${second[0]}`);
  }
  const { priceIntervals } = given as WireBlock;
  if (priceIntervals != null)
    return refuse('invalid', 'is not available yet', `${path}.${kind}.priceIntervals`);
  return fromWireBlock(kind as PricingKind, given as WireBlock);
}

/** `pricing` of a charge update in the domain's words; null when it names no block. Refuses as `fromWirePricing` does. */
export function fromWirePricingUpdate(
  body: WirePricingUpdate,
  path: string,
): PricingOverride | null | Refusal {
  const oneTime = Object.entries(body).find(([kind, given]) => kind.startsWith('oneTime') && given != null);
  if (oneTime !== undefined) {
    return refuse('invalid', "the price of a one-time charge can't be updated", `${path}.${oneTime[0]}`);
  }
  return fromWirePricing(body as WirePricing, path);
}

function fromWireBlock(kind: PricingKind, given: WireBlock): PricingOverride {
  return {
    kind,
    price: decimal(given.listPrice),
    quantity: decimal(given.quantity),
    listPriceBase: given.listPriceBase == null ? null : listPriceBaseFromWire[given.listPriceBase],
    specificListPriceBase: given.specificListPriceBase ?? null,
    tiers: given.tiers?.map(fromWireTier) ?? null,
    includedUnits: decimal(given.includedUnits),
    overagePrice: decimal(given.overagePrice),
    discountAmount: decimal(given.discountAmount),
    discountPercentage: decimal(given.discountPercentage),
    applyDiscountTo: given.applyDiscountTo ?? null,
    discountLevel: given.discountLevel ?? null,
    discountClass: given.discountClass ?? null,
    priceChangeOption: given.priceChangeOption ?? null,
    priceIncreasePercentage: decimal(given.priceIncreasePercentage),
    details: keptOf(given),
  };
}

function fromWireTier(given: z.output<typeof tier>): PriceTier {
  return {
    startingUnit: fromWireDecimal(given.startingUnit),
    endingUnit: decimal(given.endingUnit),
    price: fromWireDecimal(given.price),
    priceFormat: given.priceFormat === 'FlatFee' ? 'Flat Fee' : 'Per Unit',
  };
}

function keptOf(given: WireBlock): JsonObject {
  const kept: { [name: string]: JsonValue } = {};
  const record = given as Record<string, JsonValue | undefined>;
  for (const name of KEPT) {
    const value = record[name];
    if (value != null) kept[name] = value;
  }
  return kept;
}

function decimal(value: number | null | undefined): Decimal | null {
  return value == null ? null : parseDecimal(value);
}
