import { currenciesOfDigits } from '../domain/currencies.ts';

/**
 * Decimals in the query languages are decimal(18,6): SQL has them as integers of millionths, so that sums, comparisons and orders are exact.
 * Money is exact in it for every currency; what has more places (MRR of a third of a month's price) is rounded half up to six.
 */
export const DECIMAL_DIGITS = 6;
export const DECIMAL_UNITS = 1_000_000;

const MONEY_FACTORS: ReadonlyArray<readonly [number, number]> = [0, 3, 4].map(
  (digits) => [digits, 10 ** (DECIMAL_DIGITS - digits)] as const,
);
const COMMON_FACTOR = 10_000;

/** SQL of an amount in minor units of the currency, as millionths. Two digits are the rule, so that is what is not looked for. */
export function moneySql(minor: string, currency: string): string {
  const others = MONEY_FACTORS.map(([digits, factor]) => {
    const codes = currenciesOfDigits(digits).map((code) => `'${code}'`);
    return `WHEN ${currency} IN (${codes.join(', ')}) THEN ${factor}`;
  });
  return `(${minor}) * (CASE ${others.join(' ')} ELSE ${COMMON_FACTOR} END)`;
}

/** SQL of what differs with the digits of the currency's minor unit. */
export function byCurrency(currency: string, sqlOf: (digits: number) => string): string {
  const others = [0, 3, 4].map((digits) => {
    const codes = currenciesOfDigits(digits).map((code) => `'${code}'`);
    return `WHEN ${currency} IN (${codes.join(', ')}) THEN ${sqlOf(digits)}`;
  });
  return `(CASE ${others.join(' ')} ELSE ${sqlOf(2)} END)`;
}

/**
 * SQL of what is kept as whole units and billionths, as an amount of the currency: half up by magnitude to its minor unit, as REST shows it. Sums of
 * both have signs of their own, so they are brought to a whole part below the amount and billionths above it first.
 */
export function splitMoneySql(whole: string, nano: string, currency: string): string {
  const above = `((${nano} % 1000000000 + 1000000000) % 1000000000)`;
  const below = `((${whole}) + (${nano} - ${above}) / 1000000000)`;
  const rounded = byCurrency(currency, (digits) => {
    const step = 10 ** (9 - digits);
    // A tie goes away from zero: below zero that is down.
    return `((${above} + ${step / 2} - (${below} < 0)) / ${step}) * ${10 ** (DECIMAL_DIGITS - digits)}`;
  });
  return `(${below} * ${DECIMAL_UNITS} + ${rounded})`;
}
