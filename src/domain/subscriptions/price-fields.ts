import { listPriceBaseLength, type Recurrence } from '../charge-models/billing-period.ts';
import type { Problem } from '../charge-models/charge-model.ts';
import { monthlyRecurringRevenue, type Span, totalContractedValue } from '../charge-models/mrr.ts';
import { chargeModels, isDiscount, type PricedModel } from '../charge-models/registry.ts';
import type { ChargeType } from '../charge-models/vocabulary.ts';
import type { Decimal } from '../money.ts';
import { type JsonObject, type JsonValue, type Refusal, refuse } from '../result.ts';
import type { Segment } from './charge-dates.ts';
import { FIELDS_OF_MODEL, pricingKindOf, wireFieldOf } from './pricing-kinds.ts';
import type { Charge } from './subscription.ts';
import type { PricingOverride } from './subscription-spec.ts';

/** What a charge segment costs, or takes off others: all that its model is priced from. */
export type PriceFields = Pick<
  Charge,
  | 'price'
  | 'quantity'
  | 'tiers'
  | 'includedUnits'
  | 'overagePrice'
  | 'discountAmount'
  | 'discountPercentage'
  | 'applyDiscountTo'
  | 'discountLevel'
  | 'discountClass'
>;

/** A charge as far as its price goes; `name` says in messages which one it is. */
export interface PricedCharge {
  readonly model: PricedModel;
  readonly type: ChargeType;
  readonly name: string;
}

/**
 * A price with what a request says otherwise laid over it: what the request leaves out stays. Refuses, by the field, what the
 * charge's model does not have and what it can't be priced with.
 *
 * @param path of the request's pricing
 */
export function overlaidPrice(
  base: PriceFields,
  pricing: PricingOverride | null,
  charge: PricedCharge,
  path: string,
): PriceFields | Refusal {
  const { model, type, name } = charge;
  const kind = pricingKindOf(type, model);
  if (pricing !== null && pricing.kind !== kind && pricing.kind !== 'any') {
    return refuse('invalid', `does not fit charge ${name}, which takes ${kind}`, `${path}.${pricing.kind}`);
  }
  const laid: { -readonly [Name in keyof PriceFields]: PriceFields[Name] } = { ...base };
  const taken: readonly string[] = FIELDS_OF_MODEL[model];
  for (const field of PRICE_NAMES) {
    const value = pricing?.[field];
    if (value == null || (field === 'quantity' && type === 'Usage')) continue;
    if (!taken.includes(field)) {
      const message = `does not fit charge ${name}, which has the model ${model}`;
      return refuse('invalid', message, `${path}.${kind}.${wireFieldOf(field)}`);
    }
    Object.assign(laid, { [field]: value });
  }
  laid.quantity = quantityOf(laid.quantity, charge);
  const [problem] = priceProblems(laid, charge);
  if (problem === undefined) return laid;
  return refuse(
    'invalid',
    `${problem.message} (charge ${name})`,
    `${path}.${kind}.${wireFieldOf(problem.field)}`,
  );
}

const PRICE_NAMES = [
  'price',
  'quantity',
  'tiers',
  'includedUnits',
  'overagePrice',
  'discountAmount',
  'discountPercentage',
  'applyDiscountTo',
  'discountLevel',
  'discountClass',
] as const satisfies readonly (keyof PriceFields & keyof PricingOverride)[];

/** A quantity as its charge has one: usage is counted later, a flat fee is one, a discount has none. */
function quantityOf(quantity: Decimal | null, { model, type }: PricedCharge): Decimal | null {
  if (type === 'Usage' || isDiscount(model)) return null;
  return model === 'Flat Fee Pricing' ? '1' : quantity;
}

/** Everything that keeps a price from being computed. Usage must be priced whatever is counted later, so 0 stands for it. */
export function priceProblems(fields: PriceFields, { model, type }: PricedCharge): Problem[] {
  return chargeModels[model].validate(type === 'Usage' ? { ...fields, quantity: '0' } : fields);
}

/** When a price recurs, as a charge keeps it. */
export interface PriceRecurrence extends Recurrence {
  readonly specificBillingPeriod: number | null;
  readonly listPriceBase: NonNullable<Recurrence['listPriceBase']> | null;
  readonly specificListPriceBase: number | null;
}

/** Whether what is priced is the whole term, which an evergreen subscription has not. */
export function isPricedForTerm(type: string, recurrence: Recurrence): boolean {
  return type === 'Recurring' && 'term' in listPriceBaseLength(recurrence);
}

/** Gross MRR of a price (semantics C.1); '0' for discounts, one-time and usage charges. */
export function monthlyOf(
  fields: PriceFields,
  { model, type }: PricedCharge,
  recurrence: Recurrence,
  term: Span | null,
): Decimal {
  if (type !== 'Recurring' || isDiscount(model)) return '0';
  return monthlyRecurringRevenue({ ...fields, ...recurrence, chargeType: type, model, term });
}

/** A segment's price as its contracted value is computed from. */
export type ContractedPrice = PriceFields & Pick<Charge, 'chargeModel' | 'monthlyRecurringRevenue'>;

/**
 * Total contracted value of one segment (semantics C.3): null without an end or a start, the full amount for one-time, nothing
 * for usage and discounts.
 */
export function contractedValueOf(
  chargeType: string,
  price: ContractedPrice,
  segment: Segment,
): Decimal | null {
  if (chargeType === 'Usage' || isDiscount(price.chargeModel)) return '0';
  if (chargeType === 'OneTime') return chargeModels[price.chargeModel as PricedModel].ratedPerPeriod(price);
  if (segment.start === null) return null;
  return totalContractedValue(price.monthlyRecurringRevenue, segment.start, segment.end);
}

/** What a request's pricing says that nothing is computed from now, as a charge keeps it: under wire names. */
export function pricingDetails(pricing: PricingOverride | null): JsonObject {
  const kept: { [name: string]: JsonValue } = { ...pricing?.details };
  if (pricing?.priceChangeOption != null) kept.priceChangeOption = pricing.priceChangeOption;
  if (pricing?.priceIncreasePercentage != null)
    kept.priceIncreasePercentage = Number(pricing.priceIncreasePercentage);
  return kept;
}
