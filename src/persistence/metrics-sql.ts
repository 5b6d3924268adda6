import { moneySql, splitMoneySql } from './money-sql.ts';

/**
 * The fold, in SQL (architecture: the one idea). The same statements run in the writer's transaction for accounts
 * that are not partners and in the queue consumer for partners; the flag is read here, inside the transaction.
 * ?1 is always a JSON list of account ids, ?2 an instant.
 */
const SUMS = [
  'total_invoice_balance_minor',
  'total_debit_memo_balance_minor',
  'unapplied_payment_minor',
  'unapplied_credit_memo_minor',
  'reserved_payment_minor',
  'contracted_mrr_whole',
  'contracted_mrr_nano',
] as const;

function foldSums(flag: 0 | 1): string {
  return (
    `INSERT INTO account_metrics (account_id, currency, ${SUMS.join(', ')}, last_invoice_date) ` +
    `SELECT d.account_id, d.currency, ${SUMS.map((name) => `SUM(d.${name})`).join(', ')}, MAX(d.last_invoice_date) ` +
    'FROM json_each(?1) AS j ' +
    `CROSS JOIN account AS a ON a.id = j.value AND a.partner_account = ${flag} ` +
    'LEFT JOIN metrics_state AS s ON s.account_id = a.id ' +
    'CROSS JOIN metric_delta AS d ON d.account_id = a.id AND d.sequence > coalesce(s.watermark, 0) ' +
    'WHERE true GROUP BY d.account_id, d.currency ' +
    'ON CONFLICT (account_id, currency) DO UPDATE SET ' +
    SUMS.map((name) => `${name} = account_metrics.${name} + excluded.${name}`).join(', ') +
    ", last_invoice_date = nullif(max(coalesce(account_metrics.last_invoice_date, ''), coalesce(excluded.last_invoice_date, '')), '')"
  );
}

/**
 * After the sums, before the watermark moves: where an invoice is no longer posted the last date is no maximum of deltas. Invoices are read
 * from the latest date down, so that the cost follows what lies above the last posted one.
 */
function foldWithdrawnDates(flag: 0 | 1): string {
  return (
    'UPDATE account_metrics SET last_invoice_date = (SELECT i.invoice_date FROM invoice AS i WHERE i.account_id = account_metrics.account_id ' +
    "AND i.currency = account_metrics.currency AND i.status = 'Posted' ORDER BY i.invoice_date DESC LIMIT 1) " +
    'WHERE (account_id, currency) IN (SELECT d.account_id, d.currency FROM json_each(?1) AS j ' +
    `CROSS JOIN account AS a ON a.id = j.value AND a.partner_account = ${flag} ` +
    'LEFT JOIN metrics_state AS s ON s.account_id = a.id ' +
    'CROSS JOIN metric_delta AS d ON d.account_id = a.id AND d.sequence > coalesce(s.watermark, 0) AND d.withdraws_invoice_date = 1)'
  );
}

const BALANCE_MINOR =
  'm.total_invoice_balance_minor + m.total_debit_memo_balance_minor - m.unapplied_payment_minor - m.unapplied_credit_memo_minor';

/**
 * SQL of an account's published balance and MRR in millionths, over account_metrics `m` of its own currency (SQL of which is given): 0 where nothing
 * is published in it.
 */
export function balanceSql(currency: string): string {
  return `coalesce(${moneySql(BALANCE_MINOR, currency)}, 0)`;
}

export function mrrSql(currency: string): string {
  return `coalesce(${splitMoneySql('m.contracted_mrr_whole', 'm.contracted_mrr_nano', currency)}, 0)`;
}

/** What orders of accounts go by: written with each fold, after its sums, and with each write of the account, which may be of its currency. */
const ORDERED_COLUMNS = 'balance_millionths, mrr_millionths';
/** An amount that is beyond a 64-bit integer, which SQL gives as a float, is at the end of the order. */
const ORDERED_VALUES = `CAST(${balanceSql('a.currency')} AS INTEGER), CAST(${mrrSql('a.currency')} AS INTEGER)`;
const ORDERED_FROM = 'LEFT JOIN account_metrics AS m ON m.account_id = a.id AND m.currency = a.currency';
const SET_ORDERED =
  'balance_millionths = excluded.balance_millionths, mrr_millionths = excluded.mrr_millionths';

const LAST_DELTA = '(SELECT coalesce(max(d.sequence), 0) FROM metric_delta AS d WHERE d.account_id = a.id)';

/** A fold of nothing publishes nothing. */
const PUBLISHED_AT =
  'published_at = CASE WHEN excluded.watermark > metrics_state.watermark ' +
  "THEN max(coalesce(metrics_state.published_at, ''), excluded.published_at) ELSE metrics_state.published_at END";

