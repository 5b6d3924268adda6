import { QueryError } from '../compiled-query.ts';
import { typeOfAll } from './aggregates.ts';
import {
  type CommonRelation,
  type CompiledBody,
  type Cost,
  RowContext,
  Scope,
  type Surroundings,
} from './context.ts';
import { exactly } from './expressions.ts';
import { dataQueryLimits } from './limits.ts';
import { compileSelect, placeIn, withoutPlace } from './selection.ts';
import type { Query, QueryBody, SetOperation, SortItem } from './syntax.ts';
import { coerced, column, exact, INTEGER_MAX, type SqlType, typeName, type Value } from './values.ts';
import { orderSql } from './window-functions.ts';

/** A query with its WITH, ORDER BY and LIMIT. Its columns are called c1, c2 … */
export function compileQuery(query: Query, surroundings: Surroundings): CompiledBody {
  const common = new Map(surroundings.common);
  const definitions: string[] = [];
  let correlated = false;
  const own = new Set<string>();
  for (const table of query.with) {
    if (own.has(table.name)) throw new QueryError(`WITH query name '${table.name}' specified more than once`);
    own.add(table.name);
    const body = compileQuery(table.query, { ...surroundings, common: new Map(common) });
    correlated ||= body.correlated;
    const sqlName = surroundings.environment.names.next('q');
    definitions.push(`${sqlName} AS (${body.sql})`);
    common.set(table.name, commonRelation(sqlName, table.name, table.columns, body));
  }
  const body = withinParentheses(query, sorted(query.body, { ...surroundings, common }, query.orderBy));
  const opening = definitions.length === 0 ? '' : `WITH ${definitions.join(', ')} `;
  return {
    ...body,
    sql: `${opening}${body.sql}${rowRange(query)}`,
    correlated: correlated || body.correlated,
    cost: query.limit === null ? body.cost : limited(body.cost, Number(query.limit)),
  };
}

function commonRelation(
  sqlName: string,
  name: string,
  names: readonly string[],
  body: CompiledBody,
): CommonRelation {
  if (names.length > 0 && names.length !== body.columns.length) {
    throw new QueryError(
      `WITH column alias list has ${names.length} entries but WITH query(${name}) has ${body.columns.length} columns`,
    );
  }
  return {
    sqlName,
    cost: body.cost,
    columns: body.columns.map((one, index) => ({
      type: one.type,
      name: names[index] ?? one.name ?? `_col${index}`,
    })),
  };
}

function limited(cost: Cost, limit: number): Cost {
  return (rowsOf) => {
    const { rows, visits } = cost(rowsOf);
    return { rows: Math.min(rows, limit), visits };
  };
}

function rowRange({ limit, offset }: Query): string {
  for (const digits of [limit, offset]) {
    if (digits !== null && BigInt(digits) > INTEGER_MAX)
      throw new QueryError(`${digits} is too large for a number of rows.`);
  }
  if (limit === null && offset === null) return '';
  return ` LIMIT ${limit === null ? -1 : BigInt(limit)}${offset === null ? '' : ` OFFSET ${BigInt(offset)}`}`;
}

function sorted(body: QueryBody, surroundings: Surroundings, orderBy: readonly SortItem[]): CompiledBody {
  if (body.kind === 'select') return compileSelect(body, surroundings, orderBy);
  const compiled = compileBody(body, surroundings);
  if (orderBy.length === 0) return compiled;
  return {
    ...compiled,
    sql: `${selectAll(compiled)} ${orderSql(orderBy, (item) => outputKey(item, compiled, surroundings))}`,
  };
}

/** SQLite has neither two WITHs nor two LIMITs of one SELECT: a query in parentheses may have its own. */
function withinParentheses(
  { body, with: tables, limit, offset }: Query,
  compiled: CompiledBody,
): CompiledBody {
  const isPlain = tables.length === 0 && limit === null && offset === null;
  return body.kind !== 'query' || isPlain ? compiled : { ...compiled, sql: selectAll(compiled) };
}

/** The columns of a query, selected once more, so that it can be a part of something larger. */
function selectAll(body: CompiledBody): string {
  return `SELECT ${body.columns.map((_, index) => `c${index + 1}`).join(', ')} FROM (${body.sql})`;
}

