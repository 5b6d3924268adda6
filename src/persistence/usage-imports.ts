import type { UsageImport, UsageImportPiece } from '../domain/billing/usage-import.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

const { usageImport, usageImportPiece } = entityTables;

export async function readUsageImport(db: D1Database, id: string): Promise<UsageImport | null> {
  const row = await db
    .prepare(`SELECT ${selectList(usageImport, 'f')} FROM usage_import AS f WHERE f.id = ?1`)
    .bind(id)
    .first<Record<string, unknown>>();
  return row === null ? null : fromRow<'usageImport'>(usageImport, row);
}

/** What became of the rows of some pieces, in their order. */
export async function readUsageImportPieces(
  db: D1Database,
  importId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<UsageImportPiece[]> {
  const { results } = await db
    .prepare(
      `SELECT ${selectList(usageImportPiece, 'p')} FROM usage_import_piece AS p ` +
        'WHERE p.import_id = ?1 AND p.piece BETWEEN ?2 AND ?3 ORDER BY p.piece',
    )
    .bind(importId, from, to)
    .all<Record<string, unknown>>();
  return results.map((row) => fromRow<'usageImportPiece'>(usageImportPiece, row));
}

/** Ids of imports that have not moved since an instant and are not finished, the longest at rest first. */
export async function findWaitingImports(
  db: D1Database,
  movedBefore: string,
  importsMax: number,
): Promise<string[]> {
  const { results } = await db
    .prepare(
      "SELECT id FROM usage_import WHERE status = 'Processing' AND updated_at < ?1 ORDER BY updated_at LIMIT ?2",
    )
    .bind(movedBefore, importsMax)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
