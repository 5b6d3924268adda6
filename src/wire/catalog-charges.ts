import { z } from 'zod';
import type { ChargeInput } from '../domain/catalog/charge-input.ts';
import type { CreateCharge } from '../domain/catalog/create-charge.ts';
import type { UpdateCharge } from '../domain/catalog/update-charge.ts';
import * as words from '../domain/charge-models/vocabulary.ts';
import { decimalOrNull, fromWireTier, given, oneOf, wireTier } from './catalog.ts';
import {
  customFieldsOf,
  pick,
  wireBoolean,
  wireKey,
  wireNonNegative,
  wireText,
  withCustomFields,
} from './values.ts';

/** Bodies of /v1/object/product-rate-plan-charge. */

const TIERS_MAX = 500;
const whole = z.int({ error: 'must be a whole number' });
const flag = wireBoolean.nullish();
const text = (lengthMax: number) => wireText(lengthMax).nullish();
const optional = <const W extends readonly [string, ...string[]]>(list: W) => oneOf(list).nullish();
const quantity = wireNonNegative.nullish();

/** Kept and returned as they came; nothing of today's billing computes on them. */
const details = {
  AccountingCode: text(100),
  ApplyDiscountTo: optional(words.APPLY_DISCOUNT_TO),
  ApplyToBillingPeriodPartially: flag,
  ChargeFunction: optional([
    'Standard',
    'Prepayment',
    'CommitmentTrueUp',
    'Drawdown',
    'CreditCommitment',
    'DrawdownAndCreditCommitment',
  ]),
  ChargeModelConfiguration: z
    .object({
      ConfigurationItem: z
        .array(z.object({ Key: wireText(255), Value: wireText(10_000) }))
        .max(100)
        .optional(),
    })
    .nullish(),
  CommitmentType: optional(['UNIT', 'CURRENCY']),
  CreditOption: optional(['TimeBased', 'ConsumptionBased', 'FullCreditBack']),
  DeferredRevenueAccount: text(100),
  DeliverySchedule: z
    .object({
      frequency: oneOf(['Weekly']).optional(),
      friday: wireBoolean.optional(),
      monday: wireBoolean.optional(),
      saturday: wireBoolean.optional(),
      sunday: wireBoolean.optional(),
      thursday: wireBoolean.optional(),
      tuesday: wireBoolean.optional(),
      // The contract's spelling in this family.
      wendesday: wireBoolean.optional(),
    })
    .nullish(),
  Description: text(500),
  /** Not in the contract's request, which only reads it back: discounts are applied in the order of their classes' names. */
  DiscountClass: text(255),
  DiscountLevel: optional(words.DISCOUNT_LEVELS),
  DrawdownRate: quantity,
  DrawdownUom: text(255),
  ExcludeItemBillingFromRevenueAccounting: flag,
  ExcludeItemBookingFromRevenueAccounting: flag,
  Formula: text(10_000),
  IsAllocationEligible: flag,
  IsPrepaid: flag,
  IsRollover: flag,
  IsStackedDiscount: flag,
  IsUnbilled: flag,
  LegacyRevenueReporting: flag,
  MaxQuantity: quantity,
  MinQuantity: quantity,
  NumberOfPeriod: whole.nullish(),
  OverageCalculationOption: optional(['EndOfSmoothingPeriod', 'PerBillingPeriod']),
  OverageUnusedUnitsCreditOption: optional(['NoCredit', 'CreditBySpecificRate']),
  PrepaidOperationType: optional(['topup', 'drawdown']),
  PrepaidQuantity: quantity,
  PrepaidTotalQuantity: quantity,
  PrepaidUom: text(255),
  PriceChangeOption: optional(words.PRICE_CHANGE_OPTIONS),
  PriceIncreaseOption: optional(['FromTenantPercentageValue', 'SpecificPercentageValue']),
  PriceIncreasePercentage: z
    .number({ error: 'must be a number' })
    .min(-100, 'must be from -100 to 100')
    .max(100, 'must be from -100 to 100')
    .nullish(),
  ProductCategory: text(255),
  ProductClass: text(255),
  ProductFamily: text(255),
  ProductLine: text(255),
  ProrationOption: optional(words.PRORATION_OPTIONS),
  RatingGroup: optional(words.RATING_GROUPS),
  RecognizedRevenueAccount: text(100),
  ReflectDiscountInNetAmount: flag,
  RevRecCode: text(70),
  RevRecTriggerCondition: optional([
    'ContractEffectiveDate',
    'ServiceActivationDate',
    'CustomerAcceptanceDate',
  ]),
  RevenueAmortizationMethod: optional(['Immediate', 'Ratable Using Start And End Dates']),
  RevenueRecognitionRuleName: optional(['Recognize upon invoicing', 'Recognize daily over time']),
  RevenueRecognitionTiming: optional(['Upon Billing Document Posting Date', 'Upon Order Activation Date']),
  RolloverApply: optional(['ApplyFirst', 'ApplyLast']),
  RolloverPeriodLength: whole.nullish(),
  RolloverPeriods: whole.nullish(),
  SmoothingModel: optional(['RollingWindow', 'Rollover']),
  TaxCode: text(64),
  TaxMode: optional(words.TAX_MODES),
  Taxable: flag,
  UsageRecordRatingOption: optional(['EndOfBillingPeriod', 'OnDemand']),
  UseDiscountSpecificAccountingCode: flag,
  UseTenantDefaultForPriceChange: flag,
  ValidityPeriodType: optional(['SUBSCRIPTION_TERM', 'ANNUAL', 'SEMI_ANNUAL', 'QUARTER', 'MONTH']),
};
export const CHARGE_DETAILS = Object.keys(details);

