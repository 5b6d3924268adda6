import { describe, expect, it } from 'vitest';
import { flatFee } from '../../../src/domain/charge-models/flat-fee.ts';
import { termsOf } from './model-terms.ts';

// Shows what a flat fee charges and which prices it refuses.

const terms = (price: string | null, quantity: string | null = null) => termsOf({ price, quantity });

describe('flat fee', () => {
  it.each([
    ['84', null, '84'],
    ['84', '5', '84'],
    ['0', null, '0'],
    ['0.000000001', null, '0.000000001'],
    ['999999999999', null, '999999999999'],
  ])('charges %s for quantity %s as %s', (price, quantity, rated) => {
    expect(flatFee.validate(terms(price, quantity))).toEqual([]);
    expect(flatFee.ratedPerPeriod(terms(price, quantity))).toBe(rated);
  });

  it.each([
    [null, 'is required'],
    ['-1', 'must not be negative'],
    ['0.0000000001', 'must have at most 9 decimal places'],
    ['999999999999.1', 'must be at most 999999999999'],
  ])('refuses the price %s: %s', (price, message) => {
    expect(flatFee.validate(terms(price))).toEqual([{ field: 'price', message }]);
  });
});
