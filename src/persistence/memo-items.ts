import type { Entities } from '../domain/entities.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

/** Lines of credit and debit memos, as they are shown. */

const KINDS = {
  creditMemoItem: {
    table: entityTables.creditMemoItem,
    memoColumn: 'credit_memo_id',
    meant: 'applied_minor + refunded_minor',
  },
  debitMemoItem: { table: entityTables.debitMemoItem, memoColumn: 'debit_memo_id', meant: 'applied_minor' },
} as const;
type MemoItemKind = keyof typeof KINDS;

export interface ShownMemoItems<Item> {
  readonly items: ReadonlyArray<{ readonly item: Item; readonly sku: string | null }>;
  /** What the lines before these have room for beside what is meant for them (`openForWhole`, summed), minor units. */
  readonly openBeforeMinor: number;
  /** What is applied to or from very lines, of all lines of the memo: the rest of what is applied belongs to the memo as a whole. */
  readonly explicitMinor: number;
}

/** What is refunded from very lines of a credit memo, of all of them. */
export async function readRefundedFromLines(db: D1Database, memoId: string): Promise<number> {
  const refunded = await db
    .prepare(
      'SELECT coalesce(sum(refunded_minor), 0) AS minor FROM credit_memo_item WHERE credit_memo_id = ?1',
    )
    .bind(memoId)
    .first<{ minor: number }>();
  return refunded?.minor ?? 0;
}

/** The lines of a memo in their order, or the one line with this id. */
export async function readMemoItems<K extends MemoItemKind>(
  db: D1Database,
  kind: K,
  memoId: string,
  which: RowRange | { readonly itemId: string },
): Promise<ShownMemoItems<Entities[K]>> {
  const { table, memoColumn } = KINDS[kind];
  const [where, ...values] =
    'itemId' in which ? ['AND i.id = ?2', which.itemId] : ['', which.rowsMax, which.offset];
  const { results } = await db
    .prepare(
      `SELECT ${selectList(table, 'i')}, p.sku AS shown_sku, ` +
        `(SELECT coalesce(sum(e.applied_minor), 0) FROM ${table.tableName} AS e WHERE e.${memoColumn} = ?1) AS shown_explicit ` +
        `FROM ${table.tableName} AS i LEFT JOIN product_rate_plan_charge AS c ON c.id = i.product_rate_plan_charge_id ` +
        'LEFT JOIN product_rate_plan AS r ON r.id = c.product_rate_plan_id LEFT JOIN product AS p ON p.id = r.product_id ' +
        `WHERE i.${memoColumn} = ?1 ${where} ORDER BY i.line ${'itemId' in which ? '' : 'LIMIT ?2 OFFSET ?3'}`,
    )
    .bind(memoId, ...values)
    .all<Record<string, unknown>>();
  const first = results[0];
  return {
    items: results.map((row) => ({
      item: fromRow<K>(table, row),
      sku: row.shown_sku as string | null,
    })),
    openBeforeMinor: first === undefined ? 0 : await readOpenBefore(db, kind, memoId, first.line as number),
    explicitMinor: (first?.shown_explicit as number | undefined) ?? 0,
  };
}

async function readOpenBefore(
  db: D1Database,
  kind: MemoItemKind,
  memoId: string,
  line: number,
): Promise<number> {
  const { table, memoColumn, meant } = KINDS[kind];
  const open = await db
    .prepare(
      `SELECT coalesce(sum(max(amount_minor + tax_minor - (${meant}), 0)), 0) AS minor ` +
        `FROM ${table.tableName} WHERE ${memoColumn} = ?1 AND line < ?2`,
    )
    .bind(memoId, line)
    .first<{ minor: number }>();
  return open?.minor ?? 0;
}
