import type { CallSource, CallSummary, LeftOut, LoggedBody, LoggedCall } from './logged-call.ts';

/** Calls that can begin in one millisecond: ids are the millisecond times this, and then in the order of arrival. */
export const ID_STEP = 1_000;

/** The texts are last: SQLite reads a row only as far as it must, so a list does not read them. */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS call (
    id INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL,
    track_id TEXT,
    client_id TEXT,
    source TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    status INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    accounts TEXT NOT NULL,
    idempotency_key TEXT,
    is_replayed INTEGER NOT NULL,
    is_failed INTEGER NOT NULL,
    error_codes TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    request_characters INTEGER,
    request_left_out TEXT,
    reply_characters INTEGER,
    reply_left_out TEXT,
    request_text TEXT,
    reply_text TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS call_request ON call (request_id);
  CREATE INDEX IF NOT EXISTS call_track ON call (track_id) WHERE track_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS call_key ON call (idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX IF NOT EXISTS call_client ON call (client_id) WHERE client_id IS NOT NULL;
  CREATE TABLE IF NOT EXISTS call_account (
    account TEXT NOT NULL,
    call_id INTEGER NOT NULL,
    PRIMARY KEY (account, call_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS not_kept (second INTEGER PRIMARY KEY, calls INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS log_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    calls INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    successes_left REAL NOT NULL,
    failures_left REAL NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
`;

/** What a list reads of a row. */
export const SUMMARY_COLUMNS = [
  ...['id', 'request_id', 'track_id', 'client_id', 'source', 'method', 'path', 'status', 'ms', 'accounts'],
  ...['idempotency_key', 'is_replayed', 'error_codes'],
];

export type SummaryRow = {
  readonly id: number;
  readonly request_id: string;
  readonly track_id: string | null;
  readonly client_id: string | null;
  readonly source: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  readonly accounts: string;
  readonly idempotency_key: string | null;
  readonly is_replayed: number;
  readonly error_codes: string;
};

export type CallRow = SummaryRow & {
  readonly is_failed: number;
  readonly request_characters: number | null;
  readonly request_left_out: string | null;
  readonly reply_characters: number | null;
  readonly reply_left_out: string | null;
  readonly request_text: string | null;
  readonly reply_text: string | null;
};

export function summaryOf(row: SummaryRow): CallSummary {
  return {
    requestId: row.request_id,
    trackId: row.track_id,
    atMs: Math.floor(row.id / ID_STEP),
    clientId: row.client_id,
    source: row.source as CallSource,
    method: row.method,
    path: row.path,
    status: row.status,
    ms: row.ms,
    accounts: JSON.parse(row.accounts) as string[],
    idempotencyKey: row.idempotency_key,
    isReplayed: row.is_replayed === 1,
    errorCodes: JSON.parse(row.error_codes) as string[],
  };
}

export function callOf(row: CallRow): LoggedCall {
  return {
    ...summaryOf(row),
    isFailed: row.is_failed === 1,
    request: bodyOf(row.request_text, row.request_characters, row.request_left_out),
    reply: bodyOf(row.reply_text, row.reply_characters, row.reply_left_out),
  };
}

function bodyOf(text: string | null, characters: number | null, leftOut: string | null): LoggedBody | null {
  return leftOut === 'none' ? null : { text, characters, leftOut: leftOut as LeftOut | null };
}
