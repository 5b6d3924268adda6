import type { MetricSums } from '../domain/metrics/account-metrics.ts';
import { limits } from '../env.ts';
import { accountIs, SUM_COLUMNS, toSums } from './account-metrics.ts';

type Row = Record<string, unknown>;

/** One delta with the operation that caused it. */
export interface MetricOperation {
  readonly sequence: number;
  readonly sums: MetricSums;
  readonly documentKind: string;
  readonly documentId: string;
  /** The document's number; null when it is gone. */
  readonly documentNumber: string | null;
  readonly commandId: string;
  /** Kind of the command, who sent it, and the request that brought it. */
  readonly command: string | null;
  readonly actor: string | null;
  readonly requestId: string | null;
  readonly committedAt: string;
  readonly published: boolean;
}

/** What a metric is made of, over metric_delta `d`: an operation is behind it when this is not 0. */
const MOVED = {
  balance:
    'd.total_invoice_balance_minor + d.total_debit_memo_balance_minor - d.unapplied_payment_minor - d.unapplied_credit_memo_minor',
  contractedMrr: 'd.contracted_mrr_whole OR d.contracted_mrr_nano',
  totalInvoiceBalance: 'd.total_invoice_balance_minor',
  totalDebitMemoBalance: 'd.total_debit_memo_balance_minor',
  unappliedPaymentAmount: 'd.unapplied_payment_minor',
  unappliedCreditMemoAmount: 'd.unapplied_credit_memo_minor',
  reservedPaymentAmount: 'd.reserved_payment_minor',
} as const;

export type MetricName = keyof typeof MOVED;
export const METRIC_NAMES = Object.keys(MOVED) as [MetricName, ...MetricName[]];

/** Which operations are asked for. */
export interface OperationsAsked {
  /** Only deltas with a smaller sequence; null from the newest. */
  readonly before: number | null;
  /** Only those that moved this metric. */
  readonly metric: MetricName | null;
  readonly currency: string | null;
  readonly operationsMax: number;
}

export interface OperationsPage {
  readonly operations: readonly MetricOperation[];
  /** `before` of the next page; null when there is none. */
  readonly next: number | null;
}

const DELTA_COLUMNS = SUM_COLUMNS.map(([column]) => `CAST(d.${column} AS TEXT) AS ${column}`).join(', ');

/** Tables of the documents that move metrics. A subscription keeps its number over its versions. */
const NUMBERS = [
  ['subscription', 'subscription', 'subscription_number'],
  ['invoice', 'invoice', 'invoice_number'],
  ['creditMemo', 'credit_memo', 'memo_number'],
  ['debitMemo', 'debit_memo', 'memo_number'],
  ['payment', 'payment', 'payment_number'],
  ['refund', 'refund', 'refund_number'],
] as const;
const DOCUMENT_NUMBER = `CASE d.document_kind ${NUMBERS.map(
  ([kind, table, column]) =>
    `WHEN '${kind}' THEN (SELECT n.${column} FROM ${table} AS n WHERE n.id = d.document_id)`,
).join(' ')} END`;

/**
 * The deltas behind an account's metrics, newest first, in one round trip: along the index by account and sequence. A page looks at no more than
 * `metricOperationsScannedMax` of them for those that moved the metric; then the page is what was found, and the next goes on from there.
 *
 * @returns null when there is no such account
 */
export async function readMetricOperations(
  db: D1Database,
  accountKey: string,
  { before, metric, currency, operationsMax }: OperationsAsked,
): Promise<OperationsPage | null> {
  const account = `(SELECT a.id FROM account AS a WHERE ${accountIs(accountKey)})`;
  const looked =
    `FROM metric_delta AS d WHERE d.account_id = ${account} AND d.sequence < ?2 ` +
    'ORDER BY d.sequence DESC LIMIT ?3';
  const wanted = [
    ...(metric === null ? [] : [`(${MOVED[metric]}) <> 0`]),
    ...(currency === null ? [] : ['d.currency = ?5']),
  ];
  const isNarrowed = wanted.length > 0;
  const scanned = isNarrowed ? limits.metricOperationsScannedMax : operationsMax + 1;
  const bound = [accountKey, before ?? Number.MAX_SAFE_INTEGER, scanned] as const;
  const [found, rows, end] = await db.batch<Row>([
    db.prepare(`SELECT a.id FROM account AS a WHERE ${accountIs(accountKey)}`).bind(accountKey),
    db
      .prepare(
        `SELECT d.sequence, d.currency, ${DELTA_COLUMNS}, d.last_invoice_date, d.document_kind, d.document_id, ` +
          `${DOCUMENT_NUMBER} AS document_number, ` +
          'd.command_id, d.committed_at, l.kind AS command, l.actor, l.request_id, ' +
          `(d.sequence <= coalesce((SELECT watermark FROM metrics_state WHERE account_id = ${account}), 0)) AS published ` +
          `FROM (SELECT d.* ${looked}) AS d LEFT JOIN command_log AS l ON l.command_id = d.command_id ` +
          `WHERE ${wanted.join(' AND ') || 'TRUE'} ORDER BY d.sequence DESC LIMIT ?4`,
      )
      .bind(...bound, operationsMax + 1, ...(currency === null ? [] : [currency])),
    db
      .prepare(`SELECT MIN(sequence) AS last, COUNT(*) AS looked FROM (SELECT d.sequence ${looked})`)
      .bind(...bound),
  ]);
  if (found!.results.length === 0) return null;
  const operations = rows!.results.map(toOperation);
  const shown = operations.slice(0, operationsMax);
  if (operations.length > operationsMax) return { operations: shown, next: shown.at(-1)!.sequence };
  const { last, looked: count } = end!.results[0] as { last: number | null; looked: number };
  return { operations: shown, next: isNarrowed && count === scanned ? last : null };
}

function toOperation(row: Row): MetricOperation {
  return {
    sequence: row.sequence as number,
    sums: toSums(row),
    documentKind: row.document_kind as string,
    documentId: row.document_id as string,
    documentNumber: row.document_number as string | null,
    commandId: row.command_id as string,
    command: row.command as string | null,
    actor: row.actor as string | null,
    requestId: row.request_id as string | null,
    committedAt: row.committed_at as string,
    published: row.published === 1,
  };
}
