import { auditBilling } from './billing-auditor.ts';
import type { Intent } from './intent.ts';
import { auditMetrics } from './metrics-auditor.ts';
import { TODAY } from './order-action-bodies.ts';
import { auditOrders } from './order-auditor.ts';
import { orderTables, type Row } from './order-tables.ts';
import { auditSettlement, settlementTables } from './settlement-auditor.ts';
import { auditSubscriptions } from './subscription-auditor.ts';

/**
 * Checks the invariants of docs/architecture.md from the tables alone. Shares no code with the engine: its own SQL, its own integer
 * arithmetic. Returns what is wrong; an empty list is a clean run.
 */

/** What a client saw of one request, for the invariants that bind replies to tables. */
export interface Observed {
  /** Unique text that the request put into the document it creates; empty when it creates none. */
  readonly marker: string;
  readonly kind: string;
  readonly actions: readonly string[];
  /** Marker or number of what it was to delete; empty when nothing. */
  readonly deletes: string;
  readonly leaves: Intent['leaves'];
  readonly key: string | null;
  readonly commandIds: readonly string[];
  readonly replies: ReadonlyArray<{
    readonly status: number;
    readonly body: string;
    readonly replayed: boolean;
  }>;
  /** 'done': a success reply; 'refused': nothing happened; 'unknown': either. */
  readonly result: 'done' | 'refused' | 'unknown';
  /** A read right after a success reply found what it confirmed. */
  readonly readBack: boolean;
}

/** Where markers are kept. */
type MarkedTables = ReadonlyArray<readonly [table: string, column: string]>;
export const DOCUMENTS: MarkedTables = [
  ['orders', 'description'],
  ['invoice', 'comments'],
  ['payment', 'comment'],
  ['credit_memo', 'comment'],
  ['debit_memo', 'comment'],
  ['refund', 'comment'],
  ['bill_run', 'name'],
];
const JOBS: MarkedTables = [['async_job', 'request_id']];

export class Auditor {
  readonly #db: D1Database;
  readonly #problems: string[] = [];

  constructor(db: D1Database) {
    this.#db = db;
  }

