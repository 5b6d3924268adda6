import { type ChargeModel, required } from './charge-model.ts';
import { reachedTiers, tierAmount } from './price-tiers.ts';
import { tieredProblems } from './tiered.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

/** The tier in which the whole quantity falls prices all of it. */
export const volume: ChargeModel = {
  model: 'Volume Pricing',
  types: CHARGE_TYPES_OF_MODEL['Volume Pricing'],
  validate: (terms) => tieredProblems(terms, volume.ratedPerPeriod),
  ratedPerPeriod({ tiers, quantity }) {
    const whole = required(quantity, 'quantity');
    const last = reachedTiers(tiers, whole).at(-1);
    return last === undefined ? '0' : tierAmount(last.tier, whole);
  },
};
