import type { TermRecord } from '../domain/subscriptions/subscription-record.ts';
import type { RowRange } from './row-range.ts';

/**
 * Terms of a subscription in order. A term is told by the day on which it starts; its end is the one that the last version of it has.
 *
 * @param version the last version to look at; null: the latest
 */
export async function findTerms(
  db: D1Database,
  subscriptionNumber: string,
  version: number | null,
  { rowsMax, offset }: RowRange,
): Promise<TermRecord[]> {
  const { results } = await db
    .prepare(
      // The other columns are those of the row with the highest version, as SQLite promises beside max().
      'SELECT term_start_date, term_end_date, term_type, max(version) FROM subscription ' +
        'WHERE subscription_number = ?1 AND (?2 IS NULL OR version <= ?2) ' +
        'GROUP BY term_start_date ORDER BY term_start_date LIMIT ?3 OFFSET ?4',
    )
    .bind(subscriptionNumber, version, rowsMax, offset)
    .all<{ term_start_date: string; term_end_date: string | null; term_type: string }>();
  return results.map((row) => ({
    startDate: row.term_start_date,
    endDate: row.term_end_date,
    isEvergreen: row.term_type === 'EVERGREEN',
  }));
}
