/** The auditor's own arithmetic: decimal text as a whole number of billionths, in BigInt. */
const DECIMALS = 9;
export const BILLION = 10n ** BigInt(DECIMALS);

/** @throws RangeError for text that is no decimal of at most nine places: nothing here has more */
export function billionths(decimal: string | number | null): bigint {
  const parts = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(String(decimal));
  if (parts === null) throw new RangeError(`not a decimal of at most ${DECIMALS} places: ${decimal}`);
  const [, sign, whole, fraction = ''] = parts;
  const magnitude = BigInt(whole!) * BILLION + BigInt(fraction.padEnd(DECIMALS, '0'));
  return sign === '-' ? -magnitude : magnitude;
}