/** What a union is sorted by: columns of the result, by place or by name, and expressions over them. */
function outputKey({ expression }: SortItem, body: CompiledBody, surroundings: Surroundings): string {
  const place = placeIn(body.columns.length, expression);
  if (place !== null) return place;
  const columns = body.columns.map(({ name, type }, index) => ({
    name: name ?? '',
    type,
    ofTable: null,
    value: () => column(type, `c${index + 1}`),
  }));
  const relation = {
    alias: null,
    table: null,
    columns,
    column: (name: string) => columns.find((one) => one.name === name),
  };
  const notes = { ...surroundings, subqueries: [], correlated: false };
  const context = new RowContext(surroundings.environment, notes, new Scope([relation]), 'ORDER BY');
  return withoutPlace(exactly(context, expression).sql);
}

function compileBody(body: QueryBody, surroundings: Surroundings): CompiledBody {
  switch (body.kind) {
    case 'select':
      return compileSelect(body, surroundings, []);
    case 'query':
      return compileQuery(body, surroundings);
    case 'values':
      return valuesOf(body, surroundings);
    default:
      return combined(body, surroundings);
  }
}

function valuesOf(body: Extract<QueryBody, { kind: 'values' }>, surroundings: Surroundings): CompiledBody {
  const notes = { ...surroundings, subqueries: [], correlated: false };
  const context = new RowContext(surroundings.environment, notes, new Scope([]), 'VALUES');
  const rows = body.rows.map((row) => row.map((one) => exactly(context, one)));
  const width = rows[0]!.length;
  if (rows.some((row) => row.length !== width)) {
    throw new QueryError('Values rows have mismatched types: rows have different numbers of columns');
  }
  if (width > dataQueryLimits.dataQueryColumnsMax) {
    throw new QueryError(
      `The query selects ${width} columns; there can be ${dataQueryLimits.dataQueryColumnsMax} at the most.`,
    );
  }
  const types = rows[0]!.map((_, index) => common(rows.map((row) => row[index]!)));
  const list = rows.map(
    (row) => `(${row.map((one, index) => exact(coerced(one, types[index]!)!).sql).join(', ')})`,
  );
  const names = types.map((_, index) => `column${index + 1} AS c${index + 1}`);
  return {
    sql: `SELECT ${names.join(', ')} FROM (VALUES ${list.join(', ')})`,
    columns: types.map((type) => ({ name: null, type })),
    cost: () => ({ rows: rows.length, visits: rows.length }),
    correlated: notes.correlated,
  };
}

function common(list: readonly Value[]): SqlType {
  const type = typeOfAll(list);
  if (type !== null) return type;
  throw new QueryError(
    `Values rows have mismatched types: ${list.map((one) => typeName(one.type)).join(', ')}`,
  );
}

/** UNION, INTERSECT, EXCEPT. Each side is a subquery: SQLite bounds the terms of one compound to five. */
function combined(body: SetOperation, surroundings: Surroundings): CompiledBody {
  if (body.all && body.kind !== 'union') {
    throw new QueryError(`${body.kind.toUpperCase()} ALL is not supported.`);
  }
  const [left, right] = [compileBody(body.left, surroundings), compileBody(body.right, surroundings)];
  if (left.columns.length !== right.columns.length) {
    throw new QueryError(
      `${body.kind.toUpperCase()} query has different number of fields: ${left.columns.length}, ${right.columns.length}`,
    );
  }
  const types = left.columns.map(({ type }, index) => {
    const other = right.columns[index]!.type;
    const both = typeOfAll([column(type, ''), column(other, '')]);
    if (both !== null) return both;
    throw new QueryError(
      `column ${index + 1} in ${body.kind.toUpperCase()} query has incompatible types: ${typeName(type)}, ${typeName(other)}`,
    );
  });
  return {
    sql: `${asTypes(left, types)} ${body.kind.toUpperCase()}${body.all ? ' ALL' : ''} ${asTypes(right, types)}`,
    columns: left.columns.map(({ name }, index) => ({ name, type: types[index]! })),
    correlated: left.correlated || right.correlated,
    cost: (rowsOf) => {
      const [a, b] = [left.cost(rowsOf), right.cost(rowsOf)];
      return { rows: a.rows + b.rows, visits: a.visits + b.visits };
    },
  };
}

function asTypes(body: CompiledBody, types: readonly SqlType[]): string {
  const list = body.columns.map(({ type }, index) => {
    const name = `c${index + 1}`;
    return `${exact(coerced(column(type, name), types[index]!)!).sql} AS ${name}`;
  });
  return `SELECT ${list.join(', ')} FROM (${body.sql})`;
}
