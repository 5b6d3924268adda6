import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type LocalServer, localCredentials, startLocalServer } from '../scripts/local-server.mjs';
import { ApiClient } from '../test/support/api-client.ts';
import { LoadGenerator } from './load.ts';

/** How often the queue is asked whether it is empty, and how long that may take, milliseconds. */
const QUIET_POLL_MS = 50;
const QUIET_TIMEOUT_MS = 60_000;
const WRITE_TIMEOUT_MS = 10_000;

/** Of /proc/<id>/stat, counted behind the process's name. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const TICKS_PER_SECOND = 100;

/** Databases of this process: removed when it ends, however it ends. */
const directories = new Set<string>();
process.on('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

export interface BenchServerOptions {
  readonly latencyMs: number;
  readonly entryPoint?: string;
  readonly vars?: Record<string, string>;
  readonly inspectorPort?: number;
}

/** Commits and commands of lanes so far. */
export interface CommitCount {
  readonly commits: number;
  readonly commands: number;
}

/** The Worker on a database of its own, with what a measurement needs to see from outside. */
export class BenchServer {
  readonly api: ApiClient;
  readonly token: string;
  readonly load: LoadGenerator;
  readonly port: number;
  readonly #server: LocalServer;
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #databaseFile: string;
  readonly #messages: { count: number };
  readonly #runtime: string | null;

  private constructor(parts: {
    server: LocalServer;
    directory: string;
    databaseFile: string;
    messages: { count: number };
    runtime: string | null;
    api: ApiClient;
    token: string;
  }) {
    this.#server = parts.server;
    this.#directory = parts.directory;
    this.#databaseFile = parts.databaseFile;
    this.#database = new DatabaseSync(parts.databaseFile, { readOnly: true });
    this.#messages = parts.messages;
    this.#runtime = parts.runtime;
    this.api = parts.api;
    this.token = parts.token;
    this.port = parts.server.port;
    this.load = new LoadGenerator('127.0.0.1', parts.server.port);
  }

  static async start(options: BenchServerOptions): Promise<BenchServer> {
    const directory = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
    directories.add(directory);
    const messages = { count: 0 };
    const credentials = localCredentials();
    const before = new Set(runtimes());
    const server = await startLocalServer({
      ...credentials,
      persistTo: directory,
      latencyMsPerD1Call: options.latencyMs,
      // Limits against abuse are not what is measured.
      vars: { RATE_REQUESTS_PER_MINUTE_MAX: '100000000', CONCURRENT_REQUESTS_MAX: '10000', ...options.vars },
      onLog: (line) => countMessages(line, messages),
      ...(options.entryPoint === undefined ? {} : { entryPoint: options.entryPoint }),
      ...(options.inspectorPort === undefined ? {} : { inspectorPort: options.inspectorPort }),
    });
    await server.ready;
    const api = new ApiClient({ baseUrl: server.url, ...credentials });
    const token = await api.token();
    return new BenchServer({
      server,
      directory,
      databaseFile: await databaseFile(directory),
      messages,
      runtime: runtimes().find((id) => !before.has(id)) ?? null,
      api,
      token,
    });
  }

  /** Messages of the metrics queue that were consumed so far. */
  get messagesConsumed(): number {
    return this.#messages.count;
  }

  /** Processor time that the runtime has used so far, seconds: what a busy machine changes least. Null where the system does not tell. */
  get processorSeconds(): number | null {
    if (this.#runtime === null) return null;
    const fields = readFileSync(`/proc/${this.#runtime}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
  }

  /** Memory that the runtime holds, MB; null where the system does not tell. */
  get memoryMb(): number | null {
    if (this.#runtime === null) return null;
    const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#runtime}/status`, 'utf8'));
    return resident === null ? null : Math.round(Number(resident[1]) / 1_000);
  }

  /** The database's rows, read from its file: costs the server nothing. */
  rows(sql: string, ...parameters: string[]): Array<Record<string, unknown>> {
    return this.#database.prepare(sql).all(...parameters) as Array<Record<string, unknown>>;
  }

  /**
   * Writes rows straight into the database's file, while the server has nothing to do: what the engine would take minutes for. Each of the
   * parts is a transaction; between them this process looks after its connections.
   */
  async write(
    parts: Iterable<ReadonlyArray<{ readonly sql: string; readonly json: string }>>,
  ): Promise<void> {
    const database = new DatabaseSync(this.#databaseFile, { timeout: WRITE_TIMEOUT_MS });
    try {
      for (const statements of parts) {
        database.exec('BEGIN IMMEDIATE');
        for (const { sql, json } of statements) database.prepare(sql).run(json);
        database.exec('COMMIT');
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      database.close();
    }
  }

  commitsOf(laneIds: readonly string[]): CommitCount {
    const [row] = this.rows(
      'SELECT count(*) AS commits, coalesce(sum(commands), 0) AS commands FROM lane_commit ' +
        'WHERE lane_id IN (SELECT value FROM json_each(?1))',
      JSON.stringify(laneIds),
    );
    return { commits: row!.commits as number, commands: row!.commands as number };
  }

  /** Size of the database, bytes. */
  get databaseBytes(): number {
    const pages = this.rows('PRAGMA page_count')[0]!.page_count as number;
    return pages * (this.rows('PRAGMA page_size')[0]!.page_size as number);
  }

  /** What the cron does once a minute. */
  sweep(): Promise<void> {
    return this.#server.scheduled();
  }

  /** Waits until no account waits for a fold, so that one run's folds do not fall into the next. */
  async quiet(): Promise<void> {
    const deadline = performance.now() + QUIET_TIMEOUT_MS;
    while ((this.rows('SELECT count(*) AS due FROM metrics_due')[0]!.due as number) > 0) {
      if (performance.now() > deadline) throw new Error('The metrics queue did not drain.');
      await new Promise((resolve) => setTimeout(resolve, QUIET_POLL_MS));
    }
  }

  async stop(): Promise<void> {
    await this.load.close();
    this.api.close();
    this.#database.close();
    await this.#server.dispose();
    rmSync(this.#directory, { recursive: true, force: true });
    directories.delete(this.#directory);
  }
}

/** Process ids of the runtimes that this process has started; none on systems without /proc. */
function runtimes(): string[] {
  try {
    return readdirSync('/proc/self/task').flatMap((thread) =>
      readFileSync(`/proc/self/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter((id) => id !== '' && readFileSync(`/proc/${id}/comm`, 'utf8').startsWith('workerd')),
    );
  } catch {
    return [];
  }
}

function countMessages(line: string, messages: { count: number }): void {
  if (!line.includes('"metrics.folded"')) return;
  messages.count += (JSON.parse(line) as { messages: number }).messages;
}

/** Where the runtime keeps the one D1 database. */
async function databaseFile(directory: string): Promise<string> {
  const folder = join(directory, 'v3/d1/miniflare-D1DatabaseObject');
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  if (names.length !== 1) throw new Error(`Expected one database in ${folder}, found ${names.length}.`);
  return join(folder, names[0]!);
}
