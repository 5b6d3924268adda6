import type { Random } from './random.ts';

/** Probabilities of what goes wrong with a call to D1; rows 3, 4, 5, 10 and 11 of the fault list. */
export interface DatabaseFaults {
  /** The batch is lost before it runs. */
  failBefore: number;
  /** The batch commits and its reply is lost. */
  loseReply: number;
  /** The batch is reported as lost and runs later, when nobody expects it. */
  zombie: number;
  overloaded: number;
  /** A single read fails. */
  failRead: number;
}

export const NO_FAULTS: DatabaseFaults = {
  failBefore: 0,
  loseReply: 0,
  zombie: 0,
  overloaded: 0,
  failRead: 0,
};

const LOST = 'D1_ERROR: Network connection lost.';
const OVERLOADED = 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.';

/** The guards, as the engine's statements have them: what the control run takes away. */
const GUARD_INSERT = /\bINSERT INTO commit_guard /;
const GUARDED_INSERT = /\bINSERT INTO (lane_commit|command_log|idempotency) /;

/** Real D1 behind a port that fails as networks and isolates do. */
export class FaultyDatabase {
  faults: DatabaseFaults;
  readonly counts = { batches: 0, faults: 0, zombies: 0 };
  readonly #real: D1Database;
  readonly #random: Random;
  readonly #guarded: boolean;
  readonly #zombies: Array<() => Promise<unknown>> = [];

  constructor(real: D1Database, random: Random, faults: DatabaseFaults, guarded: boolean) {
    this.#real = real;
    this.#random = random;
    this.faults = faults;
    this.#guarded = guarded;
  }

  /** What the engine takes for a D1 binding. */
  get port(): D1Database {
    const port = {
      prepare: (sql: string) => this.#prepare(sql),
      batch: (statements: D1PreparedStatement[]) => this.#batch(statements),
      withSession: () => ({ ...port, getBookmark: () => null }),
    };
    return port as unknown as D1Database;
  }

  /** Lets every batch that was reported as lost run now. */
  async wakeZombies(): Promise<void> {
    for (const zombie of this.#zombies.splice(0)) {
      this.counts.zombies++;
      await zombie().catch(() => undefined);
    }
  }

  #prepare(sql: string): D1PreparedStatement {
    const statement = this.#real.prepare(this.#guarded ? sql : withoutGuards(sql));
    return this.#withFaultyReads(statement);
  }

  #withFaultyReads(statement: D1PreparedStatement): D1PreparedStatement {
    const bind = statement.bind.bind(statement);
    const all = statement.all.bind(statement);
    statement.bind = (...values: unknown[]) => this.#withFaultyReads(bind(...values));
    statement.all = (async () => {
      await this.#yield();
      if (this.#random.chance(this.faults.failRead)) this.#fault(LOST);
      return all();
    }) as typeof statement.all;
    return statement;
  }

  async #batch(statements: D1PreparedStatement[]): Promise<D1Result[]> {
    this.counts.batches++;
    await this.#yield();
    if (this.#zombies.length > 0 && this.#random.chance(0.5)) await this.wakeZombies();
    if (this.#random.chance(this.faults.overloaded)) this.#fault(OVERLOADED);
    if (this.#random.chance(this.faults.failBefore)) this.#fault(LOST);
    if (this.#random.chance(this.faults.zombie)) {
      this.#zombies.push(() => this.#real.batch(statements));
      this.#fault(LOST);
    }
    const results = await this.#real.batch(statements);
    if (this.#random.chance(this.faults.loseReply)) this.#fault(LOST);
    return results;
  }

  /** Gives rivals a turn between two calls, so that they interleave. */
  async #yield(): Promise<void> {
    for (let turns = this.#random.integer(0, 3); turns > 0; turns--) await Promise.resolve();
  }

  #fault(message: string): never {
    this.counts.faults++;
    throw new Error(message);
  }
}

function withoutGuards(sql: string): string {
  if (GUARD_INSERT.test(sql)) return 'SELECT ?1';
  return sql.replace(GUARDED_INSERT, 'INSERT OR IGNORE INTO $1 ');
}
