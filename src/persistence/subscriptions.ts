import { isId } from '../domain/account/state.ts';
import type {
  ChargeRecord,
  RatePlanRecord,
  SubscriptionRecord,
} from '../domain/subscriptions/subscription-record.ts';
import { chargeColumns } from './charged-through.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

type Row = Record<string, unknown>;

/**
 * Id of the version that is meant: a number means the latest version, an id that very version, and a version beside either one of the
 * same lineage. Null when there is none.
 */
export async function findSubscriptionId(
  db: D1Database,
  key: string,
  version: number | null = null,
): Promise<string | null> {
  const ofLineage = isId(key)
    ? 's.subscription_number = (SELECT subscription_number FROM subscription WHERE id = ?1)'
    : 's.subscription_number = ?1';
  const condition =
    version !== null
      ? `${ofLineage} AND s.version = ?2`
      : isId(key)
        ? 's.id = ?1'
        : `${ofLineage} AND s.is_latest_version = 1`;
  const row = await db
    .prepare(`SELECT s.id FROM subscription AS s WHERE ${condition}`)
    .bind(...(version === null ? [key] : [key, version]))
    .first<{ id: string }>();
  return row?.id ?? null;
}

/** The number of a subscription that is named by it, or by the id of any of its versions; null when there is none. */
export async function findSubscriptionNumber(db: D1Database, key: string): Promise<string | null> {
  const column = isId(key) ? 'id' : 'subscription_number';
  const row = await db
    .prepare(`SELECT subscription_number AS number FROM subscription WHERE ${column} = ?1 LIMIT 1`)
    .bind(key)
    .first<{ number: string }>();
  return row?.number ?? null;
}

/** Ids of the latest versions by their numbers, in the order of the numbers; those that are not there are left out. */
export async function findSubscriptionIds(
  db: D1Database,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { results } = await db
    .prepare(
      'SELECT s.id, s.subscription_number AS number FROM json_each(?1) AS j CROSS JOIN subscription AS s ' +
        'ON s.subscription_number = j.value AND s.is_latest_version = 1 ORDER BY j.key',
    )
    .bind(JSON.stringify(numbers))
    .all<{ id: string; number: string }>();
  return new Map(results.map(({ id, number }) => [number, id]));
}

/** Latest versions of the subscriptions that an account owns, newest first, by index. */
export async function findOwnedSubscriptionIds(
  db: D1Database,
  accountId: string,
  page: { readonly pageSize: number; readonly offset: number },
): Promise<{ ids: string[]; hasMore: boolean }> {
  const { results } = await db
    .prepare(
      'SELECT id FROM subscription WHERE account_id = ?1 AND is_latest_version = 1 ORDER BY id DESC LIMIT ?2 OFFSET ?3',
    )
    .bind(accountId, page.pageSize + 1, page.offset)
    .all<{ id: string }>();
  const ids = results.map((row) => row.id);
  return { ids: ids.slice(0, page.pageSize), hasMore: ids.length > page.pageSize };
}

/** Which charge segments a read needs: of each charge the last, the one on a day (each with the one before it), or all. */
export type SegmentScope = 'all' | 'last' | { readonly on: string };

const VERSIONS = 'FROM json_each(?1) AS j CROSS JOIN subscription AS s ON s.id = j.value ';
const partOf = (table: string) =>
  `CROSS JOIN ${table} AS t ON t.subscription_original_id = s.original_id ` +
  'AND t.added_in_version <= s.version AND (t.removed_in_version IS NULL OR t.removed_in_version > s.version) ';
/** Date of the order that added the row to the subscription. */
const ADDED_ON =
  '(SELECT a.order_date FROM subscription AS w CROSS JOIN orders AS a ON a.id = w.order_id ' +
  'WHERE w.subscription_number = s.subscription_number AND w.version = t.added_in_version) AS added_on';
/** Why a subscription was cancelled, as the order action says. */
const CANCEL_REASON =
  "CASE s.status WHEN 'Cancelled' THEN (SELECT a.body->>'changeReason' FROM order_subscription AS l " +
  'CROSS JOIN order_action AS a ON a.order_subscription_id = l.id WHERE l.order_id = s.order_id ' +
  "AND l.subscription_id = s.id AND a.type = 'CancelSubscription') END AS cancel_reason";

