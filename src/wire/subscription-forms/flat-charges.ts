import { z } from 'zod';
import type { PriceTier } from '../../domain/charge-models/charge-model.ts';
import {
  BILL_CYCLE_TYPES,
  BILLING_PERIOD_ALIGNMENTS,
  type BillingPeriod,
  DISCOUNT_LEVELS,
  DISCOUNT_TARGETS,
  PRICE_CHANGE_OPTIONS,
  type PriceFormat,
  RATING_GROUPS,
  type TriggerEvent,
  WEEKLY_BILL_CYCLE_DAYS,
} from '../../domain/charge-models/vocabulary.ts';
import type { ChargeUpdateSpec } from '../../domain/orders/action-specs.ts';
import { orderLimits } from '../../domain/orders/limits.ts';
import type {
  BillingOverride,
  ChargeEnd,
  ChargeSpec,
  ChargeStart,
  PricingOverride,
} from '../../domain/subscriptions/subscription-spec.ts';
import {
  billingPeriodFromWire,
  billingTimingFromWire,
  endDateConditionFromWire,
  listPriceBaseFromWire,
  upToPeriodsTypeFromWire,
} from '../charge-vocabulary.ts';
import {
  customFieldsOf,
  fromWireDecimal,
  pickGiven,
  wireBoolean,
  wireDate,
  wireDecimal,
  wireKey,
  wireNonNegative,
  wireNotYet,
  wireText,
  withCustomFields,
} from '../values.ts';
import { oneOf, wholeNumber, wordOf } from '../words.ts';

/**
 * Charges as the forms of /v1/subscriptions change them: price, quantity, billing and dates side by side, whatever the charge's model.
 */

const TIERS_MAX = 500;

/** Forms also have the older word for half a year. */
const billingPeriods = { ...billingPeriodFromWire, Half_Year: 'Semi-Annual' } as const satisfies Record<
  string,
  BillingPeriod
>;

/** Trigger events of forms: their own short words, and those of orders. */
const triggerEvents = {
  UCE: 'ContractEffective',
  USA: 'ServiceActivation',
  UCA: 'CustomerAcceptance',
  USD: 'SpecificDate',
  ContractEffective: 'ContractEffective',
  ServiceActivation: 'ServiceActivation',
  CustomerAcceptance: 'CustomerAcceptance',
  SpecificDate: 'SpecificDate',
} as const satisfies Record<string, TriggerEvent>;

const priceFormats = {
  FlatFee: 'Flat Fee',
  PerUnit: 'Per Unit',
  'Flat Fee': 'Flat Fee',
  'Per Unit': 'Per Unit',
} as const satisfies Record<string, PriceFormat>;

const BILL_CYCLE_DAY_MAX = 31;
const DAY = `must be a day from 0 to ${BILL_CYCLE_DAY_MAX}, as a number or as text`;
/** Text in the contract. */
const billCycleDay = z.union(
  [z.int().min(0).max(BILL_CYCLE_DAY_MAX), z.string().regex(/^(\d|[12]\d|3[01])$/)],
  { error: DAY },
);

const tiers = z
  .array(
    z.object({
      tier: wholeNumber(1, TIERS_MAX),
      price: wireNonNegative,
      startingUnit: wireNonNegative,
      endingUnit: wireNonNegative.nullish(),
      priceFormat: wordOf(priceFormats).nullish(),
    }),
    { error: 'must be a list of tiers' },
  )
  .max(TIERS_MAX, `must have at most ${TIERS_MAX} tiers`);

/** What prices a charge: common to charges that are added and charges that are changed. */
const pricing = {
  price: wireNonNegative.nullish(),
  quantity: wireNonNegative.nullish(),
  tiers: tiers.nullish(),
  includedUnits: wireNonNegative.nullish(),
  overagePrice: wireNonNegative.nullish(),
  priceChangeOption: oneOf(PRICE_CHANGE_OPTIONS).nullish(),
  priceIncreasePercentage: wireDecimal.refine((value) => value >= -100, 'must not be below -100').nullish(),
  chargeModelConfiguration: wireNotYet,
};

