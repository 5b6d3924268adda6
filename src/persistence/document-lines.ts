import { LINES_PER_PIECE } from '../domain/billing/document-lines.ts';
import type { Entities } from '../domain/entities.ts';
import { type EntityTable, entityTables, fromRow, selectList } from './entity-tables.ts';

const KEY_ID_LENGTH = 32;

/** A kind of lines as the lines of their document: one row each, since those of a document are too much for one text. */
function linesOf<K extends 'invoiceLines' | 'creditMemoLines' | 'debitMemoLines'>(
  table: EntityTable,
  documentColumn: string,
) {
  return {
    loadSql:
      `WITH k AS MATERIALIZED (SELECT j.value AS key, substr(j.value, 1, ${KEY_ID_LENGTH}) AS document, ` +
      `CAST(substr(j.value, ${KEY_ID_LENGTH + 2}) AS INTEGER) AS from_line FROM json_each(?1) AS j) ` +
      `SELECT k.key AS lines_key, k.document AS lines_document, k.from_line AS lines_from, ${selectList(table, 'i')} ` +
      `FROM k LEFT JOIN ${table.tableName} AS i ON i.${documentColumn} = k.document ` +
      `AND i.line >= k.from_line AND i.line < k.from_line + ${LINES_PER_PIECE} ORDER BY k.key, i.line`,
    fromRows(rows: ReadonlyArray<Record<string, unknown>>): Array<Entities[K]> {
      const byKey = new Map<string, { documentId: string; fromLine: number; lines: unknown[] }>();
      for (const row of rows) {
        const key = row.lines_key as string;
        let known = byKey.get(key);
        if (known === undefined) {
          known = {
            documentId: row.lines_document as string,
            fromLine: row.lines_from as number,
            lines: [],
          };
          byKey.set(key, known);
        }
        if (row.id !== null) known.lines.push(fromRow(table, row));
      }
      return [...byKey].map(([id, read]) => ({ id, revision: 1, ...read }) as unknown as Entities[K]);
    },
    /** Its rows are guarded one by one. */
    guardSql: null,
  };
}

export const invoiceLines = linesOf<'invoiceLines'>(entityTables.invoiceItem, 'invoice_id');
export const creditMemoLines = linesOf<'creditMemoLines'>(entityTables.creditMemoItem, 'credit_memo_id');
export const debitMemoLines = linesOf<'debitMemoLines'>(entityTables.debitMemoItem, 'debit_memo_id');
