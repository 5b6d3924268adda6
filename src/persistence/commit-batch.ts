import type { EntityKind } from '../domain/entities.ts';
import type { MetricDelta } from '../domain/metrics/delta.ts';
import { derivedKinds } from './derived-kinds.ts';
import { entityTables, ROWS } from './entity-tables.ts';
import * as metrics from './metrics-sql.ts';

/**
 * What one lane wants committed, all or nothing. Rows travel as JSON text in pieces of bounded size, so that groups of several lanes are
 * joined into one batch without being parsed again.
 */
export interface LaneGroup {
  readonly commitId: string;
  readonly laneId: string;
  readonly sequence: number;
  /** Instant of the decision; also the commit's time in deltas and freshness. */
  readonly committedAt: string;
  readonly commands: number;
  /** Statement name → pieces of comma-separated JSON rows. */
  readonly rows: { readonly [statement: string]: readonly string[] };
  /** Accounts whose metrics move, and accounts whose row is written: perhaps their partner flag or currency. */
  readonly deltaAccountIds: readonly string[];
  readonly flagAccountIds: readonly string[];
  /** A posted invoice of these is no longer posted. */
  readonly withdrawnDateAccountIds: readonly string[];
  /** Ids of stored objects that its decisions rest on, and of those that it changes or deletes. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly bytes: number;
}

/** Largest JSON parameter: D1 takes strings up to 2 MB. */
export const PARAMETER_BYTES_MAX = 1_500_000;
/** Size at which a piece is closed, so that pieces of several lanes fill a parameter well. */
const PIECE_BYTES_MAX = 200_000;

const LANE_COMMIT =
  ROWS +
  'INSERT INTO lane_commit (commit_id, lane_id, sequence, commands, committed_at) ' +
  'SELECT r.v->>0, r.v->>1, r.v->>2, r.v->>3, r.v->>4 FROM r';
const COMMAND_LOG =
  ROWS +
  'INSERT INTO command_log (command_id, commit_id, kind, actor, request_id) ' +
  'SELECT r.v->>0, r.v->>1, r.v->>2, r.v->>3, r.v->>4 FROM r';
const IDEMPOTENCY_EXPIRED =
  'DELETE FROM idempotency WHERE key IN (SELECT j.value->>0 FROM json_each(?1) AS j) AND created_at < ' +
  "strftime('%Y-%m-%dT%H:%M:%fZ', ?2, '-24 hours')";
const IDEMPOTENCY =
  ROWS +
  'INSERT INTO idempotency (key, request_hash, command_id, status, body, created_at) ' +
  'SELECT r.v->>0, r.v->>1, r.v->>2, r.v->>3, r.v->>4, r.v->>5 FROM r';
const METRIC_DELTA =
  ROWS +
  'INSERT INTO metric_delta (account_id, currency, total_invoice_balance_minor, total_debit_memo_balance_minor, ' +
  'unapplied_payment_minor, unapplied_credit_memo_minor, reserved_payment_minor, contracted_mrr_whole, contracted_mrr_nano, ' +
  'last_invoice_date, command_id, document_kind, document_id, committed_at, withdraws_invoice_date) SELECT ' +
  Array.from({ length: 15 }, (_, i) => `r.v->>${i}`).join(', ') +
  ' FROM r';

interface StatementTemplate {
  readonly sql: string;
  /** Also bind the commit's instant as ?2. */
  readonly withInstant?: boolean;
}

/** In this order: guards first, so that nothing is evaluated for a group that is stale. */
const templates: ReadonlyMap<string, StatementTemplate> = new Map([
  ['lane_commit', { sql: LANE_COMMIT }],
  ...[...Object.values(entityTables)].map((t): [string, StatementTemplate] => [
    guardName(t.kind),
    { sql: t.guardSql },
  ]),
  ...Object.entries(derivedKinds).flatMap(
    ([kind, derived]): Array<[string, StatementTemplate]> =>
      derived.guardSql === null ? [] : [[guardName(kind as EntityKind), { sql: derived.guardSql }]],
  ),
  ['command_log', { sql: COMMAND_LOG }],
  ['idempotency_expired', { sql: IDEMPOTENCY_EXPIRED, withInstant: true }],
  ['idempotency', { sql: IDEMPOTENCY }],
  ...[...Object.values(entityTables)].flatMap(
    (t): Array<[string, StatementTemplate]> => [
      [`delete ${t.kind}`, { sql: t.deleteSql }],
      [`update ${t.kind}`, { sql: t.updateSql, withInstant: t.keepsChange }],
      [`insert ${t.kind}`, { sql: t.insertSql, withInstant: t.keepsChange }],
    ],
  ),
  ['account_deleted', { sql: metrics.LEAVE_ORDERS }],
  ['metric_delta', { sql: METRIC_DELTA }],
]);

export function guardName(kind: EntityKind): string {
  return `guard ${kind}`;
}

/** The kinds whose reads are checked at the commit. */
export function isGuarded(kind: EntityKind): boolean {
  return templates.has(guardName(kind));
}

/** Collects a lane group's rows under their statements, in pieces. */
export class RowPieces {
  readonly #closed = new Map<string, string[]>();
  readonly #open = new Map<string, string[]>();
  readonly #openBytes = new Map<string, number>();
  bytes = 0;

