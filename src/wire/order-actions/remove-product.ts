import { z } from 'zod';
import type { RemoveProductAction } from '../../domain/orders/action-specs.ts';
import type { JsonObject } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireCustomFields, wireNoneYet } from '../values.ts';
import {
  fromWireRatePlanReference,
  namesRatePlan,
  ratePlanIsRequired,
  ratePlanReferenceShape,
} from './rate-plan-reference.ts';

export const wireRemoveProduct = z
  .object(
    {
      ...ratePlanReferenceShape,
      /** Custom fields for the charges that go: nobody would see them. */
      chargeUpdates: wireNoneYet,
      customFields: wireCustomFields.nullish(),
    },
    { error: 'must be an object with ratePlanId' },
  )
  .refine(namesRatePlan, ratePlanIsRequired);

export function fromWireRemoveProduct(
  body: z.output<typeof wireRemoveProduct>,
  triggerDates: TriggerDates,
): RemoveProductAction {
  return {
    type: 'RemoveProduct',
    triggerDates,
    ratePlan: fromWireRatePlanReference(body, 'removeProduct'),
    customFields: (body.customFields ?? {}) as JsonObject,
  };
}
