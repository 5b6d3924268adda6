import * as sql from './metrics-sql.ts';

/**
 * Folds what is pending of these partner accounts and moves their watermark, in one transaction. Idempotent: a fold
 * of nothing is nothing; accounts that are no partners are left alone.
 *
 * @param now time of the fold, taken before it is sent: what was replied before is in it (semantics A.4).
 */
export async function foldPartners(
  db: D1Database,
  accountIds: readonly string[],
  now: string,
): Promise<void> {
  const ids = JSON.stringify(accountIds);
  await db.batch([
    db.prepare(sql.FOLD_PARTNER_SUMS).bind(ids),
    db.prepare(sql.FOLD_PARTNER_WITHDRAWN_DATES).bind(ids),
    db.prepare(sql.FOLD_PARTNER_WATERMARK).bind(ids, now),
    db.prepare(sql.CLEAR_DUE).bind(ids),
  ]);
}

/** Accounts that have been due since before the instant, oldest first. */
export async function findDue(db: D1Database, since: string, accountsMax: number): Promise<string[]> {
  const { results } = await db
    .prepare('SELECT account_id FROM metrics_due WHERE since <= ?1 ORDER BY since LIMIT ?2')
    .bind(since, accountsMax)
    .all<{ account_id: string }>();
  return results.map((row) => row.account_id);
}

/** The sweep was here: whatever is not due at this instant is complete up to it. */
export async function recordTick(db: D1Database, now: string): Promise<void> {
  await db
    .prepare(
      "INSERT INTO tenant_setting (name, value) VALUES ('metrics.tick', ?1) " +
        'ON CONFLICT (name) DO UPDATE SET value = max(tenant_setting.value, excluded.value)',
    )
    .bind(now)
    .run();
}

export async function keepDeadLetter(
  db: D1Database,
  letter: {
    readonly id: string;
    readonly queue: string;
    readonly body: string;
    readonly reason: string;
    readonly arrivedAt: string;
  },
): Promise<void> {
  await db
    .prepare(
      'INSERT INTO dead_letter (id, queue, body, reason, arrived_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING',
    )
    .bind(letter.id, letter.queue, letter.body, letter.reason, letter.arrivedAt)
    .run();
}
