import { newTimeOrderedId } from '../../account/runtime.ts';
import {
  type AquaRefusal,
  aquaLimits,
  type BatchQueryRequest,
  isAquaRefusal,
  isStateful,
  refuseBatch,
} from '../../domain/aqua/batch-query.ts';
import { type JobPlan, planJob } from '../../domain/aqua/plan-job.ts';
import { limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import { addJobNotice, removeJobNotice } from '../../persistence/job-notices.ts';
import {
  cancelQueryJob,
  createQueryJob,
  findLastCompletedJob,
  type QueryJob,
  readQueryJob,
  submittedJob,
} from '../../persistence/query-jobs.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import {
  completedJobOf,
  type JobContext,
  newBatchJob,
  refusedBatchJob,
  toBatchJob,
} from '../../query/aqua/batch-jobs.ts';
import { problemsOf, withFullLoads } from '../../query/aqua/check-queries.ts';
import {
  readBatchQueryRequest,
  toWireCancelledJob,
  toWireJob,
  toWireRefusal,
  toWireSubmittedJob,
  wireBatchQueryRequest,
} from '../../wire/batch-queries.ts';
import { announceJob } from '../announce-job.ts';
import type { AppContext } from '../context.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

/** AQuA says what is wrong with HTTP 200 and a code of its own, whatever version the caller has (conventions 9). */
function refusedBatch(c: AppContext, refusal: AquaRefusal): Response {
  return c.json(toWireRefusal(refusal, null));
}

/** The body as JSON; undefined when it is none. */
async function jsonOf(c: AppContext): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch {
    return undefined;
  }
}

async function submit(c: AppContext): Promise<Response> {
  const body = await jsonOf(c);
  if (body === undefined) return refusedBatch(c, refuseBatch('90005', 'The body is not valid JSON.'));
  // What was completed a moment ago decides what this job holds: no replica is asked.
  const db = databaseOf(c.env);
  const settings = await readSettings(db);
  const { timeZone } = settings;
  const request = readBatchQueryRequest(body, { timeZone, allowLoopback: c.env.NOTIFY_LOOPBACK === 'on' });
  if (isAquaRefusal(request)) return refusedBatch(c, request);
  const now = new Date().toISOString();
  const previous = await lastJobOfSession(db, request, now);
  const planned = planJob(request, {
    previous: previous === null ? null : completedJobOf(previous),
    now,
    deletedRecordDays: limits.deletedRecordDays,
    isSegmented: settings['aqua.segments'] === 'true',
  });
  if (isAquaRefusal(planned)) return refusedBatch(c, planned);
  const context: JobContext = { now, timeZone, newId: () => newTimeOrderedId(now) };
  return carryOut(c, request, planned, context);
}

async function lastJobOfSession(
  db: D1Database,
  request: BatchQueryRequest,
  now: string,
): Promise<QueryJob | null> {
  return isStateful(request) ? findLastCompletedJob(db, request.partner!, request.project!, now) : null;
}

async function carryOut(
  c: AppContext,
  request: BatchQueryRequest,
  planned: JobPlan,
  context: JobContext,
): Promise<Response> {
  const id = context.newId();
  const problems = problemsOf(planned, request, context);
  if (problems.some((problem) => problem !== null)) {
    const isNotAllowed = problems.every((problem) => problem === null || problem.isNotAllowed);
    const refusal = refuseBatch(isNotAllowed ? '90017' : '90005');
    return c.json(toWireRefusal(refusal, refusedBatchJob(id, request, planned, problems)));
  }
  const plan = withFullLoads(planned, context);
  const { now } = context;
  const createdBy = c.get('caller').clientId;
  const job = submittedJob(
    { ...newBatchJob(request, plan, context), id, createdBy },
    now,
    limits.queryJobDays,
  );
  const db = databaseOf(c.env);
  const { notifyUrl } = request;
  if (notifyUrl !== null) await addJobNotice(db, { jobId: id, url: notifyUrl }, now);
  const created = await createQueryJob(db, job, {
    waitingMax: limits.queryJobsWaitingMax,
    openMax: plan.isStateful ? aquaLimits.statefulJobsMax : aquaLimits.statelessJobsMax,
    bytesMax: limits.queryJobBytesMax,
  });
  if (created !== 'created' && notifyUrl !== null) await removeJobNotice(db, id);
  if (created === 'tooMany') return refusedBatch(c, refuseBatch('90028'));
  if (created === 'tooLarge') {
    const message = `The queries take more than ${limits.queryJobBytesMax} bytes to keep; split the job.`;
    return refusedBatch(c, refuseBatch('90005', message));
  }
  announceJob(c, { version: 1, job: 'query', jobId: id });
  return c.json(toWireSubmittedJob(toBatchJob(job)));
}

/** A job of AQuA's; jobs of other surfaces have ids of their own. */
async function readBatchJob(c: AppContext, db: D1Database): Promise<QueryJob | null> {
  const job = await readQueryJob(db, c.req.param('jobId') ?? '', new Date().toISOString());
  return job?.kind === 'aqua' ? job : null;
}

async function show(c: AppContext, job: QueryJob | null): Promise<Response> {
  if (job === null) return refusedBatch(c, refuseBatch('90002'));
  const { timeZone } = await readSettings(reader(c));
  return c.json(toWireJob(toBatchJob(job), timeZone));
}

async function cancel(c: AppContext): Promise<Response> {
  const db = databaseOf(c.env);
  const job = await readBatchJob(c, db);
  if (job === null || !(await cancelQueryJob(db, job.id, new Date().toISOString()))) {
    return refusedBatch(c, refuseBatch('90003'));
  }
  // Its object puts away what it has copied; whoever is to be told of the end does not wait for that.
  announceJob(c, { version: 1, job: 'query', jobId: job.id });
  announceJob(c, { version: 1, job: 'notify', jobId: job.id });
  return c.json(toWireCancelledJob(toBatchJob((await readBatchJob(c, db)) ?? job)));
}

/** Jobs of several queries (AQuA): reading is all that they do. */
export const batchQueryOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_BatchQueryJob',
    method: 'post',
    path: '/v1/batch-query/',
    role: 'read',
    reads: { body: wireBatchQueryRequest },
    fansOut: true,
    handle: submit,
  }),
  operation({
    id: 'GET_BatchQueryJob',
    method: 'get',
    path: '/v1/batch-query/jobs/:jobId',
    role: 'read',
    handle: async (c) => show(c, await readBatchJob(c, reader(c))),
  }),
  operation({
    id: 'GET_LastBatchQueryJob',
    method: 'get',
    path: '/v1/batch-query/jobs/partner/:partner/project/:project',
    role: 'read',
    handle: async (c) => {
      const [partner, project] = [c.req.param('partner') ?? '', c.req.param('project') ?? ''];
      return show(c, await findLastCompletedJob(reader(c), partner, project, new Date().toISOString()));
    },
  }),
  operation({
    id: 'DELETE_BatchQueryJob',
    method: 'delete',
    path: '/v1/batch-query/jobs/:jobId',
    role: 'read',
    handle: cancel,
  }),
];
