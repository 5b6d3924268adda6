import type { EntityTable } from './entity-tables.ts';

/** SQL functions take 32 arguments in D1: the columns of a row travel in lists of so many. */
const COLUMNS_PER_LIST = 30;

/** SQL of a row of this alias as JSON: lists of its columns in the table's order. */
export function columnLists(table: EntityTable, alias: string): string {
  const lists: string[] = [];
  for (let i = 0; i < table.columns.length; i += COLUMNS_PER_LIST) {
    const columns = table.columns.slice(i, i + COLUMNS_PER_LIST).map(({ name }) => `${alias}.${name}`);
    lists.push(`json_array(${columns.join(', ')})`);
  }
  return `json_array(${lists.join(', ')})`;
}

/** The row again, by column name; the reverse of columnLists. */
export function fromLists(
  table: EntityTable,
  lists: ReadonlyArray<readonly unknown[]>,
): Record<string, unknown> {
  const values = lists.flat();
  return Object.fromEntries(table.columns.map(({ name }, i) => [name, values[i]]));
}
