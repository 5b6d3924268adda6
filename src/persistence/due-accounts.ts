import type { BillRun } from '../domain/billing/bill-run.ts';

/** Which accounts a bill run takes, beside their being due. */
export type AccountConditions = Pick<BillRun['filter'], 'batches' | 'billCycleDay'>;

/** Of an account `b`: only active ones are billed. ?2: JSON list of batches or null; ?3: bill cycle day or null. */
const TAKEN =
  "b.status = 'Active' AND (?2 IS NULL OR b.batch IN (SELECT value FROM json_each(?2))) AND (?3 IS NULL OR b.bill_cycle_day = ?3)";

/** The next invoice owner after an account: one step along the index, however many subscriptions each has. */
const nextOwner = (from: string) =>
  '(SELECT invoice_owner_account_id FROM subscription INDEXED BY subscription_billing ' +
  `WHERE is_latest_version = 1 AND invoice_owner_account_id > ${from} ORDER BY invoice_owner_account_id LIMIT 1)`;

/** ?1: after this account; ?4: target date; ?5: accounts that are looked at. */
export const DUE_OWNERS_SQL =
  `WITH RECURSIVE owner (id, place) AS (SELECT ${nextOwner('?1')}, 1 UNION ALL ` +
  `SELECT ${nextOwner('owner.id')}, owner.place + 1 FROM owner WHERE owner.id IS NOT NULL AND owner.place < ?5) ` +
  'SELECT owner.id, EXISTS (SELECT 1 FROM subscription INDEXED BY subscription_billing WHERE is_latest_version = 1 ' +
  'AND invoice_owner_account_id = owner.id AND billing_from <= ?4) ' +
  `AND EXISTS (SELECT 1 FROM account AS b WHERE b.id = owner.id AND ${TAKEN}) AS is_due FROM owner WHERE owner.id IS NOT NULL`;

export interface DueOwners {
  readonly accountIds: readonly string[];
  /** The last account that was looked at, due or not; null when there are no more. */
  readonly through: string | null;
}

/** Invoice owners after an account with days that are not settled up to the target date. Looks at `accountsMax` at the most. */
export async function findDueOwners(
  db: D1Database,
  after: string,
  targetDate: string,
  conditions: AccountConditions,
  accountsMax: number,
): Promise<DueOwners> {
  const { results } = await db
    .prepare(DUE_OWNERS_SQL)
    .bind(after, ...boundConditions(conditions), targetDate, accountsMax)
    .all<{ id: string; is_due: number }>();
  return {
    accountIds: results.filter((row) => row.is_due === 1).map(({ id }) => id),
    through: results.length < accountsMax ? null : results.at(-1)!.id,
  };
}

/** Those of the accounts that a run takes. */
export async function findTakenAccounts(
  db: D1Database,
  accountIds: readonly string[],
  conditions: AccountConditions,
): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT b.id FROM account AS b WHERE b.id IN (SELECT value FROM json_each(?1)) AND ${TAKEN} ORDER BY b.id`,
    )
    .bind(JSON.stringify(accountIds), ...boundConditions(conditions))
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

function boundConditions({ batches, billCycleDay }: AccountConditions): [string | null, number | null] {
  return [batches === null ? null : JSON.stringify(batches), billCycleDay];
}
