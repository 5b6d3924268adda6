import { newTimeOrderedId } from '../../account/runtime.ts';
import { sha256Hex } from '../../auth/clients.ts';
import { type Refusal, refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import { databaseOf } from '../../persistence/database.ts';
import {
  cancelQueryJob,
  createQueryJob,
  listQueryJobs,
  type QueryJob,
  readQueryJob,
  submittedJob,
  submittedStatement,
} from '../../persistence/query-jobs.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { QueryError } from '../../query/compiled-query.ts';
import { compileDataQuery, type DataQueryOptions } from '../../query/data-query/compile.ts';
import { dataQueryLimits } from '../../query/data-query/limits.ts';
import {
  type DataQueryRequest,
  fromWireJobId,
  fromWireOutput,
  fromWireRequest,
  fromWireStatus,
  isUuid,
  type NewDataQuery,
  toWireDataQuery,
  toWireJobId,
  wireDataQueryList,
  wireNewDataQuery,
} from '../../wire/data-queries.ts';
import { announceJob } from '../announce-job.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

const DECIMAL_PLACES_MIN = 2;

/** Takes a query in, when it can be compiled: what is wrong with it is said at once. */
async function submit(c: AppContext, body: NewDataQuery): Promise<Response> {
  const now = new Date().toISOString();
  const db = databaseOf(c.env);
  const { timeZone } = await readSettings(db);
  const options = { readDeleted: body.readDeleted ?? false, now, timeZone };
  const problem = problemOf(body.query, options);
  if (problem !== null) return refused(c, problem);
  const job = jobOf(body, options, c.get('caller').clientId);
  const created = await createQueryJob(db, job, {
    waitingMax: limits.queryJobsWaitingMax,
    openMax: dataQueryLimits.dataQueryOpenJobsMax,
    bytesMax: limits.queryJobBytesMax,
  });
  if (created === 'tooMany') {
    const message = `${dataQueryLimits.dataQueryOpenJobsMax} queries run or wait already; submit this one when one of them has ended.`;
    return refused(c, refuse('limit', message));
  }
  if (created === 'tooLarge') return refused(c, refuse('invalid', 'is too long', 'query'));
  announceJob(c, { version: 1, job: 'query', jobId: job.id });
  return show(c, job);
}

function problemOf(query: string, options: DataQueryOptions): Refusal | null {
  try {
    compileDataQuery(query, options);
    return null;
  } catch (error) {
    if (error instanceof QueryError) return refuse('invalid', error.message, 'query');
    throw error;
  }
}

function jobOf(body: NewDataQuery, options: DataQueryOptions, createdBy: string): QueryJob {
  const { now } = options;
  const id = newTimeOrderedId(now);
  const job = {
    id,
    kind: 'dataQuery' as const,
    name: null,
    request: { ...fromWireRequest(body) },
    statements: [
      submittedStatement({
        id: newTimeOrderedId(now),
        name: null,
        language: 'dataQuery',
        text: body.query,
        options: { ...options },
        output: {
          ...fromWireOutput(body),
          decimalPlacesMin: DECIMAL_PLACES_MIN,
          fileName: `data-query-${id}`,
          segmentRows: null,
          rowsMax: dataQueryLimits.dataQueryResultRowsMax,
        },
      }),
    ],
    partner: null,
    project: null,
    createdBy,
  };
  return submittedJob(job, now, limits.queryJobDays);
}

/** The contract has a UUID here; an API client whose id is another text is shown as one that is made of it. */
async function creatorOf({ createdBy }: QueryJob): Promise<string> {
  return isUuid(createdBy) ? createdBy : toWireJobId((await sha256Hex(createdBy)).slice(0, 32));
}

async function wireOf(c: AppContext, job: QueryJob) {
  const [statement] = job.statements;
  const fileId = statement?.fileIds[0];
  return toWireDataQuery({
    ...job,
    createdBy: await creatorOf(job),
    request: job.request as unknown as DataQueryRequest,
    query: statement?.text ?? '',
    rows: statement?.rows ?? 0,
    fileUrl: fileId === undefined ? null : new URL(`/v1/files/${fileId}`, c.req.url).href,
    remainingRetries: Math.max(0, limits.queryAttemptsMax - job.attempts),
  });
}

async function show(c: AppContext, job: QueryJob): Promise<Response> {
  return c.json({ data: await wireOf(c, job) });
}

/** The job that the path names; jobs of other surfaces are not shown here. */
async function findJob(c: AppContext, db: D1Database): Promise<QueryJob | Refusal> {
  const text = c.req.param('jobId') ?? '';
  const id = fromWireJobId(text);
  const job = id === null ? null : await readQueryJob(db, id, new Date().toISOString());
  return job?.kind === 'dataQuery' ? job : refuse('not_found', `There is no query job ${text}.`);
}

/** Data Query: reading is all that its jobs do. */
export const dataQueryOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_DataQueryJob',
    method: 'post',
    path: '/query/jobs',
    role: 'read',
    fansOut: true,
    body: wireNewDataQuery,
    handle: (c, { body }) => submit(c, body),
  }),
  operation({
    id: 'GET_DataQueryJobs',
    method: 'get',
    path: '/query/jobs',
    role: 'read',
    query: wireDataQueryList,
    async handle(c, { query }) {
      const { dataQueryListJobsDefault, dataQueryListJobsMax } = dataQueryLimits;
      const jobs = await listQueryJobs(reader(c), 'dataQuery', {
        now: new Date().toISOString(),
        before: null,
        status: fromWireStatus(query.queryStatus),
        rowsMax: Math.min(Number(query.pageSize ?? dataQueryListJobsDefault), dataQueryListJobsMax),
      });
      return c.json({ data: await Promise.all(jobs.map((job) => wireOf(c, job))) });
    },
  }),
  operation({
    id: 'GET_DataQueryJob',
    method: 'get',
    path: '/query/jobs/:jobId',
    role: 'read',
    async handle(c) {
      const job = await findJob(c, reader(c));
      return 'refused' in job ? refused(c, job) : show(c, job);
    },
  }),
  operation({
    id: 'DELETE_DataQueryJob',
    method: 'delete',
    path: '/query/jobs/:jobId',
    role: 'read',
    async handle(c) {
      const db = databaseOf(c.env);
      const job = await findJob(c, db);
      if ('refused' in job) return refused(c, job);
      if (!(await cancelQueryJob(db, job.id, new Date().toISOString()))) {
        return refused(c, refuse('rule', `The query job has ended already: it is ${job.status}.`));
      }
      // Its object puts away what it has copied.
      announceJob(c, { version: 1, job: 'query', jobId: job.id });
      const cancelled = await findJob(c, db);
      return 'refused' in cancelled ? refused(c, cancelled) : show(c, cancelled);
    },
  }),
];
