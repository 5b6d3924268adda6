import { compare, type Decimal, fitsMinor, isNegative, multiply, roundToMinor, subtract } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import type { LineItemPrice } from './order-line-item.ts';

/** A price as it is asked for. Absent values are null. */
export interface LineItemPriceSpec {
  /** 1 when null. */
  readonly quantity: Decimal | null;
  /** Follows from the list price when there is a discount. */
  readonly amountPerUnit: Decimal | null;
  readonly listPricePerUnit: Decimal | null;
  readonly inlineDiscountType: LineItemPrice['inlineDiscountType'];
  readonly inlineDiscountPerUnit: Decimal | null;
}

/**
 * The price of each unit, or what is wrong with it.
 *
 * @param path what stands before a field's name in refusals: `orderLineItems[0].`, or nothing
 */
export function priceOf(spec: LineItemPriceSpec, path: string): LineItemPrice | Refusal {
  const quantity = spec.quantity ?? '1';
  const { listPricePerUnit: listPrice, inlineDiscountPerUnit: discount, inlineDiscountType } = spec;
  for (const name of ['quantity', 'listPricePerUnit', 'inlineDiscountPerUnit'] as const) {
    const value = spec[name];
    if (value !== null && isNegative(value))
      return refuse('invalid', 'must not be negative', `${path}${name}`);
  }
  const price = {
    quantity,
    listPricePerUnit: listPrice,
    inlineDiscountType,
    inlineDiscountPerUnit: discount,
  };
  if (inlineDiscountType === null || inlineDiscountType === 'None') {
    if (discount !== null)
      return refuse('missing', 'is required with inlineDiscountPerUnit', `${path}inlineDiscountType`);
    if (spec.amountPerUnit === null) return refuse('missing', 'is required', `${path}amountPerUnit`);
    return { ...price, amountPerUnit: spec.amountPerUnit };
  }
  if (discount === null)
    return refuse('missing', `is required for ${inlineDiscountType}`, `${path}inlineDiscountPerUnit`);
  if (listPrice === null) return refuse('missing', 'is required with a discount', `${path}listPricePerUnit`);
  if (spec.amountPerUnit !== null) {
    const message = 'follows from the list price and its discount: leave it out';
    return refuse('invalid', message, `${path}amountPerUnit`);
  }
  const most = inlineDiscountType === 'Percentage' ? '100' : listPrice;
  if (compare(discount, most) > 0)
    return refuse('invalid', `must be at most ${most}`, `${path}inlineDiscountPerUnit`);
  return {
    ...price,
    amountPerUnit: subtract(listPrice, discountPerUnit(inlineDiscountType, discount, listPrice)),
  };
}

function discountPerUnit(type: 'Percentage' | 'FixedAmount', discount: Decimal, listPrice: Decimal): Decimal {
  return type === 'FixedAmount' ? discount : multiply(multiply(listPrice, discount), '0.01');
}

/** What all units cost, in minor units: exact until it is rounded half up to the currency's digits. */
export function amountOf(price: LineItemPrice, currency: string, path: string): number | Refusal {
  const amount = multiply(price.amountPerUnit, price.quantity);
  if (!fitsMinor(amount, currency)) return refuse('invalid', 'the amount is too large', `${path}quantity`);
  return roundToMinor(amount, currency, 'HALF_UP');
}

/** What the discount takes off all units; null without one. */
export function discountOf(price: LineItemPrice): Decimal | null {
  const { listPricePerUnit: listPrice, inlineDiscountType: type, amountPerUnit, quantity } = price;
  if (listPrice === null || type === null || type === 'None') return null;
  return multiply(subtract(listPrice, amountPerUnit), quantity);
}
