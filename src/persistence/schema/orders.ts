import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Order } from '../../domain/orders/order.ts';
import type { JsonObject } from '../../domain/result.ts';
import { attributes, audit, identity } from './columns.ts';

export const orders = sqliteTable(
  'orders',
  {
    ...identity,
    orderNumber: text('order_number').notNull(),
    accountId: text('account_id').notNull(),
    orderDate: text('order_date').notNull(),
    status: text('status').$type<Order['status']>().notNull(),
    currency: text('currency').notNull(),
    description: text('description'),
    category: text('category').notNull(),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('orders_number').on(t.orderNumber),
    index('orders_account').on(t.accountId, t.orderDate),
    index('orders_date').on(t.orderDate, t.id),
    // Most orders are completed at once and cost nothing here.
    index('orders_not_completed').on(t.status, t.id).where(sql`status <> 'Completed'`),
  ],
);

export const orderSubscription = sqliteTable(
  'order_subscription',
  {
    ...identity,
    orderId: text('order_id').notNull(),
    line: integer('line').notNull(),
    subscriptionId: text('subscription_id'),
    subscriptionNumber: text('subscription_number'),
    baseVersion: integer('base_version'),
    newVersion: integer('new_version'),
    subscriptionOwnerAccountId: text('subscription_owner_account_id').notNull(),
    invoiceOwnerAccountId: text('invoice_owner_account_id').notNull(),
    ...attributes,
  },
  (t) => [
    uniqueIndex('order_subscription_line').on(t.orderId, t.line),
    index('order_subscription_number').on(t.subscriptionNumber),
    index('order_subscription_owner').on(t.subscriptionOwnerAccountId, t.orderId),
    index('order_subscription_invoice_owner').on(t.invoiceOwnerAccountId, t.orderId),
  ],
);

export const orderAction = sqliteTable(
  'order_action',
  {
    ...identity,
    orderId: text('order_id').notNull(),
    orderSubscriptionId: text('order_subscription_id').notNull(),
    sequence: integer('sequence').notNull(),
    type: text('type').notNull(),
    body: text('body', { mode: 'json' }).$type<JsonObject>().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [uniqueIndex('order_action_sequence').on(t.orderSubscriptionId, t.sequence)],
);
