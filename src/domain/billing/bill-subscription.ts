import { type CalendarDate, earlier } from '../calendar.ts';
import { isDiscount } from '../charge-models/registry.ts';
import type { ChargeType } from '../charge-models/vocabulary.ts';
import { AmountOutOfRange } from '../fraction.ts';
import { type Refusal, refuse } from '../result.ts';
import type { RatePlan, SubscriptionStatus } from '../subscriptions/subscription.ts';
import { billOneTime } from './bill-one-time.ts';
import { billRecurring } from './bill-recurring.ts';
import { billUsage, usageKeyOf, usageParts } from './bill-usage.ts';
import type { BillableCharge, SubscriptionBilling } from './billable.ts';
import { BillingDiscounts } from './billed-terms.ts';
import type { NewBillingLine } from './billing-line.ts';
import { type BillingRules, roundingOf } from './billing-rules.ts';
import type { ChargeBill, ChargeHistory, Settlement } from './charge-bill.ts';
import { NO_END } from './day-spans.ts';
import { takeBack } from './give-back.ts';
import { type OutstandingCharge, outstandingLines } from './outstanding.ts';
import type { UsageTotal } from './usage.ts';

export type { NewBillingLine } from './billing-line.ts';

/** How far, and by which rules, a subscription is billed. */
export interface BillingOptions {
  readonly targetDate: CalendarDate;
  readonly rules: BillingRules;
  /** The invoice owner's, 1 to 31; 0: each charge's own start day. */
  readonly billCycleDay: number;
  /** Charges of these types are left as they are. */
  readonly chargeTypesToExclude: ReadonlySet<ChargeType>;
  readonly newId: () => string;
  /** By `usageTotalKey`; asked only for keys that `usageKeysOf` gave. */
  readonly usageOf: (key: string) => UsageTotal;
}

export interface BilledSubscription {
  readonly lines: readonly NewBillingLine[];
  /** The subscription's new `billingFrom`. */
  readonly billingFrom: string;
}

/** Subscriptions that are not served yet are not billed. */
const NOT_YET: ReadonlySet<SubscriptionStatus> = new Set([
  'Draft',
  'Pending Activation',
  'Pending Acceptance',
]);

/** Usage totals that `billSubscription` asks for (keys of `usageTotalKey`), to be loaded first. */
export function usageKeysOf(
  { subscription, charges, billed }: SubscriptionBilling,
  options: Omit<BillingOptions, 'usageOf' | 'newId'>,
): string[] {
  if (NOT_YET.has(subscription.status) || options.chargeTypesToExclude.has('Usage')) return [];
  const ofUsage = charges.filter(({ charge }) => charge.chargeType === 'Usage');
  if (ofUsage.length === 0) return [];
  const reach = { ...options, subscription, from: subscription.billingFrom };
  return [...histories(ofUsage, outstandingLines(billed).ofCharge).values()]
    .filter(({ segments }) => segments.length > 0)
    .flatMap((history) => usageParts(history, reach).map(usageKeyOf));
}

/**
 * What a subscription is to be billed up to the target date: the difference between what its latest version costs and what live documents say
 * (decision 008). Lines come charge by charge: first what is given back, then what is billed anew.
 *
 * Refuses a subscription with an amount that no line can hold: a price, quantity and period that are each allowed can come to more.
 */
export function billSubscription(
  billing: SubscriptionBilling,
  options: BillingOptions,
): BilledSubscription | Refusal {
  try {
    return difference(billing, options);
  } catch (error) {
    if (!(error instanceof AmountOutOfRange)) throw error;
    const { subscriptionNumber, currency } = billing.subscription;
    const message = `subscription ${subscriptionNumber} can't be billed: an amount is more than a line in ${currency} can hold`;
    return refuse('rule', message);
  }
}

/** @throws AmountOutOfRange */
function difference(
  { subscription, charges, billed }: SubscriptionBilling,
  options: BillingOptions,
): BilledSubscription {
  const { billingFrom, currency } = subscription;
  if (NOT_YET.has(subscription.status)) return { lines: [], billingFrom };
  const { rules, targetDate } = options;
  const plans = new Map(charges.map(({ ratePlan }) => [ratePlan.id, ratePlan]));
  const common = {
    subscription,
    from: billingFrom,
    targetDate,
    billCycleDay: options.billCycleDay,
    rules,
    discounts: new BillingDiscounts(charges, subscription.id),
    maker: {
      subscription,
      chargeDate: targetDate,
      rounding: roundingOf(rules, currency),
      newId: options.newId,
      ratePlanOf: ({ ratePlanId }: { ratePlanId: string }): RatePlan => plans.get(ratePlanId)!,
    },
  };
  const { ofCharge, orphans } = outstandingLines(billed);
  const lines = orphans
    .filter(({ amountMinor }) => amountMinor !== 0)
    .map((line) => takeBack(line, common.maker));
  let unsettled: CalendarDate = NO_END;
  for (const history of histories(charges, ofCharge).values()) {
    const chargeType = typeOf(history);
    const bill = { ...common, isExcluded: options.chargeTypesToExclude.has(chargeType) };
    const settlement = settled(chargeType, history, bill, options);
    lines.push(...settlement.lines);
    unsettled = earlier(unsettled, settlement.unsettled);
  }
  return { lines, billingFrom: unsettled };
}

function settled(
  chargeType: ChargeType,
  history: ChargeHistory,
  bill: ChargeBill,
  { usageOf }: BillingOptions,
): Settlement {
  switch (chargeType) {
    case 'OneTime':
      return billOneTime(history, bill);
    case 'Usage':
      return billUsage(history, bill, usageOf);
    case 'Recurring':
      return billRecurring(history, bill);
  }
}

/** By charge number: charges that are served, and those that only lines of live documents know. Discounts have lines on the charges they discount. */
function histories(
  charges: readonly BillableCharge[],
  ofCharge: ReadonlyMap<string, readonly OutstandingCharge[]>,
): Map<string, ChargeHistory> {
  const segments = new Map<string, BillableCharge[]>();
  for (const billable of charges) {
    const { chargeNumber, chargeModel } = billable.charge;
    if (isDiscount(chargeModel)) continue;
    segments.set(chargeNumber, [...(segments.get(chargeNumber) ?? []), billable]);
  }
  const numbers = new Set([...segments.keys(), ...ofCharge.keys()]);
  return new Map(
    [...numbers].map((number) => [
      number,
      { segments: segments.get(number) ?? [], outstanding: ofCharge.get(number) ?? [] },
    ]),
  );
}

/** A charge's type; of one that is gone, as its lines tell it. */
function typeOf({ segments, outstanding }: ChargeHistory): ChargeType {
  const [segment] = segments;
  if (segment !== undefined) return segment.charge.chargeType as ChargeType;
  const { usage, measure } = outstanding[0]!.line.calculation;
  return usage !== undefined ? 'Usage' : measure === null ? 'OneTime' : 'Recurring';
}
