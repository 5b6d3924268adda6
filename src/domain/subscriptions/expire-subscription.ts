import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { contractedMrrDeltas } from './materialise.ts';
import { type DueSubscription, isDue, NOT_DUE, type ScheduledReply } from './scheduled-work.ts';
import type { Subscription } from './subscription.ts';

/**
 * Expires an Active subscription that does not renew itself once its term has ended: its owner's contracted MRR falls by what the
 * subscription counted (semantics D.3, F.1 row 12, J 12). The latest version's status changes in its place: versions are what orders make,
 * each names its order and what the order changed; the passing of a date agrees nothing new, so there is neither.
 */
export const expireSubscription: CommandHandler<DueSubscription, ScheduledReply> = {
  needs: ({ subscriptionNumber }) => [{ kind: 'subscription', key: subscriptionNumber }],
  decide(state, due, { now, actor }) {
    const subscription = state.find('subscription', due.subscriptionNumber);
    if (!isDue(subscription, due) || subscription.autoRenew) return NOT_DUE;
    const expired: Subscription = {
      ...subscription,
      status: 'Expired',
      scheduledRetryOn: null,
      scheduledFailure: null,
      updatedAt: now,
      updatedBy: actor,
    };
    const plan = new PlanBuilder().update('subscription', expired);
    for (const delta of contractedMrrDeltas(subscription, expired)) plan.delta(delta);
    return plan.build({ outcome: 'expired', orderNumber: null, reason: null });
  },
};
