import { type SnapshotSource, snapshotSources } from '../../persistence/snapshot-triggers.ts';
import type { WantedRows } from '../../persistence/snapshots.ts';
import { type CompiledQuery, QueryError } from '../compiled-query.ts';
import { joinedSql } from '../filtering/literals.ts';
import { lookups } from '../objects/lookups.ts';

/** A table of D1 as far as a job's queries need it. */
export interface CopiedTable extends WantedRows {
  /** Deleted objects are copied, too: to a table of their own, from which each query that wants them gets them. */
  readonly withDeleted: boolean;
}

/** A longer condition is not asked of D1, whose statements have 100,000 bytes; a character of a text can be three. */
const CONDITION_CHARACTERS_MAX = 25_000;

/** Null, which is all rows, where the condition would be too long: what is left out here only costs time. */
function anyOf(conditions: readonly string[]): string | null {
  const sql = joinedSql(
    'OR',
    conditions.map((one) => `(${one})`),
  );
  return sql.length > CONDITION_CHARACTERS_MAX ? null : sql;
}

/**
 * What is copied for all queries of a job: each table once, with the columns of all of them, and the rows that any of them can need.
 *
 * @throws QueryError when a query names what is not in the model's tables: compilers never do
 */
export function planCopy(queries: readonly CompiledQuery[]): CopiedTable[] {
  const tables = new Map<string, { columns: Set<string>; where: Set<string> | null; withDeleted: boolean }>();
  for (const [name, source] of queries.flatMap(({ sources }) => [...sources])) {
    const known = snapshotSources.get(name);
    if (known === undefined) throw new QueryError(`There is no table ${name}.`);
    const table = tables.get(name) ?? { columns: new Set(), where: new Set(), withDeleted: false };
    tables.set(name, table);
    for (const column of source.columns) {
      if (!known.columns.includes(column)) throw new QueryError(`Table ${name} has no column ${column}.`);
      table.columns.add(column);
    }
    // A query that wants all rows gives the others all rows as well: each asks again for its own.
    if (source.where === null) table.where = null;
    else table.where?.add(source.where);
    if (source.withDeleted && known.isRemembered) table.withDeleted = true;
  }
  return [...tables].map(([table, { columns, where, withDeleted }]) => ({
    table,
    columns: copiedColumns(snapshotSources.get(table)!, columns),
    where: where === null ? null : anyOf([...where]),
    withDeleted,
  }));
}

/** The id is what joins go by, and what tells a deleted object from one that came back. Rows that are only counted have a column, too. */
function copiedColumns({ columns }: SnapshotSource, wanted: ReadonlySet<string>): string[] {
  const copied = columns.filter((name) => name === 'id' || wanted.has(name));
  return copied.length > 0 ? copied : columns.slice(0, 1);
}

/** Where copied rows of deleted objects wait for the queries that want them. */
export function deletedTableOf(table: string): string {
  return `deleted_${table}`;
}

/**
 * SQL that makes the tables of a copy, with indexes for what the model finds rows by. Rows have the row id that they have in D1, so that a row that is
 * read twice is there once.
 */
export function tablesSql({ table, columns, withDeleted }: CopiedTable): string[] {
  const source = snapshotSources.get(table)!;
  const definitions = columns.map((name) => `${name} ${typeOf(source, name)}`);
  const names = withDeleted ? [table, deletedTableOf(table)] : [table];
  return [
    ...names.map(
      (name) =>
        `CREATE TABLE ${name} (row_id INTEGER PRIMARY KEY, _deleted INTEGER NOT NULL, ${definitions.join(', ')})`,
    ),
    ...indexesFor(table, columns).map(
      (by) => `CREATE INDEX ${[table, 'by', ...by].join('_')} ON ${table} (${by.join(', ')})`,
    ),
  ];
}

/** Those of the model's lookups that the copied columns have; one that another begins with is answered by that. */
function indexesFor(table: string, columns: readonly string[]): Array<readonly string[]> {
  const possible = [['id'], ...(lookups.get(table) ?? [])].filter((by) =>
    by.every((name) => columns.includes(name)),
  );
  return possible.filter((by) => !possible.some((other) => other !== by && beginsWith(other, by)));
}

function beginsWith(list: readonly string[], start: readonly string[]): boolean {
  return start.every((name, i) => list[i] === name);
}

/** The type gives the column its affinity: numbers come from D1 as JavaScript's, which would be stored as floats. */
function typeOf(source: SnapshotSource, column: string): string {
  return source.types[source.columns.indexOf(column)]!;
}
