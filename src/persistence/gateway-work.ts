import type { Payment } from '../domain/settlement/payment.ts';
import type { Refund } from '../domain/settlement/refund.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';

/** What waits for a gateway. */
export type GatewayDocumentKind = 'payment' | 'refund';

/** A payment or refund as asking its gateway needs it, whatever its status; null when there is none. */
export async function readGatewayDocument(
  db: D1Database,
  kind: GatewayDocumentKind,
  id: string,
): Promise<Payment | Refund | null> {
  const table = entityTables[kind];
  const row = await db
    .prepare(`SELECT ${selectList(table, 'd')} FROM ${kind} AS d WHERE d.id = ?1`)
    .bind(id)
    .first<Record<string, unknown>>();
  return row === null ? null : fromRow<GatewayDocumentKind>(table, row);
}

/** Those that have been Processing since before an instant, and not before another, the longest waiting first. */
export async function findWaitingForGateway(
  db: D1Database,
  kind: GatewayDocumentKind,
  { from, before }: { readonly from: string; readonly before: string },
  rowsMax: number,
): Promise<ReadonlyArray<{ readonly id: string; readonly since: string }>> {
  const { results } = await db
    .prepare(
      `SELECT id, updated_at AS since FROM ${kind} ` +
        "WHERE status = 'Processing' AND updated_at >= ?1 AND updated_at < ?2 ORDER BY updated_at, id LIMIT ?3",
    )
    .bind(from, before, rowsMax)
    .all<{ id: string; since: string }>();
  return results;
}
