import { addDays } from '../domain/calendar.ts';
import type { StoredOrderDelta } from '../domain/orders/order.ts';
import type { OrderEffects, VersionEffects } from '../domain/orders/order-effects.ts';
import type { Charge, RatePlan, Subscription } from '../domain/subscriptions/subscription.ts';
import { type EntityTable, entityTables, fromRow } from './entity-tables.ts';
import { BILLED_TABLES, live } from './live-documents.ts';
import { columnLists, fromLists } from './row-lists.ts';

const { subscription, ratePlan, charge, orderDelta } = entityTables;

const columns = (what: string, table: EntityTable, alias: string) =>
  `v.order_id AS order_id, v.version_id AS version_id, '${what}' AS what, ${columnLists(table, alias)} AS columns `;

/** Live lines of the charge `c` that were billed from its segment, and the first of its segment's days. */
const lines = ([items, documents, key]: (typeof BILLED_TABLES)[number], condition: string) =>
  "SELECT v.order_id AS order_id, v.version_id AS version_id, 'billed' AS what, " +
  'json_array(c.charge_number, max(i.service_end_date)) AS columns FROM v CROSS JOIN charge AS c ' +
  `ON c.subscription_original_id = v.original_id AND ${condition} ` +
  `CROSS JOIN ${items} AS i ON i.charge_number = c.charge_number AND i.service_end_date >= coalesce(c.effective_start_date, '') ` +
  `CROSS JOIN ${documents} AS d ON d.id = i.${key} AND ${live('d')} `;
const grouped = 'GROUP BY v.order_id, v.version_id, c.id ';
/** What was billed from segments that the version added, and what of segments that it removed was given back. */
const BILLED = BILLED_TABLES.flatMap((table) => [
  `${lines(table, 'c.added_in_version = v.version')}WHERE i.charge_id = c.id ${grouped}`,
  `${lines(table, 'c.removed_in_version = v.version')}WHERE i.calculation->>'$.credit' IS NOT NULL AND (i.charge_id = c.id OR ` +
    'c.id = (SELECT o.charge_id FROM invoice_item AS o WHERE o.id = i.applied_to_item_id) OR ' +
    `c.id = (SELECT o.charge_id FROM credit_memo_item AS o WHERE o.id = i.applied_to_item_id)) ${grouped}`,
]);

/**
 * ?1: JSON list of order ids. What these orders made, row by row: the versions with the ones before and the latest, the segments that came
 * and went, the rate plans that came and that were changed, the deltas. All by index on lineage and version, so that neither the age of
 * a subscription nor the size of an account counts.
 */
export const ORDER_EFFECTS_SQL =
  'WITH v AS MATERIALIZED (SELECT j.value AS order_id, s.id AS version_id, s.original_id AS original_id, s.version AS version, ' +
  's.subscription_number AS subscription_number, l.rate_plans_before AS plans_before ' +
  'FROM json_each(?1) AS j CROSS JOIN order_subscription AS l ON l.order_id = j.value ' +
  'CROSS JOIN subscription AS s ON s.id = l.subscription_id) ' +
  `SELECT ${columns('version', subscription, 's')} FROM v CROSS JOIN subscription AS s ` +
  'ON s.subscription_number = v.subscription_number AND s.version IN (v.version - 1, v.version, ' +
  '(SELECT max(n.version) FROM subscription AS n WHERE n.subscription_number = v.subscription_number)) ' +
  // D1 takes five terms in a compound SELECT: some of these are compounds of their own.
  `UNION ALL SELECT * FROM (SELECT ${columns('added charge', charge, 'c')} FROM v CROSS JOIN charge AS c ` +
  'ON c.subscription_original_id = v.original_id AND c.added_in_version = v.version ' +
  `UNION ALL SELECT ${columns('removed charge', charge, 'c')} FROM v CROSS JOIN charge AS c ` +
  'ON c.subscription_original_id = v.original_id AND c.removed_in_version = v.version) ' +
  `UNION ALL SELECT * FROM (${BILLED.join('UNION ALL ')}) ` +
  `UNION ALL SELECT ${columns('rate plan', ratePlan, 'p')} FROM v CROSS JOIN rate_plan AS p ON p.id IN ` +
  '(SELECT q.id FROM rate_plan AS q WHERE q.subscription_original_id = v.original_id AND q.added_in_version = v.version ' +
  "UNION ALL SELECT b.value->>'id' FROM json_each(v.plans_before) AS b) " +
  "UNION ALL SELECT j.value, NULL, 'delta', " +
  `${columnLists(orderDelta, 'd')} FROM json_each(?1) AS j CROSS JOIN order_delta AS d ON d.order_id = j.value`;

interface Row {
  readonly what: string;
  readonly versionId: string | null;
  readonly values: ReadonlyArray<readonly unknown[]>;
}

export function toOrderEffects(rows: ReadonlyArray<Record<string, unknown>>): OrderEffects[] {
  const byOrder = new Map<string, Row[]>();
  for (const row of rows) {
    const read: Row = {
      what: row.what as string,
      versionId: row.version_id as string | null,
      values: JSON.parse(row.columns as string) as Row['values'],
    };
    const known = byOrder.get(row.order_id as string);
    if (known === undefined) byOrder.set(row.order_id as string, [read]);
    else known.push(read);
  }
  return [...byOrder].map(([id, all]) => {
    const versionIds = new Set(all.flatMap(({ versionId }) => versionId ?? []));
    const versions = [...versionIds].map((versionId) =>
      versionOf(
        versionId,
        all.filter((row) => row.versionId === versionId),
      ),
    );
    const revision = Math.max(0, ...versions.map(({ latest }) => latest.revision));
    return { id, revision, versions, deltas: readAs<StoredOrderDelta>(all, 'delta', orderDelta) };
  });
}

function readAs<T>(rows: readonly Row[], what: string, table: EntityTable): T[] {
  return rows.flatMap((row) =>
    row.what === what ? [fromRow(table, fromLists(table, row.values)) as unknown as T] : [],
  );
}

function versionOf(id: string, rows: readonly Row[]): VersionEffects {
  const versions = readAs<Subscription>(rows, 'version', subscription);
  const made = versions.find((one) => one.id === id)!;
  const ratePlans = readAs<RatePlan>(rows, 'rate plan', ratePlan);
  const isAdded = ({ addedInVersion }: RatePlan) => addedInVersion === made.version;
  return {
    made,
    base: versions.find(({ version }) => version === made.version - 1) ?? null,
    latest: versions.reduce((a, b) => (b.version > a.version ? b : a), made),
    addedCharges: readAs<Charge>(rows, 'added charge', charge).sort(byNumberAndSegment),
    removedCharges: readAs<Charge>(rows, 'removed charge', charge).sort(byNumberAndSegment),
    billed: rows.flatMap(({ what, values }) => {
      if (what !== 'billed') return [];
      const [chargeNumber, lastDay] = values as unknown as [string, string];
      return [{ chargeNumber, through: addDays(lastDay, 1) }];
    }),
    addedRatePlans: ratePlans.filter(isAdded),
    changedRatePlans: ratePlans.filter((plan) => !isAdded(plan)),
  };
}

function byNumberAndSegment(a: Charge, b: Charge): number {
  if (a.chargeNumber !== b.chargeNumber) return a.chargeNumber < b.chargeNumber ? -1 : 1;
  return a.segment - b.segment;
}
