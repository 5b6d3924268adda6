import { objects } from './index.ts';
import { columnsIn } from './view.ts';

/**
 * What the model's joins and subqueries find rows of each table by: lists of columns. D1 has indexes for them; a copy of the tables needs the same, or
 * a field that looks into another table would read all of it for each row.
 */
export const lookups: ReadonlyMap<string, ReadonlyArray<readonly string[]>> = collect();

function collect(): Map<string, string[][]> {
  const found = new Map<string, string[][]>();
  const add = (table: string, columns: readonly string[]) => {
    const known = found.get(table) ?? [];
    found.set(table, known);
    const isKnown = known.some((one) => one.join() === columns.join());
    if (columns.length > 0 && columns.join() !== 'id' && !isKnown) known.push([...columns]);
  };
  for (const { joins, fields } of objects) {
    for (const { alias, table, on } of joins) {
      add(table, [...new Set(columnsIn(on).flatMap(([of, column]) => (of === alias ? [column] : [])))]);
    }
    for (const { table, by } of fields.flatMap(({ reads }) => reads)) add(table, by);
  }
  return found;
}
