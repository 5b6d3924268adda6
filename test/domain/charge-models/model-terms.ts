import type { ChargeTerms, PriceTier } from '../../../src/domain/charge-models/charge-model.ts';

/** Terms with nothing in them but what a case gives. */
export function termsOf(fields: Partial<ChargeTerms>): ChargeTerms {
  return { price: null, quantity: null, tiers: [], ...fields };
}

/** Tiers as `first–last@price`, `first+@price` for an open one, with `flat` for a fee: `1-100@2`, `201+@1`, `0-10@20 flat`. */
export function tiersOf(...texts: readonly string[]): PriceTier[] {
  return texts.map((text) => {
    const [, startingUnit, endingUnit, price, flat] = /^([\d.]+)(?:\+|-([\d.]+))@([-\d.]+)( flat)?$/.exec(
      text,
    )!;
    return {
      startingUnit: startingUnit!,
      endingUnit: endingUnit ?? null,
      price: price!,
      priceFormat: flat === undefined ? 'Per Unit' : 'Flat Fee',
    };
  });
}

/** The tiers of semantics C.1. */
export const THREE_TIERS = tiersOf('1-100@2', '101-200@1.5', '201+@1');
export const THREE_FEES = tiersOf('1-100@90 flat', '101-200@60 flat', '201+@40 flat');