  async audit(observed: readonly Observed[]): Promise<string[]> {
    await this.#lanes();
    await this.#commands();
    const taken = deleted(observed);
    await this.#replies(observed, taken);
    const tables = await orderTables(this.#db);
    const settlement = await settlementTables(this.#db);
    this.#problems.push(
      ...auditOrders(tables, new Set(taken.keys())),
      ...auditSubscriptions(tables, TODAY),
      ...auditSettlement(settlement),
      ...auditBilling(settlement, tables.subscriptions),
      ...(await auditMetrics(this.#db, tables, settlement)),
    );
    await this.#queue();
    return this.#problems;
  }

  async #rows(sql: string): Promise<Row[]> {
    return (await this.#db.prepare(sql).all<Row>()).results;
  }

  #expect(holds: boolean, problem: string): void {
    if (!holds) this.#problems.push(problem);
  }

  /** I2: commits of a lane are numbered 1..n. */
  async #lanes(): Promise<void> {
    const next = new Map<string, number>();
    for (const row of await this.#rows(
      'SELECT lane_id, sequence FROM lane_commit ORDER BY lane_id, sequence',
    )) {
      const lane = String(row.lane_id);
      const expected = next.get(lane) ?? 1;
      this.#expect(
        row.sequence === expected,
        `I2: lane ${lane} has sequence ${row.sequence}, expected ${expected}`,
      );
      next.set(lane, Number(row.sequence) + 1);
    }
  }

  /** I3: a commit's commands are all there, and no command is without its commit. I1: a key names one command. */
  async #commands(): Promise<void> {
    const logged = new Map<string, number>();
    const commandIds = new Set<string>();
    for (const row of await this.#rows('SELECT command_id, commit_id FROM command_log')) {
      logged.set(String(row.commit_id), (logged.get(String(row.commit_id)) ?? 0) + 1);
      commandIds.add(String(row.command_id));
    }
    for (const row of await this.#rows('SELECT commit_id, commands FROM lane_commit')) {
      const count = logged.get(String(row.commit_id)) ?? 0;
      this.#expect(
        count === row.commands,
        `I3: commit ${row.commit_id} has ${count} of ${row.commands} commands`,
      );
      logged.delete(String(row.commit_id));
    }
    for (const commitId of logged.keys())
      this.#problems.push(`I3: commands of commit ${commitId} without the commit`);
    for (const row of await this.#rows('SELECT key, command_id FROM idempotency')) {
      this.#expect(commandIds.has(String(row.command_id)), `I1: reply of key ${row.key} without its command`);
    }
    for (const row of await this.#rows('SELECT sequence, command_id FROM metric_delta')) {
      this.#expect(commandIds.has(String(row.command_id)), `I3: delta ${row.sequence} without its command`);
    }
  }

  /** I1, I4, I12: what clients were told is what the tables hold. */
  async #replies(observed: readonly Observed[], taken: Deleted): Promise<void> {
    const documents = await this.#counts(DOCUMENTS);
    const jobs = await this.#counts(JOBS);
    const bodies = new Map<string, string>();
    for (const { marker, leaves, key, result, replies, readBack } of observed) {
      for (const reply of replies) {
        if (key === null || reply.status > 202) continue;
        const first = bodies.get(key);
        this.#expect(first === undefined || first === reply.body, `I1: key ${key} was answered in two ways`);
        bodies.set(key, reply.body);
      }
      this.#expect(readBack || taken.has(marker), `I10: ${marker} was confirmed and could not be read`);
      if (marker === '') continue;
      const count = (leaves === 'job' ? jobs : documents).get(marker) ?? 0;
      if (leaves === 'nothing') this.#expect(count === 0, `I11: the preview ${marker} left something`);
      else if (taken.has(marker) && leaves === 'document')
        this.#expect(
          count <= (taken.get(marker) === 'done' ? 0 : 1),
          `I4: ${marker} was deleted and is there ${count} times`,
        );
      else if (result === 'done')
        this.#expect(count === 1, `I4: ${marker} was confirmed and is there ${count} times`);
      else if (result === 'refused')
        this.#expect(count === 0, `I12: ${marker} was refused and is there ${count} times`);
      else this.#expect(count <= 1, `I1: ${marker} is there ${count} times`);
    }
  }

  /** I7 after draining: nothing that is due was forgotten. */
  async #queue(): Promise<void> {
    const [row] = await this.#rows('SELECT count(*) AS due FROM metrics_due');
    this.#expect(row!.due === 0, `I7: ${row!.due} accounts are still due`);
    const unfinished = await this.#rows(
      "SELECT id, status FROM bill_run WHERE status NOT IN ('Completed', 'Posted', 'Canceled', 'Error')",
    );
    for (const { id, status } of unfinished) this.#problems.push(`I7: bill run ${id} is still ${status}`);
    const generating = await this.#rows(
      "SELECT id FROM invoice WHERE status = 'Generating' UNION ALL SELECT id FROM credit_memo WHERE status = 'Generating'",
    );
    for (const { id } of generating) this.#problems.push(`I7: document ${id} is still being generated`);
  }

  /** How many rows carry each marker. */
  async #counts(tables: MarkedTables): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const [table, column] of tables) {
      for (const { marker } of await this.#rows(
        `SELECT ${column} AS marker FROM ${table} WHERE ${column} IS NOT NULL`,
      )) {
        counts.set(String(marker), (counts.get(String(marker)) ?? 0) + 1);
      }
    }
    return counts;
  }
}

/** What was to be deleted, and whether it was confirmed. */
type Deleted = ReadonlyMap<string, 'done' | 'unknown'>;

function deleted(observed: readonly Observed[]): Deleted {
  const result = new Map<string, 'done' | 'unknown'>();
  for (const { deletes, result: outcome } of observed) {
    if (deletes === '' || outcome === 'refused' || result.get(deletes) === 'done') continue;
    result.set(deletes, outcome);
  }
  return result;
}
