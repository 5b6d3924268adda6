import {
  countAttempt,
  finishQueryJob,
  isFinished,
  type QueryJob,
  type QueryStatement,
  readQueryJob,
  saveQueryProgress,
  startQueryJob,
} from '../../persistence/query-jobs.ts';
import {
  closeSnapshotsOf,
  deleteUnneeded,
  openSnapshot,
  type Pulse,
  readPulse,
} from '../../persistence/snapshots.ts';
import { type CompiledQuery, QueryError } from '../compiled-query.ts';
import { planCopy } from './copy-plan.ts';
import { type CopyProgress, copyPage, firstStep, SnapshotLost } from './copy-steps.ts';
import { CopyStore } from './copy-store.ts';
import { compileStatement } from './languages.ts';
import { Pace } from './pace.ts';
import type { ResultPorts } from './result-file.ts';
import { StatementRun } from './statement-run.ts';

export interface RunPorts extends ResultPorts {
  readonly storage: DurableObjectStorage;
  readonly now: () => string;
  readonly pause: (ms: number) => Promise<void>;
  readonly newId: (now: string) => string;
}

/** waiting: it is not the job's turn. done: nothing is left to do for it, whatever became of it. */
export type SliceOutcome = 'more' | 'done' | 'waiting';

/** What the object keeps beside the copy. */
const COPY = 'copy';
const IS_COPIED = 'isCopied';
const filesKey = (statementId: string) => `files ${statementId}`;

/** How old what is known of writers and of the job may be while a query's rows are written, milliseconds. */
const PULSE_AGE_MS = 250;

/** The job does not run any more: it was cancelled. */
class JobStopped extends Error {}

/**
 * One job, slice by slice: takes its turn, copies what its queries need as of one instant, runs them one after another, deletes the copy. What is
 * copied, and which queries are finished, stays over a crash.
 */
export class QueryRun {
  readonly #ports: RunPorts;
  readonly #store: CopyStore;
  readonly #pace: Pace;
  #running: { readonly statementId: string; readonly run: StatementRun } | null = null;
  #pulseAt = 0;

  constructor(ports: RunPorts) {
    this.#ports = ports;
    this.#pace = new Pace(ports.limits);
    this.#store = new CopyStore(ports.storage.sql);
  }

  /**
   * Works for a while.
   *
   * @throws when something outside failed: the next slice goes on where it was
   */
  async slice(jobId: string): Promise<SliceOutcome> {
    const { db, now, limits } = this.#ports;
    let job = await readQueryJob(db, jobId, now());
    if (job?.status === 'submitted') {
      if (!(await startQueryJob(db, jobId, now(), limits.queryJobsRunningMax))) return 'waiting';
      job = await readQueryJob(db, jobId, now());
    }
    const attempts = job === null ? null : await countAttempt(db, jobId, now());
    if (job === null || attempts === null) return this.#end(jobId);
    const state = {
      job,
      statements: [...job.statements],
      snapshotAt: job.snapshotAt,
      wasInterrupted: attempts > 1,
    };
    try {
      if (attempts > limits.queryAttemptsMax) {
        throw new QueryError(`It was interrupted ${limits.queryAttemptsMax} times in a row.`);
      }
      return (await this.#work(state)) ? await this.#end(jobId) : 'more';
    } catch (error) {
      if (error instanceof JobStopped) return this.#end(jobId);
      if (error instanceof QueryError) {
        await this.#fail(state, error.message);
        return this.#end(jobId);
      }
      this.#running = null;
      if (error instanceof SnapshotLost) await this.clear(jobId);
      throw error;
    }
  }

  /** Deletes what the job has left: its copy, its snapshot, and a part of what was kept for that. */
  async clear(jobId: string): Promise<void> {
    const { db, storage, limits } = this.#ports;
    this.#running = null;
    await closeSnapshotsOf(db, jobId);
    await storage.deleteAlarm();
    await storage.deleteAll();
    await deleteUnneeded(db, limits.expireRowsMax);
  }

  async #end(jobId: string): Promise<'done'> {
    await this.clear(jobId);
    return 'done';
  }

