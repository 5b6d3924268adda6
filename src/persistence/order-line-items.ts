import type { OrderLineItem } from '../domain/orders/order-line-item.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

const table = entityTables.orderLineItem;

/** ?1: JSON list of order ids. Each order's items in their order, by index. */
export const LINE_ITEMS_OF_ORDERS =
  `SELECT ${selectList(table, 't')} FROM json_each(?1) AS j CROSS JOIN order_line_item AS t ON t.order_id = j.value ` +
  'ORDER BY t.order_id, t.line';

export function toLineItem(row: Record<string, unknown>): OrderLineItem {
  return fromRow<'orderLineItem'>(table, row);
}

export async function findLineItem(db: D1Database, id: string): Promise<OrderLineItem | null> {
  const row = await db
    .prepare(`SELECT ${selectList(table, 't')} FROM order_line_item AS t WHERE t.id = ?1`)
    .bind(id)
    .first<Record<string, unknown>>();
  return row === null ? null : toLineItem(row);
}