const SUBSCRIPTIONS = `SELECT ${selectList(entityTables.subscription, 's')}, o.order_date, ${CANCEL_REASON} ${VERSIONS}CROSS JOIN orders AS o ON o.id = s.order_id`;
const RATE_PLANS = `SELECT s.id AS version_id, ${selectList(entityTables.ratePlan, 't')}, ${ADDED_ON} ${VERSIONS}${partOf('rate_plan')}ORDER BY t.rowid`;

const CHARGE_COLUMNS = `s.id AS version_id, ${chargeColumns('t')}, ${ADDED_ON}`;
const IN_ORDER = 'ORDER BY t.charge_number, t.segment';
/** Charges of the latest version by the partial indexes of what is live: what earlier versions had costs nothing. */
const LAST_SEGMENTS =
  `${VERSIONS}AND s.is_latest_version = 1 CROSS JOIN charge AS last INDEXED BY charge_last ON last.subscription_original_id = s.original_id ` +
  'AND last.removed_in_version IS NULL AND last.is_last_segment = 1 ';
const LIVE =
  'CROSS JOIN charge AS t ON t.charge_number = last.charge_number AND t.removed_in_version IS NULL ';
/** The last but one of the live segments of a charge that a condition holds for. */
const lastButOne = (condition: string) =>
  'coalesce((SELECT y.segment FROM charge AS y WHERE y.charge_number = last.charge_number ' +
  `AND y.removed_in_version IS NULL AND ${condition} ORDER BY y.segment DESC LIMIT 1 OFFSET 1), 0) `;

const LATEST_CHARGES = `SELECT ${CHARGE_COLUMNS} ${LAST_SEGMENTS}${LIVE}`;
const LATEST_LAST = `${LATEST_CHARGES}AND t.segment >= ${lastButOne('y.is_suspended = 0')}${IN_ORDER}`;
const LATEST_ON_DAY = `${LATEST_CHARGES}AND t.effective_start_date <= ?2 AND t.segment >= ${lastButOne('y.effective_start_date <= ?2')}${IN_ORDER}`;
const LATEST_ALL = `${LATEST_CHARGES}${IN_ORDER}`;
const EARLIER_ALL = `SELECT ${CHARGE_COLUMNS} ${VERSIONS}AND s.is_latest_version = 0 ${partOf('charge')}${IN_ORDER}`;
/** Rate plans of latest versions of which a charge has changed since they were added. */
const LATEST_CHANGED =
  `SELECT DISTINCT s.id AS version_id, p.id AS rate_plan_id ${LAST_SEGMENTS}CROSS JOIN rate_plan AS p ON p.id = last.rate_plan_id ` +
  'WHERE EXISTS (SELECT 1 FROM charge AS y WHERE y.charge_number = last.charge_number ' +
  'AND y.removed_in_version IS NULL AND y.added_in_version > p.added_in_version)';

function chargesOf(db: D1Database, list: string, scope: SegmentScope): D1PreparedStatement {
  if (typeof scope === 'object') return db.prepare(LATEST_ON_DAY).bind(list, scope.on);
  return db.prepare(scope === 'last' ? LATEST_LAST : LATEST_ALL).bind(list);
}

/**
 * These versions with their rate plans and charges, in the order of the ids: one round trip. Of earlier versions all segments are read,
 * of latest ones those that are asked for.
 */
