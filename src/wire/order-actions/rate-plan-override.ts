import { z } from 'zod';
import { orderLimits } from '../../domain/orders/limits.ts';
import { isRefusal, type JsonObject, type Refusal } from '../../domain/result.ts';
import type { ChargeSpec, RatePlanSpec } from '../../domain/subscriptions/subscription-spec.ts';
import {
  pickGiven,
  wireBoolean,
  wireCustomFields,
  wireKey,
  wireNoneYet,
  wireNotYet,
  wireText,
} from '../values.ts';
import { listOf } from '../words.ts';
import { fromWireChargeOverride, wireChargeOverride } from './charge-override.ts';

const ratePlanAttributes = {
  externalCatalogPlanId: wireText(255).nullish(),
  externallyManagedPlanId: wireText(255).nullish(),
  uniqueToken: wireText(50).nullish(),
};
const RATE_PLAN_ATTRIBUTES = Object.keys(ratePlanAttributes);

/** A rate plan of the catalog on its way onto a subscription: of CreateSubscription, AddProduct and ChangePlan alike. */
export const wireRatePlanOverride = z
  .object(
    {
      productRatePlanId: wireKey.nullish(),
      productRatePlanNumber: wireKey.nullish(),
      ratePlanName: wireText(255).nullish(),
      /** Generated, as the numbers of charges are. */
      subscriptionRatePlanNumber: wireNotYet,
      chargeOverrides: listOf(wireChargeOverride, 'charges', orderLimits.chargesMax).nullish(),
      /** A new rate plan has no features that could be cleared. */
      clearingExistingFeatures: wireBoolean.nullish(),
      isFromExternalCatalog: wireNotYet,
      subscriptionProductFeatures: wireNoneYet,
      customFields: wireCustomFields.nullish(),
      ...ratePlanAttributes,
    },
    { error: 'must be an object with productRatePlanId' },
  )
  .refine((plan) => (plan.productRatePlanId ?? plan.productRatePlanNumber) != null, {
    message: 'is required',
    path: ['productRatePlanId'],
  });

/** @param path of the rate plan, for refusals */
export function fromWireRatePlanOverride(
  body: z.output<typeof wireRatePlanOverride>,
  path: string,
): RatePlanSpec | Refusal {
  const charges: ChargeSpec[] = [];
  for (const [i, override] of (body.chargeOverrides ?? []).entries()) {
    const read = fromWireChargeOverride(override, `${path}.chargeOverrides[${i}]`);
    if (isRefusal(read)) return read;
    charges.push(read);
  }
  return {
    productRatePlan: body.productRatePlanId ?? body.productRatePlanNumber ?? '',
    name: body.ratePlanName ?? null,
    charges,
    details: pickGiven(body, RATE_PLAN_ATTRIBUTES),
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}
