import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { createOrder } from '../orders/create-order.ts';
import type { OrderRequest } from '../orders/order-request.ts';
import { isRefusal } from '../result.ts';
import { type DueSubscription, isDue, NOT_DUE, putOff, type ScheduledReply } from './scheduled-work.ts';
import type { Subscription } from './subscription.ts';
import { contentKey } from './subscription-content.ts';

/**
 * Renews an Active subscription that renews itself, for one term: an order with RenewSubscription, dated on the day on which its term ended
 * (semantics D.3, F.1 row 8). Whoever asks again finds another term and does nothing. What the order is refused for is kept on the version.
 */
export const autoRenew: CommandHandler<DueSubscription, ScheduledReply> = {
  needs: ({ subscriptionNumber, accountId, termEndDate }) => [
    { kind: 'subscriptionContent', key: contentKey(subscriptionNumber, termEndDate) },
    { kind: 'account', key: accountId },
  ],
  numbers: () => [['order', 1]],
  decide(state, due, context) {
    const key = contentKey(due.subscriptionNumber, due.termEndDate);
    const subscription = state.find('subscriptionContent', key)?.subscription;
    if (!isDue(subscription, due) || !subscription.autoRenew) return NOT_DUE;
    const placed = createOrder.decide(state, renewalOf(subscription, due.termEndDate), context);
    if (isRefusal(placed)) {
      return new PlanBuilder()
        .update('subscription', putOff(subscription, placed, due.day))
        .build({ outcome: 'failed', orderNumber: null, reason: placed.message });
    }
    const { orderNumber } = placed.reply;
    return { ...placed, reply: { outcome: 'renewed', orderNumber, reason: null } };
  },
};

/** The order that renews a subscription at the end of its term, as its invoice owner would have placed it. */
function renewalOf(
  { subscriptionNumber, version, invoiceOwnerAccountId }: Subscription,
  termEndDate: string,
): OrderRequest {
  const triggerDates = [{ name: 'ContractEffective', triggerDate: termEndDate }];
  return {
    orderNumber: null,
    account: { key: invoiceOwnerAccountId, field: 'existingAccountNumber' },
    orderDate: termEndDate,
    intent: 'complete',
    scheduledDate: null,
    category: 'NewSales',
    description: null,
    orderLineItems: [],
    subscriptions: [
      {
        subscriptionNumber,
        expectedVersion: version,
        actions: [
          {
            action: {
              type: 'RenewSubscription',
              triggerDates: { contractEffective: termEndDate },
              invoicing: { details: {} },
            },
            body: { triggerDates, renewSubscription: {} },
          },
        ],
        details: {},
        customFields: {},
      },
    ],
    details: {},
    customFields: {},
    returnIds: false,
    numbersOnly: false,
  };
}
