import type { SubscriptionLineage } from '../domain/subscriptions/subscription-lineage.ts';
import { BILLED_TABLES, LIVE } from './live-documents.ts';

const VERSIONS =
  'subscription WHERE subscription_number = (SELECT subscription_number FROM subscription WHERE id = KEY)';
const PARTS = ['rate_plan', 'charge', 'order_delta'] as const;
const partOf = (table: string) => `${table} WHERE subscription_original_id = KEY`;

/** Live documents bill something of the lineage. */
const BILLED =
  '(' +
  BILLED_TABLES.map(
    ([items, documents, key]) =>
      `EXISTS (SELECT 1 FROM ${items} AS i CROSS JOIN ${documents} AS v ON v.id = i.${key} AND ${LIVE} ` +
      'WHERE i.subscription_number = (SELECT subscription_number FROM subscription WHERE id = KEY))',
  ).join(' OR ') +
  ')';

/** Moves with every row that is added, and when a first one is billed: what a deletion rests on. */
const STATE =
  `(2 * ((SELECT count(*) FROM ${VERSIONS})` +
  PARTS.map((table) => ` + (SELECT count(*) FROM ${partOf(table)})`).join('') +
  `) + ${BILLED})`;

const ids = (from: string) => `(SELECT json_group_array(id) FROM ${from})`;

/** ?1: JSON list of lineage ids. Reads every row of a subscription: for its deletion only. */
export const lineageLoadSql = (
  `SELECT j.value AS id, ${STATE} AS state, ${ids(VERSIONS)} AS subscription_ids, ` +
  `${PARTS.map((table) => `${ids(partOf(table))} AS ${table}_ids`).join(', ')} FROM json_each(?1) AS j`
).replaceAll('KEY', 'j.value');

export const lineageGuardSql = (
  `INSERT INTO commit_guard (stale) SELECT 'subscription lineage ' || (j.value->>0) FROM json_each(?1) AS j ` +
  `WHERE ${STATE} IS NOT j.value->>1`
).replaceAll('KEY', 'j.value->>0');

export function toLineage(row: Record<string, unknown>): SubscriptionLineage {
  const list = (json: unknown) => JSON.parse(json as string) as string[];
  const state = row.state as number;
  return {
    id: row.id as string,
    revision: state,
    isBilled: state % 2 === 1,
    subscriptionIds: list(row.subscription_ids),
    ratePlanIds: list(row.rate_plan_ids),
    chargeIds: list(row.charge_ids),
    orderDeltaIds: list(row.order_delta_ids),
  };
}
