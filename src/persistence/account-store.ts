import {
  formatNumber,
  isId,
  type Need,
  NUMBER_DIGITS,
  type NumberKind,
  numberPrefixes,
} from '../domain/account/state.ts';
import type { Entities, EntityKind } from '../domain/entities.ts';
import { derivedKinds } from './derived-kinds.ts';
import { type EntityTable, entityTables, fromRow } from './entity-tables.ts';

/** A first reply that was stored for an idempotency key. */
export interface StoredReply {
  readonly key: string;
  readonly requestHash: string;
  readonly commandId: string;
  readonly status: number;
  readonly body: string;
}

export interface LoadRequest {
  readonly needs: readonly Need[];
  readonly idempotencyKeys: readonly string[];
  /** Replies older than this instant count as absent. */
  readonly repliesSince: string;
  /** Commands that were sent before and whose first attempt may have been committed. */
  readonly commandIds: readonly string[];
  readonly leases: ReadonlyArray<readonly [NumberKind, number]>;
  /** Read the lane's last sequence number too. */
  readonly laneId: string | null;
}

export interface Loaded {
  readonly entities: ReadonlyArray<{ readonly kind: EntityKind; readonly entity: Entities[EntityKind] }>;
  readonly replies: readonly StoredReply[];
  readonly doneCommandIds: ReadonlySet<string>;
  /** First value and count of each leased range. */
  readonly leases: ReadonlyArray<{
    readonly kind: NumberKind;
    readonly first: number;
    readonly count: number;
  }>;
  readonly laneSequence: number | null;
}

type RowHandler = (rows: Array<Record<string, unknown>>) => void;

/** Numbers that callers may give themselves: what is generated starts above those that look like generated ones. */
const GIVEN_NUMBERS: Partial<Record<NumberKind, { readonly table: string; readonly column: string }>> = {
  account: { table: 'account', column: 'account_number' },
  order: { table: 'orders', column: 'order_number' },
  subscription: { table: 'subscription', column: 'subscription_number' },
  invoice: { table: 'invoice', column: 'invoice_number' },
  creditMemo: { table: 'credit_memo', column: 'memo_number' },
  debitMemo: { table: 'debit_memo', column: 'memo_number' },
};
/** How many of the highest numbers are looked at: others that only begin like generated ones may lie between. */
const GIVEN_NUMBERS_MAX = 100;

/** Leases `?2` numbers: a number that a caller takes from a leased range is refused by its unique index, and decided again. */
function leaseSql(kind: NumberKind): string {
  const given = GIVEN_NUMBERS[kind];
  const prefix = numberPrefixes[kind];
  const highest =
    given === undefined
      ? '0'
      : `(SELECT coalesce(max(CAST(substr(n, ${prefix.length + 1}) AS INTEGER)), 0) FROM ` +
        `(SELECT ${given.column} AS n FROM ${given.table} WHERE ${given.column} BETWEEN '${formatNumber(kind, 0)}' AND ` +
        `'${prefix}${'9'.repeat(NUMBER_DIGITS)}' ORDER BY ${given.column} DESC LIMIT ${GIVEN_NUMBERS_MAX}) ` +
        `WHERE n GLOB '${prefix}${'[0-9]'.repeat(NUMBER_DIGITS)}')`;
  return (
    `INSERT INTO number_range (kind, next_value) VALUES (?1, ${highest} + 1 + ?2) ` +
    `ON CONFLICT (kind) DO UPDATE SET next_value = max(next_value, ${highest} + 1) + ?2 ` +
    'RETURNING next_value - ?2 AS first'
  );
}

/**
 * Reads everything that a group of commands needs in one D1 round trip.
 *
 * @throws whatever D1 throws: nothing was written but number leases, whose loss leaves a gap and no more.
 */
