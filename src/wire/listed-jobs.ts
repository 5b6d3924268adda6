import { z } from 'zod';
import { JOB_KINDS, type JobKind, type ListedJob } from '../domain/async-jobs/listed-job.ts';
import { oneOf } from './words.ts';

/** GET /v1/spillway/jobs. */
export const wireJobList = z.object({
  kind: oneOf(JOB_KINDS).optional(),
  /** Of the last job that was shown: the list goes on after it. */
  before: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be the id of a job')
    .optional(),
  pageSize: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1')
    .optional(),
});

/** Tables have words of their own; here is one for each state. */
const STATUSES: Readonly<Record<string, string>> = {
  submitted: 'waiting',
  Pending: 'waiting',
  executing: 'running',
  Processing: 'running',
  completed: 'completed',
  Completed: 'completed',
  failed: 'failed',
  Failed: 'failed',
  Error: 'failed',
  cancelled: 'cancelled',
};
const OPEN = new Set(['waiting', 'running']);
/** Those whose only effect is a file. */
const CANCELLABLE: ReadonlySet<JobKind> = new Set<JobKind>(['export', 'aqua', 'dataQuery']);

export function isCancellable(kind: JobKind): boolean {
  return CANCELLABLE.has(kind);
}

/** A job of whatever kind. Instants are UTC. */
export function toWireListedJob(job: ListedJob): object {
  const status = STATUSES[job.status] ?? job.status;
  const { id, kind, type, name, message, referenceId, createdAt, createdBy, startedAt, finishedAt } = job;
  return {
    id,
    kind,
    type,
    name,
    status,
    isOpen: OPEN.has(status),
    canBeCancelled: OPEN.has(status) && CANCELLABLE.has(kind),
    message,
    referenceId,
    progress: progressOf(job),
    // What a cancelled job had not finished is cancelled with it.
    parts: job.parts.map((part) => ({
      ...part,
      status: isOver(status, part.status) ? status : (STATUSES[part.status] ?? part.status),
    })),
    createdAt,
    createdById: createdBy,
    startedAt,
    finishedAt,
  };
}

function isOver(jobStatus: string, partStatus: string): boolean {
  return jobStatus === 'cancelled' && OPEN.has(STATUSES[partStatus] ?? partStatus);
}

/** Rows of an import, or queries of a job. */
function progressOf({
  kind,
  done,
  total,
  parts,
}: ListedJob): { done: number; total: number; unit: string } | null {
  if (done !== null && total !== null) return { done, total, unit: 'rows' };
  if (!CANCELLABLE.has(kind)) return null;
  const over = parts.filter(({ status }) => !OPEN.has(STATUSES[status] ?? status)).length;
  return { done: over, total: parts.length, unit: 'queries' };
}
