import type {
  Batch,
  BatchFormat,
  BatchJob,
  BatchJobStatus,
  BatchLanguage,
  BatchQuery,
  BatchQueryRequest,
  BatchStatus,
} from '../../domain/aqua/batch-query.ts';
import type { CompletedJob, JobPlan, PlannedBatch } from '../../domain/aqua/plan-job.ts';
import {
  type QueryJob,
  type QueryStatement,
  type StatementOutput,
  submittedStatement,
} from '../../persistence/query-jobs.ts';
import type { ExportZoqlOptions } from '../export-zoql/compile.ts';

/**
 * AQuA's jobs as the executor keeps them: what was asked for stands in the job's `request`, each query is a statement. Texts of queries are kept
 * once, with their statements.
 */
interface KeptRequest {
  readonly asked: Omit<BatchQueryRequest, 'queries'>;
  readonly isStateful: boolean;
  readonly useLastCompletedJobQueries: boolean;
  readonly windowEnd: string;
  /** For each statement, what its text does not say. */
  readonly batches: readonly KeptBatch[];
}

interface KeptBatch extends Omit<BatchQuery, 'text'> {
  readonly full: boolean;
}

export interface JobContext {
  readonly now: string;
  readonly timeZone: string;
  readonly newId: () => string;
}

/** What the compiler of a query's language takes, beside the text. */
export function compilerOptions(
  { query, changedSince, changedUntil, withDeleted }: PlannedBatch,
  { useQueryLabels }: Pick<BatchQueryRequest, 'useQueryLabels'>,
  { now, timeZone }: Pick<JobContext, 'now' | 'timeZone'>,
): ExportZoqlOptions {
  const { deleted } = query;
  return {
    now,
    timeZone,
    headers: useQueryLabels ? 'query' : 'labels',
    changedSince,
    changedUntil,
    deletedColumn:
      deleted === null
        ? null
        : { name: deleted.column, asNumber: deleted.format === 'Numeric', withRows: withDeleted },
  };
}

const COMPRESSIONS: Record<BatchFormat, StatementOutput['compression']> = {
  csv: 'none',
  zip: 'zip',
  gzip: 'gzip',
};

export type NewBatchJob = Pick<QueryJob, 'kind' | 'name' | 'request' | 'partner' | 'project' | 'statements'>;

/** What a planned job is kept as. */
export function newBatchJob(request: BatchQueryRequest, plan: JobPlan, context: JobContext): NewBatchJob {
  const { queries: _, ...asked } = request;
  const kept: KeptRequest = {
    asked,
    isStateful: plan.isStateful,
    useLastCompletedJobQueries: plan.useLastCompletedJobQueries,
    windowEnd: plan.windowEnd,
    batches: plan.batches.map(({ query: { text: _text, ...query }, full }) => ({ ...query, full })),
  };
  return {
    kind: 'aqua',
    name: request.name,
    request: { ...kept },
    partner: plan.isStateful ? request.partner : null,
    project: plan.isStateful ? request.project : null,
    statements: plan.batches.map((batch, i) =>
      submittedStatement({
        id: context.newId(),
        name: batch.query.name,
        language: LANGUAGES[batch.query.language],
        text: batch.query.text,
        options: { ...compilerOptions(batch, request, context) },
        output: outputOf(batch, request, context, i),
      }),
    ),
  };
}

/** As the executor calls them. */
const LANGUAGES: Record<BatchLanguage, string> = { zoql: 'zoql', zoqlexport: 'exportZoql' };

/** Why a query cannot be carried out. */
export interface BatchProblem {
  readonly message: string;
  /** It asks for deleted rows of an object that has none. */
  readonly isNotAllowed: boolean;
}

/**
 * A job that is not carried out, because some of its queries cannot be: Zuora refuses such a job as a whole when it is submitted. `problems`: of
 * each query; null when it could.
 */
