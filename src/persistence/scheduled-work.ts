import type { RowRange } from './row-range.ts';

/** What is done on a day: scheduled orders before the ends of terms, since an order may say what a term's end means. */
export const DUE_SOURCES = ['orders', 'subscriptions'] as const;
export type DueSource = (typeof DUE_SOURCES)[number];

/** Where due objects lie in an index by day, then account, then id. `live` is the index's condition, word for word, or it would not be used. */
interface Source {
  readonly table: string;
  readonly day: string;
  readonly account: string;
  readonly live: string;
  /** What a piece of work needs to know. */
  readonly columns: string;
}

const sources: { readonly [S in DueSource]: Source } = {
  orders: {
    table: 'orders',
    day: 'scheduled_date',
    account: 'account_id',
    live: "status = 'Scheduled'",
    columns: 'id, revision, order_number AS number, NULL AS termEndDate, 0 AS autoRenew',
  },
  subscriptions: {
    table: 'subscription',
    day: 'CASE WHEN scheduled_retry_on > term_end_date THEN scheduled_retry_on ELSE term_end_date END',
    account: 'invoice_owner_account_id',
    live: "is_latest_version = 1 AND status = 'Active' AND term_type = 'TERMED'",
    columns:
      'id, revision, subscription_number AS number, term_end_date AS termEndDate, auto_renew AS autoRenew',
  },
};

/** One due object. */
export interface DueItem {
  readonly id: string;
  readonly revision: number;
  readonly number: string;
  /** Of a subscription: the end of its term. */
  readonly termEndDate: string | null;
  readonly autoRenew: 0 | 1;
}

/** A day on which an account has due work; they are found in this order. */
export interface DuePair {
  readonly day: string;
  readonly accountId: string;
}

function pairsSql({ table, day, account, live }: Source): string {
  const next = (from: string) =>
    `coalesce((SELECT rowid FROM ${table} WHERE ${live} AND ${day} = ${from}.due_day AND ${account} > ${from}.lane ` +
    `ORDER BY ${account} LIMIT 1), ` +
    `(SELECT rowid FROM ${table} WHERE ${live} AND ${day} > ${from}.due_day AND ${day} <= ?3 ORDER BY ${day}, ${account} LIMIT 1))`;
  return (
    'WITH RECURSIVE start (due_day, lane) AS (SELECT ?1, ?2), pair (due_day, lane, place) AS (' +
    `SELECT ${day}, ${account}, 1 FROM ${table} WHERE rowid = (SELECT ${next('start')} FROM start) ` +
    `UNION ALL SELECT (${day}), ${account}, pair.place + 1 FROM pair CROSS JOIN ${table} ` +
    `WHERE pair.place < ?4 AND ${table}.rowid = ${next('pair')}) ` +
    'SELECT due_day AS day, lane AS accountId FROM pair'
  );
}

function nextDaySql({ table, day, account, live }: Source): string {
  const after = (from: string) =>
    `(SELECT ${day} FROM ${table} WHERE ${live} AND ${day} > ${from} AND ${day} <= ?3 ORDER BY ${day} LIMIT 1)`;
  return (
    `WITH RECURSIVE due (due_day) AS (SELECT ${after('?2')} UNION ALL SELECT ${after('due.due_day')} FROM due WHERE due.due_day IS NOT NULL) ` +
    `SELECT due_day AS day FROM due WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${live} AND ${day} = due.due_day AND ${account} = ?1) LIMIT 1`
  );
}

function pageSql({ table, day, account, live, columns }: Source): string {
  return (
    `SELECT ${columns} FROM ${table} WHERE ${live} AND ${day} = ?2 AND ${account} = ?1 AND id > ?3 ` +
    'ORDER BY id LIMIT ?4'
  );
}

function countSql({ table, day, live }: Source): string {
  return `SELECT count(*) AS due FROM (SELECT 1 FROM ${table} WHERE ${live} AND ${day} <= ?1 LIMIT ?2)`;
}

/** The statements of each source: a walk along its index, from one day and account to the next, however many objects lie between. */
export const dueSql = {
  pairs: { orders: pairsSql(sources.orders), subscriptions: pairsSql(sources.subscriptions) },
  nextDay: { orders: nextDaySql(sources.orders), subscriptions: nextDaySql(sources.subscriptions) },
  page: { orders: pageSql(sources.orders), subscriptions: pageSql(sources.subscriptions) },
  count: { orders: countSql(sources.orders), subscriptions: countSql(sources.subscriptions) },
} as const;

/** Days up to `through` with due work, per account, after a pair; each pair once, however many objects it stands for. */
export async function findDuePairs(
  db: D1Database,
  source: DueSource,
  { after, through, pairsMax }: { after: DuePair; through: string; pairsMax: number },
): Promise<DuePair[]> {
  const { results } = await db
    .prepare(dueSql.pairs[source])
    .bind(after.day, after.accountId, through, pairsMax)
    .all<DuePair>();
  return results;
}

