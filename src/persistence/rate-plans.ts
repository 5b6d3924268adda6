import type { RatePlanReading } from '../domain/orders/order-record.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

type Row = Record<string, unknown>;

/** Its version is found by the number of the lineage's first version; the version that changed it last by its live charges. */
const RATE_PLAN =
  `SELECT ${selectList(entityTables.ratePlan, 't')}, s.id AS version_id, s.version AS latest, s.subscription_number, ` +
  '(SELECT max(c.added_in_version) FROM charge AS last INDEXED BY charge_last CROSS JOIN charge AS c ON c.charge_number = last.charge_number ' +
  'AND c.removed_in_version IS NULL WHERE last.subscription_original_id = t.subscription_original_id ' +
  'AND last.removed_in_version IS NULL AND last.is_last_segment = 1 AND last.rate_plan_id = t.id) AS changed_in ' +
  'FROM rate_plan AS t CROSS JOIN subscription AS f ON f.id = t.subscription_original_id ' +
  'CROSS JOIN subscription AS s ON s.subscription_number = f.subscription_number AND s.is_latest_version = 1 WHERE t.id = ?1';
const ORDER =
  'SELECT o.id, o.order_number, o.order_date FROM subscription AS w CROSS JOIN orders AS o ON o.id = w.order_id ' +
  'WHERE w.subscription_number = ?1 AND w.version = ?2';
const ACTIONS =
  `SELECT ${selectList(entityTables.orderAction, 't')} FROM subscription AS w CROSS JOIN order_subscription AS l ` +
  'ON l.order_id = w.order_id AND l.subscription_id = w.id CROSS JOIN order_action AS t ON t.order_subscription_id = l.id ' +
  'WHERE w.subscription_number = ?1 AND w.version = ?2 ORDER BY t.sequence';

export async function readRatePlan(db: D1Database, id: string): Promise<RatePlanReading | null> {
  const row = await db.prepare(RATE_PLAN).bind(id).first<Row>();
  if (row === null) return null;
  const ratePlan = fromRow<'ratePlan'>(entityTables.ratePlan, row);
  const changedIn = (row.changed_in as number | null) ?? ratePlan.addedInVersion;
  const version = ratePlan.endedInVersion ?? changedIn;
  const [orders, actions] = await db.batch<Row>(
    [ORDER, ACTIONS].map((sql) => db.prepare(sql).bind(row.subscription_number, version)),
  );
  const order = orders!.results[0];
  return {
    ratePlan,
    subscriptionId: row.version_id as string,
    subscriptionVersion: row.latest as number,
    isChanged: changedIn > ratePlan.addedInVersion,
    order:
      order === undefined
        ? null
        : {
            id: order.id as string,
            orderNumber: order.order_number as string,
            orderDate: order.order_date as string,
          },
    actions: actions!.results.map((action) => fromRow<'orderAction'>(entityTables.orderAction, action)),
  };
}
