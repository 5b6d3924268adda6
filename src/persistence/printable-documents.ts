import { isId } from '../domain/account/state.ts';
import type { Calculation, DocumentLine } from '../domain/billing/document-line.ts';
import type { JsonObject } from '../domain/result.ts';

export type PrintableKind = 'invoice' | 'creditMemo' | 'debitMemo';

/** The head of an invoice or memo as it is printed. Amounts are minor units of `currency`. */
export interface PrintableDocument {
  readonly kind: PrintableKind;
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly date: string;
  /** Null for credit memos. */
  readonly dueDate: string | null;
  readonly currency: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly paymentsMinor: number;
  /** Of a credit memo: what is applied of it. */
  readonly creditedMinor: number;
  readonly refundedMinor: number;
  /** What is open: of a credit memo, what is neither applied nor refunded. */
  readonly openMinor: number;
  readonly comment: string | null;
  readonly accountNumber: string;
  readonly accountName: string;
  /** Attributes under their wire names: as they were when the document was posted, else as they are. */
  readonly billTo: JsonObject | null;
  readonly soldTo: JsonObject | null;
  /** The number of its last line: it has at most so many. */
  readonly lineCount: number;
}

export interface PrintableLine
  extends Pick<
    DocumentLine,
    | 'line'
    | 'chargeName'
    | 'amountMinor'
    | 'taxMinor'
    | 'quantity'
    | 'unitPrice'
    | 'serviceStartDate'
    | 'serviceEndDate'
    | 'processingType'
  > {
  readonly description: string | null;
  readonly calculation: Calculation | null;
}

interface Source {
  readonly table: string;
  readonly items: string;
  /** The items' column that refers to the document. */
  readonly parent: string;
  /** SQL of what the kinds call differently, of the document `d`. */
  readonly columns: Readonly<
    Record<'number' | 'date' | 'due' | 'payments' | 'credited' | 'refunded' | 'open' | 'comment', string>
  >;
  readonly calculation: string;
}

const SOURCES: Readonly<Record<PrintableKind, Source>> = {
  invoice: {
    table: 'invoice',
    items: 'invoice_item',
    parent: 'invoice_id',
    columns: {
      number: 'd.invoice_number',
      date: 'd.invoice_date',
      due: 'd.due_date',
      payments: 'd.payments_applied_minor',
      credited: 'd.credit_memos_applied_minor',
      refunded: '0',
      open: 'd.balance_minor',
      comment: 'd.comments',
    },
    calculation: 'i.calculation',
  },
  creditMemo: {
    table: 'credit_memo',
    items: 'credit_memo_item',
    parent: 'credit_memo_id',
    columns: {
      number: 'd.memo_number',
      date: 'd.memo_date',
      due: 'NULL',
      payments: '0',
      credited: 'd.applied_minor',
      refunded: 'd.refunded_minor',
      open: 'd.unapplied_minor',
      comment: 'd.comment',
    },
    calculation: 'i.calculation',
  },
  debitMemo: {
    table: 'debit_memo',
    items: 'debit_memo_item',
    parent: 'debit_memo_id',
    columns: {
      number: 'd.memo_number',
      date: 'd.memo_date',
      due: 'd.due_date',
      payments: 'd.payments_applied_minor',
      credited: 'd.credit_memos_applied_minor',
      refunded: '0',
      open: 'd.balance_minor',
      comment: 'd.comment',
    },
    calculation: 'NULL',
  },
};

/** The contact of a role: the document's snapshot, else the document's contact, else the account's. */
function contactSql(role: 'bill_to' | 'sold_to', snapshot: string): string {
  return (
    `coalesce((SELECT s.contact FROM contact_snapshot AS s WHERE s.id = d.details->>'${snapshot}'), ` +
    "(SELECT json_patch(c.details, json_object('firstName', c.first_name, 'lastName', c.last_name, 'workEmail', c.work_email, " +
    `'country', c.country)) FROM contact AS c WHERE c.id = coalesce(d.${role}_contact_id, a.${role}_contact_id)))`
  );
}

