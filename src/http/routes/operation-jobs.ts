import { refuse } from '../../domain/result.ts';
import { readAsyncJob } from '../../persistence/async-jobs.ts';
import { toWireOperationJob } from '../../wire/async-jobs.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';

/** Operations of billing that take several commits: how they are. */
export const operationJobOperations: readonly AnyOperation[] = [
  operation({
    id: 'GET_OperationJob',
    method: 'get',
    path: '/v1/operations/jobs/:jobId',
    role: 'read',
    async handle(c) {
      const jobId = c.req.param('jobId') ?? '';
      const job = await readAsyncJob(reader(c), jobId);
      const shown = job === null ? null : toWireOperationJob(job);
      return shown === null ? refused(c, refuse('not_found', `There is no job ${jobId}.`)) : c.json(shown);
    },
  }),
];
