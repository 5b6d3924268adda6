import { type ChargeModel, numberProblems, PRICE_DECIMALS_MAX, required } from './charge-model.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

/** A fixed price, whatever the quantity says. */
export const flatFee: ChargeModel = {
  model: 'Flat Fee Pricing',
  types: CHARGE_TYPES_OF_MODEL['Flat Fee Pricing'],
  validate: ({ price }) => numberProblems('price', price, PRICE_DECIMALS_MAX),
  ratedPerPeriod: ({ price }) => required(price, 'price'),
};
