import { z } from 'zod';
import type { ChangePlanAction } from '../../domain/orders/action-specs.ts';
import { isRefusal, type Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireBoolean } from '../values.ts';
import { oneOf } from '../words.ts';
import { fromWireRatePlanOverride, wireRatePlanOverride } from './rate-plan-override.ts';
import {
  fromWireRatePlanReference,
  namesRatePlan,
  ratePlanIsRequired,
  ratePlanReferenceShape,
} from './rate-plan-reference.ts';

export const wireChangePlan = z
  .object(
    {
      ...ratePlanReferenceShape,
      newProductRatePlan: wireRatePlanOverride,
      effectivePolicy: oneOf([
        'EffectiveImmediately',
        'EffectiveEndOfBillingPeriod',
        'SpecificDate',
      ]).nullish(),
      subType: oneOf(['Upgrade', 'Downgrade', 'Crossgrade', 'PlanChanged']).nullish(),
      resetBcd: wireBoolean.nullish(),
    },
    { error: 'must be an object with newProductRatePlan' },
  )
  .refine(namesRatePlan, ratePlanIsRequired);

export function fromWireChangePlan(
  body: z.output<typeof wireChangePlan>,
  triggerDates: TriggerDates,
  path: string,
): ChangePlanAction | Refusal {
  const add = fromWireRatePlanOverride(body.newProductRatePlan, `${path}.newProductRatePlan`);
  if (isRefusal(add)) return add;
  return {
    type: 'ChangePlan',
    triggerDates,
    remove: fromWireRatePlanReference(body, 'changePlan'),
    add,
    policy: body.effectivePolicy ?? 'EffectiveImmediately',
    subType: body.subType ?? null,
    resetBcd: body.resetBcd ?? false,
  };
}
