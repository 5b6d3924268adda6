import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal, type Refusal } from '../result.ts';
import { NOT_DUE, type ScheduledReply } from '../subscriptions/scheduled-work.ts';
import type { Order } from './order.ts';

/** A scheduled order whose day has come, as the index names it. */
export interface DueOrder {
  readonly orderNumber: string;
  /** Last day that is due in the tenant's time zone. */
  readonly day: string;
}

/** What the activation of a kept order is asked. */
interface Activation {
  readonly order: string;
  readonly expectedStatus: 'Scheduled';
}

/**
 * Places a scheduled order on its day, or lets it fail: Failed, with the reason where the contract shows it
 * (`scheduledOrderActivationResponse`; semantics D.3). Whoever asks again finds another status and does nothing.
 *
 * @param activate the same decision that places an order for a caller
 */
export function scheduledOrderRunner(
  activate: CommandHandler<Activation, object>,
): CommandHandler<DueOrder, ScheduledReply> {
  const activation = (due: DueOrder): Activation => ({ order: due.orderNumber, expectedStatus: 'Scheduled' });
  return {
    ...(activate.alone === true ? { alone: true } : {}),
    needs: (due) => [{ kind: 'order', key: due.orderNumber }, ...activate.needs(activation(due))],
    numbers: (due) => activate.numbers?.(activation(due)) ?? [],
    decide(state, due, context) {
      const { orderNumber } = due;
      const order = state.find('order', orderNumber);
      if (order?.status !== 'Scheduled' || (order.scheduledDate ?? due.day) > due.day) return NOT_DUE;
      const activated = activate.decide(state, activation(due), context);
      if (!isRefusal(activated)) {
        return { ...activated, reply: { outcome: 'activated', orderNumber, reason: null } };
      }
      const reason = reasonOf(activated);
      const failed = { ...failedOrder(order, reason), updatedAt: context.now, updatedBy: context.actor };
      return new PlanBuilder().update('order', failed).build({ outcome: 'failed', orderNumber, reason });
    },
  };
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
