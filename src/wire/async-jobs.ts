import type { JobAccepted } from '../domain/async-jobs/accept-job.ts';
import type { AsyncJob } from '../domain/async-jobs/async-job.ts';
import { toWireReason, type WireReply } from './errors.ts';

/** The replies of /v1/async/orders…: a preview's is 202 and holds nothing but the id; and those of …/apply-async and …/unapply-async. */
export function toWireJobAccepted({ jobId, jobType, referenceId }: JobAccepted): WireReply {
  switch (jobType) {
    case 'AsyncPreviewOrder':
      return { status: 202, body: JSON.stringify({ jobId }) };
    case 'AsyncCreditMemoApply':
    case 'AsyncCreditMemoUnapply': {
      const job = {
        id: jobId,
        jobType,
        referenceId,
        status: 'Processing',
        refusal: null,
        resourceCode: '',
      } as const;
      return { status: 200, body: JSON.stringify(toWireCreditMemoJob(job)) };
    }
    case 'AsyncDeleteInvoice':
      return {
        status: 200,
        body: JSON.stringify({ id: referenceId, jobId, jobStatus: 'Pending', success: true }),
      };
    default:
      return { status: 200, body: JSON.stringify({ jobId, success: true }) };
  }
}

const CREDIT_MEMO_JOB_STATUS = { Processing: 'Pending', Completed: 'Processed', Failed: 'Failed' } as const;

/** GET /v1/credit-memos/apply-async-jobs/{id} and …/unapply-async-jobs/{id}. */
export function toWireCreditMemoJob(
  job: Pick<AsyncJob, 'id' | 'jobType' | 'referenceId' | 'status' | 'refusal' | 'resourceCode'>,
): object {
  return {
    id: job.id,
    status: CREDIT_MEMO_JOB_STATUS[job.status],
    operationType: job.jobType,
    referenceId: job.referenceId,
    referenceType: 'CreditMemo',
    error: errorOf(job),
    success: true,
  };
}

/** Errors are one text, `[code]: message` (conventions 2). */
function errorOf({ refusal, resourceCode }: Pick<AsyncJob, 'refusal' | 'resourceCode'>): string | null {
  if (refusal === null) return null;
  const { code, message } = toWireReason(refusal, resourceCode);
  return `[${code}]: ${message}`;
}

/**
 * GET /v1/async-jobs/{jobId}. `result` is the reply that the same request would have had at once, with the job's type; a job
 * that is not Completed has none.
 *
 * @param toWireResult from the command's reply to its wire form.
 */
export function toWireAsyncJob(job: AsyncJob, toWireResult: (result: unknown) => object): object {
  const { status, jobType } = job;
  return {
    status,
    errors: errorOf(job),
    ...(status === 'Completed' ? { result: { jobType, ...toWireResult(job.result) } } : {}),
    success: true,
  };
}

/** Jobs that GET /v1/operations/jobs/{jobId} shows, and what they do to what. */
const OPERATIONS = {
  AsyncDeleteInvoice: { objectType: 'Invoice', operationType: 'Delete' },
} as const;

/** GET /v1/operations/jobs/{jobId}; null for jobs that are shown elsewhere. */
export function toWireOperationJob(job: AsyncJob): object | null {
  const { id, jobType, referenceId, status, refusal, resourceCode } = job;
  if (!(jobType in OPERATIONS)) return null;
  return {
    id,
    objectId: referenceId,
    ...OPERATIONS[jobType as keyof typeof OPERATIONS],
    status,
    ...(refusal === null ? {} : { reasons: [toWireReason(refusal, resourceCode)] }),
    success: true,
  };
}