export async function readSubscriptions(
  db: D1Database,
  ids: readonly string[],
  scope: SegmentScope = 'all',
): Promise<SubscriptionRecord[]> {
  if (ids.length === 0) return [];
  const list = JSON.stringify(ids);
  const results = await db.batch<Row>([
    db.prepare(SUBSCRIPTIONS).bind(list),
    db.prepare(RATE_PLANS).bind(list),
    chargesOf(db, list, scope),
    db.prepare(EARLIER_ALL).bind(list),
    db.prepare(LATEST_CHANGED).bind(list),
  ]);
  const [subscriptions, ratePlans, latest, earlier, changed] = results.map((result) => result.results);
  const chargesByPlan = new Map<string, ChargeRecord[]>();
  for (const row of [...latest!, ...earlier!]) {
    const key = `${row.version_id as string} ${row.rate_plan_id as string}`;
    const group = chargesByPlan.get(key) ?? [];
    const charge = fromRow<'charge'>(entityTables.charge, row);
    group.push({ charge, addedOn: row.added_on as string | null });
    chargesByPlan.set(key, group);
  }
  const changedPlans = new Set(
    changed!.map((row) => `${row.version_id as string} ${row.rate_plan_id as string}`),
  );
  const plansByVersion = new Map<string, RatePlanRecord[]>();
  for (const row of ratePlans!) {
    const versionId = row.version_id as string;
    const key = `${versionId} ${row.id as string}`;
    const record = {
      ratePlan: fromRow<'ratePlan'>(entityTables.ratePlan, row),
      addedOn: row.added_on as string | null,
      charges: chargesByPlan.get(key) ?? [],
      isChanged: changedPlans.has(key),
    };
    const group = plansByVersion.get(versionId);
    if (group === undefined) plansByVersion.set(versionId, [record]);
    else group.push(record);
  }
  const recordById = new Map<string, SubscriptionRecord>();
  for (const row of subscriptions!) {
    const subscription = fromRow<'subscription'>(entityTables.subscription, row);
    recordById.set(subscription.id, {
      subscription,
      orderDate: row.order_date as string,
      cancelReason: row.cancel_reason as string | null,
      ratePlans: plansByVersion.get(subscription.id) ?? [],
    });
  }
  return ids.flatMap((id) => recordById.get(id) ?? []);
}

/** What the forms of /v1/subscriptions need to know before the order that they stand for is decided. */
export interface SubscriptionTarget {
  readonly subscriptionNumber: string;
  readonly invoiceOwnerAccountId: string;
  readonly renewalTerm: number | null;
  readonly renewalTermPeriodType: string | null;
}

/** The latest version of the subscription with this number, or with this id of any of its versions; null when there is none. */
export async function findSubscriptionTarget(
  db: D1Database,
  key: string,
): Promise<SubscriptionTarget | null> {
  const number = isId(key) ? '(SELECT subscription_number FROM subscription WHERE id = ?1)' : '?1';
  return db
    .prepare(
      'SELECT s.subscription_number AS subscriptionNumber, s.invoice_owner_account_id AS invoiceOwnerAccountId, ' +
        's.renewal_term AS renewalTerm, s.renewal_term_period_type AS renewalTermPeriodType ' +
        `FROM subscription AS s WHERE s.subscription_number = ${number} AND s.is_latest_version = 1`,
    )
    .bind(key)
    .first<SubscriptionTarget>();
}

/** The latest version that a charge segment is part of, and its invoice owner; null when there is no such segment. */
export async function findSubscriptionOfCharge(
  db: D1Database,
  chargeId: string,
): Promise<{ readonly subscriptionId: string; readonly invoiceOwnerAccountId: string } | null> {
  return db
    .prepare(
      'SELECT s.id AS subscriptionId, s.invoice_owner_account_id AS invoiceOwnerAccountId FROM charge AS c ' +
        'CROSS JOIN subscription AS first ON first.id = c.subscription_original_id ' +
        'CROSS JOIN subscription AS s ON s.subscription_number = first.subscription_number ' +
        'AND (s.version = c.removed_in_version - 1 OR c.removed_in_version IS NULL AND s.is_latest_version = 1) WHERE c.id = ?1',
    )
    .bind(chargeId)
    .first();
}

/** Numbers of charges by the ids of any of their segments. */
export async function findChargeNumbers(
  db: D1Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const { results } = await db
    .prepare(
      'SELECT c.id, c.charge_number AS number FROM json_each(?1) AS j CROSS JOIN charge AS c ON c.id = j.value',
    )
    .bind(JSON.stringify(ids))
    .all<{ id: string; number: string }>();
  return new Map(results.map((row) => [row.id, row.number]));
}
