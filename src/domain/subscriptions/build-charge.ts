import type { DecideContext } from '../account/command.ts';
import type { ProductRatePlanCharge } from '../catalog/catalog.ts';
import { totalContractedValue } from '../charge-models/mrr.ts';
import type { EndDateCondition, TriggerEvent, UpToPeriodsType } from '../charge-models/vocabulary.ts';
import { type Decimal, multiply } from '../money.ts';
import { isRefusal, type JsonValue, type Refusal, refuse } from '../result.ts';
import { type ChargeSpan, firstSegment, type Segment } from './charge-dates.ts';
import { type ChargePrice, priceCharge } from './charge-price.ts';
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
    totalContractedValue: contractedValue(catalogCharge.chargeType, price, segment),
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

/** The segment's contracted value (semantics C.3): null without an end, the full amount for one-time, nothing for usage. */
function contractedValue(chargeType: string, price: ChargePrice, segment: Segment): Decimal | null {
  if (chargeType === 'OneTime') return multiply(price.price, price.quantity ?? '1');
  if (chargeType !== 'Recurring') return '0';
  if (segment.start === null) return null;
  return totalContractedValue(price.monthlyRecurringRevenue, segment.start, segment.end);
}

/** What billing needs and no column holds is kept with the details. */
function detailsOf(
  catalogCharge: ProductRatePlanCharge,
  override: ChargeSpec | null,
  price: ChargePrice,
): Charge['details'] {
  const details = override?.details ?? {};
  const weekday = catalogCharge.weeklyBillCycleDay;
  const kept: { [name: string]: JsonValue } = {};
  if (price.listPriceBase === 'Per Specific Months') kept.specificListPriceBase = price.specificListPriceBase;
  if (weekday !== null && details.weeklyBillCycleDay === undefined) kept.weeklyBillCycleDay = weekday;
  return { ...details, ...kept };
}
