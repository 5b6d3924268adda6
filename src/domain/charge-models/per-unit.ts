import { multiply } from '../money.ts';
import {
  type ChargeModel,
  numberProblems,
  PRICE_DECIMALS_MAX,
  QUANTITY_DECIMALS_MAX,
  ratedProblems,
  required,
} from './charge-model.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

/** A price for each unit. */
export const perUnit: ChargeModel = {
  model: 'Per Unit Pricing',
  types: CHARGE_TYPES_OF_MODEL['Per Unit Pricing'],
  validate({ price, quantity }) {
    const problems = [
      ...numberProblems('price', price, PRICE_DECIMALS_MAX),
      ...numberProblems('quantity', quantity, QUANTITY_DECIMALS_MAX),
    ];
    if (problems.length > 0 || price === null || quantity === null) return problems;
    return ratedProblems(multiply(price, quantity));
  },
  ratedPerPeriod: ({ price, quantity }) => multiply(required(price, 'price'), required(quantity, 'quantity')),
};
