import { QueryError } from '../compiled-query.ts';
import { DECIMAL_DIGITS, DECIMAL_UNITS } from '../objects/values.ts';
import { type ArithmeticContext, roundedQuotient } from './arithmetic.ts';
import type { TypeName } from './syntax.ts';
import {
  coerced,
  decimalUnits,
  exact,
  integerLiteral,
  quoted,
  type SqlType,
  typeName,
  type Value,
  value,
  varcharLiteral,
  withOnce,
} from './values.ts';

const TYPES: Readonly<Record<string, SqlType>> = {
  bigint: 'bigint',
  integer: 'bigint',
  int: 'bigint',
  smallint: 'bigint',
  tinyint: 'bigint',
  decimal: 'decimal',
  double: 'double',
  real: 'double',
  varchar: 'varchar',
  char: 'varchar',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
};

/** CAST(of AS name): what cannot be read as the type ends the query, or is null by `context.failing`. */
export function castTo(context: ArithmeticContext, of: Value, name: TypeName): Value {
  const type = Object.hasOwn(TYPES, name.name) ? TYPES[name.name] : undefined;
  if (type === undefined) throw new QueryError(`Unknown type: ${name.name}`);
  const { precision, scale } = decimalSize(type, name.sizes);
  const from = exact(of);
  if (type === 'varchar') {
    const text = asText(context, from);
    return name.sizes[0] === undefined ? text : value('varchar', `substr(${text.sql}, 1, ${name.sizes[0]})`);
  }
  if (from.type === 'null') return { ...from, type };
  if (type === 'decimal') return sized(context, asDecimal(context, from), precision, scale);
  if (from.type === type) return from;
  const converted = conversion(context, from, type);
  if (converted === null) throw new QueryError(`Cannot cast ${typeName(of.type)} to ${typeName(type)}`);
  return converted;
}

function conversion(context: ArithmeticContext, from: Value, type: SqlType): Value | null {
  if (from.type === 'varchar') return read(context, from, type);
  switch (type) {
    case 'double':
      return from.type === 'boolean' ? value('double', `CAST(${from.sql} AS REAL)`) : coerced(from, 'double');
    case 'boolean':
      return ['bigint', 'decimal', 'double'].includes(from.type)
        ? value('boolean', `(${from.sql} <> 0)`)
        : null;
    case 'bigint':
      return asBigint(context, from);
    case 'date':
      return from.type === 'timestamp' ? value('date', `substr(${from.sql}, 1, 10)`) : null;
    case 'timestamp':
      return coerced(from, 'timestamp');
    default:
      return null;
  }
}

/** Precision and scale of decimal(p, s); decimal alone is the largest that there is. */
function decimalSize(type: SqlType, sizes: readonly number[]): { precision: number; scale: number } {
  if (type !== 'decimal' || sizes.length === 0) return { precision: 18, scale: DECIMAL_DIGITS };
  const [precision = 18, scale = 0] = sizes;
  if (scale > DECIMAL_DIGITS || precision < 1 || precision > 38 || scale > precision) {
    throw new QueryError(
      `decimal(${sizes.join(',')}): there are at most ${DECIMAL_DIGITS} places after the point.`,
    );
  }
  return { precision, scale };
}

/** Rounded half up to its places, and refused when it has too many digits before the point. */
function sized(context: ArithmeticContext, of: Value, precision: number, scale: number): Value {
  const step = 10 ** (DECIMAL_DIGITS - scale);
  const rounded =
    step === 1
      ? of
      : value(
          'decimal',
          withOnce(context.names, [of], (x) => `(${roundedQuotient(x!, String(step))} * ${step})`),
        );
  const digits = precision - scale;
  if (digits >= 12) return rounded;
  const limit = 10n ** BigInt(digits + DECIMAL_DIGITS);
  const message = context.failing(`A number does not fit decimal(${precision},${scale})`);
  return value(
    'decimal',
    withOnce(
      context.names,
      [rounded],
      (x) => `(CASE WHEN abs(${x}) >= ${limit} THEN ${message} ELSE ${x} END)`,
    ),
  );
}

