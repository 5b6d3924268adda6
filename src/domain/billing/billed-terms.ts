import type { CalendarDate } from '../calendar.ts';
import {
  type Discount,
  type GrossSegment,
  netValues,
  type Taken,
  takenOn,
} from '../charge-models/net-mrr.ts';
import { isDiscount } from '../charge-models/registry.ts';
import { CHARGE_TYPES_OF_TARGET, type DiscountTarget } from '../charge-models/vocabulary.ts';
import type { Decimal } from '../money.ts';
import { discountOf, grossSegment } from '../subscriptions/net-values.ts';
import type { Charge } from '../subscriptions/subscription.ts';
import type { BillableCharge } from './billable.ts';
import { type Days, NO_END } from './day-spans.ts';
import type { BilledTerms } from './document-line.ts';
import { recurrenceOf } from './period-grid.ts';

/** A discount on a line: per cent of what those before it left, or an amount a month (of a one-time charge, at once). */
export interface LineDiscount {
  /** The discount's segment. */
  readonly charge: Charge;
  readonly off: { readonly percentage: Decimal } | { readonly amount: Decimal };
}

/** Days of a charge on the same terms. */
export interface TermsSpan extends Days {
  readonly charge: Charge;
  readonly terms: BilledTerms;
  readonly discounts: readonly LineDiscount[];
}

/** Equal texts for equal terms, in whatever order their fields were written. */
export function termsKey(terms: BilledTerms): string {
  return JSON.stringify([
    terms.chargeModel,
    terms.price,
    terms.quantity,
    terms.tiers.map((tier) => [tier.startingUnit, tier.endingUnit, tier.price, tier.priceFormat]),
    terms.includedUnits,
    terms.overagePrice,
    terms.billingPeriod,
    terms.specificBillingPeriod,
    terms.listPriceBase,
    terms.specificListPriceBase,
    terms.discounts,
  ]);
}

/** What discounts of a subscription take off its charges, day by day, from the charges that billing sees. */
export class BillingDiscounts {
  readonly #segments = new Map<Charge, GrossSegment>();
  readonly #discounts = new Map<Discount, Charge>();
  readonly #boundaries: readonly CalendarDate[];
  #oneTime: ReadonlyMap<GrossSegment, readonly Taken[]> | null = null;

  constructor(charges: readonly BillableCharge[], subscriptionId: string) {
    const days = new Set<CalendarDate>();
    const served = charges.map(({ charge }) => charge).filter(isServed);
    const hasDiscounts = served.some(({ chargeModel }) => isDiscount(chargeModel));
    for (const charge of hasDiscounts ? served : []) {
      const segment = grossSegment(charge, subscriptionId);
      const discount = discountOf(charge, subscriptionId);
      if (segment !== null) this.#segments.set(charge, segment);
      if (discount !== null) this.#discounts.set(discount, charge);
      if (charge.chargeType !== 'Usage') {
        days.add(charge.effectiveStartDate!);
        days.add(charge.effectiveEndDate ?? NO_END);
      }
    }
    this.#boundaries = [...days].sort();
  }

  /** A recurring charge's segment, cut where what is taken off it changes. */
  spansOf(charge: Charge, days: Days): TermsSpan[] {
    const cuts = [
      days.start,
      ...this.#boundaries.filter((day) => day > days.start && day < days.end),
      days.end,
    ];
    const spans: TermsSpan[] = [];
    for (let i = 0; i + 1 < cuts.length; i++) {
      const discounts = this.#on(charge, cuts[i]!);
      const span = {
        start: cuts[i]!,
        end: cuts[i + 1]!,
        charge,
        discounts,
        terms: termsOf(charge, discounts),
      };
      const last = spans.at(-1);
      if (last !== undefined && termsKey(last.terms) === termsKey(span.terms)) {
        spans[spans.length - 1] = { ...last, end: span.end };
      } else spans.push(span);
    }
    return spans;
  }

