import { isId } from '../domain/account/state.ts';
import type { JobKind, JobPart, ListedJob } from '../domain/async-jobs/listed-job.ts';

/** Ids are hexadecimal: all of them come before it. */
const AFTER_ALL_IDS = 'g';

const QUERY_PARTS =
  "(SELECT json_group_array(json_object('name', s.value ->> '$.name', 'status', s.value ->> '$.status', 'rows', s.value ->> '$.rows', " +
  "'bytes', s.value ->> '$.bytes', 'fileIds', json(s.value -> '$.fileIds'), 'message', s.value ->> '$.message')) FROM json_each(q.statements) AS s)";

const COLUMNS = {
  operation:
    "SELECT id, 'operation' AS kind, job_type AS type, NULL AS name, status, refusal ->> '$.message' AS message, reference_id AS referenceId, " +
    "NULL AS done, NULL AS total, '[]' AS parts, created_at AS createdAt, created_by AS createdBy, NULL AS startedAt, finished_at AS finishedAt " +
    'FROM async_job',
  query:
    "SELECT id, kind, CASE kind WHEN 'export' THEN request ->> '$.format' END AS type, name, status, message, NULL AS referenceId, NULL AS done, " +
    `NULL AS total, ${QUERY_PARTS} AS parts, created_at AS createdAt, created_by AS createdBy, started_at AS startedAt, finished_at AS finishedAt ` +
    'FROM query_job AS q',
  usageImport:
    "SELECT id, 'usageImport' AS kind, NULL AS type, file_name AS name, status, failure AS message, NULL AS referenceId, " +
    "recorded + refused AS done, rows AS total, '[]' AS parts, created_at AS createdAt, created_by AS createdBy, NULL AS startedAt, " +
    "CASE status WHEN 'Processing' THEN NULL ELSE updated_at END AS finishedAt FROM usage_import",
  billingPreviewRun:
    "SELECT id, 'billingPreviewRun' AS kind, NULL AS type, run_number AS name, status, failure AS message, NULL AS referenceId, NULL AS done, " +
    "NULL AS total, json_array(json_object('name', run_number, 'status', status, 'rows', succeeded_accounts, 'bytes', 0, 'fileIds', " +
    "CASE WHEN status = 'Completed' AND file_id IS NOT NULL THEN json_array(file_id) ELSE json_array() END, 'message', failure)) AS parts, " +
    'created_at AS createdAt, created_by AS createdBy, started_at AS startedAt, finished_at AS finishedAt FROM billing_preview_run',
} as const;

const PAGE = 'id < ?1 ORDER BY id DESC LIMIT ?2';

/** A page of each kind, along its table's key. Query jobs that nobody can read any more are left out (`?3`: now). */
export const LISTED_JOBS_SQL = {
  operation: `${COLUMNS.operation} WHERE ${PAGE}`,
  query: `${COLUMNS.query} WHERE expires_at > ?3 AND ${PAGE}`,
  queryOfKind: `${COLUMNS.query} WHERE kind = ?4 AND expires_at > ?3 AND ${PAGE}`,
  usageImport: `${COLUMNS.usageImport} WHERE ${PAGE}`,
  billingPreviewRun: `${COLUMNS.billingPreviewRun} WHERE ${PAGE}`,
} as const;

type Row = Record<string, unknown>;

function fromJobRow(row: Row): ListedJob {
  return { ...(row as unknown as ListedJob), parts: JSON.parse(row.parts as string) as JobPart[] };
}

function statementsOf(
  db: D1Database,
  kind: JobKind | null,
  before: string,
  rowsMax: number,
  now: string,
): D1PreparedStatement[] {
  const plain = (sql: string) => db.prepare(sql).bind(before, rowsMax);
  switch (kind) {
    case null:
      return [
        plain(LISTED_JOBS_SQL.operation),
        db.prepare(LISTED_JOBS_SQL.query).bind(before, rowsMax, now),
        plain(LISTED_JOBS_SQL.usageImport),
        plain(LISTED_JOBS_SQL.billingPreviewRun),
      ];
    case 'export':
    case 'aqua':
    case 'dataQuery':
      return [db.prepare(LISTED_JOBS_SQL.queryOfKind).bind(before, rowsMax, now, kind)];
    default:
      return [plain(LISTED_JOBS_SQL[kind])];
  }
}

/** Jobs of a kind, or of all, newest first; those that were asked for before the job `before`. One round trip. */
export async function listJobs(
  db: D1Database,
  page: {
    readonly kind: JobKind | null;
    readonly before: string | null;
    readonly rowsMax: number;
    readonly now: string;
  },
): Promise<ListedJob[]> {
  const { kind, before, rowsMax, now } = page;
  const found = await db.batch<Row>(statementsOf(db, kind, before ?? AFTER_ALL_IDS, rowsMax, now));
  return found
    .flatMap(({ results }) => results)
    .sort((a, b) => (String(a.id) < String(b.id) ? 1 : -1))
    .slice(0, rowsMax)
    .map(fromJobRow);
}

/** The job with this id, of whatever kind; null when there is none. */
export async function findListedJob(db: D1Database, id: string, now: string): Promise<ListedJob | null> {
  if (!isId(id)) return null;
  const found = await db.batch<Row>(
    (['operation', 'query', 'usageImport', 'billingPreviewRun'] as const).map((table) => {
      const sql = `${COLUMNS[table]} WHERE id = ?1`;
      return table === 'query'
        ? db.prepare(`${sql} AND expires_at > ?2`).bind(id, now)
        : db.prepare(sql).bind(id);
    }),
  );
  const row = found.flatMap(({ results }) => results)[0];
  return row === undefined ? null : fromJobRow(row);
}
