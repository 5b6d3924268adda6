import type { Problem } from '../charge-models/charge-model.ts';
import { type Refusal, refuse } from '../result.ts';
import type { ChargeTier, ProductRatePlanCharge } from './catalog.ts';
import { overlaid } from './catalog-change.ts';
import type { ChargeInput, TierInput } from './charge-input.ts';
import { type ChargeTermsOnly, normalTerms, termsProblem } from './charge-rules.ts';
import { numberedTiers, tierProblem } from './charge-tiers.ts';

/** What a charge is, without its identity and history. */
export type ChargeDefinition = Omit<
  ProductRatePlanCharge,
  | 'id'
  | 'revision'
  | 'productRatePlanId'
  | 'chargeNumber'
  | 'createdAt'
  | 'createdBy'
  | 'updatedAt'
  | 'updatedBy'
>;

const BLANK: ChargeDefinition = {
  name: '',
  chargeModel: 'Flat Fee Pricing',
  chargeType: 'Recurring',
  billCycleType: 'DefaultFromCustomer',
  billCycleDay: null,
  weeklyBillCycleDay: null,
  billingPeriod: null,
  specificBillingPeriod: null,
  billingTiming: null,
  billingPeriodAlignment: null,
  listPriceBase: null,
  specificListPriceBase: null,
  triggerEvent: 'ContractEffective',
  endDateCondition: null,
  upToPeriods: null,
  upToPeriodsType: null,
  defaultQuantity: null,
  unitOfMeasure: null,
  tiers: [],
  details: {},
  customFields: {},
};

/**
 * The whole charge that results from laying what the caller gave over what there was (nothing, on creation): every rule is checked
 * on the result, so a change can never leave a charge that could not have been created.
 */
export function defineCharge(
  before: ChargeDefinition | null,
  input: ChargeInput,
  newId: () => string,
): ChargeDefinition | Refusal {
  const { name, chargeNumber: _number, tiers, includedUnits, details, customFields, ...terms } = input;
  const base = before ?? BLANK;
  const laid: ChargeDefinition = { ...base, ...terms, name: name ?? base.name };
  const normal = normalTerms(laid as ChargeTermsOnly);
  const tierInputs = tiers ?? base.tiers.map(toInput);
  const problem = termsProblem(normal) ?? tierProblem(normal, tierInputs);
  if (problem !== null) return toRefusal(problem);
  const included = includedUnits === undefined ? (base.tiers[0]?.includedUnits ?? null) : includedUnits;
  return {
    ...laid,
    ...normal,
    tiers: numberedTiers(tierInputs, normal.chargeModel, included, base.tiers, newId),
    details: overlaid(base.details, details),
    customFields: overlaid(base.customFields, customFields),
  };
}

function toRefusal({ field, message }: Problem): Refusal {
  return refuse(message.startsWith('is required') ? 'missing' : 'invalid', message, field);
}

/** A stored tier as a caller would give it. */
export function toInput(tier: ChargeTier): TierInput {
  const { tier: _number, includedUnits: _included, ...input } = tier;
  return input;
}
