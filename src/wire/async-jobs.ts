import type { JobAccepted } from '../domain/async-jobs/accept-job.ts';
import type { AsyncJob } from '../domain/async-jobs/async-job.ts';
import { toWireReason, type WireReply } from './errors.ts';

/** The replies of /v1/async/orders…: a preview's is 202 and holds nothing but the id. */
export function toWireJobAccepted({ jobId, jobType }: JobAccepted): WireReply {
  return jobType === 'AsyncPreviewOrder'
    ? { status: 202, body: JSON.stringify({ jobId }) }
    : { status: 200, body: JSON.stringify({ jobId, success: true }) };
}

/**
 * GET /v1/async-jobs/{jobId}. `result` is the reply that the same request would have had at once, with the job's type; a job
 * that is not Completed has none. Errors are one text, `[code]: message` (conventions 2).
 *
 * @param toWireResult from the command's reply to its wire form.
 */
export function toWireAsyncJob(job: AsyncJob, toWireResult: (result: unknown) => object): object {
  const { status, jobType, refusal, resourceCode } = job;
  const reason = refusal === null ? null : toWireReason(refusal, resourceCode);
  return {
    status,
    errors: reason === null ? null : `[${reason.code}]: ${reason.message}`,
    ...(status === 'Completed' ? { result: { jobType, ...toWireResult(job.result) } } : {}),
    success: true,
  };
}
