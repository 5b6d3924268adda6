import {
  type AquaRefusal,
  aquaLimits,
  type BatchQuery,
  type BatchQueryRequest,
  type DeletedColumn,
  isStateful,
  refuseBatch,
} from './batch-query.ts';

/** A completed job of the same partner and project, as far as the next one rests on it. */
export interface CompletedJob {
  /** Instant up to which its files hold what had changed. */
  readonly windowEnd: string;
  readonly queries: readonly BatchQuery[];
}

export interface PlannedBatch {
  readonly query: BatchQuery;
  /** All rows, and not only those that changed. */
  readonly full: boolean;
  /** Rows that changed from here on, an instant; null: all. */
  readonly changedSince: string | null;
  /** … and before this instant; null: up to the snapshot. */
  readonly changedUntil: string | null;
  /** Deleted rows come too, those of `changedSince` on where it is given. False where the column says 'no' of every row. */
  readonly withDeleted: boolean;
  /** Rows of one file; null: one file holds all. */
  readonly segmentRows: number | null;
}

export interface JobPlan {
  readonly isStateful: boolean;
  readonly useLastCompletedJobQueries: boolean;
  /** Where the next job of the session goes on. */
  readonly windowEnd: string;
  readonly batches: readonly PlannedBatch[];
}

export interface PlanContext {
  /** The last completed job of the session; null: there is none, or the job is of no session. */
  readonly previous: CompletedJob | null;
  /** An instant that no snapshot of this job is before. */
  readonly now: string;
  /** How long before its snapshot a job still finds what was deleted, days. */
  readonly deletedRecordDays: number;
  /** The tenant wants full loads of sessions in files of `segmentRows`. */
  readonly isSegmented: boolean;
}

const DAY_MS = 86_400_000;

function before(instant: string, ms: number): string {
  return new Date(Date.parse(instant) - ms).toISOString();
}

/**
 * What a job's files are to hold. A stateless job asks everything as it is. A job of a session (partner and project) asks of each query that the
 * job before asked in the same way only what has changed since, and of others everything.
 *
 * Where what was deleted since is no longer all known, a query that wants it asks for everything, too.
 *
 * A job may be planned while an earlier one of its session still runs: it then rests on the last that completed, and holds more than it
 * would have to, never less.
 */
export function planJob(request: BatchQueryRequest, context: PlanContext): JobPlan | AquaRefusal {
  const stateful = isStateful(request);
  const isRepeated = stateful && request.queries.length === 0;
  const queries = isRepeated ? (context.previous?.queries ?? []) : request.queries;
  if (queries.length === 0) return refuseBatch('90016');
  if (!stateful) return planStateless(request, context.now);
  const previous = livePrevious(context);
  const windowEnd = before(context.now, request.offsetS * 1_000);
  const known = new Set(previous?.queries.map(identityOf));
  const batches = queries.map((query): PlannedBatch => {
    const since = sinceOf(request, known.has(identityOf(query)) ? previous : null);
    const changedSince = losesDeleted(query, since, context) ? null : since;
    const full = changedSince === null;
    return {
      query,
      full,
      changedSince,
      changedUntil: full || request.offsetS === 0 ? null : windowEnd,
      withDeleted: !full && query.deleted !== null,
      segmentRows: full && context.isSegmented ? aquaLimits.segmentRows : null,
    };
  });
  return { isStateful: true, useLastCompletedJobQueries: isRepeated, windowEnd, batches };
}

function planStateless(request: BatchQueryRequest, now: string): JobPlan | AquaRefusal {
  if (request.incrementalTime !== null) {
    return refuseBatch(
      '90015',
      'incrementalTime needs a stateful job: version 1.1 or later, partner and project.',
    );
  }
  if (request.queries.some(({ deleted }) => deleted !== null && !deleted.forceExport)) {
    return refuseBatch('90012');
  }
  return {
    isStateful: false,
    useLastCompletedJobQueries: false,
    windowEnd: now,
    batches: request.queries.map((query) => ({
      query,
      full: true,
      changedSince: null,
      changedUntil: null,
      withDeleted: query.deleted !== null,
      segmentRows: null,
    })),
  };
}

/** A session that nobody has continued for too long begins anew. */
function livePrevious({ previous, now }: PlanContext): CompletedJob | null {
  if (previous === null || previous.windowEnd < before(now, aquaLimits.sessionIdleDays * DAY_MS)) return null;
  return previous;
}

/** From where on rows are wanted. A time that the caller names is taken to the letter. */
function sinceOf(request: BatchQueryRequest, previous: CompletedJob | null): string | null {
  if (request.incrementalTime !== null) return request.incrementalTime.instant;
  return previous === null ? null : before(previous.windowEnd, aquaLimits.overlapMs);
}

/** Whether deletions of the window are forgotten: only all rows, which replace the caller's, then say what is gone. */
function losesDeleted(
  { deleted }: BatchQuery,
  since: string | null,
  { now, deletedRecordDays }: PlanContext,
): boolean {
  if (deleted === null || since === null) return false;
  return since < before(now, (deletedRecordDays - aquaLimits.snapshotWaitDays) * DAY_MS);
}

/** Equal for queries that a file of changes continues: same language, text and deleted column, whatever they are called. */
function identityOf({ language, text, deleted }: BatchQuery): string {
  return JSON.stringify([language, text, deletedIdentity(deleted)]);
}

function deletedIdentity(deleted: DeletedColumn | null): readonly string[] | null {
  return deleted === null ? null : [deleted.column, deleted.format];
}
