import type { CalendarDate } from '../calendar.ts';
import type { Audit, Stored } from '../entities.ts';
import type { Decimal } from '../money.ts';
import type { JsonObject } from '../result.ts';

/** A record of usage: which charge it is for is settled when it is recorded. */
export interface Usage extends Stored, Audit {
  readonly accountId: string;
  readonly subscriptionNumber: string;
  readonly chargeNumber: string;
  readonly unitOfMeasure: string;
  readonly quantity: Decimal;
  /** The quantity in integers that sum exactly (`splitMrr`). */
  readonly quantityWhole: number;
  readonly quantityNano: number;
  /** Day in the tenant's zone by which it belongs to a period. */
  readonly startDate: CalendarDate;
  readonly startDateTime: string;
  readonly endDateTime: string | null;
  readonly description: string | null;
  readonly importId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/**
 * Read only, key = `usageTotalKey`: the usage of a charge over days, all of it and what arrived after the records that are billed already.
 * Guarded by the highest sequence: what arrives while the days are billed refuses that bill, what arrives later is late (record-usage.ts).
 */
export interface UsageTotal extends Stored {
  /** Sum over all records of the days up to `throughSequence`. */
  readonly quantity: Decimal;
  /** The highest sequence among them; 0 when there are none. */
  readonly throughSequence: number;
  readonly records: number;
}

/** @param endExclusive first day that does not count */
export function usageTotalKey(chargeNumber: string, start: CalendarDate, endExclusive: CalendarDate): string {
  return `${start}@${endExclusive}@${chargeNumber}`;
}

/** The charge's number in a total's key. */
export function chargeOfTotalKey(key: string): string {
  return key.slice(key.indexOf('@', key.indexOf('@') + 1) + 1);
}
