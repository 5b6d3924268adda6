import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/** One row; every change of the catalog moves its revision. */
export interface CatalogState extends Stored {}

export const CATALOG_STATE_ID = 'catalog';

export interface Product extends Stored, Audit {
  readonly productNumber: string;
  readonly name: string;
  readonly sku: string;
  readonly effectiveStartDate: string;
  readonly effectiveEndDate: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly allowFeatureChanges: boolean;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface ProductRatePlan extends Stored, Audit {
  readonly productId: string;
  readonly ratePlanNumber: string;
  readonly name: string;
  readonly effectiveStartDate: string;
  readonly effectiveEndDate: string;
  readonly description: string | null;
  readonly externalIds: readonly string[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** One price level. Quantities and prices are decimal text. */
export interface ChargeTier {
  readonly id: string;
  readonly tier: number;
  readonly currency: string;
  readonly startingUnit: string | null;
  readonly endingUnit: string | null;
  readonly price: string;
  /** 'Per Unit' | 'Flat Fee' */
  readonly priceFormat: string;
  readonly isOveragePrice: boolean;
  /** Discount percentage or amount where the model has one. */
  readonly discountAmount: string | null;
  readonly discountPercentage: string | null;
  readonly includedUnits: string | null;
}

export interface ProductRatePlanCharge extends Stored, Audit {
  readonly productRatePlanId: string;
  readonly chargeNumber: string;
  readonly name: string;
  /** Wire vocabulary, as in /v1/object/product-rate-plan-charge: 'Flat Fee Pricing' … */
  readonly chargeModel: string;
  /** 'OneTime' | 'Recurring' | 'Usage' */
  readonly chargeType: string;
  readonly billCycleType: string;
  readonly billCycleDay: number | null;
  /** 'Monday' … for bill cycle type SpecificDayofWeek. */
  readonly weeklyBillCycleDay: string | null;
  readonly billingPeriod: string | null;
  readonly specificBillingPeriod: number | null;
  readonly billingTiming: string | null;
  readonly billingPeriodAlignment: string | null;
  readonly listPriceBase: string | null;
  /** Months of the base 'Per Specific Months'. */
  readonly specificListPriceBase: number | null;
  readonly triggerEvent: string;
  readonly endDateCondition: string | null;
  readonly upToPeriods: number | null;
  readonly upToPeriodsType: string | null;
  /** Default quantity, decimal text. */
  readonly defaultQuantity: string | null;
  readonly unitOfMeasure: string | null;
  readonly tiers: readonly ChargeTier[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** Leads from a tier's id to the charge that holds it: tiers are read and changed by their own id. */
export interface ChargeTierKey extends Stored {
  readonly productRatePlanChargeId: string;
}

/** An id that another system knows a rate plan by; its own id is `<rate plan id>/<external id>`. */
export interface RatePlanExternalId extends Stored {
  readonly externalId: string;
  readonly productRatePlanId: string;
}

/** Read only, key = SKU: which product has it. Guarded by catalogState. */
export interface ProductSku extends Stored {
  readonly productId: string;
}

/**
 * Read only, key = id of a product, rate plan or charge: whether a subscription uses it. Guarded, so that nothing can subscribe to
 * what is being deleted.
 */
export interface CatalogUsage extends Stored {
  readonly isUsed: boolean;
  /** The rate plans of a product. Covered by catalogState's guard. */
  readonly ratePlanIds: readonly string[];
}

/** A rate plan with what an order needs of it. Its currency rows are the charges' tiers. */
export interface RatePlanOffer extends Stored {
  readonly productId: string;
  readonly productName: string;
  readonly productSku: string;
  readonly productEffectiveStartDate: string;
  readonly productEffectiveEndDate: string;
  readonly plan: ProductRatePlan;
  readonly charges: readonly ProductRatePlanCharge[];
}
