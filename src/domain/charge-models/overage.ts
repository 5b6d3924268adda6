import { compare, multiply, subtract } from '../money.ts';
import {
  type ChargeModel,
  numberProblems,
  PRICE_DECIMALS_MAX,
  QUANTITY_DECIMALS_MAX,
  required,
} from './charge-model.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

/** Units beyond the included ones cost a price each. Included units are for each billing period and not prorated. */
export const overage: ChargeModel = {
  model: 'Overage Pricing',
  types: CHARGE_TYPES_OF_MODEL['Overage Pricing'],
  validate: ({ includedUnits = null, overagePrice = null }) => [
    ...numberProblems('includedUnits', includedUnits, QUANTITY_DECIMALS_MAX),
    ...numberProblems('overagePrice', overagePrice, PRICE_DECIMALS_MAX),
  ],
  ratedPerPeriod({ quantity, includedUnits = null, overagePrice = null }) {
    const used = required(quantity, 'quantity');
    const included = required(includedUnits, 'includedUnits');
    if (compare(used, included) <= 0) return '0';
    return multiply(subtract(used, included), required(overagePrice, 'overagePrice'));
  },
};
