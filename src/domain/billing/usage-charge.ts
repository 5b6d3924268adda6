import type { CalendarDate } from '../calendar.ts';
import type { Stored } from '../entities.ts';
import { type Refusal, refuse } from '../result.ts';

/** Which charge a record of usage is for. It is settled when the usage is recorded, and stays. */

/** Subscriptions of an account among which a charge is looked for by its unit of measure alone; with more, the subscription has to be named. */
export const ACCOUNT_SUBSCRIPTIONS_MAX = 100;

/** How a request names the charge. Keys are ids or numbers; absent ones are null. At least one of the three is there. */
export interface UsageTarget {
  readonly chargeKey: string | null;
  readonly subscriptionKey: string | null;
  readonly accountKey: string | null;
  readonly unitOfMeasure: string;
  /** Day in the tenant's zone. */
  readonly startDate: CalendarDate;
  /** What the request calls them, for refusals. */
  readonly names: {
    readonly charge: string;
    readonly subscription: string;
    readonly account: string;
    readonly unitOfMeasure: string;
    readonly startDate: string;
    readonly endDate: string;
    readonly quantity: string;
  };
}

export interface UsageCandidate {
  readonly chargeNumber: string;
  readonly chargeType: string;
  readonly unitOfMeasure: string | null;
  readonly subscriptionNumber: string;
  /** Subscription owner. */
  readonly accountId: string;
  /** The latest version's row, and the first version's id. */
  readonly subscription: Stored;
  readonly originalId: string;
  /** First and last day but one on which the charge runs; null: not begun, no end. */
  readonly startDate: CalendarDate | null;
  readonly endDate: CalendarDate | null;
}

/** Read only, key = `usageChargesKey`: the charges that a target may mean. Guarded by the rows of their subscriptions. */
export interface UsageCharges extends Stored {
  /** What the keys of the target stand for. */
  readonly subscriptionNumber: string | null;
  readonly accountId: string | null;
  /** Of a charge that is named: itself; else the usage charges with the unit of measure that have not ended before the day. */
  readonly candidates: readonly UsageCandidate[];
  /** The account has too many subscriptions to look at. */
  readonly isCut: boolean;
}

export function usageChargesKey(target: UsageTarget): string {
  const { chargeKey, subscriptionKey, accountKey, unitOfMeasure, startDate } = target;
  return JSON.stringify([chargeKey, subscriptionKey, accountKey, unitOfMeasure, startDate]);
}

/** The one charge that the target means, or why there is none, or more than one. */
export function chooseUsageCharge(
  target: UsageTarget,
  { candidates, subscriptionNumber, accountId, isCut }: UsageCharges,
): UsageCandidate | Refusal {
  const { names, unitOfMeasure, startDate } = target;
  const fitting = candidates.filter((candidate) => runsOn(candidate, startDate));
  if (target.chargeKey === null) {
    const where =
      target.subscriptionKey === null
        ? ([names.account, `account ${target.accountKey}`] as const)
        : ([names.subscription, `subscription ${target.subscriptionKey}`] as const);
    if (isCut) {
      const message = `${where[1]} has more than ${ACCOUNT_SUBSCRIPTIONS_MAX} subscriptions: name the subscription or the charge`;
      return refuse('invalid', message, names.subscription);
    }
    const what = `usage charge in ${unitOfMeasure} on ${startDate}`;
    if (fitting.length === 0) return refuse('invalid', `${where[1]} has no ${what}`, where[0]);
    if (fitting.length > 1) {
      return refuse('invalid', `${where[1]} has more than one ${what}: name the charge`, names.charge);
    }
  }
  const named = fitting[0] ?? candidates[0];
  if (named === undefined) return refuse('invalid', `there is no charge ${target.chargeKey}`, names.charge);
  return findWrong(target, named, { subscriptionNumber, accountId }) ?? named;
}

function findWrong(
  { names, unitOfMeasure, startDate, ...target }: UsageTarget,
  named: UsageCandidate,
  { subscriptionNumber, accountId }: Pick<UsageCharges, 'subscriptionNumber' | 'accountId'>,
): Refusal | null {
  const charge = `charge ${named.chargeNumber}`;
  if (named.chargeType !== 'Usage') return refuse('invalid', `${charge} is no usage charge`, names.charge);
  if (named.unitOfMeasure !== unitOfMeasure) {
    return refuse('invalid', `${charge} is measured in ${named.unitOfMeasure}`, names.unitOfMeasure);
  }
  if (subscriptionNumber !== null && subscriptionNumber !== named.subscriptionNumber) {
    return refuse(
      'invalid',
      `${charge} is not of subscription ${target.subscriptionKey}`,
      names.subscription,
    );
  }
  if (accountId !== null && accountId !== named.accountId) {
    const message = `subscription ${named.subscriptionNumber} is not owned by account ${target.accountKey}`;
    return refuse('invalid', message, names.account);
  }
  return runsOn(named, startDate)
    ? null
    : refuse('invalid', `${charge} does not run on ${startDate}`, names.startDate);
}

function runsOn({ startDate, endDate }: UsageCandidate, day: CalendarDate): boolean {
  return startDate !== null && startDate <= day && (endDate === null || day < endDate);
}
