import { fromRowJson, snapshotSources } from './snapshot-triggers.ts';

/**
 * Reads tables as they were at one instant, page by page, while writers go on.
 *
 * Opening a snapshot notes the last row id of each table in one transaction. What is read as of it is
 * - the rows up to the last one that did not change since: in the table now, and without a row in `row_before` from the snapshot on (`readWindow`);
 * - those that did, as they were: the first that was kept of each from the snapshot on (`readBefore`).
 * Whoever reads all windows first and then what was kept, and takes the first reading of each row, has every row once: a row that changes after its
 * window was read is read again as it was, which is the same. A row that came later lies beyond the last one, or has the row id of one that
 * was deleted, which was kept then.
 */
export interface Snapshot {
  readonly id: number;
  readonly openedAt: string;
  /** Last of `deleted_record` at the instant. */
  readonly deletedSequence: number;
  readonly lastRowIds: { readonly [table: string]: number };
}

export type RowValue = string | number | null;

/** A row with its place in the table; `values` in the order of the wanted columns. */
export interface SnapshotRow {
  readonly rowId: number;
  readonly values: readonly RowValue[];
}

/** How the database and the job are when a page is read. */
export interface Pulse {
  /** When the last commit of a writer was decided; null when there was none. */
  readonly lastCommitAt: string | null;
  readonly isOpen: boolean;
  readonly jobStatus: string | null;
  readonly runningJobs: number;
}

export interface SnapshotPage {
  readonly rows: readonly SnapshotRow[];
  readonly pulse: Pulse;
  /** Of the rows' values, roughly. */
  readonly bytes: number;
  /** How long D1 was busy with it, milliseconds. */
  readonly busyMs: number;
}

/** What of a table is wanted. */
export interface WantedRows {
  readonly table: string;
  readonly columns: readonly string[];
  /** SQL over the table's own columns with alias `t`; null: all rows. */
  readonly where: string | null;
}

const PULSE =
  'SELECT (SELECT committed_at FROM lane_commit ORDER BY rowid DESC LIMIT 1) AS lastCommitAt, ' +
  '(SELECT count(*) FROM snapshot WHERE id = ?1 AND owner = ?2) AS isOpen, (SELECT status FROM query_job WHERE id = ?2) AS jobStatus, ' +
  "(SELECT count(*) FROM query_job WHERE status IN ('submitted', 'executing') AND status = 'executing') AS runningJobs";

const KEPT =
  'FROM row_before AS b WHERE b.table_name = ?1 AND b.row_id > ?2 AND b.row_id <= ?3 AND b.snapshot_id >= ?4 AND NOT EXISTS ' +
  '(SELECT 1 FROM row_before AS e WHERE e.table_name = b.table_name AND e.row_id = b.row_id ' +
  'AND e.snapshot_id >= ?4 AND e.snapshot_id < b.snapshot_id)';

/**
 * Opens a snapshot of these tables; what its owner had open before is closed. While it is open changed rows are kept for it, so it says
 * when it is forgotten (`expiresAt`).
 */
export async function openSnapshot(
  db: D1Database,
  tables: readonly string[],
  { owner, openedAt, expiresAt }: { owner: string; openedAt: string; expiresAt: string },
): Promise<Snapshot> {
  const lastOf = tables.map((table) => {
    if (!snapshotSources.has(table)) throw new Error(`no table that queries read: ${table}`);
    return `('${table}', (SELECT max(id) FROM snapshot), (SELECT coalesce(max(rowid), 0) FROM ${table}))`;
  });
  const results = await db.batch<Record<string, unknown>>([
    ...closing(db, owner),
    db
      .prepare(
        'INSERT INTO snapshot (owner, opened_at, expires_at, deleted_sequence) ' +
          'SELECT ?1, ?2, ?3, (SELECT coalesce(max(sequence), 0) FROM deleted_record) RETURNING id, deleted_sequence',
      )
      .bind(owner, openedAt, expiresAt),
    // Queries can read nothing: SELECT 1, SHOW TABLES.
    lastOf.length === 0
      ? db.prepare('SELECT NULL WHERE FALSE')
      : db.prepare(
          `INSERT INTO snapshot_table (table_name, snapshot_id, last_row_id) VALUES ${lastOf.join(', ')} ` +
            'RETURNING table_name, last_row_id',
        ),
  ]);
  const opened = results.at(-2)!.results[0] as { id: number; deleted_sequence: number };
  const noted = results.at(-1)!.results as unknown as ReadonlyArray<{
    table_name: string;
    last_row_id: number;
  }>;
  return {
    id: opened.id,
    openedAt,
    deletedSequence: opened.deleted_sequence,
    lastRowIds: Object.fromEntries(noted.map((row) => [row.table_name, row.last_row_id])),
  };
}

