import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceTier } from '../../../src/domain/charge-models/charge-model.ts';
import { reachedTiers, TIERS_MAX } from '../../../src/domain/charge-models/price-tiers.ts';
import { tiered } from '../../../src/domain/charge-models/tiered.ts';
import { add } from '../../../src/domain/money.ts';
import { THREE_FEES, THREE_TIERS, termsOf, tiersOf } from './model-terms.ts';

// Shows that each tier reached costs its units or its fee (semantics C.1, E.1), and which tiers and quantities are refused by
// which field.

const MEASURED = tiersOf('0-0.5@4', '0.5-2@3', '2+@1');

describe('tiered', () => {
  it.each([
    [THREE_TIERS, '250', '400'],
    [THREE_TIERS, '0', '0'],
    [THREE_TIERS, '1', '2'],
    [THREE_TIERS, '100', '200'],
    [THREE_TIERS, '101', '201.5'],
    [THREE_TIERS, '200', '350'],
    [THREE_TIERS, '201', '351'],
    [THREE_TIERS, '100.5', '200.75'],
    [THREE_FEES, '250', '190'],
    [THREE_FEES, '100', '90'],
    [THREE_FEES, '101', '150'],
    [THREE_FEES, '0', '0'],
    [tiersOf('0-10@20 flat', '11+@4'), '0', '20'],
    [tiersOf('0-10@20 flat', '11+@4'), '11', '24'],
    [MEASURED, '0.25', '1'],
    [MEASURED, '2.5', '7'],
    [tiersOf('0+@3'), '12', '36'],
    [tiersOf('1-10@2'), '10', '20'],
  ])('%j charges %s units %s', (tiers, quantity, rated) => {
    const terms = termsOf({ tiers, quantity });
    expect(tiered.validate(terms)).toEqual([]);
    expect(tiered.ratedPerPeriod(terms)).toBe(rated);
  });

  it('prices what is counted beyond a closed last tier as the last one', () => {
    expect(tiered.ratedPerPeriod(termsOf({ tiers: tiersOf('1-10@2', '11-20@1'), quantity: '25' }))).toBe(
      '35',
    );
  });

  it.each<[PriceTier[], string | null, string, string]>([
    [[], '1', 'tiers', 'is required'],
    [Array.from({ length: TIERS_MAX + 1 }, () => THREE_TIERS[0]!), '1', 'tiers', 'at most 500'],
    [tiersOf('2-9@1'), '1', 'tiers[0].startingUnit', 'must be 0 or 1'],
    [tiersOf('1-9@1', '12+@1'), '1', 'tiers[1].startingUnit', 'must follow on the last unit 9'],
    [tiersOf('1-9@1', '5+@1'), '1', 'tiers[1].startingUnit', 'must follow on the last unit 9'],
    [tiersOf('1+@1', '10+@1'), '1', 'tiers[1].startingUnit', 'only the last may be open'],
    [tiersOf('1-9@1', '10-8@1'), '1', 'tiers[1].endingUnit', 'must not be below the first unit 10'],
    [tiersOf('1-9@-1'), '1', 'tiers[0].price', 'must not be negative'],
    [tiersOf('1-9@0.0000000001'), '1', 'tiers[0].price', 'at most 9 decimal places'],
    [THREE_TIERS, null, 'quantity', 'is required'],
    [THREE_TIERS, '-1', 'quantity', 'must not be negative'],
    [tiersOf('1-10@2'), '11', 'quantity', 'must be at most 10'],
    [tiersOf('0+@999999999999'), '2', 'quantity', 'times the price'],
  ])('refuses %j for %s: %s %s', (tiers, quantity, field, message) => {
    const problems = tiered.validate(termsOf({ tiers, quantity }));
    expect(problems).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it('divides a quantity among the tiers without losing any of it', () => {
    const hundredths = fc
      .nat(50_000)
      .map((n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        fc.constantFrom(THREE_TIERS, MEASURED, tiersOf('0-10@1', '11-20@2')),
        hundredths,
        (tiers, q) => {
          const units = reachedTiers(tiers, q).map((part) => part.units);
          expect(units.reduce((sum, part) => add(sum, part), '0')).toBe(add(q, '0'));
        },
      ),
    );
  });
});
