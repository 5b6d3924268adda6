import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal, type JsonObject, type JsonValue, refuse } from '../result.ts';
import type { SetOrderCustomFieldsRequest, UpdateOrderActionRequest } from './lifecycle-requests.ts';
import type { OrderAction } from './order.ts';
import { findWholeOrder, needsOfWholeOrder, touched } from './whole-order.ts';

/** Sets custom fields of an order, in whatever status, and of its actions: null clears one, those that are not named stay. */
export const setOrderCustomFields: CommandHandler<SetOrderCustomFieldsRequest, object> = {
  alone: true,
  needs: ({ order }) => needsOfWholeOrder(order),
  decide(state, { order: key, customFields, subscriptions }, context) {
    const whole = findWholeOrder(state, key);
    if (isRefusal(whole)) return whole;
    const changed = new Map<string, OrderAction>();
    for (const [i, { subscriptionNumber, actions }] of subscriptions.entries()) {
      const kept = whole.lines.find(({ line }) => line.subscriptionNumber === subscriptionNumber);
      if (kept === undefined) {
        const message = `${subscriptionNumber} is no subscription of order ${whole.order.orderNumber}`;
        return refuse('invalid', message, `subscriptions[${i}].subscriptionNumber`);
      }
      for (const [k, wanted] of actions.entries()) {
        const action = kept.actions.find(({ id, sequence }) =>
          wanted.id === null ? sequence === wanted.sequence : id === wanted.id,
        );
        if (action === undefined) {
          const field = `subscriptions[${i}].orderActions[${k}].${wanted.id === null ? 'sequence' : 'orderActionId'}`;
          return refuse(
            'invalid',
            `there is no such action on subscription ${subscriptionNumber} in this order`,
            field,
          );
        }
        const before = changed.get(action.id) ?? action;
        changed.set(action.id, withCustomFields(before, wanted.customFields));
      }
    }
    const plan = new PlanBuilder();
    for (const action of changed.values()) plan.update('orderAction', action);
    const order = touched(whole.order, context);
    return plan
      .update('order', { ...order, customFields: merged(order.customFields, customFields) })
      .build({});
  },
};

/** Sets why an order action was asked for, and its custom fields, in whatever status its order is. */
export const updateOrderAction: CommandHandler<UpdateOrderActionRequest, object> = {
  alone: true,
  needs: ({ id }) => [{ kind: 'orderAction', key: id }],
  decide(state, { id, changeReason, customFields }, context) {
    const action = state.find('orderAction', id);
    const order = action === null ? null : state.find('order', action.orderId);
    if (action === null || order === null) return refuse('not_found', `There is no order action ${id}.`);
    const body =
      changeReason === undefined ? action.body : merged(action.body, { changeReason: changeReason });
    // The order's row moves with its actions: it guards them.
    return new PlanBuilder()
      .update('orderAction', withCustomFields({ ...action, body }, customFields))
      .update('order', touched(order, context))
      .build({});
  },
};

function withCustomFields(action: OrderAction, customFields: JsonObject): OrderAction {
  if (Object.keys(customFields).length === 0) return action;
  const before = (action.body.customFields ?? {}) as JsonObject;
  return { ...action, body: { ...action.body, customFields: merged(before, customFields) } };
}

function merged(before: JsonObject, changes: JsonObject): JsonObject {
  const after: { [name: string]: JsonValue } = { ...before, ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === null) delete after[name];
  return after;
}
