import { QueryError } from '../compiled-query.ts';
import { isAggregate } from './aggregates.ts';
import type { CompiledBody, Context } from './context.ts';
import { comparison, sameType } from './operators.ts';
import type { Expression, Query } from './syntax.ts';
import { column, type Value, value } from './values.ts';
import { givesOneRow, someExpression } from './walk.ts';

/** A query that stands in an expression; what it costs is noted with the SELECT, for each of its rows when what is around the query has to be asked for each. */
function compiled(context: Context, query: Query, forEachRow = false): CompiledBody {
  const { environment, select } = context;
  const body = environment.compileQuery(query, { environment, parent: context, common: select.common });
  select.subqueries.push({ cost: body.cost, correlated: forEachRow || body.correlated });
  return body;
}

function ofOneColumn(body: CompiledBody): CompiledBody['columns'][number] {
  const [first, ...others] = body.columns;
  if (first === undefined || others.length > 0) {
    throw new QueryError(`A subquery of one column is wanted; this one has ${body.columns.length}.`);
  }
  return first;
}

export function existsIn(context: Context, query: Query): Value {
  return value('boolean', `EXISTS (${compiled(context, query).sql})`);
}

/** The one value of a subquery, null when it has no row. A second row ends the query, where SQLite would not look at it. */
export function scalarSubquery(context: Context, query: Query): Value {
  const body = compiled(context, query);
  const { type } = ofOneColumn(body);
  if (givesOneRow(query, isAggregate)) return value(type, `(${body.sql})`);
  const row = context.environment.names.next('r');
  const message = context.environment.failing('Scalar sub-query has returned multiple rows');
  return value(
    type,
    `(SELECT CASE WHEN count(*) > 1 THEN ${message} ELSE max(${row}.c1) END FROM (SELECT * FROM (${body.sql}) LIMIT 2) AS ${row})`,
  );
}

/** Both sides of a comparison with the rows of a subquery, as one type; the right side is the row's column. */
function sides(context: Context, operator: string, left: Value, query: Query, forEachRow = false) {
  const body = compiled(context, query, forEachRow);
  const row = context.environment.names.next('r');
  const [x, y] = sameType(operator, [left, column(ofOneColumn(body).type, `${row}.c1`)]);
  return { x: x!, y: y!, from: `(${body.sql}) AS ${row}` };
}

export function inQuery(context: Context, left: Value, query: Query): Value {
  const { x, y, from } = sides(context, 'IN', left, query);
  return value('boolean', `(${x.sql} IN (SELECT ${y.sql} FROM ${from}))`);
}

/** x < ALL (…), x < ANY (…): true over no rows and false over none; unknown when a null decides. */
export function quantified(
  context: Context,
  { operand, operator, quantifier, query }: Extract<Expression, { kind: 'quantified' }>,
  left: Value,
): Value {
  // The left side stands within the subquery.
  const varies = someExpression(
    operand,
    (one) => one.kind === 'column' || one.kind === 'call' || 'query' in one,
  );
  const { x, y, from } = sides(context, operator, left, query, varies);
  const row = context.environment.names.next('r');
  const [decides, otherwise, pick] = quantifier === 'all' ? [0, 1, 'min'] : [1, 0, 'max'];
  return value(
    'boolean',
    `(SELECT CASE WHEN ${pick}(${row}.v) = ${decides} THEN ${decides} WHEN count(*) > count(${row}.v) THEN NULL ELSE ${otherwise} END ` +
      `FROM (SELECT ${comparison(operator, x, y).sql} AS v FROM ${from}) AS ${row})`,
  );
}
