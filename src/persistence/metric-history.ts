import type { MetricSums } from '../domain/metrics/account-metrics.ts';
import { limits } from '../env.ts';
import {
  accountIs,
  type MetricsReading,
  readingStatements,
  SUM_COLUMNS,
  toReading,
  toSums,
} from './account-metrics.ts';

type Row = Record<string, unknown>;

/** What moved at a time, in one currency: all of a day (YYYY-MM-DD, UTC), or one delta. */
export interface Move {
  readonly at: string;
  readonly sums: MetricSums;
}

export interface MetricHistory {
  readonly reading: MetricsReading;
  /** What had moved before the first day that is asked for, per currency. */
  readonly before: readonly MetricSums[];
  /** Days on which something moved, the oldest first. */
  readonly days: readonly Move[];
  /** The latest deltas, the oldest first: only where they were asked for, or where nearly all happened in a few days. */
  readonly latest: readonly Move[];
  /** All deltas are in the days. If not, the last of them that is, and when it was committed. */
  readonly isComplete: boolean;
  readonly completeUntil: string | null;
}

export interface HistoryAsked {
  /** Days, both included. */
  readonly from: string;
  readonly to: string;
  readonly currency: string | null;
}

const SUMS = SUM_COLUMNS.map(([column]) => column);
const ACCOUNT = (accountKey: string) => `(SELECT a.id FROM account AS a WHERE ${accountIs(accountKey)})`;

/** The next deltas that are in no day yet, along the index by account and sequence. */
const NEXT =
  'SELECT * FROM metric_delta WHERE account_id = ?1 AND sequence > ' +
  'coalesce((SELECT h.sequence FROM metric_history AS h WHERE h.account_id = ?1), 0) ORDER BY sequence LIMIT ?2';

const ADD_TO_DAYS =
  `INSERT INTO metric_day (account_id, day, currency, last_sequence, ${SUMS.join(', ')}) ` +
  `SELECT d.account_id, substr(d.committed_at, 1, 10), d.currency, MAX(d.sequence), ${SUMS.map((name) => `SUM(d.${name})`).join(', ')} ` +
  `FROM (${NEXT}) AS d WHERE true GROUP BY d.account_id, substr(d.committed_at, 1, 10), d.currency ` +
  'ON CONFLICT (account_id, day, currency) DO UPDATE SET last_sequence = max(metric_day.last_sequence, excluded.last_sequence), ' +
  SUMS.map((name) => `${name} = metric_day.${name} + excluded.${name}`).join(', ');
const MOVE_ON =
  'INSERT INTO metric_history (account_id, sequence) ' +
  `SELECT ?1, MAX(d.sequence) FROM (${NEXT}) AS d HAVING MAX(d.sequence) IS NOT NULL ` +
  'ON CONFLICT (account_id) DO UPDATE SET sequence = excluded.sequence';

/**
 * Adds the next deltas of an account to its days. Both statements see the same deltas, since a batch is one transaction: whoever reads at the same
 * time goes on from where this one ended, and each delta is in its day once.
 */
function stepStatements(db: D1Database, accountId: string, deltasMax: number): D1PreparedStatement[] {
  return [ADD_TO_DAYS, MOVE_ON].map((sql) => db.prepare(sql).bind(accountId, deltasMax));
}

/** The last delta that is in the days, when it was committed, and the last delta that there is. */
const STATE =
  'SELECT h.sequence, (SELECT d.committed_at FROM metric_delta AS d WHERE d.sequence = h.sequence) AS until, ' +
  '(SELECT MAX(d.sequence) FROM metric_delta AS d WHERE d.account_id = ?1) AS last ' +
  'FROM (SELECT (SELECT sequence FROM metric_history WHERE account_id = ?1) AS sequence) AS h';

const SUMMED = SUM_COLUMNS.map(([column]) => `CAST(SUM(d.${column}) AS TEXT) AS ${column}`).join(', ');
const AS_TEXT = SUM_COLUMNS.map(([column]) => `CAST(d.${column} AS TEXT) AS ${column}`).join(', ');
/** A day holds moves in as many currencies as there were; all that is asked is whether there are so many days. */
const DAYS_OF = (account: string) =>
  `(SELECT COUNT(*) FROM (SELECT DISTINCT w.day FROM metric_day AS w WHERE w.account_id = ${account} LIMIT ${limits.metricHistoryDaysMin}))`;

