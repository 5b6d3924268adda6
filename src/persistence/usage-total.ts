import type { UsageTotal } from '../domain/billing/usage.ts';
import { joinMrr } from '../domain/money.ts';

/** ?1: JSON list of keys `start@endExclusive@chargeNumber` (usageTotalKey). Sums are of integers, so exact; a row's number is its sequence. */
export const USAGE_TOTAL_SQL =
  'SELECT j.value AS key, CAST(coalesce(sum(u.quantity_whole), 0) AS TEXT) AS whole, CAST(coalesce(sum(u.quantity_nano), 0) AS TEXT) AS nano, ' +
  'coalesce(max(u.rowid), 0) AS through, count(u.id) AS records FROM json_each(?1) AS j ' +
  'LEFT JOIN usage AS u ON u.charge_number = substr(j.value, 23) ' +
  'AND u.start_date >= substr(j.value, 1, 10) AND u.start_date < substr(j.value, 12, 10) GROUP BY j.value';

export function toUsageTotal(row: Record<string, unknown>): UsageTotal {
  return {
    id: row.key as string,
    revision: 1,
    quantity: joinMrr(row.whole as string, row.nano as string),
    throughSequence: row.through as number,
    records: row.records as number,
  };
}