const start = { triggerEvent: wordOf(triggerEvents).nullish(), triggerDate: wireDate.nullish() };

/** Attributes of an added charge that nothing computes on here: kept and shown. */
const attributes = {
  description: wireText(500).nullish(),
  amendedByOrderOn: wireText(50).nullish(),
  excludeItemBillingFromRevenueAccounting: wireBoolean.nullish(),
  excludeItemBookingFromRevenueAccounting: wireBoolean.nullish(),
  isAllocationEligible: wireBoolean.nullish(),
  isUnbilled: wireBoolean.nullish(),
  numberOfPeriods: wholeNumber(1, orderLimits.termPeriodsMax).nullish(),
  originalOrderDate: wireDate.nullish(),
  overageUnusedUnitsCreditOption: oneOf(['NoCredit', 'CreditBySpecificRate']).nullish(),
  ratingGroup: oneOf(RATING_GROUPS).nullish(),
  unusedUnitsCreditRates: wireNonNegative.nullish(),
  weeklyBillCycleDay: oneOf(WEEKLY_BILL_CYCLE_DAYS).nullish(),
};
const ATTRIBUTES = Object.keys(attributes);

export const flatChargeOverride = withCustomFields({
  productRatePlanChargeId: wireKey.nullish(),
  productRatePlanChargeNumber: wireKey.nullish(),
  /** Numbers of charges are generated: a caller's could not be kept unique without reading for each. */
  number: wireNotYet,
  ...pricing,
  discountAmount: wireNonNegative.nullish(),
  discountPercentage: wireNonNegative.nullish(),
  applyDiscountTo: oneOf(DISCOUNT_TARGETS).nullish(),
  discountLevel: oneOf(DISCOUNT_LEVELS).nullish(),
  listPriceBase: wordOf(listPriceBaseFromWire).nullish(),
  specificListPriceBase: wholeNumber(1, 200).nullish(),
  billCycleDay: billCycleDay.nullish(),
  billCycleType: oneOf(BILL_CYCLE_TYPES).nullish(),
  billingPeriod: wordOf(billingPeriods).nullish(),
  billingPeriodAlignment: oneOf(BILLING_PERIOD_ALIGNMENTS).nullish(),
  billingTiming: wordOf(billingTimingFromWire).nullish(),
  specificBillingPeriod: wholeNumber(1, 10_000).nullish(),
  ...start,
  endDateCondition: wordOf(endDateConditionFromWire).nullish(),
  specificEndDate: wireDate.nullish(),
  upToPeriods: wholeNumber(0, orderLimits.termPeriodsMax).nullish(),
  upToPeriodsType: wordOf(upToPeriodsTypeFromWire).nullish(),
  ...attributes,
}).refine((o) => (o.productRatePlanChargeId ?? o.productRatePlanChargeNumber) != null, {
  message: 'is required',
  path: ['productRatePlanChargeId'],
});

/** A charge of the subscription, by the id of any of its segments. */
export const flatChargeUpdate = withCustomFields({
  ratePlanChargeId: wireKey,
  description: wireText(500).nullish(),
  billingPeriodAlignment: oneOf(BILLING_PERIOD_ALIGNMENTS).nullish(),
  ...pricing,
  ...start,
});

type FlatChargeOverride = z.output<typeof flatChargeOverride>;
type FlatChargeUpdate = z.output<typeof flatChargeUpdate>;

const decimal = (value: number | null | undefined) => (value == null ? null : fromWireDecimal(value));

