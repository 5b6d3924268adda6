import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { Application } from '../../domain/settlement/application.ts';
import type { CreditMemo } from '../../domain/settlement/credit-memo.ts';
import type { DebitMemo } from '../../domain/settlement/debit-memo.ts';
import type { Payment } from '../../domain/settlement/payment.ts';
import type { PaymentMethod } from '../../domain/settlement/payment-method.ts';
import type { Refund } from '../../domain/settlement/refund.ts';
import { billedColumns, lineColumns } from './billing.ts';
import { attributes, audit, identity, partAudit } from './columns.ts';

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
    gatewayState: text('gateway_state').$type<Payment['gatewayState']>().notNull().default('NotSubmitted'),
    cancelledAt: text('cancelled_at'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('payment_number').on(t.paymentNumber),
    index('payment_account').on(t.accountId, t.effectiveDate, t.id),
    // Waits for its gateway: what the sweep looks at.
    index('payment_processing').on(t.updatedAt, t.id).where(sql`status = 'Processing'`),
    index('payment_updated').on(t.updatedAt, t.id),
  ],
);

const applicationColumns = {
  accountId: text('account_id').notNull(),
  amountMinor: integer('amount_minor').notNull(),
  effectiveDate: text('effective_date').notNull(),
};

/** The column of the document is named for invoices, which it held before debit memos: migrations only add. */
export const paymentApplication = sqliteTable(
  'payment_application',
  {
    ...identity,
    sourceId: text('payment_id').notNull(),
    targetId: text('invoice_id').notNull(),
    targetKind: text('target_kind').$type<Application['targetKind']>().notNull().default('invoice'),
    ...applicationColumns,
    items: text('items', { mode: 'json' }).$type<Application['items']>().notNull().default([]),
    ...audit,
  },
  (t) => [
    uniqueIndex('payment_application_payment').on(t.sourceId, t.targetId),
    index('payment_application_invoice').on(t.targetId, t.sourceId),
    index('payment_application_updated').on(t.updatedAt, t.id),
  ],
);

export const creditMemoApplication = sqliteTable(
  'credit_memo_application',
  {
    ...identity,
    sourceId: text('credit_memo_id').notNull(),
    targetId: text('document_id').notNull(),
    targetKind: text('target_kind').$type<Application['targetKind']>().notNull(),
    ...applicationColumns,
    items: text('items', { mode: 'json' }).$type<Application['items']>().notNull(),
    ...audit,
  },
  (t) => [
    uniqueIndex('credit_memo_application_memo').on(t.sourceId, t.targetId),
    index('credit_memo_application_document').on(t.targetId, t.sourceId),
    index('credit_memo_application_updated').on(t.updatedAt, t.id),
  ],
);

