import { isRefusal } from '../../result.ts';
import { addRatePlan } from '../../subscriptions/add-rate-plan.ts';
import type { AddProductAction } from '../action-specs.ts';
import {
  CHANGEABLE,
  earliestTrigger,
  type OrderActionHandler,
  productDates,
  statusProblem,
} from './order-action.ts';

/** AddProduct: a rate plan with its charges, which start by the action's trigger dates (semantics D.2, F.1 row 3). */
export const addProduct: OrderActionHandler<AddProductAction> = {
  needs: ({ ratePlan }) => [{ kind: 'ratePlanOffer', key: ratePlan.productRatePlan }],
  earliest: earliestTrigger,
  apply(spec, draft, setting) {
    const problem = statusProblem(draft, CHANGEABLE, setting);
    if (problem !== null) return problem;
    const dates = productDates(spec, setting);
    if (isRefusal(dates)) return dates;
    const added = addRatePlan(draft, spec.ratePlan, { ...setting, dates }, `${setting.path}.addProduct`);
    return isRefusal(added) ? added : null;
  },
};
