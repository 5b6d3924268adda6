import type { ProductRatePlanCharge } from '../catalog/catalog.ts';
import { priceOf } from '../catalog/charge-tiers.ts';
import { recurrenceProblems } from '../charge-models/billing-period.ts';
import { isDiscount, isPriced } from '../charge-models/registry.ts';
import type {
  BillingPeriod,
  ChargeType,
  DiscountLevel,
  DiscountTarget,
  ListPriceBase,
} from '../charge-models/vocabulary.ts';
import type { Decimal } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import {
  isPricedForTerm,
  monthlyOf,
  overlaidPrice,
  type PricedCharge,
  type PriceFields,
  type PriceRecurrence,
} from './price-fields.ts';
import { pricingKindOf, wireFieldOf } from './pricing-kinds.ts';
import type { ChargeSpec, PricingOverride } from './subscription-spec.ts';
import type { Term } from './term.ts';

/** What one charge costs and is worth a month. */
export interface ChargePrice extends PriceFields, PriceRecurrence {
  readonly monthlyRecurringRevenue: Decimal;
}

/** Prices of charges as the catalog has them, by currency: the same object is the same price for every order. */
const catalogPrices = new WeakMap<ProductRatePlanCharge, Map<string, ChargePrice | Refusal>>();

/**
 * Prices a charge in a currency: the catalog's terms with what the order overrides (semantics C.1, E.1).
 *
 * @param path where the charge's override stands in the request, for refusals
 */
export function priceCharge(
  charge: ProductRatePlanCharge,
  override: ChargeSpec | null,
  currency: string,
  term: Term,
  path: string,
): ChargePrice | Refusal {
  if (override !== null && (override.pricing !== null || override.billing !== null)) {
    return computePrice(charge, override, currency, term, path);
  }
  if (usesTerm(charge)) return computePrice(charge, null, currency, term, path);
  let byCurrency = catalogPrices.get(charge);
  if (byCurrency === undefined) {
    byCurrency = new Map();
    catalogPrices.set(charge, byCurrency);
  }
  const known = byCurrency.get(currency);
  if (known !== undefined && !isRefusal(known)) return known;
  const price = computePrice(charge, null, currency, term, path);
  byCurrency.set(currency, price);
  return price;
}

function usesTerm(charge: ProductRatePlanCharge): boolean {
  return charge.billingPeriod === 'Subscription Term';
}

function computePrice(
  charge: ProductRatePlanCharge,
  override: ChargeSpec | null,
  currency: string,
  term: Term,
  path: string,
): ChargePrice | Refusal {
  const model = charge.chargeModel;
  if (!isPriced(model)) {
    const message = `charge ${charge.chargeNumber} ("${charge.name}") has the model ${model}, which is not available yet`;
    return refuse('invalid', message, path);
  }
  const priced: PricedCharge = {
    model,
    type: charge.chargeType as ChargeType,
    name: charge.chargeNumber,
  };
  const pricing = override?.pricing ?? null;
  const fields = catalogPriceFields(charge, currency);
  const missing = missingPrice(fields, pricing, priced);
  const kind = pricingKindOf(priced.type, model);
  if (missing !== null && (pricing === null || pricing.kind === kind || pricing.kind === 'any')) {
    const field = `${path}.pricing.${kind}.${wireFieldOf(missing)}`;
    return refuse('invalid', `charge ${charge.chargeNumber} has no price in ${currency}`, field);
  }
  const laid = overlaidPrice(fields, pricing, priced, `${path}.pricing`);
  if (isRefusal(laid)) return laid;
  return valued(laid, priced, recurrenceOf(charge, override), term, path);
}

/** The field of a model's price that neither the catalog has in the currency nor the order gives; null when there is a price. */
function missingPrice(
  fields: PriceFields,
  pricing: PricingOverride | null,
  { model }: PricedCharge,
): keyof PriceFields | null {
  const field = MAIN_FIELD[model];
  const value = pricing?.[field] ?? fields[field];
  return value === null || (Array.isArray(value) && value.length === 0 && pricing?.tiers == null)
    ? field
    : null;
}

const MAIN_FIELD = {
  'Flat Fee Pricing': 'price',
  'Per Unit Pricing': 'price',
  'Tiered Pricing': 'tiers',
  'Volume Pricing': 'tiers',
  'Overage Pricing': 'overagePrice',
  'Tiered with Overage Pricing': 'tiers',
  'Discount-Fixed Amount': 'discountAmount',
  'Discount-Percentage': 'discountPercentage',
} as const;

/** A catalog charge's price in a currency, nothing where it has none, with its default quantity. */
export function catalogPriceFields(charge: ProductRatePlanCharge, currency: string): PriceFields {
  const model = charge.chargeModel;
  const tiers = charge.tiers.filter((tier) => tier.currency === currency);
  const { price, tiers: ofUnits, ...rest } = priceOf(tiers, model);
  const takesUnits = tiers.length > 0;
  const isOff = isPriced(model) && isDiscount(model);
  const detail = (name: string) => charge.details[name] as string | null | undefined;
  return {
    price,
    quantity: charge.defaultQuantity,
    tiers: ofUnits,
    includedUnits: takesUnits ? (rest.includedUnits ?? null) : null,
    overagePrice: rest.overagePrice ?? null,
    discountAmount: rest.discountAmount ?? null,
    discountPercentage: rest.discountPercentage ?? null,
    applyDiscountTo: isOff ? targetOf(detail('ApplyDiscountTo')) : null,
    discountLevel: isOff ? ((detail('DiscountLevel') ?? 'subscription') as DiscountLevel) : null,
    discountClass: isOff ? (detail('DiscountClass') ?? null) : null,
  };
}

/** `RECURRING (2)` of the catalog is `RECURRING` on a subscription; a discount that does not say takes off everything. */
function targetOf(word: string | null | undefined): DiscountTarget {
  return (word?.replace(/ .*/, '') ?? 'ONETIMERECURRINGUSAGE') as DiscountTarget;
}

function recurrenceOf(charge: ProductRatePlanCharge, override: ChargeSpec | null): PriceRecurrence {
  const { billing = null, pricing = null } = override ?? {};
  return {
    billingPeriod: (billing?.billingPeriod ?? charge.billingPeriod) as BillingPeriod | null,
    specificBillingPeriod: billing?.specificBillingPeriod ?? charge.specificBillingPeriod,
    listPriceBase: (pricing?.listPriceBase ?? charge.listPriceBase) as ListPriceBase | null,
    specificListPriceBase: pricing?.specificListPriceBase ?? charge.specificListPriceBase,
  };
}

function valued(
  fields: PriceFields,
  priced: PricedCharge,
  recurrence: PriceRecurrence,
  term: Term,
  path: string,
): ChargePrice | Refusal {
  if (priced.type !== 'Recurring') return { ...fields, ...recurrence, monthlyRecurringRevenue: '0' };
  const [problem] = recurrenceProblems(recurrence);
  if (problem !== undefined) return refuse('invalid', problem.message, `${path}.billing.${problem.field}`);
  if (isPricedForTerm(priced.type, recurrence) && term.end === null) {
    const message = `charge ${priced.name} is priced for the whole term, which an evergreen subscription has not`;
    return refuse('invalid', message, `${path}.billing.billingPeriod`);
  }
  const span = term.end === null ? null : { start: term.start, endExclusive: term.end };
  const monthly = monthlyOf(fields, priced, recurrence, span);
  return { ...fields, ...recurrence, monthlyRecurringRevenue: monthly };
}
