import type { Subscription } from './subscription.ts';

/** Kept with the attributes of a version, and inherited by those after it. */
export const RESUMED_ON = 'resumedOn';

/** The attributes of a subscription that is served again from a day on. */
export function detailsResumedOn({ details }: Subscription, day: string): Subscription['details'] {
  return { ...details, [RESUMED_ON]: day };
}

/** The first day that is served after the latest suspension; null when there was none. */
export function resumedOn({ details }: Subscription): string | null {
  const day = details[RESUMED_ON];
  return typeof day === 'string' ? day : null;
}
