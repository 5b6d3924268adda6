import type { DocumentBilling } from '../domain/billing/billable.ts';
import { UNBILL_SUBSCRIPTIONS_MAX } from '../domain/billing/unbill.ts';

/**
 * The first day that a document `KEY` bills of each subscription, where the subscription is settled beyond it. Walks the document's own lines,
 * and of each subscription one row.
 */
const SETTLED = ['invoice_item', 'credit_memo_item']
  .map(
    (items) =>
      `SELECT i.subscription_number AS number, i.service_start_date AS day FROM ${items} AS i ` +
      `WHERE i.${items === 'invoice_item' ? 'invoice_id' : 'credit_memo_id'} = KEY AND i.charge_number IS NOT NULL`,
  )
  .join(' UNION ALL ');
const BEYOND =
  `(SELECT l.number, min(l.day) AS day FROM (${SETTLED}) AS l GROUP BY l.number) AS b ` +
  'CROSS JOIN subscription AS s ON s.subscription_number = b.number AND s.is_latest_version = 1 AND s.billing_from > b.day';
const COUNT = `(SELECT count(*) FROM ${BEYOND})`;

/** ?1: JSON list of document ids. */
export const DOCUMENT_BILLING_SQL =
  `SELECT j.value AS id, ${COUNT.replaceAll('KEY', 'j.value')} AS settled_count, ` +
  `(SELECT json_group_array(json_array(first.number, first.day)) FROM (SELECT b.number, b.day FROM ${BEYOND.replaceAll('KEY', 'j.value')} ` +
  `ORDER BY b.number LIMIT ${UNBILL_SUBSCRIPTIONS_MAX}) AS first) AS settled FROM json_each(?1) AS j`;

/** Refuses the batch when another number of subscriptions is settled beyond the document's days than was read. */
export const DOCUMENT_BILLING_GUARD_SQL =
  "INSERT INTO commit_guard (stale) SELECT 'document billing ' || (j.value->>0) FROM json_each(?1) AS j " +
  `WHERE 1 + ${COUNT.replaceAll('KEY', '(j.value->>0)')} IS NOT j.value->>1`;

export function toDocumentBilling(row: Record<string, unknown>): DocumentBilling {
  const count = row.settled_count as number;
  const settled = JSON.parse(row.settled as string) as Array<[string, string]>;
  return {
    id: row.id as string,
    revision: 1 + count,
    count,
    settled: settled.map(([subscriptionNumber, from]) => ({ subscriptionNumber, from })),
  };
}
