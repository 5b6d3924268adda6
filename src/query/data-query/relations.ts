import { QueryError } from '../compiled-query.ts';
import { fieldNamed, objectNamed } from '../objects/index.ts';
import { field, type ModelObject, type ObjectField } from '../objects/model.ts';
import { columnsOf, fromClause } from '../objects/view.ts';
import {
  type CommonRelation,
  type CompiledBody,
  type Cost,
  type Environment,
  RowContext,
  Scope,
  type ScopeColumn,
  type ScopeRelation,
  type SelectNotes,
} from './context.ts';
import { condition } from './expressions.ts';
import { dataQueryLimits } from './limits.ts';
import { linkedByEquality } from './links.ts';
import { sameType } from './operators.ts';
import { errorAt } from './scan.ts';
import type { Expression, Join, Relation } from './syntax.ts';
import { column, typeOfField, type Value, value } from './values.ts';

/** A FROM, or a part of one. */
export interface CompiledRelation {
  readonly scope: Scope;
  /** Written last, when it is known which columns are read. */
  readonly sql: () => string;
  readonly cost: Cost;
}

/** What a FROM is compiled for. `linking` are the conditions of WHERE, which can link tables that are joined by a comma. */
interface FromContext {
  readonly environment: Environment;
  readonly select: SelectNotes;
  readonly linking: readonly Expression[];
}

export function compileRelation(context: FromContext, relation: Relation): CompiledRelation {
  if (relation.kind === 'join') return compileJoin(context, relation);
  context.environment.sources.use();
  const row = context.environment.names.next('r');
  if (relation.kind === 'derived') {
    const { environment, select } = context;
    const body = environment.compileQuery(relation.query, {
      environment,
      parent: select.parent,
      common: select.common,
    });
    if (body.correlated) select.correlated = true;
    return named(body, `(${body.sql})`, row, relation.alias, relation.columns);
  }
  const common = context.select.common.get(relation.name);
  if (common !== undefined) {
    return named(common, common.sqlName, row, relation.alias ?? relation.name, relation.columns);
  }
  const object = objectNamed(relation.name);
  if (object === undefined) {
    throw errorAt(context.environment.text, relation.at, `Table '${relation.name}' does not exist`);
  }
  if (relation.columns.length > 0) {
    throw new QueryError('Names for the columns of a table of the model are not supported.');
  }
  return ofObject(context.environment, object, row, relation.alias ?? relation.name);
}

/** A query of FROM or of WITH, with the names that its columns have there. */
function named(
  body: Pick<CompiledBody | CommonRelation, 'columns' | 'cost'>,
  sql: string,
  row: string,
  alias: string | null,
  names: readonly string[],
): CompiledRelation {
  if (names.length > 0 && names.length !== body.columns.length) {
    throw new QueryError(
      `Column alias list has ${names.length} entries but '${alias ?? ''}' has ${body.columns.length} columns available`,
    );
  }
  const columns = body.columns.map(
    (one, index): ScopeColumn => ({
      name: names[index] ?? one.name ?? `_col${index}`,
      type: one.type,
      value: () => column(one.type, `${row}.c${index + 1}`),
      ofTable: null,
    }),
  );
  const findable = columns.filter((_, index) => (names[index] ?? body.columns[index]!.name) !== null);
  const relation: ScopeRelation = {
    alias,
    columns,
    table: null,
    column: (name) => {
      const found = findable.filter((one) => one.name === name);
      if (found.length > 1) throw new QueryError(`Column '${name}' is ambiguous`);
      return found[0];
    },
  };
  return { scope: new Scope([relation]), sql: () => `${sql} AS ${row}`, cost: body.cost };
}

const DELETED = field('Deleted', 'boolean', { sql: 't._deleted' });

/** The fields of an object by which Data Query knows it: the model's, and `deleted`. */
export function fieldsOf(object: ModelObject): readonly ObjectField[] {
  return [...object.fields, DELETED];
}

/** An object of the model: a subquery of the fields that are read, over the table and what the fields hang on. */
function ofObject(
  environment: Environment,
  object: ModelObject,
  row: string,
  alias: string,
): CompiledRelation {
  const read = new Map<ObjectField, string>();
  const known = new Map<string, ScopeColumn>();
  const columnOf = (of: ObjectField): ScopeColumn => {
    const name = of.name.toLowerCase();
    const made = known.get(name) ?? {
      name,
      type: typeOfField(of.type),
      value: () => {
        if (!read.has(of)) read.set(of, `f${read.size + 1}`);
        return column(typeOfField(of.type), `${row}.${read.get(of)}`);
      },
      ofTable: of !== DELETED && isOwn(object, of) ? of.sql : null,
    };
    known.set(name, made);
    return made;
  };
  const relation: ScopeRelation = {
    alias,
    columns: fieldsOf(object).map(columnOf),
    table: object.table,
    column: (name) => {
      const of = known.get(name);
      if (of !== undefined) return of;
      const custom = fieldNamed(object, name);
      return custom === undefined ? undefined : columnOf(custom);
    },
  };
  const sql = () => {
    for (const [table, columns] of columnsOf(object, [...read.keys()])) {
      environment.sources.add(table, columns, environment.readDeleted && table === object.table);
    }
    // Other rows of the same table are read beside the object's own: all of them have to be there.
    if (readsOwnTable(object, [...read.keys()])) environment.sources.add(object.table, new Set(), false);
    const expressions = [...read.keys()].map((one) => one.sql);
    const list = [...read].map(([one, name]) => `${one.sql} AS ${name}`);
    const only = [
      ...(object.only === null ? [] : [`(${object.only})`]),
      ...(environment.readDeleted ? [] : ['t._deleted = 0']),
    ];
    const where = only.length === 0 ? '' : ` WHERE ${only.join(' AND ')}`;
    return `(SELECT ${list.length === 0 ? '1 AS f0' : list.join(', ')} FROM ${fromClause(object, expressions)}${where}) AS ${row}`;
  };
  return { scope: new Scope([relation]), sql, cost: (rowsOf) => same(rowsOf(object.table)) };
}

