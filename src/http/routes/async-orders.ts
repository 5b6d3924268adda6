import { commands } from '../../account/commands.ts';
import { orderSizeLimits } from '../../domain/orders/limits.ts';
import { isRefusal, refuse } from '../../domain/result.ts';
import { readAsyncJob } from '../../persistence/async-jobs.ts';
import { findLaneOfOrder } from '../../persistence/orders.ts';
import { toWireAsyncJob } from '../../wire/async-jobs.ts';
import { fromWireOrderPreview, orderPreviewBody } from '../../wire/order-preview.ts';
import { orderBody } from '../../wire/order-schema.ts';
import { fromWireOrder } from '../../wire/orders.ts';
import { acceptJob } from '../accept-job.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { ifMatch, inLaneOfOrder, replyForm } from '../order-lane.ts';

const RESOURCE = '587302';

/** Orders that are accepted at once and carried out later, and what became of them. */
export const asyncOrderOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_CreateOrderAsynchronously',
    method: 'post',
    path: '/v1/async/orders',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderBody,
    handle(c, { body }) {
      const request = fromWireOrder(body, replyForm(c), ifMatch(c));
      const send = (lane: string) => acceptJob(c, lane, 'order.create', request);
      return inLaneOfOrder(c, request, orderSizeLimits.asynchronous, send);
    },
  }),
  operation({
    id: 'POST_PreviewOrderAsynchronously',
    method: 'post',
    path: '/v1/async/orders/preview',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderPreviewBody,
    handle(c, { body }) {
      const request = fromWireOrderPreview(body, ifMatch(c));
      const order = isRefusal(request) ? request : request.order;
      const send = (lane: string) => acceptJob(c, lane, 'order.preview', request);
      return inLaneOfOrder(c, order, orderSizeLimits.asynchronous, send);
    },
  }),
  operation({
    id: 'deleteOrderAsynchronously',
    method: 'delete',
    path: '/v1/async/orders/:orderNumber',
    role: 'standard',
    resourceCode: RESOURCE,
    async handle(c) {
      const order = c.req.param('orderNumber') ?? '';
      const lane = await findLaneOfOrder(reader(c), order);
      if (lane === null) return refused(c, refuse('not_found', `There is no order ${order}.`));
      return acceptJob(c, lane, 'order.delete', { order });
    },
  }),
  operation({
    id: 'GET_JobStatusAndResponse',
    method: 'get',
    path: '/v1/async-jobs/:jobId',
    role: 'read',
    async handle(c) {
      const jobId = c.req.param('jobId') ?? '';
      const job = await readAsyncJob(reader(c), jobId);
      if (job === null) return refused(c, refuse('not_found', `There is no job ${jobId}.`));
      const toWireResult = (result: unknown) =>
        JSON.parse(commands.get(job.commandKind)!.toReply(result).body);
      return json(c, 200, JSON.stringify(toWireAsyncJob(job, toWireResult)));
    },
  }),
];
