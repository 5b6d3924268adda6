import { QueryError } from '../compiled-query.ts';
import { DECIMAL_UNITS } from '../objects/values.ts';
import type { ArithmeticOperator } from './syntax.ts';
import {
  coerced,
  commonType,
  DIVISOR_MAX,
  exact,
  failure,
  integerLiteral,
  isNumber,
  type Names,
  type SqlType,
  typeName,
  unchecked,
  type Value,
  value,
  withOnce,
} from './values.ts';

/** Where arithmetic is done: inside try() what fails is null instead of the end of the query. */
export interface ArithmeticContext {
  readonly names: Names;
  readonly failing: (message: string) => string;
}

export const failingQuery = failure;
export const failingToNull = (): string => 'NULL';

/** left operator right, by Trino's rules: what is exact stays exact. */
export function arithmetic(
  context: ArithmeticContext,
  operator: ArithmeticOperator,
  left: Value,
  right: Value,
): Value {
  const dated = dateArithmetic(operator, left, right);
  if (dated !== null) return dated;
  const type = commonType(left.type, right.type);
  const numeric = (one: Value) => isNumber(one) || one.type === 'null';
  if (type === null || !numeric(left) || !numeric(right)) {
    throw new QueryError(`Cannot apply operator: ${typeName(left.type)} ${operator} ${typeName(right.type)}`);
  }
  if (type === 'null') return value('null', 'NULL');
  if (type === 'double') return doubles(context, operator, coerced(left, type)!, coerced(right, type)!);
  if (operator === '*') return product(context, left, right);
  if (operator === '/') return quotient(context, left, right);
  const [a, b] = [coerced(left, type)!, coerced(right, type)!];
  if (operator === '%') {
    return value(
      type,
      divided(context, exact(a), exact(b), (x, y) => `(${x} % ${y})`),
    );
  }
  return unchecked(type, `(${a.sql} ${operator} ${b.sql})`);
}

export function negated(of: Value): Value {
  if (of.literal !== null && (of.type === 'bigint' || of.type === 'decimal')) {
    return integerLiteral(of.type, -BigInt(of.literal));
  }
  if (of.type === 'double') return value('double', `(- ${of.sql})`);
  if (isNumber(of)) return unchecked(of.type, `(- ${of.sql})`);
  if (of.type.startsWith('interval')) {
    const literal = of.literal === null ? null : String(-BigInt(of.literal));
    return { ...unchecked(of.type, `(- ${of.sql})`), exact: literal !== null, literal };
  }
  if (of.type === 'null') return of;
  throw new QueryError(`Cannot negate ${typeName(of.type)}`);
}

function doubles(context: ArithmeticContext, operator: ArithmeticOperator, left: Value, right: Value): Value {
  // SQLite's % is of integers, and its mod() of reals is not among the functions that the platform lets through for sure.
  if (operator === '%') {
    return value(
      'double',
      divided(context, left, right, (a, b) => `(${a} - ${b} * CAST(${a} / ${b} AS INTEGER))`),
    );
  }
  if (operator === '/')
    return value(
      'double',
      divided(context, left, right, (a, b) => `(${a} / ${b})`),
    );
  return value('double', `(${left.sql} ${operator} ${right.sql})`);
}

/** By a divisor that is not zero; one that is ends the query. */
function divided(
  context: ArithmeticContext,
  left: Value,
  right: Value,
  build: (left: string, right: string) => string,
): string {
  return withOnce(context.names, [left, right], (a, b) => {
    const divisor = right.literal === null ? null : BigInt(right.literal);
    if (divisor !== null && divisor !== 0n) return build(a!, b!);
    return `(CASE ${b} WHEN 0 THEN ${context.failing('Division by zero')} ELSE ${build(a!, b!)} END)`;
  });
}

/**
 * Products of a decimal and a whole number are whole numbers of millionths. Of two decimals, each is split at its point: what is multiplied stays
 * in 64 bits as long as the product does, and only the last part, of the twelve places after the point, is rounded.
 */
function product(context: ArithmeticContext, left: Value, right: Value): Value {
  if (left.type !== 'decimal' || right.type !== 'decimal') {
    return unchecked(commonType(left.type, right.type)!, `(${left.sql} * ${right.sql})`);
  }
  const units = DECIMAL_UNITS;
  const sql = withOnce(context.names, [exact(left), exact(right)], (a, b) => {
    const places = `((${a} % ${units}) * (${b} % ${units}))`;
    return (
      `((${a} / ${units}) * ${b} + (${a} % ${units}) * (${b} / ${units}) + ` +
      `(${places} + (CASE WHEN ${places} < 0 THEN -${units / 2} ELSE ${units / 2} END)) / ${units})`
    );
  });
  return unchecked('decimal', sql);
}

