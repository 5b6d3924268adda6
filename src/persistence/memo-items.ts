import type { Entities } from '../domain/entities.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

/** Lines of credit and debit memos, as they are shown. */

const KINDS = {
  creditMemoItem: {
    table: entityTables.creditMemoItem,
    memoColumn: 'credit_memo_id',
    refunded: 'refunded_minor',
  },
  debitMemoItem: { table: entityTables.debitMemoItem, memoColumn: 'debit_memo_id', refunded: '0' },
} as const;
type MemoItemKind = keyof typeof KINDS;

export interface ShownMemoItems<Item> {
  readonly items: ReadonlyArray<{ readonly item: Item; readonly sku: string | null }>;
  /** What the lines before these have room for beside what is meant for them (`openForWhole`, summed), minor units. */
  readonly openBeforeMinor: number;
  /** What is applied to or from very lines, of all lines of the memo: the rest of what is applied belongs to the memo as a whole. */
  readonly explicitMinor: number;
  /** What is refunded of very lines, of all lines of the memo; nothing of a debit memo. */
  readonly refundedFromLinesMinor: number;
}

/** The lines of a memo in their order, or the one line with this id; with what all of its lines say by the same reading. */
export async function readMemoItems<K extends MemoItemKind>(
  db: D1Database,
  kind: K,
  memoId: string,
  which: RowRange | { readonly itemId: string },
): Promise<ShownMemoItems<Entities[K]>> {
  const { table, memoColumn, refunded } = KINDS[kind];
  const ofMemo = `FROM ${table.tableName} WHERE ${memoColumn} = ?1`;
  const [where, range, before, ...values] =
    'itemId' in which
      ? ['AND i.id = ?2', '', `AND line < (SELECT line FROM ${table.tableName} WHERE id = ?2)`, which.itemId]
      : ['', 'LIMIT ?2 OFFSET ?3', 'ORDER BY line LIMIT ?3', which.rowsMax, which.offset];
  const { results } = await db
    .prepare(
      `SELECT ${selectList(table, 'i')}, p.sku AS shown_sku, ` +
        `(SELECT coalesce(sum(max(b.open, 0)), 0) FROM (SELECT amount_minor + tax_minor - applied_minor - ${refunded} AS open ${ofMemo} ${before}) AS b) AS shown_before, ` +
        `(SELECT coalesce(sum(applied_minor), 0) ${ofMemo}) AS shown_explicit, ` +
        `(SELECT coalesce(sum(${refunded}), 0) ${ofMemo}) AS shown_refunded ` +
        `FROM ${table.tableName} AS i LEFT JOIN product_rate_plan_charge AS c ON c.id = i.product_rate_plan_charge_id ` +
        'LEFT JOIN product_rate_plan AS r ON r.id = c.product_rate_plan_id LEFT JOIN product AS p ON p.id = r.product_id ' +
        `WHERE i.${memoColumn} = ?1 ${where} ORDER BY i.line ${range}`,
    )
    .bind(memoId, ...values)
    .all<Record<string, unknown>>();
  const ofAll = (column: string) => (results[0]?.[column] as number | undefined) ?? 0;
  return {
    items: results.map((row) => ({
      item: fromRow<K>(table, row),
      sku: row.shown_sku as string | null,
    })),
    openBeforeMinor: ofAll('shown_before'),
    explicitMinor: ofAll('shown_explicit'),
    refundedFromLinesMinor: ofAll('shown_refunded'),
  };
}
