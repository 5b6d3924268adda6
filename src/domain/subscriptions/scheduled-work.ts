import { addDays } from '../calendar.ts';
import { type Refusal, refuse } from '../result.ts';
import type { Subscription } from './subscription.ts';

/** A subscription whose term has ended, as the index names it. What is done rests on what the decision reads. */
export interface DueSubscription {
  readonly subscriptionNumber: string;
  /** Invoice owner when it was found: loaded beforehand, nothing rests on it. */
  readonly accountId: string;
  /** End of the term that is acted on, exclusive: the guard that makes a second command do nothing. */
  readonly termEndDate: string;
  /** Last day that is due in the tenant's time zone. */
  readonly day: string;
}

/** What became of a piece of scheduled work. Work that is no longer due is refused instead: then nothing was written. */
export interface ScheduledReply {
  readonly outcome: 'renewed' | 'expired' | 'activated' | 'failed';
  /** The order that was made or activated. */
  readonly orderNumber: string | null;
  /** Why it failed. */
  readonly reason: string | null;
}

export const NOT_DUE: Refusal = refuse('rule', 'This is no longer due; nothing was done.');

/** Whether a term's end is still to be acted on: the same term, Active, and not put off by an earlier refusal. */
export function isDue(
  subscription: Subscription | null | undefined,
  due: DueSubscription,
): subscription is Subscription {
  return (
    subscription != null &&
    subscription.status === 'Active' &&
    subscription.termType === 'TERMED' &&
    subscription.termEndDate === due.termEndDate &&
    due.termEndDate <= due.day &&
    (subscription.scheduledRetryOn ?? '') <= due.day
  );
}

/** The version with the reason why its scheduled work was refused: it is due again on the day after, or when an order makes a new version. */
export function putOff(subscription: Subscription, { message }: Refusal, day: string): Subscription {
  return { ...subscription, scheduledRetryOn: addDays(day, 1), scheduledFailure: message };
}
