import { compare, type Decimal, divide, MRR_DECIMALS, multiply } from '../money.ts';
import { type ChargeModel, numberProblems, PRICE_DECIMALS_MAX } from './charge-model.ts';
import { CHARGE_TYPES_OF_MODEL } from './vocabulary.ts';

const WHOLE_PERCENT: Decimal = '100';

/** A share off the charges that the discount applies to. */
export const discountPercentage: ChargeModel = {
  model: 'Discount-Percentage',
  types: CHARGE_TYPES_OF_MODEL['Discount-Percentage'],
  validate({ discountPercentage: percentage = null }) {
    const problems = numberProblems('discountPercentage', percentage, PRICE_DECIMALS_MAX);
    if (problems.length > 0 || percentage === null || compare(percentage, WHOLE_PERCENT) <= 0)
      return problems;
    return [{ field: 'discountPercentage', message: 'must be at most 100' }];
  },
  ratedPerPeriod: () => '0',
};

/** What a percentage takes off what is left of a charge, half up to MRR_DECIMALS places. */
export function percentageDiscount(percentage: Decimal, eligible: Decimal): Decimal {
  return divide(multiply(eligible, percentage), WHOLE_PERCENT, {
    decimals: MRR_DECIMALS,
    rounding: 'HALF_UP',
  });
}
