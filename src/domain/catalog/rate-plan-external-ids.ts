import type { RatePlanExternalId } from './catalog.ts';

/** The row that leads from another system's id to the rate plan. */
export function externalIdKey(productRatePlanId: string, externalId: string): RatePlanExternalId {
  return { id: `${productRatePlanId}/${externalId}`, revision: 0, externalId, productRatePlanId };
}
