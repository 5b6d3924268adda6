import { QueryError } from '../compiled-query.ts';
import { type Aggregate, aggregateOf, isAggregate } from './aggregates.ts';
import type { Context } from './context.ts';
import { condition, exactly } from './expressions.ts';
import { literalInteger } from './function-shapes.ts';
import type { Call, Frame, Select, SortItem, WindowSpecification } from './syntax.ts';
import { coerced, exact, type SqlType, type Value } from './values.ts';

interface WindowShape {
  readonly signature: string;
  readonly min: number;
  readonly max: number;
  readonly build: (list: readonly Value[]) => { readonly type: SqlType; readonly sql: string };
}

const ranking = (name: string, type: SqlType): WindowShape => ({
  signature: `${name}() → ${type}`,
  min: 0,
  max: 0,
  build: () => ({ type, sql: `${name}()` }),
});

const picking = (name: string): WindowShape => ({
  signature: `${name}(value) → value`,
  min: 1,
  max: 1,
  build: ([x]) => ({ type: x!.type, sql: `${name}(${x!.sql})` }),
});

const neighbour = (name: string): WindowShape => ({
  signature: `${name}(value[, offset[, default]]) → value`,
  min: 1,
  max: 3,
  build: ([x, offset, otherwise]) => {
    const rows = offset === undefined ? 1 : literalInteger(offset, `The offset of ${name}`);
    if (rows < 0) throw new QueryError('Offset must be at least 0');
    const last = otherwise === undefined ? null : coerced(otherwise, x!.type);
    if (otherwise !== undefined && last === null) {
      throw new QueryError(`The default of ${name} is of another type than its value.`);
    }
    return {
      type: x!.type,
      sql: `${name}(${x!.sql}, ${rows}${last === null ? '' : `, ${exact(last).sql}`})`,
    };
  },
});

const WINDOW_FUNCTIONS: Readonly<Record<string, WindowShape>> = {
  row_number: ranking('row_number', 'bigint'),
  rank: ranking('rank', 'bigint'),
  dense_rank: ranking('dense_rank', 'bigint'),
  percent_rank: ranking('percent_rank', 'double'),
  cume_dist: ranking('cume_dist', 'double'),
  ntile: {
    signature: 'ntile(count) → bigint',
    min: 1,
    max: 1,
    build: ([count]) => {
      const parts = literalInteger(count!, 'The count of ntile');
      if (parts < 1) throw new QueryError('Buckets must be greater than 0');
      return { type: 'bigint', sql: `ntile(${parts})` };
    },
  },
  first_value: picking('first_value'),
  last_value: picking('last_value'),
  nth_value: {
    signature: 'nth_value(value, place) → value',
    min: 2,
    max: 2,
    build: ([x, place]) => {
      const row = literalInteger(place!, 'The place of nth_value');
      if (row < 1) throw new QueryError('Offset must be at least 1');
      return { type: x!.type, sql: `nth_value(${x!.sql}, ${row})` };
    },
  },
  lag: neighbour('lag'),
  lead: neighbour('lead'),
};

export const windowSignatures: ReadonlyArray<readonly [name: string, signature: string]> = Object.entries(
  WINDOW_FUNCTIONS,
).map(([name, { signature }]) => [name, signature]);

/** A call with OVER, its parts each with their window. `inner` is the stage whose rows the window slides over. */
export function windowed(inner: Context, call: Call, windows: Select['windows']): Aggregate {
  const over = windowSql(inner, specification(call.over!, windows));
  const list = call.arguments.map((one) => exactly(inner, one));
  const filter = call.filter === null ? [] : [condition(inner, call.filter)];
  if (isAggregate(call)) {
    if (call.distinct || call.orderBy.length > 0) {
      throw new QueryError(`DISTINCT and ORDER BY within ${call.name} over a window are not supported.`);
    }
    const of = aggregateOf(call, list, '');
    if (of.parts.some(({ only }) => only !== undefined)) {
      throw new QueryError(`${call.name} over a window is not supported.`);
    }
    const where = filter.length === 0 ? '' : ` FILTER (WHERE ${filter[0]})`;
    return { ...of, parts: of.parts.map((part) => ({ ...part, sql: `${part.sql}${where} OVER ${over}` })) };
  }
  const shape = Object.hasOwn(WINDOW_FUNCTIONS, call.name) ? WINDOW_FUNCTIONS[call.name]! : null;
  if (shape === null) throw new QueryError(`Function '${call.name}' is not a window function`);
  if (call.star || call.distinct || filter.length > 0 || call.orderBy.length > 0) {
    throw new QueryError(`${call.name} takes no *, DISTINCT, ORDER BY or FILTER.`);
  }
  if (list.length < shape.min || list.length > shape.max) {
    throw new QueryError(
      `Unexpected number of parameters for function ${call.name}. Expected: ${shape.signature}`,
    );
  }
  const { type, sql } = shape.build(list);
  return { type, parts: [{ type, sql: `${sql} OVER ${over}` }] };
}