/** Closes what the owner has open: from now on nothing is kept for it. What was kept goes by `deleteUnneeded`. */
export async function closeSnapshotsOf(db: D1Database, owner: string): Promise<void> {
  await db.batch(closing(db, owner));
}

function closing(db: D1Database, owner: string): D1PreparedStatement[] {
  return [
    db
      .prepare('DELETE FROM snapshot_table WHERE snapshot_id IN (SELECT id FROM snapshot WHERE owner = ?1)')
      .bind(owner),
    db.prepare('DELETE FROM snapshot WHERE owner = ?1').bind(owner),
  ];
}

/** The same for those whose time is over, whoever opened them. */
export async function closeExpiredSnapshots(db: D1Database, now: string): Promise<void> {
  await db.batch([
    db
      .prepare(
        'DELETE FROM snapshot_table WHERE snapshot_id IN (SELECT id FROM snapshot WHERE expires_at <= ?1)',
      )
      .bind(now),
    db.prepare('DELETE FROM snapshot WHERE expires_at <= ?1').bind(now),
  ]);
}

/**
 * Deletes kept rows that no open snapshot needs: what was kept for one is for it and for older ones.
 *
 * @returns how many: at `rowsMax` there may be more
 */
export async function deleteUnneeded(db: D1Database, rowsMax: number): Promise<number> {
  const { meta } = await db
    .prepare(
      'DELETE FROM row_before WHERE rowid IN (SELECT rowid FROM row_before WHERE snapshot_id < ' +
        `coalesce((SELECT min(id) FROM snapshot), ${Number.MAX_SAFE_INTEGER}) ORDER BY snapshot_id LIMIT ?1)`,
    )
    .bind(rowsMax)
    .run();
  return meta.changes;
}

/** Rows with ids above `after` up to `through` that have not changed since the snapshot, in the order of their row ids. */
export async function readWindow(
  db: D1Database,
  snapshot: Snapshot,
  jobId: string,
  { table, columns, where }: WantedRows,
  { after, through }: { readonly after: number; readonly through: number },
): Promise<SnapshotPage> {
  const { only } = snapshotSources.get(table)!;
  const conditions = [...(only === null ? [] : [only('t')]), ...(where === null ? [] : [`(${where})`])];
  // Along the row ids and no other index: whatever is asked for, D1 looks at the rows of the window and no more.
  const read =
    `SELECT t.rowid AS "0"${columns.map((name, i) => `, t.${name} AS "${i + 1}"`).join('')} FROM ${table} AS t NOT INDEXED ` +
    `WHERE t.rowid > ?1 AND t.rowid <= ?2${conditions.map((sql) => ` AND ${sql}`).join('')} AND NOT EXISTS ` +
    `(SELECT 1 FROM row_before AS b WHERE b.table_name = '${table}' AND b.row_id = t.rowid AND b.snapshot_id >= ?3) ORDER BY t.rowid`;
  const [page, pulse] = await db.batch<Record<string, RowValue>>([
    db.prepare(read).bind(after, Math.min(through, snapshot.lastRowIds[table]!), snapshot.id),
    db.prepare(PULSE).bind(snapshot.id, jobId),
  ]);
  let bytes = 0;
  const rows = page!.results.map((row) => {
    const values = columns.map((_, i) => row[i + 1]!);
    bytes += bytesOf(values);
    return { rowId: row[0] as number, values };
  });
  return { rows, bytes, ...pulseOf(pulse!), busyMs: page!.meta.duration + pulse!.meta.duration };
}