  /** True when the job is finished, false when its time for now is over. */
  async #work(state: JobState): Promise<boolean> {
    const { storage, db, now, limits } = this.#ports;
    const until = this.#clock() + limits.querySliceMs;
    const queries = compileAll(state);
    if (storage.kv.get(IS_COPIED) !== true) {
      if (!(await this.#copy(state, queries, until))) return this.#pauseJob(state);
      await closeSnapshotsOf(db, state.job.id);
      await deleteUnneeded(db, limits.expireRowsMax);
      storage.kv.put(IS_COPIED, true);
    }
    for (const [i, query] of queries.entries()) {
      if (isFinished(state.statements[i]!.status)) continue;
      if (!(await this.#runStatement(state, i, query, until))) return this.#pauseJob(state);
    }
    const { id } = state.job;
    await finishQueryJob(db, { id, status: 'completed', message: null, statements: state.statements }, now());
    return true;
  }

  async #pauseJob({ job, statements, snapshotAt }: JobState): Promise<false> {
    const { db, now } = this.#ports;
    if (!(await saveQueryProgress(db, { id: job.id, statements, snapshotAt }, now()))) throw new JobStopped();
    return false;
  }

  /** True when all is copied. */
  async #copy(state: JobState, queries: readonly CompiledQuery[], until: number): Promise<boolean> {
    const { storage, db, limits } = this.#ports;
    const jobId = state.job.id;
    let progress = storage.kv.get<CopyProgress>(COPY) ?? (await this.#openCopy(state, queries));
    // What interrupted it may have been the size of the page: it begins with a small one.
    if (state.wasInterrupted) progress = { ...progress, pageRows: limits.copyPageRowsMin };
    const keep = (write: () => void, next: CopyProgress) =>
      storage.transactionSync(() => {
        write();
        storage.kv.put(COPY, next);
      });
    const ports = { db, store: this.#store, jobId, keep, clock: () => this.#clock() };
    while (progress.table < progress.tables.length) {
      const { next, pulse, workMs } = await copyPage(progress, ports);
      progress = next;
      this.#observe(state, pulse);
      if (this.#store.bytes > limits.copyBytesMax) {
        throw new QueryError(
          `It needs a copy of more than ${limits.copyBytesMax} bytes. Ask for less, for instance by dates.`,
        );
      }
      await this.#rest(workMs);
      if (this.#clock() >= until) return progress.table >= progress.tables.length;
    }
    return true;
  }

  async #openCopy(state: JobState, queries: readonly CompiledQuery[]): Promise<CopyProgress> {
    const { storage, db, now, limits } = this.#ports;
    const tables = planCopy(queries);
    const openedAt = now();
    const expiresAt = new Date(Date.parse(openedAt) + limits.querySecondsMax * 1_000).toISOString();
    const names = tables.map(({ table }) => table);
    const snapshot = await openSnapshot(db, names, { owner: state.job.id, openedAt, expiresAt });
    const progress = firstStep(snapshot, tables);
    storage.transactionSync(() => {
      this.#store.create(tables);
      storage.kv.put(COPY, progress);
    });
    state.snapshotAt = openedAt;
    await this.#pauseJob(state);
    return progress;
  }

  /** True when its file is finished. */
  async #runStatement(state: JobState, i: number, query: CompiledQuery, until: number): Promise<boolean> {
    const statement = state.statements[i]!;
    const run = this.#statementRun(state, statement, query);
    state.statements[i] = { ...statement, status: 'executing' };
    for (;;) {
      const started = this.#clock();
      const result = await run.step();
      if (result !== null) {
        state.statements[i] = { ...statement, ...result, status: 'completed' };
        this.#running = null;
        await this.#pauseJob(state);
        return true;
      }
      await this.#rest(this.#clock() - started);
      if (this.#clock() - this.#pulseAt >= PULSE_AGE_MS) {
        this.#observe(state, await readPulse(this.#ports.db, 0, state.job.id));
      }
      if (this.#clock() >= until) return false;
    }
  }

  /** At least one turn of the event loop. */
  #rest(workMs: number): Promise<void> {
    return this.#ports.pause(this.#pace.restAfter(workMs, this.#clock()));
  }

  #statementRun({ job }: JobState, statement: QueryStatement, query: CompiledQuery): StatementRun {
    if (this.#running?.statementId === statement.id) return this.#running.run;
    const { storage, now, newId } = this.#ports;
    const { tables } = storage.kv.get<CopyProgress>(COPY)!;
    this.#store.showDeleted(tables, (table) => query.sources.get(table)?.withDeleted === true);
    const run = new StatementRun(query, statement.output, {
      ...this.#ports,
      sql: storage.sql,
      at: job.createdAt,
      fileId(index) {
        const ids = storage.kv.get<string[]>(filesKey(statement.id)) ?? [];
        if (index < ids.length) return ids[index]!;
        const id = newId(now());
        storage.kv.put(filesKey(statement.id), [...ids, id]);
        return id;
      },
    });
    this.#running = { statementId: statement.id, run };
    return run;
  }

  #observe({ job }: JobState, pulse: Pulse): void {
    if (pulse.jobStatus !== 'executing') throw new JobStopped();
    const { querySecondsMax } = this.#ports.limits;
    const startedAt = Date.parse(job.startedAt!);
    if (this.#clock() - startedAt > querySecondsMax * 1_000) {
      throw new QueryError(`It takes longer than ${querySecondsMax} seconds.`);
    }
    this.#pace.observe(pulse);
    this.#pulseAt = this.#clock();
  }

  async #fail({ job, statements }: JobState, message: string): Promise<void> {
    const failing = statements.findIndex(({ status }) => !isFinished(status));
    const after = statements.map((statement, i): QueryStatement => {
      if (isFinished(statement.status)) return statement;
      return i === failing
        ? { ...statement, status: 'failed', message }
        : { ...statement, status: 'cancelled' };
    });
    const { db, now } = this.#ports;
    await finishQueryJob(db, { id: job.id, status: 'failed', message, statements: after }, now());
  }

  #clock(): number {
    return Date.parse(this.#ports.now());
  }
}

/** A job while it is worked on. */
interface JobState {
  readonly job: QueryJob;
  readonly statements: QueryStatement[];
  snapshotAt: string | null;
  /** The slice before this one did not end. */
  readonly wasInterrupted: boolean;
}

/** The first that can't be compiled is the one that fails: those before it are as if they had been done. */
function compileAll({ statements }: JobState): CompiledQuery[] {
  return statements.map((statement, i) => {
    try {
      return compileStatement(statement);
    } catch (error) {
      if (error instanceof QueryError) {
        for (let before = 0; before < i; before++) {
          if (!isFinished(statements[before]!.status)) {
            statements[before] = { ...statements[before]!, status: 'cancelled' };
          }
        }
      }
      throw error;
    }
  });
}
