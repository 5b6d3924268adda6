import { QueryError } from '../compiled-query.ts';
import { type Aggregate, aggregateOf, isAggregate } from './aggregates.ts';
import { Context, type ScopeColumn } from './context.ts';
import { condition, exactly } from './expressions.ts';
import { printExpression } from './print.ts';
import type { Call, ColumnReference, Expression, Select } from './syntax.ts';
import { column, type Value, value } from './values.ts';
import { orderSql, windowed } from './window-functions.ts';

/**
 * A grouped SELECT, and one with window functions, is done in stages: an inner SELECT that calculates keys, aggregates or windows as columns, and an
 * outer one over these columns. What the outer one needs is found while its expressions are compiled, so the inner one is written last.
 */
abstract class Stage extends Context {
  readonly inner: Context;
  readonly alias: string;
  /** Columns of the inner SELECT by what they calculate, so that nothing is calculated twice. */
  readonly columns = new Map<string, string>();

  constructor(inner: Context, alias: string) {
    super(inner.environment, inner.select);
    this.inner = inner;
    this.alias = alias;
  }

  find(reference: ColumnReference): ScopeColumn | undefined {
    return this.inner.find(reference);
  }

  /** The column that has this SQL in the inner SELECT. */
  carried(sql: string): string {
    const known = this.columns.get(sql);
    const name = known ?? `s${this.columns.size + 1}`;
    this.columns.set(sql, name);
    return `${this.alias}.${name}`;
  }

  /** An aggregate or window function: its parts are columns, and what they become is calculated over them. */
  carriedAggregate(of: Aggregate): Value {
    const parts = of.parts.map(({ sql }) => this.carried(sql));
    return of.combine === undefined ? column(of.type, parts[0]!) : value(of.type, of.combine(...parts));
  }

  selectList(): string {
    const list = [...this.columns].map(([sql, name]) => `${sql} AS ${name}`);
    return list.length === 0 ? '1 AS s1' : list.join(', ');
  }
}

/** Over the groups of a GROUP BY, or over the one group that all rows are. */
export class GroupContext extends Stage {
  readonly place: string;
  private readonly keys: ReadonlyMap<string, Value>;

  constructor(inner: Context, alias: string, keys: readonly Expression[], place: string) {
    super(inner, alias);
    this.place = place;
    this.keys = new Map(
      keys.map((expression) => {
        const key = exactly(inner, expression);
        return [this.nameOf(expression), column(key.type, this.carried(key.sql))] as const;
      }),
    );
  }

  /** Keys come first among the columns, so that GROUP BY can name them by their places. */
  groupBy(): string {
    const places = [...new Set([...this.keys.values()].map(({ sql }) => sql))].map((_, index) => index + 1);
    return places.length === 0 ? '' : ` GROUP BY ${places.join(', ')}`;
  }

  whole(expression: Expression): Value | null {
    const key = this.keys.get(this.nameOf(expression));
    if (key !== undefined) return key;
    if (expression.kind !== 'call' || expression.over !== null || !isAggregate(expression)) return null;
    return this.carriedAggregate(this.aggregate(expression));
  }

  columnValue(_: ScopeColumn, reference: ColumnReference): Value {
    const key = this.keys.get(this.nameOf(reference));
    if (key !== undefined) return key;
    throw new QueryError(`'${reference.name}' must be an aggregate expression or appear in GROUP BY clause`);
  }

  private aggregate(call: Call): Aggregate {
    const list = call.arguments.map((one) => exactly(this.inner, one));
    const order =
      call.orderBy.length === 0
        ? ''
        : ` ${orderSql(call.orderBy, (item) => exactly(this.inner, item.expression).sql)}`;
    const own = call.filter === null ? [] : [condition(this.inner, call.filter)];
    const of = aggregateOf(call, list, order);
    return {
      ...of,
      parts: of.parts.map((part) => {
        const filters = [...own, ...(part.only === undefined ? [] : [`(${part.only})`])];
        return filters.length === 0
          ? part
          : { ...part, sql: `${part.sql} FILTER (WHERE ${filters.join(' AND ')})` };
      }),
    };
  }

  /** Two spellings of one column are one key: a.id and id. */
  nameOf(expression: Expression): string {
    const ids = this.columnIds;
    return printExpression(expression, (reference) => {
      const found = this.inner.find(reference);
      if (found === undefined) return `outer ${reference.qualifier}.${reference.name}`;
      if (!ids.has(found)) ids.set(found, ids.size);
      return `#${ids.get(found)}`;
    });
  }

  private readonly columnIds = new Map<ScopeColumn, number>();
}

/** Over rows or groups that have their window functions beside them. */
export class WindowContext extends Stage {
  readonly place: string;
  readonly windows: Select['windows'];

  constructor(inner: Context, alias: string, windows: Select['windows']) {
    super(inner, alias);
    this.place = inner.place;
    this.windows = windows;
  }

  whole(expression: Expression): Value | null {
    if (expression.kind === 'call' && expression.over !== null) {
      return this.carriedAggregate(windowed(this.inner, expression, this.windows));
    }
    const below = this.inner.whole(expression);
    return below === null ? null : this.through(below);
  }

  columnValue(of: ScopeColumn, reference: ColumnReference): Value {
    return this.through(this.inner.columnValue(of, reference));
  }

  private through(below: Value): Value {
    return column(below.type, this.carried(below.sql));
  }
}
