import type { WholeOrder } from '../domain/orders/whole-order.ts';
import { entityTables, fromRow } from './entity-tables.ts';
import { columnLists, fromLists } from './row-lists.ts';

const { order, orderSubscription, orderAction } = entityTables;

/**
 * ?1: JSON list of order numbers and ids. One row per action, since what actions mean is too much for one text: the order, its line and the
 * action, each as lists of columns.
 */
export const WHOLE_ORDER_SQL =
  `SELECT j.value AS key, ${columnLists(order, 'o')} AS order_row, ` +
  `${columnLists(orderSubscription, 'l')} AS line_row, ${columnLists(orderAction, 'a')} AS action_row ` +
  'FROM json_each(?1) AS j CROSS JOIN orders AS o ON o.id = ' +
  'coalesce((SELECT id FROM orders WHERE id = j.value), (SELECT id FROM orders WHERE order_number = j.value)) ' +
  'CROSS JOIN order_subscription AS l ON l.order_id = o.id ' +
  'CROSS JOIN order_action AS a ON a.order_subscription_id = l.id ORDER BY l.order_id, l.line, a.sequence';

type Lists = ReadonlyArray<readonly unknown[]>;

/** Orders by the keys that they were asked for by. */
export function toWholeOrders(rows: ReadonlyArray<Record<string, unknown>>): WholeOrder[] {
  const wholes = new Map<string, { whole: WholeOrder; lines: Array<WholeOrder['lines'][number]> }>();
  for (const row of rows) {
    const read = (column: string) => JSON.parse(row[column] as string) as Lists;
    const key = row.key as string;
    let known = wholes.get(key);
    if (known === undefined) {
      const read1 = fromRow<'order'>(order, fromLists(order, read('order_row')));
      const lines: Array<WholeOrder['lines'][number]> = [];
      known = { whole: { id: key, revision: read1.revision, order: read1, lines }, lines };
      wholes.set(key, known);
    }
    const line = fromRow<'orderSubscription'>(
      orderSubscription,
      fromLists(orderSubscription, read('line_row')),
    );
    const action = fromRow<'orderAction'>(orderAction, fromLists(orderAction, read('action_row')));
    const last = known.lines.at(-1);
    if (last?.line.id === line.id)
      known.lines[known.lines.length - 1] = { line, actions: [...last.actions, action] };
    else known.lines.push({ line, actions: [action] });
  }
  return [...wholes.values()].map(({ whole }) => whole);
}
