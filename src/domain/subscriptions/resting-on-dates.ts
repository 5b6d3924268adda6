import type { Subscription } from './subscription.ts';

/** Kept with the attributes of a version. The versions after it inherit it with them, and are not meant by it. */
export const DATES_SET_IN_VERSION = 'datesSetInVersion';

/**
 * A version on which dates of an order before its own were set: charges have started on it, in its term, that wait in the version
 * before. It can't be taken back any more.
 */
export function restingOnDates(version: Subscription): Subscription {
  return { ...version, details: { ...version.details, [DATES_SET_IN_VERSION]: version.version } };
}

export function isRestingOnDates({ version, details }: Subscription): boolean {
  return details[DATES_SET_IN_VERSION] === version;
}
