import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { refuse } from '../result.ts';
import type { ProductRatePlan } from './catalog.ts';
import {
  catalogStateNeed,
  createdBy,
  datesRefusal,
  generated,
  numberRefusal,
  overlaid,
  touchCatalog,
} from './catalog-change.ts';
import type { CatalogReply } from './create-product.ts';
import { externalIdKey } from './rate-plan-external-ids.ts';

/** A new rate plan of a product; dates are the product's when not given, the number is generated. */
export interface CreateRatePlan
  extends Pick<
    ProductRatePlan,
    'productId' | 'name' | 'description' | 'externalIds' | 'details' | 'customFields'
  > {
  readonly ratePlanNumber?: string | undefined;
  readonly effectiveStartDate?: string | undefined;
  readonly effectiveEndDate?: string | undefined;
}

export const createRatePlan: CommandHandler<CreateRatePlan, CatalogReply> = {
  needs: ({ productId, ratePlanNumber }) => [
    catalogStateNeed,
    { kind: 'product', key: productId },
    ...(ratePlanNumber === undefined ? [] : [{ kind: 'productRatePlan', key: ratePlanNumber } as const]),
  ],
  numbers: ({ ratePlanNumber }) => generated('productRatePlan', ratePlanNumber),
  decide(state, payload, context) {
    const product = state.find('product', payload.productId);
    if (product === null) return refuse('invalid', `there is no product ${payload.productId}`, 'ProductId');
    const effectiveStartDate = payload.effectiveStartDate ?? product.effectiveStartDate;
    const effectiveEndDate = payload.effectiveEndDate ?? product.effectiveEndDate;
    const refusal =
      datesRefusal(effectiveStartDate, effectiveEndDate) ??
      (payload.ratePlanNumber === undefined
        ? null
        : numberRefusal(state, 'productRatePlan', payload.ratePlanNumber, 'ProductRatePlanNumber'));
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    const id = context.newId();
    plan.insert('productRatePlan', {
      ...payload,
      id,
      revision: 0,
      productId: product.id,
      ratePlanNumber: payload.ratePlanNumber ?? context.nextNumber('productRatePlan'),
      effectiveStartDate,
      effectiveEndDate,
      details: overlaid({}, payload.details),
      customFields: overlaid({}, payload.customFields),
      ...createdBy(context),
    });
    for (const externalId of payload.externalIds) {
      plan.insert('ratePlanExternalId', externalIdKey(id, externalId));
    }
    return plan.build({ id });
  },
};
