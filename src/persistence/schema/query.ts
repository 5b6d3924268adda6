import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { QueryJob } from '../query-jobs.ts';

/**
 * An instant as of which tables are being read. While it is open, triggers keep what rows were before they changed (../snapshot-triggers.ts).
 * Numbers are never used again: what was kept for one snapshot is never taken for another's.
 */
export const snapshot = sqliteTable('snapshot', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** The job that reads it: one that opens another has forgotten its last. */
  owner: text('owner').notNull(),
  openedAt: text('opened_at').notNull(),
  /** Who opened it has forgotten it by then. */
  expiresAt: text('expires_at').notNull(),
  /** Last of `deleted_record` at the instant. */
  deletedSequence: integer('deleted_sequence').notNull(),
});

/** A table that is read as of a snapshot: its last row at the instant. Only changes of tables that are here are kept. */
export const snapshotTable = sqliteTable(
  'snapshot_table',
  {
    tableName: text('table_name').notNull(),
    snapshotId: integer('snapshot_id').notNull(),
    lastRowId: integer('last_row_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tableName, t.snapshotId] }),
    index('snapshot_table_snapshot').on(t.snapshotId),
  ],
);

/** A row as it was when the newest snapshot of its table was opened, kept before its first change or its deletion since then. */
export const rowBefore = sqliteTable(
  'row_before',
  {
    tableName: text('table_name').notNull(),
    rowId: integer('row_id').notNull(),
    snapshotId: integer('snapshot_id').notNull(),
    /** List of objects by column name (../snapshot-triggers.ts). */
    row: text('row').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tableName, t.rowId, t.snapshotId] }),
    index('row_before_snapshot').on(t.snapshotId),
  ],
);

/** An object that was deleted, as it was: what incremental exports tell of. */
export const deletedRecord = sqliteTable(
  'deleted_record',
  {
    sequence: integer('sequence').primaryKey({ autoIncrement: true }),
    tableName: text('table_name').notNull(),
    recordId: text('record_id').notNull(),
    deletedAt: text('deleted_at').notNull(),
    /** As in `row_before`. */
    row: text('row').notNull(),
  },
  (t) => [
    index('deleted_record_table').on(t.tableName, t.deletedAt),
    index('deleted_record_deleted_at').on(t.deletedAt),
  ],
);

/** Queries that are made into files: what was asked for, how far it is, where the files are. */
export const queryJob = sqliteTable(
  'query_job',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<QueryJob['kind']>().notNull(),
    status: text('status').$type<QueryJob['status']>().notNull(),
    name: text('name'),
    /** What its surface wants to show again: never read by the executor. */
    request: text('request', { mode: 'json' }).$type<QueryJob['request']>().notNull(),
    statements: text('statements', { mode: 'json' }).$type<QueryJob['statements']>().notNull(),
    message: text('message'),
    /** Whose changes since the last time are asked for; null where the whole is. */
    partner: text('partner'),
    project: text('project'),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    startedAt: text('started_at'),
    finishedAt: text('finished_at'),
    /** The instant that its rows are of. Commits that were decided before it may have come after it. */
    snapshotAt: text('snapshot_at'),
    /** Also of the last sign that it goes on. */
    updatedAt: text('updated_at').notNull(),
    /** Slices in a row that ended without one. */
    attempts: integer('attempts').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (t) => [
    index('query_job_kind').on(t.kind, t.id),
    index('query_job_open').on(t.status, t.id).where(sql`status IN ('submitted', 'executing')`),
    index('query_job_partner')
      .on(t.partner, t.project, t.id)
      .where(sql`status = 'completed' AND partner IS NOT NULL`),
    index('query_job_expires_at').on(t.expiresAt),
  ],
);

/** Ends of query jobs that somebody is to be told of: until it is told or given up. */
export const jobNotice = sqliteTable(
  'job_notice',
  {
    jobId: text('job_id').primaryKey(),
    /** As it was given, with its placeholders. */
    url: text('url').notNull(),
    attempts: integer('attempts').notNull(),
    /** When it may be called next, once the job has ended. */
    dueAt: text('due_at').notNull(),
  },
  (t) => [index('job_notice_due').on(t.dueAt)],
);

/** Where the pages of a ZOQL query go on. */
export const zoqlLocator = sqliteTable(
  'zoql_locator',
  {
    id: text('id').notNull(),
    recordOffset: integer('record_offset').notNull(),
    queryText: text('query_text').notNull(),
    along: text('along').$type<'matches' | 'windows'>().notNull(),
    size: integer('size').notNull(),
    lastRowId: integer('last_row_id').notNull(),
    afterRowId: integer('after_row_id').notNull(),
    afterElement: integer('after_element').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.id, t.recordOffset] }), index('zoql_locator_expires_at').on(t.expiresAt)],
);
