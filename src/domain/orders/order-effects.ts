import type { Stored } from '../entities.ts';
import { type Refusal, refuse } from '../result.ts';
import { isRestingOnDates } from '../subscriptions/resting-on-dates.ts';
import type { Charge, RatePlan, Subscription } from '../subscriptions/subscription.ts';
import type { StoredOrderDelta } from './order.ts';

/** What one order did to one subscription: the version that it made, as rows. */
export interface VersionEffects {
  readonly made: Subscription;
  /** The version before; null for a subscription that the order created. */
  readonly base: Subscription | null;
  readonly latest: Subscription;
  /** Segments that are part of the version and were not before. */
  readonly addedCharges: readonly Charge[];
  /** Segments that were part of the version before and no longer are. */
  readonly removedCharges: readonly Charge[];
  /** Charges of which live lines bill segments that the version added, or give back segments that it removed: through which day. */
  readonly billed: ReadonlyArray<{ readonly chargeNumber: string; readonly through: string }>;
  readonly addedRatePlans: readonly RatePlan[];
  /** Rate plans that the version changed in place, as they are now; how they were is kept with the order's line. */
  readonly changedRatePlans: readonly RatePlan[];
}

/** What an order made, bounded by the order itself. Lines whose subscription has been deleted since made nothing. */
export interface OrderEffects extends Stored {
  readonly versions: readonly VersionEffects[];
  readonly deltas: readonly StoredOrderDelta[];
}

/**
 * Why a version can't be taken back; null when it can. It must be the subscription's latest, nothing that it changed may have been invoiced,
 * or given back, since, and no date that was missing may have been set since, because all of that rests on it.
 *
 * @param what what is asked for: `deleted`, `reverted`
 */
export function takeBackProblem(
  { made, latest, billed }: VersionEffects,
  orderNumber: string,
  what: string,
): Refusal | null {
  const { subscriptionNumber, version } = made;
  const refused = (why: string) => refuse('rule', `Order ${orderNumber} can't be ${what}: ${why}.`);
  if (latest.version !== version) {
    const later = `it made version ${version} of subscription ${subscriptionNumber}, which order ${latest.orderNumber} has changed since`;
    return refused(`${later} (version ${latest.version})`);
  }
  const [first] = billed;
  if (first !== undefined)
    return refused(`charge ${first.chargeNumber} has been invoiced through ${first.through}`);
  if (isRestingOnDates(made)) {
    return refused(`dates of subscription ${subscriptionNumber} have been set since`);
  }
  return null;
}
