import type { CommandHandler } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { isRefusal, refuse } from '../result.ts';
import { contractedMrrDeltas } from '../subscriptions/materialise.ts';
import type { RatePlan } from '../subscriptions/subscription.ts';
import type { DeleteOrderRequest } from './lifecycle-requests.ts';
import type { Order } from './order.ts';
import { takeBackProblem, type VersionEffects } from './order-effects.ts';
import { lineItemsProblem } from './order-line-items.ts';
import {
  findWholeOrder,
  isKept,
  needsOfWholeOrder,
  orderStatusProblem,
  touched,
  type WholeOrder,
} from './whole-order.ts';

/**
 * Deletes an order as if it had never been: the versions that it made are taken back, the ones before are the latest again, and its
 * owners' contracted MRR moves back (semantics F.1 row 14). A subscription that the order created is gone; accounts that it opened stay.
 *
 * Refused unless each of these versions is its subscription's latest, and once something that it changed has been invoiced; refused for
 * a scheduled order, which is cancelled first, and a reverted one, whose reversal is deleted first.
 */
export const deleteOrder: CommandHandler<DeleteOrderRequest, { readonly orderNumber: string }> = {
  alone: true,
  needs: ({ order }) => needsOfWholeOrder(order),
  decide(state, { order: key }, context) {
    const whole = findWholeOrder(state, key);
    if (isRefusal(whole)) return whole;
    const { order, lines, lineItems } = whole;
    const problem = orderStatusProblem(
      order,
      ['Draft', 'Pending', 'Completed', 'Cancelled', 'Failed'],
      'can be deleted',
    );
    if (problem !== null) return problem;
    const billed = lineItemsProblem(lineItems, ['Complete'], order.orderNumber, 'deleted');
    if (billed !== null) return billed;
    const plan = new PlanBuilder();
    const effects = isKept(whole) ? null : state.find('orderEffects', order.id);
    for (const version of effects?.versions ?? []) {
      const refusal = takeBackProblem(version, order.orderNumber, 'deleted');
      if (refusal !== null) return refusal;
      const line = lines.find((kept) => kept.line.subscriptionId === version.made.id);
      takeBack(version, line?.line.ratePlansBefore ?? [], plan);
    }
    for (const delta of effects?.deltas ?? []) plan.delete('orderDelta', delta);
    for (const { line, actions } of lines) {
      for (const action of actions) plan.delete('orderAction', action);
      plan.delete('orderSubscription', line);
    }
    for (const item of lineItems) plan.delete('orderLineItem', item);
    plan.delete('order', order);
    const reverted = revertedBy(order, state);
    if (reverted !== null && reverted.lineItems.length > 0) {
      const message = `Order ${order.orderNumber} can't be deleted: line items of order ${reverted.order.orderNumber}, which it reverts, stay cancelled.`;
      return refuse('rule', message);
    }
    if (reverted !== null) {
      plan.update('order', { ...touched(reverted.order, context), status: 'Completed' });
    }
    return plan.build({ orderNumber: order.orderNumber });
  },
};

/** The order that this one reverts, which is there again when this one is deleted; null when it reverts none. */
function revertedBy({ details }: Order, state: State): WholeOrder | null {
  const number = details.revertedOrderNumber;
  if (typeof number !== 'string') return null;
  demand(state, needsOfWholeOrder(number));
  const reverted = findWholeOrder(state, number);
  return isRefusal(reverted) ? null : reverted;
}

/** Removes a version and what it added; what it had replaced is live again. */
function takeBack(version: VersionEffects, ratePlansBefore: readonly RatePlan[], plan: PlanBuilder): void {
  const { made, base } = version;
  for (const charge of version.addedCharges) plan.delete('charge', charge);
  for (const ratePlan of version.addedRatePlans) plan.delete('ratePlan', ratePlan);
  for (const charge of version.removedCharges) plan.update('charge', { ...charge, removedInVersion: null });
  for (const ratePlan of restoredPlans(version, ratePlansBefore)) plan.update('ratePlan', ratePlan);
  plan.delete('subscription', made);
  // Nothing that the version changed has been billed; where it stood between is looked at again.
  const billingFrom =
    base !== null && base.billingFrom < made.billingFrom ? base.billingFrom : made.billingFrom;
  if (base !== null) plan.update('subscription', { ...base, billingFrom, isLatestVersion: true });
  for (const delta of contractedMrrDeltas(made, base)) plan.delta(delta);
}

/** The rate plans that a version changed in place, as they were before it. */
export function restoredPlans(
  { changedRatePlans }: VersionEffects,
  ratePlansBefore: readonly RatePlan[],
): RatePlan[] {
  return changedRatePlans.flatMap((plan) => {
    const before = ratePlansBefore.find(({ id }) => id === plan.id);
    return before === undefined ? [] : [{ ...before, revision: plan.revision }];
  });
}