  add(statement: string, row: unknown): void {
    const text = JSON.stringify(row);
    let open = this.#open.get(statement);
    if (open === undefined) {
      open = [];
      this.#open.set(statement, open);
    }
    open.push(text);
    this.bytes += text.length;
    const openBytes = (this.#openBytes.get(statement) ?? 0) + text.length + 1;
    this.#openBytes.set(statement, openBytes);
    if (openBytes > PIECE_BYTES_MAX) this.#close(statement, open);
  }

  addDelta(delta: MetricDelta, commandId: string, committedAt: string): void {
    this.add('metric_delta', [
      delta.accountId,
      delta.currency,
      delta.totalInvoiceBalanceMinor ?? 0,
      delta.totalDebitMemoBalanceMinor ?? 0,
      delta.unappliedPaymentMinor ?? 0,
      delta.unappliedCreditMemoMinor ?? 0,
      delta.reservedPaymentMinor ?? 0,
      delta.contractedMrrWhole ?? 0,
      delta.contractedMrrNano ?? 0,
      delta.lastInvoiceDate ?? null,
      commandId,
      delta.documentKind,
      delta.documentId,
      committedAt,
      delta.withdrawsInvoiceDate === true ? 1 : 0,
    ]);
  }

  finish(): { readonly [statement: string]: readonly string[] } {
    for (const [statement, open] of this.#open) if (open.length > 0) this.#close(statement, open);
    return Object.fromEntries(this.#closed);
  }

  #close(statement: string, open: string[]): void {
    const closed = this.#closed.get(statement);
    if (closed === undefined) this.#closed.set(statement, [open.join(',')]);
    else closed.push(open.join(','));
    open.length = 0;
    this.#openBytes.set(statement, 0);
  }
}

/**
 * One D1 transaction for the groups of any number of lanes. The last statement of the returned list, when `marksDue`,
 * returns the partner accounts that became due.
 */
export function buildCommitBatch(
  db: D1Database,
  groups: readonly LaneGroup[],
): { statements: D1PreparedStatement[]; marksDue: boolean } {
  const statements: D1PreparedStatement[] = [];
  const now = latest(groups.map((group) => group.committedAt));
  for (const [name, template] of templates) {
    for (const parameter of joinPieces(groups, name)) {
      const statement = db.prepare(template.sql);
      statements.push(
        template.withInstant === true ? statement.bind(parameter, now) : statement.bind(parameter),
      );
    }
  }
  const deltaAccountIds = [...new Set(groups.flatMap((g) => g.deltaAccountIds))];
  const flagAccountIds = [...new Set(groups.flatMap((g) => g.flagAccountIds))];
  if (flagAccountIds.length > 0) {
    const ids = JSON.stringify(flagAccountIds);
    statements.push(
      db.prepare(metrics.SYNC_FLAG).bind(ids, now),
      db.prepare(metrics.CLEAR_DUE_UNFLAGGED).bind(ids),
    );
  }
  const withdrawn = [...new Set([...groups.flatMap((g) => g.withdrawnDateAccountIds), ...flagAccountIds])];
  const touched = [...new Set([...deltaAccountIds, ...flagAccountIds])];
  if (touched.length > 0) {
    const ids = JSON.stringify(touched);
    statements.push(
      db.prepare(metrics.FOLD_UNFLAGGED_SUMS).bind(ids),
      // What is pending of accounts whose flag is cleared may withdraw a date, too.
      ...(withdrawn.length > 0
        ? [db.prepare(metrics.FOLD_UNFLAGGED_WITHDRAWN_DATES).bind(JSON.stringify(withdrawn))]
        : []),
      db.prepare(metrics.FOLD_UNFLAGGED_WATERMARK).bind(ids, now),
    );
  }
  const marksDue = deltaAccountIds.length > 0;
  if (marksDue) statements.push(db.prepare(metrics.MARK_DUE).bind(JSON.stringify(deltaAccountIds), now));
  return { statements, marksDue };
}

/** ISO instants compare as text. */
function latest(instants: readonly string[]): string {
  return [...instants].sort().at(-1) ?? '';
}

function joinPieces(groups: readonly LaneGroup[], statement: string): string[] {
  const parameters: string[] = [];
  let pieces: string[] = [];
  let bytes = 0;
  for (const group of groups) {
    for (const piece of group.rows[statement] ?? []) {
      if (bytes > 0 && bytes + piece.length > PARAMETER_BYTES_MAX) {
        parameters.push(`[${pieces.join(',')}]`);
        pieces = [];
        bytes = 0;
      }
      pieces.push(piece);
      bytes += piece.length + 1;
    }
  }
  if (bytes > 0) parameters.push(`[${pieces.join(',')}]`);
  return parameters;
}