/** Rows that changed or were deleted since the snapshot, as they were at it, with ids above `after`. `where` is not asked. */
export async function readBefore(
  db: D1Database,
  snapshot: Snapshot,
  jobId: string,
  { table, columns }: WantedRows,
  { after, rowsMax }: { readonly after: number; readonly rowsMax: number },
): Promise<SnapshotPage> {
  const [page, pulse] = await db.batch<Record<string, RowValue>>([
    db
      .prepare(`SELECT b.row_id AS id, b.row AS "row" ${KEPT} ORDER BY b.row_id LIMIT ?5`)
      .bind(table, after, snapshot.lastRowIds[table]!, snapshot.id, rowsMax),
    db.prepare(PULSE).bind(snapshot.id, jobId),
  ]);
  return { ...keptRows(page!.results, columns), ...pulseOf(pulse!), busyMs: busyWith(page!, pulse!) };
}

/** Place in the order in which objects were deleted. */
export interface DeletedPlace {
  readonly deletedAt: string;
  readonly sequence: number;
}

/**
 * Objects that were deleted before the snapshot, after this place, oldest first, as they were; `rowId` is the negative sequence of the deletion, so
 * that it is no row's. The time at which they changed last is that of their deletion. Also the place of the last one; null when there are no more.
 */
export async function readDeleted(
  db: D1Database,
  snapshot: Snapshot,
  jobId: string,
  { table, columns }: WantedRows,
  { after, rowsMax }: { readonly after: DeletedPlace; readonly rowsMax: number },
): Promise<SnapshotPage & { readonly last: DeletedPlace | null }> {
  const [page, pulse] = await db.batch<Record<string, RowValue>>([
    db
      .prepare(
        'SELECT -sequence AS id, deleted_at AS deletedAt, row AS "row" FROM deleted_record WHERE table_name = ?1 ' +
          'AND (deleted_at, sequence) > (?2, ?3) AND sequence <= ?4 ORDER BY deleted_at, sequence LIMIT ?5',
      )
      .bind(table, after.deletedAt, after.sequence, snapshot.deletedSequence, rowsMax),
    db.prepare(PULSE).bind(snapshot.id, jobId),
  ]);
  const found = page!.results;
  const last = found.length < rowsMax ? undefined : found.at(-1);
  return {
    ...keptRows(found, columns),
    ...pulseOf(pulse!),
    busyMs: busyWith(page!, pulse!),
    last: last === undefined ? null : { deletedAt: last.deletedAt as string, sequence: -(last.id as number) },
  };
}

/** How the database and the job are, without a page. */
export async function readPulse(db: D1Database, snapshotId: number, jobId: string): Promise<Pulse> {
  const [pulse] = await db.batch<Record<string, RowValue>>([db.prepare(PULSE).bind(snapshotId, jobId)]);
  return pulseOf(pulse!).pulse;
}

/** Columns that say when a row changed last. */
const CHANGE_TIMES: ReadonlySet<string> = new Set(['updated_at', 'changed_at']);

function keptRows(
  results: ReadonlyArray<Record<string, RowValue>>,
  columns: readonly string[],
): { rows: SnapshotRow[]; bytes: number } {
  let bytes = 0;
  const rows = results.map(({ id, row, deletedAt }) => {
    bytes += (row as string).length;
    const was = fromRowJson(row as string);
    const values = columns.map((name) =>
      deletedAt !== undefined && CHANGE_TIMES.has(name) ? deletedAt : (was[name] ?? null),
    );
    return { rowId: id as number, values };
  });
  return { rows, bytes };
}

function pulseOf({ results }: D1Result<Record<string, RowValue>>): { pulse: Pulse } {
  const row = results[0]!;
  return {
    pulse: {
      lastCommitAt: row.lastCommitAt as string | null,
      isOpen: row.isOpen === 1,
      jobStatus: row.jobStatus as string | null,
      runningJobs: row.runningJobs as number,
    },
  };
}

function busyWith(...results: ReadonlyArray<D1Result>): number {
  return results.reduce((sum, { meta }) => sum + meta.duration, 0);
}

/** Characters of texts, and a few for each other value. */
function bytesOf(values: readonly RowValue[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
}

/**
 * Deletes what is remembered of objects that were deleted before the instant.
 *
 * @returns how many: at `rowsMax` there may be more
 */
export async function forgetDeleted(db: D1Database, before: string, rowsMax: number): Promise<number> {
  const { meta } = await db
    .prepare(
      'DELETE FROM deleted_record WHERE sequence IN ' +
        '(SELECT sequence FROM deleted_record WHERE deleted_at < ?1 ORDER BY deleted_at LIMIT ?2)',
    )
    .bind(before, rowsMax)
    .run();
  return meta.changes;
}
