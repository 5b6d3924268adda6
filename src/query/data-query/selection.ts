import { QueryError } from '../compiled-query.ts';
import { isAggregate } from './aggregates.ts';
import {
  type CompiledBody,
  type Context,
  type Cost,
  type Environment,
  RowContext,
  Scope,
  type SelectNotes,
  type Surroundings,
} from './context.ts';
import { condition, exactly } from './expressions.ts';
import { dataQueryLimits } from './limits.ts';
import { narrowed } from './narrowing.ts';
import { type CompiledRelation, compileRelation } from './relations.ts';
import { GroupContext, WindowContext } from './stages.ts';
import type { Expression, Select, SelectItem, SortItem } from './syntax.ts';
import type { Value } from './values.ts';
import { conjunctsOf, someExpression } from './walk.ts';
import { orderSql } from './window-functions.ts';

/** A column of the result, with the expression that it was written as; stars have none. */
interface OutputColumn {
  readonly name: string | null;
  readonly value: Value;
  readonly expression: Expression | null;
}

const isAggregation = (one: Expression) => one.kind === 'call' && one.over === null && isAggregate(one);
const isWindow = (one: Expression) => one.kind === 'call' && one.over !== null;

/** One SELECT, sorted by what the query around it is sorted by, which can name columns that are not selected. */
export function compileSelect(
  select: Select,
  surroundings: Surroundings,
  orderBy: readonly SortItem[],
): CompiledBody {
  const { environment } = surroundings;
  const notes: SelectNotes = {
    parent: surroundings.parent,
    common: surroundings.common,
    subqueries: [],
    correlated: false,
  };
  const from = fromOf(select, environment, notes);
  const rows = (place: string) => new RowContext(environment, notes, from.scope, place);
  const where = select.where === null ? '' : ` WHERE ${condition(rows('WHERE clause'), select.where)}`;
  narrowed(environment.sources, from.scope, select.where);

  const expressions = expressionsOf(select, orderBy);
  const groups = groupContext(select, expressions, environment, rows);
  const having =
    select.having === null ? '' : ` WHERE ${condition(groups ?? rows('HAVING clause'), select.having)}`;
  const below = groups ?? rows('SELECT');
  const windows = expressions.some((one) => someExpression(one, isWindow))
    ? new WindowContext(below, environment.names.next('w'), select.windows)
    : null;
  const context = windows ?? below;

  const output = select.items.flatMap((item) => outputOf(item, context, from.scope));
  const columnsMax = dataQueryLimits.dataQueryColumnsMax;
  if (output.length > columnsMax) {
    throw new QueryError(
      `The query selects ${output.length} columns; there can be ${columnsMax} at the most.`,
    );
  }
  const order =
    orderBy.length === 0
      ? ''
      : ` ${orderSql(orderBy, (item) => sortKey(item, output, context, select.distinct))}`;
  const list = output.map((one, index) => `${one.value.sql} AS c${index + 1}`).join(', ');

  let source = `${from.sql()}${where}`;
  if (groups !== null) {
    const grouped = `SELECT ${groups.selectList()}${source === '' ? '' : ` FROM ${source}`}${groups.groupBy()}`;
    source = `(${grouped}) AS ${groups.alias}${having}`;
  }
  if (windows !== null) source = `(SELECT ${windows.selectList()}${fromText(source)}) AS ${windows.alias}`;
  return {
    sql: `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${fromText(source)}${order}`,
    columns: output.map((one) => ({ name: one.name, type: one.value.type })),
    cost: costOf(from, notes, groups !== null && select.groupBy.length === 0),
    correlated: notes.correlated,
  };
}

function fromText(source: string): string {
  return source === '' || source.startsWith(' WHERE') ? source : ` FROM ${source}`;
}

const NOTHING: CompiledRelation = {
  scope: new Scope([]),
  sql: () => '',
  cost: () => ({ rows: 1, visits: 1 }),
};

function fromOf(select: Select, environment: Environment, notes: SelectNotes): CompiledRelation {
  if (select.from === null) return NOTHING;
  return compileRelation({ environment, select: notes, linking: conjunctsOf(select.where) }, select.from);
}

