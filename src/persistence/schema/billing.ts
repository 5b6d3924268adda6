import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Invoice } from '../../domain/billing/invoice.ts';
import { attributes, audit, identity } from './columns.ts';

export const invoice = sqliteTable(
  'invoice',
  {
    ...identity,
    invoiceNumber: text('invoice_number').notNull(),
    accountId: text('account_id').notNull(),
    status: text('status').$type<Invoice['status']>().notNull(),
    invoiceDate: text('invoice_date').notNull(),
    dueDate: text('due_date').notNull(),
    targetDate: text('target_date'),
    currency: text('currency').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    balanceMinor: integer('balance_minor').notNull(),
    paymentsAppliedMinor: integer('payments_applied_minor').notNull(),
    creditMemosAppliedMinor: integer('credit_memos_applied_minor').notNull(),
    paymentTerm: text('payment_term'),
    autoPay: integer('auto_pay', { mode: 'boolean' }).notNull(),
    sourceType: text('source_type').notNull(),
    postedAt: text('posted_at'),
    postedBy: text('posted_by'),
    comments: text('comments'),
    billToContactId: text('bill_to_contact_id'),
    soldToContactId: text('sold_to_contact_id'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('invoice_number').on(t.invoiceNumber),
    index('invoice_account').on(t.accountId, t.invoiceDate, t.id),
  ],
);

export const invoiceItem = sqliteTable(
  'invoice_item',
  {
    ...identity,
    /** Items go with their invoice when it is deleted. */
    invoiceId: text('invoice_id')
      .notNull()
      .references(() => invoice.id, { onDelete: 'cascade' }),
    line: integer('line').notNull(),
    chargeName: text('charge_name').notNull(),
    chargeDate: text('charge_date').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    quantity: text('quantity').notNull(),
    unitPrice: text('unit_price').notNull(),
    serviceStartDate: text('service_start_date').notNull(),
    serviceEndDate: text('service_end_date'),
    productRatePlanChargeId: text('product_rate_plan_charge_id'),
    subscriptionId: text('subscription_id'),
    processingType: text('processing_type').notNull(),
    ...attributes,
    createdAt: text('created_at').notNull(),
  },
  (t) => [uniqueIndex('invoice_item_line').on(t.invoiceId, t.line)],
);
