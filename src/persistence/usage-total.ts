import type { UsageTotal } from '../domain/billing/usage.ts';
import { joinMrr } from '../domain/money.ts';

/** Records of the charge and days of the key `j.value`. */
const RECORDS =
  'u.charge_number = substr(KEY, 23) AND u.start_date >= substr(KEY, 1, 10) AND u.start_date < substr(KEY, 12, 10)';

/** ?1: JSON list of keys `start@endExclusive@chargeNumber` (usageTotalKey). Sums are of integers, so exact. */
export const USAGE_TOTAL_SQL =
  'SELECT j.value AS key, CAST(coalesce(sum(u.quantity_whole), 0) AS TEXT) AS whole, CAST(coalesce(sum(u.quantity_nano), 0) AS TEXT) AS nano, ' +
  'coalesce(max(u.sequence), 0) AS through, count(u.id) AS records FROM json_each(?1) AS j ' +
  `LEFT JOIN usage AS u ON ${RECORDS.replaceAll('KEY', 'j.value')} GROUP BY j.value`;

/**
 * Refuses what was billed from a total that has grown meanwhile: the bill settles those days, so that nobody would look at them again. What is
 * deleted changes the subscription's row, so that the highest record is all that has to be looked at.
 */
export const USAGE_TOTAL_GUARD_SQL =
  "INSERT INTO commit_guard (stale) SELECT 'usage total ' || (j.value->>0) FROM json_each(?1) AS j " +
  `WHERE 1 + coalesce((SELECT max(u.sequence) FROM usage AS u WHERE ${RECORDS.replaceAll('KEY', 'j.value->>0')}), 0) IS NOT j.value->>1`;

export function toUsageTotal(row: Record<string, unknown>): UsageTotal {
  return {
    id: row.key as string,
    revision: 1 + (row.through as number),
    quantity: joinMrr(row.whole as string, row.nano as string),
    throughSequence: row.through as number,
    records: row.records as number,
  };
}
