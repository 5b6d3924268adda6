import type { ProductRatePlanCharge } from '../catalog/catalog.ts';
import { listPriceBaseLength, recurrenceProblems } from '../charge-models/billing-period.ts';
import { monthlyRecurringRevenue } from '../charge-models/mrr.ts';
import { chargeModels, isPriced, type PricedModel } from '../charge-models/registry.ts';
import type { BillingPeriod, ChargeType, ListPriceBase } from '../charge-models/vocabulary.ts';
import type { Decimal } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { ChargeSpec, PricingKind } from './subscription-spec.ts';
import type { Term } from './term.ts';

/** What one charge costs and is worth a month. */
export interface ChargePrice {
  readonly price: Decimal;
  /** Null for usage, which is counted later. */
  readonly quantity: Decimal | null;
  readonly billingPeriod: BillingPeriod | null;
  readonly specificBillingPeriod: number | null;
  readonly listPriceBase: ListPriceBase | null;
  readonly specificListPriceBase: number | null;
  readonly monthlyRecurringRevenue: Decimal;
}

const PRICING_KINDS: Record<PricedModel, Record<ChargeType, PricingKind>> = {
  'Flat Fee Pricing': {
    OneTime: 'oneTimeFlatFee',
    Recurring: 'recurringFlatFee',
    Usage: 'usageFlatFee',
  },
  'Per Unit Pricing': {
    OneTime: 'oneTimePerUnit',
    Recurring: 'recurringPerUnit',
    Usage: 'usagePerUnit',
  },
};

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
  const type = charge.chargeType as ChargeType;
  const pricing = override?.pricing ?? null;
  const kind = PRICING_KINDS[model][type];
  if (pricing !== null && pricing.kind !== kind) {
    const message = `does not fit charge ${charge.chargeNumber}, which takes ${kind}`;
    return refuse('invalid', message, `${path}.pricing.${pricing.kind}`);
  }
  const at = `${path}.pricing.${kind}`;
  const price = pricing?.price ?? charge.tiers.find((tier) => tier.currency === currency)?.price ?? null;
  if (price === null) {
    return refuse('invalid', `charge ${charge.chargeNumber} has no price in ${currency}`, `${at}.listPrice`);
  }
  const quantity = quantityOf(charge, model, type, pricing?.quantity ?? null);
  const [problem] = chargeModels[model].validate({
    price,
    quantity: type === 'Usage' ? '0' : quantity,
    tiers: [],
  });
  if (problem !== undefined) {
    const field = problem.field === 'price' ? 'listPrice' : problem.field;
    return refuse('invalid', `${problem.message} (charge ${charge.chargeNumber})`, `${at}.${field}`);
  }
  return valued({ charge, override, model, type, price, quantity, term, path });
}

function quantityOf(
  charge: ProductRatePlanCharge,
  model: PricedModel,
  type: ChargeType,
  given: Decimal | null,
): Decimal | null {
  if (type === 'Usage') return null;
  return model === 'Flat Fee Pricing' ? '1' : (given ?? charge.defaultQuantity);
}

function valued(terms: {
  readonly charge: ProductRatePlanCharge;
  readonly override: ChargeSpec | null;
  readonly model: PricedModel;
  readonly type: ChargeType;
  readonly price: Decimal;
  readonly quantity: Decimal | null;
  readonly term: Term;
  readonly path: string;
}): ChargePrice | Refusal {
  const { charge, override, model, type, price, quantity, term, path } = terms;
  const billingPeriod = (override?.billing?.billingPeriod ?? charge.billingPeriod) as BillingPeriod | null;
  const specificBillingPeriod = override?.billing?.specificBillingPeriod ?? charge.specificBillingPeriod;
  const recurrence = {
    billingPeriod,
    specificBillingPeriod,
    listPriceBase: (override?.pricing?.listPriceBase ?? charge.listPriceBase) as ListPriceBase | null,
    specificListPriceBase: override?.pricing?.specificListPriceBase ?? charge.specificListPriceBase,
  };
  const result = { price, quantity, ...recurrence };
  if (type !== 'Recurring') return { ...result, monthlyRecurringRevenue: '0' };
  const [problem] = recurrenceProblems(recurrence);
  if (problem !== undefined) return refuse('invalid', problem.message, `${path}.billing.${problem.field}`);
  const averaged = 'term' in listPriceBaseLength(recurrence);
  if (averaged && term.end === null) {
    const message = `charge ${charge.chargeNumber} is priced for the whole term, which an evergreen subscription has not`;
    return refuse('invalid', message, `${path}.billing.billingPeriod`);
  }
  const span = term.end === null ? null : { start: term.start, endExclusive: term.end };
  const monthly = monthlyRecurringRevenue({
    chargeType: type,
    model,
    price,
    quantity,
    ...recurrence,
    term: span,
  });
  return { ...result, monthlyRecurringRevenue: monthly };
}
