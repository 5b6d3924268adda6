import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** One row per commit of a lane: the lane's history, numbered 1..n without gap or fork (I2). */
export const laneCommit = sqliteTable(
  'lane_commit',
  {
    commitId: text('commit_id').primaryKey(),
    laneId: text('lane_id').notNull(),
    sequence: integer('sequence').notNull(),
    commands: integer('commands').notNull(),
    committedAt: text('committed_at').notNull(),
  },
  (t) => [uniqueIndex('lane_commit_sequence').on(t.laneId, t.sequence)],
);

/** One row per command that took effect or was refused under an idempotency key (I1). */
export const commandLog = sqliteTable('command_log', {
  commandId: text('command_id').primaryKey(),
  commitId: text('commit_id').notNull(),
  kind: text('kind').notNull(),
  actor: text('actor').notNull(),
  requestId: text('request_id').notNull(),
});

/** First replies, kept for 24 h, written in the transaction of the effect. */
export const idempotency = sqliteTable(
  'idempotency',
  {
    key: text('key').primaryKey(),
    requestHash: text('request_hash').notNull(),
    commandId: text('command_id').notNull(),
    status: integer('status').notNull(),
    body: text('body').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (t) => [index('idempotency_created_at').on(t.createdAt)],
);

/**
 * Always empty. A batch inserts a row here for every object that is no longer at the revision on which it was decided;
 * the check refuses the row and with it the whole batch (an UPDATE that hits no row would not).
 */
export const commitGuard = sqliteTable('commit_guard', { stale: text('stale') }, () => [
  check('stale_read', sql`stale IS NULL`),
]);

/** Next free value per kind of number; objects lease ranges, so that it is no hot row. */
export const numberRange = sqliteTable('number_range', {
  kind: text('kind').primaryKey(),
  nextValue: integer('next_value').notNull(),
});

/** What moves and what is published: the same columns, so that a fold is a sum per column. */
const metricColumns = {
  totalInvoiceBalanceMinor: integer('total_invoice_balance_minor').notNull(),
  totalDebitMemoBalanceMinor: integer('total_debit_memo_balance_minor').notNull(),
  unappliedPaymentMinor: integer('unapplied_payment_minor').notNull(),
  unappliedCreditMemoMinor: integer('unapplied_credit_memo_minor').notNull(),
  reservedPaymentMinor: integer('reserved_payment_minor').notNull(),
  contractedMrrWhole: integer('contracted_mrr_whole').notNull(),
  contractedMrrNano: integer('contracted_mrr_nano').notNull(),
  lastInvoiceDate: text('last_invoice_date'),
};

/** What every operation moved: appended with the documents, never changed (semantics L). */
export const metricDelta = sqliteTable(
  'metric_delta',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    accountId: text('account_id').notNull(),
    currency: text('currency').notNull(),
    ...metricColumns,
    /** 1: a posted invoice is no longer posted, so the last invoice date is to be found anew. */
    withdrawsInvoiceDate: integer('withdraws_invoice_date').notNull().default(0),
    commandId: text('command_id').notNull(),
    documentKind: text('document_kind').notNull(),
    documentId: text('document_id').notNull(),
    committedAt: text('committed_at').notNull(),
  },
  (t) => [index('metric_delta_account').on(t.accountId, t.sequence)],
);

/** Published numbers per account and currency. */
export const accountMetrics = sqliteTable(
  'account_metrics',
  {
    accountId: text('account_id').notNull(),
    currency: text('currency').notNull(),
    ...metricColumns,
  },
  (t) => [primaryKey({ columns: [t.accountId, t.currency] })],
);

/**
 * What all deltas of a day moved, per account and currency: the history that charts show. Nobody who writes documents writes here; whoever reads a
 * history adds what has come since (metric-history.ts).
 */
