import { z } from 'zod';
import { orderLimits } from '../../domain/orders/limits.ts';
import type { JsonObject } from '../../domain/result.ts';
import {
  type SubscriptionRecord,
  segmentsOf,
  shownSegments,
} from '../../domain/subscriptions/subscription-record.ts';
import type { UpdateSubscriptionCustomFields } from '../../domain/subscriptions/update-custom-fields.ts';
import { wireCustomFields, wireKey } from '../values.ts';

/** PUT /v1/subscriptions/{number}/customFields, and the same of a version: changed in place, without an order. */

const charge = z
  .object({
    chargeId: wireKey.nullish(),
    chargeNumber: wireKey.nullish(),
    customFields: wireCustomFields.nullish(),
  })
  .refine((c) => (c.chargeId ?? c.chargeNumber) != null, { message: 'is required', path: ['chargeId'] });

const ratePlan = z.object({
  ratePlanId: wireKey,
  customFields: wireCustomFields.nullish(),
  charges: z
    .array(charge, { error: 'must be a list' })
    .max(orderLimits.chargesMax, `must have at most ${orderLimits.chargesMax} charges`)
    .nullish(),
});

export const customFieldsBody = z.object({
  customFields: wireCustomFields.nullish(),
  ratePlans: z
    .array(ratePlan, { error: 'must be a list' })
    .max(
      orderLimits.ratePlansPerActionMax,
      `must have at most ${orderLimits.ratePlansPerActionMax} rate plans`,
    )
    .nullish(),
});

/**
 * The change of one version. A charge that is named by its number is meant with its last segment.
 *
 * @param record the version with its rate plans and charges
 */
export function fromWireCustomFields(
  body: z.output<typeof customFieldsBody>,
  record: SubscriptionRecord,
): UpdateSubscriptionCustomFields {
  const segments = record.ratePlans.flatMap(segmentsOf);
  const lastSegments = shownSegments(segments, 'last-segment', '');
  const idOf = (number: string) => lastSegments.find((c) => c.chargeNumber === number)?.id ?? number;
  const plans = body.ratePlans ?? [];
  return {
    subscriptionId: record.subscription.id,
    customFields: (body.customFields ?? {}) as JsonObject,
    ratePlans: plans.flatMap((plan, i) =>
      plan.customFields == null
        ? []
        : [{ id: plan.ratePlanId, field: `ratePlans[${i}].ratePlanId`, customFields: plan.customFields }],
    ),
    charges: plans.flatMap((plan, i) =>
      (plan.charges ?? []).flatMap(({ chargeId, chargeNumber, customFields }, j) => {
        if (customFields == null) return [];
        const name = chargeId == null ? 'chargeNumber' : 'chargeId';
        const field = `ratePlans[${i}].charges[${j}].${name}`;
        return [{ id: chargeId ?? idOf(chargeNumber ?? ''), field, customFields }];
      }),
    ),
  };
}
