import { addTotals, type DocumentTotals, emptyTotals } from '../domain/metrics/metrics-proof.ts';
import { type MetricsReading, readingStatements, toReading } from './account-metrics.ts';

type Row = Record<string, unknown>;

const INVOICES =
  'SELECT currency, CAST(SUM(balance_minor) AS TEXT) AS balance, CAST(SUM(amount_minor) AS TEXT) AS amount, ' +
  "MAX(invoice_date) AS last_date FROM invoice WHERE account_id = ?1 AND status = 'Posted' GROUP BY currency";
const DEBIT_MEMOS =
  'SELECT currency, CAST(SUM(balance_minor) AS TEXT) AS balance, CAST(SUM(amount_minor) AS TEXT) AS amount ' +
  "FROM debit_memo WHERE account_id = ?1 AND status = 'Posted' GROUP BY currency";
const CREDIT_MEMOS =
  'SELECT currency, CAST(SUM(unapplied_minor) AS TEXT) AS unapplied, CAST(SUM(amount_minor) AS TEXT) AS amount ' +
  "FROM credit_memo WHERE account_id = ?1 AND status = 'Posted' GROUP BY currency";
const PAYMENTS =
  'SELECT currency, CAST(SUM(unapplied_minor) AS TEXT) AS unapplied, CAST(SUM(amount_minor) AS TEXT) AS amount ' +
  "FROM payment WHERE account_id = ?1 AND status = 'Processed' GROUP BY currency";
/** From the refunds themselves, not from what payments and memos say of them. */
const REFUNDS =
  'SELECT currency, CAST(SUM(amount_minor) AS TEXT) AS amount ' +
  "FROM refund WHERE account_id = ?1 AND status = 'Processed' GROUP BY currency";

/** Decimal text as two integers in SQL: CAST reads the digits up to the point, the nine places after it are cut out as text. */
const MRR_WHOLE = 'CAST(contracted_mrr AS INTEGER)';
const MRR_NANO =
  "CASE instr(contracted_mrr, '.') WHEN 0 THEN 0 ELSE " +
  "CAST(substr(substr(contracted_mrr, instr(contracted_mrr, '.') + 1) || '000000000', 1, 9) AS INTEGER) * " +
  "CASE substr(contracted_mrr, 1, 1) WHEN '-' THEN -1 ELSE 1 END END";
const SUBSCRIPTIONS =
  `SELECT currency, CAST(SUM(${MRR_WHOLE}) AS TEXT) AS whole, CAST(SUM(${MRR_NANO}) AS TEXT) AS nano ` +
  'FROM subscription WHERE account_id = ?1 AND is_latest_version = 1 ' +
  "AND status NOT IN ('Draft', 'Cancelled', 'Expired') GROUP BY currency";

/**
 * An account's metrics and, of the same instant (one transaction), what its documents say: recomputed in integers, by SQL that
 * shares nothing with the fold. Null when there is no such account.
 *
 * This reads every posted invoice and memo, every payment and every subscription of the account: unlike all other reads its cost grows
 * with what the account holds. It is for audits, not for pages.
 */
export async function readForProof(
  db: D1Database,
  accountId: string,
): Promise<{ readonly metrics: MetricsReading; readonly documents: readonly DocumentTotals[] } | null> {
  const reading = readingStatements(db, accountId);
  const results = await db.batch<Row>([
    ...reading,
    ...[INVOICES, PAYMENTS, SUBSCRIPTIONS, DEBIT_MEMOS, CREDIT_MEMOS, REFUNDS].map((sql) =>
      db.prepare(sql).bind(accountId),
    ),
  ]);
  const metrics = toReading(results);
  if (metrics === null) return null;
  const [invoices, payments, subscriptions, debitMemos, creditMemos, refunds] = results.slice(reading.length);
  const totals = new Map<string, DocumentTotals>();
  const add = (rows: readonly Row[], toTotals: (row: Row) => Partial<DocumentTotals>) => {
    for (const row of rows) {
      const currency = row.currency as string;
      const before = totals.get(currency) ?? emptyTotals(currency);
      totals.set(currency, addTotals(before, { ...emptyTotals(currency), ...toTotals(row) }));
    }
  };
  add(invoices!.results, (row) => ({
    invoiceBalanceMinor: BigInt(row.balance as string),
    invoicedMinor: BigInt(row.amount as string),
    lastInvoiceDate: row.last_date as string,
  }));
  add(payments!.results, (row) => ({
    unappliedPaymentMinor: BigInt(row.unapplied as string),
    paidMinor: BigInt(row.amount as string),
  }));
  add(debitMemos!.results, (row) => ({
    debitMemoBalanceMinor: BigInt(row.balance as string),
    debitedMinor: BigInt(row.amount as string),
  }));
  add(creditMemos!.results, (row) => ({
    unappliedCreditMemoMinor: BigInt(row.unapplied as string),
    creditedMinor: BigInt(row.amount as string),
  }));
  add(refunds!.results, (row) => ({ refundedMinor: BigInt(row.amount as string) }));
  add(subscriptions!.results, (row) => ({
    contractedMrrWhole: BigInt(row.whole as string),
    contractedMrrNano: BigInt(row.nano as string),
  }));
  return { metrics, documents: [...totals.values()] };
}
