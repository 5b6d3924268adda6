import { execute } from '../../account/client.ts';
import { type Refusal, refuse } from '../../domain/result.ts';
import type { BillRunMessage } from '../../jobs/bill-runs/ports.ts';
import type { PreviewRunMessage } from '../../jobs/bill-runs/run-preview-run.ts';
import {
  readBillRun,
  readBillRunFailures,
  readBillRunProgress,
  readBillRuns,
} from '../../persistence/bill-runs.ts';
import { log } from '../../persistence/log.ts';
import {
  fromWireBillRun,
  toWireBillRun,
  toWireBillRunProgress,
  toWireBillRunReply,
  wireCancelBillRun,
  wireNewBillRun,
  wirePostBillRun,
} from '../../wire/bill-runs.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, commandOf, operation, reader, reply } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';
import { laneForNewAccount } from './accounts.ts';

const BILL_RUN = '585100';

function noBillRun(key: string): Refusal {
  return refuse('not_found', `There is no bill run ${key}.`);
}

/** Sends a command about a run, and asks for what it means once that is committed. A message that is lost is the sweep's to replace. */
export async function respondAndAsk(
  c: AppContext,
  lane: string,
  kind: string,
  payload: object,
): Promise<Response> {
  const outcome = await execute(c.env, lane, commandOf(c, kind, payload));
  if (c.get('idempotency') !== undefined) c.set('replyKept', true);
  if (outcome.status < 300) askForRun(c, messageAbout(JSON.parse(outcome.body) as RunNamed));
  return reply(c, outcome);
}

/** Asks for what a command about a run means. */
export function askForRun(c: AppContext, message: BillRunMessage | PreviewRunMessage): void {
  c.executionCtx.waitUntil(
    c.env.JOBS_QUEUE.send(message).catch((error: unknown) =>
      log('billRun.announce_failed', { ...message, message: String(error) }),
    ),
  );
}

/** How the replies about runs name them. */
interface RunNamed {
  readonly id?: string;
  readonly billingPreviewRunId?: string;
}

function messageAbout({ id, billingPreviewRunId }: RunNamed): BillRunMessage | PreviewRunMessage {
  return billingPreviewRunId === undefined
    ? { version: 1, job: 'billRun', billRunId: id! }
    : { version: 1, job: 'billingPreviewRun', runId: billingPreviewRunId };
}

/** Sends a command about a run that exists to the run's own lane. */
async function changeRun(c: AppContext, kind: string, payload: object = {}): Promise<Response> {
  const key = c.req.param('billRunId') ?? '';
  const run = await readBillRun(reader(c), key);
  if (run === null) return refused(c, noBillRun(key));
  return respondAndAsk(c, run.id, kind, { ...payload, billRunId: run.id });
}

const published: readonly AnyOperation[] = [
  operation({
    id: 'POST_CreateBillRun',
    method: 'post',
    path: '/v1/bill-runs',
    role: 'standard',
    resourceCode: BILL_RUN,
    body: wireNewBillRun,
    handle: (c, { body }) => respondAndAsk(c, laneForNewAccount(c), 'billRun.create', fromWireBillRun(body)),
  }),
  operation({
    id: 'GET_BillRun',
    method: 'get',
    path: '/v1/bill-runs/:billRunId',
    role: 'read',
    async handle(c) {
      const key = c.req.param('billRunId') ?? '';
      const run = await readBillRun(reader(c), key);
      return run === null ? refused(c, noBillRun(key)) : c.json(toWireBillRunReply(run));
    },
  }),
  operation({
    id: 'PUT_CancelBillRun',
    method: 'put',
    path: '/v1/bill-runs/:billRunId/cancel',
    role: 'standard',
    resourceCode: BILL_RUN,
    body: wireCancelBillRun,
    handle: (c) => changeRun(c, 'billRun.cancel'),
  }),
  operation({
    id: 'PUT_PostBillRun',
    method: 'put',
    path: '/v1/bill-runs/:billRunId/post',
    role: 'standard',
    resourceCode: BILL_RUN,
    body: wirePostBillRun,
    handle: (c, { body }) => changeRun(c, 'billRun.post', { invoiceDate: body.invoiceDate }),
  }),
  operation({
    id: 'DELETE_DeleteBillRun',
    method: 'delete',
    path: '/v1/bill-runs/:billRunId',
    role: 'standard',
    handle: (c) => changeRun(c, 'billRun.delete'),
  }),
];

const added: readonly AnyOperation[] = [
  operation({
    id: 'spillwayListBillRuns',
    method: 'get',
    path: '/v1/spillway/bill-runs',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const page = pageOf(query);
      const runs = await readBillRuns(reader(c), rangeOf(page));
      return pageReply(c, page, 'billRuns', runs, toWireBillRun);
    },
  }),
  operation({
    id: 'spillwayGetBillRunProgress',
    method: 'get',
    path: '/v1/spillway/bill-runs/:billRunId/progress',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('billRunId') ?? '';
      const page = pageOf(query);
      const db = reader(c);
      const run = await readBillRun(db, key);
      if (run === null) return refused(c, noBillRun(key));
      const progress = await readBillRunProgress(db, run.id);
      const failures = await readBillRunFailures(db, run.id, rangeOf(page));
      return c.json({
        ...toWireBillRunProgress(run, progress, failures.slice(0, page.pageSize)),
        ...nextPage(c, page, failures.length > page.pageSize),
        success: true,
      });
    },
  }),
];

export const billRunOperations: readonly AnyOperation[] = [...published, ...added];
