import {
  type ChargeTerms,
  numberProblems,
  PRICE_DECIMALS_MAX,
  type Problem,
} from '../charge-models/charge-model.ts';
import { rangeProblem } from '../charge-models/price-tiers.ts';
import { chargeModels, isDiscount, isPriced } from '../charge-models/registry.ts';
import type { ChargeModelName, PriceFormat } from '../charge-models/vocabulary.ts';
import type { Decimal } from '../money.ts';
import type { ChargeTier, ProductRatePlanCharge } from './catalog.ts';
import type { TierInput } from './charge-input.ts';

type TierShape = 'one price' | 'tiers' | 'discount amount' | 'discount percentage' | 'optional';

/** What the tiers of each model look like, per currency. */
const shapes: Readonly<Record<ChargeModelName, TierShape>> = {
  'Discount-Fixed Amount': 'discount amount',
  'Discount-Percentage': 'discount percentage',
  'Flat Fee Pricing': 'one price',
  'Per Unit Pricing': 'one price',
  'Overage Pricing': 'one price',
  'Tiered Pricing': 'tiers',
  'Tiered with Overage Pricing': 'tiers',
  'Volume Pricing': 'tiers',
  'Delivery Pricing': 'one price',
  MultiAttributePricing: 'optional',
  PreratedPerUnit: 'optional',
  PreratedPricing: 'optional',
  HighWatermarkVolumePricing: 'tiers',
  HighWatermarkTieredPricing: 'tiers',
};

/** Models that price a number of units, which they need a name for. */
export const UNIT_MODELS: ReadonlySet<string> = new Set<ChargeModelName>([
  'Per Unit Pricing',
  'Overage Pricing',
  'Tiered Pricing',
  'Tiered with Overage Pricing',
  'Volume Pricing',
]);

/** Where tiers lie in a request: problems name the place. */
const TIER_PATH = 'ProductRatePlanChargeTierData.ProductRatePlanChargeTier';
/**
 * Tiers as they are stored: numbered per currency, with the price format that the model has by nature. A tier keeps its id when it
 * is named by it or stands where one stood; others get a new one.
 */
export function numberedTiers(
  inputs: readonly TierInput[],
  model: string,
  includedUnits: Decimal | null,
  existing: readonly ChargeTier[],
  newId: () => string,
): ChargeTier[] {
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return inputs.map((input) => {
    const tier = (counts.get(input.currency) ?? 0) + 1;
    counts.set(input.currency, tier);
    const known = existing.find((old) =>
      input.id === null ? old.currency === input.currency && old.tier === tier : old.id === input.id,
    );
    const id = known === undefined || taken.has(known.id) ? newId() : known.id;
    taken.add(id);
    return {
      id,
      tier,
      currency: input.currency,
      startingUnit: input.startingUnit,
      endingUnit: input.endingUnit,
      price: input.price ?? '0',
      priceFormat: input.priceFormat ?? (model === 'Flat Fee Pricing' ? 'Flat Fee' : 'Per Unit'),
      isOveragePrice: input.isOveragePrice,
      discountAmount: input.discountAmount,
      discountPercentage: input.discountPercentage,
      includedUnits,
    };
  });
}

type PricedTerms = Pick<ProductRatePlanCharge, 'chargeModel' | 'chargeType' | 'defaultQuantity'>;

/** The first thing that is wrong with the prices of a charge, named by its place in a request; null when nothing is. */
export function tierProblem(charge: PricedTerms, inputs: readonly TierInput[]): Problem | null {
  const shape = shapes[charge.chargeModel as ChargeModelName];
  if (inputs.length === 0) {
    return shape === 'optional'
      ? null
      : { field: TIER_PATH, message: `is required for ${charge.chargeModel}` };
  }
  const last = new Map<string, TierInput>();
  for (const [i, input] of inputs.entries()) {
    const before = last.get(input.currency) ?? null;
    const problem =
      amountProblem(shape, charge, input) ??
      overageProblem(charge.chargeModel, before, input) ??
      (shape === 'tiers' ? placeProblem(before, input) : null) ??
      (before !== null && shape !== 'tiers' && shape !== 'optional'
        ? { field: 'Currency', message: `${charge.chargeModel} has one price per currency` }
        : null);
    if (problem !== null) {
      return problem.field === 'DefaultQuantity'
        ? problem
        : { ...problem, field: `${TIER_PATH}[${i}].${problem.field}` };
    }
    last.set(input.currency, input);
  }
  return wholeProblem(charge, inputs);
}

