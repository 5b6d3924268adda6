import { BigNumber } from 'bignumber.js';
import { currencyDigits } from './currencies.ts';

/**
 * An exact decimal number as canonical text: no exponent, no leading or trailing zeros, never '-0'. Two equal
 * numbers have equal texts. Everything that leaves this module is canonical.
 */
export type Decimal = string;

/** How a number loses digits. All three look at the magnitude: −1.005 to two digits is −1.01 under HALF_UP. */
export type Rounding = 'HALF_UP' | 'UP' | 'DOWN';

/** Largest amount of money, in minor units of its currency: 15 digits, which a JSON number carries exactly. */
export const MAX_AMOUNT_MINOR = 999_999_999_999_999;

/** Decimal places that MRR is kept with. */
export const MRR_DECIMALS = 9;

/** Largest whole part of one MRR: the largest price per day of any charge makes less, and ninety of them stay below 2^53. */
export const MAX_MRR_WHOLE = 99_999_999_999_999;

/** Longest decimal text that is read, in characters. */
export const DECIMAL_TEXT_CHARACTERS_MAX = 64;

/** From this magnitude on, a JSON number may stand for another integer than the one that was typed. */
const JSON_NUMBER_BOUND = 1e15;
const JSON_NUMBER_SIGNIFICANT_DIGITS_MAX = 15;
const NANO_PER_WHOLE = 1_000_000_000;

/** An own constructor: a setting that somebody else changes on the library's can't change a result here. */
const Exact = BigNumber.clone({ STRICT: false });

const ROUNDING_MODES = {
  HALF_UP: BigNumber.ROUND_HALF_UP,
  UP: BigNumber.ROUND_UP,
  DOWN: BigNumber.ROUND_DOWN,
} as const satisfies Record<Rounding, number>;

function read(value: Decimal): BigNumber {
  const number = new Exact(value);
  if (!number.isFinite()) throw new RangeError(`not a decimal: ${value}`);
  return number;
}

function print(number: BigNumber): Decimal {
  return number.isZero() ? '0' : number.toFixed();
}

/**
 * Reads a decimal from JSON: plain decimal text, or a number.
 *
 * @returns the canonical text; null for anything that is no plain decimal (exponent in text, NaN, Infinity,
 *   too long), and for a number with more than 15 significant digits, because it is no longer certain that it
 *   is the number that was typed.
 */
export function parseDecimal(value: string | number): Decimal | null {
  if (typeof value === 'number') return parseNumber(value);
  if (value.length > DECIMAL_TEXT_CHARACTERS_MAX || !/^-?\d+(\.\d+)?$/.test(value)) return null;
  return print(new Exact(value));
}

function parseNumber(value: number): Decimal | null {
  if (!Number.isFinite(value) || Math.abs(value) >= JSON_NUMBER_BOUND) return null;
  const number = new Exact(String(value));
  if (number.precision() > JSON_NUMBER_SIGNIFICANT_DIGITS_MAX) return null;
  const text = print(number);
  return text.length > DECIMAL_TEXT_CHARACTERS_MAX ? null : text;
}

/** a + b, exact. */
export function add(a: Decimal, b: Decimal): Decimal {
  return print(read(a).plus(read(b)));
}

/** a − b, exact. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return print(read(a).minus(read(b)));
}

/** a × b, exact. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return print(read(a).times(read(b)));
}

/**
 * a ÷ b, rounded once from the exact quotient to `decimals` places.
 *
 * @throws RangeError when b is zero
 */
export function divide(a: Decimal, b: Decimal, to: { decimals: number; rounding: Rounding }): Decimal {
  const divisor = read(b);
  if (divisor.isZero()) throw new RangeError('division by zero');
  const scaled = read(a).shiftedBy(to.decimals);
  const truncated = scaled.idiv(divisor);
  const remainder = scaled.minus(truncated.times(divisor)).abs();
  const away =
    to.rounding === 'UP'
      ? !remainder.isZero()
      : to.rounding === 'HALF_UP' && remainder.times(2).isGreaterThanOrEqualTo(divisor.abs());
  const step = scaled.isNegative() === divisor.isNegative() ? 1 : -1;
  return print((away ? truncated.plus(step) : truncated).shiftedBy(-to.decimals));
}

/** −1, 0 or 1 as a is less than, equal to or greater than b. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const order = read(a).comparedTo(read(b)) ?? 0;
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

export function isZero(value: Decimal): boolean {
  return read(value).isZero();
}

/** Whether the number is less than zero; zero is not. */
export function isNegative(value: Decimal): boolean {
  return read(value).isLessThan(0);
}

/** Digits after the decimal point, 0 for an integer. */
export function decimalPlaces(value: Decimal): number {
  return read(value).decimalPlaces() ?? 0;
}

/** The number for a JSON reply: exact up to 15 significant digits, the nearest double beyond. */
export function toNumber(value: Decimal): number {
  return read(value).toNumber();
}

function digitsOf(currency: string): number {
  const digits = currencyDigits(currency);
  if (digits === undefined) throw new RangeError(`not a currency: ${currency}`);
  return digits;
}

function withinLimit(minor: BigNumber): boolean {
  return minor.abs().isLessThanOrEqualTo(MAX_AMOUNT_MINOR);
}

/**
 * An amount in minor units of its currency.
 *
 * @returns null when the amount has more digits than the currency, or is beyond ±MAX_AMOUNT_MINOR
 * @throws RangeError for an unknown currency
 */
