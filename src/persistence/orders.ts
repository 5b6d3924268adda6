import { isId } from '../domain/account/state.ts';
import type { OrderStatus } from '../domain/orders/order.ts';
import type { OrderLine, OrderRecord } from '../domain/orders/order-record.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { LINE_ITEMS_OF_ORDERS, toLineItem } from './order-line-items.ts';

type Row = Record<string, unknown>;

/** Which orders a list shows. */
export interface OrderFilter {
  readonly by:
    | { readonly kind: 'all' }
    | { readonly kind: 'invoiceOwner' | 'subscriptionOwner'; readonly accountId: string }
    | { readonly kind: 'subscription'; readonly subscriptionNumber: string };
  readonly status: OrderStatus | null;
  /** Both ends inclusive. */
  readonly orderDate: { readonly from: string | null; readonly to: string | null } | null;
  /** Instants; the end exclusive. */
  readonly updatedAt: { readonly from: string | null; readonly before: string | null } | null;
}

const LINE_COLUMNS = {
  invoiceOwner: 'invoice_owner_account_id',
  subscriptionOwner: 'subscription_owner_account_id',
  subscription: 'subscription_number',
} as const;

/**
 * Ids of the orders of one page, newest first, and whether there are more. Orders of an account or a subscription are walked by the
 * index of what the list is by.
 */
export async function findOrderIds(
  db: D1Database,
  filter: OrderFilter,
  page: { readonly pageSize: number; readonly offset: number },
): Promise<{ ids: string[]; hasMore: boolean }> {
  const parameters: unknown[] = [page.pageSize + 1, page.offset];
  const conditions: string[] = [];
  const where = (sql: string, value: unknown) => {
    parameters.push(value);
    conditions.push(`${sql} ?${parameters.length}`);
  };
  const { by, status, orderDate, updatedAt } = filter;
  if (by.kind !== 'all') {
    where(`l.${LINE_COLUMNS[by.kind]} =`, by.kind === 'subscription' ? by.subscriptionNumber : by.accountId);
  }
  if (status !== null) {
    where('o.status =', status);
    // Literally the condition of the partial index: without it the index is not used.
    if (status !== 'Completed') conditions.push("o.status <> 'Completed'");
  }
  if (orderDate?.from != null) where('o.order_date >=', orderDate.from);
  if (orderDate?.to != null) where('o.order_date <=', orderDate.to);
  if (updatedAt?.from != null) where('o.updated_at >=', updatedAt.from);
  if (updatedAt?.before != null) where('o.updated_at <', updatedAt.before);
  const filtered = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const sql =
    by.kind === 'all'
      ? `SELECT o.id FROM orders AS o${filtered} ORDER BY ${orderDate === null ? '' : 'o.order_date DESC, '}o.id DESC`
      : `SELECT DISTINCT l.order_id AS id FROM order_subscription AS l CROSS JOIN orders AS o ON o.id = l.order_id${filtered} ORDER BY l.order_id DESC`;
  const { results } = await db
    .prepare(`${sql} LIMIT ?1 OFFSET ?2`)
    .bind(...parameters)
    .all<{ id: string }>();
  const ids = results.map((row) => row.id);
  return { ids: ids.slice(0, page.pageSize), hasMore: ids.length > page.pageSize };
}

/** Id of the order with this number or id, null when there is none. */
export async function findOrderId(db: D1Database, key: string): Promise<string | null> {
  const column = isId(key) ? 'id' : 'order_number';
  const row = await db
    .prepare(`SELECT id FROM orders WHERE ${column} = ?1`)
    .bind(key)
    .first<{ id: string }>();
  return row?.id ?? null;
}

/** The account in whose lane an order is changed; null when there is no such order. */
export async function findLaneOfOrder(db: D1Database, key: string): Promise<string | null> {
  const column = isId(key) ? 'id' : 'order_number';
  const row = await db
    .prepare(`SELECT account_id FROM orders WHERE ${column} = ?1`)
    .bind(key)
    .first<{ account_id: string }>();
  return row?.account_id ?? null;
}

