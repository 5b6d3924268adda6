import type {
  ChargeTier,
  Product,
  ProductRatePlan,
  ProductRatePlanCharge,
} from '../domain/catalog/catalog.ts';
import type { ChargeModelName } from '../domain/charge-models/vocabulary.ts';
import type { JsonValue } from '../domain/result.ts';
import { toWireDecimal } from './values.ts';

/** What the v1 resources show of the catalog: its words are spelled as orders spell them. */

/** @param ratePlansUrl where the product's rate plans are listed */
export function toWireProduct(product: Product, ratePlansUrl: string): object {
  return {
    id: product.id,
    productNumber: product.productNumber,
    sku: product.sku,
    name: product.name,
    description: product.description ?? '',
    ...present({ category: product.category }),
    effectiveStartDate: product.effectiveStartDate,
    effectiveEndDate: product.effectiveEndDate,
    ...product.customFields,
    productRatePlans: ratePlansUrl,
  };
}

/** @param today the tenant's date, against which the plan is active or not */
export function toWireRatePlan(plan: ProductRatePlan, today: string): object {
  return {
    id: plan.id,
    productRatePlanNumber: plan.ratePlanNumber,
    name: plan.name,
    description: plan.description ?? '',
    effectiveStartDate: plan.effectiveStartDate,
    effectiveEndDate: plan.effectiveEndDate,
    status: statusOf(plan, today),
    ...(plan.details.Grade === undefined ? {} : { grade: plan.details.Grade }),
    ...plan.customFields,
  };
}

/** A rate plan that is shown by itself also says which ids other systems know it by. */
export function toWireRatePlanAlone(plan: ProductRatePlan, today: string): object {
  return {
    ...toWireRatePlan(plan, today),
    ...present({ externalIdSourceSystem: plan.details.ExternalIdSourceSystem ?? null }),
    externallyManagedPlanIds: plan.externalIds,
  };
}

function statusOf(plan: ProductRatePlan, today: string): 'Active' | 'Expired' | 'NotStarted' {
  if (today < plan.effectiveStartDate) return 'NotStarted';
  return today > plan.effectiveEndDate ? 'Expired' : 'Active';
}

const models: Readonly<Record<ChargeModelName, string>> = {
  'Discount-Fixed Amount': 'DiscountFixedAmount',
  'Discount-Percentage': 'DiscountPercentage',
  'Flat Fee Pricing': 'FlatFee',
  'Per Unit Pricing': 'PerUnit',
  'Overage Pricing': 'Overage',
  'Tiered Pricing': 'Tiered',
  'Tiered with Overage Pricing': 'TieredwithOverage',
  'Volume Pricing': 'Volume',
  'Delivery Pricing': 'Delivery',
  MultiAttributePricing: 'MultiAttributePricing',
  PreratedPerUnit: 'PreratedPerUnit',
  PreratedPricing: 'PreratedPricing',
  HighWatermarkVolumePricing: 'HighWatermarkVolumePricing',
  HighWatermarkTieredPricing: 'HighWatermarkTieredPricing',
};

/** Shown as null when they are not set. */
const NULLABLE_DETAILS = [
  'DiscountLevel',
  'DrawdownRate',
  'DrawdownUom',
  'OverageCalculationOption',
  'OverageUnusedUnitsCreditOption',
  'PrepaidOperationType',
  'PrepaidQuantity',
  'PrepaidTotalQuantity',
  'PrepaidUom',
  'PriceChangeOption',
  'PriceIncreasePercentage',
  'RatingGroup',
  'RevRecCode',
  'RevRecTriggerCondition',
  'SmoothingModel',
  'TaxMode',
  'UsageRecordRatingOption',
  'UseDiscountSpecificAccountingCode',
] as const;

/** Left out when they are not set. */
const OPTIONAL_DETAILS = [
  'ApplyToBillingPeriodPartially',
  'ChargeFunction',
  'CommitmentType',
  'CreditOption',
  'ExcludeItemBillingFromRevenueAccounting',
  'ExcludeItemBookingFromRevenueAccounting',
  'Formula',
  'IsAllocationEligible',
  'IsPrepaid',
  'IsRollover',
  'IsStackedDiscount',
  'IsUnbilled',
  'PriceIncreaseOption',
  'ProductCategory',
  'ProductClass',
  'ProductFamily',
  'ProductLine',
  'RevenueAmortizationMethod',
  'RevenueRecognitionRuleName',
  'RevenueRecognitionTiming',
  'RolloverApply',
  'RolloverPeriodLength',
  'RolloverPeriods',
  'TaxCode',
  'UseTenantDefaultForPriceChange',
  'ValidityPeriodType',
] as const;

