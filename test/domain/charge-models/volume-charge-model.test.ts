import { describe, expect, it } from 'vitest';
import { volume } from '../../../src/domain/charge-models/volume.ts';
import { THREE_FEES, THREE_TIERS, termsOf, tiersOf } from './model-terms.ts';

// Shows that the tier in which the whole quantity falls prices all of it (semantics C.1, E.1), and what is refused.

describe('volume', () => {
  it.each([
    [THREE_TIERS, '250', '250'],
    [THREE_TIERS, '0', '0'],
    [THREE_TIERS, '100', '200'],
    [THREE_TIERS, '101', '151.5'],
    [THREE_TIERS, '100.5', '150.75'],
    [THREE_FEES, '250', '40'],
    [THREE_FEES, '100', '90'],
    [THREE_FEES, '0', '0'],
    [tiersOf('0-10@20 flat', '11+@4'), '0', '20'],
    [tiersOf('0-10@20 flat', '11+@4'), '11', '44'],
  ])('%j charges %s units %s', (tiers, quantity, rated) => {
    const terms = termsOf({ tiers, quantity });
    expect(volume.validate(terms)).toEqual([]);
    expect(volume.ratedPerPeriod(terms)).toBe(rated);
  });

  it('prices what is counted beyond a closed last tier as the last one', () => {
    expect(volume.ratedPerPeriod(termsOf({ tiers: tiersOf('1-10@2', '11-20@1'), quantity: '25' }))).toBe(
      '25',
    );
  });

  it.each([
    [[], '1', 'tiers'],
    [tiersOf('1-9@1', '12+@1'), '1', 'tiers[1].startingUnit'],
    [THREE_TIERS, null, 'quantity'],
    [tiersOf('1-10@2'), '10.5', 'quantity'],
    [tiersOf('0+@999999999999'), '2', 'quantity'],
  ])('refuses %j for %s by %s', (tiers, quantity, field) => {
    expect(volume.validate(termsOf({ tiers, quantity })).map((problem) => problem.field)).toEqual([field]);
  });
});
