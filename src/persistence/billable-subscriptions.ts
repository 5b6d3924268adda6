/** Where a page of subscriptions to bill ends: the next one goes on behind it. */
export interface BillableCursor {
  readonly billingFrom: string;
  readonly id: string;
}

export interface BillablePage {
  readonly subscriptionNumbers: readonly string[];
  /** Null on the last page. */
  readonly next: BillableCursor | null;
}

/** By the index subscription_billing: reads the page and nothing else, however many subscriptions are settled. */
export const BILLABLE_SUBSCRIPTIONS_SQL =
  'SELECT subscription_number AS number, billing_from, id FROM subscription WHERE invoice_owner_account_id = ?1 ' +
  'AND is_latest_version = 1 AND billing_from <= ?2 AND (billing_from, id) > (?3, ?4) ORDER BY billing_from, id LIMIT ?5';

/**
 * Subscriptions that an account is invoiced for and that have days up to the target date which are not settled, the longest waiting first.
 * A page may be billed before the next is read: what billing moves on behind the cursor is seen at most once more, and has nothing to bill.
 */
export async function findBillableSubscriptions(
  db: D1Database,
  accountId: string,
  targetDate: string,
  after: BillableCursor | null,
  pageSize: number,
): Promise<BillablePage> {
  const { results } = await db
    .prepare(BILLABLE_SUBSCRIPTIONS_SQL)
    .bind(accountId, targetDate, after?.billingFrom ?? '', after?.id ?? '', pageSize + 1)
    .all<{ number: string; billing_from: string; id: string }>();
  const page = results.slice(0, pageSize);
  const last = page.at(-1);
  return {
    subscriptionNumbers: page.map(({ number }) => number),
    next:
      results.length > pageSize && last !== undefined
        ? { billingFrom: last.billing_from, id: last.id }
        : null,
  };
}

/**
 * Which of these keys, ids of any version or numbers, name a subscription that the account is invoiced for: key to number. By index, whatever
 * the account holds.
 */
export async function findInvoicedSubscriptions(
  db: D1Database,
  accountId: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const latest =
    'CROSS JOIN subscription AS s ON s.subscription_number = k.number AND s.is_latest_version = 1';
  const { results } = await db
    .prepare(
      'WITH k AS MATERIALIZED (SELECT j.value AS key, ' +
        'coalesce((SELECT v.subscription_number FROM subscription AS v WHERE v.id = j.value), j.value) AS number FROM json_each(?2) AS j) ' +
        `SELECT k.key, k.number FROM k ${latest} WHERE s.invoice_owner_account_id = ?1`,
    )
    .bind(accountId, JSON.stringify(keys))
    .all<{ key: string; number: string }>();
  return new Map(results.map(({ key, number }) => [key, number]));
}