export async function loadForGroup(db: D1Database, request: LoadRequest): Promise<Loaded> {
  const statements: D1PreparedStatement[] = [];
  const handlers: RowHandler[] = [];
  const add = (sql: string, parameters: unknown[], handle: RowHandler) => {
    statements.push(db.prepare(sql).bind(...parameters));
    handlers.push(handle);
  };
  const entities: Array<{ kind: EntityKind; entity: Entities[EntityKind] }> = [];
  for (const [kind, keys] of keysByKind(request.needs)) addEntityReads(kind, keys, add, entities);

  const replies: StoredReply[] = [];
  if (request.idempotencyKeys.length > 0) {
    add(
      'SELECT key, request_hash, command_id, status, body FROM idempotency ' +
        'WHERE key IN (SELECT value FROM json_each(?1)) AND created_at >= ?2',
      [JSON.stringify(request.idempotencyKeys), request.repliesSince],
      (rows) => {
        for (const row of rows) replies.push(toStoredReply(row));
      },
    );
  }
  const doneCommandIds = new Set<string>();
  if (request.commandIds.length > 0) {
    add(
      'SELECT command_id FROM command_log WHERE command_id IN (SELECT value FROM json_each(?1))',
      [JSON.stringify(request.commandIds)],
      (rows) => {
        for (const row of rows) doneCommandIds.add(row.command_id as string);
      },
    );
  }
  const leases: Array<{ kind: NumberKind; first: number; count: number }> = [];
  for (const [kind, count] of request.leases) {
    add(leaseSql(kind), [kind, count], (rows) =>
      leases.push({ kind, first: rows[0]!.first as number, count }),
    );
  }
  let laneSequence: number | null = null;
  if (request.laneId !== null) {
    add(
      'SELECT coalesce(max(sequence), 0) AS sequence FROM lane_commit WHERE lane_id = ?1',
      [request.laneId],
      (rows) => {
        laneSequence = rows[0]!.sequence as number;
      },
    );
  }
  if (statements.length > 0) {
    const results = await db.batch<Record<string, unknown>>(statements);
    for (const [i, result] of results.entries()) handlers[i]!(result.results);
  }
  return { entities, replies, doneCommandIds, leases, laneSequence };
}

/** Which of these commits are in the database: how an unknown outcome is resolved. */
export async function findCommits(db: D1Database, commitIds: readonly string[]): Promise<Set<string>> {
  const { results } = await db
    .prepare('SELECT commit_id FROM lane_commit WHERE commit_id IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(commitIds))
    .all<{ commit_id: string }>();
  return new Set(results.map((row) => row.commit_id));
}

function keysByKind(needs: readonly Need[]): Map<EntityKind, Set<string>> {
  const byKind = new Map<EntityKind, Set<string>>();
  for (const need of needs) {
    const keys = byKind.get(need.kind);
    if (keys === undefined) byKind.set(need.kind, new Set([need.key]));
    else keys.add(need.key);
  }
  return byKind;
}

function addEntityReads(
  kind: EntityKind,
  keys: ReadonlySet<string>,
  add: (sql: string, parameters: unknown[], handle: RowHandler) => void,
  into: Array<{ kind: EntityKind; entity: Entities[EntityKind] }>,
): void {
  const derived = derivedKinds[kind as keyof typeof derivedKinds];
  if (derived !== undefined) {
    add(derived.loadSql, [JSON.stringify([...keys])], (rows) => {
      for (const entity of derived.fromRows(rows)) into.push({ kind, entity });
    });
    return;
  }
  const table = (entityTables as Partial<Record<EntityKind, EntityTable>>)[kind]!;
  const handle: RowHandler = (rows) => {
    for (const row of rows) into.push({ kind, entity: fromRow(table, row) });
  };
  if (table.loadByNumberSql === null) {
    add(table.loadByIdSql, [JSON.stringify([...keys])], handle);
    return;
  }
  const ids = [...keys].filter(isId);
  const numbers = [...keys].filter((key) => !isId(key));
  if (ids.length > 0) add(table.loadByIdSql, [JSON.stringify(ids)], handle);
  if (numbers.length > 0) add(table.loadByNumberSql, [JSON.stringify(numbers)], handle);
}

function toStoredReply(row: Record<string, unknown>): StoredReply {
  return {
    key: row.key as string,
    requestHash: row.request_hash as string,
    commandId: row.command_id as string,
    status: row.status as number,
    body: row.body as string,
  };
}
