import { sql } from 'drizzle-orm';
import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AsyncJob } from '../../domain/async-jobs/async-job.ts';
import { identity } from './columns.ts';

/** Requests that are carried out later: accepted with their payload, finished in the transaction of their effect. */
export const asyncJob = sqliteTable(
  'async_job',
  {
    ...identity,
    jobType: text('job_type').$type<AsyncJob['jobType']>().notNull(),
    commandKind: text('command_kind').notNull(),
    payload: text('payload', { mode: 'json' }).$type<unknown>().notNull(),
    laneId: text('lane_id').notNull(),
    referenceId: text('reference_id'),
    status: text('status').$type<AsyncJob['status']>().notNull(),
    result: text('result', { mode: 'json' }).$type<unknown>().notNull(),
    refusal: text('refusal', { mode: 'json' }).$type<AsyncJob['refusal']>().notNull(),
    resourceCode: text('resource_code').notNull(),
    requestId: text('request_id').notNull(),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    finishedAt: text('finished_at'),
  },
  (t) => [
    index('async_job_processing').on(t.createdAt).where(sql`status = 'Processing'`),
    index('async_job_finished').on(t.finishedAt).where(sql`finished_at IS NOT NULL`),
  ],
);
