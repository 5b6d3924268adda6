import type { PlanBuilder } from '../account/plan.ts';
import { earlier } from '../calendar.ts';
import type { MetricDelta } from '../metrics/delta.ts';
import { type Decimal, fitsMrr, isZero, splitMrr, subtract } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import { earliestStart } from './charge-dates.ts';
import { subscriptionLimits } from './limits.ts';
import type { Charge, RatePlan, Subscription } from './subscription.ts';
import type { SubscriptionContent } from './subscription-content.ts';
import type { VersionDraft } from './version-draft.ts';

/** A version as it was made. */
export interface MadeVersion {
  readonly subscription: Subscription;
  readonly baseVersion: number | null;
  readonly ratePlans: readonly RatePlan[];
  /** Rate plans that it changed in place, as they were. */
  readonly ratePlansBefore: readonly RatePlan[];
  readonly charges: readonly Charge[];
  /** Segments that it has no longer, and rate plans that it changed in place, as they are now. */
  readonly removedCharges: readonly Charge[];
  readonly changedRatePlans: readonly RatePlan[];
  /** First day that it can have changed, or the day on which it was booked if that is earlier. */
  readonly from: string;
  readonly deltaMrr: Decimal;
  readonly deltaTcv: Decimal | null;
}

/**
 * Validates the next version of a subscription as a whole and writes it into the plan: its row, the rate plans and charge segments that
 * it adds, those that it no longer has, and how its owners' contracted MRR moves (semantics B.3, D.3, F.1 rows 2 to 13). What it shares
 * with the version before is not written.
 *
 * @param bookedOn the order's date
 * @param path where the subscription stands in the request, for refusals
 */
export function materialise(
  draft: VersionDraft,
  plan: PlanBuilder,
  bookedOn: string,
  path: string,
): MadeVersion | Refusal {
  const rows = draft.rows();
  const overused = rows.addedCharges.find(({ version }) => version > subscriptionLimits.actionsPerChargeMax);
  if (overused !== undefined) {
    const message = `charge ${overused.chargeNumber} has been changed ${subscriptionLimits.actionsPerChargeMax} times, which is the most`;
    return refuse('rule', message, `${path}.orderActions`);
  }
  const contractedMrr = draft.contractedMrr();
  if (!fitsMrr(contractedMrr)) {
    return refuse('invalid', 'the monthly value of the subscription is too large', `${path}.orderActions`);
  }
  const value = draft.contractedValue(rows);
  const from = draft.base === null ? '' : firstChanged(draft.base, rows.addedCharges, bookedOn);
  const before = draft.base?.subscription ?? null;
  const subscription: Subscription = {
    ...draft.subscription,
    // What billing had settled from that day on is to be looked at again.
    billingFrom: before === null ? '' : earlier(before.billingFrom, from),
    contractedMrr,
    knownContractedValue: value.known,
    totalContractedValue: value.total,
  };
  if (before !== null) plan.update('subscription', { ...before, isLatestVersion: false });
  plan.insert('subscription', subscription);
  for (const ratePlan of rows.addedRatePlans) plan.insert('ratePlan', ratePlan);
  for (const ratePlan of rows.changedRatePlans) plan.update('ratePlan', ratePlan);
  for (const charge of rows.removedCharges) plan.update('charge', charge);
  for (const charge of rows.addedCharges) plan.insert('charge', charge);
  for (const delta of contractedMrrDeltas(before, subscription)) plan.delta(delta);
  return {
    subscription,
    baseVersion: before?.version ?? null,
    ratePlans: rows.addedRatePlans,
    ratePlansBefore: draft.base === null ? [] : ratePlansBefore(draft.base, rows.changedRatePlans),
    charges: rows.addedCharges,
    removedCharges: rows.removedCharges,
    changedRatePlans: rows.changedRatePlans,
    from,
    deltaMrr: subtract(contractedMrr, before?.contractedMrr ?? '0'),
    deltaTcv:
      value.total === null || before?.totalContractedValue === null
        ? null
        : subtract(value.total, before?.totalContractedValue ?? '0'),
  };
}

/**
 * First day that the version can have changed, charges that are new in it with a date of their own among it, or the day on which it was booked if
 * that is earlier: so what was billed beyond a later change is given back by whoever bills up to the day of booking.
 */
function firstChanged(
  { charges, from }: SubscriptionContent,
  addedCharges: readonly Charge[],
  bookedOn: string,
): string {
  const known = new Set(charges.map(({ chargeNumber }) => chargeNumber));
  const added = addedCharges.filter(({ chargeNumber }) => !known.has(chargeNumber));
  return earliestStart(added, earlier(from, bookedOn));
}

function ratePlansBefore(base: SubscriptionContent, changed: readonly RatePlan[]): RatePlan[] {
  const ids = new Set(changed.map(({ id }) => id));
  return base.ratePlans.filter(({ id }) => ids.has(id));
}

/** What a subscription counts in its owner's contracted MRR: from booking on, nothing once it is cancelled or expired (semantics B.3). */
export function countedMrr(subscription: Subscription): Decimal {
  const { status } = subscription;
  return status === 'Draft' || status === 'Cancelled' || status === 'Expired'
    ? '0'
    : subscription.contractedMrr;
}

/** How contracted MRR moves between two states of a subscription; on an owner transfer both owners' moves. */
export function contractedMrrDeltas(before: Subscription | null, after: Subscription | null): MetricDelta[] {
  if (before !== null && after !== null && before.accountId === after.accountId) {
    return deltaOf(after, subtract(countedMrr(after), countedMrr(before)));
  }
  return [
    ...(before === null ? [] : deltaOf(before, subtract('0', countedMrr(before)))),
    ...(after === null ? [] : deltaOf(after, countedMrr(after))),
  ];
}

function deltaOf(subscription: Subscription, mrr: Decimal): MetricDelta[] {
  if (isZero(mrr)) return [];
  const { whole, nano } = splitMrr(mrr);
  return [
    {
      accountId: subscription.accountId,
      currency: subscription.currency,
      contractedMrrWhole: whole,
      contractedMrrNano: nano,
      documentKind: 'subscription',
      documentId: subscription.id,
    },
  ];
}
