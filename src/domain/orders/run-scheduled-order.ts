import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal, type Refusal } from '../result.ts';
import { NOT_DUE, type ScheduledReply } from '../subscriptions/scheduled-work.ts';
import { activateOrder } from './activate-order.ts';
import type { ActivateOrderRequest } from './lifecycle-requests.ts';
import type { Order } from './order.ts';
import { touched } from './whole-order.ts';

/** A scheduled order whose day has come, as the index names it. */
export interface DueOrder {
  readonly orderNumber: string;
  /** Last day that is due in the tenant's time zone. */
  readonly day: string;
}

/**
 * Places a scheduled order on its day as its activation would, or lets it fail: Failed, with the reason where the contract shows it
 * (`scheduledOrderActivationResponse`; semantics D.3). Whoever asks again finds another status and does nothing.
 */
export const runScheduledOrder: CommandHandler<DueOrder, ScheduledReply> = {
  needs: (due) => activateOrder.needs(activationOf(due)),
  decide(state, due, context) {
    const { orderNumber, day } = due;
    const order = state.find('order', orderNumber);
    if (order?.status !== 'Scheduled' || order.scheduledDate === null || order.scheduledDate > day)
      return NOT_DUE;
    const activated = activateOrder.decide(state, activationOf(due), context);
    if (!isRefusal(activated)) {
      return { ...activated, reply: { outcome: 'activated', orderNumber, reason: null } };
    }
    const reason = reasonOf(activated);
    return new PlanBuilder()
      .update('order', touched(failedOrder(order, reason), context))
      .build({ outcome: 'failed', orderNumber, reason });
  },
};

function activationOf({ orderNumber }: DueOrder): ActivateOrderRequest {
  return { order: orderNumber, expectedStatus: 'Scheduled' };
}

function reasonOf({ field, message }: Refusal): string {
  return field === undefined ? message : `${field}: ${message}`;
}

function failedOrder(order: Order, reason: string): Order {
  return {
    ...order,
    status: 'Failed',
    details: {
      ...order.details,
      scheduledOrderActivationResponse: { success: false, reasons: [{ message: reason }] },
    },
  };
}