/** Writer: add the deltas past the watermark of the accounts that are not partners … */
export const FOLD_UNFLAGGED_SUMS = foldSums(0);
export const FOLD_UNFLAGGED_WITHDRAWN_DATES = foldWithdrawnDates(0);
/** … and move their watermark. */
export const FOLD_UNFLAGGED_WATERMARK =
  'INSERT INTO metrics_state (account_id, watermark, last_metrics_update, flagged_at, published_at, ' +
  `${ORDERED_COLUMNS}) ` +
  `SELECT a.id, ${LAST_DELTA}, NULL, NULL, ?2, ${ORDERED_VALUES} FROM json_each(?1) AS j ` +
  `CROSS JOIN account AS a ON a.id = j.value AND a.partner_account = 0 ${ORDERED_FROM} WHERE true ` +
  'ON CONFLICT (account_id) DO UPDATE SET watermark = excluded.watermark, last_metrics_update = NULL, flagged_at = NULL, ' +
  `${PUBLISHED_AT}, ${SET_ORDERED}`;

/** Writer: partners are only marked as due; returns those that were not due already. */
export const MARK_DUE =
  'INSERT INTO metrics_due (account_id, since, complete_until) ' +
  "SELECT a.id, ?2, (SELECT value FROM tenant_setting WHERE name = 'metrics.tick') FROM json_each(?1) AS j " +
  'CROSS JOIN account AS a ON a.id = j.value AND a.partner_account = 1 WHERE true ' +
  'ON CONFLICT (account_id) DO NOTHING RETURNING account_id';

/** Writer: these accounts were made or changed: their flag may be set or cleared, their currency another one. */
export const SYNC_FLAG =
  'INSERT INTO metrics_state (account_id, watermark, last_metrics_update, flagged_at, ' +
  `${ORDERED_COLUMNS}) SELECT a.id, 0, NULL, CASE a.partner_account WHEN 1 THEN ?2 END, ${ORDERED_VALUES} FROM json_each(?1) AS j ` +
  `CROSS JOIN account AS a ON a.id = j.value ${ORDERED_FROM} WHERE true ` +
  'ON CONFLICT (account_id) DO UPDATE SET ' +
  'flagged_at = CASE WHEN excluded.flagged_at IS NULL THEN NULL ELSE coalesce(metrics_state.flagged_at, excluded.flagged_at) END, ' +
  'last_metrics_update = CASE WHEN excluded.flagged_at IS NULL THEN NULL ELSE metrics_state.last_metrics_update END, ' +
  SET_ORDERED;
/** Writer: these accounts were deleted; what is told of deleted ones stays. */
export const LEAVE_ORDERS =
  'UPDATE metrics_state SET balance_millionths = NULL, mrr_millionths = NULL WHERE account_id IN (SELECT value FROM json_each(?1))';
export const CLEAR_DUE_UNFLAGGED =
  'DELETE FROM metrics_due WHERE account_id IN ' +
  '(SELECT a.id FROM json_each(?1) AS j CROSS JOIN account AS a ON a.id = j.value WHERE a.partner_account = 0)';

/** Consumer: fold the partners among these accounts up to now. */
export const FOLD_PARTNER_SUMS = foldSums(1);
export const FOLD_PARTNER_WITHDRAWN_DATES = foldWithdrawnDates(1);
export const FOLD_PARTNER_WATERMARK =
  'INSERT INTO metrics_state (account_id, watermark, last_metrics_update, flagged_at, published_at, ' +
  `${ORDERED_COLUMNS}) ` +
  `SELECT a.id, ${LAST_DELTA}, ?2, ?2, ?2, ${ORDERED_VALUES} FROM json_each(?1) AS j ` +
  `CROSS JOIN account AS a ON a.id = j.value AND a.partner_account = 1 ${ORDERED_FROM} WHERE true ` +
  'ON CONFLICT (account_id) DO UPDATE SET watermark = excluded.watermark, ' +
  "last_metrics_update = max(coalesce(metrics_state.last_metrics_update, ''), excluded.last_metrics_update), " +
  'flagged_at = coalesce(metrics_state.flagged_at, excluded.flagged_at), ' +
  `${PUBLISHED_AT}, ${SET_ORDERED}`;
export const CLEAR_DUE = 'DELETE FROM metrics_due WHERE account_id IN (SELECT value FROM json_each(?1))';

/**
 * Columns that say how fresh an account's published metrics are, for a query with account `a`,
 * LEFT JOIN metrics_state `s` and LEFT JOIN metrics_due `u`.
 *
 * The sweep's tick is one setting for the whole tenant: an account that is not due was complete at the tick, so its
 * `lastMetricsUpdate` advances without a write per account (semantics A.5: a tick with nothing pending).
 */
export const LAST_METRICS_UPDATE =
  'CASE WHEN a.partner_account = 0 THEN NULL ELSE nullif(max(' +
  "coalesce(s.last_metrics_update, ''), " +
  "coalesce((SELECT t.tick FROM (SELECT CASE WHEN u.account_id IS NULL THEN (SELECT value FROM tenant_setting WHERE name = 'metrics.tick') " +
  "ELSE u.complete_until END AS tick) AS t WHERE t.tick >= s.flagged_at), '')" +
  "), '') END";
