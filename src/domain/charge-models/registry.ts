import type { Decimal } from '../money.ts';
import type { ChargeModel, ChargeTerms } from './charge-model.ts';
import { discountFixed } from './discount-fixed.ts';
import { discountPercentage } from './discount-percentage.ts';
import { flatFee } from './flat-fee.ts';
import { overage } from './overage.ts';
import { perUnit } from './per-unit.ts';
import { tiered } from './tiered.ts';
import { tieredWithOverage } from './tiered-with-overage.ts';
import type { ChargeModelName } from './vocabulary.ts';
import { volume } from './volume.ts';

/** The models that can be priced. The catalog also stores the others; an order that uses one is refused by name. */
export type PricedModel = Extract<
  ChargeModelName,
  | 'Discount-Fixed Amount'
  | 'Discount-Percentage'
  | 'Flat Fee Pricing'
  | 'Per Unit Pricing'
  | 'Overage Pricing'
  | 'Tiered Pricing'
  | 'Tiered with Overage Pricing'
  | 'Volume Pricing'
>;

export const chargeModels: Readonly<Record<PricedModel, ChargeModel>> = {
  'Flat Fee Pricing': flatFee,
  'Per Unit Pricing': perUnit,
  'Tiered Pricing': tiered,
  'Volume Pricing': volume,
  'Overage Pricing': overage,
  'Tiered with Overage Pricing': tieredWithOverage,
  'Discount-Fixed Amount': discountFixed,
  'Discount-Percentage': discountPercentage,
};

/** Whether charges of this model can be priced. */
export function isPriced(model: string): model is PricedModel {
  return Object.hasOwn(chargeModels, model);
}

/** Whether charges of this model take something off others instead of costing something. */
export function isDiscount(model: string): model is 'Discount-Fixed Amount' | 'Discount-Percentage' {
  return model === 'Discount-Fixed Amount' || model === 'Discount-Percentage';
}

/** Exact amount of a used quantity for one billing period, not rounded (semantics E.1). The terms have passed `validate`. */
export function ratedUsage(model: PricedModel, terms: ChargeTerms, quantity: Decimal): Decimal {
  return chargeModels[model].ratedPerPeriod({ ...terms, quantity });
}
