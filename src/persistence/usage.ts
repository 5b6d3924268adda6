import type { UsageBilled } from '../domain/billing/delete-usage.ts';
import type { Usage } from '../domain/billing/usage.ts';
import { entityTables, fromRow, selectList } from './entity-tables.ts';
import { BILLED_TABLES, LIVE } from './live-documents.ts';
import type { RowRange } from './row-range.ts';

const usages = entityTables.usage;

/** Whether a live line counts the record `usage`: one of its charge over its day that was computed up to it or a later one (decision 008). */
export function usageBilledSql(usage: string): string {
  const billed = BILLED_TABLES.map(
    ([items, documents, key]) =>
      `EXISTS (SELECT 1 FROM ${items} AS i JOIN ${documents} AS v ON v.id = i.${key} AND ${LIVE} ` +
      `WHERE i.charge_number = ${usage}.charge_number AND i.service_end_date >= ${usage}.start_date AND i.service_start_date <= ${usage}.start_date ` +
      `AND i.calculation->>'$.usage.throughSequence' >= ${usage}.sequence)`,
  );
  return `(${billed.join(' OR ')})`;
}
const IS_BILLED = usageBilledSql('u');

/** What that reads: columns of these tables, of rows found by those in `by`. */
export const usageBilledReads = BILLED_TABLES.flatMap(([items, documents, key]) => [
  {
    table: items,
    columns: [key, 'service_start_date', 'calculation'],
    by: ['charge_number', 'service_end_date'],
  },
  { table: documents, columns: ['status', 'is_reversed'], by: ['id'] },
]);

/** ?1: JSON list of usage ids. */
export const USAGE_BILLED_SQL =
  `SELECT u.id, u.subscription_number, ${IS_BILLED} AS is_billed FROM usage AS u ` +
  'WHERE u.id IN (SELECT value FROM json_each(?1))';

export function toUsageBilled(row: Record<string, unknown>): UsageBilled {
  return {
    id: row.id as string,
    revision: 1,
    subscriptionNumber: row.subscription_number as string,
    isBilled: row.is_billed === 1,
  };
}

/** A record of usage with what else is shown of it. */
export interface ShownUsage {
  readonly usage: Usage;
  readonly isBilled: boolean;
  readonly accountNumber: string;
  readonly accountName: string;
  /** Of the file that it came with. */
  readonly fileName: string | null;
  /** The latest segment of its charge, and the latest version of its subscription. */
  readonly chargeId: string | null;
  readonly subscriptionId: string | null;
}

const SELECT =
  `SELECT ${selectList(usages, 'u')}, ${IS_BILLED} AS shown_billed, a.account_number AS shown_account_number, a.name AS shown_account_name, ` +
  'f.file_name AS shown_file, (SELECT c.id FROM charge AS c WHERE c.charge_number = u.charge_number AND c.removed_in_version IS NULL ' +
  'ORDER BY c.segment DESC LIMIT 1) AS shown_charge, (SELECT s.id FROM subscription AS s WHERE s.subscription_number = u.subscription_number ' +
  'AND s.is_latest_version = 1) AS shown_subscription ' +
  'FROM usage AS u JOIN account AS a ON a.id = u.account_id LEFT JOIN usage_import AS f ON f.id = u.import_id';

function toShown(row: Record<string, unknown>): ShownUsage {
  return {
    usage: fromRow<'usage'>(usages, row),
    isBilled: row.shown_billed === 1,
    accountNumber: row.shown_account_number as string,
    accountName: row.shown_account_name as string,
    fileName: row.shown_file as string | null,
    chargeId: row.shown_charge as string | null,
    subscriptionId: row.shown_subscription as string | null,
  };
}

export async function readUsage(db: D1Database, id: string): Promise<ShownUsage | null> {
  const row = await db.prepare(`${SELECT} WHERE u.id = ?1`).bind(id).first<Record<string, unknown>>();
  return row === null ? null : toShown(row);
}

/** Which of these ids are of records. */
export async function findRecordedUsage(
  db: D1Database,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { results } = await db
    .prepare('SELECT id FROM usage WHERE id IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(ids))
    .all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}

/** The usage of an account, the latest days first. */
export async function readUsageOfAccount(
  db: D1Database,
  accountId: string,
  { offset, rowsMax }: RowRange,
): Promise<ShownUsage[]> {
  const { results } = await db
    .prepare(`${SELECT} WHERE u.account_id = ?1 ORDER BY u.start_date DESC, u.id DESC LIMIT ?2 OFFSET ?3`)
    .bind(accountId, rowsMax, offset)
    .all<Record<string, unknown>>();
  return results.map(toShown);
}
