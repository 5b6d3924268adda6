import { QueryError } from '../compiled-query.ts';
import { roundedQuotient } from './arithmetic.ts';
import { literalText } from './function-shapes.ts';
import type { Call } from './syntax.ts';
import { coerced, commonType, isNumber, type SqlType, typeName, type Value } from './values.ts';

/** How an aggregate is made of SQLite's: the parts that are calculated for each group, and what they become. */
export interface Aggregate {
  readonly type: SqlType;
  readonly parts: readonly AggregatePart[];
  /** Over the parts; the first part itself when it is not given. */
  readonly combine?: (...parts: readonly string[]) => string;
}

export interface AggregatePart {
  /** The call, without FILTER and OVER. */
  readonly sql: string;
  readonly type: SqlType;
  /** Rows that count, beside those that the query's own FILTER leaves. */
  readonly only?: string;
}

interface AggregateShape {
  readonly signature: string;
  readonly count: number;
  /** `order` is the SQL of an ORDER BY within the call, or nothing. */
  readonly build: (list: readonly Value[], distinct: string, order: string) => Aggregate;
}

const one = (type: SqlType, sql: string): Aggregate => ({ type, parts: [{ sql, type }] });

function numeric(name: string, x: Value): Value {
  if (isNumber(x) || x.type === 'null') return x;
  throw new QueryError(
    `Unexpected parameters (${typeName(x.type)}) for function ${name}. Expected: ${name}(number)`,
  );
}

function truth(name: string, x: Value): string {
  const brought = coerced(x, 'boolean');
  if (brought !== null) return brought.sql;
  throw new QueryError(
    `Unexpected parameters (${typeName(x.type)}) for function ${name}. Expected: ${name}(boolean)`,
  );
}

function ordered(x: Value): Value {
  return x.type === 'null' ? { ...x, type: 'varchar' } : x;
}

/** Sums are of integers, so they are exact; one that leaves 64 bits ends the query. The mean of decimals is rounded half up to six places. */
const AGGREGATES: Readonly<Record<string, AggregateShape>> = {
  count: {
    signature: 'count([DISTINCT] value) → bigint',
    count: 1,
    build: ([x], distinct) => one('bigint', `count(${distinct}${x!.sql})`),
  },
  count_if: {
    signature: 'count_if(boolean) → bigint',
    count: 1,
    build: ([x]) => one('bigint', `count(nullif(${truth('count_if', x!)}, 0))`),
  },
  approx_distinct: {
    signature: 'approx_distinct(value) → bigint, exact',
    count: 1,
    build: ([x]) => one('bigint', `count(DISTINCT ${x!.sql})`),
  },
  sum: {
    signature: 'sum([DISTINCT] number) → number',
    count: 1,
    build: ([x], distinct) => one(numeric('sum', x!).type, `sum(${distinct}${x!.sql})`),
  },
  avg: {
    signature: 'avg([DISTINCT] number) → decimal of decimals, else double',
    count: 1,
    build: ([x], distinct) => {
      const of = numeric('avg', x!);
      if (of.type !== 'decimal') return one('double', `avg(${distinct}${of.sql})`);
      return {
        type: 'decimal',
        parts: [
          { type: 'decimal', sql: `sum(${distinct}${of.sql})` },
          { type: 'bigint', sql: `count(${distinct}${of.sql})` },
        ],
        combine: (sum, count) => roundedQuotient(sum!, count!),
      };
    },
  },
  ...same('min', 'min'),
  ...same('max', 'max'),
  ...same('arbitrary', 'min'),
  ...same('any_value', 'min'),
  ...ofTruth('bool_and', 'min'),
  ...ofTruth('every', 'min'),
  ...ofTruth('bool_or', 'max'),
  ...at('min_by', 'ASC'),
  ...at('max_by', 'DESC'),
  listagg: {
    signature: 'listagg([DISTINCT] varchar, separator) WITHIN GROUP (ORDER BY …) → varchar',
    count: 2,
    build: ([x, separator], distinct, order) => {
      const text = coerced(x!, 'varchar');
      if (text === null) throw new QueryError('listagg lists texts: cast the value to varchar.');
      literalText(separator!, 'The separator of listagg');
      if (distinct !== '') throw new QueryError('listagg(DISTINCT …) is not supported.');
      return one('varchar', `group_concat(${text.sql}, ${separator!.sql}${order})`);
    },
  },
};

function same(name: string, sqlite: string): Record<string, AggregateShape> {
  return {
    [name]: {
      signature: `${name}(value) → value`,
      count: 1,
      build: ([x]) => one(ordered(x!).type, `${sqlite}(${x!.sql})`),
    },
  };
}

function ofTruth(name: string, sqlite: string): Record<string, AggregateShape> {
  return {
    [name]: {
      signature: `${name}(boolean) → boolean`,
      count: 1,
      build: ([x]) => one('boolean', `${sqlite}(${truth(name, x!)})`),
    },
  };
}

/** The value beside the smallest or largest other one: the first of a list in that order. */
function at(name: string, direction: string): Record<string, AggregateShape> {
  return {
    [name]: {
      signature: `${name}(value, other) → value`,
      count: 2,
      build: ([x, other]) => ({
        type: ordered(x!).type,
        parts: [
          {
            type: 'varchar',
            sql: `json_group_array(${x!.sql} ORDER BY ${other!.sql} ${direction})`,
            only: `${other!.sql} IS NOT NULL`,
          },
        ],
        combine: (list) => `json_extract(${list}, '$[0]')`,
      }),
    },
  };
}

export const aggregateSignatures: ReadonlyArray<readonly [name: string, signature: string]> = Object.entries(
  AGGREGATES,
).map(([name, { signature }]) => [name, signature]);

export function isAggregate(call: Call): boolean {
  return Object.hasOwn(AGGREGATES, call.name);
}

/** An aggregate over arguments, which are exact. */
export function aggregateOf(call: Call, given: readonly Value[], order: string): Aggregate {
  const shape = AGGREGATES[call.name]!;
  if (call.star) {
    if (call.name !== 'count') throw new QueryError(`${call.name}(*) is not supported.`);
    return one('bigint', 'count(*)');
  }
  if (given.length !== shape.count) {
    throw new QueryError(
      `Unexpected number of parameters for function ${call.name}. Expected: ${shape.signature}`,
    );
  }
  if (order !== '' && call.name !== 'listagg') {
    throw new QueryError(`ORDER BY within ${call.name} is not supported.`);
  }
  return shape.build(given, call.distinct ? 'DISTINCT ' : '', order);
}

/** The type of several values that stand for one, as in CASE; null when there is none. */
export function typeOfAll(list: readonly Value[]): SqlType | null {
  return list.reduce<SqlType | null>(
    (type, { type: next }) => (type === null ? null : commonType(type, next)),
    'null',
  );
}
