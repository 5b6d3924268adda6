import type { CalendarDate } from '../calendar.ts';
import type { ChargeType } from '../charge-models/vocabulary.ts';
import type { JsonObject } from '../result.ts';
import type { SubscriptionBilling } from './billable.ts';
import type { BillingRules } from './billing-rules.ts';
import type { DocumentLine, LineSource } from './document-line.ts';
import type { UsageTotal } from './usage.ts';

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

/** A line to be written: positive is owed, negative given back, in the subscription's currency. Its number in the document is the caller's. */
export interface NewBillingLine extends Omit<DocumentLine, 'line'>, LineSource {
  readonly id: string;
  /** What items show under wire names: chargeType, productName, ratePlanName, sku, unitOfMeasure, description … */
  readonly details: JsonObject;
}

export interface BilledSubscription {
  readonly lines: readonly NewBillingLine[];
  /** The subscription's new `billingFrom`. */
  readonly billingFrom: string;
}

/** Usage totals that `billSubscription` asks for (keys of `usageTotalKey`), to be loaded first. */
export function usageKeysOf(
  _billing: SubscriptionBilling,
  _options: Omit<BillingOptions, 'usageOf' | 'newId'>,
): string[] {
  return [];
}

/** What a subscription is to be billed up to the target date: the difference between what it costs and what live documents say. */
export function billSubscription(billing: SubscriptionBilling, _options: BillingOptions): BilledSubscription {
  return { lines: [], billingFrom: billing.subscription.billingFrom };
}
