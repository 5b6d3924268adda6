import { type Refusal, refuse } from '../../result.ts';
import type { RatePlan } from '../../subscriptions/subscription.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { RatePlanReference } from '../action-specs.ts';
import type { ActionSetting } from './order-action.ts';

/** The rate plan of the subscription that an action names. Refuses one that is not there, was removed, or is not the only one. */
export function findRatePlan(
  reference: RatePlanReference,
  draft: VersionDraft,
  { path }: Pick<ActionSetting, 'path'>,
): RatePlan | Refusal {
  const field = `${path}.${reference.field}`;
  const { ratePlan, uniqueToken, productRatePlan } = reference;
  const key = ratePlan ?? uniqueToken ?? productRatePlan;
  if (key === null) return refuse('missing', 'is required', field);
  const matches = [...draft.ratePlans()].filter((plan) => {
    if (ratePlan !== null) return plan.id === ratePlan || plan.ratePlanNumber === ratePlan;
    if (uniqueToken !== null) return plan.details.uniqueToken === uniqueToken;
    return plan.productRatePlanId === productRatePlan || plan.productRatePlanNumber === productRatePlan;
  });
  const running = matches.filter(({ endedInVersion }) => endedInVersion === null);
  const { subscriptionNumber } = draft.subscription;
  if (running.length === 0) {
    const what = matches.length > 0 ? 'has been removed from' : 'is no running rate plan of';
    return refuse('invalid', `${key} ${what} subscription ${subscriptionNumber}`, field);
  }
  if (running.length > 1) {
    return refuse(
      'invalid',
      `${key} is on subscription ${subscriptionNumber} more than once: give its ratePlanId`,
      field,
    );
  }
  return running[0]!;
}
