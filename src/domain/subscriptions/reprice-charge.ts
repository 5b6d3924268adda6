import type { ProductRatePlanCharge } from '../catalog/catalog.ts';
import { monthlyRecurringRevenue, type Span } from '../charge-models/mrr.ts';
import type { Refusal } from '../result.ts';
import type { Charge } from './subscription.ts';
import type { PricingOverride } from './subscription-spec.ts';

/** Placeholder until the charge models are merged. */
export type Repriced = Pick<Charge, 'price' | 'quantity' | 'monthlyRecurringRevenue'>;

export function repriceCharge(
  charge: Charge,
  pricing: PricingOverride | null,
  span: Span | null,
  _path: string,
): Repriced | Refusal {
  const price = pricing?.price ?? charge.price;
  const quantity = pricing?.quantity ?? charge.quantity;
  return {
    price,
    quantity,
    monthlyRecurringRevenue: monthlyRecurringRevenue({
      chargeType: charge.chargeType as 'Recurring',
      model: charge.chargeModel as 'Flat Fee Pricing',
      price,
      quantity,
      billingPeriod: charge.billingPeriod as 'Month',
      specificBillingPeriod: charge.specificBillingPeriod,
      listPriceBase: charge.listPriceBase as 'Per Month',
      term: span,
    }),
  };
}

export function renewedPrice(
  charge: Charge,
  _catalogCharge: ProductRatePlanCharge | null,
  span: Span | null,
): Repriced {
  return repriceCharge(charge, null, span, '') as Repriced;
}

/** The part of an update that changes the quantity, and the part that changes anything else; null where there is none. */
export function onlyQuantity(pricing: PricingOverride): PricingOverride | null {
  return pricing.quantity === null ? null : { ...pricing, price: null };
}

export function withoutQuantity(pricing: PricingOverride): PricingOverride | null {
  return pricing.price === null ? null : { ...pricing, quantity: null };
}