/** Everything that is calculated over groups or windows. */
function expressionsOf(select: Select, orderBy: readonly SortItem[]): readonly Expression[] {
  return [
    ...select.items.flatMap((item) => (item.kind === 'item' ? [item.expression] : [])),
    ...(select.having === null ? [] : [select.having]),
    ...orderBy.map((item) => item.expression),
  ];
}

function groupContext(
  select: Select,
  expressions: readonly Expression[],
  environment: Environment,
  rows: (place: string) => RowContext,
): GroupContext | null {
  const grouped =
    select.groupBy.length > 0 ||
    select.having !== null ||
    expressions.some((one) => someExpression(one, isAggregation));
  if (!grouped) return null;
  const keys = select.groupBy.map((one) => (one.kind === 'bigint' ? itemAt(select, one.text) : one));
  return new GroupContext(
    rows('GROUP BY clause or an aggregation'),
    environment.names.next('g'),
    keys,
    'SELECT',
  );
}

/** The expression that GROUP BY 1 means. */
function itemAt(select: Select, text: string): Expression {
  const item = select.items[Number(text) - 1];
  if (item?.kind === 'item' && !select.items.some(({ kind }) => kind === 'star')) return item.expression;
  throw new QueryError(`GROUP BY position ${text} is not in select list`);
}

function outputOf(item: SelectItem, context: Context, scope: Scope): readonly OutputColumn[] {
  if (item.kind === 'item') {
    const { expression, alias } = item;
    const name = alias ?? (expression.kind === 'column' ? expression.name : null);
    return [{ name, expression, value: exactly(context, expression) }];
  }
  const { qualifier } = item;
  const relations = scope.relations.filter(({ alias }) => qualifier === null || alias === qualifier);
  if (relations.length === 0) {
    throw new QueryError(
      qualifier === null ? 'SELECT * not allowed without FROM' : `Table '${qualifier}' not found`,
    );
  }
  const merged = qualifier === null ? scope.merged : [];
  const columns = [
    ...merged.map((column) => ({ column, alias: null })),
    ...relations.flatMap(({ alias, columns: all }) =>
      all
        .filter((column) => qualifier !== null || !scope.hidden.has(column))
        .map((column) => ({ column, alias })),
    ),
  ];
  return columns.map(({ column, alias }) => ({
    name: column.name,
    expression: null,
    value: context.columnValue(column, { kind: 'column', at: item.at, qualifier: alias, name: column.name }),
  }));
}

/** A column of the result by its place, its name or its expression; else an expression over what is selected from. */
function sortKey(
  { expression }: SortItem,
  output: readonly OutputColumn[],
  context: Context,
  distinct: boolean,
): string {
  const named = placeIn(output.length, expression);
  if (named !== null) return named;
  if (expression.kind === 'column' && expression.qualifier === null) {
    const places = output.flatMap((one, index) => (one.name === expression.name ? [index + 1] : []));
    if (places.length === 1) return String(places[0]);
  }
  const value = exactly(context, expression).sql;
  const place = output.findIndex((one) => one.value.sql === value);
  if (place >= 0) return String(place + 1);
  if (distinct) throw new QueryError('For SELECT DISTINCT, ORDER BY expressions must appear in select list');
  return withoutPlace(value);
}

/** ORDER BY 2; null for what is no place. */
export function placeIn(columns: number, expression: Expression): string | null {
  const isBelow = expression.kind === 'negate';
  const number = isBelow ? expression.operand : expression;
  if (number.kind !== 'bigint') return null;
  const text = `${isBelow ? '-' : ''}${number.text}`;
  const place = Number(text);
  if (place >= 1 && place <= columns) return String(place);
  throw new QueryError(`ORDER BY position ${text} is not in select list`);
}

/** SQLite takes a constant, as 1 for true, for a place; to Trino it is the same for every row. */
export function withoutPlace(sql: string): string {
  return /^[\d\s()+-]+$/.test(sql) ? 'NULL' : sql;
}

function costOf(from: CompiledRelation, notes: SelectNotes, oneGroup: boolean): Cost {
  return (rowsOf) => {
    const { rows, visits } = from.cost(rowsOf);
    const inner = notes.subqueries.map(
      ({ cost, correlated }) => cost(rowsOf).visits * (correlated ? rows : 1),
    );
    return { rows: oneGroup ? 1 : rows, visits: inner.reduce((sum, one) => sum + one, visits) };
  };
}
