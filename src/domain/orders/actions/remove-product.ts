import { isRefusal, type Refusal, refuse } from '../../result.ts';
import type { RatePlan } from '../../subscriptions/subscription.ts';
import { endedOn } from '../../subscriptions/timeline.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { RemoveProductAction } from '../action-specs.ts';
import { findRatePlan } from './find-rate-plan.ts';
import {
  CHANGEABLE,
  earliestTrigger,
  type OrderActionHandler,
  productDates,
  statusProblem,
} from './order-action.ts';

/** RemoveProduct: the rate plan's charges end on the contract effective date (semantics D.2, F.1 row 5). */
export const removeProduct: OrderActionHandler<RemoveProductAction> = {
  needs: () => [],
  earliest: earliestTrigger,
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, CHANGEABLE, setting);
    if (problem !== null) return problem;
    const dates = productDates(spec, setting);
    if (isRefusal(dates)) return dates;
    const plan = findRatePlan(spec.ratePlan, draft, setting);
    if (isRefusal(plan)) return plan;
    return removePlan(plan, dates.contractEffective, draft, `${setting.path}.triggerDates`);
  },
};

/** Takes a rate plan off the subscription from a date on; from booking on it is no longer contracted. */
export function removePlan(plan: RatePlan, date: string, draft: VersionDraft, field: string): Refusal | null {
  const { contractEffectiveDate, subscriptionEndDate } = draft.subscription;
  if (date < contractEffectiveDate) {
    return refuse('invalid', 'must not lie before the subscription starts', field);
  }
  if (subscriptionEndDate !== null && date > subscriptionEndDate) {
    return refuse('invalid', `must not lie after the subscription ends on ${subscriptionEndDate}`, field);
  }
  for (const timeline of draft.timelinesOf(plan.id)) {
    draft.putTimeline(endedOn(timeline, date, { isRemoved: true }, draft.revise));
  }
  draft.putRatePlan({ ...plan, endedInVersion: draft.version, endDate: date });
  return null;
}
