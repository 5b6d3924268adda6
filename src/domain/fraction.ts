import { currencyDigits } from './currencies.ts';
import { type Decimal, divide, MAX_AMOUNT_MINOR, type Rounding } from './money.ts';

/** An exact rational number in lowest terms; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A fraction as JSON keeps it: two integers as text. */
export type FractionText = readonly [numerator: string, denominator: string];

/** Places after the point of a fraction's decimal that has no end. */
const DECIMALS_SHOWN = 12;

export const NOTHING: Fraction = { numerator: 0n, denominator: 1n };
export const WHOLE: Fraction = { numerator: 1n, denominator: 1n };

/** @throws RangeError when the denominator is zero */
export function fraction(numerator: bigint | number, denominator: bigint | number = 1): Fraction {
  const [n, d] = [BigInt(numerator), BigInt(denominator)];
  if (d === 0n) throw new RangeError('a fraction of nothing');
  const divisor = greatestCommon(n < 0n ? -n : n, d < 0n ? -d : d) * (d < 0n ? -1n : 1n);
  return { numerator: n / divisor, denominator: d / divisor };
}

function greatestCommon(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The exact value of a decimal. */
export function fractionOf(value: Decimal): Fraction {
  const [whole = '0', places = ''] = value.split('.');
  return fraction(BigInt(whole + places), 10n ** BigInt(places.length));
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
}

export function times(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** @throws RangeError when b is zero */
export function over(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function smaller(a: Fraction, b: Fraction): Fraction {
  return isBelow(b, a) ? b : a;
}

function isBelow(a: Fraction, b: Fraction): boolean {
  return a.numerator * b.denominator < b.numerator * a.denominator;
}

export function isNothing(value: Fraction): boolean {
  return value.numerator === 0n;
}

export function negative(value: Fraction): Fraction {
  return { ...value, numerator: -value.numerator };
}

export function fractionText({ numerator, denominator }: Fraction): FractionText {
  return [numerator.toString(), denominator.toString()];
}

export function fractionFrom([numerator, denominator]: FractionText): Fraction {
  return fraction(BigInt(numerator), BigInt(denominator));
}

/** The decimal of a fraction: exact up to 12 places, half up where it goes on. */
export function decimalOf({ numerator, denominator }: Fraction): Decimal {
  return divide(numerator.toString(), denominator.toString(), {
    decimals: DECIMALS_SHOWN,
    rounding: 'HALF_UP',
  });
}

/** How an amount of money loses its digits: the mode, and the minor units that it becomes a multiple of. */
export interface MinorRounding {
  readonly mode: Rounding;
  readonly incrementMinor: number;
}

/** An amount that no document can hold. Whoever computes amounts of what was not computed before makes a refusal of it. */
export class AmountOutOfRange extends RangeError {}

/**
 * Rounds an exact amount once to minor units of its currency (semantics E.5); modes look at the magnitude.
 *
 * @throws RangeError for an unknown currency, AmountOutOfRange beyond ±MAX_AMOUNT_MINOR
 */
export function roundedMinor(amount: Fraction, currency: string, rounding: MinorRounding): number {
  const digits = currencyDigits(currency);
  if (digits === undefined) throw new RangeError(`not a currency: ${currency}`);
  const step = BigInt(rounding.incrementMinor);
  const isDebt = amount.numerator < 0n;
  const scaled = (isDebt ? -amount.numerator : amount.numerator) * 10n ** BigInt(digits);
  const unit = amount.denominator * step;
  const steps = quotient(scaled, unit, rounding.mode);
  const minor = steps * step;
  if (minor > BigInt(MAX_AMOUNT_MINOR)) throw new AmountOutOfRange(`amount out of range in ${currency}`);
  return Number(isDebt ? -minor : minor) + 0;
}

/** Quotient of two positive integers, rounded to an integer. */
function quotient(dividend: bigint, divisor: bigint, mode: Rounding): bigint {
  const down = dividend / divisor;
  const rest = dividend - down * divisor;
  const isAway = mode === 'UP' ? rest > 0n : mode === 'HALF_UP' && rest * 2n >= divisor;
  return isAway ? down + 1n : down;
}
