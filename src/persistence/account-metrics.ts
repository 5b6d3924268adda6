import { isId } from '../domain/account/state.ts';
import {
  emptySums,
  inCurrencyOrder,
  type MetricSums,
  type MetricsFreshness,
} from '../domain/metrics/account-metrics.ts';
import { LAST_METRICS_UPDATE } from './metrics-sql.ts';

type Row = Record<string, unknown>;

/** Column → field; every sum leaves SQL as text, as an integer beyond 2^53 would arrive rounded. */
export const SUM_COLUMNS = [
  ['total_invoice_balance_minor', 'totalInvoiceBalanceMinor'],
  ['total_debit_memo_balance_minor', 'totalDebitMemoBalanceMinor'],
  ['unapplied_payment_minor', 'unappliedPaymentMinor'],
  ['unapplied_credit_memo_minor', 'unappliedCreditMemoMinor'],
  ['reserved_payment_minor', 'reservedPaymentMinor'],
  ['contracted_mrr_whole', 'contractedMrrWhole'],
  ['contracted_mrr_nano', 'contractedMrrNano'],
] as const satisfies ReadonlyArray<readonly [string, keyof MetricSums]>;

/** `a.id = ?1` or `a.account_number = ?1`: every account key is either. */
export function accountIs(accountKey: string): string {
  return isId(accountKey) ? 'a.id = ?1' : 'a.account_number = ?1';
}

/** Account `a` with the tables that tell how fresh its metrics are; see LAST_METRICS_UPDATE. */
export const ACCOUNT_WITH_FRESHNESS =
  'account AS a LEFT JOIN metrics_state AS s ON s.account_id = a.id LEFT JOIN metrics_due AS u ON u.account_id = a.id';
export const FRESHNESS_COLUMNS = `a.partner_account AS flag, coalesce(s.watermark, 0) AS watermark, ${LAST_METRICS_UPDATE} AS last_metrics_update`;

const PUBLISHED_COLUMNS = SUM_COLUMNS.map(([column]) => `CAST(m.${column} AS TEXT) AS ${column}`).join(', ');
const SUMMED_COLUMNS = SUM_COLUMNS.map(([column]) => `CAST(SUM(d.${column}) AS TEXT) AS ${column}`).join(
  ', ',
);

/** Published numbers of the account ?1, one row per currency that was ever used: constant cost. */
export function publishedSql(accountKey: string): string {
  return (
    `SELECT m.currency, ${PUBLISHED_COLUMNS}, m.last_invoice_date FROM account AS a ` +
    `CROSS JOIN account_metrics AS m ON m.account_id = a.id WHERE ${accountIs(accountKey)}`
  );
}

export function toFreshness(row: Row): MetricsFreshness {
  return {
    partnerAccount: row.flag === 1,
    lastMetricsUpdate: row.last_metrics_update as string | null,
    watermark: row.watermark as number,
  };
}

export function toSums(row: Row): MetricSums {
  return {
    ...emptySums(row.currency as string),
    ...Object.fromEntries(SUM_COLUMNS.map(([column, field]) => [field, BigInt(row[column] as string)])),
    lastInvoiceDate: row.last_invoice_date as string | null,
  };
}

function toTailSums(row: Row): MetricSums {
  return row.withdraws === 1 ? { ...toSums(row), replacesLastInvoiceDate: true } : toSums(row);
}

/** What is published, and what waits behind it. */
export interface MetricsReading {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly currency: string;
  readonly freshness: MetricsFreshness;
  readonly published: readonly MetricSums[];
  /** Sums of the deltas past the watermark, per currency. */
  readonly tail: readonly MetricSums[];
  readonly pending: {
    /** Commands whose deltas are not published yet. */
    readonly operations: number;
    readonly deltas: number;
    /** When the oldest of them was committed. */
    readonly since: string | null;
  };
}

const TAIL = 'account AS a LEFT JOIN metrics_state AS s ON s.account_id = a.id CROSS JOIN metric_delta AS d ';
/** As the fold finds it: where an invoice is no longer posted, from the invoices. */
const TAIL_DATE =
  'CASE MAX(d.withdraws_invoice_date) WHEN 0 THEN MAX(d.last_invoice_date) ELSE (SELECT i.invoice_date FROM invoice AS i ' +
  "WHERE i.account_id = a.id AND i.currency = d.currency AND i.status = 'Posted' ORDER BY i.invoice_date DESC LIMIT 1) END";
const PAST_WATERMARK = 'd.account_id = a.id AND d.sequence > coalesce(s.watermark, 0)';

/** The statements of one reading; `toReading` takes their results in this order. ?1 is the account's key. */
export function readingStatements(db: D1Database, accountKey: string): D1PreparedStatement[] {
  const where = accountIs(accountKey);
  return [
    `SELECT a.id, a.account_number, a.currency, ${FRESHNESS_COLUMNS} FROM ${ACCOUNT_WITH_FRESHNESS} WHERE ${where}`,
    publishedSql(accountKey),
    `SELECT d.currency, ${SUMMED_COLUMNS}, ${TAIL_DATE} AS last_invoice_date, MAX(d.withdraws_invoice_date) AS withdraws FROM ${TAIL}` +
      `WHERE ${where} AND ${PAST_WATERMARK} GROUP BY d.currency`,
    'SELECT COUNT(DISTINCT d.command_id) AS operations, COUNT(*) AS deltas, MIN(d.committed_at) AS since ' +
      `FROM ${TAIL}WHERE ${where} AND ${PAST_WATERMARK}`,
  ].map((sql) => db.prepare(sql).bind(accountKey));
}

export function toReading(
  results: ReadonlyArray<{ readonly results: readonly Row[] }>,
): MetricsReading | null {
  const [heads, published, tail, pending] = results;
  const head = heads?.results[0];
  const counted = pending?.results[0];
  if (head === undefined || counted === undefined) return null;
  const currency = head.currency as string;
  return {
    accountId: head.id as string,
    accountNumber: head.account_number as string,
    currency,
    freshness: toFreshness(head),
    published: inCurrencyOrder(published!.results.map(toSums), currency),
    tail: tail!.results.map(toTailSums),
    pending: {
      operations: counted.operations as number,
      deltas: counted.deltas as number,
      since: counted.since as string | null,
    },
  };
}

/**
 * Published numbers and the tail behind them as of one instant: one transaction. Its cost is that of the tail, whatever the
 * account holds; an account that is no partner has none. Null when there is no such account.
 */
export async function readMetrics(db: D1Database, accountKey: string): Promise<MetricsReading | null> {
  return toReading(await db.batch<Row>(readingStatements(db, accountKey)));
}
