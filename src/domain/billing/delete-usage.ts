import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { CalendarDate } from '../calendar.ts';
import type { Stored } from '../entities.ts';
import { refuse } from '../result.ts';
import type { Subscription } from '../subscriptions/subscription.ts';

/** Read only, key = usage id: whether a live line counts the record (decision 008). Whoever acts on it changes the subscription's row. */
export interface UsageBilled extends Stored {
  readonly subscriptionNumber: string;
  readonly isBilled: boolean;
}

export interface UsageReference {
  readonly usageId: string;
  /** As whoever found the record knows: loaded with it. */
  readonly subscriptionNumber: string;
}

/**
 * The subscription once a record of that day is another or gone: a period whose usage came to nothing was settled without a line, so billing looks at it
 * again (decision 008).
 */
export function lookedAtAgain(subscription: Subscription, startDate: CalendarDate): Subscription {
  return startDate < subscription.billingFrom
    ? { ...subscription, billingFrom: startDate }
    : { ...subscription };
}

/** Deletes a record that no live line counts. What bills the subscription at the same moment is refused, since its row changes too. */
export const deleteUsage: CommandHandler<UsageReference, { readonly id: string }> = {
  needs: ({ usageId, subscriptionNumber }) => [
    { kind: 'usage', key: usageId },
    { kind: 'usageBilled', key: usageId },
    { kind: 'subscription', key: subscriptionNumber },
  ],
  decide(state, { usageId }) {
    const usage = state.find('usage', usageId);
    if (usage === null) return refuse('not_found', `There is no usage ${usageId}.`);
    if (state.find('usageBilled', usageId)?.isBilled === true) {
      return refuse('rule', `usage ${usageId} is billed; cancel or reverse the document that bills it first`);
    }
    const plan = new PlanBuilder().delete('usage', usage);
    const subscription = state.find('subscription', usage.subscriptionNumber);
    if (subscription !== null) plan.update('subscription', lookedAtAgain(subscription, usage.startDate));
    return plan.build({ id: usage.id });
  },
};
