import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChargeTerms } from '../../../src/domain/charge-models/charge-model.ts';
import {
  chargeModels,
  isDiscount,
  isPriced,
  type PricedModel,
  ratedUsage,
} from '../../../src/domain/charge-models/registry.ts';
import {
  CHARGE_MODELS,
  CHARGE_TYPES,
  CHARGE_TYPES_OF_MODEL,
} from '../../../src/domain/charge-models/vocabulary.ts';
import { compare } from '../../../src/domain/money.ts';
import { THREE_TIERS, termsOf, tiersOf } from './model-terms.ts';

// Shows that every model of semantics E.1 is priced, the others are known as not priced, and what holds for all of them.

const priced = Object.keys(chargeModels) as PricedModel[];
const usageTerms: Partial<Record<PricedModel, ChargeTerms>> = {
  'Flat Fee Pricing': termsOf({ price: '5' }),
  'Per Unit Pricing': termsOf({ price: '0.25' }),
  'Tiered Pricing': termsOf({ tiers: THREE_TIERS }),
  'Volume Pricing': termsOf({ tiers: tiersOf('0-10@1 flat', '11-100@2', '101+@3') }),
  'Overage Pricing': termsOf({ includedUnits: '100', overagePrice: '0.5' }),
  'Tiered with Overage Pricing': termsOf({ tiers: tiersOf('0-100@2', '100-200@1'), overagePrice: '3' }),
};

describe('registry', () => {
  it('has every model under its own name, with the charge types of the vocabulary', () => {
    expect(priced.map((name) => chargeModels[name].model)).toEqual(priced);
    for (const name of priced) expect(chargeModels[name].types).toEqual(CHARGE_TYPES_OF_MODEL[name]);
    expect(chargeModels['Flat Fee Pricing'].types).toEqual(CHARGE_TYPES);
  });

  it('knows which models are not priced', () => {
    expect(CHARGE_MODELS.filter((name) => !isPriced(name))).toEqual([
      'Delivery Pricing',
      'MultiAttributePricing',
      'PreratedPerUnit',
      'PreratedPricing',
      'HighWatermarkVolumePricing',
      'HighWatermarkTieredPricing',
    ]);
    expect(['toString', '', 'flat fee pricing'].some(isPriced)).toBe(false);
  });

  it('knows which models are discounts, and that they cost nothing of their own', () => {
    expect(priced.filter(isDiscount)).toEqual(['Discount-Fixed Amount', 'Discount-Percentage']);
    for (const name of priced.filter(isDiscount)) {
      expect(chargeModels[name].ratedPerPeriod(termsOf({ discountAmount: '5' }))).toBe('0');
    }
  });

  it('refuses and does not price what has no terms', () => {
    for (const name of priced) {
      expect(chargeModels[name].validate(termsOf({ quantity: '1' })).length).toBeGreaterThan(0);
    }
    for (const name of ['Flat Fee Pricing', 'Per Unit Pricing', 'Overage Pricing'] as const) {
      expect(() => chargeModels[name].ratedPerPeriod(termsOf({ quantity: '1' }))).toThrow(RangeError);
    }
  });
});

describe('rated usage', () => {
  it('is defined for every model of usage', () => {
    const ofUsage = priced.filter((name) => CHARGE_TYPES_OF_MODEL[name].includes('Usage'));
    expect(Object.keys(usageTerms)).toEqual(ofUsage);
  });

  it.each([
    ['Flat Fee Pricing', '7', '5'],
    ['Per Unit Pricing', '7', '1.75'],
    ['Tiered Pricing', '250', '400'],
    ['Volume Pricing', '50', '100'],
    ['Overage Pricing', '120', '10'],
    ['Tiered with Overage Pricing', '210', '330'],
  ] as const)('of %s for %s is %s', (model, quantity, amount) => {
    expect(ratedUsage(model, usageTerms[model]!, quantity)).toBe(amount);
  });

  it('never falls as the quantity grows, but for volume, whose tiers price the whole', () => {
    const monotone = (Object.keys(usageTerms) as PricedModel[]).filter((name) => name !== 'Volume Pricing');
    fc.assert(
      fc.property(fc.constantFrom(...monotone), fc.nat(1_000), fc.nat(1_000), (model, less, more) => {
        const rated = (quantity: number) => ratedUsage(model, usageTerms[model]!, String(quantity));
        expect(compare(rated(less), rated(less + more))).toBeLessThanOrEqual(0);
      }),
    );
  });
});
