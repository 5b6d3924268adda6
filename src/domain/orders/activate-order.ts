import type { CommandHandler } from '../account/command.ts';
import { isRefusal } from '../result.ts';
import type { ActivateOrderRequest } from './lifecycle-requests.ts';
import type { OrderPlaced } from './order-reply.ts';
import { placeKeptOrder } from './place-kept-order.ts';
import { findWholeOrder, needsOfWholeOrder, orderStatusProblem } from './whole-order.ts';

/**
 * Activates a draft: it is placed as if it were asked for now, and becomes Completed, or Pending while a trigger date is missing (semantics
 * D.3, F.1 rows 2 to 13). A scheduled order is placed the same way on its day, by whoever names that status.
 */
export const activateOrder: CommandHandler<ActivateOrderRequest, OrderPlaced> = {
  needs: ({ order }) => needsOfWholeOrder(order),
  decide(state, { order: key, expectedStatus = 'Draft', returnIds = false, numbersOnly = false }, context) {
    const whole = findWholeOrder(state, key);
    if (isRefusal(whole)) return whole;
    const problem = orderStatusProblem(whole.order, [expectedStatus], 'can be activated');
    return problem ?? placeKeptOrder(whole, { returnIds, numbersOnly }, state, context);
  },
};
