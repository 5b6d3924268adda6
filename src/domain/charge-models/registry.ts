import type { ChargeModel } from './charge-model.ts';
import { flatFee } from './flat-fee.ts';
import { perUnit } from './per-unit.ts';
import type { ChargeModelName } from './vocabulary.ts';

/** The models that can be priced. The catalog also stores the others; an order that uses one is refused by name. */
export type PricedModel = Extract<ChargeModelName, 'Flat Fee Pricing' | 'Per Unit Pricing'>;

export const chargeModels: Readonly<Record<PricedModel, ChargeModel>> = {
  'Flat Fee Pricing': flatFee,
  'Per Unit Pricing': perUnit,
};

/** Whether charges of this model can be priced. */
export function isPriced(model: string): model is PricedModel {
  return Object.hasOwn(chargeModels, model);
}
