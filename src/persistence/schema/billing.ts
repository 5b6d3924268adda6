import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { BillRun, BillRunAccount } from '../../domain/billing/bill-run.ts';
import type { BillingPreviewRun } from '../../domain/billing/billing-preview-run.ts';
import type { Calculation } from '../../domain/billing/document-line.ts';
import type { Invoice } from '../../domain/billing/invoice.ts';
import type { UsageImport, UsageImportPiece } from '../../domain/billing/usage-import.ts';
import { attributes, audit, identity, partAudit } from './columns.ts';

/** What a line of an invoice or memo says of the charge and the service that it bills. */
export const lineColumns = {
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
};

/** What only a line has that was billed from a subscription's charge: with it the line is part of what is billed (decision 008). */
export const billedColumns = {
  subscriptionNumber: text('subscription_number'),
  chargeNumber: text('charge_number'),
  chargeId: text('charge_id'),
  appliedToItemId: text('applied_to_item_id'),
  /** Sum of what is applied to this very line; what is applied to the whole document is not in it. */
  appliedMinor: integer('applied_minor').notNull().default(0),
  calculation: text('calculation', { mode: 'json' }).$type<Calculation | null>(),
};

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
    sourceId: text('source_id'),
    billRunId: text('bill_run_id'),
    isReversed: integer('is_reversed', { mode: 'boolean' }).notNull().default(false),
    /** Invoices of the releases before have at most so many lines, all of them given and not billed. */
    lineCount: integer('line_count').notNull().default(1_000),
    oneTimeLines: integer('one_time_lines').notNull().default(1),
    recurringLines: integer('recurring_lines').notNull().default(0),
    usageLines: integer('usage_lines').notNull().default(0),
    discountMinor: integer('discount_minor').notNull().default(0),
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
    // The documents of an account in a bill run, by what is to be done with them.
    index('invoice_bill_run')
      .on(t.billRunId, t.accountId, t.status, t.id)
      .where(sql`bill_run_id IS NOT NULL`),
    // What is to be collected of an account.
    index('invoice_open')
      .on(t.accountId, t.dueDate, t.id)
      .where(sql`status = 'Posted' AND balance_minor > 0`),
    // The last invoice date when one is withdrawn: found by one look, whatever drafts and other currencies the account has.
    index('invoice_posted').on(t.accountId, t.currency, t.invoiceDate).where(sql`status = 'Posted'`),
    index('invoice_updated').on(t.updatedAt, t.id),
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
    ...lineColumns,
    ...billedColumns,
    /** Sum of the posted credit memos that were made from this line. */
    creditedMinor: integer('credited_minor').notNull().default(0),
    ...attributes,
    ...partAudit,
  },
  (t) => [
    uniqueIndex('invoice_item_line').on(t.invoiceId, t.line),
    // What has been billed of a charge, and of a subscription, the latest service first.
    index('invoice_item_charge').on(t.chargeNumber, t.serviceEndDate).where(sql`charge_number IS NOT NULL`),
    index('invoice_item_subscription')
      .on(t.subscriptionNumber, t.serviceEndDate)
      .where(sql`subscription_number IS NOT NULL`),
    // Lines that something is applied to by name: few, so that their sum is found without reading all lines.
    index('invoice_item_applied').on(t.invoiceId).where(sql`applied_minor <> 0`),
    index('invoice_item_applied_to').on(t.appliedToItemId).where(sql`applied_to_item_id IS NOT NULL`),
    index('invoice_item_changed').on(t.changedAt, t.id),
  ],
);