export function toWireCharge(charge: ProductRatePlanCharge): object {
  const { details } = charge;
  const detail = (name: string): JsonValue => details[name] ?? null;
  const applyDiscountTo = detail('ApplyDiscountTo');
  return {
    id: charge.id,
    productRatePlanChargeNumber: charge.chargeNumber,
    name: charge.name,
    description: detail('Description') ?? '',
    type: charge.chargeType,
    model: models[charge.chargeModel as ChargeModelName],
    uom: charge.unitOfMeasure,
    defaultQuantity: decimal(charge.defaultQuantity),
    pricing: pricingOf(charge),
    pricingSummary: charge.tiers.map((tier) => summaryOf(charge, tier)),
    billingDay: billingDayOf(charge),
    ...present({
      billingPeriod: underscored(charge.billingPeriod),
      billingPeriodAlignment: charge.billingPeriodAlignment,
      billingTiming: underscored(charge.billingTiming)?.toUpperCase() ?? null,
      listPriceBase: underscored(charge.listPriceBase),
      deliverySchedule: deliveryScheduleOf(charge),
    }),
    specificBillingPeriod: charge.specificBillingPeriod,
    specificListPriceBase: charge.specificListPriceBase,
    triggerEvent: charge.triggerEvent,
    endDateCondition: END_DATE_CONDITIONS[charge.endDateCondition ?? 'OneTime'],
    upToPeriods: charge.upToPeriods,
    upToPeriodsType: underscored(charge.upToPeriodsType),
    applyDiscountTo: typeof applyDiscountTo === 'string' ? applyDiscountTo.replace(/ .*/, '') : null,
    discountClass: detail('DiscountClass'),
    productDiscountApplyDetails: [],
    taxable: detail('Taxable') ?? false,
    ...Object.fromEntries(NULLABLE_DETAILS.map((name) => [lowerFirst(name), detail(name)])),
    numberOfPeriods: detail('NumberOfPeriod'),
    ...present(Object.fromEntries(OPTIONAL_DETAILS.map((name) => [lowerFirst(name), detail(name)]))),
    ...charge.customFields,
    financeInformation: present({
      deferredRevenueAccountingCode: detail('DeferredRevenueAccount'),
      recognizedRevenueAccountingCode: detail('RecognizedRevenueAccount'),
    }),
  };
}

const END_DATE_CONDITIONS: Readonly<Record<string, string>> = {
  SubscriptionEnd: 'Subscription_End',
  FixedPeriod: 'Fixed_Period',
  OneTime: 'One_Time',
};

const DISCOUNTS: ReadonlySet<string> = new Set<ChargeModelName>([
  'Discount-Fixed Amount',
  'Discount-Percentage',
]);
const TIERED: ReadonlySet<string> = new Set<ChargeModelName>([
  'Tiered Pricing',
  'Tiered with Overage Pricing',
  'Volume Pricing',
  'HighWatermarkVolumePricing',
  'HighWatermarkTieredPricing',
]);

/** One entry per currency, in the order in which currencies were given. */
function pricingOf(charge: ProductRatePlanCharge): object[] {
  const byCurrency = Map.groupBy(charge.tiers, (tier) => tier.currency);
  const isTiered = TIERED.has(charge.chargeModel);
  const hasPrice = !isTiered && !DISCOUNTS.has(charge.chargeModel);
  return [...byCurrency].map(([currency, tiers]) => {
    const first = tiers[0]!;
    const overage = charge.chargeModel === 'Overage Pricing' ? first : tiers.find((t) => t.isOveragePrice);
    return {
      currency,
      ...(hasPrice ? { price: toWireDecimal(first.price) } : {}),
      tiers: isTiered ? tiers.map(toWireTier) : null,
      includedUnits: decimal(first.includedUnits),
      overagePrice: overage === undefined ? null : toWireDecimal(overage.price),
      discountPercentage: decimal(first.discountPercentage),
      discountAmount: decimal(first.discountAmount),
    };
  });
}

function toWireTier(tier: ChargeTier): object {
  return {
    tier: tier.tier,
    startingUnit: decimal(tier.startingUnit),
    endingUnit: decimal(tier.endingUnit),
    price: toWireDecimal(tier.price),
    priceFormat: tier.priceFormat.replace(' ', ''),
  };
}

/** A price as a person reads it: USD25, USD6.25/Each, 1 to 100: USD2/Each, 10% discount. */
function summaryOf(charge: ProductRatePlanCharge, tier: ChargeTier): string {
  if (tier.discountPercentage !== null) return `${tier.discountPercentage}% discount`;
  if (tier.discountAmount !== null) return `${tier.currency}${tier.discountAmount} discount`;
  const isPerUnit = charge.unitOfMeasure !== null && tier.priceFormat === 'Per Unit';
  const price = `${tier.currency}${tier.price}${isPerUnit ? `/${charge.unitOfMeasure}` : ''}`;
  if (!TIERED.has(charge.chargeModel)) return price;
  return `${tier.startingUnit} ${tier.endingUnit === null ? 'and more' : `to ${tier.endingUnit}`}: ${price}`;
}

function billingDayOf(charge: ProductRatePlanCharge): string {
  if (charge.billCycleDay !== null) return `${charge.billCycleType}(${charge.billCycleDay})`;
  if (charge.weeklyBillCycleDay !== null) return `${charge.billCycleType}/${charge.weeklyBillCycleDay}`;
  return charge.billCycleType;
}

/** The two families of resources spell Wednesday differently. */
function deliveryScheduleOf(charge: ProductRatePlanCharge): JsonValue {
  const schedule = charge.details.DeliverySchedule;
  if (schedule === undefined || schedule === null || typeof schedule !== 'object') return null;
  if (Array.isArray(schedule)) return null;
  const { wendesday, ...days } = schedule;
  return wendesday === undefined ? days : { ...days, wednesday: wendesday };
}

function underscored(words: string | null): string | null {
  return words === null ? null : words.replaceAll(/[ -]/g, '_');
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function decimal(value: string | null): number | null {
  return value === null ? null : toWireDecimal(value);
}

function present(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
