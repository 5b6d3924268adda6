import type { CalendarDate } from '../calendar.ts';
import type { Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';
import type { Charge, RatePlan, Subscription } from '../subscriptions/subscription.ts';
import type { Calculation, DocumentLine } from './document-line.ts';

/** A charge segment as billing sees it. */
export interface BillableCharge {
  readonly charge: Charge;
  readonly ratePlan: RatePlan;
  /** Start of the charge's first segment: what its periods are aligned to, however often its price changed since. */
  readonly firstStartDate: CalendarDate | null;
}

/** A line of a live document that billed a charge of the subscription, or gave service of it back. */
export interface BilledLine
  extends Pick<DocumentLine, 'chargeName' | 'quantity' | 'unitPrice' | 'productRatePlanChargeId'> {
  readonly itemId: string;
  readonly documentKind: 'invoice' | 'creditMemo';
  readonly documentId: string;
  readonly chargeNumber: string;
  readonly processingType: 'Charge' | 'Discount';
  /** As a charge: positive is owed, negative given back; a credit memo's line is turned round. */
  readonly amountMinor: number;
  readonly serviceStartDate: CalendarDate;
  /** Inclusive. */
  readonly serviceEndDate: CalendarDate;
  readonly appliedToItemId: string | null;
  /** The charge segment that was billed. */
  readonly chargeId: string;
  readonly details: JsonObject;
  readonly calculation: Calculation;
}

/** As the first day of a billing key: from where the subscription itself says. */
const ITS_OWN_DAY = '9999-12-31';

/**
 * Key of what there is to bill of a subscription.
 *
 * @param from first day that is looked at again, where it lies before the subscription's own
 */
export function billingKey(subscriptionNumber: string, from: string = ITS_OWN_DAY): string {
  return `${from}@${subscriptionNumber}`;
}

/** The subscription number of a billing key. */
export function numberOfBillingKey(key: string): string {
  return key.slice(key.indexOf('@') + 1);
}

/**
 * Read only, key = `billingKey`: the latest version of a subscription as far as there is something to bill or to look at again, with
 * what live documents billed of it. Live is what is neither cancelled nor reversed; what is not billed by live documents is to be billed:
 * that is all that billing remembers (decision 008). Guarded by the subscription's row, which everything that bills it changes, and by the rows of these documents.
 *
 * Covered are the days from `subscription.billingFrom`, or the key's day, on: the charges that had not ended before it, each from the segment
 * on that covers it; the lines whose service ends on it or later, with all that was given back of them or taken off them; and the lines of
 * one-time charges among these charges, whenever they were billed. What a fixed discount leaves over its time goes to one-time charges: where
 * one ends on the day or later, charges are covered from the first day of such discounts on.
 */
export interface SubscriptionBilling extends Stored {
  readonly subscription: Subscription;
  readonly charges: readonly BillableCharge[];
  readonly billed: readonly BilledLine[];
  /** The documents of these lines: whoever cancels one changes it, so that what was computed from its lines is computed again. */
  readonly documents?: readonly BilledDocument[];
}

export interface BilledDocument extends Stored {
  readonly kind: BilledLine['documentKind'];
}

/**
 * Read only, key = id of an invoice or credit memo: what has to be looked at again when its lines count no longer. Guarded by a query of its
 * own: a subscription that is settled beyond the document's days meanwhile refuses the commit.
 */
export interface DocumentBilling extends Stored {
  /** Subscriptions that are settled beyond the first day of them that the document bills, by number: as many as one commit sets back. */
  readonly settled: ReadonlyArray<{ readonly subscriptionNumber: string; readonly from: CalendarDate }>;
  /** How many there are in all. */
  readonly count: number;
}
