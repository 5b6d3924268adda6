import { refuse } from '../../domain/result.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findListedJob, listJobs } from '../../persistence/listed-jobs.ts';
import { cancelQueryJob } from '../../persistence/query-jobs.ts';
import { isCancellable, toWireListedJob, wireJobList } from '../../wire/listed-jobs.ts';
import { announceJob } from '../announce-job.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

const PAGE_SIZE_DEFAULT = 20;
const PAGE_SIZE_MAX = 40;

function noJob(c: AppContext): Response {
  return refused(c, refuse('not_found', `There is no job ${c.req.param('jobId')}.`));
}

async function showJob(c: AppContext, db: D1Database): Promise<Response> {
  const job = await findListedJob(db, c.req.param('jobId') ?? '', new Date().toISOString());
  return job === null ? noJob(c) : c.json({ ...toWireListedJob(job), success: true });
}

/** Jobs of every kind in one list: orders that run later, imports, previews of billing, exports and queries. */
export const jobOperations: readonly AnyOperation[] = [
  operation({
    id: 'spillwayListJobs',
    method: 'get',
    path: '/v1/spillway/jobs',
    role: 'read',
    query: wireJobList,
    handle: async (c, { query }) => {
      const pageSize = Math.min(Number(query.pageSize ?? PAGE_SIZE_DEFAULT), PAGE_SIZE_MAX);
      const jobs = await listJobs(reader(c), {
        kind: query.kind ?? null,
        before: query.before ?? null,
        rowsMax: pageSize + 1,
        now: new Date().toISOString(),
      });
      const shown = jobs.slice(0, pageSize);
      const next = new URL(c.req.url);
      next.searchParams.set('before', shown.at(-1)?.id ?? '');
      return c.json({
        jobs: shown.map(toWireListedJob),
        ...(jobs.length > pageSize ? { nextPage: next.href } : {}),
        success: true,
      });
    },
  }),
  operation({
    id: 'spillwayGetJob',
    method: 'get',
    path: '/v1/spillway/jobs/:jobId',
    role: 'read',
    handle: (c) => showJob(c, reader(c)),
  }),
  /** Of jobs that only make files: whoever may ask for them may end them. */
  operation({
    id: 'spillwayCancelJob',
    method: 'post',
    path: '/v1/spillway/jobs/:jobId/cancel',
    role: 'read',
    handle: async (c) => {
      const db = databaseOf(c.env);
      const now = new Date().toISOString();
      const job = await findListedJob(db, c.req.param('jobId') ?? '', now);
      if (job === null) return noJob(c);
      if (!isCancellable(job.kind)) {
        return refused(c, refuse('rule', 'Only exports and query jobs can be cancelled.'));
      }
      if (!(await cancelQueryJob(db, job.id, now))) {
        return refused(c, refuse('rule', `The job has ended already: it is ${job.status}.`));
      }
      // Its object puts away what it has copied; whoever is to be told of the end is told.
      announceJob(c, { version: 1, job: 'query', jobId: job.id });
      announceJob(c, { version: 1, job: 'notify', jobId: job.id });
      return showJob(c, db);
    },
  }),
];