/** A bill run: what it shall bill. How far it is stands with its accounts. */
export const billRun = sqliteTable(
  'bill_run',
  {
    ...identity,
    billRunNumber: text('bill_run_number').notNull(),
    name: text('name'),
    status: text('status').$type<BillRun['status']>().notNull(),
    targetDate: text('target_date').notNull(),
    invoiceDate: text('invoice_date').notNull(),
    filter: text('filter', { mode: 'json' }).$type<BillRun['filter']>().notNull(),
    options: text('options', { mode: 'json' }).$type<BillRun['options']>().notNull(),
    /** All accounts up to this one have their row: null before the first, 'all' when there are no more. */
    plannedThrough: text('planned_through'),
    failure: text('failure'),
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    postedAt: text('posted_at'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('bill_run_number').on(t.billRunNumber),
    // What the sweep looks at.
    index('bill_run_open')
      .on(t.id)
      .where(sql`status IN ('Pending', 'Processing', 'Posting', 'Canceling', 'Removing')`),
    index('bill_run_updated').on(t.updatedAt, t.id),
  ],
);

/** An account of a bill run: how far it is billed. Changes in the commits of what it bills. */
export const billRunAccount = sqliteTable(
  'bill_run_account',
  {
    ...identity,
    billRunId: text('bill_run_id').notNull(),
    accountId: text('account_id').notNull(),
    /** Only these of its subscriptions; null: all. */
    subscriptionNumbers: text('subscription_numbers', { mode: 'json' }).$type<
      BillRunAccount['subscriptionNumbers']
    >(),
    status: text('status').$type<BillRunAccount['status']>().notNull(),
    /** Subscriptions up to this one (by id) are billed; null before the first, 'all' after the last. */
    billedThrough: text('billed_through'),
    subscriptions: integer('subscriptions').notNull(),
    lines: integer('lines').notNull(),
    pieces: integer('pieces').notNull(),
    messages: integer('messages').notNull(),
    failure: text('failure'),
    /** Also of the last message about it: whoever was not asked for long is asked again. */
    updatedAt: text('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('bill_run_account_run').on(t.billRunId, t.accountId),
    index('bill_run_account_status').on(t.billRunId, t.status, t.updatedAt, t.id),
  ],
);

export const billingPreviewRun = sqliteTable(
  'billing_preview_run',
  {
    ...identity,
    runNumber: text('run_number').notNull(),
    status: text('status').$type<BillingPreviewRun['status']>().notNull(),
    targetDate: text('target_date').notNull(),
    filter: text('filter', { mode: 'json' }).$type<BillingPreviewRun['filter']>().notNull(),
    options: text('options', { mode: 'json' }).$type<BillingPreviewRun['options']>().notNull(),
    /** How far the result is: null before the first account, 'all' after the last. */
    previewedThrough: text('previewed_through'),
    parts: integer('parts').notNull(),
    fileId: text('file_id'),
    accounts: integer('accounts').notNull(),
    succeededAccounts: integer('succeeded_accounts').notNull(),
    failure: text('failure'),
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    ...audit,
  },
  (t) => [
    uniqueIndex('billing_preview_run_number').on(t.runNumber),
    index('billing_preview_run_open').on(t.id).where(sql`status IN ('Pending', 'Processing')`),
  ],
);

/** A record of usage. Its row number is its place in the order of arrival: what is billed of a period is billed up to one. */
export const usage = sqliteTable(
  'usage',
  {
    /** Its place in the order of arrival: what bills compare with. A column, so that a copy of the database keeps it. */
    sequence: integer('sequence').primaryKey(),
    id: text('id').notNull(),
    revision: integer('revision').notNull(),
    accountId: text('account_id').notNull(),
    subscriptionNumber: text('subscription_number').notNull(),
    chargeNumber: text('charge_number').notNull(),
    unitOfMeasure: text('unit_of_measure').notNull(),
    quantity: text('quantity').notNull(),
    /** The quantity in integers that SQL sums exactly: whole units and billionths. */
    quantityWhole: integer('quantity_whole').notNull(),
    quantityNano: integer('quantity_nano').notNull(),
    /** Calendar date in the tenant's zone, by which it belongs to a period. */
    startDate: text('start_date').notNull(),
    startDateTime: text('start_date_time').notNull(),
    endDateTime: text('end_date_time'),
    description: text('description'),
    importId: text('import_id'),
    ...attributes,
    ...audit,
  },
  (t) => [
    uniqueIndex('usage_id').on(t.id),
    index('usage_charge').on(t.chargeNumber, t.startDate),
    index('usage_account').on(t.accountId, t.startDate, t.id),
    index('usage_updated').on(t.updatedAt, t.id),
  ],
);

/** A file with usage: how far it is recorded. Its content lies in R2, where each piece of rows begins is known. */
export const usageImport = sqliteTable(
  'usage_import',
  {
    ...identity,
    fileName: text('file_name').notNull(),
    fileId: text('file_id').notNull(),
    bytes: integer('bytes').notNull(),
    status: text('status').$type<UsageImport['status']>().notNull(),
    columns: text('columns', { mode: 'json' }).$type<UsageImport['columns']>().notNull(),
    pieces: text('pieces', { mode: 'json' }).$type<UsageImport['pieces']>().notNull(),
    piecesDone: integer('pieces_done').notNull(),
    rows: integer('rows').notNull(),
    recorded: integer('recorded').notNull(),
    refused: integer('refused').notNull(),
    failure: text('failure'),
    ...audit,
  },
  (t) => [
    // What the sweep looks at.
    index('usage_import_open').on(t.updatedAt, t.id).where(sql`status = 'Processing'`),
  ],
);

/** What became of the rows of one piece of a file. */
export const usageImportPiece = sqliteTable(
  'usage_import_piece',
  {
    ...identity,
    importId: text('import_id').notNull(),
    piece: integer('piece').notNull(),
    outcomes: text('outcomes', { mode: 'json' }).$type<UsageImportPiece['outcomes']>().notNull(),
  },
  (t) => [uniqueIndex('usage_import_piece_import').on(t.importId, t.piece)],
);

/** A file in R2 that /v1/files gives out. Its content lies there in pieces (files.ts). */
export const storedFile = sqliteTable(
  'stored_file',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    contentType: text('content_type').notNull(),
    /** 0 until its content is whole. */
    bytes: integer('bytes').notNull(),
    /** The invoice or memo that it shows; null for other files. */
    documentId: text('document_id'),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (t) => [
    index('stored_file_expires_at').on(t.expiresAt),
    index('stored_file_document').on(t.documentId, t.id).where(sql`document_id IS NOT NULL`),
  ],
);
