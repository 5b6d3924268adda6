import type { DecideContext } from '../account/command.ts';
import type { ProductRatePlanCharge } from '../catalog/catalog.ts';
import type { EndDateCondition, TriggerEvent, UpToPeriodsType } from '../charge-models/vocabulary.ts';
import { isRefusal, type JsonValue, type Refusal, refuse } from '../result.ts';
import { type ChargeSpan, firstSegment } from './charge-dates.ts';
import { type ChargePrice, priceCharge } from './charge-price.ts';
import { contractedValueOf, pricingDetails } from './price-fields.ts';
import type { Charge, RatePlan } from './subscription.ts';
import type { ChargeSpec } from './subscription-spec.ts';
import type { Term } from './term.ts';
import type { ResolvedTriggerDates } from './trigger-dates.ts';

/** What the charges of one subscription have in common. */
export interface ChargeSetting {
  readonly currency: string;
  readonly term: Term;
  readonly dates: ResolvedTriggerDates;
  readonly addedInVersion: number;
}

export interface ChargeOrigin {
  readonly takeNumber: () => string;
  readonly context: DecideContext;
  /** Where the charge's override, or its rate plan, stands in the request. */
  readonly path: string;
}

/** Makes a charge with its first segment. Refuses what cannot be priced or dated, naming the override's field. */
export function buildCharge(
  catalogCharge: ProductRatePlanCharge,
  override: ChargeSpec | null,
  ratePlan: RatePlan,
  setting: ChargeSetting,
  { takeNumber, context, path }: ChargeOrigin,
): Charge | Refusal {
  const price = priceCharge(catalogCharge, override, setting.currency, setting.term, path);
  if (isRefusal(price)) return price;
  const span = spanOf(catalogCharge, override, price);
  if (override?.start?.triggerEvent === 'SpecificDate' && span.triggerDate === null) {
    return refuse('invalid', 'is required for SpecificDate', `${path}.startDate.specificTriggerDate`);
  }
  const segment = firstSegment(span, setting.dates, setting.term, path);
  if (isRefusal(segment)) return segment;
  const id = context.newId();
  const billing = override?.billing;
  return {
    id,
    revision: 0,
    ratePlanId: ratePlan.id,
    subscriptionOriginalId: ratePlan.subscriptionOriginalId,
    chargeNumber: takeNumber(),
    originalChargeId: id,
    segment: 1,
    isLastSegment: true,
    isSuspended: false,
    isRemoved: false,
    version: 1,
    addedInVersion: setting.addedInVersion,
    removedInVersion: null,
    productRatePlanChargeId: catalogCharge.id,
    productRatePlanChargeNumber: catalogCharge.chargeNumber,
    name: override?.name ?? catalogCharge.name,
    chargeType: catalogCharge.chargeType,
    chargeModel: catalogCharge.chargeModel,
    currency: setting.currency,
    price: price.price,
    quantity: price.quantity,
    tiers: price.tiers,
    includedUnits: price.includedUnits,
    overagePrice: price.overagePrice,
    discountAmount: price.discountAmount,
    discountPercentage: price.discountPercentage,
    applyDiscountTo: price.applyDiscountTo,
    discountLevel: price.discountLevel,
    discountClass: price.discountClass,
    unitOfMeasure: catalogCharge.unitOfMeasure,
    billingPeriod: price.billingPeriod,
    specificBillingPeriod: price.specificBillingPeriod,
    billingTiming: billing?.billingTiming ?? catalogCharge.billingTiming,
    billingPeriodAlignment: billing?.billingPeriodAlignment ?? catalogCharge.billingPeriodAlignment,
    billCycleType: billing?.billCycleType ?? catalogCharge.billCycleType,
    billCycleDay: billing?.billCycleDay ?? catalogCharge.billCycleDay,
    listPriceBase: price.listPriceBase,
    triggerEvent: span.triggerEvent,
    triggerDate: span.triggerDate,
    endDateCondition: span.endDateCondition,
    specificEndDate: span.specificEndDate,
    upToPeriods: span.upToPeriods,
    upToPeriodsType: span.upToPeriodsType,
    agreedEndDate: segment.agreedEnd,
    effectiveStartDate: segment.start,
    effectiveEndDate: segment.end,
    chargedThroughDate: null,
    processedThroughDate: null,
    monthlyRecurringRevenue: price.monthlyRecurringRevenue,
    totalContractedValue: contractedValueOf(
      catalogCharge.chargeType,
      { ...price, chargeModel: catalogCharge.chargeModel },
      segment,
    ),
    details: detailsOf(catalogCharge, override, price),
    customFields: override?.customFields ?? {},
    createdAt: context.now,
  };
}

function spanOf(
  catalogCharge: ProductRatePlanCharge,
  override: ChargeSpec | null,
  price: ChargePrice,
): ChargeSpan {
  const start = override?.start ?? null;
  const end = override?.end ?? null;
  const oneTime = catalogCharge.chargeType === 'OneTime';
  const specific = start !== null && start.specificTriggerDate !== null;
  return {
    chargeType: catalogCharge.chargeType,
    triggerEvent: (start?.triggerEvent ??
      (specific ? 'SpecificDate' : catalogCharge.triggerEvent)) as TriggerEvent,
    triggerDate: start?.specificTriggerDate ?? null,
    endDateCondition: oneTime
      ? 'OneTime'
      : ((end?.endDateCondition ?? catalogCharge.endDateCondition ?? 'SubscriptionEnd') as EndDateCondition),
    specificEndDate: end?.specificEndDate ?? null,
    upToPeriods: end?.upToPeriods ?? catalogCharge.upToPeriods,
    upToPeriodsType: (end?.upToPeriodsType ?? catalogCharge.upToPeriodsType) as UpToPeriodsType | null,
    billingPeriod: price.billingPeriod,
    specificBillingPeriod: price.specificBillingPeriod,
  };
}

/** What a charge keeps of its catalog charge's details, by its own name: what holds for it unless the order says otherwise. */
const KEPT_DETAILS = {
  priceChangeOption: 'PriceChangeOption',
  priceIncreasePercentage: 'PriceIncreasePercentage',
  ratingGroup: 'RatingGroup',
  numberOfPeriods: 'NumberOfPeriod',
  overageCalculationOption: 'OverageCalculationOption',
  overageUnusedUnitsCreditOption: 'OverageUnusedUnitsCreditOption',
  smoothingModel: 'SmoothingModel',
  usageRecordRatingOption: 'UsageRecordRatingOption',
  applyToBillingPeriodPartially: 'ApplyToBillingPeriodPartially',
} as const;

/** What billing needs and no column holds is kept with the details. */
function detailsOf(
  catalogCharge: ProductRatePlanCharge,
  override: ChargeSpec | null,
  price: ChargePrice,
): Charge['details'] {
  const details = { ...override?.details, ...pricingDetails(override?.pricing ?? null) };
  const weekday = catalogCharge.weeklyBillCycleDay;
  const kept: { [name: string]: JsonValue } = {};
  for (const [name, ofCatalog] of Object.entries(KEPT_DETAILS)) {
    const value = catalogCharge.details[ofCatalog];
    if (value != null && details[name] === undefined) kept[name] = value;
  }
  if (price.listPriceBase === 'Per Specific Months') kept.specificListPriceBase = price.specificListPriceBase;
  if (weekday !== null && details.weeklyBillCycleDay === undefined) kept.weeklyBillCycleDay = weekday;
  return { ...details, ...kept };
}
