import type { Application, SourceKind } from '../domain/settlement/application.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

/** What is applied to a document, and whether it comes from a payment or a credit memo. */
export interface ShownApplication {
  readonly application: Application;
  readonly sourceKind: SourceKind;
}

const { paymentApplication, creditMemoApplication } = entityTables;

/** Both tables have the same columns but for the names of two keys; each is walked by its index on the document, and both are merged. */
const APPLICATIONS_OF_DOCUMENT =
  `SELECT ${selectList(paymentApplication, 'a')}, 'payment' AS shown_kind, a.payment_id AS shown_source ` +
  'FROM payment_application AS a WHERE a.invoice_id = ?1 UNION ALL ' +
  `SELECT ${selectList(creditMemoApplication, 'a')}, 'creditMemo', a.credit_memo_id ` +
  'FROM credit_memo_application AS a WHERE a.document_id = ?1 ' +
  'ORDER BY shown_source DESC LIMIT ?2 OFFSET ?3';

/** What payments and credit memos are applied to an invoice or debit memo, the newest of them first. */
export async function readApplicationsOfDocument(
  db: D1Database,
  documentId: string,
  { offset, rowsMax }: RowRange,
): Promise<ShownApplication[]> {
  const { results } = await db
    .prepare(APPLICATIONS_OF_DOCUMENT)
    .bind(documentId, rowsMax, offset)
    .all<Record<string, unknown>>();
  // The columns of a union are called as the first part calls them.
  return results.map((row) => ({
    application: fromRow<'paymentApplication'>(paymentApplication, row),
    sourceKind: row.shown_kind as SourceKind,
  }));
}
