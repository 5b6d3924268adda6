/** A job that makes queries into files. */
export interface QueryJob {
  readonly id: string;
  /** The surface that it was asked for through. */
  readonly kind: 'export' | 'aqua' | 'dataQuery';
  readonly status: 'submitted' | 'executing' | 'completed' | 'failed' | 'cancelled';
  readonly name: string | null;
  /** What its surface wants to show again: never read by the executor. */
  readonly request: { readonly [name: string]: unknown };
  readonly statements: readonly QueryStatement[];
  /** Why it failed. */
  readonly message: string | null;
  /** Whose changes since the last time are asked for; null where the whole is. */
  readonly partner: string | null;
  readonly project: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /**
   * The instant that its rows are of. A commit that was decided a little before it may have come after it: whoever asks for what changed since asks
   * from a few minutes earlier.
   */
  readonly snapshotAt: string | null;
  /** Also of the last sign that it goes on. */
  readonly updatedAt: string;
  /** Slices in a row that ended without one. */
  readonly attempts: number;
  readonly expiresAt: string;
}

/** One query of a job and the file, or segments of it, that it is made into. */
export interface QueryStatement {
  readonly id: string;
  readonly name: string | null;
  /** As execution/languages.ts in src/query knows it: exportZoql, dataQuery. */
  readonly language: string;
  readonly text: string;
  /** What the language's compiler takes beside the text. */
  readonly options: { readonly [name: string]: unknown };
  readonly output: StatementOutput;
  readonly status: 'submitted' | 'executing' | 'completed' | 'failed' | 'cancelled';
  /** Of the finished file or files. */
  readonly rows: number;
  readonly bytes: number;
  /** One, or a file for each segment. */
  readonly fileIds: readonly string[];
  readonly message: string | null;
}

export interface StatementOutput {
  readonly format: 'csv' | 'tsv' | 'dsv' | 'jsonLines' | 'html' | 'xlsx';
  readonly compression: 'none' | 'gzip' | 'zip';
  /** Between the values of dsv: one character. */
  readonly separator?: string;
  /** What stands for a value that there is not; default: nothing. */
  readonly nullText?: string;
  /** 2026-01-31T08:00:00.000Z; seconds: 2026-01-31T08:00:00+00:00; space: 2026-01-31 08:00:00.000. Default: the first. */
  readonly instants?: 'milliseconds' | 'seconds' | 'space';
  /** IANA zone in which instants are shown, with their offset; default: UTC. Not for `space`. */
  readonly timeZone?: string;
  /** Before the file's extension. */
  readonly fileName: string;
  /** Places after the point that decimals have at least; default: none. */
  readonly decimalPlacesMin?: number;
  /** Rows of a segment; null: one file of all rows. */
  readonly segmentRows: number | null;
  /** Rows that are too many; default: limits.queryRowsMax. */
  readonly rowsMax?: number;
}

/** A query as it is submitted: nothing of it has begun. */
export function submittedStatement(
  statement: Pick<QueryStatement, 'id' | 'name' | 'language' | 'text' | 'options' | 'output'>,
): QueryStatement {
  return { ...statement, status: 'submitted', rows: 0, bytes: 0, fileIds: [], message: null };
}

const DAY_MS = 86_400_000;

/** A job as it is submitted; it can be read for so many days. */
export function submittedJob(
  job: Pick<
    QueryJob,
    'id' | 'kind' | 'name' | 'request' | 'statements' | 'partner' | 'project' | 'createdBy'
  >,
  now: string,
  days: number,
): QueryJob {
  return {
    ...job,
    status: 'submitted',
    message: null,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    snapshotAt: null,
    updatedAt: now,
    attempts: 0,
    expiresAt: new Date(Date.parse(now) + days * DAY_MS).toISOString(),
  };
}

const COLUMNS =
  'id, kind, status, name, request, statements, message, partner, project, created_at AS createdAt, created_by AS createdBy, ' +
  'started_at AS startedAt, finished_at AS finishedAt, snapshot_at AS snapshotAt, updated_at AS updatedAt, attempts, expires_at AS expiresAt';

