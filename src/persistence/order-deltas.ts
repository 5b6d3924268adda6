import type { OrderDeltaReading } from '../domain/orders/order-record.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import type { RowRange } from './row-range.ts';

/** The deltas of an order in the order in which they were made, by index; without a range all of them. */
export async function readOrderDeltas(
  db: D1Database,
  orderId: string,
  range: RowRange | null = null,
): Promise<OrderDeltaReading[]> {
  const { results } = await db
    .prepare(
      `SELECT ${selectList(entityTables.orderDelta, 't')}, s.subscription_number, p.id AS rate_plan_id, p.rate_plan_number, p.product_rate_plan_id ` +
        'FROM order_delta AS t CROSS JOIN subscription AS s ON s.id = t.subscription_original_id ' +
        'LEFT JOIN charge AS c ON c.id = t.charge_id LEFT JOIN rate_plan AS p ON p.id = c.rate_plan_id ' +
        'WHERE t.order_id = ?1 ORDER BY t.id LIMIT ?2 OFFSET ?3',
    )
    .bind(orderId, range?.rowsMax ?? -1, range?.offset ?? 0)
    .all<Record<string, unknown>>();
  return results.map((row) => ({
    delta: fromRow<'orderDelta'>(entityTables.orderDelta, row),
    subscriptionNumber: row.subscription_number as string,
    ratePlanId: row.rate_plan_id as string | null,
    ratePlanNumber: row.rate_plan_number as string | null,
    productRatePlanId: row.product_rate_plan_id as string | null,
  }));
}
