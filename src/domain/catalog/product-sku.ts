import { isId, type State } from '../account/state.ts';
import { type Refusal, refuse } from '../result.ts';

/** Refuses a SKU that another product has, or that looks like an id, as a product's key may be either. */
export function skuRefusal(state: State, sku: string): Refusal | null {
  if (isId(sku)) return refuse('invalid', 'must not look like an id of 32 hexadecimal digits', 'SKU');
  if (state.find('productSku', sku) === null) return null;
  return refuse('invalid', `${sku} is already in use`, 'SKU');
}
