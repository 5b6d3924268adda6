import type {
  ChargeTier,
  Product,
  ProductRatePlan,
  ProductRatePlanCharge,
} from '../domain/catalog/catalog.ts';
import type { Audit } from '../domain/entities.ts';
import { CHARGE_TERMS } from './catalog-charges.ts';
import { toWireDecimal, toWireOffsetDateTime } from './values.ts';

/** What GET /v1/object/… shows of the catalog: names in upper camel case, nothing that is not set. */

type CrudObject = Record<string, unknown>;

export function toWireProductObject(product: Product, timeZone: string): CrudObject {
  return filled({
    Id: product.id,
    Name: product.name,
    SKU: product.sku,
    Description: product.description,
    Category: product.category,
    AllowFeatureChanges: product.allowFeatureChanges,
    EffectiveStartDate: product.effectiveStartDate,
    EffectiveEndDate: product.effectiveEndDate,
    ...product.details,
    ...product.customFields,
    ...auditOf(product, timeZone),
  });
}

export function toWireRatePlanObject(plan: ProductRatePlan, timeZone: string): CrudObject {
  const { ExternalIdSourceSystem: _system, ...details } = plan.details;
  return filled({
    Id: plan.id,
    ProductId: plan.productId,
    Name: plan.name,
    Description: plan.description,
    EffectiveStartDate: plan.effectiveStartDate,
    EffectiveEndDate: plan.effectiveEndDate,
    ...details,
    ...plan.customFields,
    ...auditOf(plan, timeZone),
  });
}

/** Beyond the contract: the charge's tiers with their ids, which no other reply of this family holds. */
export function toWireChargeObject(charge: ProductRatePlanCharge, timeZone: string): CrudObject {
  const terms = Object.entries(CHARGE_TERMS).map(([wire, name]) => [wire, charge[name]]);
  return filled({
    Id: charge.id,
    ProductRatePlanId: charge.productRatePlanId,
    Name: charge.name,
    ...Object.fromEntries(terms),
    DefaultQuantity: decimal(charge.defaultQuantity),
    IncludedUnits: decimal(charge.tiers[0]?.includedUnits ?? null),
    ...charge.details,
    ...charge.customFields,
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: charge.tiers.map(tierOf) },
    ...auditOf(charge, timeZone),
  });
}

/** A tier is written with its charge: it shows the charge's history. */
export function toWireTierObject(
  charge: ProductRatePlanCharge,
  tier: ChargeTier,
  timeZone: string,
): CrudObject {
  return { ...tierOf(tier), ...auditOf(charge, timeZone) };
}

/** Only the fields of a comma-separated list, and the id; all when there is no list. */
export function selected(object: CrudObject, fields: string | undefined): CrudObject {
  if (fields === undefined || fields === '') return object;
  const wanted = new Set(['id', ...fields.split(',').map((field) => field.trim().toLowerCase())]);
  return Object.fromEntries(Object.entries(object).filter(([name]) => wanted.has(name.toLowerCase())));
}

function tierOf(tier: ChargeTier): CrudObject {
  const isDiscount = tier.discountAmount !== null || tier.discountPercentage !== null;
  return filled({
    Id: tier.id,
    Tier: tier.tier,
    Currency: tier.currency,
    StartingUnit: decimal(tier.startingUnit),
    EndingUnit: decimal(tier.endingUnit),
    Price: isDiscount ? null : toWireDecimal(tier.price),
    PriceFormat: tier.priceFormat,
    IsOveragePrice: tier.isOveragePrice ? true : null,
    DiscountAmount: decimal(tier.discountAmount),
    DiscountPercentage: decimal(tier.discountPercentage),
  });
}

function auditOf(entity: Audit, timeZone: string): CrudObject {
  return {
    CreatedById: entity.createdBy,
    CreatedDate: toWireOffsetDateTime(entity.createdAt, timeZone),
    UpdatedById: entity.updatedBy,
    UpdatedDate: toWireOffsetDateTime(entity.updatedAt, timeZone),
  };
}

function decimal(value: string | null): number | null {
  return value === null ? null : toWireDecimal(value);
}

function filled(object: CrudObject): CrudObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
