import { orderSizeLimits, orderSizeProblem } from '../../domain/orders/limits.ts';
import { isRefusal, refuse } from '../../domain/result.ts';
import { findLaneOfOrder, findLaneOfOrderAction } from '../../persistence/orders.ts';
import {
  fromWireOrderActionUpdate,
  fromWireOrderCancel,
  fromWireOrderCustomFields,
  fromWireOrderReplacement,
  fromWireOrderRevert,
  fromWireOrderTriggerDates,
  orderActionBody,
  orderCancelBody,
  orderCustomFieldsBody,
  orderReplacementBody,
  orderRevertBody,
  orderTriggerDatesBody,
} from '../../wire/order-lifecycle.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { replyForm } from '../order-lane.ts';

const RESOURCE = '587302';

function orderKey(c: AppContext): string {
  return c.req.param('orderNumber') ?? '';
}

/** Sends a command to the lane of the order that the path names: its account's. */
async function respondInLane(c: AppContext, kind: string, payload: object): Promise<Response> {
  const key = orderKey(c);
  const lane = await findLaneOfOrder(reader(c), key);
  if (lane === null) return refused(c, refuse('not_found', `There is no order ${key}.`));
  return isRefusal(payload) ? refused(c, payload) : respond(c, lane, kind, payload);
}

/** What is asked of an order that is there already (semantics D.3). */
export const orderLifecycleOperations: readonly AnyOperation[] = [
  operation({
    id: 'PUT_OrderActivate',
    method: 'put',
    path: '/v1/orders/:orderNumber/activate',
    role: 'standard',
    resourceCode: RESOURCE,
    handle: (c) => respondInLane(c, 'order.activate', { order: orderKey(c), ...replyForm(c) }),
  }),
  operation({
    id: 'PUT_Order',
    method: 'put',
    path: '/v1/orders/:orderNumber',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderReplacementBody,
    handle(c, { body }) {
      const replacement = fromWireOrderReplacement(body, orderKey(c), replyForm(c));
      const problem = isRefusal(replacement)
        ? null
        : orderSizeProblem(replacement.subscriptions, orderSizeLimits.synchronous);
      return respondInLane(c, 'order.replace', problem ?? replacement);
    },
  }),
  operation({
    id: 'PUT_OrderCancel',
    method: 'put',
    path: '/v1/orders/:orderNumber/cancel',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderCancelBody,
    handle: (c, { body }) => respondInLane(c, 'order.cancel', fromWireOrderCancel(body, orderKey(c))),
  }),
  operation({
    id: 'DELETE_Order',
    method: 'delete',
    path: '/v1/orders/:orderNumber',
    role: 'standard',
    resourceCode: RESOURCE,
    handle: (c) => respondInLane(c, 'order.delete', { order: orderKey(c) }),
  }),
  operation({
    id: 'revertOrder',
    method: 'post',
    path: '/v1/orders/:orderNumber/revert',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderRevertBody,
    handle: (c, { body }) => respondInLane(c, 'order.revert', fromWireOrderRevert(body, orderKey(c))),
  }),
  operation({
    id: 'PUT_OrderTriggerDates',
    method: 'put',
    path: '/v1/orders/:orderNumber/triggerDates',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderTriggerDatesBody,
    handle: (c, { body }) =>
      respondInLane(c, 'order.setTriggerDates', fromWireOrderTriggerDates(body, orderKey(c), replyForm(c))),
  }),
  operation({
    id: 'PUT_UpdateOrderCustomFields',
    method: 'put',
    path: '/v1/orders/:orderNumber/customFields',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderCustomFieldsBody,
    handle: (c, { body }) =>
      respondInLane(c, 'order.setCustomFields', fromWireOrderCustomFields(body, orderKey(c))),
  }),
  operation({
    id: 'PUT_OrderActions',
    method: 'put',
    path: '/v1/orderActions/:id',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderActionBody,
    async handle(c, { body }) {
      const id = c.req.param('id') ?? '';
      const lane = await findLaneOfOrderAction(reader(c), id);
      if (lane === null) return refused(c, refuse('not_found', `There is no order action ${id}.`));
      return respond(c, lane, 'orderAction.update', fromWireOrderActionUpdate(body, id));
    },
  }),
];