export const creditMemo = sqliteTable(
  'credit_memo',
  {
    ...identity,
    memoNumber: text('memo_number').notNull(),
    accountId: text('account_id').notNull(),
    status: text('status').$type<CreditMemo['status']>().notNull(),
    memoDate: text('memo_date').notNull(),
    targetDate: text('target_date'),
    currency: text('currency').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    appliedMinor: integer('applied_minor').notNull(),
    unappliedMinor: integer('unapplied_minor').notNull(),
    refundedMinor: integer('refunded_minor').notNull(),
    reasonCode: text('reason_code'),
    comment: text('comment'),
    referredInvoiceId: text('referred_invoice_id'),
    sourceType: text('source_type').$type<CreditMemo['sourceType']>().notNull(),
    sourceId: text('source_id'),
    billRunId: text('bill_run_id'),
    isReversed: integer('is_reversed', { mode: 'boolean' }).notNull(),
    autoApplyUponPosting: integer('auto_apply_upon_posting', { mode: 'boolean' }).notNull(),
    excludeFromAutoApplyRules: integer('exclude_from_auto_apply_rules', { mode: 'boolean' }).notNull(),
    lineCount: integer('line_count').notNull(),
    postedAt: text('posted_at'),
    postedBy: text('posted_by'),
    cancelledAt: text('cancelled_at'),
    cancelledBy: text('cancelled_by'),
    billToContactId: text('bill_to_contact_id'),
    soldToContactId: text('sold_to_contact_id'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('credit_memo_number').on(t.memoNumber),
    index('credit_memo_account').on(t.accountId, t.memoDate, t.id),
    index('credit_memo_invoice').on(t.referredInvoiceId, t.id).where(sql`referred_invoice_id IS NOT NULL`),
    index('credit_memo_bill_run')
      .on(t.billRunId, t.accountId, t.status, t.id)
      .where(sql`bill_run_id IS NOT NULL`),
    index('credit_memo_updated').on(t.updatedAt, t.id),
  ],
);

export const creditMemoItem = sqliteTable(
  'credit_memo_item',
  {
    ...identity,
    creditMemoId: text('credit_memo_id')
      .notNull()
      .references(() => creditMemo.id, { onDelete: 'cascade' }),
    ...lineColumns,
    ...billedColumns,
    refundedMinor: integer('refunded_minor').notNull().default(0),
    /** The line of an invoice or debit memo that it was made from. */
    creditFromItemId: text('credit_from_item_id'),
    creditFromItemSource: text('credit_from_item_source').$type<'InvoiceItem' | 'DebitMemoItem' | null>(),
    ...attributes,
    ...partAudit,
  },
  (t) => [
    uniqueIndex('credit_memo_item_line').on(t.creditMemoId, t.line),
    index('credit_memo_item_charge')
      .on(t.chargeNumber, t.serviceEndDate)
      .where(sql`charge_number IS NOT NULL`),
    index('credit_memo_item_subscription')
      .on(t.subscriptionNumber, t.serviceEndDate)
      .where(sql`subscription_number IS NOT NULL`),
    index('credit_memo_item_applied_to').on(t.appliedToItemId).where(sql`applied_to_item_id IS NOT NULL`),
    index('credit_memo_item_from').on(t.creditFromItemId).where(sql`credit_from_item_id IS NOT NULL`),
    index('credit_memo_item_changed').on(t.changedAt, t.id),
  ],
);

export const debitMemo = sqliteTable(
  'debit_memo',
  {
    ...identity,
    memoNumber: text('memo_number').notNull(),
    accountId: text('account_id').notNull(),
    status: text('status').$type<DebitMemo['status']>().notNull(),
    memoDate: text('memo_date').notNull(),
    dueDate: text('due_date').notNull(),
    targetDate: text('target_date'),
    currency: text('currency').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    taxMinor: integer('tax_minor').notNull(),
    balanceMinor: integer('balance_minor').notNull(),
    paymentsAppliedMinor: integer('payments_applied_minor').notNull(),
    creditMemosAppliedMinor: integer('credit_memos_applied_minor').notNull(),
    reasonCode: text('reason_code'),
    comment: text('comment'),
    paymentTerm: text('payment_term'),
    autoPay: integer('auto_pay', { mode: 'boolean' }).notNull(),
    referredInvoiceId: text('referred_invoice_id'),
    referredCreditMemoId: text('referred_credit_memo_id'),
    sourceType: text('source_type').$type<DebitMemo['sourceType']>().notNull(),
    lineCount: integer('line_count').notNull(),
    postedAt: text('posted_at'),
    postedBy: text('posted_by'),
    cancelledAt: text('cancelled_at'),
    cancelledBy: text('cancelled_by'),
    billToContactId: text('bill_to_contact_id'),
    soldToContactId: text('sold_to_contact_id'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('debit_memo_number').on(t.memoNumber),
    index('debit_memo_account').on(t.accountId, t.memoDate, t.id),
    index('debit_memo_invoice').on(t.referredInvoiceId, t.id).where(sql`referred_invoice_id IS NOT NULL`),
    index('debit_memo_updated').on(t.updatedAt, t.id),
  ],
);

export const debitMemoItem = sqliteTable(
  'debit_memo_item',
  {
    ...identity,
    debitMemoId: text('debit_memo_id')
      .notNull()
      .references(() => debitMemo.id, { onDelete: 'cascade' }),
    ...lineColumns,
    appliedMinor: integer('applied_minor').notNull(),
    /** The line of an invoice or credit memo that it was made from. */
    appliedToItemId: text('applied_to_item_id'),
    ...attributes,
    ...partAudit,
  },
  (t) => [
    uniqueIndex('debit_memo_item_line').on(t.debitMemoId, t.line),
    index('debit_memo_item_changed').on(t.changedAt, t.id),
  ],
);

export const refund = sqliteTable(
  'refund',
  {
    ...identity,
    refundNumber: text('refund_number').notNull(),
    accountId: text('account_id').notNull(),
    type: text('type').$type<Refund['type']>().notNull(),
    status: text('status').$type<Refund['status']>().notNull(),
    currency: text('currency').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    /** What is refunded: a payment or a credit memo. */
    sourceKind: text('source_kind').$type<Refund['sourceKind']>().notNull(),
    sourceId: text('source_id').notNull(),
    refundDate: text('refund_date').notNull(),
    methodType: text('method_type'),
    paymentMethodId: text('payment_method_id'),
    reasonCode: text('reason_code'),
    comment: text('comment'),
    referenceId: text('reference_id'),
    gatewayState: text('gateway_state').$type<Refund['gatewayState']>().notNull(),
    items: text('items', { mode: 'json' }).$type<Refund['items']>().notNull(),
    cancelledAt: text('cancelled_at'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('refund_number').on(t.refundNumber),
    index('refund_account').on(t.accountId, t.refundDate, t.id),
    index('refund_source').on(t.sourceId, t.id),
    index('refund_processing').on(t.updatedAt, t.id).where(sql`status = 'Processing'`),
    index('refund_updated').on(t.updatedAt, t.id),
  ],
);

/** How an account pays. Never the number of a card or bank account: the gateway's token for it, and its last four digits. */
export const paymentMethod = sqliteTable(
  'payment_method',
  {
    ...identity,
    accountId: text('account_id').notNull(),
    type: text('type').$type<PaymentMethod['type']>().notNull(),
    status: text('status').$type<PaymentMethod['status']>().notNull(),
    token: text('token').notNull(),
    lastFour: text('last_four'),
    brand: text('brand'),
    expirationMonth: integer('expiration_month'),
    expirationYear: integer('expiration_year'),
    holderName: text('holder_name'),
    ...attributes,
    ...audit,
  },
  (t) => [
    index('payment_method_account').on(t.accountId, t.id),
    index('payment_method_updated').on(t.updatedAt, t.id),
  ],
);

/** The books of the test gateway: what it was asked and what it answered, by the caller's request id. Nothing of ours rests on it. */
export const testGatewayTransaction = sqliteTable('test_gateway_transaction', {
  requestId: text('request_id').primaryKey(),
  kind: text('kind').notNull(),
  token: text('token').notNull(),
  amountMinor: integer('amount_minor').notNull(),
  currency: text('currency').notNull(),
  outcome: text('outcome').notNull(),
  responseCode: text('response_code').notNull(),
  calls: integer('calls').notNull(),
  createdAt: text('created_at').notNull(),
});
