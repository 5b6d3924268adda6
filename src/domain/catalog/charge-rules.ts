import { recurrenceProblems } from '../charge-models/billing-period.ts';
import { numberProblems, type Problem, QUANTITY_DECIMALS_MAX } from '../charge-models/charge-model.ts';
import {
  type BillingPeriod,
  CHARGE_TYPES_OF_MODEL,
  type ChargeModelName,
  type ChargeType,
  type ListPriceBase,
} from '../charge-models/vocabulary.ts';
import type { ProductRatePlanCharge } from './catalog.ts';
import { UNIT_MODELS } from './charge-tiers.ts';

/** The terms of a charge without identity, texts and prices. */
export type ChargeTermsOnly = Omit<
  ProductRatePlanCharge,
  | 'id'
  | 'revision'
  | 'productRatePlanId'
  | 'chargeNumber'
  | 'name'
  | 'tiers'
  | 'details'
  | 'customFields'
  | 'createdAt'
  | 'createdBy'
  | 'updatedAt'
  | 'updatedBy'
>;

/** Defaults filled in, and what the charge type does not have taken out: a one-time charge recurs in no way. */
export function normalTerms(terms: ChargeTermsOnly): ChargeTermsOnly {
  const isOneTime = terms.chargeType === 'OneTime';
  const isFixedPeriod = terms.endDateCondition === 'FixedPeriod';
  const isQuantityPriced = UNIT_MODELS.has(terms.chargeModel) && terms.chargeType !== 'Usage';
  return {
    ...terms,
    billingPeriod: isOneTime ? null : terms.billingPeriod,
    specificBillingPeriod: terms.billingPeriod?.startsWith('Specific') ? terms.specificBillingPeriod : null,
    billingTiming: isOneTime ? null : (terms.billingTiming ?? 'In Advance'),
    billingPeriodAlignment: isOneTime ? null : (terms.billingPeriodAlignment ?? 'AlignToCharge'),
    listPriceBase: terms.chargeType === 'Recurring' ? (terms.listPriceBase ?? 'Per Billing Period') : null,
    specificListPriceBase: terms.listPriceBase === 'Per Specific Months' ? terms.specificListPriceBase : null,
    billCycleDay: terms.billCycleType === 'SpecificDayofMonth' ? terms.billCycleDay : null,
    weeklyBillCycleDay: terms.billCycleType === 'SpecificDayofWeek' ? terms.weeklyBillCycleDay : null,
    endDateCondition: isOneTime ? null : (terms.endDateCondition ?? 'SubscriptionEnd'),
    upToPeriods: !isOneTime && isFixedPeriod ? terms.upToPeriods : null,
    upToPeriodsType: !isOneTime && isFixedPeriod ? (terms.upToPeriodsType ?? 'Billing Periods') : null,
    defaultQuantity: isQuantityPriced ? (terms.defaultQuantity ?? '1') : terms.defaultQuantity,
  };
}

/** The first thing that is wrong with the terms, by its name in a request; null when nothing is. */
export function termsProblem(terms: ChargeTermsOnly): Problem | null {
  const types = CHARGE_TYPES_OF_MODEL[terms.chargeModel as ChargeModelName];
  if (!types.includes(terms.chargeType as ChargeType)) {
    return {
      field: 'ChargeModel',
      message: `${terms.chargeModel} is not for charges of type ${terms.chargeType}, but for ${types.join(', ')}`,
    };
  }
  return recurrenceProblem(terms) ?? cycleProblem(terms) ?? quantityProblem(terms);
}

function recurrenceProblem(terms: ChargeTermsOnly): Problem | null {
  if (terms.chargeType === 'OneTime') return null;
  if (terms.chargeType === 'Usage' && terms.billingPeriod === null) return null;
  const [problem] = recurrenceProblems({
    billingPeriod: terms.billingPeriod as BillingPeriod | null,
    specificBillingPeriod: terms.specificBillingPeriod,
    listPriceBase: terms.listPriceBase as ListPriceBase | null,
    specificListPriceBase: terms.specificListPriceBase,
  });
  if (problem === undefined) return null;
  return { ...problem, field: problem.field.charAt(0).toUpperCase() + problem.field.slice(1) };
}

function cycleProblem(terms: ChargeTermsOnly): Problem | null {
  const { billCycleType, billCycleDay, weeklyBillCycleDay, endDateCondition, upToPeriods } = terms;
  if (billCycleType === 'SpecificDayofMonth' && !isCount(billCycleDay, 31)) {
    return { field: 'BillCycleDay', message: 'must be a day from 1 to 31 for SpecificDayofMonth' };
  }
  if (billCycleType === 'SpecificDayofWeek' && weeklyBillCycleDay === null) {
    return { field: 'WeeklyBillCycleDay', message: 'is required for SpecificDayofWeek' };
  }
  if (endDateCondition === 'FixedPeriod' && !isCount(upToPeriods, UP_TO_PERIODS_MAX)) {
    return { field: 'UpToPeriods', message: `must be from 1 to ${UP_TO_PERIODS_MAX} for FixedPeriod` };
  }
  return null;
}

const UP_TO_PERIODS_MAX = 10_000;

function quantityProblem(terms: ChargeTermsOnly): Problem | null {
  if ((UNIT_MODELS.has(terms.chargeModel) || terms.chargeType === 'Usage') && terms.unitOfMeasure === null) {
    return { field: 'UOM', message: `is required for ${terms.chargeModel} of type ${terms.chargeType}` };
  }
  if (terms.defaultQuantity === null) return null;
  const [problem] = numberProblems('DefaultQuantity', terms.defaultQuantity, QUANTITY_DECIMALS_MAX);
  return problem ?? null;
}

function isCount(value: number | null, max: number): boolean {
  return Number.isInteger(value) && value! >= 1 && value! <= max;
}
