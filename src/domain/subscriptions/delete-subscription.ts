import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { refuse } from '../result.ts';
import { contractedMrrDeltas } from './materialise.ts';

export interface DeleteSubscription {
  readonly subscriptionNumber: string;
  /** The version that the caller thinks is the latest; null: whichever is. */
  readonly expectedVersion: number | null;
}

export interface SubscriptionDeleted {
  readonly subscriptionNumber: string;
  /** Of the version that was the latest. */
  readonly subscriptionId: string;
}

/**
 * Deletes a subscription with all its versions, rate plans, charges and order deltas. Refused once something of it has been billed:
 * documents refer to it. Its orders stay, as what was booked, without the versions that they made; the owner's contracted MRR falls by what
 * the subscription still counted (semantics F.1 row 14).
 */
export const deleteSubscription: CommandHandler<DeleteSubscription, SubscriptionDeleted> = {
  alone: true,
  needs: ({ subscriptionNumber }) => [{ kind: 'subscription', key: subscriptionNumber }],
  decide(state, { subscriptionNumber, expectedVersion }) {
    const latest = state.find('subscription', subscriptionNumber);
    if (latest === null) return refuse('not_found', `There is no subscription ${subscriptionNumber}.`);
    if (expectedVersion !== null && expectedVersion !== latest.version) {
      const message = `subscription ${subscriptionNumber} is at version ${latest.version}, not ${expectedVersion}`;
      return { ...refuse('conflict', message), currentVersion: latest.version };
    }
    const lineage = state.find('subscriptionLineage', latest.originalId)!;
    if (lineage.isBilled) {
      return refuse('rule', `Subscription ${subscriptionNumber} cannot be deleted: it has been billed.`);
    }
    const plan = new PlanBuilder();
    for (const id of lineage.chargeIds) plan.delete('charge', { id, revision: 0 });
    for (const id of lineage.ratePlanIds) plan.delete('ratePlan', { id, revision: 0 });
    for (const id of lineage.orderDeltaIds) plan.delete('orderDelta', { id, revision: 0 });
    for (const id of lineage.subscriptionIds) {
      if (id !== latest.id) plan.delete('subscription', { id, revision: 0 });
    }
    plan.delete('subscription', latest);
    for (const delta of contractedMrrDeltas(latest, null)) plan.delta(delta);
    return plan.build({ subscriptionNumber, subscriptionId: latest.id });
  },
};
