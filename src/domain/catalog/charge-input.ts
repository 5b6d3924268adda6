import type { Decimal } from '../money.ts';
import type { JsonObject } from '../result.ts';
import type { ProductRatePlanCharge } from './catalog.ts';

/** One price level as given: quantities and prices are decimal text, its number is its place among its currency's tiers. */
export interface TierInput {
  /** The tier of the charge that this one replaces; it keeps its id. */
  readonly id: string | null;
  readonly currency: string;
  readonly startingUnit: Decimal | null;
  readonly endingUnit: Decimal | null;
  readonly price: Decimal | null;
  /** 'Per Unit' | 'Flat Fee'; null for what the model is by nature. */
  readonly priceFormat: string | null;
  readonly isOveragePrice: boolean;
  readonly discountAmount: Decimal | null;
  readonly discountPercentage: Decimal | null;
}

type Computed = Pick<
  ProductRatePlanCharge,
  | 'chargeModel'
  | 'chargeType'
  | 'billCycleType'
  | 'billCycleDay'
  | 'weeklyBillCycleDay'
  | 'billingPeriod'
  | 'specificBillingPeriod'
  | 'billingTiming'
  | 'billingPeriodAlignment'
  | 'listPriceBase'
  | 'specificListPriceBase'
  | 'triggerEvent'
  | 'endDateCondition'
  | 'upToPeriods'
  | 'upToPeriodsType'
  | 'defaultQuantity'
  | 'unitOfMeasure'
>;

/**
 * What a caller says about a charge. What is absent keeps its value on a change and its default on creation; words are
 * those of charge-models/vocabulary.ts, checked by the wire layer.
 */
export interface ChargeInput extends Partial<Computed> {
  readonly name?: string;
  readonly chargeNumber?: string;
  readonly tiers?: readonly TierInput[];
  /** Units that the price includes (overage models), decimal text. */
  readonly includedUnits?: Decimal | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}
