import type { Stored } from '../entities.ts';
import type { Charge, RatePlan, Subscription } from './subscription.ts';

/**
 * The latest version of a subscription as far as orders from a date on can change it: charges that have not ended before that date, each
 * from the segment on that covers it. What ended before is left alone, so that an order costs the same however long the subscription's
 * history is.
 */
export interface SubscriptionContent extends Stored {
  /** First day that is covered, or WHOLE_HISTORY. */
  readonly from: string;
  readonly subscription: Subscription;
  /** Rate plans that were not removed before that day, also those whose charges have all ended. */
  readonly ratePlans: readonly RatePlan[];
  /** By charge number, then segment. */
  readonly charges: readonly Charge[];
}

/** As the first day of a content: everything that is live. */
export const WHOLE_HISTORY = '';

const SEPARATOR = '@';

/** Key of a content: the subscription's number and the first day that orders change. */
export function contentKey(subscriptionNumber: string, from: string): string {
  return `${from}${SEPARATOR}${subscriptionNumber}`;
}

/** The subscription number of a content's key. */
export function numberOfContentKey(key: string): string {
  return key.slice(key.indexOf(SEPARATOR) + 1);
}

interface Rows {
  readonly subscription: Subscription;
  readonly ratePlans: readonly RatePlan[];
  readonly charges: readonly Charge[];
}

/** A content with what commands before in the same group wrote over it; null stands for a subscription that they created. */
export function contentWith(
  key: string,
  content: SubscriptionContent | null,
  written: Rows,
): SubscriptionContent {
  return {
    id: key,
    revision: written.subscription.revision,
    from: content?.from ?? '',
    subscription: written.subscription,
    ratePlans: laidOver(content?.ratePlans ?? [], written.ratePlans).filter(isLive),
    charges: withoutHoles(
      laidOver(content?.charges ?? [], written.charges)
        .filter(isLive)
        .sort(byNumberAndSegment),
    ),
  };
}

function isLive({ removedInVersion }: { readonly removedInVersion: number | null }): boolean {
  return removedInVersion === null;
}

function laidOver<T extends Stored>(stored: readonly T[], written: readonly T[]): T[] {
  const byId = new Map(stored.map((row) => [row.id, row]));
  for (const row of written) byId.set(row.id, row);
  return [...byId.values()];
}

/** What was written may lie before the first segment that was read: of each charge the segments up to its last that have no hole. */
function withoutHoles(charges: readonly Charge[]): Charge[] {
  const kept: Charge[] = [];
  for (const charge of charges.toReversed()) {
    const next = kept.at(-1);
    const follows = next?.chargeNumber !== charge.chargeNumber || next.segment === charge.segment + 1;
    const isCutOff = next?.chargeNumber !== charge.chargeNumber && !charge.isLastSegment;
    if (follows && !isCutOff) kept.push(charge);
  }
  return kept.reverse();
}

function byNumberAndSegment(a: Charge, b: Charge): number {
  if (a.chargeNumber !== b.chargeNumber) return a.chargeNumber < b.chargeNumber ? -1 : 1;
  return a.segment - b.segment;
}