  #on(charge: Charge, day: CalendarDate): LineDiscount[] {
    const segment = this.#segments.get(charge);
    if (segment === undefined || this.#discounts.size === 0) return [];
    const taken = takenOn([...this.#segments.values()], [...this.#discounts.keys()], day).get(segment) ?? [];
    return this.#lineDiscounts(taken);
  }

  /** What is taken off a one-time charge. */
  ofOneTime(charge: Charge): LineDiscount[] {
    const segment = this.#segments.get(charge);
    if (segment === undefined || this.#discounts.size === 0) return [];
    this.#oneTime ??= new Map(
      netValues([...this.#segments.values()], [...this.#discounts.keys()]).oneTime.map((net) => [
        net.segment,
        net.taken,
      ]),
    );
    return this.#lineDiscounts(this.#oneTime.get(segment) ?? []);
  }

  /**
   * What is taken off usage: the percentage discounts that apply to usage on a day. Fixed discounts leave usage alone: they are amounts a month,
   * and what they can be taken off is known before the month begins.
   */
  ofUsage(charge: Charge, day: CalendarDate): LineDiscount[] {
    if (this.#discounts.size === 0) return [];
    const segment: GrossSegment = {
      ...grossSegmentOfUsage(charge, this.#subscriptionId()),
      start: day,
      endExclusive: null,
    };
    const percentages = [...this.#discounts.keys()].filter(
      (discount) => 'percentage' in discount.off && discount.chargeType === 'Recurring',
    );
    const asRecurring = percentages
      .filter((discount) => appliesToUsage(this.#discounts.get(discount)!))
      .map((discount) => ({ ...discount, appliesTo: ['Recurring' as const], of: discount }));
    const taken = takenOn([segment], asRecurring, day).get(segment) ?? [];
    return taken.map(({ discount }) => {
      const { of, off } = discount as (typeof asRecurring)[number];
      return { charge: this.#discounts.get(of)!, off };
    });
  }

  #subscriptionId(): string {
    return [...this.#discounts.keys()][0]!.subscriptionId;
  }

  #lineDiscounts(taken: readonly Taken[]): LineDiscount[] {
    return taken.map(({ discount, amount }) => ({
      charge: this.#discounts.get(discount)!,
      off: 'percentage' in discount.off ? discount.off : { amount },
    }));
  }
}

/** Usage as if it were a monthly amount: only which discounts reach it is asked. */
function grossSegmentOfUsage(
  charge: Charge,
  subscriptionId: string,
): Omit<GrossSegment, 'start' | 'endExclusive'> {
  const { ratePlanId, productRatePlanChargeId, chargeNumber } = charge;
  return {
    subscriptionId,
    ratePlanId,
    productRatePlanChargeId,
    chargeNumber,
    chargeType: 'Recurring',
    gross: '1000000000',
  };
}

function appliesToUsage({ applyDiscountTo }: Charge): boolean {
  const target = (applyDiscountTo ?? 'ONETIMERECURRINGUSAGE') as DiscountTarget;
  return CHARGE_TYPES_OF_TARGET[target].includes('Usage');
}

/** Whether a segment has days on which it is served. */
export function isServed({ isSuspended, effectiveStartDate: start, effectiveEndDate: end }: Charge): boolean {
  return !isSuspended && start !== null && (end === null || start < end);
}

/** What a charge costs, and what is taken off it. */
export function termsOf(charge: Charge, discounts: readonly LineDiscount[]): BilledTerms {
  const { chargeModel, price, quantity, tiers, includedUnits, overagePrice } = charge;
  const { specificListPriceBase } = recurrenceOf(charge);
  return {
    chargeModel,
    price,
    quantity,
    tiers,
    includedUnits,
    overagePrice,
    billingPeriod: charge.billingPeriod,
    specificBillingPeriod: charge.specificBillingPeriod,
    listPriceBase: charge.listPriceBase,
    specificListPriceBase: specificListPriceBase ?? null,
    discounts: discounts.map(({ charge: discount, off }) => [
      discount.chargeNumber,
      'percentage' in off ? off.percentage : off.amount,
    ]),
  };
}
