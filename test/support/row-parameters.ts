import { type EntityTable, toRow } from '../../src/persistence/entity-tables.ts';

/** What a table's insert and update statements bind for these objects, as of a commit at the instant. */
export function rowParameters(
  table: EntityTable,
  entities: readonly object[],
  instant = '2026-01-01T00:00:00.000Z',
): string[] {
  const rows = JSON.stringify(entities.map((entity) => toRow(table, entity)));
  return table.keepsChange ? [rows, instant] : [rows];
}
