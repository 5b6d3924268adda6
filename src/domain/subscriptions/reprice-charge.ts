import type { ProductRatePlanCharge } from '../catalog/catalog.ts';
import type { Span } from '../charge-models/mrr.ts';
import { isPriced } from '../charge-models/registry.ts';
import type { BillingPeriod, ChargeType, ListPriceBase } from '../charge-models/vocabulary.ts';
import { add, type Decimal, divide, multiply, parseDecimal } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { catalogPriceFields } from './charge-price.ts';
import {
  isPricedForTerm,
  monthlyOf,
  overlaidPrice,
  type PricedCharge,
  type PriceFields,
  type PriceRecurrence,
  priceProblems,
  pricingDetails,
} from './price-fields.ts';
import type { Charge } from './subscription.ts';
import type { PricingOverride } from './subscription-spec.ts';

/** What a new price means for a charge: the fields that its new segment takes over. */
export type Repriced = PriceFields & Pick<Charge, 'listPriceBase' | 'monthlyRecurringRevenue' | 'details'>;

/** Digits that a raised price has at most. */
const RAISED_DECIMALS = 9;

/**
 * A charge's price with an update laid over it: what the update leaves out stays. Without pricing, the price as it is, valued for the
 * term.
 *
 * @param term of the subscription, null for evergreen; needed by a price for the whole term
 * @param path where the charge's update stands in the request: refusals name `${path}.pricing.recurringPerUnit.quantity` …
 */
export function repriceCharge(
  charge: Charge,
  pricing: PricingOverride | null,
  term: Span | null,
  path: string,
): Repriced | Refusal {
  const priced = pricedCharge(charge);
  if (priced === null) {
    const message = `charge ${charge.chargeNumber} has the model ${charge.chargeModel}, which is not available yet`;
    return refuse('invalid', message, path);
  }
  if (pricing !== null && priced.type === 'OneTime') {
    const message = `does not fit charge ${charge.chargeNumber}: the price of a one-time charge can't be updated`;
    return refuse('invalid', message, `${path}.pricing.${pricing.kind}`);
  }
  const fields = overlaidPrice(charge, pricing, priced, `${path}.pricing`);
  if (isRefusal(fields)) return fields;
  const recurrence = {
    ...recurrenceOf(charge),
    ...(pricing?.listPriceBase == null ? {} : { listPriceBase: pricing.listPriceBase }),
    ...(pricing?.specificListPriceBase == null
      ? {}
      : { specificListPriceBase: pricing.specificListPriceBase }),
  };
  if (term === null && isPricedForTerm(priced.type, recurrence)) {
    const message = `charge ${charge.chargeNumber} is priced for the whole term, which an evergreen subscription has not`;
    return refuse('invalid', message, path);
  }
  return repriced(fields, priced, recurrence, term, { ...charge.details, ...pricingDetails(pricing) });
}

/** The part of an update that changes the quantity; null where there is none. */
export function quantityPart({ kind, quantity }: PricingOverride): PricingOverride | null {
  return quantity === null
    ? null
    : { kind, quantity, price: null, listPriceBase: null, specificListPriceBase: null };
}

/** The part of an update that changes anything else; null where the quantity is all. */
export function pricePart(pricing: PricingOverride): PricingOverride | null {
  const { kind: _, quantity, ...rest } = pricing;
  const isQuantityOnly = quantity !== null && Object.values(rest).every((value) => isNothing(value));
  return isQuantityOnly ? null : { ...pricing, quantity: null };
}

