import type { RatePlanReference } from '../../domain/orders/action-specs.ts';
import { wireKey, wireNotYet, wireText } from '../values.ts';

/** Names of a rate plan that is on the subscription already; the first that is given counts. */
const NAMES = [
  'ratePlanId',
  'subscriptionRatePlanNumber',
  'uniqueToken',
  'productRatePlanId',
  'productRatePlanNumber',
] as const;

/** Fields by which UpdateProduct, RemoveProduct and ChangePlan say which rate plan they mean. */
export const ratePlanReferenceShape = {
  ratePlanId: wireKey.nullish(),
  subscriptionRatePlanNumber: wireKey.nullish(),
  uniqueToken: wireText(50).min(1, 'must not be empty').nullish(),
  productRatePlanId: wireKey.nullish(),
  productRatePlanNumber: wireKey.nullish(),
  externalCatalogPlanId: wireNotYet,
};

type WireReference = { readonly [Name in (typeof NAMES)[number]]?: string | null | undefined };

/** For schemas: a rate plan must be named. */
export function namesRatePlan(body: WireReference): boolean {
  return NAMES.some((name) => body[name] != null);
}
export const ratePlanIsRequired = {
  message: 'is required: ratePlanId, or another name of the rate plan',
  path: ['ratePlanId'],
};

/** @param own name of the action's own object: `updateProduct` */
export function fromWireRatePlanReference(body: WireReference, own: string): RatePlanReference {
  const name = NAMES.find((candidate) => body[candidate] != null) ?? 'ratePlanId';
  return {
    ratePlan: body.ratePlanId ?? body.subscriptionRatePlanNumber ?? null,
    uniqueToken: body.uniqueToken ?? null,
    productRatePlan: body.productRatePlanId ?? body.productRatePlanNumber ?? null,
    field: `${own}.${name}`,
  };
}