/** What is wrong with the amount of one tier. */
function amountProblem(shape: TierShape, charge: PricedTerms, input: TierInput): Problem | null {
  const model = charge.chargeModel;
  if (shape === 'optional' && input.price === null) return null;
  if (!isPriced(model) || model === 'Overage Pricing' || shape === 'tiers') {
    return named(numberProblems('Price', input.price, PRICE_DECIMALS_MAX)[0]);
  }
  const { price, discountAmount, discountPercentage } = input;
  const quantity = charge.defaultQuantity ?? '1';
  return named(
    chargeModels[model].validate({ price, quantity, tiers: [], discountAmount, discountPercentage })[0],
  );
}

/** The price beyond the last tier is a tier of its own, the last; no other model has one. */
function overageProblem(model: string, before: TierInput | null, input: TierInput): Problem | null {
  if (input.isOveragePrice && model !== 'Tiered with Overage Pricing' && model !== 'Overage Pricing') {
    return { field: 'IsOveragePrice', message: `is not for ${model}` };
  }
  if (before === null || !before.isOveragePrice) return null;
  return { field: 'IsOveragePrice', message: 'must be true for the last tier of a currency only' };
}

/** Where a tier stands among those of its currency. The overage price begins where the tiers end, said or not. */
function placeProblem(before: TierInput | null, input: TierInput): Problem | null {
  if (!input.isOveragePrice) return named(rangeProblem(before, input));
  if (before === null) return { field: 'IsOveragePrice', message: 'must follow on a tier' };
  if (before.endingUnit === null) {
    return { field: 'IsOveragePrice', message: 'follows a tier without EndingUnit: nothing is beyond it' };
  }
  return input.startingUnit === null ? null : named(rangeProblem(before, input));
}

/** What the tiers of a currency have to be together, with the quantity that the charge has by default. */
function wholeProblem(charge: PricedTerms, inputs: readonly TierInput[]): Problem | null {
  const { chargeModel: model, chargeType } = charge;
  if (!isPriced(model) || shapes[model] !== 'tiers') return null;
  for (const currency of new Set(inputs.map((input) => input.currency))) {
    const { tiers, overagePrice } = priceOf(
      inputs.filter((input) => input.currency === currency),
      model,
    );
    const quantity = chargeType === 'Usage' ? '0' : (charge.defaultQuantity ?? '1');
    const [problem] = chargeModels[model].validate({ price: null, quantity, tiers, overagePrice });
    if (problem === undefined) continue;
    return problem.field === 'quantity'
      ? named(problem)
      : { field: TIER_PATH, message: `needs a tier in ${currency} with IsOveragePrice after the last one` };
  }
  return null;
}

/** What a stored tier, or one that is given, says of a price. */
type PricedTier = Pick<
  TierInput,
  | 'startingUnit'
  | 'endingUnit'
  | 'price'
  | 'priceFormat'
  | 'isOveragePrice'
  | 'discountAmount'
  | 'discountPercentage'
> & { readonly includedUnits?: Decimal | null };

/** The terms that the catalog's tiers in one currency stand for, whatever the quantity (charge-models/charge-model.ts). */
export function priceOf(tiers: readonly PricedTier[], model: string): Omit<ChargeTerms, 'quantity'> {
  const [first] = tiers;
  const ofUnits = tiers.filter((tier) => !tier.isOveragePrice && model !== 'Overage Pricing');
  const isTiered = shapes[model as ChargeModelName] === 'tiers';
  const isDiscounted = isPriced(model) && isDiscount(model);
  const overage = model === 'Overage Pricing' ? first : tiers.find((tier) => tier.isOveragePrice);
  return {
    price: isTiered || isDiscounted || model === 'Overage Pricing' ? null : (first?.price ?? null),
    tiers: isTiered
      ? ofUnits.map((tier) => ({
          startingUnit: tier.startingUnit ?? '0',
          endingUnit: tier.endingUnit,
          price: tier.price ?? '0',
          priceFormat: (tier.priceFormat ?? 'Per Unit') as PriceFormat,
        }))
      : [],
    includedUnits: model === 'Overage Pricing' && first !== undefined ? (first.includedUnits ?? '0') : null,
    overagePrice: overage?.price ?? null,
    discountAmount: model === 'Discount-Fixed Amount' ? (first?.discountAmount ?? null) : null,
    discountPercentage: model === 'Discount-Percentage' ? (first?.discountPercentage ?? null) : null,
  };
}

/** A problem's field as requests about the catalog spell it. */
function named(problem: Problem | null | undefined): Problem | null {
  if (problem == null) return null;
  const field = problem.field === 'quantity' ? 'DefaultQuantity' : problem.field;
  return { ...problem, field: field.charAt(0).toUpperCase() + field.slice(1) };
}
