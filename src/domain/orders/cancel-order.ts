import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal, refuse } from '../result.ts';
import type { CancelOrderRequest, OrderCancelled } from './lifecycle-requests.ts';
import { cancelLineItems } from './order-line-items.ts';
import { findWholeOrder, isKept, needsOfWholeOrder, orderStatusProblem, touched } from './whole-order.ts';

/**
 * Cancels an order that has made nothing yet: a draft, a scheduled one, or one that waits for the date of an update (semantics D.3). No
 * metric moves (F.1 row 1).
 */
export const cancelOrder: CommandHandler<CancelOrderRequest, OrderCancelled> = {
  alone: true,
  needs: ({ order }) => needsOfWholeOrder(order),
  decide(state, { order: key, cancelReason }, context) {
    const whole = findWholeOrder(state, key);
    if (isRefusal(whole)) return whole;
    const { order } = whole;
    const problem = orderStatusProblem(order, ['Draft', 'Scheduled', 'Pending'], 'can be cancelled');
    if (problem !== null) return problem;
    if (!isKept(whole)) {
      const message = `Order ${order.orderNumber} is Pending and has changed its subscriptions: delete it instead.`;
      return refuse('rule', message);
    }
    const details = cancelReason === null ? order.details : { ...order.details, cancelReason };
    const account = state.find('account', order.accountId);
    const plan = new PlanBuilder();
    cancelLineItems(whole.lineItems, state, plan, context);
    return plan.update('order', { ...touched(order, context), status: 'Cancelled', details }).build({
      orderNumber: order.orderNumber,
      accountNumber: account?.accountNumber ?? order.accountId,
      cancelReason,
    });
  },
};
