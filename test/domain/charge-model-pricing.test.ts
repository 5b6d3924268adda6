import { describe, expect, it } from 'vitest';
import type { ChargeTerms } from '../../src/domain/charge-models/charge-model.ts';
import { chargeModels, isPriced, type PricedModel } from '../../src/domain/charge-models/registry.ts';
import {
  CHARGE_MODELS,
  CHARGE_TYPES,
  CHARGE_TYPES_OF_MODEL,
} from '../../src/domain/charge-models/vocabulary.ts';

// Shows what each priced model charges, what it refuses and by which field, and that every other model of
// the vocabulary is known as not priced.

const terms = (price: string | null, quantity: string | null = null): ChargeTerms => ({
  price,
  quantity,
  tiers: [],
});
const priced = Object.keys(chargeModels) as PricedModel[];

describe('flat fee', () => {
  const model = chargeModels['Flat Fee Pricing'];

  it.each([
    ['84', null, '84'],
    ['84', '5', '84'],
    ['0', null, '0'],
    ['0.000000001', null, '0.000000001'],
    ['999999999999', null, '999999999999'],
  ])('charges %s for quantity %s as %s', (price, quantity, rated) => {
    expect(model.validate(terms(price, quantity))).toEqual([]);
    expect(model.ratedPerPeriod(terms(price, quantity))).toBe(rated);
  });

  it.each([
    [null, 'is required'],
    ['-1', 'must not be negative'],
    ['0.0000000001', 'must have at most 9 decimal places'],
    ['999999999999.1', 'must be at most 999999999999'],
  ])('refuses the price %s: %s', (price, message) => {
    expect(model.validate(terms(price))).toEqual([{ field: 'price', message }]);
  });
});

describe('per unit', () => {
  const model = chargeModels['Per Unit Pricing'];

  it.each([
    ['7.50', '12', '90'],
    ['0.1', '0.2', '0.02'],
    ['6.25', '0', '0'],
    ['0.000000001', '0.000000001', '0.000000000000000001'],
    ['999999999999', '1', '999999999999'],
  ])('charges %s × %s as %s', (price, quantity, rated) => {
    expect(model.validate(terms(price, quantity))).toEqual([]);
    expect(model.ratedPerPeriod(terms(price, quantity))).toBe(rated);
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
    expect(model.validate(terms(price, quantity))).toEqual([{ field, message }]);
  });

  it('names every field that is wrong at once', () => {
    expect(model.validate(terms(null, null)).map(({ field }) => field)).toEqual(['price', 'quantity']);
  });
});

describe('registry', () => {
  it('has every model under its own name, with the charge types of the vocabulary', () => {
    expect(priced.map((name) => chargeModels[name].model)).toEqual(priced);
    for (const name of priced) expect(chargeModels[name].types).toEqual(CHARGE_TYPES_OF_MODEL[name]);
    expect(chargeModels['Flat Fee Pricing'].types).toEqual(CHARGE_TYPES);
  });

  it('knows which models are not priced yet', () => {
    expect(CHARGE_MODELS.filter(isPriced)).toEqual(['Flat Fee Pricing', 'Per Unit Pricing']);
    expect(['toString', '', 'flat fee pricing'].some(isPriced)).toBe(false);
  });

  it('prices nothing whose terms are missing', () => {
    for (const name of priced) {
      expect(() => chargeModels[name].ratedPerPeriod(terms(null, '1'))).toThrow(RangeError);
    }
  });
});
