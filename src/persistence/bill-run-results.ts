import type { RowRange } from './row-range.ts';

/** What a bill run did: account by account, and the documents that it made. Its progress in numbers is in bill-runs.ts. */
export interface BillRunResult {
  readonly accountId: string;
  readonly accountNumber: string | null;
  readonly accountName: string | null;
  readonly status: string;
  readonly subscriptions: number;
  readonly lines: number;
  readonly failure: string | null;
}

export interface BillRunDocument {
  readonly kind: 'invoice' | 'creditMemo';
  readonly id: string;
  readonly number: string;
  readonly accountId: string;
  readonly accountNumber: string | null;
  readonly accountName: string | null;
  readonly status: string;
  readonly date: string;
  readonly currency: string;
  readonly amountMinor: number;
}

export interface BillRunTotal {
  readonly kind: 'invoice' | 'creditMemo';
  readonly currency: string;
  readonly documents: number;
  readonly amountMinor: number;
}

/** Along the index of the run's accounts by state. */
export const RESULTS_SQL = {
  all:
    'SELECT a.account_id AS accountId, b.account_number AS accountNumber, b.name AS accountName, a.status, a.subscriptions, a.lines, a.failure ' +
    'FROM bill_run_account AS a LEFT JOIN account AS b ON b.id = a.account_id WHERE a.bill_run_id = ?1 ' +
    'ORDER BY a.status, a.updated_at, a.id LIMIT ?2 OFFSET ?3',
  inStatus:
    'SELECT a.account_id AS accountId, b.account_number AS accountNumber, b.name AS accountName, a.status, a.subscriptions, a.lines, a.failure ' +
    'FROM bill_run_account AS a LEFT JOIN account AS b ON b.id = a.account_id WHERE a.bill_run_id = ?1 AND a.status = ?4 ' +
    'ORDER BY a.updated_at, a.id LIMIT ?2 OFFSET ?3',
} as const;

export async function readBillRunResults(
  db: D1Database,
  billRunId: string,
  status: string | null,
  { rowsMax, offset }: RowRange,
): Promise<BillRunResult[]> {
  const statement =
    status === null
      ? db.prepare(RESULTS_SQL.all).bind(billRunId, rowsMax, offset)
      : db.prepare(RESULTS_SQL.inStatus).bind(billRunId, rowsMax, offset, status);
  return (await statement.all<BillRunResult & Record<string, unknown>>()).results;
}

const documents = (kind: string, table: string, number: string, date: string) =>
  `SELECT '${kind}' AS kind, d.id, d.${number} AS number, d.account_id AS accountId, b.account_number AS accountNumber, b.name AS accountName, ` +
  `d.status, d.${date} AS date, d.currency, d.amount_minor AS amountMinor FROM ${table} AS d LEFT JOIN account AS b ON b.id = d.account_id ` +
  'WHERE d.bill_run_id = ?1 ORDER BY d.account_id, d.status, d.id LIMIT ?2 OFFSET ?3';

/** Documents of one kind, account by account, along the index of the run's documents. */
export const RUN_DOCUMENTS_PAGE_SQL = {
  invoice: documents('invoice', 'invoice', 'invoice_number', 'invoice_date'),
  creditMemo: documents('creditMemo', 'credit_memo', 'memo_number', 'memo_date'),
} as const;

export async function readBillRunDocuments(
  db: D1Database,
  billRunId: string,
  kind: BillRunDocument['kind'],
  { rowsMax, offset }: RowRange,
): Promise<BillRunDocument[]> {
  const { results } = await db
    .prepare(RUN_DOCUMENTS_PAGE_SQL[kind])
    .bind(billRunId, rowsMax, offset)
    .all<BillRunDocument & Record<string, unknown>>();
  return results;
}

/** What the run's documents come to, by kind and currency. Reads each of them once. */
export async function readBillRunTotals(db: D1Database, billRunId: string): Promise<BillRunTotal[]> {
  const totals = (kind: string, table: string) =>
    db
      .prepare(
        `SELECT '${kind}' AS kind, currency, count(*) AS documents, sum(amount_minor) AS amountMinor FROM ${table} ` +
          'WHERE bill_run_id = ?1 GROUP BY currency ORDER BY currency',
      )
      .bind(billRunId);
  const found = await db.batch<Record<string, unknown>>([
    totals('invoice', 'invoice'),
    totals('creditMemo', 'credit_memo'),
  ]);
  return found.flatMap(({ results }) => results as unknown as BillRunTotal[]);
}
