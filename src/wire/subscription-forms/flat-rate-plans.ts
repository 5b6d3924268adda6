import { z } from 'zod';
import { orderLimits } from '../../domain/orders/limits.ts';
import type { JsonObject } from '../../domain/result.ts';
import type { RatePlanSpec } from '../../domain/subscriptions/subscription-spec.ts';
import { customFieldsOf, pickGiven, wireKey, wireNotYet, wireText, withCustomFields } from '../values.ts';
import { flatChargeOverride, fromWireFlatCharge } from './flat-charges.ts';

/** Rate plans as the forms of /v1/subscriptions add them. */

const ATTRIBUTES = ['externalCatalogPlanId', 'externallyManagedPlanId'] as const;

export const chargeOverrides = z
  .array(flatChargeOverride, { error: 'must be a list' })
  .max(orderLimits.chargesMax, `must have at most ${orderLimits.chargesMax} charges`)
  .nullish();

export const flatRatePlanShape = {
  productRatePlanId: wireKey.nullish(),
  productRatePlanNumber: wireKey.nullish(),
  chargeOverrides,
  externalCatalogPlanId: wireText(255).nullish(),
  externalIdSourceSystem: wireNotYet,
  externallyManagedPlanId: wireText(255).nullish(),
};

const named = (plan: { productRatePlanId?: unknown; productRatePlanNumber?: unknown }) =>
  (plan.productRatePlanId ?? plan.productRatePlanNumber) != null;
export const RATE_PLAN_REQUIRED = { message: 'is required', path: ['productRatePlanId'] };

export const flatRatePlan = withCustomFields(flatRatePlanShape).refine(named, RATE_PLAN_REQUIRED);
export const isRatePlanNamed = named;

export const flatRatePlans = z
  .array(flatRatePlan, { error: 'must be a list of rate plans' })
  .max(
    orderLimits.ratePlansPerActionMax,
    `must have at most ${orderLimits.ratePlansPerActionMax} rate plans`,
  );

type FlatRatePlan = z.output<typeof flatRatePlan>;

export function fromWireFlatRatePlan(body: FlatRatePlan): RatePlanSpec {
  return {
    productRatePlan: body.productRatePlanId ?? body.productRatePlanNumber ?? '',
    name: null,
    charges: (body.chargeOverrides ?? []).map(fromWireFlatCharge),
    details: pickGiven(body, ATTRIBUTES),
    customFields: customFieldsOf(body),
  };
}

/**
 * The rate plan as an order shows it. Prices are left out: orders name them by the charge's model, which a form does not, and show
 * what the charges have become.
 */
export function orderBodyOfRatePlan(body: FlatRatePlan): JsonObject {
  return {
    ...pickGiven(body, ['productRatePlanId', 'productRatePlanNumber', ...ATTRIBUTES]),
    ...customFieldsBlock(customFieldsOf(body)),
    chargeOverrides: (body.chargeOverrides ?? []).map((charge) => ({
      ...pickGiven(charge, ['productRatePlanChargeId', 'productRatePlanChargeNumber', 'description']),
      ...customFieldsBlock(customFieldsOf(charge)),
    })),
  };
}

export function customFieldsBlock(customFields: JsonObject): JsonObject {
  return Object.keys(customFields).length === 0 ? {} : { customFields };
}
