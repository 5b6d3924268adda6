import { add, compare, multiply, subtract } from '../money.ts';
import { type ChargeModel, numberProblems, PRICE_DECIMALS_MAX, required } from './charge-model.ts';
import { tiersProblem } from './price-tiers.ts';
import { tieredAmount } from './tiered.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

/** Tiers up to the last unit of the last one; each unit beyond it costs the overage price. */
export const tieredWithOverage: ChargeModel = {
  model: 'Tiered with Overage Pricing',
  types: CHARGE_TYPES_OF_MODEL['Tiered with Overage Pricing'],
  validate({ tiers, overagePrice = null }) {
    const problem = tiersProblem(tiers);
    if (problem !== null) return [problem];
    if (tiers.at(-1)!.endingUnit === null) {
      const field = `tiers[${tiers.length - 1}].endingUnit`;
      return [{ field, message: 'is required for the last tier: beyond it is overage' }];
    }
    return numberProblems('overagePrice', overagePrice, PRICE_DECIMALS_MAX);
  },
  ratedPerPeriod({ tiers, quantity, overagePrice = null }) {
    const used = required(quantity, 'quantity');
    const end = required(tiers.at(-1)?.endingUnit ?? null, 'a last tier that ends');
    if (compare(used, end) <= 0) return tieredAmount(tiers, used);
    const beyond = multiply(subtract(used, end), required(overagePrice, 'overagePrice'));
    return add(tieredAmount(tiers, end), beyond);
  },
};
