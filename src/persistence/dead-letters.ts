import type { RowRange } from './row-range.ts';

export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  /** The message as JSON text. */
  readonly body: string;
  readonly reason: string;
  readonly arrivedAt: string;
  readonly replayedAt: string | null;
}

const COLUMNS = 'id, queue, body, reason, arrived_at AS arrivedAt, replayed_at AS replayedAt';

/** Newest first. */
export async function listDeadLetters(db: D1Database, range: RowRange): Promise<DeadLetter[]> {
  const { results } = await db
    .prepare(`SELECT ${COLUMNS} FROM dead_letter ORDER BY arrived_at DESC, id LIMIT ?1 OFFSET ?2`)
    .bind(range.rowsMax, range.offset)
    .all<DeadLetter>();
  return results;
}

export function findDeadLetter(db: D1Database, id: string): Promise<DeadLetter | null> {
  return db.prepare(`SELECT ${COLUMNS} FROM dead_letter WHERE id = ?1`).bind(id).first<DeadLetter>();
}

export async function markReplayed(db: D1Database, id: string, now: string): Promise<void> {
  await db.prepare('UPDATE dead_letter SET replayed_at = ?2 WHERE id = ?1').bind(id, now).run();
}
