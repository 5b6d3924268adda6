import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Payment } from '../../domain/settlement/payment.ts';
import { attributes, audit, identity } from './columns.ts';

export const payment = sqliteTable(
  'payment',
  {
    ...identity,
    paymentNumber: text('payment_number').notNull(),
    accountId: text('account_id').notNull(),
    type: text('type').$type<Payment['type']>().notNull(),
    status: text('status').$type<Payment['status']>().notNull(),
    currency: text('currency').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    appliedMinor: integer('applied_minor').notNull(),
    unappliedMinor: integer('unapplied_minor').notNull(),
    refundedMinor: integer('refunded_minor').notNull(),
    effectiveDate: text('effective_date').notNull(),
    paymentMethodId: text('payment_method_id'),
    paymentMethodType: text('payment_method_type'),
    comment: text('comment'),
    referenceId: text('reference_id'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('payment_number').on(t.paymentNumber),
    index('payment_account').on(t.accountId, t.effectiveDate, t.id),
  ],
);

export const paymentApplication = sqliteTable(
  'payment_application',
  {
    ...identity,
    paymentId: text('payment_id').notNull(),
    invoiceId: text('invoice_id').notNull(),
    accountId: text('account_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    effectiveDate: text('effective_date').notNull(),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: text('updated_at').notNull(),
    updatedBy: text('updated_by').notNull(),
  },
  (t) => [
    uniqueIndex('payment_application_payment').on(t.paymentId, t.invoiceId),
    index('payment_application_invoice').on(t.invoiceId, t.paymentId),
  ],
);