/** The prices of a form; null when it has none. Their kind is open: only the catalog knows the charge's model. */
function pricingOf(body: Partial<FlatChargeOverride>): PricingOverride | null {
  const read: Omit<PricingOverride, 'kind'> = {
    price: decimal(body.price),
    quantity: decimal(body.quantity),
    listPriceBase: body.listPriceBase == null ? null : listPriceBaseFromWire[body.listPriceBase],
    specificListPriceBase: body.specificListPriceBase ?? null,
    tiers: tiersOf(body.tiers),
    includedUnits: decimal(body.includedUnits),
    overagePrice: decimal(body.overagePrice),
    discountAmount: decimal(body.discountAmount),
    discountPercentage: decimal(body.discountPercentage),
    applyDiscountTo: body.applyDiscountTo ?? null,
    discountLevel: body.discountLevel ?? null,
    priceChangeOption: body.priceChangeOption ?? null,
    priceIncreasePercentage: decimal(body.priceIncreasePercentage),
  };
  return Object.values(read).every((value) => value === null) ? null : { kind: 'any', ...read };
}

/** A tier without a format is priced for each unit. */
function tiersOf(tiers: FlatChargeOverride['tiers']): readonly PriceTier[] | null {
  if (tiers == null) return null;
  return tiers.map((tier) => ({
    startingUnit: fromWireDecimal(tier.startingUnit),
    endingUnit: decimal(tier.endingUnit),
    price: fromWireDecimal(tier.price),
    priceFormat: tier.priceFormat == null ? 'Per Unit' : priceFormats[tier.priceFormat],
  }));
}

export function fromWireFlatCharge(body: FlatChargeOverride): ChargeSpec {
  return {
    productRatePlanCharge: body.productRatePlanChargeId ?? body.productRatePlanChargeNumber ?? '',
    name: null,
    pricing: pricingOf(body),
    billing: billingOf(body),
    start: startOf(body),
    end: endOf(body),
    details: pickGiven(body, ATTRIBUTES),
    customFields: customFieldsOf(body),
  };
}

/** @param chargeNumber of the charge that the form names by an id */
export function fromWireFlatChargeUpdate(body: FlatChargeUpdate, chargeNumber: string): ChargeUpdateSpec {
  return {
    chargeNumber,
    uniqueToken: null,
    description: body.description ?? null,
    pricing: pricingOf(body),
    billingPeriodAlignment: body.billingPeriodAlignment ?? null,
    effective: startOf(body),
    customFields: customFieldsOf(body),
  };
}

function billingOf(body: FlatChargeOverride): BillingOverride | null {
  const read: BillingOverride = {
    billCycleDay: body.billCycleDay == null ? null : Number(body.billCycleDay),
    billCycleType: body.billCycleType ?? null,
    billingPeriod: body.billingPeriod == null ? null : billingPeriods[body.billingPeriod],
    billingPeriodAlignment: body.billingPeriodAlignment ?? null,
    billingTiming: body.billingTiming == null ? null : billingTimingFromWire[body.billingTiming],
    specificBillingPeriod: body.specificBillingPeriod ?? null,
  };
  return Object.values(read).every((value) => value === null) ? null : read;
}

function startOf(body: FlatChargeOverride | FlatChargeUpdate): ChargeStart | null {
  if (body.triggerEvent == null && body.triggerDate == null) return null;
  return {
    triggerEvent: body.triggerEvent == null ? null : triggerEvents[body.triggerEvent],
    specificTriggerDate: body.triggerDate ?? null,
  };
}

function endOf(body: FlatChargeOverride): ChargeEnd | null {
  const read: ChargeEnd = {
    endDateCondition: body.endDateCondition == null ? null : endDateConditionFromWire[body.endDateCondition],
    specificEndDate: body.specificEndDate ?? null,
    upToPeriods: body.upToPeriods ?? null,
    upToPeriodsType: body.upToPeriodsType == null ? null : upToPeriodsTypeFromWire[body.upToPeriodsType],
  };
  return Object.values(read).every((value) => value === null) ? null : read;
}
