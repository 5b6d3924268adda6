import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import * as schema from './schema/index.ts';

/**
 * The tables that queries read, and the triggers that let them be read as of an instant while writers go on (snapshots.ts).
 *
 * Before a row is changed or deleted it is kept as it was, once for the newest snapshot that its table has: what a row was at an older
 * snapshot is what was kept first from then on, or the row itself. Rows that came after the snapshot are not kept. A table that nobody
 * reads costs its writers one look into an index.
 *
 * Migrations hold this SQL as text; a test compares the two, so that a new column is not forgotten: `npm run migration:triggers` prints it.
 */
export interface SnapshotSource {
  readonly table: string;
  readonly columns: readonly string[];
  /** Their types as SQL, in the same order. */
  readonly types: readonly string[];
  /** Only these rows of it are read, as SQL over one of these aliases; null: all. */
  readonly only: ((alias: string) => string) | null;
  /** Rows that are deleted are remembered (`deleted_record`). */
  readonly isRemembered: boolean;
}

/** SQL functions take 32 arguments in D1: names and values of this many columns. */
const COLUMNS_PER_OBJECT = 15;

function sourceOf(table: SQLiteTable, options: Partial<SnapshotSource> = {}): SnapshotSource {
  return {
    table: getTableName(table),
    columns: Object.values(getTableColumns(table)).map(({ name }) => name),
    types: Object.values(getTableColumns(table)).map((column) => column.getSQLType().toUpperCase()),
    only: null,
    isRemembered: true,
    ...options,
  };
}

const SOURCES: readonly SnapshotSource[] = [
  ...[
    schema.account,
    schema.contact,
    schema.contactSnapshot,
    schema.product,
    schema.productRatePlan,
    schema.productRatePlanCharge,
    schema.unitOfMeasure,
    schema.orders,
    schema.orderSubscription,
    schema.orderAction,
    schema.orderLineItem,
    schema.subscription,
    schema.ratePlan,
    schema.charge,
    schema.invoice,
    schema.invoiceItem,
    schema.creditMemo,
    schema.creditMemoItem,
    schema.creditMemoApplication,
    schema.debitMemo,
    schema.debitMemoItem,
    schema.payment,
    schema.paymentApplication,
    schema.paymentMethod,
    schema.refund,
    schema.usage,
    schema.billRun,
  ].map((table) => sourceOf(table)),
  // Parts of an account's own row, which come and go with every fold.
  ...[schema.accountMetrics, schema.metricsState, schema.metricsDue].map((table) =>
    sourceOf(table, { isRemembered: false }),
  ),
  // Told with the usage that came in a file, and with a bill run: how many accounts it has.
  ...[schema.usageImport, schema.billRunAccount].map((table) => sourceOf(table, { isRemembered: false })),
  // The other settings are nobody's business.
  sourceOf(schema.tenantSetting, {
    only: (alias) => `${alias}.name = 'metrics.tick'`,
    isRemembered: false,
  }),
];

export const snapshotSources: ReadonlyMap<string, SnapshotSource> = new Map(
  SOURCES.map((source) => [source.table, source]),
);

/** SQL of a row as JSON: a list of objects by column name, each of so many columns. */
function rowJson(columns: readonly string[], alias: string): string {
  const objects: string[] = [];
  for (let i = 0; i < columns.length; i += COLUMNS_PER_OBJECT) {
    const part = columns.slice(i, i + COLUMNS_PER_OBJECT);
    objects.push(`json_object(${part.map((name) => `'${name}', ${alias}.${name}`).join(', ')})`);
  }
  return `json_array(${objects.join(', ')})`;
}

/** The row again, by column name; the reverse of what the triggers keep. */
export function fromRowJson(row: string): Record<string, string | number | null> {
  return Object.assign({}, ...(JSON.parse(row) as object[])) as Record<string, string | number | null>;
}

/**
 * CREATE TRIGGER statements of a table. No OR IGNORE: the conflict clause of the statement that fires a trigger would take its place.
 * No CASE and no END but the last: wrangler splits migrations at them.
 */
export function triggersOf({ table, columns, only, isRemembered }: SnapshotSource): string[] {
  const row = rowJson(columns, 'OLD');
  const newest = `FROM snapshot_table WHERE table_name = '${table}' ORDER BY snapshot_id DESC LIMIT 1`;
  const isRead = `OLD.rowid <= (SELECT last_row_id ${newest})`;
  const keep =
    'INSERT INTO row_before (table_name, row_id, snapshot_id, row) ' +
    `SELECT '${table}', OLD.rowid, s.snapshot_id, ${row} FROM (SELECT snapshot_id ${newest}) AS s ` +
    `WHERE NOT EXISTS (SELECT 1 FROM row_before AS b WHERE b.table_name = '${table}' AND b.row_id = OLD.rowid ` +
    'AND b.snapshot_id >= s.snapshot_id)';
  const when = only === null ? isRead : `${only('OLD')} AND ${isRead}`;
  const remember =
    'INSERT INTO deleted_record (table_name, record_id, deleted_at, row) ' +
    `VALUES ('${table}', OLD.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ${row})`;
  return [
    `CREATE TRIGGER ${table}_before_update BEFORE UPDATE ON ${table} WHEN ${when} BEGIN ${keep}; END`,
    `CREATE TRIGGER ${table}_before_delete BEFORE DELETE ON ${table} WHEN ${when} BEGIN ${keep}; END`,
    ...(isRemembered
      ? [`CREATE TRIGGER ${table}_deleted BEFORE DELETE ON ${table} BEGIN ${remember}; END`]
      : []),
  ];
}
