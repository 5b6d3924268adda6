import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal, refuse } from '../result.ts';
import { catalogStateNeed, createdBy, generated, numberRefusal, touchCatalog } from './catalog-change.ts';
import { defineCharge } from './charge-definition.ts';
import type { ChargeInput } from './charge-input.ts';
import type { CatalogReply } from './create-product.ts';

/** A new charge of a rate plan, with its prices. */
export interface CreateCharge {
  readonly productRatePlanId: string;
  readonly charge: ChargeInput;
}

export const createCharge: CommandHandler<CreateCharge, CatalogReply> = {
  needs: ({ productRatePlanId, charge: { chargeNumber } }) => [
    catalogStateNeed,
    { kind: 'productRatePlan', key: productRatePlanId },
    ...(chargeNumber === undefined ? [] : [{ kind: 'productRatePlanCharge', key: chargeNumber } as const]),
  ],
  numbers: ({ charge }) => generated('productRatePlanCharge', charge.chargeNumber),
  decide(state, { productRatePlanId, charge: input }, context) {
    const ratePlan = state.find('productRatePlan', productRatePlanId);
    if (ratePlan === null) {
      return refuse('invalid', `there is no product rate plan ${productRatePlanId}`, 'ProductRatePlanId');
    }
    const refusal =
      input.chargeNumber === undefined
        ? null
        : numberRefusal(state, 'productRatePlanCharge', input.chargeNumber, 'ProductRatePlanChargeNumber');
    if (refusal !== null) return refusal;
    const defined = defineCharge(null, input, () => context.newId());
    if (isRefusal(defined)) return defined;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    const id = context.newId();
    plan.insert('productRatePlanCharge', {
      ...defined,
      id,
      revision: 0,
      productRatePlanId: ratePlan.id,
      chargeNumber: input.chargeNumber ?? context.nextNumber('productRatePlanCharge'),
      ...createdBy(context),
    });
    for (const tier of defined.tiers) {
      plan.insert('chargeTierKey', { id: tier.id, revision: 0, productRatePlanChargeId: id });
    }
    return plan.build({ id });
  },
};
