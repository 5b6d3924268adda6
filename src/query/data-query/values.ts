import { QueryError, type ResultColumn } from '../compiled-query.ts';
import type { FieldType } from '../objects/model.ts';
import { DECIMAL_DIGITS, DECIMAL_UNITS, toMillionths } from '../objects/values.ts';

/**
 * Types of expressions, as Trino gives them, and what their values are in SQLite: bigint and decimal (in millionths) are integers, double is real,
 * boolean 0 or 1, date `2026-01-31`, timestamp `2026-01-31T10:00:00.000Z`. An interval is an integer of milliseconds or of months.
 */
export type SqlType =
  | 'bigint'
  | 'decimal'
  | 'double'
  | 'varchar'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'interval day to second'
  | 'interval year to month'
  | 'null';

/** An expression of SQLite with its type. */
export interface Value {
  readonly sql: string;
  readonly type: SqlType;
  /** A column or a literal: can be written twice at no cost. */
  readonly simple: boolean;
  /**
   * False for an integer that may have left 64 bits: SQLite then goes on with a real number, which `exact` finds. Every other value is what it
   * says.
   */
  readonly exact: boolean;
  /** What a literal says: digits of a bigint, text of a varchar. */
  readonly literal: string | null;
}

export const INTEGER_MAX = 9_223_372_036_854_775_807n;
/** Largest divisor of a decimal whose remainder can be multiplied by a thousand. */
export const DIVISOR_MAX = INTEGER_MAX / 1_000n;

export function value(type: SqlType, sql: string): Value {
  return { type, sql, simple: false, exact: true, literal: null };
}

/** What can be written twice: a column of ours. */
export function column(type: SqlType, sql: string): Value {
  return { type, sql, simple: true, exact: true, literal: null };
}

/** An integer that may be beyond 64 bits. */
export function unchecked(type: SqlType, sql: string): Value {
  return { type, sql, simple: false, exact: false, literal: null };
}

/** Text as SQL: quotes are doubled, which is all that SQLite knows of escaping. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function varcharLiteral(text: string): Value {
  return { type: 'varchar', sql: quoted(text), simple: true, exact: true, literal: text };
}

export function integerLiteral(type: 'bigint' | 'decimal', units: bigint): Value {
  // SQLite reads -9223372036854775808 as a real number that is negated.
  const sql = units < 0n ? `(${units})` : String(units);
  return {
    type,
    sql: units < -INTEGER_MAX ? '(-9223372036854775807 - 1)' : sql,
    simple: true,
    exact: true,
    literal: String(units),
  };
}

/** Millionths of decimal text of a query; a QueryError for what decimal(18,6) does not hold. */
export function decimalUnits(text: string): bigint {
  const units = toMillionths(text.trim());
  if (units === null) {
    throw new QueryError(
      `${text} is not a decimal(18,6): up to twelve digits before the point and six after it.`,
    );
  }
  return units;
}

/** SQL that ends the query with this message when it is reached, and not before. */
export function failure(message: string): string {
  return `json_extract('{}', ${quoted(message)})`;
}

const PATH_ERROR = /bad JSON path: '(.*)'/s;

/**
 * What a message of SQLite about a compiled query says to whoever wrote it: `failure` speaks through the error of a JSON path, `exact` through that of
 * malformed JSON. Other messages are given back as they are.
 */
export function failureMessage(sqliteMessage: string): string {
  const spoken = PATH_ERROR.exec(sqliteMessage)?.[1];
  if (spoken !== undefined) return spoken.replaceAll("''", "'");
  if (/malformed JSON|integer overflow/.test(sqliteMessage)) {
    return 'A number is beyond what bigint (64 bits) or decimal(18,6) holds.';
  }
  if (/LIKE or GLOB pattern too complex/.test(sqliteMessage)) return 'A LIKE pattern is too long.';
  if (/string or blob too big/.test(sqliteMessage)) return 'A text is too long.';
  if (/Expression tree is too large|too many|parser stack/.test(sqliteMessage)) {
    return 'The query is too complex.';
  }
  return sqliteMessage;
}

/** The value, or the end of the query when it has left 64 bits: a real number has a point, with which it is no JSON. */
export function exact(of: Value): Value {
  return of.exact ? of : value(of.type, `json_extract('[' || replace(${of.sql}, '.', '!') || ']', '$[0]')`);
}

