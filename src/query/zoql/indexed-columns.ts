import { getTableName, is, SQL } from 'drizzle-orm';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from '../../persistence/schema/index.ts';

/** D1's tables → columns that an index over all rows begins with: what a condition on one of them finds is found without reading the rest. */
const INDEXED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.values(schema).flatMap((table) =>
    is(table, SQLiteTable) ? [[getTableName(table), indexedColumnsOf(table)] as const] : [],
  ),
);

function indexedColumnsOf(table: SQLiteTable): ReadonlySet<string> {
  const { columns, indexes } = getTableConfig(table);
  const keys = columns.filter(({ primary }) => primary).map(({ name }) => name);
  const first = indexes
    .filter(({ config }) => config.where === undefined)
    .flatMap(({ config }) => {
      const [column] = config.columns;
      return column === undefined || is(column, SQL) ? [] : [column.name];
    });
  return new Set([...keys, ...first]);
}

const OWN_COLUMN = /^t\.(\w+)$/;

/** Whether a field of an object of this table is such a column. */
export function isIndexed(table: string, fieldSql: string): boolean {
  const column = OWN_COLUMN.exec(fieldSql)?.[1];
  return column !== undefined && INDEXED.get(table)?.has(column) === true;
}
