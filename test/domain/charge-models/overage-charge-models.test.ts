import { describe, expect, it } from 'vitest';
import { overage } from '../../../src/domain/charge-models/overage.ts';
import { tieredWithOverage } from '../../../src/domain/charge-models/tiered-with-overage.ts';
import { termsOf, tiersOf } from './model-terms.ts';

// Shows what usage beyond included units, and beyond the last tier, costs (semantics E.1), and what is refused.

describe('overage', () => {
  const terms = (includedUnits: string | null, overagePrice: string | null, quantity: string | null = null) =>
    termsOf({ includedUnits, overagePrice, quantity });

  it.each([
    ['100', '0.5', '0', '0'],
    ['100', '0.5', '100', '0'],
    ['100', '0.5', '101', '0.5'],
    ['100', '0.5', '100.25', '0.125'],
    ['0', '2', '3', '6'],
  ])('includes %s, then takes %s each: %s cost %s', (included, price, quantity, rated) => {
    expect(overage.validate(terms(included, price))).toEqual([]);
    expect(overage.ratedPerPeriod(terms(included, price, quantity))).toBe(rated);
  });

  it.each([
    [null, '1', 'includedUnits'],
    ['-1', '1', 'includedUnits'],
    ['1', null, 'overagePrice'],
    ['1', '-1', 'overagePrice'],
  ])('refuses %s included at %s by %s', (included, price, field) => {
    expect(overage.validate(terms(included, price)).map((problem) => problem.field)).toEqual([field]);
  });
});

describe('tiered with overage', () => {
  const TIERS = tiersOf('0-100@2', '101-200@1');

  it.each([
    ['0', '0'],
    ['100', '200'],
    ['200', '300'],
    ['201', '303'],
    ['210.5', '331.5'],
  ])('takes 3 beyond 200: %s cost %s', (quantity, rated) => {
    const terms = termsOf({ tiers: TIERS, overagePrice: '3', quantity });
    expect(tieredWithOverage.validate(terms)).toEqual([]);
    expect(tieredWithOverage.ratedPerPeriod(terms)).toBe(rated);
  });

  it('charges the fee of each tier that is reached, then the overage', () => {
    const tiers = tiersOf('0-10@5 flat', '11-20@4 flat');
    expect(tieredWithOverage.ratedPerPeriod(termsOf({ tiers, overagePrice: '1', quantity: '22' }))).toBe(
      '11',
    );
  });

  it.each([
    [[], '1', 'tiers'],
    [tiersOf('0-10@1', '12-20@1'), '1', 'tiers[1].startingUnit'],
    [tiersOf('0-10@1', '11+@1'), '1', 'tiers[1].endingUnit'],
    [TIERS, null, 'overagePrice'],
    [TIERS, '-1', 'overagePrice'],
  ])('refuses %j at %s by %s', (tiers, overagePrice, field) => {
    const problems = tieredWithOverage.validate(termsOf({ tiers, overagePrice }));
    expect(problems.map((problem) => problem.field)).toEqual([field]);
  });
});
