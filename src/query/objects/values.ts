import { byCurrency, DECIMAL_DIGITS, DECIMAL_UNITS, moneySql } from '../../persistence/money-sql.ts';

export { DECIMAL_DIGITS, DECIMAL_UNITS, moneySql, splitMoneySql } from '../../persistence/money-sql.ts';

/**
 * SQL of decimal text (-12.3456789) as millionths, half up at so many digits after the point: its digits are read, never a float. `text` is
 * a column or cheap to compute, as it is repeated.
 */
export function decimalSql(text: string, digits: number = DECIMAL_DIGITS): string {
  const whole = `CAST(substr(${text}, 1, instr(${text}, '.') - 1) AS INTEGER)`;
  const places = `substr(${text}, instr(${text}, '.') + 1) || '0000000'`;
  const factor = 10 ** (DECIMAL_DIGITS - digits);
  const rounded =
    `abs(${whole}) * ${10 ** digits} + CAST(substr(${places}, 1, ${digits}) AS INTEGER) + ` +
    `(substr(${places}, ${digits + 1}, 1) >= '5')`;
  const magnitude = factor === 1 ? rounded : `(${rounded}) * ${factor}`;
  return (
    `CASE WHEN ${text} IS NULL THEN NULL WHEN instr(${text}, '.') = 0 THEN CAST(${text} AS INTEGER) * ${DECIMAL_UNITS} ` +
    `WHEN substr(${text}, 1, 1) = '-' THEN -(${magnitude}) ELSE ${magnitude} END`
  );
}

/** SQL of decimal text as an amount of the currency: half up to its minor unit, as REST shows it. */
export function shownDecimalSql(text: string, currency: string): string {
  return byCurrency(currency, (digits) => decimalSql(text, digits));
}

/** SQL of millionths rounded half up to the currency's minor unit. */
export function shownMillionthsSql(millionths: string, currency: string): string {
  return byCurrency(currency, (digits) => {
    const step = 10 ** (DECIMAL_DIGITS - digits);
    return `((abs(${millionths}) + ${step / 2}) / ${step}) * ${step} * (CASE WHEN ${millionths} < 0 THEN -1 ELSE 1 END)`;
  });
}

/**
 * SQL of a number in a JSON column as millionths. JSON keeps a number's digits as they were written; what was written with an exponent is
 * beyond what has six places and is read as a float.
 */
export function jsonDecimalSql(path: string, column = 't.details'): string {
  const text = `(${column} -> '$.${path}')`;
  return (
    `CASE json_type(${column}, '$.${path}') WHEN 'integer' THEN json_extract(${column}, '$.${path}') * ${DECIMAL_UNITS} ` +
    `WHEN 'real' THEN CASE WHEN instr(${text}, 'e') > 0 THEN CAST(round(json_extract(${column}, '$.${path}') * ${DECIMAL_UNITS}) AS INTEGER) ` +
    `ELSE ${decimalSql(text)} END END`
  );
}

/** Millionths as SQL gives them (text, since they may be beyond 2^53) as decimal text: 12500000 → 12.5. */
export function fromMillionths(text: string): string {
  const negative = text.startsWith('-');
  const digits = (negative ? text.slice(1) : text).padStart(DECIMAL_DIGITS + 1, '0');
  const whole = digits.slice(0, -DECIMAL_DIGITS);
  const places = digits.slice(-DECIMAL_DIGITS).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${places === '' ? '' : `.${places}`}`;
}

/** Largest decimal: what a 64-bit integer of millionths holds. */
const DECIMAL_PATTERN = /^([+-]?)(\d{0,12})(?:\.(\d*))?$/;

/** Decimal text as millionths; null when it is none, has more than twelve digits before the point or more than six after it. */
export function toMillionths(text: string): bigint | null {
  const match = DECIMAL_PATTERN.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', places = ''] = match;
  const significant = places.replace(/0+$/, '');
  if ((whole === '' && places === '') || significant.length > DECIMAL_DIGITS) return null;
  const units =
    BigInt(whole === '' ? '0' : whole) * BigInt(DECIMAL_UNITS) +
    BigInt(significant.padEnd(DECIMAL_DIGITS, '0'));
  return sign === '-' ? -units : units;
}

/** SQL of an amount in minor units of the row's own currency, as millionths. */
export function ownMoneySql(minor: string): string {
  return moneySql(minor, 't.currency');
}

/** The same of a line, in the currency of its document `v`. */
export function lineMoneySql(minor: string): string {
  return moneySql(minor, 'v.currency');
}
