import { compare, type Decimal, decimalPlaces, isNegative } from '../money.ts';
import type { ChargeModelName, ChargeType, PriceFormat } from './vocabulary.ts';

/** Digits after the point that a list price or a quantity may have. */
export const PRICE_DECIMALS_MAX = 9;
export const QUANTITY_DECIMALS_MAX = 9;

/** Largest list price, quantity and rated amount, so that MRR and documents stay within their own limits. */
export const RATED_AMOUNT_MAX: Decimal = '999999999999';

/** One tier of a price, from the first to the last unit; the last tier may be open. Its place in the list is its number. */
export interface PriceTier {
  readonly startingUnit: Decimal;
  readonly endingUnit: Decimal | null;
  /** For each unit, or for the tier as a whole: the format says which. */
  readonly price: Decimal;
  readonly priceFormat: PriceFormat;
}

/** What a charge is priced from. A model reads what it needs and leaves the rest alone. */
export interface ChargeTerms {
  /** List price in the charge's currency, for each unit where the model counts units. */
  readonly price: Decimal | null;
  readonly quantity: Decimal | null;
  readonly tiers: readonly PriceTier[];
  /** Units that the overage model's price includes, and the price of each unit beyond them or beyond the last tier. */
  readonly includedUnits?: Decimal | null;
  readonly overagePrice?: Decimal | null;
  readonly discountAmount?: Decimal | null;
  /** Of 100. */
  readonly discountPercentage?: Decimal | null;
}

/** What is wrong with one field; the field has its name in the domain. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** How one charge model prices. Pure; the terms given to `ratedPerPeriod` have passed `validate`. */
export interface ChargeModel {
  readonly model: ChargeModelName;
  /** The charge types that the model exists for. */
  readonly types: readonly ChargeType[];
  /** Everything that is wrong with the terms, empty when they can be priced. */
  validate(terms: ChargeTerms): Problem[];
  /**
   * Exact amount in the charge's currency of the terms' quantity for one list price base, not rounded (semantics C.1, E.1). A
   * discount has none of its own: '0'.
   */
  ratedPerPeriod(terms: ChargeTerms): Decimal;
}

/** The problem with a number that a model needs, if any: missing, negative, too precise or too large. */
export function numberProblems(field: string, value: Decimal | null, decimalsMax: number): Problem[] {
  if (value === null) return [{ field, message: 'is required' }];
  if (isNegative(value)) return [{ field, message: 'must not be negative' }];
  if (decimalPlaces(value) > decimalsMax) {
    return [{ field, message: `must have at most ${decimalsMax} decimal places` }];
  }
  if (compare(value, RATED_AMOUNT_MAX) > 0)
    return [{ field, message: `must be at most ${RATED_AMOUNT_MAX}` }];
  return [];
}

/** A term that the model can't do without, after `validate` has passed. */
export function required(value: Decimal | null, field: string): Decimal {
  if (value === null) throw new RangeError(`priced without ${field}`);
  return value;
}

/** The problem of a quantity whose price no document could hold. */
export function ratedProblems(rated: Decimal): Problem[] {
  if (compare(rated, RATED_AMOUNT_MAX) <= 0) return [];
  return [{ field: 'quantity', message: `times the price must be at most ${RATED_AMOUNT_MAX}` }];
}