/** bigint / bigint is a bigint, towards zero; with a decimal the quotient is a decimal, rounded half up (away from zero) to six places. */
function quotient(context: ArithmeticContext, left: Value, right: Value): Value {
  const [a, b] = [exact(left), exact(right)];
  if (left.type !== 'decimal' && right.type !== 'decimal') {
    return unchecked(
      'bigint',
      divided(context, a, b, (x, y) => `(${x} / ${y})`),
    );
  }
  if (right.type !== 'decimal') {
    return value('decimal', divided(context, a, b, roundedQuotient));
  }
  return unchecked('decimal', divided(context, exact(coerced(left, 'decimal')!), b, longQuotient(context)));
}

/** Whole number / whole number, rounded half away from zero. */
export function roundedQuotient(a: string, b: string): string {
  return `(${a} / ${b} + ${roundingUp(`(${a} % ${b})`, a, b)})`;
}

/** 1 or -1 when the remainder is half of the divisor or more, else 0. */
function roundingUp(remainder: string, a: string, b: string): string {
  return `(CASE WHEN abs(${remainder}) >= abs(${b}) - abs(${remainder}) THEN (CASE WHEN (${a} < 0) = (${b} < 0) THEN 1 ELSE -1 END) ELSE 0 END)`;
}

/** Millionths / millionths, in millionths: three places at a time, as by hand, so that no remainder leaves 64 bits. */
function longQuotient(context: ArithmeticContext): (a: string, b: string) => string {
  return (a, b) => {
    const first = `((${a} % ${b}) * 1000)`;
    const second = `((${first} % ${b}) * 1000)`;
    return (
      `(CASE WHEN abs(${b}) > ${DIVISOR_MAX} THEN ${context.failing('The divisor is too large.')} ELSE ` +
      `(${a} / ${b}) * ${DECIMAL_UNITS} + (${first} / ${b}) * 1000 + ${second} / ${b} + ` +
      `${roundingUp(`(${second} % ${b})`, a, b)} END)`
    );
  };
}

const DAY_MS = 86_400_000;

/** Dates and instants with intervals and with each other; null for what has neither. */
function dateArithmetic(operator: ArithmeticOperator, left: Value, right: Value): Value | null {
  const isDate = ({ type }: Value) => type === 'date' || type === 'timestamp';
  const isInterval = ({ type }: Value) => type.startsWith('interval');
  if (operator === '+' && isInterval(left) && isDate(right)) return dateArithmetic('+', right, left);
  if (isDate(left) && isInterval(right) && (operator === '+' || operator === '-')) {
    return shifted(left, operator === '+' ? right : negated(right));
  }
  if (isInterval(left) && left.type === right.type && (operator === '+' || operator === '-')) {
    return unchecked(left.type, `(${left.sql} ${operator} ${right.sql})`);
  }
  if (operator === '*' && isInterval(left) && right.type === 'bigint') {
    return unchecked(left.type, `(${left.sql} * ${right.sql})`);
  }
  if (operator === '*' && left.type === 'bigint' && isInterval(right)) {
    return dateArithmetic('*', right, left);
  }
  if (operator === '-' && isDate(left) && isDate(right)) {
    return value('interval day to second', `(${milliseconds(left)} - ${milliseconds(right)})`);
  }
  return null;
}

/** An instant, or a date's midnight, as milliseconds since 1970. */
export function milliseconds(of: Value): string {
  const seconds = `CAST(strftime('%s', ${of.sql}) AS INTEGER) * 1000`;
  return of.type === 'date' ? `(${seconds})` : `(${seconds} + CAST(substr(${of.sql}, 21, 3) AS INTEGER))`;
}

/** A date or an instant some time later. A month later than a day that the month does not have is its last day. */
export function shifted(of: Value, interval: Value): Value {
  const { sql } = exact(interval);
  if (interval.type === 'interval year to month') {
    return value(of.type, inItsForm(of.type, of.sql, `printf('%+d months', ${sql})`, "'floor'"));
  }
  if (of.type === 'timestamp') {
    return value('timestamp', inItsForm('timestamp', of.sql, `printf('%+.3f seconds', ${sql} / 1000.0)`));
  }
  const milli = interval.literal === null ? null : Number(interval.literal);
  if (milli !== null && milli % DAY_MS !== 0) {
    throw new QueryError('Cannot add hour, minutes or seconds to a date');
  }
  return value('date', inItsForm('date', of.sql, `printf('%+d days', ${sql} / ${DAY_MS})`));
}

/** Null when it leaves the calendar's years. */
export function inItsForm(type: SqlType, sql: string, ...modifiers: readonly string[]): string {
  const format = type === 'date' ? '%Y-%m-%d' : '%Y-%m-%dT%H:%M:%fZ';
  return `strftime('${format}', ${[sql, ...modifiers].join(', ')})`;
}
