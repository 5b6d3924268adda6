import { z } from 'zod';
import type { ChangePlanAction, RatePlanReference } from '../../domain/orders/action-specs.ts';
import { orderLimits } from '../../domain/orders/limits.ts';
import type { JsonObject } from '../../domain/result.ts';
import {
  customFieldsOf,
  pickGiven,
  wireBoolean,
  wireDate,
  wireKey,
  wireNotYet,
  wireText,
  withCustomFields,
} from '../values.ts';
import { oneOf } from '../words.ts';
import { flatChargeUpdate, fromWireFlatChargeUpdate } from './flat-charges.ts';
import {
  chargeOverrides,
  customFieldsBlock,
  flatRatePlanShape,
  fromWireFlatRatePlan,
  isRatePlanNamed,
  orderBodyOfRatePlan,
  RATE_PLAN_REQUIRED,
} from './flat-rate-plans.ts';
import { triggerDateFields, triggerDatesOf, wireTriggerDates } from './form-values.ts';
import type { FormAction } from './order-form.ts';

/** `add`, `update`, `remove` and `change` of PUT /v1/subscriptions/{key}: each entry is one action on a rate plan. */

const EFFECTIVE_POLICIES = ['EffectiveImmediately', 'EffectiveEndOfBillingPeriod', 'SpecificDate'] as const;
const SUB_TYPES = ['Upgrade', 'Downgrade', 'Crossgrade', 'PlanChanged'] as const;

const dates = { ...triggerDateFields, bookingDate: wireDate.nullish() };
const datesRequired = { ...dates, contractEffectiveDate: wireDate };

/** Which rate plan of the subscription is meant. */
const reference = {
  ratePlanId: wireKey.nullish(),
  subscriptionRatePlanNumber: wireKey.nullish(),
  productRatePlanNumber: wireKey.nullish(),
  externalCatalogPlanId: wireNotYet,
  externalIdSourceSystem: wireNotYet,
};
const REFERENCE_REQUIRED = { message: 'is required', path: ['ratePlanId'] };
interface Reference {
  readonly ratePlanId?: string | null | undefined;
  readonly subscriptionRatePlanNumber?: string | null | undefined;
  readonly productRatePlanId?: string | null | undefined;
  readonly productRatePlanNumber?: string | null | undefined;
}
const isReferenceGiven = (body: Reference) =>
  (body.ratePlanId ??
    body.subscriptionRatePlanNumber ??
    body.productRatePlanId ??
    body.productRatePlanNumber) != null;

function referenceOf(body: Reference, block: string): RatePlanReference {
  const field =
    body.ratePlanId != null
      ? 'ratePlanId'
      : body.subscriptionRatePlanNumber != null
        ? 'subscriptionRatePlanNumber'
        : body.productRatePlanId != null
          ? 'productRatePlanId'
          : 'productRatePlanNumber';
  return {
    ratePlan: body.ratePlanId ?? body.subscriptionRatePlanNumber ?? null,
    uniqueToken: null,
    productRatePlan: body.productRatePlanId ?? body.productRatePlanNumber ?? null,
    field: `${block}.${field}`,
  };
}

const REFERENCE_NAMES = [
  'ratePlanId',
  'subscriptionRatePlanNumber',
  'productRatePlanId',
  'productRatePlanNumber',
] as const;

/** What all entries say to an order beside their own block. */
function common(body: object): JsonObject {
  return { triggerDates: wireTriggerDates(body), ...customFieldsBlock(customFieldsOf(body)) };
}

export const addEntry = withCustomFields({ ...flatRatePlanShape, ...datesRequired }).refine(
  isRatePlanNamed,
  RATE_PLAN_REQUIRED,
);

export function fromWireAdd(body: z.output<typeof addEntry>, path: string): FormAction {
  return {
    action: { type: 'AddProduct', triggerDates: triggerDatesOf(body), ratePlan: fromWireFlatRatePlan(body) },
    body: { triggerDates: wireTriggerDates(body), addProduct: orderBodyOfRatePlan(body) },
    path,
  };
}

export const updateEntry = withCustomFields({
  ...reference,
  ...datesRequired,
  specificUpdateDate: wireDate.nullish(),
  externallyManagedPlanId: wireText(255).nullish(),
  chargeUpdateDetails: z
    .array(flatChargeUpdate, { error: 'must be a list' })
    .max(orderLimits.chargesMax, `must have at most ${orderLimits.chargesMax} charges`)
    .nullish(),
}).refine(isReferenceGiven, REFERENCE_REQUIRED);