export function toMinor(amount: Decimal, currency: string): number | null {
  const minor = read(amount).shiftedBy(digitsOf(currency));
  return minor.isInteger() && withinLimit(minor) ? integer(minor) : null;
}

/** The amount of so many minor units, as decimal text. */
export function fromMinor(minor: number, currency: string): Decimal {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`not an amount in minor units: ${minor}`);
  return print(new Exact(minor).shiftedBy(-digitsOf(currency)));
}

/** The amount of so many minor units, as a number for JSON; exact within ±MAX_AMOUNT_MINOR. */
export function minorToNumber(minor: number, currency: string): number {
  return Number(fromMinor(minor, currency));
}

/** Whether `roundToMinor` has a result for this amount in every rounding: nothing beyond ±MAX_AMOUNT_MINOR. */
export function fitsMinor(amount: Decimal, currency: string): boolean {
  return withinLimit(read(amount).shiftedBy(digitsOf(currency)));
}

/**
 * Rounds an amount to minor units of its currency (semantics E.5: per currency a mode and an increment, e.g. CHF
 * in steps of 5). Callers that take amounts from outside ask `fitsMinor` first.
 *
 * @param incrementMinor the step that the result is a multiple of, in minor units
 * @throws RangeError for an unknown currency, and beyond ±MAX_AMOUNT_MINOR
 */
export function roundToMinor(amount: Decimal, currency: string, mode: Rounding, incrementMinor = 1): number {
  const exact = read(amount).shiftedBy(digitsOf(currency));
  const minor =
    incrementMinor === 1
      ? exact.integerValue(ROUNDING_MODES[mode])
      : new Exact(divide(print(exact), String(incrementMinor), { decimals: 0, rounding: mode })).times(
          incrementMinor,
        );
  if (!withinLimit(minor)) throw new RangeError(`amount out of range: ${amount} ${currency}`);
  return integer(minor);
}

/** The amount half up to the currency's minor unit, of any size: for showing what is kept with more places. */
export function roundToMinorText(amount: Decimal, currency: string): Decimal {
  return divide(amount, '1', { decimals: digitsOf(currency), rounding: 'HALF_UP' });
}

/** A JavaScript integer without the negative zero that bignumber.js keeps. */
function integer(number: BigNumber): number {
  return number.toNumber() + 0;
}

/** Whether `splitMrr` takes this MRR. */
export function fitsMrr(mrr: Decimal): boolean {
  const number = read(mrr);
  return (number.decimalPlaces() ?? 0) <= MRR_DECIMALS && number.abs().isLessThan(MAX_MRR_WHOLE + 1);
}

/**
 * Splits an MRR into two integers that a database sums exactly: the whole part and billionths. Both carry the
 * sign, so sums of wholes and sums of nanos join to the sum of the MRRs.
 *
 * @throws RangeError for more than 9 decimal places or a whole part beyond ±MAX_MRR_WHOLE
 */
export function splitMrr(mrr: Decimal): { whole: number; nano: number } {
  if (!fitsMrr(mrr)) throw new RangeError(`MRR out of range: ${mrr}`);
  const number = read(mrr);
  const whole = number.integerValue(BigNumber.ROUND_DOWN);
  return { whole: integer(whole), nano: integer(number.minus(whole).shiftedBy(MRR_DECIMALS)) };
}

/** The MRR of a whole part and billionths, each any integer (sums of `splitMrr` parts, of whatever sign). */
export function joinMrr(whole: string | number | bigint, nano: string | number | bigint): Decimal {
  const total = BigInt(whole) * BigInt(NANO_PER_WHOLE) + BigInt(nano);
  return print(new Exact(total.toString()).shiftedBy(-MRR_DECIMALS));
}

/**
 * Divides minor units in proportion to weights, so that the parts add up to the total exactly: each part is
 * cut off, and the units left over go one each to the largest remainders, the earlier first on a tie.
 *
 * @param weights not negative, at least one positive unless the total is 0
 * @throws RangeError for weights that can carry nothing
 */
export function allocateMinor(totalMinor: number, weights: readonly Decimal[]): number[] {
  if (!Number.isSafeInteger(totalMinor)) throw new RangeError(`not an amount in minor units: ${totalMinor}`);
  const numbers = weights.map(read);
  if (numbers.some((weight) => weight.isLessThan(0))) throw new RangeError('negative weight');
  const weightSum = numbers.reduce((sum, weight) => sum.plus(weight), new Exact(0));
  if (weightSum.isZero()) {
    if (totalMinor !== 0) throw new RangeError('no weight to allocate to');
    return weights.map(() => 0);
  }
  const magnitude = new Exact(Math.abs(totalMinor));
  const shares = numbers.map((weight, index) => {
    const product = magnitude.times(weight);
    const part = product.idiv(weightSum);
    return { index, part: part.toNumber(), remainder: product.minus(part.times(weightSum)) };
  });
  const rest = shares.reduce((left, share) => left - share.part, Math.abs(totalMinor));
  const favoured = new Set(
    [...shares]
      .sort((a, b) => b.remainder.comparedTo(a.remainder)! || a.index - b.index)
      .slice(0, rest)
      .map((share) => share.index),
  );
  const sign = totalMinor < 0 ? -1 : 1;
  return shares.map(({ index, part }) => sign * (part + (favoured.has(index) ? 1 : 0)) + 0);
}