function documentSql(source: Source, byId: boolean): string {
  const columns = Object.entries(source.columns).map(([name, sql]) => `${sql} AS shown_${name}`);
  return (
    `SELECT d.id, d.status, d.currency, d.amount_minor, d.tax_minor, d.line_count, ${columns.join(', ')}, ` +
    'a.account_number, a.name AS account_name, ' +
    `${contactSql('bill_to', 'billToContactSnapshotId')} AS bill_to, ${contactSql('sold_to', 'soldToContactSnapshotId')} AS sold_to ` +
    `FROM ${source.table} AS d JOIN account AS a ON a.id = d.account_id WHERE ${byId ? 'd.id' : source.columns.number} = ?1`
  );
}

/** The head of an invoice or memo by id or number; null when there is none. */
export async function readPrintableDocument(
  db: D1Database,
  kind: PrintableKind,
  key: string,
): Promise<PrintableDocument | null> {
  const row = await db
    .prepare(documentSql(SOURCES[kind], isId(key)))
    .bind(key)
    .first<Record<string, unknown>>();
  if (row === null) return null;
  const contact = (name: string) =>
    row[name] === null ? null : (JSON.parse(row[name] as string) as JsonObject);
  return {
    kind,
    id: row.id as string,
    number: row.shown_number as string,
    status: row.status as string,
    date: row.shown_date as string,
    dueDate: row.shown_due as string | null,
    currency: row.currency as string,
    amountMinor: row.amount_minor as number,
    taxMinor: row.tax_minor as number,
    paymentsMinor: row.shown_payments as number,
    creditedMinor: row.shown_credited as number,
    refundedMinor: row.shown_refunded as number,
    openMinor: row.shown_open as number,
    comment: row.shown_comment as string | null,
    accountNumber: row.account_number as string,
    accountName: row.account_name as string,
    billTo: contact('bill_to'),
    soldTo: contact('sold_to'),
    lineCount: row.line_count as number,
  };
}

/** Lines that one read takes: what is in memory of a document of any size. */
const LINES_PER_READ = 500;

/** The lines of a document in their order, a read at a time. */
export async function* readPrintableLines(
  db: D1Database,
  { kind, id }: Pick<PrintableDocument, 'kind' | 'id'>,
): AsyncGenerator<PrintableLine, void> {
  const { items, parent, calculation } = SOURCES[kind];
  const sql =
    'SELECT i.line, i.charge_name, i.amount_minor, i.tax_minor, i.quantity, i.unit_price, i.service_start_date, i.service_end_date, ' +
    `i.processing_type, i.details->>'description' AS description, ${calculation} AS calculation ` +
    `FROM ${items} AS i WHERE i.${parent} = ?1 AND i.line > ?2 ORDER BY i.line LIMIT ?3`;
  for (let after = 0; ; ) {
    const { results } = await db.prepare(sql).bind(id, after, LINES_PER_READ).all<Record<string, unknown>>();
    for (const row of results) yield toLine(row);
    if (results.length < LINES_PER_READ) return;
    after = results.at(-1)!.line as number;
  }
}

function toLine(row: Record<string, unknown>): PrintableLine {
  return {
    line: row.line as number,
    chargeName: row.charge_name as string,
    amountMinor: row.amount_minor as number,
    taxMinor: row.tax_minor as number,
    quantity: row.quantity as string,
    unitPrice: row.unit_price as string,
    serviceStartDate: row.service_start_date as string,
    serviceEndDate: row.service_end_date as string | null,
    processingType: row.processing_type as PrintableLine['processingType'],
    description: row.description as string | null,
    calculation:
      row.calculation === null ? null : (JSON.parse(row.calculation as string) as Calculation | null),
  };
}
