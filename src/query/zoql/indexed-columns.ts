import { getTableName, is, SQL } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from '../../persistence/schema/index.ts';

/** A column that an index over all rows begins with: what a condition on it finds is found without reading the rest. */
export interface IndexedColumn {
  readonly column: string;
  /** No two rows have one value. */
  readonly isUnique: boolean;
}

/** By D1's tables and their columns. */
const INDEXED: ReadonlyMap<string, ReadonlyMap<string, IndexedColumn>> = new Map(
  Object.values(schema).flatMap((table) =>
    is(table, SQLiteTable) ? [[getTableName(table), indexedColumnsOf(table)] as const] : [],
  ),
);

function indexedColumnsOf(table: SQLiteTable): ReadonlyMap<string, IndexedColumn> {
  const { columns, indexes } = getTableConfig(table);
  const keys = columns
    .filter(({ primary }) => primary)
    .map(({ name }): IndexedColumn => ({ column: name, isUnique: true }));
  const first = indexes
    .filter(({ config }) => config.where === undefined)
    .flatMap(({ config }): IndexedColumn[] => {
      const [column] = config.columns;
      if (column === undefined || is(column, SQL)) return [];
      return [{ column: column.name, isUnique: config.unique && config.columns.length === 1 }];
    });
  const uniqueLast = [...first, ...keys].sort((a, b) => Number(a.isUnique) - Number(b.isUnique));
  return new Map(uniqueLast.map((one) => [one.column, one]));
}

const OWN_COLUMN = /^t\.(\w+)$/;

/** The column that a field of an object of this table is; null when no index begins with it. */
export function indexedColumn(table: string, fieldSql: string): IndexedColumn | null {
  const column = OWN_COLUMN.exec(fieldSql)?.[1];
  return (column !== undefined && INDEXED.get(table)?.get(column)) || null;
}
