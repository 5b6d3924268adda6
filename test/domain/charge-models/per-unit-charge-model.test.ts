import { describe, expect, it } from 'vitest';
import { perUnit } from '../../../src/domain/charge-models/per-unit.ts';
import { termsOf } from './model-terms.ts';

// Shows what a price for each unit charges, and what it refuses by which field.

const terms = (price: string | null, quantity: string | null = null) => termsOf({ price, quantity });

describe('per unit', () => {
  it.each([
    ['7.50', '12', '90'],
    ['0.1', '0.2', '0.02'],
    ['6.25', '0', '0'],
    ['0.000000001', '0.000000001', '0.000000000000000001'],
    ['999999999999', '1', '999999999999'],
  ])('charges %s × %s as %s', (price, quantity, rated) => {
    expect(perUnit.validate(terms(price, quantity))).toEqual([]);
    expect(perUnit.ratedPerPeriod(terms(price, quantity))).toBe(rated);
  });

  it.each([
    [null, '1', 'price', 'is required'],
    ['-0.01', '1', 'price', 'must not be negative'],
    ['1', null, 'quantity', 'is required'],
    ['1', '-1', 'quantity', 'must not be negative'],
    ['1', '1.0000000001', 'quantity', 'must have at most 9 decimal places'],
    ['1', '1000000000000', 'quantity', 'must be at most 999999999999'],
    ['2', '500000000000', 'quantity', 'times the price must be at most 999999999999'],
  ])('refuses %s × %s: %s %s', (price, quantity, field, message) => {
    expect(perUnit.validate(terms(price, quantity))).toEqual([{ field, message }]);
  });

  it('names every field that is wrong at once', () => {
    expect(perUnit.validate(terms(null, null)).map(({ field }) => field)).toEqual(['price', 'quantity']);
  });
});
