import type { Decimal } from '../money.ts';
import type { Charge, RatePlan, Subscription } from './subscription.ts';

/** A charge segment, with the date of the order that made it. */
export interface ChargeRecord {
  readonly charge: Charge;
  readonly addedOn: string | null;
}

/** A rate plan with charge segments that are part of a version. */
export interface RatePlanRecord {
  readonly ratePlan: RatePlan;
  /** Date of the order that added it. */
  readonly addedOn: string | null;
  /** By charge number, then segment; also those that a suspension keeps from being served. */
  readonly charges: readonly ChargeRecord[];
  /** A charge of it that is not read is known to have changed since it was added. */
  readonly isChanged: boolean;
}

/** The segments of a rate plan, without what is known about them. */
export function segmentsOf({ charges }: RatePlanRecord): Charge[] {
  return charges.map(({ charge }) => charge);
}

/** A version of a subscription as it is read, with the rate plans and charge segments that are part of it. */
export interface SubscriptionRecord {
  readonly subscription: Subscription;
  /** Date of the order that made the version. */
  readonly orderDate: string;
  readonly cancelReason: string | null;
  readonly ratePlans: readonly RatePlanRecord[];
}

/** A term of a subscription, as the last version that had it knows it. */
export interface TermRecord {
  readonly startDate: string;
  /** Exclusive; null for an evergreen term. */
  readonly endDate: string | null;
  readonly isEvergreen: boolean;
}

export const CHARGE_DETAILS = [
  'last-segment',
  'current-segment',
  'all-segments',
  'specific-segment',
] as const;
/** Which segments of its charges a read of a subscription shows. */
export type ChargeDetail = (typeof CHARGE_DETAILS)[number];

/** Whether a segment is in effect on a day, and served. */
export function isInEffect(charge: Charge, day: string): boolean {
  const { effectiveStartDate: start, effectiveEndDate: end, isSuspended } = charge;
  return !isSuspended && start !== null && start <= day && (end === null || day < end);
}

/** Of each charge the last of these segments, in the order in which they are given. */
export function lastSegments(charges: readonly Charge[]): readonly Charge[] {
  const last = new Map<string, Charge>();
  for (const charge of charges) {
    const known = last.get(charge.chargeNumber);
    if (known === undefined || charge.segment > known.segment) last.set(charge.chargeNumber, charge);
  }
  return charges.filter((charge) => last.get(charge.chargeNumber) === charge);
}

/** The segments that are asked for: the last one of each charge, the one in effect on a day, or all; none that is suspended. */
export function shownSegments(
  charges: readonly Charge[],
  detail: ChargeDetail,
  day: string,
): readonly Charge[] {
  const served = charges.filter(({ isSuspended }) => !isSuspended);
  if (detail === 'all-segments') return served;
  if (detail !== 'last-segment') return served.filter((charge) => isInEffect(charge, day));
  return lastSegments(served);
}

/**
 * Whether a read of a version shows a rate plan. One that an earlier version removed is gone from the first day without it, but for reads of
 * all segments; the version that removed it shows that it did.
 */
export function isShownRatePlan(
  { ratePlan }: RatePlanRecord,
  version: number,
  detail: ChargeDetail,
  day: string,
): boolean {
  const { endedInVersion, endDate } = ratePlan;
  if (detail === 'all-segments' || endedInVersion === null || endedInVersion >= version) return true;
  return endDate === null || endDate > day;
}

/** What an order did last to a rate plan, as a version shows it. */
export function lastChangeOf(
  { ratePlan, charges, isChanged }: RatePlanRecord,
  version: number,
): 'Add' | 'Update' | 'Remove' {
  const { endedInVersion, addedInVersion } = ratePlan;
  if (endedInVersion !== null && endedInVersion <= version) return 'Remove';
  return isChanged || charges.some(({ charge }) => charge.addedInVersion > addedInVersion) ? 'Update' : 'Add';
}

/** Whether a subscription is over on a day: cancelled or expired, and its end has come (semantics J8, S6). */
export function isOver({ status, subscriptionEndDate: end }: Subscription, day: string): boolean {
  return (status === 'Cancelled' || status === 'Expired') && end !== null && end <= day;
}

/** Contracted MRR as the subscription shows it: kept until a cancelled or expired subscription is over. */
export function contractedMrrOn(subscription: Subscription, day: string): Decimal {
  return isOver(subscription, day) ? '0' : subscription.contractedMrr;
}

/** Status periods as far as the version tells them: until it was suspended or ended, and since. */
export function statusPeriodsOf(
  subscription: Subscription,
): Array<{ readonly status: string; readonly startDate: string; readonly endDate: string | null }> {
  const { status, contractEffectiveDate: startDate, subscriptionEndDate: end, suspendedOn } = subscription;
  if (status === 'Suspended' && suspendedOn !== null) {
    return [
      { status: 'Active', startDate, endDate: suspendedOn },
      { status, startDate: suspendedOn, endDate: end },
    ];
  }
  if ((status === 'Cancelled' || status === 'Expired') && end !== null) {
    return [
      { status: 'Active', startDate, endDate: end },
      { status, startDate: end, endDate: null },
    ];
  }
  return [{ status, startDate, endDate: end }];
}

/** Whether everything of a segment has been invoiced. */
export function isDone(charge: Charge): boolean {
  const { chargedThroughDate: through, effectiveEndDate: end } = charge;
  return through !== null && end !== null && through >= end;
}
