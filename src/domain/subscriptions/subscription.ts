import type { PriceTier } from '../charge-models/charge-model.ts';
import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

export type SubscriptionStatus =
  | 'Draft'
  | 'Pending Activation'
  | 'Pending Acceptance'
  | 'Active'
  | 'Suspended'
  | 'Cancelled'
  | 'Expired';

/**
 * One version of a subscription. `id` is the version's; `originalId` is the first version's and names the lineage,
 * to which rate plans and charges belong.
 */
export interface Subscription extends Stored, Audit {
  readonly subscriptionNumber: string;
  readonly originalId: string;
  readonly version: number;
  readonly isLatestVersion: boolean;
  readonly status: SubscriptionStatus;
  /** Subscription owner: its account carries the contracted MRR. */
  readonly accountId: string;
  /** Invoice owner: its account carries everything else. */
  readonly invoiceOwnerAccountId: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly currency: string;
  readonly termType: 'TERMED' | 'EVERGREEN';
  readonly contractEffectiveDate: string;
  readonly serviceActivationDate: string | null;
  readonly customerAcceptanceDate: string | null;
  readonly subscriptionStartDate: string;
  /** Exclusive; null for evergreen. */
  readonly subscriptionEndDate: string | null;
  readonly termStartDate: string;
  readonly termEndDate: string | null;
  readonly initialTerm: number | null;
  readonly initialTermPeriodType: string | null;
  readonly currentTerm: number | null;
  readonly currentTermPeriodType: string | null;
  readonly renewalTerm: number | null;
  readonly renewalTermPeriodType: string | null;
  readonly renewalSetting: string;
  readonly autoRenew: boolean;
  /** First day that is not served while the subscription is suspended; null when it is not. */
  readonly suspendedOn: string | null;
  /** Day on which scheduled work that was refused is tried again, and why it was refused; absent for a version that was never refused. */
  readonly scheduledRetryOn?: string | null;
  readonly scheduledFailure?: string | null;
  /**
   * First day that billing has not settled: what was billed before it still stands, from it on there is something to bill, or to look at
   * again. '': from the beginning.
   */
  readonly billingFrom: string;
  /**
   * Decimal text in the subscription's currency: what its charges are worth a month by their last segments. Stays with a cancelled
   * subscription, whose account counts 0 from booking on (semantics B.3).
   */
  readonly contractedMrr: string;
  /** Null while a charge has no end, or no start yet. */
  readonly totalContractedValue: string | null;
  /** Sum of the segments' values that are known: what the total is kept up to date from. */
  readonly knownContractedValue: string;
  /** Attributes under their wire names (notes, invoiceSeparately, paymentTerm, billToContactId …). */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/**
 * A rate plan of a subscription's lineage. It is part of the versions addedInVersion ≤ v, and < removedInVersion when that is set, so that
 * a new version writes only what it changes.
 */
export interface RatePlan extends Stored {
  readonly ratePlanNumber: string;
  readonly subscriptionOriginalId: string;
  readonly addedInVersion: number;
  readonly removedInVersion: number | null;
  readonly productId: string;
  readonly productName: string;
  readonly productSku: string;
  readonly productRatePlanId: string;
  readonly productRatePlanNumber: string;
  readonly name: string;
  /** Version in which its removal was booked, and the first day without it; null while it is on the subscription. */
  readonly endedInVersion: number | null;
  readonly endDate: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  readonly createdAt: string;
}

/**
 * One segment of a charge: [effectiveStartDate, effectiveEndDate), in the versions addedInVersion ≤ v < removedInVersion. Segments
 * follow each other without overlap; where a suspension was resumed there is a gap.
 */
export interface Charge extends Stored {
  readonly ratePlanId: string;
  readonly subscriptionOriginalId: string;
  readonly chargeNumber: string;
  readonly originalChargeId: string;
  readonly segment: number;
  readonly isLastSegment: boolean;
  /** From the day of a suspension that is not resumed yet: kept so that it can be, neither served nor shown. */
  readonly isSuspended: boolean;
  /** The charge's removal is booked: its last segment no longer counts as contracted. */
  readonly isRemoved: boolean;
  readonly version: number;
  readonly addedInVersion: number;
  readonly removedInVersion: number | null;
  readonly productRatePlanChargeId: string;
  readonly productRatePlanChargeNumber: string;
  readonly name: string;
  readonly chargeType: string;
  readonly chargeModel: string;
  readonly currency: string;
  /** Decimal text; null where the model has none. */
  readonly price: string | null;
  readonly quantity: string | null;
  /** In order; none where the model has none. */
  readonly tiers: readonly PriceTier[];
  /** Decimal text, of overage models. */
  readonly includedUnits: string | null;
  readonly overagePrice: string | null;
  /** Decimal text, of discounts: an amount for each list price base, or per cent. */
  readonly discountAmount: string | null;
  readonly discountPercentage: string | null;
  /** 'RECURRING', 'ONETIMERECURRING' … (DiscountTarget) */
  readonly applyDiscountTo: string | null;
  /** 'rateplan' | 'subscription' | 'account' */
  readonly discountLevel: string | null;
  readonly discountClass: string | null;
  readonly unitOfMeasure: string | null;
  readonly billingPeriod: string | null;
  readonly specificBillingPeriod: number | null;
  readonly billingTiming: string | null;
  readonly billingPeriodAlignment: string | null;
  readonly billCycleType: string;
  readonly billCycleDay: number | null;
  readonly listPriceBase: string | null;
  readonly triggerEvent: string;
  readonly triggerDate: string | null;
  readonly endDateCondition: string;
  readonly specificEndDate: string | null;
  readonly upToPeriods: number | null;
  readonly upToPeriodsType: string | null;
  /** The agreed end of a charge with a fixed period or a specific end, which the subscription's end may cut short. */
  readonly agreedEndDate: string | null;
  /** Null while a trigger date is missing. */
  readonly effectiveStartDate: string | null;
  readonly effectiveEndDate: string | null;
  /** Derived from the lines of live documents when it is read (decision 008), never stored: first day that is not invoiced. */
  readonly chargedThroughDate: string | null;
  readonly processedThroughDate: string | null;
  readonly monthlyRecurringRevenue: string;
  readonly totalContractedValue: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  readonly createdAt: string;
}
