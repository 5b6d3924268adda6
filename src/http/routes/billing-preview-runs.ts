import { refuse } from '../../domain/result.ts';
import { readPreviewRun } from '../../persistence/billing-preview-runs.ts';
import { fromWirePreviewRun, toWirePreviewRun, wireNewPreviewRun } from '../../wire/billing-preview-runs.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { laneForNewAccount } from './accounts.ts';
import { respondAndAsk } from './bill-runs.ts';

const BILLING_PREVIEW_RUN = '585200';

export const billingPreviewRunOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_BillingPreviewRun',
    method: 'post',
    path: '/v1/billing-preview-runs',
    role: 'standard',
    resourceCode: BILLING_PREVIEW_RUN,
    body: wireNewPreviewRun,
    handle: (c, { body }) =>
      respondAndAsk(c, laneForNewAccount(c), 'billingPreviewRun.create', fromWirePreviewRun(body)),
  }),
  operation({
    id: 'GET_BillingPreviewRun',
    method: 'get',
    path: '/v1/billing-preview-runs/:billingPreviewRunId',
    role: 'read',
    async handle(c) {
      const key = c.req.param('billingPreviewRunId') ?? '';
      const run = await readPreviewRun(reader(c), key);
      if (run === null) return refused(c, refuse('not_found', `There is no billing preview run ${key}.`));
      return c.json(toWirePreviewRun(run, new URL('/v1/files', c.req.url).href));
    },
  }),
];
