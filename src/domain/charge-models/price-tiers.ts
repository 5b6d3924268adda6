import { compare, type Decimal, isZero, multiply, subtract } from '../money.ts';
import {
  numberProblems,
  PRICE_DECIMALS_MAX,
  type PriceTier,
  type Problem,
  QUANTITY_DECIMALS_MAX,
} from './charge-model.ts';

/** Most tiers that one price may have. */
export const TIERS_MAX = 500;

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

/** The units of a tier, as given. */
export interface TierRange {
  readonly startingUnit: Decimal | null;
  readonly endingUnit: Decimal | null;
}

/**
 * What is wrong with where a tier starts or ends, by the tier's own field; null when nothing is. Tiers follow one another
 * without a gap from 0 or the first unit on; only the last may be open.
 *
 * @param before the tier before it, null for the first
 */
export function rangeProblem(before: TierRange | null, tier: TierRange): Problem | null {
  const [start] = numberProblems('startingUnit', tier.startingUnit, QUANTITY_DECIMALS_MAX);
  if (start !== undefined) return start;
  const first = tier.startingUnit!;
  const message = startProblem(before, first);
  if (message !== null) return { field: 'startingUnit', message };
  if (tier.endingUnit === null) return null;
  const [end] = numberProblems('endingUnit', tier.endingUnit, QUANTITY_DECIMALS_MAX);
  if (end !== undefined) return end;
  if (compare(tier.endingUnit, first) >= 0) return null;
  return { field: 'endingUnit', message: `must not be below the first unit ${first}` };
}

function startProblem(before: TierRange | null, first: Decimal): string | null {
  if (before === null) return STEPS.has(first) ? null : 'must be 0 or 1 for the first tier';
  if (before.endingUnit === null) return 'follows a tier without a last unit: only the last may be open';
  if (STEPS.has(subtract(first, before.endingUnit))) return null;
  return `must follow on the last unit ${before.endingUnit} of the tier before`;
}

/** The first thing that is wrong with a price's tiers, by its place (`tiers[1].startingUnit`); null when nothing is. */
export function tiersProblem(tiers: readonly PriceTier[]): Problem | null {
  if (tiers.length === 0) return { field: 'tiers', message: 'is required: at least one tier' };
  if (tiers.length > TIERS_MAX) return { field: 'tiers', message: `must have at most ${TIERS_MAX} tiers` };
  for (const [i, tier] of tiers.entries()) {
    const problem =
      rangeProblem(tiers[i - 1] ?? null, tier) ?? numberProblems('price', tier.price, PRICE_DECIMALS_MAX)[0];
    if (problem != null) return { ...problem, field: `tiers[${i}].${problem.field}` };
  }
  return null;
}

/** The problem of a quantity that no tier covers: what is agreed beforehand must have a price. */
export function beyondProblems(tiers: readonly PriceTier[], quantity: Decimal): Problem[] {
  const end = tiers.at(-1)?.endingUnit ?? null;
  if (end === null || compare(quantity, end) <= 0) return [];
  return [{ field: 'quantity', message: `must be at most ${end}, the last unit of the last tier` }];
}

/** A tier that a quantity reaches, with the units of the quantity that lie in it. */
export interface ReachedTier {
  readonly tier: PriceTier;
  readonly units: Decimal;
}

/**
 * The tiers that a quantity reaches, from the first. What lies between two tiers counts as the later one's, what lies beyond a
 * closed last tier as the last one's. Nothing reaches only a first tier that starts at 0.
 */
export function reachedTiers(tiers: readonly PriceTier[], quantity: Decimal): ReachedTier[] {
  const reached: ReachedTier[] = [];
  let from: Decimal = '0';
  for (const [i, tier] of tiers.entries()) {
    if (compare(quantity, from) <= 0 && !(i === 0 && isZero(tier.startingUnit))) break;
    const isLast =
      i === tiers.length - 1 || tier.endingUnit === null || compare(quantity, tier.endingUnit) <= 0;
    const to = isLast ? quantity : tier.endingUnit!;
    reached.push({ tier, units: subtract(to, from) });
    if (isLast) break;
    from = to;
  }
  return reached;
}

/** What these units of a tier cost: each its price, or together the tier's fee. */
export function tierAmount(tier: PriceTier, units: Decimal): Decimal {
  return tier.priceFormat === 'Flat Fee' ? tier.price : multiply(tier.price, units);
}