/** As the index of them has it, so that SQLite sees that it can be used. */
const IS_OPEN = "status IN ('submitted', 'executing')";

type JobRow = { [K in keyof QueryJob]: QueryJob[K] } & { request: string; statements: string };

function fromJobRow(row: JobRow): QueryJob {
  const statements = JSON.parse(row.statements) as QueryStatement[];
  return {
    ...row,
    request: JSON.parse(row.request) as QueryJob['request'],
    // What a cancelled job had not finished is cancelled with it.
    statements:
      row.status === 'cancelled'
        ? statements.map((one) => (isFinished(one.status) ? one : { ...one, status: 'cancelled' }))
        : statements,
  };
}

export function isFinished(status: QueryJob['status']): boolean {
  return status !== 'submitted' && status !== 'executing';
}

/**
 * Takes a job in.
 *
 * @param openMax jobs of its kind that have not ended, of those with a partner or of those without
 * @returns 'tooMany' when so many wait or have not ended already, 'tooLarge' when it is more than that many bytes: then there is none
 */
export async function createQueryJob(
  db: D1Database,
  job: QueryJob,
  {
    waitingMax,
    openMax = waitingMax,
    bytesMax,
  }: { readonly waitingMax: number; readonly openMax?: number; readonly bytesMax: number },
): Promise<'created' | 'tooMany' | 'tooLarge'> {
  const request = JSON.stringify(job.request);
  const statements = JSON.stringify(job.statements);
  if (new TextEncoder().encode(request + statements).byteLength > bytesMax) return 'tooLarge';
  const { meta } = await db
    .prepare(
      'INSERT INTO query_job (id, kind, status, name, request, statements, partner, project, created_at, created_by, updated_at, attempts, ' +
        "expires_at) SELECT ?1, ?2, 'submitted', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8, 0, ?10 " +
        `WHERE (SELECT count(*) FROM query_job WHERE ${IS_OPEN} AND status = 'submitted') < ?11 ` +
        `AND (SELECT count(*) FROM query_job WHERE ${IS_OPEN} AND kind = ?2 AND (partner IS NULL) = (?6 IS NULL)) < ?12`,
    )
    .bind(
      job.id,
      job.kind,
      job.name,
      request,
      statements,
      job.partner,
      job.project,
      job.createdAt,
      job.createdBy,
      job.expiresAt,
      waitingMax,
      openMax,
    )
    .run();
  return meta.changes === 1 ? 'created' : 'tooMany';
}

/** Null when there is none, or its time is over. */
export async function readQueryJob(db: D1Database, id: string, now: string): Promise<QueryJob | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM query_job WHERE id = ?1 AND expires_at > ?2`)
    .bind(id, now)
    .first<JobRow>();
  return row === null ? null : fromJobRow(row);
}

/** Jobs of a kind, newest first, older than `before`. */
export async function listQueryJobs(
  db: D1Database,
  kind: QueryJob['kind'],
  page: {
    readonly now: string;
    readonly before: string | null;
    readonly status: QueryJob['status'] | null;
    readonly rowsMax: number;
  },
): Promise<QueryJob[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM query_job WHERE kind = ?1 AND (?2 IS NULL OR id < ?2) AND (?3 IS NULL OR status = ?3) AND expires_at > ?4 ` +
        'ORDER BY id DESC LIMIT ?5',
    )
    .bind(kind, page.before, page.status, page.now, page.rowsMax)
    .all<JobRow & Record<string, unknown>>();
  return results.map(fromJobRow);
}

/** The newest completed job for this partner and project. */
export async function findLastCompletedJob(
  db: D1Database,
  partner: string,
  project: string,
  now: string,
): Promise<QueryJob | null> {
  const row = await db
    .prepare(
      `SELECT ${COLUMNS} FROM query_job WHERE partner = ?1 AND project = ?2 AND status = 'completed' AND partner IS NOT NULL ` +
        'AND expires_at > ?3 ORDER BY id DESC LIMIT 1',
    )
    .bind(partner, project, now)
    .first<JobRow>();
  return row === null ? null : fromJobRow(row);
}

