import type { z } from 'zod';
import type { AddProductAction } from '../../domain/orders/action-specs.ts';
import { isRefusal, type Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { fromWireRatePlanOverride, wireRatePlanOverride } from './rate-plan-override.ts';

export const wireAddProduct = wireRatePlanOverride;

export function fromWireAddProduct(
  body: z.output<typeof wireAddProduct>,
  triggerDates: TriggerDates,
  path: string,
): AddProductAction | Refusal {
  const ratePlan = fromWireRatePlanOverride(body, path);
  return isRefusal(ratePlan) ? ratePlan : { type: 'AddProduct', triggerDates, ratePlan };
}