function asDecimal(context: ArithmeticContext, from: Value): Value {
  if (from.type === 'varchar') return read(context, from, 'decimal')!;
  if (from.type === 'boolean') return value('decimal', `(${from.sql} * ${DECIMAL_UNITS})`);
  if (from.type !== 'double') {
    const decimal = coerced(from, 'decimal');
    if (decimal === null)
      throw new QueryError(`Cannot cast ${typeName(from.type)} to ${typeName('decimal')}`);
    return exact(decimal);
  }
  return value('decimal', wholeOf(context, from, DECIMAL_UNITS));
}

/** A real number times `factor` as the nearest whole number; one beyond 64 bits fails. */
function wholeOf(context: ArithmeticContext, from: Value, factor: number): string {
  const beyond = context.failing('A double is beyond what the type holds.');
  return withOnce(
    context.names,
    [from],
    (x) =>
      `(CASE WHEN abs(${x} * ${factor}.0) >= 9.2e18 THEN ${beyond} ELSE CAST(round(${x} * ${factor}.0) AS INTEGER) END)`,
  );
}

function asBigint(context: ArithmeticContext, from: Value): Value | null {
  if (from.type === 'boolean') return value('bigint', from.sql);
  if (from.type === 'double') return value('bigint', wholeOf(context, from, 1));
  if (from.type !== 'decimal') return null;
  return value(
    'bigint',
    withOnce(context.names, [from], (x) => roundedQuotient(x!, String(DECIMAL_UNITS))),
  );
}

/** A value as text, as Trino prints it. */
function asText(context: ArithmeticContext, of: Value): Value {
  switch (of.type) {
    case 'varchar':
      return of;
    case 'null':
      return { ...of, type: 'varchar' };
    case 'bigint':
    case 'double':
      return value('varchar', `CAST(${of.sql} AS TEXT)`);
    case 'boolean':
      return value('varchar', `(CASE ${of.sql} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`);
    case 'date':
      return value('varchar', of.sql);
    case 'timestamp':
      return value('varchar', `(replace(rtrim(${of.sql}, 'Z'), 'T', ' ') || ' UTC')`);
    case 'decimal':
      return value(
        'varchar',
        withOnce(
          context.names,
          [of],
          (x) =>
            `(CASE WHEN ${x} < 0 THEN '-' ELSE '' END || abs(${x} / ${DECIMAL_UNITS}) || '.' || ` +
            `substr(printf('%06d', abs(${x} % ${DECIMAL_UNITS})), 1, ${DECIMAL_DIGITS}))`,
        ),
      );
    default:
      throw new QueryError(`Cannot cast ${typeName(of.type)} to varchar`);
  }
}

/** Text read as a type; null where Trino has no such reading. */
function read(context: ArithmeticContext, text: Value, type: SqlType): Value | null {
  const failing = context.failing(`Value cannot be cast to ${typeName(type)}`);
  const reading = (build: (x: string) => string) =>
    value(
      type,
      withOnce(context.names, [value('varchar', `trim(${text.sql})`)], (x) => build(x!)),
    );
  switch (type) {
    case 'bigint':
      return reading((x) => {
        const digits = `ltrim(${x}, '+-')`;
        return (
          `(CASE WHEN ${x} IS NULL THEN NULL WHEN ${digits} = '' OR ${digits} GLOB '*[^0-9]*' OR ` +
          `length(${x}) - length(${digits}) > 1 OR length(${digits}) > 18 THEN ${failing} ELSE CAST(${x} AS INTEGER) END)`
        );
      });
    case 'decimal':
      return reading((x) => readDecimal(x, failing));
    case 'double':
      return reading(
        (x) =>
          `(CASE WHEN ${x} IS NULL THEN NULL WHEN json_valid(ltrim(${x}, '+-')) AND ${x} NOT GLOB '*[^0-9.eE+-]*' ` +
          `THEN CAST(${x} AS REAL) ELSE ${failing} END)`,
      );
    case 'boolean':
      return reading(
        (x) =>
          `(CASE WHEN ${x} IS NULL THEN NULL WHEN lower(${x}) IN ('true', 't', '1') THEN 1 ` +
          `WHEN lower(${x}) IN ('false', 'f', '0') THEN 0 ELSE ${failing} END)`,
      );
    case 'date':
      return reading((x) => readDate(x, failing));
    case 'timestamp':
      return reading((x) => readTimestamp(x, failing));
    default:
      return null;
  }
}

