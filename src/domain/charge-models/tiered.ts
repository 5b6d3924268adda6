import { add, type Decimal } from '../money.ts';
import {
  type ChargeModel,
  type ChargeTerms,
  numberProblems,
  type PriceTier,
  type Problem,
  QUANTITY_DECIMALS_MAX,
  ratedProblems,
  required,
} from './charge-model.ts';
import { beyondProblems, reachedTiers, tierAmount, tiersProblem } from './price-tiers.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

/** Each tier that is reached costs: its units, or its fee. */
export const tiered: ChargeModel = {
  model: 'Tiered Pricing',
  types: CHARGE_TYPES_OF_MODEL['Tiered Pricing'],
  validate: (terms) => tieredProblems(terms, tiered.ratedPerPeriod),
  ratedPerPeriod: ({ tiers, quantity }) => tieredAmount(tiers, required(quantity, 'quantity')),
};

/** What a quantity costs over all tiers that it reaches. */
export function tieredAmount(tiers: readonly PriceTier[], quantity: Decimal): Decimal {
  return reachedTiers(tiers, quantity).reduce<Decimal>(
    (sum, { tier, units }) => add(sum, tierAmount(tier, units)),
    '0',
  );
}

/** What is wrong with the terms of a model that prices an agreed quantity by tiers. */
export function tieredProblems(terms: ChargeTerms, rated: (terms: ChargeTerms) => Decimal): Problem[] {
  const problem = tiersProblem(terms.tiers);
  if (problem !== null) return [problem];
  const problems = numberProblems('quantity', terms.quantity, QUANTITY_DECIMALS_MAX);
  if (problems.length > 0) return problems;
  const beyond = beyondProblems(terms.tiers, required(terms.quantity, 'quantity'));
  return beyond.length > 0 ? beyond : ratedProblems(rated(terms));
}
