import { isRefusal, type Refusal, refuse } from '../../result.ts';
import { addRatePlan } from '../../subscriptions/add-rate-plan.ts';
import type { RatePlan } from '../../subscriptions/subscription.ts';
import type { VersionDraft } from '../../subscriptions/version-draft.ts';
import type { ChangePlanAction } from '../action-specs.ts';
import { findRatePlan } from './find-rate-plan.ts';
import {
  type ActionSetting,
  CHANGEABLE,
  earliestTrigger,
  type OrderActionHandler,
  productDates,
  statusProblem,
} from './order-action.ts';
import { removePlan } from './remove-product.ts';

/** ChangePlan: one rate plan is replaced by another on one day (semantics D.2, F.1 row 7). */
export const changePlan: OrderActionHandler<ChangePlanAction> = {
  needs: ({ add }) => [{ kind: 'ratePlanOffer', key: add.productRatePlan }],
  earliest: earliestTrigger,
  goesBackTo(spec, draft) {
    if (spec.policy !== 'EffectiveEndOfBillingPeriod') return null;
    const plan = findRatePlan(spec.remove, draft, { path: '' });
    if (isRefusal(plan)) return null;
    // Of the plan alone: other plans may have been invoiced further.
    return draft.invoicedThrough(draft.timelinesOf(plan.id)) ?? draft.subscription.subscriptionStartDate;
  },
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, CHANGEABLE, setting);
    if (problem !== null) return problem;
    const plan = findRatePlan(spec.remove, draft, setting);
    if (isRefusal(plan)) return plan;
    const date = dateOfChange(spec, plan, draft, setting);
    if (typeof date !== 'string') return date;
    const removed = removePlan(plan, date, draft, `${setting.path}.triggerDates`);
    if (removed !== null) return removed;
    const dates = { contractEffective: date, serviceActivation: date, customerAcceptance: date };
    const path = `${setting.path}.changePlan.newProductRatePlan`;
    const added = addRatePlan(draft, spec.add, { ...setting, dates }, path);
    if (isRefusal(added)) return added;
    draft.putRatePlan({
      ...added,
      details: {
        ...added.details,
        originalRatePlanId: plan.id,
        ...(spec.subType === null ? {} : { subType: spec.subType }),
      },
    });
    return null;
  },
};

function dateOfChange(
  spec: ChangePlanAction,
  plan: RatePlan,
  draft: VersionDraft,
  setting: ActionSetting,
): string | Refusal {
  const dates = productDates(spec, setting);
  if (isRefusal(dates)) return dates;
  switch (spec.policy) {
    case 'EffectiveImmediately':
      return dates.contractEffective;
    case 'EffectiveEndOfBillingPeriod':
      return draft.invoicedThrough(draft.timelinesOf(plan.id)) ?? dates.contractEffective;
    case 'SpecificDate':
      return spec.triggerDates.contractEffective == null
        ? refuse('missing', 'ContractEffective is required for SpecificDate', `${setting.path}.triggerDates`)
        : dates.contractEffective;
  }
}