/** A window with what it takes over from the one that it names. */
function specification(
  over: WindowSpecification | string,
  windows: Select['windows'],
  depth = 0,
): WindowSpecification {
  const name = typeof over === 'string' ? over : over.base;
  if (name === null) return over as WindowSpecification;
  const named = windows.find((one) => one.name === name);
  // A window can only name one before it; a longer chain than there are windows goes round in a circle.
  if (named === undefined || depth > windows.length)
    throw new QueryError(`Cannot resolve WINDOW name ${name}`);
  const base = specification(named.window, windows, depth + 1);
  if (typeof over === 'string') return base;
  if (over.partitionBy.length > 0)
    throw new QueryError('A window that names another one has no PARTITION BY.');
  if (over.orderBy.length > 0 && base.orderBy.length > 0) {
    throw new QueryError('A window that names one with ORDER BY has none of its own.');
  }
  return {
    base: null,
    partitionBy: base.partitionBy,
    orderBy: over.orderBy.length > 0 ? over.orderBy : base.orderBy,
    frame: over.frame ?? base.frame,
  };
}

function windowSql(inner: Context, { partitionBy, orderBy, frame }: WindowSpecification): string {
  const parts = [
    ...(partitionBy.length === 0
      ? []
      : [`PARTITION BY ${partitionBy.map((one) => exactly(inner, one).sql).join(', ')}`]),
    ...(orderBy.length === 0 ? [] : [orderSql(orderBy, (one) => exactly(inner, one.expression).sql)]),
    ...(frame === null ? [] : [frameSql(frame, orderBy.length)]),
  ];
  return `(${parts.join(' ')})`;
}

/** ORDER BY as Trino has it: nulls are last in both directions unless it is said. */
export function orderSql(items: readonly SortItem[], sql: (item: SortItem) => string): string {
  const list = items.map(
    (item) =>
      `${sql(item)}${item.descending ? ' DESC' : ''} NULLS ${item.nulls === 'first' ? 'FIRST' : 'LAST'}`,
  );
  return `ORDER BY ${list.join(', ')}`;
}

const BOUND_ORDER = ['unbounded preceding', 'preceding', 'current row', 'following', 'unbounded following'];

function frameSql({ unit, start, end }: Frame, sorted: number): string {
  const last = end ?? { bound: 'current row', offset: null };
  const bounds = [start, last];
  if (unit === 'range' && bounds.some(({ offset }) => offset !== null)) {
    throw new QueryError('A RANGE frame with a number is not supported: ROWS and GROUPS are.');
  }
  if (unit === 'groups' && sorted === 0) throw new QueryError('A GROUPS frame needs ORDER BY.');
  if (
    start.bound === 'unbounded following' ||
    last.bound === 'unbounded preceding' ||
    BOUND_ORDER.indexOf(start.bound) > BOUND_ORDER.indexOf(last.bound)
  ) {
    throw new QueryError('The frame of a window ends before it begins.');
  }
  const sql = bounds.map(({ bound, offset }) => {
    if (offset === null) return bound.toUpperCase();
    if (offset.length > 9) throw new QueryError(`The frame of a window reaches too far: ${offset} rows.`);
    return `${Number(offset)} ${bound.toUpperCase()}`;
  });
  return `${unit.toUpperCase()} BETWEEN ${sql.join(' AND ')}`;
}