function isNothing(value: unknown): boolean {
  return value == null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Whether two segments of a charge cost the same, whatever their quantities. */
export function samePrice(a: Charge, b: Charge): boolean {
  return (
    JSON.stringify({ ...priceFieldsOf(a), quantity: null }) ===
    JSON.stringify({ ...priceFieldsOf(b), quantity: null })
  );
}

/**
 * A charge's price for the next term by its price change option: raised by a percentage (exact, then half up to 9 places), the
 * catalog's of today in its currency for the quantity that it has, or as it is. What could not be priced anew stays as it is: a catalog
 * charge that is gone, has another model or no price in the currency, a raise beyond the largest price.
 *
 * @param term the next term, null for evergreen, in which a price for the whole term keeps the month's value that it had
 */
export function renewedPrice(
  charge: Charge,
  catalogCharge: ProductRatePlanCharge | null,
  term: Span | null,
): Repriced {
  const priced = pricedCharge(charge);
  const current = priceFieldsOf(charge);
  const { listPriceBase, monthlyRecurringRevenue, details } = charge;
  const kept = { ...current, listPriceBase, monthlyRecurringRevenue, details };
  if (priced === null || priced.type === 'OneTime') return kept;
  const option = details.priceChangeOption ?? 'NoChange';
  const isLatest = option === 'UseLatestProductCatalogPricing' && catalogCharge?.chargeModel === priced.model;
  const next = isLatest
    ? latest(current, catalogCharge, charge.currency)
    : option === 'SpecificPercentageValue'
      ? raised(current, percentageOf(charge))
      : current;
  const changes = priceProblems(next, priced).length === 0;
  const recurrence = isLatest && changes ? basedAs(catalogCharge, charge) : recurrenceOf(charge);
  if (term === null && isPricedForTerm(priced.type, recurrence)) return kept;
  return repriced(changes ? next : current, priced, recurrence, term, details);
}

function repriced(
  fields: PriceFields,
  priced: PricedCharge,
  recurrence: PriceRecurrence,
  term: Span | null,
  details: Charge['details'],
): Repriced {
  const { specificListPriceBase: _, ...rest } = details;
  const months = recurrence.listPriceBase === 'Per Specific Months' ? recurrence.specificListPriceBase : null;
  return {
    ...priceFieldsOf(fields),
    listPriceBase: recurrence.listPriceBase,
    monthlyRecurringRevenue: monthlyOf(fields, priced, recurrence, term),
    details: months === null ? rest : { ...rest, specificListPriceBase: months },
  };
}

function pricedCharge({ chargeModel, chargeType, chargeNumber }: Charge): PricedCharge | null {
  if (!isPriced(chargeModel)) return null;
  return { model: chargeModel, type: chargeType as ChargeType, name: chargeNumber };
}

function priceFieldsOf(fields: PriceFields): PriceFields {
  const { price, quantity, tiers, includedUnits, overagePrice } = fields;
  const { discountAmount, discountPercentage, applyDiscountTo, discountLevel, discountClass } = fields;
  const costs = { price, quantity, tiers, includedUnits, overagePrice };
  return { ...costs, discountAmount, discountPercentage, applyDiscountTo, discountLevel, discountClass };
}

function recurrenceOf(charge: Charge): PriceRecurrence {
  const months = charge.details.specificListPriceBase;
  return {
    billingPeriod: charge.billingPeriod as BillingPeriod | null,
    specificBillingPeriod: charge.specificBillingPeriod,
    listPriceBase: charge.listPriceBase as ListPriceBase | null,
    specificListPriceBase: typeof months === 'number' ? months : null,
  };
}

/** The charge's periods with what the catalog's price is the price of. */
function basedAs(catalogCharge: ProductRatePlanCharge, charge: Charge): PriceRecurrence {
  return {
    ...recurrenceOf(charge),
    listPriceBase: catalogCharge.listPriceBase as ListPriceBase | null,
    specificListPriceBase: catalogCharge.specificListPriceBase,
  };
}

/** The catalog's price of today; where a discount is applied stays as it was sold. */
function latest(current: PriceFields, catalogCharge: ProductRatePlanCharge, currency: string): PriceFields {
  const { applyDiscountTo, discountLevel, discountClass, quantity } = current;
  const fields = catalogPriceFields(catalogCharge, currency);
  return { ...fields, quantity, applyDiscountTo, discountLevel, discountClass };
}

function percentageOf(charge: Charge): Decimal {
  const given = charge.details.priceIncreasePercentage;
  return (typeof given === 'number' ? parseDecimal(given) : null) ?? '0';
}

function raised(current: PriceFields, percentage: Decimal): PriceFields {
  const factor = add('100', percentage);
  const raise = (price: Decimal) =>
    divide(multiply(price, factor), '100', { decimals: RAISED_DECIMALS, rounding: 'HALF_UP' });
  const raiseOrNull = (price: Decimal | null) => (price === null ? null : raise(price));
  return {
    ...current,
    price: raiseOrNull(current.price),
    tiers: current.tiers.map((tier) => ({ ...tier, price: raise(tier.price) })),
    overagePrice: raiseOrNull(current.overagePrice),
  };
}