/** The catalog has fewer words than orders. */
const BILLING_PERIODS = [
  'Month',
  'Quarter',
  'Annual',
  'Semi-Annual',
  'Specific Months',
  'Subscription Term',
  'Week',
  'Specific Weeks',
  'Specific Days',
] as const satisfies readonly words.BillingPeriod[];

/** What is computed on: wire name → name in the domain. Decimals are turned into text apart. */
export const CHARGE_TERMS = {
  BillCycleDay: 'billCycleDay',
  BillCycleType: 'billCycleType',
  BillingPeriod: 'billingPeriod',
  BillingPeriodAlignment: 'billingPeriodAlignment',
  BillingTiming: 'billingTiming',
  ChargeModel: 'chargeModel',
  ChargeType: 'chargeType',
  EndDateCondition: 'endDateCondition',
  ListPriceBase: 'listPriceBase',
  SpecificBillingPeriod: 'specificBillingPeriod',
  SpecificListPriceBase: 'specificListPriceBase',
  TriggerEvent: 'triggerEvent',
  UOM: 'unitOfMeasure',
  UpToPeriods: 'upToPeriods',
  UpToPeriodsType: 'upToPeriodsType',
  WeeklyBillCycleDay: 'weeklyBillCycleDay',
} as const;

const NAMES = { ...CHARGE_TERMS, Name: 'name', ProductRatePlanChargeNumber: 'chargeNumber' } as const;

const required = {
  Name: wireText(100).min(1, 'must not be empty'),
  ProductRatePlanId: wireKey,
  ChargeModel: oneOf(words.CHARGE_MODELS),
  ChargeType: oneOf(words.CHARGE_TYPES),
  BillCycleType: oneOf(words.BILL_CYCLE_TYPES),
  TriggerEvent: oneOf(['ContractEffective', 'ServiceActivation', 'CustomerAcceptance']),
};

const terms = {
  BillCycleDay: whole.nullish(),
  BillingPeriod: optional(BILLING_PERIODS),
  BillingPeriodAlignment: optional(words.BILLING_PERIOD_ALIGNMENTS),
  BillingTiming: optional(words.BILLING_TIMINGS),
  DefaultQuantity: quantity,
  EndDateCondition: optional(['SubscriptionEnd', 'FixedPeriod']),
  IncludedUnits: quantity,
  ListPriceBase: optional(words.LIST_PRICE_BASES),
  ProductRatePlanChargeNumber: wireText(100)
    .regex(/^[^#?/]+$/, 'must not be empty, nor contain #, ? or /')
    .optional(),
  ProductRatePlanChargeTierData: z
    .object(
      {
        ProductRatePlanChargeTier: z
          .array(wireTier, { error: 'must be a list of tiers' })
          .max(TIERS_MAX, `must have at most ${TIERS_MAX} tiers`),
      },
      { error: 'must be an object with ProductRatePlanChargeTier' },
    )
    .optional(),
  SpecificBillingPeriod: whole.nullish(),
  SpecificListPriceBase: whole.nullish(),
  UOM: wireText(25).min(1, 'must not be empty').nullish(),
  UpToPeriods: whole.nullish(),
  UpToPeriodsType: optional(words.UP_TO_PERIODS_TYPES),
  WeeklyBillCycleDay: optional(words.WEEKLY_BILL_CYCLE_DAYS),
};

export const createChargeBody = withCustomFields({ ...details, ...terms, ...required });
export const updateChargeBody = withCustomFields({
  ...details,
  ...terms,
  Name: required.Name.optional(),
  ProductRatePlanId: wireKey.optional(),
  ChargeModel: required.ChargeModel.optional(),
  BillCycleType: required.BillCycleType.optional(),
  TriggerEvent: required.TriggerEvent.optional(),
});

/** @param homeCurrency of tiers that name none */
export function fromWireCreateCharge(
  body: z.output<typeof createChargeBody>,
  homeCurrency: string,
): CreateCharge {
  return { productRatePlanId: body.ProductRatePlanId, charge: chargeInput(body, homeCurrency) };
}

/** @param homeCurrency of tiers that name none */
export function fromWireUpdateCharge(
  chargeId: string,
  body: z.output<typeof updateChargeBody>,
  homeCurrency: string,
): UpdateCharge {
  return {
    chargeId,
    changes: chargeInput(body, homeCurrency),
    ...(body.ProductRatePlanId === undefined ? {} : { productRatePlanId: body.ProductRatePlanId }),
  };
}

function chargeInput(body: z.output<typeof updateChargeBody>, homeCurrency: string): ChargeInput {
  const tiers = body.ProductRatePlanChargeTierData?.ProductRatePlanChargeTier;
  return {
    ...given(body, NAMES),
    ...(body.DefaultQuantity === undefined ? {} : { defaultQuantity: decimalOrNull(body.DefaultQuantity) }),
    ...(body.IncludedUnits === undefined ? {} : { includedUnits: decimalOrNull(body.IncludedUnits) }),
    ...(tiers === undefined ? {} : { tiers: tiers.map((tier) => fromWireTier(tier, homeCurrency)) }),
    details: pick(body, CHARGE_DETAILS),
    customFields: customFieldsOf(body),
  };
}
