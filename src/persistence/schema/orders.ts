import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Order, OrderAction, OrderSubscription } from '../../domain/orders/order.ts';
import type { OrderLineItem } from '../../domain/orders/order-line-item.ts';
import type { JsonObject } from '../../domain/result.ts';
import { attributes, audit, identity, partAudit } from './columns.ts';

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
    scheduledDate: text('scheduled_date'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('orders_number').on(t.orderNumber),
    index('orders_account').on(t.accountId, t.orderDate),
    index('orders_date').on(t.orderDate, t.id),
    // Most orders are completed at once and cost nothing here.
    index('orders_not_completed').on(t.status, t.id).where(sql`status <> 'Completed'`),
    index('orders_scheduled').on(t.scheduledDate, t.accountId, t.id).where(sql`status = 'Scheduled'`),
    index('orders_updated').on(t.updatedAt, t.id),
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
    ratePlansBefore: text('rate_plans_before', { mode: 'json' })
      .$type<OrderSubscription['ratePlansBefore']>()
      .notNull()
      .default([]),
    ...attributes,
  },
  (t) => [
    uniqueIndex('order_subscription_line').on(t.orderId, t.line),
    index('order_subscription_number').on(t.subscriptionNumber, t.orderId),
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
    spec: text('spec', { mode: 'json' }).$type<OrderAction['spec']>(),
    waiting: text('waiting', { mode: 'json' }).$type<OrderAction['waiting']>(),
    ...partAudit,
  },
  (t) => [
    uniqueIndex('order_action_sequence').on(t.orderSubscriptionId, t.sequence),
    index('order_action_changed').on(t.changedAt, t.id),
  ],
);

/** What each action of an order moved on each charge: appended with the order, removed with it. */
export const orderDelta = sqliteTable(
  'order_delta',
  {
    ...identity,
    orderId: text('order_id').notNull(),
    orderActionId: text('order_action_id').notNull(),
    subscriptionOriginalId: text('subscription_original_id').notNull(),
    version: integer('version').notNull(),
    sequence: integer('sequence').notNull(),
    actionType: text('action_type').notNull(),
    chargeNumber: text('charge_number').notNull(),
    chargeId: text('charge_id').notNull(),
    productRatePlanChargeId: text('product_rate_plan_charge_id').notNull(),
    currency: text('currency').notNull(),
    startDate: text('start_date').notNull(),
    endDate: text('end_date'),
    deltaMrr: text('delta_mrr').notNull(),
    deltaTcv: text('delta_tcv'),
    deltaQuantity: text('delta_quantity').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [
    index('order_delta_order').on(t.orderId),
    index('order_delta_subscription').on(t.subscriptionOriginalId, t.version),
  ],
);

export const orderLineItem = sqliteTable(
  'order_line_item',
  {
    ...identity,
    /** Items go with their order when it is deleted. */
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    itemKey: text('item_key').notNull(),
    line: integer('line').notNull(),
    itemNumber: text('item_number').notNull(),
    itemName: text('item_name').notNull(),
    itemState: text('item_state').$type<OrderLineItem['itemState']>().notNull(),
    itemType: text('item_type').$type<OrderLineItem['itemType']>().notNull(),
    itemCategory: text('item_category').$type<OrderLineItem['itemCategory']>().notNull(),
    currency: text('currency').notNull(),
    ownerAccountId: text('owner_account_id').notNull(),
    invoiceOwnerAccountId: text('invoice_owner_account_id').notNull(),
    quantity: text('quantity').notNull(),
    amountPerUnit: text('amount_per_unit').notNull(),
    listPricePerUnit: text('list_price_per_unit'),
    inlineDiscountType: text('inline_discount_type').$type<OrderLineItem['inlineDiscountType']>(),
    inlineDiscountPerUnit: text('inline_discount_per_unit'),
    amountMinor: integer('amount_minor').notNull(),
    transactionStartDate: text('transaction_start_date').notNull(),
    transactionEndDate: text('transaction_end_date'),
    billTargetDate: text('bill_target_date'),
    productRatePlanChargeId: text('product_rate_plan_charge_id'),
    relatedSubscriptionNumber: text('related_subscription_number'),
    originalOrderLineItemId: text('original_order_line_item_id'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('order_line_item_key').on(t.itemKey),
    index('order_line_item_order').on(t.orderId, t.line),
    // What billing looks for: items that are ready, by whom they are invoiced to.
    index('order_line_item_to_bill')
      .on(t.invoiceOwnerAccountId, t.billTargetDate)
      .where(sql`item_state = 'SentToBilling'`),
    index('order_line_item_updated').on(t.updatedAt, t.id),
  ],
);