/** The account in whose lane an order action is changed; null when there is no such action. */
export async function findLaneOfOrderAction(db: D1Database, id: string): Promise<string | null> {
  const row = await db
    .prepare(
      'SELECT o.account_id FROM order_action AS a JOIN orders AS o ON o.id = a.order_id WHERE a.id = ?1',
    )
    .bind(id)
    .first<{ account_id: string }>();
  return row?.account_id ?? null;
}

const IDS = 'FROM json_each(?1) AS j ';
const LINES = `${IDS}CROSS JOIN order_subscription AS l ON l.order_id = j.value `;
const MADE = `${LINES}CROSS JOIN subscription AS s ON s.id = l.subscription_id `;
/** What the order's version added: found by lineage, narrowed by version. */
const added = (table: string) =>
  `CROSS JOIN ${table} AS t ON t.subscription_original_id = s.original_id AND t.added_in_version = s.version `;

const READS = [
  `SELECT ${selectList(entityTables.order, 'o')} ${IDS}CROSS JOIN orders AS o ON o.id = j.value`,
  `SELECT ${selectList(entityTables.orderSubscription, 'l')} ${LINES}ORDER BY l.order_id, l.line`,
  `SELECT ${selectList(entityTables.orderAction, 't')} ${LINES}CROSS JOIN order_action AS t ON t.order_subscription_id = l.id ORDER BY t.sequence`,
  `SELECT ${selectList(entityTables.subscription, 's')} ${MADE}`,
  `SELECT ${selectList(entityTables.ratePlan, 't')} ${MADE}${added('rate_plan')}ORDER BY t.rowid`,
  `SELECT ${selectList(entityTables.charge, 't')} ${MADE}${added('charge')}ORDER BY t.rowid`,
  LINE_ITEMS_OF_ORDERS,
];

/** These orders with their subscriptions and actions, in the order of the ids: one round trip. */
export async function readOrders(db: D1Database, ids: readonly string[]): Promise<OrderRecord[]> {
  if (ids.length === 0) return [];
  const list = JSON.stringify(ids);
  const results = await db.batch<Row>(READS.map((sql) => db.prepare(sql).bind(list)));
  const [orders, lines, actions, subscriptions, ratePlans, charges, lineItems] = results.map(
    (result) => result.results,
  );
  const itemsByOrder = grouped(lineItems!, 'order_id', toLineItem);
  const actionsByLine = grouped(actions!, 'order_subscription_id', (row) =>
    fromRow<'orderAction'>(entityTables.orderAction, row),
  );
  const subscriptionById = new Map(
    subscriptions!.map((row) => [row.id as string, fromRow<'subscription'>(entityTables.subscription, row)]),
  );
  const plansByLineage = grouped(ratePlans!, 'subscription_original_id', (row) =>
    fromRow<'ratePlan'>(entityTables.ratePlan, row),
  );
  const chargesByLineage = grouped(charges!, 'subscription_original_id', (row) =>
    fromRow<'charge'>(entityTables.charge, row),
  );
  const toLine = (row: Row): OrderLine => {
    const line = fromRow<'orderSubscription'>(entityTables.orderSubscription, row);
    const subscription =
      line.subscriptionId === null ? null : (subscriptionById.get(line.subscriptionId) ?? null);
    const madeHere = (thing: { readonly addedInVersion: number }) =>
      thing.addedInVersion === subscription?.version;
    return {
      line,
      actions: actionsByLine.get(line.id) ?? [],
      subscription,
      ratePlans: (plansByLineage.get(subscription?.originalId ?? '') ?? []).filter(madeHere),
      charges: (chargesByLineage.get(subscription?.originalId ?? '') ?? []).filter(madeHere),
    };
  };
  const linesByOrder = grouped(lines!, 'order_id', toLine);
  const recordById = new Map(
    orders!.map((row): [string, OrderRecord] => [
      row.id as string,
      {
        order: fromRow<'order'>(entityTables.order, row),
        lines: linesByOrder.get(row.id as string) ?? [],
        lineItems: itemsByOrder.get(row.id as string) ?? [],
      },
    ]),
  );
  return ids.flatMap((id) => recordById.get(id) ?? []);
}

function grouped<T>(rows: readonly Row[], column: string, read: (row: Row) => T): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = row[column] as string;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [read(row)]);
    else group.push(read(row));
  }
  return groups;
}
