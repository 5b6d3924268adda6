import { isId } from '../domain/account/state.ts';
import type { BillingPreviewRun } from '../domain/billing/billing-preview-run.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

const runs = entityTables.billingPreviewRun;

/** A billing preview run by id or number. */
export async function readPreviewRun(db: D1Database, key: string): Promise<BillingPreviewRun | null> {
  const column = isId(key) ? 'id' : 'run_number';
  const row = await db
    .prepare(`SELECT ${selectList(runs, 'b')} FROM billing_preview_run AS b WHERE b.${column} = ?1`)
    .bind(key)
    .first<Record<string, unknown>>();
  return row === null ? null : fromRow<'billingPreviewRun'>(runs, row);
}

/** Runs that are not finished and did not get on since an instant. */
export const OPEN_PREVIEW_RUNS_SQL =
  "SELECT id FROM billing_preview_run WHERE status IN ('Pending', 'Processing') AND updated_at < ?1 ORDER BY id LIMIT ?2";

export async function findOpenPreviewRuns(db: D1Database, since: string, runsMax: number): Promise<string[]> {
  const { results } = await db.prepare(OPEN_PREVIEW_RUNS_SQL).bind(since, runsMax).all<{ id: string }>();
  return results.map(({ id }) => id);
}
