/**
 * Deletes replies of idempotency keys, access tokens, web sessions, counts of sign-ins, finished jobs and announced pages of queries that are older than given. Returns the rows that the fullest
 * of the deletions took: at `rowsMax` there may be more.
 */
export async function deleteExpired(
  db: D1Database,
  limits: {
    readonly repliesBefore: string;
    readonly tokensBefore: string;
    readonly sessionsBefore: string;
    readonly signInsBefore: string;
    readonly jobsBefore: string;
    readonly pagesBefore: string;
    readonly rowsMax: number;
  },
): Promise<number> {
  const results = await db.batch([
    db
      .prepare(
        'DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)',
      )
      .bind(limits.repliesBefore, limits.rowsMax),
    db
      .prepare(
        'DELETE FROM access_token WHERE token_hash IN ' +
          '(SELECT token_hash FROM access_token WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)',
      )
      .bind(limits.tokensBefore, limits.rowsMax),
    db
      .prepare(
        'DELETE FROM web_session WHERE token_hash IN ' +
          '(SELECT token_hash FROM web_session WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)',
      )
      .bind(limits.sessionsBefore, limits.rowsMax),
    db
      .prepare(
        'DELETE FROM sign_in_attempt WHERE rowid IN ' +
          '(SELECT rowid FROM sign_in_attempt WHERE window_start < ?1 ORDER BY window_start LIMIT ?2)',
      )
      .bind(limits.signInsBefore, limits.rowsMax),
    db
      .prepare(
        'DELETE FROM async_job WHERE id IN (SELECT id FROM async_job WHERE finished_at < ?1 ORDER BY finished_at LIMIT ?2)',
      )
      .bind(limits.jobsBefore, limits.rowsMax),
    db
      .prepare(
        'DELETE FROM zoql_locator WHERE rowid IN ' +
          '(SELECT rowid FROM zoql_locator WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)',
      )
      .bind(limits.pagesBefore, limits.rowsMax),
  ]);
  return Math.max(...results.map((result) => result.meta.changes));
}
