import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import { earlier } from '../calendar.ts';
import { subtract } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import { earliestStart } from '../subscriptions/charge-dates.ts';
import { subscriptionLimits } from '../subscriptions/limits.ts';
import { contractedMrrDeltas, type MadeVersion, materialise } from '../subscriptions/materialise.ts';
import type { Charge, RatePlan, Subscription } from '../subscriptions/subscription.ts';
import { endedOn } from '../subscriptions/timeline.ts';
import { VersionDraft } from '../subscriptions/version-draft.ts';
import { restoredPlans } from './delete-order.ts';
import type { Order } from './order.ts';
import type { VersionEffects } from './order-effects.ts';

/**
 * The next version of a subscription, which takes back what its latest one did: its content is that of the version before. Segments that
 * are live again are new rows, so that the version that is taken back still reads as it was; rate plans that it changed in place are changed
 * back. Without a version before the subscription is cancelled from its first day.
 */
export function revertVersion(
  version: VersionEffects,
  ratePlansBefore: readonly RatePlan[],
  reversal: Order,
  plan: PlanBuilder,
  context: DecideContext,
): MadeVersion | Refusal {
  const { made, base } = version;
  if (made.version >= subscriptionLimits.ordersMax) {
    const message = `subscription ${made.subscriptionNumber} has had ${subscriptionLimits.ordersMax} orders, which is the most`;
    return refuse('rule', message);
  }
  // The first day that changes, or that of the reversal: what was billed beyond it is given back by whoever bills up to then.
  const from = earliestStart([...version.addedCharges, ...version.removedCharges], reversal.orderDate);
  const next: Subscription = {
    ...(base ?? made),
    id: context.newId(),
    revision: 0,
    version: made.version + 1,
    isLatestVersion: true,
    orderId: reversal.id,
    orderNumber: reversal.orderNumber,
    billingFrom: earlier(made.billingFrom, from),
    updatedAt: context.now,
    updatedBy: context.actor,
  };
  if (base === null) return cancelled(version, next, plan, context);
  plan.update('subscription', { ...made, isLatestVersion: false });
  plan.insert('subscription', next);
  for (const charge of version.addedCharges) {
    plan.update('charge', { ...charge, removedInVersion: next.version });
  }
  for (const ratePlan of version.addedRatePlans) {
    plan.update('ratePlan', { ...ratePlan, removedInVersion: next.version });
  }
  for (const ratePlan of restoredPlans(version, ratePlansBefore)) plan.update('ratePlan', ratePlan);
  const charges = version.removedCharges.map((charge) => liveAgain(charge, version, next, context));
  for (const charge of charges) plan.insert('charge', charge);
  for (const delta of contractedMrrDeltas(made, next)) plan.delta(delta);
  return {
    subscription: next,
    baseVersion: made.version,
    ratePlans: [],
    ratePlansBefore: [...version.changedRatePlans, ...version.addedRatePlans],
    charges,
    removedCharges: version.addedCharges,
    changedRatePlans: version.changedRatePlans,
    from,
    deltaMrr: subtract(next.contractedMrr, made.contractedMrr),
    deltaTcv:
      next.totalContractedValue === null || made.totalContractedValue === null
        ? null
        : subtract(next.totalContractedValue, made.totalContractedValue),
  };
}

function liveAgain(
  charge: Charge,
  { addedCharges }: VersionEffects,
  next: Subscription,
  context: DecideContext,
): Charge {
  const changes = addedCharges.flatMap((c) => (c.chargeNumber === charge.chargeNumber ? [c.version] : []));
  return {
    ...charge,
    id: context.newId(),
    revision: 0,
    version: Math.max(charge.version, ...changes) + 1,
    addedInVersion: next.version,
    removedInVersion: null,
  };
}

function cancelled(
  { made, addedCharges, addedRatePlans }: VersionEffects,
  next: Subscription,
  plan: PlanBuilder,
  context: DecideContext,
): MadeVersion | Refusal {
  // Version 1 is the latest: what it added is all that there is.
  const content = {
    id: made.id,
    revision: made.revision,
    from: '',
    subscription: made,
    ratePlans: addedRatePlans,
    charges: addedCharges,
  };
  const draft = new VersionDraft(content, next, context);
  const start = made.subscriptionStartDate;
  draft.mapTimelines((timeline) => endedOn(timeline, start, { isRemoved: false }, draft.revise));
  draft.patch({ status: 'Cancelled', subscriptionEndDate: start, termEndDate: start, suspendedOn: null });
  return materialise(draft, plan, start, '');
}
