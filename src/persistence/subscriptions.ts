import { isId } from '../domain/account/state.ts';
import type { Charge } from '../domain/subscriptions/subscription.ts';
import type { SubscriptionRecord } from '../domain/subscriptions/subscription-record.ts';
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

const VERSIONS = 'FROM json_each(?1) AS j CROSS JOIN subscription AS s ON s.id = j.value ';
const partOf = (table: string) =>
  `CROSS JOIN ${table} AS t ON t.subscription_original_id = s.original_id ` +
  'AND t.added_in_version <= s.version AND (t.removed_in_version IS NULL OR t.removed_in_version > s.version) ';

const READS = [
  `SELECT ${selectList(entityTables.subscription, 's')}, o.order_date ${VERSIONS}CROSS JOIN orders AS o ON o.id = s.order_id`,
  `SELECT s.id AS version_id, ${selectList(entityTables.ratePlan, 't')} ${VERSIONS}${partOf('rate_plan')}ORDER BY t.rowid`,
  `SELECT s.id AS version_id, ${selectList(entityTables.charge, 't')} ${VERSIONS}${partOf('charge')}AND t.is_suspended = 0 ORDER BY t.rowid`,
];

/** These versions with their rate plans and charges, in the order of the ids: one round trip. */
export async function readSubscriptions(
  db: D1Database,
  ids: readonly string[],
): Promise<SubscriptionRecord[]> {
  if (ids.length === 0) return [];
  const list = JSON.stringify(ids);
  const results = await db.batch<Row>(READS.map((sql) => db.prepare(sql).bind(list)));
  const [subscriptions, ratePlans, charges] = results.map((result) => result.results);
  const chargesByPlan = new Map<string, Charge[]>();
  for (const row of charges!) {
    const key = `${row.version_id as string} ${row.rate_plan_id as string}`;
    const group = chargesByPlan.get(key) ?? [];
    group.push(fromRow<'charge'>(entityTables.charge, row));
    chargesByPlan.set(key, group);
  }
  const recordById = new Map<string, SubscriptionRecord>();
  for (const row of subscriptions!) {
    const subscription = fromRow<'subscription'>(entityTables.subscription, row);
    const plans = ratePlans!
      .filter((plan) => plan.version_id === subscription.id)
      .map((plan) => ({
        ratePlan: fromRow<'ratePlan'>(entityTables.ratePlan, plan),
        charges: chargesByPlan.get(`${subscription.id} ${plan.id as string}`) ?? [],
      }));
    recordById.set(subscription.id, { subscription, orderDate: row.order_date as string, ratePlans: plans });
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
