import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Decimal } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { ProductRatePlanCharge } from './catalog.ts';
import { catalogStateNeed, numberRefusal, touchCatalog, updatedBy } from './catalog-change.ts';
import { defineCharge, toInput } from './charge-definition.ts';
import type { ChargeInput } from './charge-input.ts';
import type { CatalogReply } from './create-product.ts';

/** What changes of a charge. Subscriptions that have it keep what they were sold: they hold a copy. */
export interface UpdateCharge {
  readonly chargeId: string;
  /** Given to be checked: a charge stays in its rate plan. */
  readonly productRatePlanId?: string | undefined;
  readonly changes: ChargeInput;
}

export const updateCharge: CommandHandler<UpdateCharge, CatalogReply> = {
  needs: ({ chargeId, changes: { chargeNumber } }) => [
    catalogStateNeed,
    { kind: 'productRatePlanCharge', key: chargeId },
    ...(chargeNumber === undefined ? [] : [{ kind: 'productRatePlanCharge', key: chargeNumber } as const]),
  ],
  decide(state, { chargeId, productRatePlanId, changes }, context) {
    const charge = state.find('productRatePlanCharge', chargeId);
    if (charge === null) return refuse('not_found', `There is no product rate plan charge ${chargeId}.`);
    if (productRatePlanId !== undefined && productRatePlanId !== charge.productRatePlanId) {
      return refuse('invalid', 'cannot change: a charge stays in its rate plan', 'ProductRatePlanId');
    }
    const changed = changeCharge(state, charge, changes, context);
    return isRefusal(changed) ? changed : { ...changed, reply: { id: charge.id } };
  },
};

/** Price of one tier; what is not given stays. */
export interface UpdateTier {
  readonly tierId: string;
  readonly changes: {
    readonly price?: Decimal;
    readonly priceFormat?: string;
    readonly discountAmount?: Decimal;
    readonly discountPercentage?: Decimal;
  };
}

export const updateTier: CommandHandler<UpdateTier, CatalogReply> = {
  needs: ({ tierId }) => [catalogStateNeed, { kind: 'chargeTierKey', key: tierId }],
  decide(state, { tierId, changes }, context) {
    const key = state.find('chargeTierKey', tierId);
    const charge = key === null ? null : state.find('productRatePlanCharge', key.productRatePlanChargeId);
    if (charge === null) return refuse('not_found', `There is no product rate plan charge tier ${tierId}.`);
    const tiers = charge.tiers.map((tier) => {
      const input = toInput(tier);
      return tier.id === tierId ? { ...input, ...changes } : input;
    });
    const changed = changeCharge(state, charge, { tiers, details: {}, customFields: {} }, context);
    return isRefusal(changed) ? inTier(changed) : { ...changed, reply: { id: tierId } };
  },
};

/** A problem's field as a request about one tier has it. */
function inTier(refusal: Refusal): Refusal {
  const field = refusal.field?.replace(/^.*\./, '');
  return field === undefined ? refusal : { ...refusal, field };
}

function changeCharge(
  state: State,
  charge: ProductRatePlanCharge,
  changes: ChargeInput,
  context: DecideContext,
): Plan<null> | Refusal {
  const chargeNumber = changes.chargeNumber ?? charge.chargeNumber;
  const refusal =
    chargeNumber === charge.chargeNumber
      ? null
      : numberRefusal(state, 'productRatePlanCharge', chargeNumber, 'ProductRatePlanChargeNumber');
  if (refusal !== null) return refusal;
  const defined = defineCharge(charge, changes, () => context.newId());
  if (isRefusal(defined)) return defined;
  const plan = new PlanBuilder();
  touchCatalog(state, plan);
  plan.update('productRatePlanCharge', { ...charge, ...defined, chargeNumber, ...updatedBy(context) });
  const kept = new Set(defined.tiers.map((tier) => tier.id));
  const known = new Set(charge.tiers.map((tier) => tier.id));
  for (const tier of charge.tiers.filter(({ id }) => !kept.has(id))) {
    plan.delete('chargeTierKey', { id: tier.id, revision: 0, productRatePlanChargeId: charge.id });
  }
  for (const tier of defined.tiers.filter(({ id }) => !known.has(id))) {
    plan.insert('chargeTierKey', { id: tier.id, revision: 0, productRatePlanChargeId: charge.id });
  }
  return plan.build(null);
}
