import type { StoredReply } from './account-store.ts';

/**
 * The first reply that is kept for an idempotency key, or null.
 *
 * @param since replies older than this instant count as absent
 */
export async function findStoredReply(
  db: D1Database,
  key: string,
  since: string,
): Promise<StoredReply | null> {
  return db
    .prepare(
      'SELECT key, request_hash AS requestHash, command_id AS commandId, status, body FROM idempotency ' +
        'WHERE key = ?1 AND created_at >= ?2',
    )
    .bind(key, since)
    .first<StoredReply>();
}
