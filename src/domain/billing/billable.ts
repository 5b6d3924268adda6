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

/**
 * Read only, key = subscription number: the latest version of a subscription as far as there is something to bill or to look at again, with
 * what live documents billed of it. Live is what is neither cancelled nor reversed; what is not billed by live documents is to be billed:
 * that is all that billing remembers (decision 008). Guarded by the subscription's row, which everything that bills it changes.
 *
 * Covered are the days from `subscription.billingFrom` on: the charges that had not ended before it, each from the segment on that covers it;
 * and the lines whose service ends on it or later, with all that was given back of them or taken off them.
 */
export interface SubscriptionBilling extends Stored {
  readonly subscription: Subscription;
  readonly charges: readonly BillableCharge[];
  readonly billed: readonly BilledLine[];
}
