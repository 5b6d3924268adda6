import { compare, type Decimal } from '../money.ts';
import { type ChargeModel, numberProblems, PRICE_DECIMALS_MAX } from './charge-model.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

/** An amount off the charges that the discount applies to. */
export const discountFixed: ChargeModel = {
  model: 'Discount-Fixed Amount',
  types: CHARGE_TYPES_OF_MODEL['Discount-Fixed Amount'],
  validate: ({ discountAmount = null }) =>
    numberProblems('discountAmount', discountAmount, PRICE_DECIMALS_MAX),
  ratedPerPeriod: () => '0',
};

/** What an amount takes off what is left of a charge: never more than that. */
export function fixedDiscount(amount: Decimal, eligible: Decimal): Decimal {
  return compare(amount, eligible) < 0 ? amount : eligible;
}
