import { isId } from '../domain/account/state.ts';
import type { Invoice, InvoiceItem } from '../domain/billing/invoice.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

/** An invoice by id or number. */
export async function readInvoice(db: D1Database, key: string): Promise<Invoice | null> {
  const table = entityTables.invoice;
  const row = await db
    .prepare(
      `SELECT ${selectList(table, 'i')} FROM invoice AS i WHERE i.${isId(key) ? 'id' : 'invoice_number'} = ?1`,
    )
    .bind(key)
    .first<Record<string, unknown>>();
  return row === null ? null : fromRow<'invoice'>(table, row);
}

/** The invoices of an account, newest first. */
export async function readInvoicesOfAccount(
  db: D1Database,
  accountId: string,
  { offset, rowsMax }: RowRange,
): Promise<Invoice[]> {
  const table = entityTables.invoice;
  const { results } = await db
    .prepare(
      `SELECT ${selectList(table, 'i')} FROM invoice AS i WHERE i.account_id = ?1 ` +
        'ORDER BY i.invoice_date DESC, i.rowid DESC LIMIT ?2 OFFSET ?3',
    )
    .bind(accountId, rowsMax, offset)
    .all<Record<string, unknown>>();
  return results.map((row) => fromRow<'invoice'>(table, row));
}

/** An item with what its product rate plan charge says about it. */
export interface ShownItem {
  readonly item: InvoiceItem;
  readonly chargeType: string | null;
  readonly productName: string | null;
}

export interface ShownItems {
  readonly items: readonly ShownItem[];
  /** Sum of the positive amounts on the lines before these, minor units. */
  readonly positiveBeforeMinor: number;
}

/** The items of an invoice in the order of their lines. */
export async function readInvoiceItems(
  db: D1Database,
  invoiceId: string,
  { offset, rowsMax }: RowRange,
): Promise<ShownItems> {
  const table = entityTables.invoiceItem;
  const { results } = await db
    .prepare(
      `SELECT ${selectList(table, 'i')}, c.charge_type AS shown_charge_type, p.name AS shown_product_name, ` +
        '(SELECT coalesce(sum(max(b.amount_minor, 0)), 0) FROM (SELECT amount_minor FROM invoice_item ' +
        'WHERE invoice_id = ?1 ORDER BY line LIMIT ?3) AS b) AS shown_before ' +
        'FROM invoice_item AS i LEFT JOIN product_rate_plan_charge AS c ON c.id = i.product_rate_plan_charge_id ' +
        'LEFT JOIN product_rate_plan AS r ON r.id = c.product_rate_plan_id LEFT JOIN product AS p ON p.id = r.product_id ' +
        'WHERE i.invoice_id = ?1 ORDER BY i.line LIMIT ?2 OFFSET ?3',
    )
    .bind(invoiceId, rowsMax, offset)
    .all<Record<string, unknown>>();
  return {
    items: results.map((row) => ({
      item: fromRow<'invoiceItem'>(table, row),
      chargeType: row.shown_charge_type as string | null,
      productName: row.shown_product_name as string | null,
    })),
    positiveBeforeMinor: (results[0]?.shown_before as number | undefined) ?? 0,
  };
}
