import { z } from 'zod';
import type {
  CancelOrderRequest,
  OrderCancelled,
  ReplaceOrderRequest,
  RevertOrderRequest,
  SetOrderCustomFieldsRequest,
  SetTriggerDatesRequest,
  UpdateOrderActionRequest,
} from '../domain/orders/lifecycle-requests.ts';
import { orderLimits, orderSizeLimits } from '../domain/orders/limits.ts';
import type { OrderPlaced } from '../domain/orders/order-reply.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../domain/result.ts';
import { wireChangeReason } from './order-actions/order-action.ts';
import { fromWireTriggerDates, triggerDatesOf } from './order-actions/trigger-dates.ts';
import { wireOrderNumber } from './order-numbers.ts';
import { orderShape } from './order-schema.ts';
import { fromWireOrderContent, numberOf, type OrderReplyForm } from './orders.ts';
import { wireCustomFields, wireDate, wireKey, wireText } from './values.ts';
import { listOf, oneOf, wholeNumber } from './words.ts';

const CHARGES_MAX = orderLimits.chargesMax;
const sequence = wholeNumber(0, 1_000_000);

/** PUT /v1/orders/{orderNumber}. */
export const orderReplacementBody = z.object({
  ...orderShape,
  orderNumber: wireOrderNumber.nullish(),
  status: oneOf(['Draft', 'Pending', 'Completed', 'Scheduled']).nullish(),
  existingAccountNumber: wireKey.nullish(),
  existingAccountId: wireKey.nullish(),
});

/** @param order the order's number in the path: a body that names another order is refused */
export function fromWireOrderReplacement(
  body: z.output<typeof orderReplacementBody>,
  order: string,
  form: OrderReplyForm,
): ReplaceOrderRequest | Refusal {
  if (body.orderNumber != null && body.orderNumber !== order)
    return refuse('invalid', `is not ${order}: the number of an order can't be changed`, 'orderNumber');
  if (body.existingAccountNumber != null && body.existingAccountId != null)
    return refuse('invalid', 'must not be given together with existingAccountId', 'existingAccountNumber');
  const content = fromWireOrderContent(body);
  if (isRefusal(content)) return content;
  return { ...content, ...form, order, account: accountOf(body) };
}

function accountOf(body: z.output<typeof orderReplacementBody>): ReplaceOrderRequest['account'] {
  for (const field of ['existingAccountNumber', 'existingAccountId'] as const) {
    const key = body[field];
    if (key != null) return { key, field };
  }
  return null;
}

/** PUT /v1/orders/{orderNumber}/cancel. */
export const orderCancelBody = z.object({ cancelReason: wireText(255).nullish() });

export function fromWireOrderCancel(
  body: z.output<typeof orderCancelBody>,
  order: string,
): CancelOrderRequest {
  return { order, cancelReason: body.cancelReason ?? null };
}

/** The schema says cancelReason, the published sample CancelReason: both are there. */
export function toWireOrderCancelled({ orderNumber, accountNumber, cancelReason }: OrderCancelled): object {
  return {
    success: true,
    orderNumber,
    accountNumber,
    status: 'Cancelled',
    ...(cancelReason === null ? {} : { cancelReason, CancelReason: cancelReason }),
  };
}

/** POST /v1/orders/{orderNumber}/revert. */
export const orderRevertBody = z.object({ orderDate: wireDate });

export function fromWireOrderRevert(
  body: z.output<typeof orderRevertBody>,
  order: string,
): RevertOrderRequest {
  return { order, orderDate: body.orderDate };
}

/** @param placed the order that took the other one back */
export function toWireOrderReverted(placed: OrderPlaced): object {
  return {
    success: true,
    orderNumber: placed.orderNumber,
    accountNumber: placed.accountNumber,
    status: placed.status,
    subscriptionNumbers: placed.subscriptions.map(numberOf),
  };
}

const triggeredAction = z.object({
  sequence,
  triggerDates: triggerDatesOf(['ServiceActivation', 'CustomerAcceptance']),
  charges: listOf(
    z.object({ chargeNumber: wireKey, specificTriggerDate: wireDate }),
    'charges',
    CHARGES_MAX,
  ).nullish(),
});

/** PUT /v1/orders/{orderNumber}/triggerDates. */
export const orderTriggerDatesBody = z.object({
  subscriptions: listOf(
    z.object({
      subscriptionNumber: wireKey,
      orderActions: listOf(triggeredAction, 'order actions', orderSizeLimits.asynchronous.actionsMax),
    }),
    'subscriptions',
    orderSizeLimits.asynchronous.subscriptionsMax,
  ).min(1, 'must name at least one subscription'),
});

export function fromWireOrderTriggerDates(
  body: z.output<typeof orderTriggerDatesBody>,
  order: string,
  form: OrderReplyForm,
): SetTriggerDatesRequest {
  return {
    order,
    subscriptions: body.subscriptions.map(({ subscriptionNumber, orderActions }) => ({
      subscriptionNumber,
      actions: orderActions.map((action) => ({
        sequence: action.sequence,
        triggerDates: fromWireTriggerDates(action.triggerDates),
        charges: action.charges ?? [],
      })),
    })),
    ...form,
  };
}

/** PUT /v1/orders/{orderNumber}/customFields. */
export const orderCustomFieldsBody = z.object({
  customFields: wireCustomFields.nullish(),
  subscriptions: listOf(
    z.object({
      subscriptionNumber: wireKey,
      orderActions: listOf(
        z
          .object({
            orderActionId: wireKey.nullish(),
            sequence: sequence.nullish(),
            customFields: wireCustomFields,
          })
          .refine((action) => (action.orderActionId ?? action.sequence) != null, {
            message: 'is required, or orderActionId',
            path: ['sequence'],
          }),
        'order actions',
        orderSizeLimits.asynchronous.actionsMax,
      ).nullish(),
    }),
    'subscriptions',
    orderSizeLimits.asynchronous.subscriptionsMax,
  ).nullish(),
});

export function fromWireOrderCustomFields(
  body: z.output<typeof orderCustomFieldsBody>,
  order: string,
): SetOrderCustomFieldsRequest {
  return {
    order,
    customFields: (body.customFields ?? {}) as JsonObject,
    subscriptions: (body.subscriptions ?? []).map(({ subscriptionNumber, orderActions }) => ({
      subscriptionNumber,
      actions: (orderActions ?? []).map((action) => ({
        id: action.orderActionId ?? null,
        sequence: action.sequence ?? null,
        customFields: action.customFields as JsonObject,
      })),
    })),
  };
}

const orderActionFields = {
  changeReason: wireChangeReason.nullish(),
  customFields: wireCustomFields.nullish(),
};

/** PUT /v1/orderActions/{id}: flat as in the published sample, or in `orderAction` as in the schema. */
export const orderActionBody = z.object({
  ...orderActionFields,
  orderAction: z.object(orderActionFields).nullish(),
});

export function fromWireOrderActionUpdate(
  body: z.output<typeof orderActionBody>,
  id: string,
): UpdateOrderActionRequest {
  const { orderAction } = body;
  const changeReason = body.changeReason === undefined ? orderAction?.changeReason : body.changeReason;
  return {
    id,
    ...(changeReason === undefined ? {} : { changeReason }),
    customFields: { ...orderAction?.customFields, ...body.customFields } as JsonObject,
  };
}

/** Nothing to say but that it is done: DELETE_Order, PUT_UpdateOrderCustomFields, PUT_OrderActions. */
export function toWireDone(): object {
  return { success: true };
}
