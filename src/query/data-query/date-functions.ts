import { QueryError } from '../compiled-query.ts';
import { inItsForm, milliseconds, shifted } from './arithmetic.ts';
import { castTo } from './casts.ts';
import { type FunctionContext, literalText, type ScalarFunction, wrongArguments } from './function-shapes.ts';
import { quoted, type SqlType, unchecked, type Value, value, withOnce } from './values.ts';

type Dated = 'date' | 'timestamp';

/** Parts of a date or instant as whole numbers. Weeks are ISO's: from Monday, the first has the year's first Thursday. */
const FIELDS: Readonly<Record<string, (x: string) => string>> = {
  year: (x) => digits(x, 1, 4),
  quarter: (x) => `((${digits(x, 6, 2)} + 2) / 3)`,
  month: (x) => digits(x, 6, 2),
  week: (x) => `CAST(strftime('%V', ${x}) AS INTEGER)`,
  year_of_week: (x) => `CAST(strftime('%G', ${x}) AS INTEGER)`,
  day: (x) => digits(x, 9, 2),
  day_of_week: (x) => `CAST(strftime('%u', ${x}) AS INTEGER)`,
  day_of_year: (x) => `CAST(strftime('%j', ${x}) AS INTEGER)`,
  hour: (x) => digits(x, 12, 2),
  minute: (x) => digits(x, 15, 2),
  second: (x) => digits(x, 18, 2),
  millisecond: (x) => digits(x, 21, 3),
};
const OF_INSTANTS = new Set(['hour', 'minute', 'second', 'millisecond']);
const OTHER_NAMES: Readonly<Record<string, string>> = {
  week_of_year: 'week',
  day_of_month: 'day',
  dow: 'day_of_week',
  doy: 'day_of_year',
  yow: 'year_of_week',
};

const UNIT_MS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};
const UNIT_MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

function digits(x: string, start: number, length: number): string {
  return `CAST(substr(${x}, ${start}, ${length}) AS INTEGER)`;
}

const DATE_OR_TIMESTAMP = 'date or timestamp';

/** Functions over dates and instants. Instants are looked at in UTC. */
export const dateFunctions: readonly ScalarFunction[] = [
  ...[...Object.keys(FIELDS), 'week_of_year', 'day_of_month', 'dow', 'doy', 'yow'].map(
    (name): ScalarFunction => ({
      name,
      signature: `${name}(${DATE_OR_TIMESTAMP}) → bigint`,
      parameters: ['any'],
      compile: (context, [x]) => fieldOf(context, name, x!),
    }),
  ),
  {
    name: 'extract',
    signature: `extract(field FROM ${DATE_OR_TIMESTAMP}) → bigint`,
    parameters: ['varchar', 'any'],
    compile: (context, [name, x]) => fieldOf(context, literalText(name!, 'The field of extract'), x!),
  },
  now('now', 'timestamp'),
  now('current_timestamp', 'timestamp'),
  now('localtimestamp', 'timestamp'),
  now('current_date', 'date'),
  {
    name: 'date',
    signature: 'date(varchar or timestamp) → date',
    parameters: ['any'],
    compile: (context, [x]) => castTo(context, x!, { at: 0, name: 'date', sizes: [] }),
  },
  parsing('from_iso8601_date', 'date'),
  parsing('from_iso8601_timestamp', 'timestamp'),
  ofDated('to_iso8601', 'varchar', (x) => value('varchar', x.sql)),
  ofDated('last_day_of_month', 'date', (x) =>
    value('date', `date(${x.sql}, 'start of month', '+1 month', '-1 day')`),
  ),
  ofDated('to_unixtime', 'double', (x) => value('double', `(${milliseconds(x)} / 1000.0)`)),
  {
    name: 'from_unixtime',
    signature: 'from_unixtime(seconds) → timestamp',
    parameters: ['double'],
    compile: (_, [x]) => value('timestamp', `strftime('%Y-%m-%dT%H:%M:%fZ', ${x!.sql}, 'unixepoch')`),
  },
  {
    name: 'date_trunc',
    signature: `date_trunc(unit, ${DATE_OR_TIMESTAMP}) → the same`,
    parameters: ['varchar', 'any'],
    compile: ({ names }, [unit, x]) => truncated(names, unitOf(unit!), dated('date_trunc', x!)),
  },
  {
    name: 'date_add',
    signature: `date_add(unit, count, ${DATE_OR_TIMESTAMP}) → the same`,
    parameters: ['varchar', 'bigint', 'any'],
    compile: (_, [unit, count, x]) => added(unitOf(unit!), count!, dated('date_add', x!)),
  },
  {
    name: 'date_diff',
    signature: `date_diff(unit, ${DATE_OR_TIMESTAMP}, the same) → bigint`,
    parameters: ['varchar', 'any', 'any'],
    compile: difference,
  },
];

function now(name: string, type: Dated): ScalarFunction {
  return {
    name,
    signature: `${name}${name === 'now' ? '()' : ''} → ${type}`,
    parameters: [],
    compile: (context: FunctionContext) => ({
      ...value(type, quoted(type === 'date' ? context.today : context.now)),
      simple: true,
    }),
  };
}

