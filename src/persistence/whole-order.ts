import type { WholeOrder } from '../domain/orders/whole-order.ts';
import { entityTables, fromRow } from './entity-tables.ts';
import { columnLists, fromLists } from './row-lists.ts';

const { order, orderSubscription, orderAction, orderLineItem } = entityTables;

/** ?1: JSON list of order numbers and ids. */
const ORDERS =
  'FROM json_each(?1) AS j CROSS JOIN orders AS o ON o.id = ' +
  'coalesce((SELECT id FROM orders WHERE id = j.value), (SELECT id FROM orders WHERE order_number = j.value)) ';

/**
 * One row per action, since what actions mean is too much for one text, and one per line item: the order, its line and the action or its
 * line item, each as lists of columns.
 */
export const WHOLE_ORDER_SQL =
  `SELECT j.value AS key, ${columnLists(order, 'o')} AS order_row, l.line AS position, a.sequence AS sequence, ` +
  `${columnLists(orderSubscription, 'l')} AS line_row, ${columnLists(orderAction, 'a')} AS action_row, NULL AS item_row ` +
  `${ORDERS}CROSS JOIN order_subscription AS l ON l.order_id = o.id ` +
  'CROSS JOIN order_action AS a ON a.order_subscription_id = l.id ' +
  `UNION ALL SELECT j.value, ${columnLists(order, 'o')}, i.line, 0, NULL, NULL, ${columnLists(orderLineItem, 'i')} ` +
  `${ORDERS}CROSS JOIN order_line_item AS i ON i.order_id = o.id ORDER BY key, position, sequence`;

type Lists = ReadonlyArray<readonly unknown[]>;

interface Reading {
  readonly order: WholeOrder['order'];
  readonly lines: Array<WholeOrder['lines'][number]>;
  readonly lineItems: Array<WholeOrder['lineItems'][number]>;
}

/** Orders by the keys that they were asked for by. */
export function toWholeOrders(rows: ReadonlyArray<Record<string, unknown>>): WholeOrder[] {
  const readings = new Map<string, Reading>();
  for (const row of rows) {
    const read = (column: string) => JSON.parse(row[column] as string) as Lists;
    const key = row.key as string;
    let known = readings.get(key);
    if (known === undefined) {
      const ordered = fromRow<'order'>(order, fromLists(order, read('order_row')));
      known = { order: ordered, lines: [], lineItems: [] };
      readings.set(key, known);
    }
    const { lines, lineItems } = known;
    if (row.item_row !== null) {
      lineItems.push(fromRow<'orderLineItem'>(orderLineItem, fromLists(orderLineItem, read('item_row'))));
      continue;
    }
    const line = fromRow<'orderSubscription'>(
      orderSubscription,
      fromLists(orderSubscription, read('line_row')),
    );
    const action = fromRow<'orderAction'>(orderAction, fromLists(orderAction, read('action_row')));
    const last = lines.at(-1);
    if (last?.line.id === line.id) lines[lines.length - 1] = { line, actions: [...last.actions, action] };
    else lines.push({ line, actions: [action] });
  }
  return [...readings].map(([key, reading]) => ({ id: key, revision: reading.order.revision, ...reading }));
}
