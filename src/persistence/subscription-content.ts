import type { SubscriptionContent } from '../domain/subscriptions/subscription-content.ts';
import { chargeLists } from './charged-through.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { columnLists, fromLists } from './row-lists.ts';

const { subscription, ratePlan, charge } = entityTables;

/**
 * Live charges of the subscription `k` that have not ended before a day, by their last segment; of each the segments from the one on that
 * covers that day, or lies before it. Both walks are by partial indexes, so that ended charges and earlier segments cost nothing.
 */
export function openCharges(from: string): string {
  return (
    'FROM charge AS last JOIN charge AS c ON c.charge_number = last.charge_number AND c.removed_in_version IS NULL ' +
    'AND c.segment >= coalesce((SELECT y.segment FROM charge AS y WHERE y.charge_number = last.charge_number ' +
    `AND y.removed_in_version IS NULL AND y.effective_start_date < ${from} ORDER BY y.segment DESC LIMIT 1), 0) ` +
    'WHERE last.subscription_original_id = k.original_id AND last.removed_in_version IS NULL AND last.is_last_segment = 1 ' +
    `AND coalesce(last.effective_end_date, '9999') >= ${from}`
  );
}

/** Start of the first live segment of the charge of a segment: one seek. */
export function firstStart(alias: string): string {
  return (
    `(SELECT f.effective_start_date FROM charge AS f WHERE f.charge_number = ${alias}.charge_number ` +
    'AND f.removed_in_version IS NULL ORDER BY f.segment LIMIT 1)'
  );
}

/** ?1: JSON list of keys `from@number`. The subscription's own end may lie before the day that is asked for: then it is read from there. */
export const CONTENT_SQL =
  'WITH k AS MATERIALIZED (SELECT j.value AS key, s.id AS subscription_id, s.original_id AS original_id, ' +
  "min(substr(j.value, 1, instr(j.value, '@') - 1), coalesce(s.subscription_end_date, '9999'), coalesce(s.suspended_on, '9999')) AS from_date " +
  'FROM json_each(?1) AS j CROSS JOIN subscription AS s ' +
  "ON s.subscription_number = substr(j.value, instr(j.value, '@') + 1) AND s.is_latest_version = 1) " +
  `SELECT k.key, k.from_date, ${selectList(subscription, 's')}, ` +
  `(SELECT json_group_array(${chargeLists('c')} ORDER BY c.charge_number, c.segment) ${openCharges('k.from_date')}) AS charges, ` +
  `(SELECT json_group_array(${columnLists(ratePlan, 'p')} ORDER BY p.id) FROM rate_plan AS p ` +
  "WHERE p.subscription_original_id = k.original_id AND p.removed_in_version IS NULL AND coalesce(p.end_date, '9999') >= k.from_date) AS rate_plans " +
  'FROM k JOIN subscription AS s ON s.id = k.subscription_id';

export function toContent(row: Record<string, unknown>): SubscriptionContent {
  const latest = fromRow<'subscription'>(subscription, row);
  const rowsOf = (json: unknown) => JSON.parse(json as string) as unknown[][][];
  return {
    id: row.key as string,
    revision: latest.revision,
    from: row.from_date as string,
    subscription: latest,
    ratePlans: rowsOf(row.rate_plans).map((lists) =>
      fromRow<'ratePlan'>(ratePlan, fromLists(ratePlan, lists)),
    ),
    charges: rowsOf(row.charges).map((lists) => fromRow<'charge'>(charge, fromLists(charge, lists))),
  };
}