export function refusedBatchJob(
  id: string,
  request: BatchQueryRequest,
  plan: JobPlan,
  problems: ReadonlyArray<BatchProblem | null>,
): BatchJob {
  return {
    id,
    status: 'error',
    request,
    useLastCompletedJobQueries: plan.useLastCompletedJobQueries,
    startedAt: null,
    batches: plan.batches.map(({ query, full }, i) => {
      const problem = problems[i] ?? null;
      return {
        id: null,
        query,
        full,
        status: problem === null ? 'pending' : problem.isNotAllowed ? 'deleted_notallowed' : 'aborted',
        rows: 0,
        fileIds: [],
        isSegmented: false,
        message: problem?.message ?? '',
      };
    }),
  };
}

const FILE_NAME_CHARACTERS_MAX = 100;

/** A name that is one in every archive and on every disk. */
function fileNameOf(name: string | null, index: number): string {
  const plain = (name ?? '').replaceAll(/[^\p{L}\p{N} _.-]/gu, '_').replace(/^[. ]+/, '');
  return plain.slice(0, FILE_NAME_CHARACTERS_MAX).trim() || `query-${index + 1}`;
}

function outputOf(
  { query, segmentRows }: PlannedBatch,
  request: BatchQueryRequest,
  { timeZone }: JobContext,
  index: number,
): StatementOutput {
  return {
    format: 'csv',
    compression: COMPRESSIONS[request.format],
    ...(request.nullReplacement === null ? {} : { nullText: request.nullReplacement }),
    fileName: fileNameOf(query.name, index),
    segmentRows,
    instants: 'seconds',
    ...(request.dateTimeUtc ? {} : { timeZone }),
  };
}

function keptRequestOf({ request }: QueryJob): KeptRequest {
  return request as unknown as KeptRequest;
}

function queryOf(job: QueryJob, index: number): BatchQuery {
  const { full: _, ...query } = keptRequestOf(job).batches[index]!;
  return { ...query, text: job.statements[index]!.text };
}

/** What the next job of the session rests on. */
export function completedJobOf(job: QueryJob): CompletedJob {
  return {
    windowEnd: keptRequestOf(job).windowEnd,
    queries: job.statements.map((_, i) => queryOf(job, i)),
  };
}

const JOB_STATUSES: Record<QueryJob['status'], BatchJobStatus> = {
  submitted: 'submitted',
  executing: 'executing',
  completed: 'completed',
  failed: 'aborted',
  cancelled: 'cancelled',
};

const BATCH_STATUSES: Record<QueryStatement['status'], BatchStatus> = {
  submitted: 'pending',
  executing: 'executing',
  completed: 'completed',
  failed: 'aborted',
  cancelled: 'cancelled',
};

export function batchJobStatusOf(job: QueryJob): BatchJobStatus {
  return JOB_STATUSES[job.status];
}

/** A kept job as callers see it. */
export function toBatchJob(job: QueryJob): BatchJob {
  const { asked, useLastCompletedJobQueries } = keptRequestOf(job);
  const batches = job.statements.map((statement, i) => toBatch(job, statement, i));
  return {
    id: job.id,
    status: batchJobStatusOf(job),
    request: { ...asked, queries: batches.map(({ query }) => query) },
    useLastCompletedJobQueries,
    startedAt: job.startedAt,
    batches,
  };
}

function toBatch(job: QueryJob, statement: QueryStatement, index: number): Batch {
  const { full } = keptRequestOf(job).batches[index]!;
  return {
    id: statement.id,
    query: queryOf(job, index),
    full,
    status: batchStatusOf(job, statement),
    rows: statement.rows,
    fileIds: statement.fileIds,
    isSegmented: statement.output.segmentRows !== null,
    message: statement.message ?? '',
  };
}

/** What has not ended of a job that has ends with it. */
function batchStatusOf(job: QueryJob, statement: QueryStatement): BatchStatus {
  const isOpen = statement.status === 'submitted' || statement.status === 'executing';
  if (!isOpen) return BATCH_STATUSES[statement.status];
  if (job.status === 'cancelled') return 'cancelled';
  return job.status === 'failed' ? 'aborted' : BATCH_STATUSES[statement.status];
}
