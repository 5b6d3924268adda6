import {
  ACCOUNT_SUBSCRIPTIONS_MAX,
  type UsageCandidate,
  type UsageCharges,
} from '../domain/billing/usage-charge.ts';
import { firstStart } from './subscription-content.ts';

const CANDIDATE =
  'SELECT n.key AS found_key, x.charge_number, x.charge_type, x.unit_of_measure, s.subscription_number, s.account_id, s.id AS subscription_id, ' +
  `s.revision AS subscription_revision, s.original_id, ${firstStart('x')} AS first_start, ` +
  'CASE WHEN x.is_suspended = 1 THEN x.effective_start_date ELSE x.effective_end_date END AS end_date FROM n ';

const LAST_LIVE = 'x.removed_in_version IS NULL AND x.is_last_segment = 1';

/** The usage charges of a subscription in a unit that have not ended before the day, by a partial index. */
const OF_SUBSCRIPTION =
  `CROSS JOIN charge AS x ON x.subscription_original_id = s.original_id AND ${LAST_LIVE} ` +
  "AND coalesce(x.effective_end_date, '9999') > n.day AND x.charge_type = 'Usage' AND x.unit_of_measure = n.unit";

/** One more than are looked at, so that it shows whether there are too many. */
const SUBSCRIPTIONS_OF_ACCOUNT =
  'SELECT b.id FROM subscription AS b WHERE b.account_id = n.account_id AND b.is_latest_version = 1 ' +
  `ORDER BY b.id LIMIT ${ACCOUNT_SUBSCRIPTIONS_MAX + 1}`;

/** ?1: JSON list of keys `[charge, subscription, account, unit, day]` (usageChargesKey). A row for each candidate, one of nulls where there is none. */
export const USAGE_CHARGES_SQL =
  "WITH k AS MATERIALIZED (SELECT j.value AS key, j.value->>'$[0]' AS charge_key, j.value->>'$[1]' AS subscription_key, " +
  "j.value->>'$[2]' AS account_key, j.value->>'$[3]' AS unit, j.value->>'$[4]' AS day FROM json_each(?1) AS j), " +
  'n AS MATERIALIZED (SELECT k.key, k.unit, k.day, ' +
  'coalesce((SELECT charge_number FROM charge WHERE id = k.charge_key), k.charge_key) AS charge_number, ' +
  'coalesce((SELECT subscription_number FROM subscription WHERE id = k.subscription_key), k.subscription_key) AS subscription_number, ' +
  'coalesce((SELECT id FROM account WHERE account_number = k.account_key), k.account_key) AS account_id FROM k), ' +
  'found AS MATERIALIZED (' +
  // The charge that is named.
  `${CANDIDATE}CROSS JOIN charge AS x ON x.charge_number = n.charge_number AND ${LAST_LIVE} ` +
  'CROSS JOIN subscription AS o ON o.id = x.subscription_original_id ' +
  'CROSS JOIN subscription AS s ON s.subscription_number = o.subscription_number AND s.is_latest_version = 1 ' +
  // Of the subscription that is named.
  `UNION ALL ${CANDIDATE}CROSS JOIN subscription AS s ON n.charge_number IS NULL ` +
  `AND s.subscription_number = n.subscription_number AND s.is_latest_version = 1 ${OF_SUBSCRIPTION} ` +
  // Of any subscription of the account.
  `UNION ALL ${CANDIDATE}CROSS JOIN subscription AS s ON n.charge_number IS NULL AND n.subscription_number IS NULL ` +
  `AND s.id IN (${SUBSCRIPTIONS_OF_ACCOUNT}) ${OF_SUBSCRIPTION}) ` +
  'SELECT n.key, n.subscription_number AS named_subscription, n.account_id AS named_account, ' +
  'CASE WHEN n.charge_number IS NULL AND n.subscription_number IS NULL THEN ' +
  `(SELECT count(*) FROM (${SUBSCRIPTIONS_OF_ACCOUNT})) ELSE 0 END AS subscriptions, ` +
  'found.* FROM n LEFT JOIN found ON found.found_key = n.key';

export function toUsageCharges(rows: ReadonlyArray<Record<string, unknown>>): UsageCharges[] {
  const byKey = new Map<string, UsageCharges & { candidates: UsageCandidate[] }>();
  for (const row of rows) {
    const id = row.key as string;
    let charges = byKey.get(id);
    if (charges === undefined) {
      charges = {
        id,
        revision: 1,
        subscriptionNumber: row.named_subscription as string | null,
        accountId: row.named_account as string | null,
        candidates: [],
        isCut: (row.subscriptions as number) > ACCOUNT_SUBSCRIPTIONS_MAX,
      };
      byKey.set(id, charges);
    }
    if (row.charge_number !== null) charges.candidates.push(toCandidate(row));
  }
  return [...byKey.values()];
}

function toCandidate(row: Record<string, unknown>): UsageCandidate {
  return {
    chargeNumber: row.charge_number as string,
    chargeType: row.charge_type as string,
    unitOfMeasure: row.unit_of_measure as string | null,
    subscriptionNumber: row.subscription_number as string,
    accountId: row.account_id as string,
    subscription: { id: row.subscription_id as string, revision: row.subscription_revision as number },
    originalId: row.original_id as string,
    startDate: row.first_start as string | null,
    endDate: row.end_date as string | null,
  };
}

/** The charges that targets may mean, by their keys (usageChargesKey). */
export async function readUsageCharges(
  db: D1Database,
  keys: readonly string[],
): Promise<ReadonlyMap<string, UsageCharges>> {
  const { results } = await db
    .prepare(USAGE_CHARGES_SQL)
    .bind(JSON.stringify([...new Set(keys)]))
    .all<Record<string, unknown>>();
  return new Map(toUsageCharges(results).map((charges) => [charges.id, charges]));
}
