import type { Charge, RatePlan, Subscription } from './subscription.ts';

/** A rate plan with the charge segments that are part of a version. */
export interface RatePlanRecord {
  readonly ratePlan: RatePlan;
  readonly charges: readonly Charge[];
}

/** A version of a subscription as it is read, with the rate plans and charge segments that are part of it. */
export interface SubscriptionRecord {
  readonly subscription: Subscription;
  /** Date of the order that made the version. */
  readonly orderDate: string;
  readonly ratePlans: readonly RatePlanRecord[];
}

export const CHARGE_DETAILS = [
  'last-segment',
  'current-segment',
  'all-segments',
  'specific-segment',
] as const;
/** Which segments of its charges a read of a subscription shows. */
export type ChargeDetail = (typeof CHARGE_DETAILS)[number];

/** Whether a segment is in effect on a day. */
export function isInEffect(charge: Charge, day: string): boolean {
  const { effectiveStartDate: start, effectiveEndDate: end } = charge;
  return start !== null && start <= day && (end === null || day < end);
}

/** The segments that are asked for: the last one of each charge, the one in effect on a day, or all. */
export function shownSegments(
  charges: readonly Charge[],
  detail: ChargeDetail,
  day: string,
): readonly Charge[] {
  if (detail === 'all-segments') return charges;
  if (detail !== 'last-segment') return charges.filter((charge) => isInEffect(charge, day));
  const last = new Map<string, Charge>();
  for (const charge of charges) {
    const known = last.get(charge.chargeNumber);
    if (known === undefined || charge.segment > known.segment) last.set(charge.chargeNumber, charge);
  }
  return charges.filter((charge) => last.get(charge.chargeNumber) === charge);
}

/** Whether everything of a segment has been invoiced. */
export function isDone(charge: Charge): boolean {
  const { chargedThroughDate: through, effectiveEndDate: end } = charge;
  return through !== null && end !== null && through >= end;
}
