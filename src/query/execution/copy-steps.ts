import { limits } from '../../env.ts';
import {
  type DeletedPlace,
  type Pulse,
  readBefore,
  readDeleted,
  readWindow,
  type Snapshot,
  type SnapshotPage,
} from '../../persistence/snapshots.ts';
import type { CopiedTable } from './copy-plan.ts';
import type { CopyStore } from './copy-store.ts';
import { nextPageRows, workOfPage } from './pace.ts';

/** How far a copy is: plain values, kept beside what is copied. */
export interface CopyProgress {
  readonly snapshot: Snapshot;
  readonly tables: readonly CopiedTable[];
  /** Index of the table that is being copied; past the last one when all is. */
  readonly table: number;
  /** Its rows, then those that changed in the meantime, then deleted objects. */
  readonly part: 'rows' | 'before' | 'deleted';
  /** Row id up to which the part is copied. */
  readonly after: number;
  readonly deletedAfter: DeletedPlace;
  readonly pageRows: number;
}

export function firstStep(snapshot: Snapshot, tables: readonly CopiedTable[]): CopyProgress {
  const since = Date.parse(snapshot.openedAt) - limits.deletedRecordDays * 86_400_000;
  return {
    snapshot,
    tables,
    table: 0,
    part: 'rows',
    after: 0,
    deletedAfter: { deletedAt: new Date(since).toISOString(), sequence: 0 },
    pageRows: limits.copyPageRowsMin,
  };
}

export interface CopyPorts {
  readonly db: D1Database;
  readonly store: CopyStore;
  readonly jobId: string;
  /** Keeps rows and progress together: both or neither. */
  readonly keep: (write: () => void, next: CopyProgress) => void;
  /** The time now, milliseconds. */
  readonly clock: () => number;
}

/** The snapshot is gone: it took too long, and what changed is no longer kept. */
export class SnapshotLost extends Error {}

/**
 * Copies the next page. What it copies is as of the snapshot whatever happens between the pages (persistence/snapshots.ts).
 *
 * @throws SnapshotLost
 */
export async function copyPage(
  progress: CopyProgress,
  { db, store, jobId, keep, clock }: CopyPorts,
): Promise<{ readonly next: CopyProgress; readonly pulse: Pulse; readonly workMs: number }> {
  const startedMs = clock();
  const table = progress.tables[progress.table]!;
  const { page, next } = await readPage(progress, table, db, jobId);
  const readMs = clock();
  // Without its snapshot a page says what is now.
  if (!page.pulse.isOpen) throw new SnapshotLost(`the snapshot of job ${jobId} is closed`);
  // The rows of another part may be of another size: nobody knows before the first of them.
  const isSamePart = next.table === progress.table && next.part === progress.part;
  const pageRows = isSamePart ? nextPageRows(progress.pageRows, page, limits) : limits.copyPageRowsMin;
  const sized = { ...next, pageRows };
  keep(() => {
    if (progress.part === 'deleted') store.insertDeleted(table, page.rows);
    else store.insert(table, page.rows);
  }, sized);
  const workMs = workOfPage({ busyMs: page.busyMs, wallMs: readMs - startedMs }) + clock() - readMs;
  return { next: sized, pulse: page.pulse, workMs };
}

async function readPage(
  progress: CopyProgress,
  table: CopiedTable,
  db: D1Database,
  jobId: string,
): Promise<{ page: SnapshotPage; next: CopyProgress }> {
  const { snapshot, part, after, pageRows } = progress;
  if (part === 'rows') {
    const through = after + pageRows;
    const page = await readWindow(db, snapshot, jobId, table, { after, through });
    const isLast = through >= snapshot.lastRowIds[table.table]!;
    return {
      page,
      next: isLast ? { ...progress, part: 'before', after: 0 } : { ...progress, after: through },
    };
  }
  const rowsMax = pageRows;
  if (part === 'before') {
    const page = await readBefore(db, snapshot, jobId, table, { after, rowsMax });
    const last = page.rows.length < rowsMax ? undefined : page.rows.at(-1);
    if (last !== undefined) return { page, next: { ...progress, after: last.rowId } };
    return { page, next: table.withDeleted ? { ...progress, part: 'deleted' } : nextTable(progress) };
  }
  const page = await readDeleted(db, snapshot, jobId, table, { after: progress.deletedAfter, rowsMax });
  return {
    page,
    next: page.last === null ? nextTable(progress) : { ...progress, deletedAfter: page.last },
  };
}

function nextTable(progress: CopyProgress): CopyProgress {
  return { ...firstStep(progress.snapshot, progress.tables), table: progress.table + 1 };
}