export const metricDay = sqliteTable(
  'metric_day',
  {
    accountId: text('account_id').notNull(),
    /** In UTC, by the time at which the delta was committed. */
    day: text('day').notNull(),
    currency: text('currency').notNull(),
    /** The last delta of that day that is in the sums. */
    lastSequence: integer('last_sequence').notNull(),
    totalInvoiceBalanceMinor: integer('total_invoice_balance_minor').notNull(),
    totalDebitMemoBalanceMinor: integer('total_debit_memo_balance_minor').notNull(),
    unappliedPaymentMinor: integer('unapplied_payment_minor').notNull(),
    unappliedCreditMemoMinor: integer('unapplied_credit_memo_minor').notNull(),
    reservedPaymentMinor: integer('reserved_payment_minor').notNull(),
    contractedMrrWhole: integer('contracted_mrr_whole').notNull(),
    contractedMrrNano: integer('contracted_mrr_nano').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.day, t.currency] })],
);

/** How far an account's deltas are in `metric_day`. No row: nobody has asked for its history yet. */
export const metricHistory = sqliteTable('metric_history', {
  accountId: text('account_id').primaryKey(),
  /** Last delta (metric_delta.sequence) that is in its days. */
  sequence: integer('sequence').notNull(),
});

/** How far an account's deltas are published. Every account has its row, and keeps it when it is deleted. */
export const metricsState = sqliteTable(
  'metrics_state',
  {
    accountId: text('account_id').primaryKey(),
    /** Last delta (metric_delta.sequence) that is in account_metrics. */
    watermark: integer('watermark').notNull(),
    /** Time of the last fold while the flag is set; null when it is not, or before the first fold. */
    lastMetricsUpdate: text('last_metrics_update'),
    /** Since when the account is a partner; null when it is not. */
    flaggedAt: text('flagged_at'),
    /** When `account_metrics` last moved, by the clock of whoever folded: numbers change without their account's row. Null: never. */
    publishedAt: text('published_at'),
    /**
     * The balance and the MRR that are published in the account's own currency, in millionths: what `account_metrics` has, where an index can have
     * all accounts in their order, whatever currencies they use, and those that nothing was published of (as 0).
     * Null once the account is deleted.
     */
    balanceMillionths: integer('balance_millionths').default(0),
    mrrMillionths: integer('mrr_millionths').default(0),
  },
  (t) => [
    index('metrics_state_balance').on(t.balanceMillionths, t.accountId),
    index('metrics_state_mrr').on(t.mrrMillionths, t.accountId),
  ],
);

/** Partner accounts with deltas past their watermark: committed with the write, removed by the fold. */
export const metricsDue = sqliteTable(
  'metrics_due',
  {
    accountId: text('account_id').primaryKey(),
    since: text('since').notNull(),
    /** Last tick of the sweep before the account became due: up to then its numbers were known to be complete. */
    completeUntil: text('complete_until'),
  },
  (t) => [index('metrics_due_since').on(t.since)],
);

/** Accounts whose scheduled work is being done: until when nobody else is asked to do it. */
export const scheduledClaim = sqliteTable('scheduled_claim', {
  accountId: text('account_id').primaryKey(),
  until: text('until').notNull(),
});

/** Messages that a queue gave up on, for a person to see and replay. */
export const deadLetter = sqliteTable(
  'dead_letter',
  {
    id: text('id').primaryKey(),
    queue: text('queue').notNull(),
    body: text('body').notNull(),
    reason: text('reason').notNull(),
    arrivedAt: text('arrived_at').notNull(),
    replayedAt: text('replayed_at'),
  },
  (t) => [index('dead_letter_arrived_at').on(t.arrivedAt)],
);

/** Settings of the tenant and what the sweep remembers, by name. */
export const tenantSetting = sqliteTable('tenant_setting', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
});

export const apiClient = sqliteTable('api_client', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** SHA-256 of the secret, hex: secrets are 160 bits of randomness, so a fast hash suffices. */
  secretHash: text('secret_hash').notNull(),
  /** 'read' | 'standard' | 'admin' */
  role: text('role').notNull(),
  createdAt: text('created_at').notNull(),
  revokedAt: text('revoked_at'),
});

export const accessToken = sqliteTable(
  'access_token',
  {
    tokenHash: text('token_hash').primaryKey(),
    clientId: text('client_id').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (t) => [index('access_token_expires_at').on(t.expiresAt), index('access_token_client').on(t.clientId)],
);