/** @param chargeNumbers by the ids that entries name charges by; an unknown id stays, and is refused by the decision */
export function fromWireUpdate(
  body: z.output<typeof updateEntry>,
  path: string,
  chargeNumbers: ReadonlyMap<string, string>,
): FormAction {
  const updates = body.chargeUpdateDetails ?? [];
  const numberOf = (id: string) => chargeNumbers.get(id) ?? id;
  return {
    action: {
      type: 'UpdateProduct',
      triggerDates: triggerDatesOf(body),
      ratePlan: referenceOf(body, 'updateProduct'),
      specificUpdateDate: body.specificUpdateDate ?? null,
      charges: updates.map((update) => fromWireFlatChargeUpdate(update, numberOf(update.ratePlanChargeId))),
      details: pickGiven(body, ['externallyManagedPlanId']),
      customFields: customFieldsOf(body),
    },
    body: {
      ...common(body),
      updateProduct: {
        ...pickGiven(body, [...REFERENCE_NAMES, 'specificUpdateDate', 'externallyManagedPlanId']),
        chargeUpdates: updates.map((update) => ({
          chargeNumber: numberOf(update.ratePlanChargeId),
          ...pickGiven(update, ['description']),
          ...customFieldsBlock(customFieldsOf(update)),
        })),
      },
    },
    path,
  };
}

export const removeEntry = withCustomFields({ ...reference, ...datesRequired }).refine(
  isReferenceGiven,
  REFERENCE_REQUIRED,
);

export function fromWireRemove(body: z.output<typeof removeEntry>, path: string): FormAction {
  return {
    action: {
      type: 'RemoveProduct',
      triggerDates: triggerDatesOf(body),
      ratePlan: referenceOf(body, 'removeProduct'),
      customFields: customFieldsOf(body),
    },
    body: { ...common(body), removeProduct: pickGiven(body, REFERENCE_NAMES) },
    path,
  };
}

export const changeEntry = withCustomFields({
  ...reference,
  ...dates,
  productRatePlanId: wireKey.nullish(),
  newProductRatePlanId: wireKey.nullish(),
  newProductRatePlanNumber: wireKey.nullish(),
  newExternalCatalogPlanId: wireNotYet,
  newExternalIdSourceSystem: wireNotYet,
  chargeOverrides,
  effectivePolicy: oneOf(EFFECTIVE_POLICIES).nullish(),
  resetBcd: wireBoolean.nullish(),
  subType: oneOf(SUB_TYPES).nullish(),
})
  .refine(isReferenceGiven, REFERENCE_REQUIRED)
  .refine((body) => (body.newProductRatePlanId ?? body.newProductRatePlanNumber) != null, {
    message: 'is required',
    path: ['newProductRatePlanId'],
  })
  .refine((body) => body.effectivePolicy !== 'SpecificDate' || body.contractEffectiveDate != null, {
    message: 'is required with effectivePolicy SpecificDate',
    path: ['contractEffectiveDate'],
  });

/** A change with a date and no policy is meant for that date. */
export function fromWireChange(body: z.output<typeof changeEntry>, path: string): FormAction {
  const added = {
    productRatePlanId: body.newProductRatePlanId,
    productRatePlanNumber: body.newProductRatePlanNumber,
    chargeOverrides: body.chargeOverrides,
  };
  const policy =
    body.effectivePolicy ?? (body.contractEffectiveDate == null ? 'EffectiveImmediately' : 'SpecificDate');
  const action: ChangePlanAction = {
    type: 'ChangePlan',
    triggerDates: triggerDatesOf(body),
    remove: referenceOf(body, 'changePlan'),
    add: fromWireFlatRatePlan(added),
    policy,
    subType: body.subType ?? null,
    resetBcd: body.resetBcd ?? false,
  };
  return {
    action,
    body: {
      ...common(body),
      changePlan: {
        ...pickGiven(body, [...REFERENCE_NAMES, 'resetBcd', 'subType']),
        effectivePolicy: policy,
        newProductRatePlan: orderBodyOfRatePlan(added),
      },
    },
    path,
  };
}
