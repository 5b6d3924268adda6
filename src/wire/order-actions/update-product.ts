import { z } from 'zod';
import { BILLING_PERIOD_ALIGNMENTS } from '../../domain/charge-models/vocabulary.ts';
import type { ChargeUpdateSpec, UpdateProductAction } from '../../domain/orders/action-specs.ts';
import { orderLimits } from '../../domain/orders/limits.ts';
import { isRefusal, type JsonObject, type Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { fromWirePricingUpdate, wirePricingUpdate } from '../charge-pricing.ts';
import {
  pickGiven,
  wireCustomFields,
  wireDate,
  wireKey,
  wireNoneYet,
  wireNotYet,
  wireText,
} from '../values.ts';
import { listOf, oneOf } from '../words.ts';
import { fromWireChargeStart, wireChargeStart } from './charge-override.ts';
import {
  fromWireRatePlanReference,
  namesRatePlan,
  ratePlanIsRequired,
  ratePlanReferenceShape,
} from './rate-plan-reference.ts';

const chargeUpdate = z
  .object({
    chargeNumber: wireKey.nullish(),
    uniqueToken: wireText(50).min(1, 'must not be empty').nullish(),
    description: wireText(500).nullish(),
    pricing: wirePricingUpdate.nullish(),
    billing: z.object({ billingPeriodAlignment: oneOf(BILLING_PERIOD_ALIGNMENTS).nullish() }).nullish(),
    effectiveDate: wireChargeStart.nullish(),
    prepaidQuantity: wireNotYet,
    customFields: wireCustomFields.nullish(),
  })
  .refine((update) => (update.chargeNumber ?? update.uniqueToken) != null, {
    message: 'is required, or uniqueToken',
    path: ['chargeNumber'],
  });

export const wireUpdateProduct = z
  .object(
    {
      ...ratePlanReferenceShape,
      specificUpdateDate: wireDate.nullish(),
      chargeUpdates: listOf(chargeUpdate, 'charges', orderLimits.chargesMax).nullish(),
      externallyManagedPlanId: wireText(255).nullish(),
      clearingExistingFeatures: wireNotYet,
      subscriptionProductFeatures: wireNoneYet,
      customFields: wireCustomFields.nullish(),
    },
    { error: 'must be an object with ratePlanId' },
  )
  .refine(namesRatePlan, ratePlanIsRequired);

export function fromWireUpdateProduct(
  body: z.output<typeof wireUpdateProduct>,
  triggerDates: TriggerDates,
  path: string,
): UpdateProductAction | Refusal {
  const charges: ChargeUpdateSpec[] = [];
  for (const [i, update] of (body.chargeUpdates ?? []).entries()) {
    const read = fromWireChargeUpdate(update, `${path}.chargeUpdates[${i}]`);
    if (isRefusal(read)) return read;
    charges.push(read);
  }
  return {
    type: 'UpdateProduct',
    triggerDates,
    ratePlan: fromWireRatePlanReference(body, 'updateProduct'),
    specificUpdateDate: body.specificUpdateDate ?? null,
    charges,
    details: pickGiven(body, ['externallyManagedPlanId']),
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}

function fromWireChargeUpdate(body: z.output<typeof chargeUpdate>, path: string): ChargeUpdateSpec | Refusal {
  const pricing = body.pricing == null ? null : fromWirePricingUpdate(body.pricing, `${path}.pricing`);
  if (pricing !== null && isRefusal(pricing)) return pricing;
  return {
    chargeNumber: body.chargeNumber ?? null,
    uniqueToken: body.uniqueToken ?? null,
    description: body.description ?? null,
    pricing,
    billingPeriodAlignment: body.billing?.billingPeriodAlignment ?? null,
    effective: fromWireChargeStart(body.effectiveDate),
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}