/** Cancels a job that is not finished. It stops at its next page. False when there is none such. */
export async function cancelQueryJob(db: D1Database, id: string, now: string): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `UPDATE query_job SET status = 'cancelled', finished_at = ?2, updated_at = ?2 WHERE id = ?1 AND ${IS_OPEN}`,
    )
    .bind(id, now)
    .run();
  return meta.changes === 1;
}

/** Those that wait, for a partner and project of which none runs: these run one after another. Over `c`. */
const CAN_START =
  `c.${IS_OPEN} AND c.status = 'submitted' AND NOT EXISTS (SELECT 1 FROM query_job AS e WHERE e.${IS_OPEN} ` +
  "AND e.status = 'executing' AND e.partner = c.partner AND e.project = c.project)";

/** The jobs whose turn it is now: the oldest that can start, as many as there are free places of so many (`?1`). */
const STARTABLE =
  `SELECT c.id AS id FROM query_job AS c WHERE ${CAN_START} ORDER BY c.id ` +
  `LIMIT max(0, ?1 - (SELECT count(*) FROM query_job WHERE ${IS_OPEN} AND status = 'executing'))`;

/** Lets a waiting job run when it is its turn, while fewer than so many run. */
export async function startQueryJob(
  db: D1Database,
  id: string,
  now: string,
  runningMax: number,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      "UPDATE query_job SET status = 'executing', started_at = ?3, updated_at = ?3 " +
        `WHERE id = ?2 AND id IN (${STARTABLE})`,
    )
    .bind(runningMax, id, now)
    .run();
  return meta.changes === 1;
}

/** The jobs whose turn it is now, oldest first. */
export async function findStartableJobs(db: D1Database, runningMax: number): Promise<string[]> {
  const { results } = await db.prepare(STARTABLE).bind(runningMax).all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Running jobs that gave no sign since the instant. */
export async function findStandingJobs(db: D1Database, before: string, rowsMax: number): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT id FROM query_job WHERE ${IS_OPEN} AND status = 'executing' AND updated_at < ?1 ORDER BY id LIMIT ?2`,
    )
    .bind(before, rowsMax)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Counts an attempt at a running job's next slice. Returns how many there were in a row; null when it does not run. */
export async function countAttempt(db: D1Database, id: string, now: string): Promise<number | null> {
  return db
    .prepare(
      "UPDATE query_job SET attempts = attempts + 1, updated_at = ?2 WHERE id = ?1 AND status = 'executing' RETURNING attempts",
    )
    .bind(id, now)
    .first<number>('attempts');
}

/** Says how far a running job is: the attempt has got somewhere. False when the job does not run any more. */
export async function saveQueryProgress(
  db: D1Database,
  { id, statements, snapshotAt }: Pick<QueryJob, 'id' | 'statements' | 'snapshotAt'>,
  now: string,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      "UPDATE query_job SET statements = ?2, snapshot_at = ?3, attempts = 0, updated_at = ?4 WHERE id = ?1 AND status = 'executing'",
    )
    .bind(id, JSON.stringify(statements), snapshotAt, now)
    .run();
  return meta.changes === 1;
}

/** Ends a running job. False when it does not run any more. */
export async function finishQueryJob(
  db: D1Database,
  {
    id,
    status,
    message,
    statements,
  }: Pick<QueryJob, 'id' | 'message' | 'statements'> & { readonly status: 'completed' | 'failed' },
  now: string,
): Promise<boolean> {
  const { meta } = await db
    .prepare(
      'UPDATE query_job SET status = ?2, message = ?3, statements = ?4, finished_at = ?5, updated_at = ?5 ' +
        "WHERE id = ?1 AND status = 'executing'",
    )
    .bind(id, status, message, JSON.stringify(statements), now)
    .run();
  return meta.changes === 1;
}

/** Deletes jobs whose time is over. Returns how many: at `rowsMax` there may be more. */
export async function deleteExpiredQueryJobs(db: D1Database, now: string, rowsMax: number): Promise<number> {
  const { meta } = await db
    .prepare(
      'DELETE FROM query_job WHERE id IN (SELECT id FROM query_job WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)',
    )
    .bind(now, rowsMax)
    .run();
  return meta.changes;
}
