import { describe, expect, it } from 'vitest';
import { discountFixed, fixedDiscount } from '../../../src/domain/charge-models/discount-fixed.ts';
import {
  discountPercentage,
  percentageDiscount,
} from '../../../src/domain/charge-models/discount-percentage.ts';
import { termsOf } from './model-terms.ts';

// Shows what a discount takes off an amount, never more than it, and which discounts are refused.

describe('fixed discount', () => {
  it.each([
    ['10', '100', '10'],
    ['100', '100', '100'],
    ['150', '100', '100'],
    ['0', '100', '0'],
    ['10', '0', '0'],
  ])('of %s on %s is %s', (amount, eligible, off) => {
    expect(discountFixed.validate(termsOf({ discountAmount: amount }))).toEqual([]);
    expect(fixedDiscount(amount, eligible)).toBe(off);
  });

  it.each([null, '-1', '0.0000000001', '1000000000000'])('refuses %s', (amount) => {
    const [problem] = discountFixed.validate(termsOf({ discountAmount: amount }));
    expect(problem?.field).toBe('discountAmount');
  });
});

describe('percentage discount', () => {
  it.each([
    ['10', '120', '12'],
    ['100', '99.99', '99.99'],
    ['0', '100', '0'],
    ['12.5', '80', '10'],
    // A third of a nano is nothing, half of one is one.
    ['33', '0.000000001', '0'],
    ['50', '0.000000001', '0.000000001'],
  ])('of %s%% on %s is %s', (percentage, eligible, off) => {
    expect(discountPercentage.validate(termsOf({ discountPercentage: percentage }))).toEqual([]);
    expect(percentageDiscount(percentage, eligible)).toBe(off);
  });

  it.each([null, '-1', '100.000000001'])('refuses %s', (percentage) => {
    const [problem] = discountPercentage.validate(termsOf({ discountPercentage: percentage }));
    expect(problem?.field).toBe('discountPercentage');
  });
});
