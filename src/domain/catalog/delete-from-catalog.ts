import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { type Refusal, refuse } from '../result.ts';
import type { ProductRatePlanCharge } from './catalog.ts';
import { catalogStateNeed, touchCatalog } from './catalog-change.ts';
import type { CatalogReply } from './create-product.ts';
import { externalIdKey } from './rate-plan-external-ids.ts';

/**
 * Deleting takes what belongs to the object with it: a product its rate plans, a rate plan its charges, a charge its tiers. What a
 * subscription has, or ever had, stays: documents refer to it. These commands rest on lists, so each commits alone.
 */
export interface DeleteFromCatalog {
  readonly id: string;
}

type Handler = CommandHandler<DeleteFromCatalog, CatalogReply>;

export const deleteProduct: Handler = {
  alone: true,
  needs: ({ id }) => [catalogStateNeed, { kind: 'product', key: id }, { kind: 'catalogUsage', key: id }],
  decide(state, { id }) {
    const product = state.find('product', id);
    if (product === null) return refuse('not_found', `There is no product ${id}.`);
    const refusal = usedRefusal(state, product.id, 'product');
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    for (const ratePlanId of state.find('catalogUsage', product.id)?.ratePlanIds ?? []) {
      addRatePlanDeletion(state, ratePlanId, plan);
    }
    return plan.delete('product', product).build({ id: product.id });
  },
};

export const deleteRatePlan: Handler = {
  alone: true,
  needs: ({ id }) => [
    catalogStateNeed,
    { kind: 'productRatePlan', key: id },
    { kind: 'ratePlanOffer', key: id },
    { kind: 'catalogUsage', key: id },
  ],
  decide(state, { id }) {
    const ratePlan = state.find('productRatePlan', id);
    if (ratePlan === null) return refuse('not_found', `There is no product rate plan ${id}.`);
    const refusal = usedRefusal(state, ratePlan.id, 'rate plan');
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    addRatePlanDeletion(state, ratePlan.id, plan);
    return plan.build({ id: ratePlan.id });
  },
};

export const deleteCharge: Handler = {
  alone: true,
  needs: ({ id }) => [
    catalogStateNeed,
    { kind: 'productRatePlanCharge', key: id },
    { kind: 'catalogUsage', key: id },
  ],
  decide(state, { id }) {
    const charge = state.find('productRatePlanCharge', id);
    if (charge === null) return refuse('not_found', `There is no product rate plan charge ${id}.`);
    const refusal = usedRefusal(state, charge.id, 'charge');
    if (refusal !== null) return refusal;
    const plan = new PlanBuilder();
    touchCatalog(state, plan);
    addChargeDeletion(charge, plan);
    return plan.build({ id: charge.id });
  },
};

function usedRefusal(state: State, id: string, what: string): Refusal | null {
  if (state.find('catalogUsage', id)?.isUsed !== true) return null;
  return refuse('rule', `The ${what} ${id} cannot be deleted: a subscription uses it.`);
}

function addRatePlanDeletion(state: State, id: string, plan: PlanBuilder): void {
  const ratePlan = state.find('productRatePlan', id);
  if (ratePlan === null) return;
  for (const charge of state.find('ratePlanOffer', id)?.charges ?? []) addChargeDeletion(charge, plan);
  for (const externalId of ratePlan.externalIds) {
    plan.delete('ratePlanExternalId', externalIdKey(id, externalId));
  }
  plan.delete('productRatePlan', ratePlan);
}

function addChargeDeletion(charge: ProductRatePlanCharge, plan: PlanBuilder): void {
  for (const tier of charge.tiers) {
    plan.delete('chargeTierKey', { id: tier.id, revision: 0, productRatePlanChargeId: charge.id });
  }
  plan.delete('productRatePlanCharge', charge);
}