/** Digits before and after the point are read apart, never as a float; more than six places are rounded half up. */
function readDecimal(x: string, failing: string): string {
  const bare = `ltrim(${x}, '+-')`;
  const point = `instr(${bare} || '.', '.')`;
  const whole = `substr(${bare}, 1, ${point} - 1)`;
  const places = `substr(${bare}, ${point} + 1)`;
  const units =
    `(CAST(${whole} AS INTEGER) * ${DECIMAL_UNITS} + CAST(substr(${places} || '000000', 1, 6) AS INTEGER) + ` +
    `(substr(${places} || '0000000', 7, 1) >= '5'))`;
  return (
    `(CASE WHEN ${x} IS NULL THEN NULL WHEN ${bare} GLOB '*[^0-9.]*' OR ${bare} NOT GLOB '*[0-9]*' OR ${places} GLOB '*.*' OR ` +
    `length(${x}) - length(${bare}) > 1 OR length(${whole}) > 12 THEN ${failing} WHEN substr(${x}, 1, 1) = '-' THEN - ${units} ELSE ${units} END)`
  );
}

/** A day of the calendar in its own form: SQLite reads 2026-02-30 as 2 March, which is another text. */
function readDate(x: string, failing: string): string {
  return `(CASE WHEN ${x} IS NULL THEN NULL WHEN date(${x}) IS ${x} AND length(${x}) = 10 THEN ${x} ELSE ${failing} END)`;
}

/** `2026-01-31`, `2026-01-31 10:00`, `… 10:00:00`, `… 10:00:00.123`, with T or a space, and UTC or Z or nothing at the end. */
function readTimestamp(x: string, failing: string): string {
  const bare = `rtrim(replace(${x}, ' UTC', ''), 'Z')`;
  const spaced = `replace(${bare}, 'T', ' ')`;
  const known = ['%Y-%m-%d', '%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%f'];
  const forms = known.map((form) => `strftime('${form}', ${spaced})`).join(', ');
  return (
    `(CASE WHEN ${x} IS NULL THEN NULL WHEN ${spaced} IN (${forms}) ` +
    `THEN strftime('%Y-%m-%dT%H:%M:%fZ', ${spaced}) ELSE ${failing} END)`
  );
}

/** A literal of a type that is written as text: date '2026-01-31'. */
export function typedLiteral(type: 'decimal' | 'date' | 'timestamp' | 'double', text: string): Value {
  if (type === 'decimal') return integerLiteral('decimal', decimalUnits(text));
  if (type === 'double') {
    if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(text)) {
      throw new QueryError(`'${text}' is not a valid double literal`);
    }
    const number = Number(text);
    if (!Number.isFinite(number)) throw new QueryError(`${text} is beyond what a double holds.`);
    return { ...value('double', `CAST(${quoted(text.trim())} AS REAL)`), simple: true };
  }
  const iso = type === 'date' ? dateText(text) : timestampText(text);
  if (iso === null) throw new QueryError(`'${text}' is not a valid ${type} literal`);
  return { ...varcharLiteral(iso), type, literal: null };
}

function dateText(text: string): string | null {
  const trimmed = text.trim();
  return /^\d{4}-\d\d-\d\d$/.test(trimmed) && isDay(trimmed) ? trimmed : null;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const TIMESTAMP =
  /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:\d\d)?$/i;

/** An instant in UTC; text without a zone is UTC. */
function timestampText(text: string): string | null {
  const match = TIMESTAMP.exec(text.trim());
  if (match === null || !isDay(match[1]!)) return null;
  const [, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const offset = /^[+-]/.test(zone) ? zone : 'Z';
  const time = Date.parse(
    `${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`,
  );
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
