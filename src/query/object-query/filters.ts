import { isDate } from '../../domain/calendar.ts';
import { type Refusal, refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { readDateTime } from '../../wire/values.ts';
import { fieldNamed } from '../objects/index.ts';
import type { ModelObject, ObjectField } from '../objects/model.ts';
import { toMillionths } from '../objects/values.ts';
import type { Bindings } from './bindings.ts';
import { columnOf, indexLedBy } from './table-indexes.ts';

const OPERATORS = ['EQ', 'NE', 'LT', 'GT', 'LE', 'GE', 'SW', 'IN'] as const;
export type Operator = (typeof OPERATORS)[number];

const COMPARISONS = { EQ: '=', NE: '<>', LT: '<', GT: '>', LE: '<=', GE: '>=' } as const;

/** A value as it is bound: decimals are text of millionths, which may be beyond what a bound number holds. */
type Bound = string | number;

/** One condition on a field; all of a query's have to hold. */
export interface Filter {
  readonly field: ObjectField;
  readonly operator: Operator;
  /** Null: that the field has no value (EQ) or has one (NE). Several for IN. */
  readonly values: readonly Bound[] | null;
  /** The values are instants without fractions of a second, as they are shown: each means its whole second. */
  readonly wholeSeconds: boolean;
}

const FILTER = /^\s*([A-Za-z]\w*)\.([A-Za-z]{2}):([\s\S]*)$/;
const ORDERED_TYPES: ReadonlySet<string> = new Set(['integer', 'decimal', 'date', 'datetime']);
const TEXT_TYPES: ReadonlySet<string> = new Set(['text', 'picklist']);

export function parseFilter(text: string, object: ModelObject, timeZone: string): Filter | Refusal {
  const [, name = '', operatorText = '', rest = ''] = FILTER.exec(text) ?? [];
  const bad = (message: string) => refuse('query', message, 'filter[]');
  if (name === '') return bad(`${shown(text)} is no filter: write it as field.EQ:value`);
  const field = fieldNamed(object, name);
  if (field === undefined) return bad(`${shown(name)} is no field of ${object.collection ?? object.name}`);
  const operator = OPERATORS.find((one) => one === operatorText.toUpperCase());
  if (operator === undefined) {
    return bad(`${shown(operatorText)} is no operator: use one of ${OPERATORS.join(', ')}`);
  }
  if (ORDERED.has(operator) && !ORDERED_TYPES.has(field.type)) {
    return bad(`${operator} compares numbers and dates, and ${name} is neither`);
  }
  if (operator === 'SW' && !TEXT_TYPES.has(field.type)) return bad(`SW is for text, and ${name} is none`);
  if (rest === 'null') {
    if (operator !== 'EQ' && operator !== 'NE') return bad(`${operator} has nothing to compare null with`);
    return { field, operator, values: null, wholeSeconds: false };
  }
  const texts = operator === 'IN' ? listOf(rest) : [rest];
  if (texts === null) return bad(`IN needs a list: ${name}.IN:[a,b]`);
  if (texts.length > limits.objectQueryListValuesMax) {
    return bad(`a list has at most ${limits.objectQueryListValuesMax} values`);
  }
  const values: Bound[] = [];
  for (const one of texts) {
    const value = boundOf(one, field, timeZone);
    if (value === null) return bad(`${shown(one)} is no ${NOUNS[field.type]} to compare ${name} with`);
    values.push(value);
  }
  const wholeSeconds = field.type === 'datetime' && texts.every((one) => !/:\d\d\.\d/.test(one));
  return { field, operator, values, wholeSeconds };
}

const ORDERED: ReadonlySet<Operator> = new Set(['LT', 'GT', 'LE', 'GE']);

const NOUNS = {
  text: 'text',
  picklist: 'text',
  boolean: 'true or false',
  integer: 'whole number',
  decimal: 'number of at most twelve digits before the point and six after it',
  date: 'date (YYYY-MM-DD)',
  datetime: 'date and time such as 2026-01-31T08:30:00+01:00',
} as const;

const SHOWN_CHARACTERS_MAX = 60;

/** As messages quote what was given. */
export function shown(text: string): string {
  return JSON.stringify(
    text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text,
  );
}

function listOf(text: string): string[] | null {
  const inner = /^\[([\s\S]*)\]$/.exec(text.trim())?.[1];
  if (inner === undefined || inner.trim() === '') return null;
  return inner.split(',').map((value) => value.trim());
}

function boundOf(text: string, { type }: ObjectField, timeZone: string): Bound | null {
  switch (type) {
    case 'boolean': {
      const at = ['false', 'true'].indexOf(text.toLowerCase());
      return at < 0 ? null : at;
    }
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
    case 'decimal':
      return toMillionths(text)?.toString() ?? null;
    case 'date':
      return isDate(text) ? text : null;
    case 'datetime':
      // A plus that was not encoded arrives as a blank.
      return readDateTime(text.replace(/ (\d\d:?\d\d)$/, '+$1'), timeZone)?.instant ?? null;
    default:
      return text;
  }
}

/** SQL of a field for comparisons and orders: custom fields may be numbers, and compare as the text that they are filtered by. */
export function comparedSql({ sql, name }: ObjectField): string {
  return name.includes('__') ? `CAST(${sql} AS TEXT)` : `(${sql})`;
}

/** SQL of one value of a field's type. */
export function literalSql(field: ObjectField, value: Bound, bindings: Bindings): string {
  const bound = bindings.add(value);
  return field.type === 'decimal' ? `CAST(${bound} AS INTEGER)` : bound;
}

/** Text by which an index finds rows is looked up as it is given, in capitals and in small letters; other text whatever its letters. */
function isKey(object: ModelObject, field: ObjectField): boolean {
  const column = columnOf(field);
  return field.type === 'text' && column !== null && indexLedBy(object.table, column) !== null;
}

const ID = /^[0-9a-f]{32}$/i;

function spellings(value: Bound): readonly Bound[] {
  if (typeof value === 'number') return [value];
  if (ID.test(value)) return [value.toLowerCase()];
  return [...new Set([value, value.toUpperCase(), value.toLowerCase()])];
}

/** SQL of a filter over the object's aliases. */
export function filterSql(object: ModelObject, filter: Filter, bindings: Bindings): string {
  const { field, operator, values } = filter;
  const sql = comparedSql(field);
  if (values === null) return `${sql} IS ${operator === 'EQ' ? 'NULL' : 'NOT NULL'}`;
  if (filter.wholeSeconds) return secondsSql(filter, sql, bindings);
  if (operator === 'SW') {
    const prefix = bindings.add(values[0]!);
    return `substr(${sql}, 1, length(${prefix})) = ${prefix} COLLATE NOCASE`;
  }
  if (isKey(object, field) && operator !== 'NE') {
    const keys = values.flatMap(spellings);
    const column = `t.${columnOf(field)}`;
    if (keys.length === 1) return `${column} = ${bindings.add(keys[0]!)}`;
    return `${column} IN (SELECT e.value FROM json_each(${bindings.add(JSON.stringify(keys))}) AS e)`;
  }
  const anyCase = TEXT_TYPES.has(field.type) ? ' COLLATE NOCASE' : '';
  if (operator === 'IN') {
    const element = field.type === 'decimal' ? 'CAST(e.value AS INTEGER)' : 'e.value';
    return `${sql}${anyCase} IN (SELECT ${element} FROM json_each(${bindings.add(JSON.stringify(values))}) AS e)`;
  }
  return `${sql} ${COMPARISONS[operator]} ${literalSql(field, values[0]!, bindings)}${anyCase}`;
}

const SECOND_MS = 1_000;

/** Comparisons with the seconds that are shown, of instants that have milliseconds. */
function secondsSql({ operator, values }: Filter, sql: string, bindings: Bindings): string {
  const seconds = (values as string[]).map((from) => ({
    from,
    after: new Date(Date.parse(from) + SECOND_MS).toISOString(),
  }));
  const { from, after } = seconds[0]!;
  if (operator === 'LT') return `${sql} < ${bindings.add(from)}`;
  if (operator === 'GE') return `${sql} >= ${bindings.add(from)}`;
  if (operator === 'LE') return `${sql} < ${bindings.add(after)}`;
  if (operator === 'GT') return `${sql} >= ${bindings.add(after)}`;
  if (operator === 'IN') {
    const list = bindings.add(JSON.stringify(seconds.map((one) => one.from.slice(0, 19))));
    return `substr(${sql}, 1, 19) IN (SELECT e.value FROM json_each(${list}) AS e)`;
  }
  const within = `(${sql} >= ${bindings.add(from)} AND ${sql} < ${bindings.add(after)})`;
  return operator === 'EQ' ? within : `NOT ${within}`;
}

/** A filter that an index answers. */
export interface Seek {
  /** The smaller, the fewer rows are to be expected; 0 is one row for each value. */
  readonly rank: number;
  /** Condition over `t`, whose rows an index leads to. */
  readonly sql: (bindings: Bindings) => string;
  /** As many rows for less, `FROM … WHERE …`; null: those of `t` themselves. */
  readonly counted: ((bindings: Bindings) => string) | null;
}

/**
 * SQL that leads along an index to the rows that a filter leaves (and perhaps others), over `t` alone; null when no index does.
 */
export function seekOf(object: ModelObject, filter: Filter): Seek | null {
  const { field, operator, values } = filter;
  if (values === null || operator === 'NE' || operator === 'SW') return null;
  // Seconds in a list are compared as parts of the text.
  if (operator === 'IN' && filter.wholeSeconds) return null;
  const rank = operator === 'EQ' ? 1 : operator === 'IN' ? 2 : 3;
  const rowsOf = field.name === 'Id' ? (object.rowOfId ?? field.rowsOf) : field.rowsOf;
  if (rowsOf !== null) {
    if (rank === 3) return null;
    return {
      rank: field.name === 'Id' ? 0 : rank,
      sql: (bindings) => rowsSql(object.table, rowsOf, values, bindings),
      counted: null,
    };
  }
  if (field.ordered !== null) {
    const { table, id, column } = field.ordered;
    const there = { ...filter, field: { ...field, sql: `w.${column}` } };
    const counted = (bindings: Bindings) => `FROM ${table} AS w WHERE ${filterSql(object, there, bindings)}`;
    return { rank, sql: (bindings) => `t.id IN (SELECT w.${id} ${counted(bindings)})`, counted };
  }
  const column = columnOf(field);
  const index = column === null ? null : indexLedBy(object.table, column);
  if (index === null || TEXT_TYPES.has(field.type) !== isKey(object, field)) return null;
  const isOne = rank < 3 && index.isUnique && index.columns.length === 1;
  return { rank: isOne ? 0 : rank, sql: (bindings) => filterSql(object, filter, bindings), counted: null };
}

function rowsSql(
  table: string,
  rowsOf: (value: string) => string,
  values: readonly Bound[],
  bindings: Bindings,
): string {
  const keys = values.flatMap(spellings);
  if (keys.length === 1) return rowsOf(bindings.add(keys[0]!));
  const list = bindings.add(JSON.stringify(keys));
  return `t.rowid IN (SELECT z.rowid FROM json_each(${list}) AS q CROSS JOIN ${table} AS z WHERE ${rowsOf('q.value').replaceAll(/\bt\./g, 'z.')})`;
}

/** The column of `t` that a filter holds at one value; null when it does something else. */
export function heldColumn(
  object: ModelObject,
  { field, operator, values, wholeSeconds }: Filter,
): string | null {
  if (operator !== 'EQ' || values === null || wholeSeconds || field.type === 'decimal') return null;
  if (TEXT_TYPES.has(field.type) && !(isKey(object, field) && spellings(values[0]!).length === 1))
    return null;
  return columnOf(field);
}
