import {
  numberProblems,
  PRICE_DECIMALS_MAX,
  type Problem,
  QUANTITY_DECIMALS_MAX,
} from '../charge-models/charge-model.ts';
import { chargeModels, isPriced } from '../charge-models/registry.ts';
import type { ChargeModelName } from '../charge-models/vocabulary.ts';
import { compare, type Decimal, subtract } from '../money.ts';
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
/** From one tier's last unit to the next one's first: none for measured quantities, or one step of the unit. */
const STEPS: ReadonlySet<Decimal> = new Set([
  '0',
  '1',
  '0.1',
  '0.01',
  '0.001',
  '0.0001',
  '0.00001',
  '0.000001',
]);

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

/** The first thing that is wrong with the prices of a charge, named by its place in a request; null when nothing is. */
export function tierProblem(
  charge: Pick<ProductRatePlanCharge, 'chargeModel' | 'defaultQuantity'>,
  inputs: readonly TierInput[],
): Problem | null {
  const shape = shapes[charge.chargeModel as ChargeModelName];
  if (inputs.length === 0) {
    return shape === 'optional'
      ? null
      : { field: TIER_PATH, message: `is required for ${charge.chargeModel}` };
  }
  const last = new Map<string, TierInput>();
  for (const [i, input] of inputs.entries()) {
    const at = (field: string) => `${TIER_PATH}[${i}].${field}`;
    const before = last.get(input.currency) ?? null;
    const problem =
      amountProblem(shape, charge, input, at) ??
      (shape === 'tiers' ? rangeProblem(before, input, at) : null) ??
      (before !== null && shape !== 'tiers' && shape !== 'optional'
        ? { field: at('Currency'), message: `${charge.chargeModel} has one price per currency` }
        : null);
    if (problem !== null) return problem;
    last.set(input.currency, input);
  }
  return null;
}

/** What is wrong with the amount of one tier. */
function amountProblem(
  shape: TierShape,
  charge: Pick<ProductRatePlanCharge, 'chargeModel' | 'defaultQuantity'>,
  input: TierInput,
  at: (field: string) => string,
): Problem | null {
  if (shape === 'discount amount') {
    return moved(numberProblems('', input.discountAmount, PRICE_DECIMALS_MAX), at('DiscountAmount'));
  }
  if (shape === 'discount percentage') {
    const problem = moved(
      numberProblems('', input.discountPercentage, PRICE_DECIMALS_MAX),
      at('DiscountPercentage'),
    );
    if (problem !== null || compare(input.discountPercentage ?? '0', '100') <= 0) return problem;
    return { field: at('DiscountPercentage'), message: 'must be at most 100' };
  }
  if (shape === 'optional' && input.price === null) return null;
  if (isPriced(charge.chargeModel)) {
    const terms = { price: input.price, quantity: charge.defaultQuantity ?? '1', tiers: [] };
    const [problem] = chargeModels[charge.chargeModel].validate(terms);
    if (problem === undefined) return null;
    return { ...problem, field: problem.field === 'quantity' ? 'DefaultQuantity' : at('Price') };
  }
  return moved(numberProblems('', input.price, PRICE_DECIMALS_MAX), at('Price'));
}

/** Tiers follow one another without a gap; only the last may be open. */
function rangeProblem(
  before: TierInput | null,
  input: TierInput,
  at: (field: string) => string,
): Problem | null {
  const start = moved(numberProblems('', input.startingUnit, QUANTITY_DECIMALS_MAX), at('StartingUnit'));
  if (start !== null) return start;
  const first = input.startingUnit!;
  if (before === null) {
    if (!STEPS.has(first)) {
      return { field: at('StartingUnit'), message: 'must be 0 or 1 for the first tier of a currency' };
    }
  } else if (before.endingUnit === null) {
    return {
      field: at('StartingUnit'),
      message: 'follows a tier without EndingUnit: only the last may be open',
    };
  } else if (!STEPS.has(subtract(first, before.endingUnit))) {
    return {
      field: at('StartingUnit'),
      message: `must follow on the EndingUnit ${before.endingUnit} of the tier before`,
    };
  }
  if (input.endingUnit === null) return null;
  const end = moved(numberProblems('', input.endingUnit, QUANTITY_DECIMALS_MAX), at('EndingUnit'));
  if (end !== null) return end;
  if (compare(input.endingUnit, first) >= 0) return null;
  return { field: at('EndingUnit'), message: `must not be below StartingUnit ${first}` };
}

function moved(problems: readonly Problem[], field: string): Problem | null {
  return problems[0] === undefined ? null : { field, message: problems[0].message };
}