/**
 * The history of an account's numbers: the days and the exact numbers, all of one instant. Where deltas are missing in the days, it is read again
 * behind one step of them, in one batch. Null when there is no such account.
 */
export async function readMetricHistory(
  db: D1Database,
  accountId: string,
  asked: HistoryAsked,
): Promise<MetricHistory | null> {
  const found = await readAfter(db, [], accountId, asked);
  if (found === null || found.isComplete) return found;
  return readAfter(db, stepStatements(db, accountId, limits.metricHistoryStepDeltasMax), accountId, asked);
}

async function readAfter(
  db: D1Database,
  step: readonly D1PreparedStatement[],
  accountId: string,
  asked: HistoryAsked,
): Promise<MetricHistory | null> {
  const account = ACCOUNT(accountId);
  const inCurrency = 'AND (?3 IS NULL OR d.currency = ?3)';
  const reading = readingStatements(db, accountId);
  const results = await db.batch<Row>([
    ...step,
    ...reading,
    db
      .prepare(
        `SELECT d.currency, NULL AS last_invoice_date, ${SUMMED} FROM metric_day AS d ` +
          `WHERE d.account_id = ${account} AND d.day < ?2 ${inCurrency} GROUP BY d.currency`,
      )
      .bind(accountId, asked.from, asked.currency),
    db
      .prepare(
        `SELECT d.day AS at, d.currency, NULL AS last_invoice_date, ${AS_TEXT} FROM metric_day AS d ` +
          `WHERE d.account_id = ${account} AND d.day BETWEEN ?2 AND ?4 ${inCurrency} ORDER BY d.day, d.currency`,
      )
      .bind(accountId, asked.from, asked.currency, asked.to),
    db
      .prepare(
        `SELECT d.committed_at AS at, d.currency, NULL AS last_invoice_date, ${AS_TEXT} FROM (SELECT * FROM metric_delta ` +
          // As a limit of 0 it reads nothing; as a condition it would be looked at for every delta.
          `WHERE account_id = ${account} ORDER BY sequence DESC ` +
          `LIMIT CASE WHEN ${DAYS_OF(account)} < ${limits.metricHistoryDaysMin} THEN ?2 ELSE 0 END) AS d ` +
          `WHERE (?3 IS NULL OR d.currency = ?3) ORDER BY d.sequence DESC`,
      )
      .bind(accountId, limits.metricHistoryLatestDeltasMax, asked.currency),
    db.prepare(STATE).bind(accountId),
  ]);
  const shown = results.slice(step.length);
  const read = toReading(shown);
  if (read === null) return null;
  const [before, days, latest, state] = shown.slice(reading.length);
  const filled = state!.results[0]!;
  return {
    reading: read,
    before: before!.results.map(toSums),
    days: days!.results.map(toMove),
    latest: latest!.results.map(toMove).reverse(),
    isComplete: filled.sequence === filled.last,
    completeUntil: filled.until as string | null,
  };
}

function toMove(row: Row): Move {
  return { at: row.at as string, sums: toSums(row) };
}

/** Accounts whose days this isolate is filling, and until when that is believed: work behind a reply may be ended without a word. */
const filling = new Map<string, number>();

/**
 * Goes on with an account's days, so many steps at the most: what a first reader of a long history leaves to be done after the reply. One at a time in
 * an isolate: while another is at it, nothing is done here.
 *
 * @returns whether all is done
 */
export async function continueMetricHistory(
  db: D1Database,
  accountId: string,
  stepsMax: number,
): Promise<boolean> {
  const startedAtMs = Date.now();
  if (startedAtMs < (filling.get(accountId) ?? 0)) return false;
  const untilMs = startedAtMs + limits.metricHistoryRunMs;
  filling.set(accountId, untilMs);
  try {
    for (let step = 0; step < stepsMax; step++) {
      if (await hasAll(db, accountId)) return true;
      await db.batch(stepStatements(db, accountId, limits.metricHistoryStepDeltasMax));
    }
    return await hasAll(db, accountId);
  } finally {
    if (filling.get(accountId) === untilMs) filling.delete(accountId);
  }
}

async function hasAll(db: D1Database, accountId: string): Promise<boolean> {
  const state = await db.prepare(STATE).bind(accountId).first<Row>();
  return state!.sequence === state!.last;
}