function same(rows: number) {
  return { rows, visits: rows };
}

function readsOwnTable(object: ModelObject, fields: readonly ObjectField[]): boolean {
  const beside = [...object.joins, ...fields.flatMap(({ reads }) => reads)];
  return beside.some(({ table }) => table === object.table);
}

/** A field that is made of the row's own columns alone, so that D1 can be asked for rows by it. */
function isOwn(object: ModelObject, of: ObjectField): boolean {
  const columns = columnsOf({ ...object, only: null, each: null }, [of]);
  return (
    object.each === null && of.reads.length === 0 && columns.size === 1 && columns.get(object.table)!.size > 0
  );
}

const JOIN_WORDS = {
  cross: 'JOIN',
  inner: 'JOIN',
  left: 'LEFT JOIN',
  right: 'RIGHT JOIN',
  full: 'FULL JOIN',
} as const;

function compileJoin(context: FromContext, join: Join): CompiledRelation {
  const outer = join.type !== 'cross' && join.type !== 'inner';
  const [left, right] = [join.left, join.right].map((side) =>
    compileRelation(outer ? { ...context, linking: [] } : context, side),
  ) as [CompiledRelation, CompiledRelation];
  const { scope, equalities } = joinedScope(join, left.scope, right.scope);
  const row = new RowContext(context.environment, context.select, scope, 'JOIN ON clause');
  const conditions = [...(join.on === null ? [] : [condition(row, join.on)]), ...equalities];
  const on = conditions.length === 0 ? '' : ` ON ${conditions.join(' AND ')}`;
  const linked =
    equalities.length > 0 ||
    linkedByEquality(join.on, left.scope, right.scope) ||
    (!outer && context.linking.some((one) => linkedByEquality(one, left.scope, right.scope)));
  return {
    scope,
    sql: () => {
      const inner = right.sql();
      return `${left.sql()} ${JOIN_WORDS[join.type]} ${join.right.kind === 'join' ? `(${inner})` : inner}${on}`;
    },
    cost: (rowsOf) => {
      const [a, b] = [left.cost(rowsOf), right.cost(rowsOf)];
      const rows = linked
        ? Math.max(a.rows, b.rows)
        : Math.max(a.rows * b.rows, outer ? Math.max(a.rows, b.rows) : 0);
      return { rows, visits: a.visits + b.visits + (linked ? a.rows + b.rows : a.rows * b.rows) };
    },
  };
}

/** The names of both sides. A column that USING names is one, of the type of both: the left one, or whichever is there in a full join. */
function joinedScope(join: Join, left: Scope, right: Scope): { scope: Scope; equalities: readonly string[] } {
  const whole = (scope: Scope, keep: boolean) =>
    scope.relations.map((relation) => (keep ? relation : { ...relation, table: null }));
  const relations = [
    ...whole(left, join.type !== 'right' && join.type !== 'full'),
    ...whole(right, join.type !== 'left' && join.type !== 'full'),
  ];
  const hidden = new Set([...left.hidden, ...right.hidden]);
  const equalities: string[] = [];
  const merged = join.using.map((name): ScopeColumn => {
    const [a, b] = [left, right].map((scope, index) => {
      const found = scope.find({ qualifier: null, name });
      if (found !== undefined) return found;
      throw new QueryError(`Column '${name}' is missing from ${index === 0 ? 'left' : 'right'} side of join`);
    }) as [ScopeColumn, ScopeColumn];
    const [x, y] = sameType('=', [a.value(), b.value()]) as [Value, Value];
    equalities.push(`(${x.sql} = ${y.sql})`);
    hidden.add(a).add(b);
    const both = value(x.type, `coalesce(${x.sql}, ${y.sql})`);
    const chosen = join.type === 'right' ? y : join.type === 'full' ? both : x;
    return { name, type: x.type, value: () => chosen, ofTable: null };
  });
  const others = [...left.merged, ...right.merged].filter((one) => !hidden.has(one));
  return { scope: new Scope(relations, [...merged, ...others], hidden), equalities };
}

/** Counts uses of relations and refuses a query that has too many. */
export function countUse(uses: number): number {
  const { dataQueryRelationsMax } = dataQueryLimits;
  if (uses >= dataQueryRelationsMax) {
    throw new QueryError(`The query has more than ${dataQueryRelationsMax} tables and subqueries in FROM.`);
  }
  return uses + 1;
}
