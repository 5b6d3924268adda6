import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { refuse } from '../result.ts';
import {
  catalogStateNeed,
  datesRefusal,
  numberRefusal,
  overlaid,
  touchCatalog,
  updatedBy,
} from './catalog-change.ts';
import type { CatalogReply } from './create-product.ts';
import type { CreateRatePlan } from './create-rate-plan.ts';
import { externalIdKey } from './rate-plan-external-ids.ts';

/** What changes of a rate plan; what is not given stays. It can't move to another product. */
export interface UpdateRatePlan {
  readonly productRatePlanId: string;
  readonly changes: Partial<CreateRatePlan>;
}

export const updateRatePlan: CommandHandler<UpdateRatePlan, CatalogReply> = {
  needs: ({ productRatePlanId, changes: { ratePlanNumber } }) => [
    catalogStateNeed,
    { kind: 'productRatePlan', key: productRatePlanId },
    ...(ratePlanNumber === undefined ? [] : [{ kind: 'productRatePlan', key: ratePlanNumber } as const]),
  ],
  decide(state, { productRatePlanId, changes }, context) {
    const ratePlan = state.find('productRatePlan', productRatePlanId);
    if (ratePlan === null) {
      return refuse('not_found', `There is no product rate plan ${productRatePlanId}.`);
    }
    if (changes.productId !== undefined && changes.productId !== ratePlan.productId) {
      return refuse('invalid', 'cannot change: a rate plan stays with its product', 'ProductId');
    }
    const changed = {
      ...ratePlan,
      ...changes,
      ratePlanNumber: changes.ratePlanNumber ?? ratePlan.ratePlanNumber,
      effectiveStartDate: changes.effectiveStartDate ?? ratePlan.effectiveStartDate,
      effectiveEndDate: changes.effectiveEndDate ?? ratePlan.effectiveEndDate,
      details: overlaid(ratePlan.details, changes.details ?? {}),
      customFields: overlaid(ratePlan.customFields, changes.customFields ?? {}),
      ...updatedBy(context),
    };
    const refusal =
      datesRefusal(changed.effectiveStartDate, changed.effectiveEndDate) ??
      (changed.ratePlanNumber === ratePlan.ratePlanNumber
        ? null
        : numberRefusal(state, 'productRatePlan', changed.ratePlanNumber, 'ProductRatePlanNumber'));
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    plan.update('productRatePlan', changed);
    for (const externalId of ratePlan.externalIds) {
      if (changed.externalIds.includes(externalId)) continue;
      plan.delete('ratePlanExternalId', externalIdKey(ratePlan.id, externalId));
    }
    for (const externalId of changed.externalIds) {
      if (ratePlan.externalIds.includes(externalId)) continue;
      plan.insert('ratePlanExternalId', externalIdKey(ratePlan.id, externalId));
    }
    return plan.build({ id: ratePlan.id });
  },
};
