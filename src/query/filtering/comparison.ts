import type { FieldType } from '../objects/model.ts';
import { DECIMAL_UNITS, toMillionths } from '../objects/values.ts';
import type { Literal, Operator } from '../zoql/syntax.ts';
import { textSql } from './literals.ts';
import { likeSql } from './patterns.ts';
import { QueryFault } from './query-fault.ts';
import { type Clock, type NamedTime, readRelativeTime, readTime } from './times.ts';

/** What is compared: a field or the result of a function, as the query names it. */
export interface Compared {
  readonly name: string;
  readonly type: FieldType;
  readonly sql: string;
  /** Where the query names it, in characters from 0. */
  readonly at: number;
}

/** How a language compares. */
export interface Comparing extends Clock {
  /** Whether `like` tells capitals from small letters. */
  readonly likeCaseSensitive: boolean;
  /** Whether 'now - 1 day' and 'today' are times, and numbers and booleans may stand in quotes. */
  readonly isExport: boolean;
}

const ORDERS: ReadonlySet<Operator> = new Set(['<', '<=', '>', '>=']);

/**
 * SQL of a comparison with a value. Null is equal to nothing, and different from nothing but itself.
 *
 * @throws QueryFault when the value is not one that the field could have
 */
export function comparisonSql(
  compared: Compared,
  operator: Operator,
  value: Literal,
  comparing: Comparing,
): string {
  const { type, sql, name } = compared;
  if (value.kind === 'null') {
    if (operator === '=') return `${sql} IS NULL`;
    if (operator === '!=') return `${sql} IS NOT NULL`;
    throw refused(compared, 'null is compared with = and != only');
  }
  if (operator === 'like') return likeOf(compared, value, comparing);
  switch (type) {
    case 'text':
    case 'picklist': {
      if (value.kind !== 'text')
        throw refused(compared, "is text: put its value in single quotes, as in 'abc'");
      return `${textOf(compared)} ${operator} ${textSql(value.value)}`;
    }
    case 'boolean':
      if (ORDERS.has(operator)) throw refused(compared, 'is true or false: compare it with = or !=');
      return `${sql} ${operator} ${booleanOf(compared, value, comparing) ? 1 : 0}`;
    case 'integer':
    case 'decimal':
      return numberSql(compared, operator, numberOf(compared, value, comparing));
    case 'date': {
      const time = timeOf(compared, value, comparing);
      return `${sql} ${operator} ${textSql(time.day)}`;
    }
    case 'datetime':
      return instantSql(sql, operator, timeOf(compared, value, comparing));
    default:
      throw new TypeError(`${name} is of no type that there is: ${type satisfies never}`);
  }
}

/** SQL of a comparison of two fields. */
export function fieldComparisonSql(left: Compared, operator: Operator, right: Compared): string {
  if (operator === 'like') throw refused(left, 'like takes a text, not a field');
  const [one, other] = [familyOf(left.type), familyOf(right.type)];
  if (one !== other) throw refused(left, `is ${one} and ${right.name} is ${other}: they cannot be compared`);
  if (one === 'true or false' && ORDERS.has(operator)) {
    throw refused(left, 'is true or false: compare it with = or !=');
  }
  const inUnits = ({ type, sql }: Compared) =>
    type === 'integer' && left.type !== right.type ? `(${sql}) * ${DECIMAL_UNITS}` : sql;
  return `${inUnits(left)} ${operator} ${inUnits(right)}`;
}

function familyOf(type: FieldType): string {
  switch (type) {
    case 'text':
    case 'picklist':
      return 'text';
    case 'integer':
    case 'decimal':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'date':
      return 'a date';
    case 'datetime':
      return 'a date-time';
  }
}