const NUMBERS: readonly SqlType[] = ['bigint', 'decimal', 'double'];

export function isNumber({ type }: Value): boolean {
  return NUMBERS.includes(type);
}

/** The type that both can be brought to without losing anything, as Trino does by itself; null when there is none. */
export function commonType(left: SqlType, right: SqlType): SqlType | null {
  if (left === right || right === 'null') return left;
  if (left === 'null') return right;
  const larger = NUMBERS[Math.max(NUMBERS.indexOf(left), NUMBERS.indexOf(right))];
  if (NUMBERS.includes(left) && NUMBERS.includes(right)) return larger!;
  const instants: readonly SqlType[] = ['date', 'timestamp'];
  return instants.includes(left) && instants.includes(right) ? 'timestamp' : null;
}

/** A value as another type, as Trino does it by itself; null when it does not. */
export function coerced(of: Value, type: SqlType): Value | null {
  if (of.type === type) return of;
  if (of.type === 'null') return { ...of, type };
  if (commonType(of.type, type) !== type) return null;
  if (type === 'decimal') {
    return of.literal === null
      ? unchecked('decimal', `(${of.sql} * ${DECIMAL_UNITS})`)
      : decimalOf(BigInt(of.literal));
  }
  if (type === 'double') {
    const { sql } = exact(of);
    return value('double', of.type === 'decimal' ? `(${sql} / ${DECIMAL_UNITS}.0)` : `CAST(${sql} AS REAL)`);
  }
  return value('timestamp', `(${of.sql} || 'T00:00:00.000Z')`);
}

function decimalOf(whole: bigint): Value {
  const units = whole * BigInt(DECIMAL_UNITS);
  if (units > INTEGER_MAX || units < -INTEGER_MAX) {
    throw new QueryError(`${whole} is beyond what decimal(18,${DECIMAL_DIGITS}) holds.`);
  }
  return integerLiteral('decimal', units);
}

const FIELD_TYPES: Readonly<Record<FieldType, SqlType>> = {
  text: 'varchar',
  picklist: 'varchar',
  boolean: 'boolean',
  integer: 'bigint',
  decimal: 'decimal',
  date: 'date',
  datetime: 'timestamp',
};

/** Type of a field of the model. */
export function typeOfField(type: FieldType): SqlType {
  return FIELD_TYPES[type];
}

const RESULT_TYPES: Partial<Readonly<Record<SqlType, ResultColumn['type']>>> = {
  bigint: 'integer',
  decimal: 'decimal',
  double: 'double',
  varchar: 'text',
  null: 'text',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'datetime',
};

/** Type of a column of the file; null for intervals, which no file shows. */
export function resultType(type: SqlType): ResultColumn['type'] | null {
  return RESULT_TYPES[type] ?? null;
}

/** As people know the types, for messages and SHOW COLUMNS. */
export function typeName(type: SqlType): string {
  if (type === 'decimal') return `decimal(18,${DECIMAL_DIGITS})`;
  if (type === 'timestamp') return 'timestamp with time zone';
  return type === 'null' ? 'unknown' : type;
}

/** Names that are not used twice in one query, so that nothing hides anything. */
export class Names {
  #last = 0;

  next(prefix: string): string {
    this.#last += 1;
    return `${prefix}${this.#last}`;
  }
}

/**
 * An expression that needs some values more than once. Those that are more than a column are calculated once: `MATERIALIZED` keeps SQLite from
 * writing them out at each use, which would double with every level.
 */
export function withOnce(
  names: Names,
  values: readonly Value[],
  build: (...sql: readonly string[]) => string,
): string {
  if (values.every(({ simple }) => simple)) return build(...values.map(({ sql }) => sql));
  const table = names.next('v');
  const columns = values.map((one) => (one.simple ? null : names.next('x')));
  const bound = values.flatMap((one, index) => (columns[index] === null ? [] : [one.sql]));
  const parts = values.map((one, index) =>
    columns[index] === null ? one.sql : `${table}.${columns[index]}`,
  );
  const header = columns.filter((one) => one !== null).join(', ');
  return `(WITH ${table}(${header}) AS MATERIALIZED (SELECT ${bound.join(', ')}) SELECT ${build(...parts)} FROM ${table})`;
}
