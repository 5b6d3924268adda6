import { z } from 'zod';
import type { TierInput } from '../domain/catalog/charge-input.ts';
import type { CatalogReply, CreateProduct } from '../domain/catalog/create-product.ts';
import type { CreateRatePlan } from '../domain/catalog/create-rate-plan.ts';
import type { UpdateTier } from '../domain/catalog/update-charge.ts';
import { PRICE_FORMATS } from '../domain/charge-models/vocabulary.ts';
import type { JsonObject } from '../domain/result.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  pick,
  wireBoolean,
  wireCurrency,
  wireDate,
  wireDecimal,
  wireKey,
  wireText,
  withCustomFields,
} from './values.ts';

/** Bodies of /v1/object/product, product-rate-plan and product-rate-plan-charge-tier. Charges: catalog-charges.ts. */

export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

const numberText = wireText(100).regex(/^[^#?/]+$/, 'must not be empty, nor contain #, ? or /');

const product = {
  Name: wireText(100).min(1, 'must not be empty'),
  EffectiveStartDate: wireDate,
  EffectiveEndDate: wireDate,
  Description: wireText(500).nullish(),
  Category: wireText(100).nullish(),
  AllowFeatureChanges: wireBoolean.optional(),
  ProductNumber: numberText.optional(),
  SKU: wireText(50)
    .regex(/^[^#?/]+$/, 'must not be empty, nor contain #, ? or /')
    .optional(),
};
export const createProductBody = withCustomFields(product);
export const updateProductBody = withCustomFields({
  ...product,
  Name: product.Name.optional(),
  EffectiveStartDate: wireDate.optional(),
  EffectiveEndDate: wireDate.optional(),
});

export function fromWireCreateProduct(body: z.output<typeof createProductBody>): CreateProduct {
  return {
    name: body.Name,
    effectiveStartDate: body.EffectiveStartDate,
    effectiveEndDate: body.EffectiveEndDate,
    description: body.Description ?? null,
    category: body.Category ?? null,
    allowFeatureChanges: body.AllowFeatureChanges ?? false,
    details: {},
    customFields: customFieldsOf(body),
    ...given(body, { ProductNumber: 'productNumber', SKU: 'sku' }),
  };
}

export function fromWireUpdateProduct(body: z.output<typeof updateProductBody>): Partial<CreateProduct> {
  return {
    ...given(body, {
      Name: 'name',
      EffectiveStartDate: 'effectiveStartDate',
      EffectiveEndDate: 'effectiveEndDate',
      Description: 'description',
      Category: 'category',
      AllowFeatureChanges: 'allowFeatureChanges',
      ProductNumber: 'productNumber',
      SKU: 'sku',
    }),
    customFields: customFieldsOf(body),
  };
}

const currencies = z.union([z.array(wireCurrency).max(200), wireText(1_000)], {
  error: 'must be a list of currency codes',
});

const ratePlan = {
  Name: wireText(255).min(1, 'must not be empty'),
  ProductId: wireKey,
  EffectiveStartDate: wireDate.optional(),
  EffectiveEndDate: wireDate.optional(),
  Description: wireText(500).nullish(),
  Grade: z.int({ error: 'must be a whole number' }).min(0, 'must not be negative').nullish(),
  ActiveCurrencies: currencies.optional(),
  ProductRatePlanNumber: numberText.optional(),
  ExternalIdSourceSystem: wireText(255).nullish(),
  /** Comma-separated. */
  ExternalRatePlanIds: wireText(4_000).nullish(),
};
export const createRatePlanBody = withCustomFields(ratePlan);
export const updateRatePlanBody = withCustomFields({
  ...ratePlan,
  Name: ratePlan.Name.optional(),
  ProductId: wireKey.optional(),
});

const RATE_PLAN_DETAILS = ['Grade', 'ActiveCurrencies', 'ExternalIdSourceSystem'];

export function fromWireCreateRatePlan(body: z.output<typeof createRatePlanBody>): CreateRatePlan {
  return {
    name: body.Name,
    productId: body.ProductId,
    description: body.Description ?? null,
    externalIds: externalIdsOf(body.ExternalRatePlanIds),
    details: ratePlanDetailsOf(body),
    customFields: customFieldsOf(body),
    ...given(body, RATE_PLAN_OPTIONAL),
  };
}

export function fromWireUpdateRatePlan(body: z.output<typeof updateRatePlanBody>): Partial<CreateRatePlan> {
  return {
    ...given(body, {
      ...RATE_PLAN_OPTIONAL,
      Name: 'name',
      ProductId: 'productId',
      Description: 'description',
    }),
    ...(body.ExternalRatePlanIds === undefined
      ? {}
      : { externalIds: externalIdsOf(body.ExternalRatePlanIds) }),
    details: ratePlanDetailsOf(body),
    customFields: customFieldsOf(body),
  };
}

const RATE_PLAN_OPTIONAL = {
  EffectiveStartDate: 'effectiveStartDate',
  EffectiveEndDate: 'effectiveEndDate',
  ProductRatePlanNumber: 'ratePlanNumber',
} as const;

function externalIdsOf(text: string | null | undefined): string[] {
  const ids = (text ?? '').split(',').map((id) => id.trim());
  return [...new Set(ids.filter((id) => id !== ''))];
}

/** The published sample has the currencies as text, the schema as a list. */
function ratePlanDetailsOf(body: z.output<typeof updateRatePlanBody>): JsonObject {
  const details = pick(body, RATE_PLAN_DETAILS);
  if (typeof body.ActiveCurrencies !== 'string') return details;
  return { ...details, ActiveCurrencies: body.ActiveCurrencies.split(',').map((code) => code.trim()) };
}

const amount = wireDecimal.nullish();

export const wireTier = z.object({
  Id: wireKey.optional(),
  Currency: wireCurrency.optional(),
  StartingUnit: amount,
  EndingUnit: amount,
  Price: amount,
  PriceFormat: oneOf(PRICE_FORMATS).nullish(),
  IsOveragePrice: wireBoolean.nullish(),
  DiscountAmount: amount,
  DiscountPercentage: amount,
});

/** @param homeCurrency of tiers that name none */
export function fromWireTier(tier: z.output<typeof wireTier>, homeCurrency: string): TierInput {
  return {
    id: tier.Id ?? null,
    currency: tier.Currency ?? homeCurrency,
    startingUnit: decimalOrNull(tier.StartingUnit),
    endingUnit: decimalOrNull(tier.EndingUnit),
    price: decimalOrNull(tier.Price),
    priceFormat: tier.PriceFormat ?? null,
    isOveragePrice: tier.IsOveragePrice ?? false,
    discountAmount: decimalOrNull(tier.DiscountAmount),
    discountPercentage: decimalOrNull(tier.DiscountPercentage),
  };
}

export const updateTierBody = z.object({
  Price: wireDecimal.optional(),
  PriceFormat: oneOf(PRICE_FORMATS).optional(),
  DiscountAmount: wireDecimal.optional(),
  DiscountPercentage: wireDecimal.optional(),
});

export function fromWireUpdateTier(body: z.output<typeof updateTierBody>): UpdateTier['changes'] {
  return {
    ...(body.Price === undefined ? {} : { price: fromWireDecimal(body.Price) }),
    ...(body.PriceFormat === undefined ? {} : { priceFormat: body.PriceFormat }),
    ...(body.DiscountAmount === undefined ? {} : { discountAmount: fromWireDecimal(body.DiscountAmount) }),
    ...(body.DiscountPercentage === undefined
      ? {}
      : { discountPercentage: fromWireDecimal(body.DiscountPercentage) }),
  };
}

export function decimalOrNull(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : fromWireDecimal(value);
}

/** The attributes that a body has, under their names in the domain; what is absent stays absent. */
export function given<Names extends Readonly<Record<string, string>>>(
  body: object,
  names: Names,
): { [W in keyof Names as Names[W]]?: never } {
  const record = body as Record<string, unknown>;
  const entries = Object.entries(names).filter(([wire]) => record[wire] !== undefined);
  return Object.fromEntries(entries.map(([wire, name]) => [name, record[wire]])) as never;
}

/** The reply of a CRUD create or change. */
export const toWireSaved = ({ id }: CatalogReply): object => ({ Success: true, Id: id });

/** The reply of a CRUD deletion, which the contract spells in lower case. */
export const toWireDeleted = ({ id }: CatalogReply): object => ({ success: true, id });