/** First day after another, and not after `through`, on which the account has due work; null when there is none. */
export async function findNextDueDay(
  db: D1Database,
  accountId: string,
  after: string,
  through: string,
): Promise<string | null> {
  const found = await db.batch<{ day: string }>(
    DUE_SOURCES.map((source) => db.prepare(dueSql.nextDay[source]).bind(accountId, after, through)),
  );
  return found.flatMap(({ results }) => results.map(({ day }) => day)).sort()[0] ?? null;
}

/** Due objects of an account on a day, after an id. */
export async function readDuePage(
  db: D1Database,
  accountId: string,
  from: { readonly day: string; readonly source: DueSource; readonly id: string },
  rowsMax: number,
): Promise<DueItem[]> {
  const { results } = await db
    .prepare(dueSql.page[from.source])
    .bind(accountId, from.day, from.id, rowsMax)
    .all<DueItem>();
  return results;
}

/** How much is due, counted up to `countMax`. */
export async function countDue(
  db: D1Database,
  through: string,
  countMax: number,
): Promise<Record<DueSource, number>> {
  const counts = await db.batch<{ due: number }>(
    DUE_SOURCES.map((source) => db.prepare(dueSql.count[source]).bind(through, countMax)),
  );
  const [orders, subscriptions] = counts.map(({ results }) => results[0]!.due);
  return { orders: orders!, subscriptions: subscriptions! };
}

/** Takes the accounts that nobody has, or had for too long. Returns those that were taken. */
export async function claimAccounts(
  db: D1Database,
  accountIds: readonly string[],
  now: string,
  until: string,
): Promise<string[]> {
  const { results } = await db
    .prepare(
      'INSERT INTO scheduled_claim (account_id, until) SELECT DISTINCT value, ?2 FROM json_each(?1) WHERE true ' +
        'ON CONFLICT (account_id) DO UPDATE SET until = excluded.until WHERE scheduled_claim.until <= ?3 ' +
        'RETURNING account_id AS accountId',
    )
    .bind(JSON.stringify(accountIds), until, now)
    .all<{ accountId: string }>();
  return results.map(({ accountId }) => accountId);
}

/** Keeps an account for longer; gives it back with null. */
export async function holdAccount(db: D1Database, accountId: string, until: string | null): Promise<void> {
  await (until === null
    ? db.prepare('DELETE FROM scheduled_claim WHERE account_id = ?1').bind(accountId)
    : db
        .prepare(
          'INSERT INTO scheduled_claim (account_id, until) VALUES (?1, ?2) ' +
            'ON CONFLICT (account_id) DO UPDATE SET until = excluded.until',
        )
        .bind(accountId, until)
  ).run();
}

/** The last tick that looked for scheduled work. */
export interface ScheduledRun {
  readonly at: string;
  /** Last day that was due, in the tenant's time zone. */
  readonly through: string;
  /** Accounts for which a message was sent. */
  readonly accounts: number;
}

const LAST_RUN = 'scheduled.lastRun';

export async function recordRun(db: D1Database, run: ScheduledRun): Promise<void> {
  await db
    .prepare(
      'INSERT INTO tenant_setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
    .bind(LAST_RUN, JSON.stringify(run))
    .run();
}

export async function readLastRun(db: D1Database): Promise<ScheduledRun | null> {
  const row = await db
    .prepare('SELECT value FROM tenant_setting WHERE name = ?1')
    .bind(LAST_RUN)
    .first<{ value: string }>();
  return row === null ? null : (JSON.parse(row.value) as ScheduledRun);
}

/** Work that was refused: a subscription's is tried again, a failed order is not. */
export interface ScheduledFailure {
  readonly subscriptionNumber: string | null;
  readonly orderNumber: string | null;
  readonly accountId: string;
  /** The term's end, or the order's date. */
  readonly dueOn: string;
  readonly retryOn: string | null;
  readonly reason: string;
}

/** Subscriptions first, by the day of their next try; then failed orders. */
export async function listScheduledFailures(db: D1Database, range: RowRange): Promise<ScheduledFailure[]> {
  const { results } = await db
    .prepare(
      'SELECT * FROM (SELECT subscription_number AS subscriptionNumber, NULL AS orderNumber, invoice_owner_account_id AS accountId, ' +
        'term_end_date AS dueOn, scheduled_retry_on AS retryOn, scheduled_failure AS reason FROM subscription ' +
        'WHERE scheduled_retry_on IS NOT NULL AND is_latest_version = 1 ORDER BY scheduled_retry_on, id LIMIT ?1) ' +
        'UNION ALL SELECT * FROM (SELECT NULL, order_number, account_id, scheduled_date, NULL, ' +
        "details->>'$.scheduledOrderActivationResponse.reasons[0].message' FROM orders " +
        "WHERE status <> 'Completed' AND status = 'Failed' ORDER BY id LIMIT ?1) LIMIT ?2 OFFSET ?3",
    )
    .bind(range.offset + range.rowsMax, range.rowsMax, range.offset)
    .all<ScheduledFailure>();
  return results;
}