function likeOf(compared: Compared, value: Literal, { likeCaseSensitive }: Comparing): string {
  if (familyOf(compared.type) !== 'text')
    throw refused(compared, `is ${familyOf(compared.type)}: like is for text`);
  if (value.kind !== 'text') throw refused(compared, "like takes a text in single quotes, as in 'abc%'");
  return likeSql(textOf(compared), value.value, { caseSensitive: likeCaseSensitive });
}

const CUSTOM_FIELD = /__(?:c|ns|qt)$/i;

/** Custom fields may hold numbers and booleans; as the text that they are in exports they are compared. */
function textOf({ name, sql }: Compared): string {
  return CUSTOM_FIELD.test(name) ? `CAST(${sql} AS TEXT)` : sql;
}

function booleanOf(compared: Compared, value: Literal, { isExport }: Comparing): boolean {
  if (value.kind === 'boolean') return value.value;
  if (isExport && value.kind === 'text' && /^(?:true|false)$/i.test(value.value)) {
    return value.value.toLowerCase() === 'true';
  }
  throw refused(compared, 'is true or false, without quotes');
}

/** Millionths. */
function numberOf(compared: Compared, value: Literal, { isExport }: Comparing): bigint {
  const digits = value.kind === 'number' || (value.kind === 'text' && isExport) ? value.value.trim() : null;
  if (digits === null) throw refused(compared, 'is a number: write its value without quotes');
  const units = toMillionths(digits);
  if (units === null) {
    throw refused(compared, 'is a number of at most twelve digits before the point and six after it');
  }
  return units;
}

function numberSql({ type, sql }: Compared, operator: Operator, units: bigint): string {
  if (type === 'decimal') return `${sql} ${operator} ${units}`;
  const whole = units / BigInt(DECIMAL_UNITS);
  // Between two integers: compared as what it is, rather than refused, so that BillCycleDay < 1.5 means what it says.
  if (whole * BigInt(DECIMAL_UNITS) !== units) return `(${sql}) * ${DECIMAL_UNITS} ${operator} ${units}`;
  return `${sql} ${operator} ${whole}`;
}

function timeOf(compared: Compared, value: Literal, comparing: Comparing): NamedTime {
  if (value.kind !== 'text')
    throw refused(compared, `is ${familyOf(compared.type)}: ${howToWriteTimes(comparing)}`);
  const time =
    readTime(value.value, comparing) ??
    (comparing.isExport ? readRelativeTime(value.value, comparing) : null);
  if (time === null) {
    throw refused(
      compared,
      `is ${familyOf(compared.type)}, and '${shown(value.value)}' is none: ${howToWriteTimes(comparing)}`,
    );
  }
  return time;
}

function howToWriteTimes({ isExport }: Comparing): string {
  const iso = "write '2026-01-31' or '2026-01-31T08:00:00', with a zone such as +01:00 or in the tenant's";
  return isExport ? `${iso}, or 'now - 1 day', 'today', 'yesterday'` : iso;
}

/** A day means all of it. A moment without a fraction is equal to all of its second, and is earlier or later by its beginning. */
function instantSql(sql: string, operator: Operator, { kind, from, until }: NamedTime): string {
  const [first, after] = [textSql(from), textSql(until)];
  switch (operator) {
    case '=':
      return `(${sql} >= ${first} AND ${sql} < ${after})`;
    case '!=':
      return `(${sql} < ${first} OR ${sql} >= ${after})`;
    case '>':
      return kind === 'day' ? `${sql} >= ${after}` : `${sql} > ${first}`;
    case '<=':
      return kind === 'day' ? `${sql} < ${after}` : `${sql} <= ${first}`;
    default:
      return `${sql} ${operator} ${first}`;
  }
}

const SHOWN_CHARACTERS_MAX = 60;

function shown(text: string): string {
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
}

/** What is wrong, after the name of what it is about. */
function refused({ name, at }: Compared, message: string): QueryFault {
  const said = `${name}${message.startsWith('is ') ? ' ' : ': '}${message}`;
  return new QueryFault('INVALID_VALUE', said, null, at);
}