function parsing(name: string, type: Dated): ScalarFunction {
  return {
    name,
    signature: `${name}(varchar) → ${type}`,
    parameters: ['varchar'],
    compile: (context, [x]) => castTo(context, x!, { at: 0, name: type, sizes: [] }),
  };
}

function ofDated(name: string, result: SqlType, compile: (x: Value) => Value): ScalarFunction {
  return {
    name,
    signature: `${name}(${DATE_OR_TIMESTAMP}) → ${result}`,
    parameters: ['any'],
    compile: (_, [x]) => compile(dated(name, x!)),
  };
}

function dated(name: string, x: Value): Value {
  if (x.type === 'null') return { ...x, type: 'timestamp' };
  if (x.type === 'date' || x.type === 'timestamp') return x;
  throw wrongArguments({ name, signature: `${name}(${DATE_OR_TIMESTAMP})` }, [x]);
}

function unitOf(unit: Value): string {
  const name = literalText(unit, 'The unit').toLowerCase();
  if (Object.hasOwn(UNIT_MS, name) || Object.hasOwn(UNIT_MONTHS, name)) return name;
  throw new QueryError(
    `'${name}' is not a valid unit: ${[...Object.keys(UNIT_MS), ...Object.keys(UNIT_MONTHS)].join(', ')}`,
  );
}

function fieldOf({ names }: FunctionContext, name: string, x: Value): Value {
  const field = OTHER_NAMES[name] ?? name;
  const build = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
  if (build === undefined) throw new QueryError(`Unknown field of a date: ${name}`);
  const of = dated(name, x);
  if (of.type === 'date' && OF_INSTANTS.has(field)) {
    throw new QueryError(`A date has no ${field}.`);
  }
  return value(
    'bigint',
    withOnce(names, [of], (sql) => build(sql!)),
  );
}

function truncated(names: FunctionContext['names'], unit: string, x: Value): Value {
  const midnight = x.type === 'date' ? '' : 'T00:00:00.000Z';
  const start: Readonly<Record<string, string>> = {
    week: `date(${x.sql}, '-6 days', 'weekday 1')`,
    month: `substr(${x.sql}, 1, 7) || '-01'`,
    year: `substr(${x.sql}, 1, 4) || '-01-01'`,
    day: `substr(${x.sql}, 1, 10)`,
  };
  if (unit === 'quarter') {
    const month = (sql: string) => `printf('%02d', (${digits(sql, 6, 2)} - 1) / 3 * 3 + 1)`;
    return value(
      x.type,
      withOnce(names, [x], (sql) => `(substr(${sql}, 1, 5) || ${month(sql!)} || '-01${midnight}')`),
    );
  }
  const text = start[unit];
  if (text !== undefined) return value(x.type, `(${text} || '${midnight}')`);
  if (x.type === 'date') throw new QueryError(`'${unit}' is not a valid unit of a date`);
  const clock: Readonly<Record<string, readonly [length: number, rest: string]>> = {
    hour: [13, ':00:00.000Z'],
    minute: [16, ':00.000Z'],
    second: [19, '.000Z'],
    millisecond: [24, ''],
  };
  const [length, rest] = clock[unit]!;
  return value(x.type, `(substr(${x.sql}, 1, ${length}) || '${rest}')`);
}

function added(unit: string, count: Value, x: Value): Value {
  const months = UNIT_MONTHS[unit];
  if (months !== undefined)
    return shifted(x, unchecked('interval year to month', `(${count.sql} * ${months})`));
  const milli = UNIT_MS[unit]!;
  if (x.type === 'timestamp')
    return shifted(x, unchecked('interval day to second', `(${count.sql} * ${milli})`));
  if (milli < UNIT_MS.day!) throw new QueryError(`'${unit}' is not a valid unit of a date`);
  return value(
    'date',
    inItsForm('date', x.sql, `printf('%+d days', ${count.sql} * ${milli / UNIT_MS.day!})`),
  );
}

/** Whole units from the first to the second, towards zero. A month is whole when the first, that many months later, is not after the second. */
function difference({ names }: FunctionContext, [unit, from, to]: readonly Value[]): Value {
  const name = unitOf(unit!);
  const [first, second] = [dated('date_diff', from!), dated('date_diff', to!)];
  const months = UNIT_MONTHS[name];
  if (months === undefined) {
    const milli = UNIT_MS[name]!;
    if (first.type === 'date' && second.type === 'date' && milli < UNIT_MS.day!) {
      throw new QueryError(`'${name}' is not a valid unit of a date`);
    }
    return value('bigint', `((${milliseconds(second)} - ${milliseconds(first)}) / ${milli})`);
  }
  const sql = withOnce(names, [first, second], (a, b) => {
    const apart = `((${digits(b!, 1, 4)} - ${digits(a!, 1, 4)}) * 12 + ${digits(b!, 6, 2)} - ${digits(a!, 6, 2)})`;
    const reached = inItsForm('timestamp', a!, `printf('%+d months', ${apart})`, "'floor'");
    const end = inItsForm('timestamp', b!);
    return `((${apart} - (CASE WHEN ${a} <= ${b} THEN (${reached} > ${end}) ELSE - (${reached} < ${end}) END)) / ${months})`;
  });
  return value('bigint', sql);
}
