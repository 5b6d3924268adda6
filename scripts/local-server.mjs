// The Worker on this machine, on the runtime that wrangler pins, without wrangler's dev proxy: the same bundle
// rules and the bindings of wrangler.toml, several times the throughput of `wrangler dev`. Used by `npm start`,
// by the black-box tests and by the benchmarks. Nothing but loopback is contacted.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { localCredentials } from './local-credentials.mjs';
import { seedAdmin } from './seed-admin.mjs';

export {
  LOCAL_CLIENT_ID,
  LOCAL_CLIENT_SECRET,
  localAdmin,
  localCredentials,
} from './local-credentials.mjs';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const configPath = join(projectRoot, 'wrangler.toml');

const LOCAL_CLIENT_NAME = 'local server';
const SWEEP_INTERVAL_MS = 60_000;
const SWEEP_CRON = '* * * * *';

/** The port is held by someone else; `port` tells which. */
export class PortTakenError extends Error {
  constructor(port) {
    super(`Port ${port} is already in use.`);
    this.name = 'PortTakenError';
    this.port = port;
  }
}

/**
 * Starts the Worker of this project on `host:port` and resolves when its database is migrated, the local API client
 * and the administrator of the web pages are in it and requests are answered. See local-server.d.mts for the options.
 */
export async function startLocalServer(options = {}) {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? 0;
  await refuseTakenPort(host, port);
  const temporaryDirectory = options.persistTo === undefined && (await mkdtemp(join(tmpdir(), 'spillway-')));
  const persistTo = temporaryDirectory || resolve(options.persistTo);
  const removeTemporary = () =>
    temporaryDirectory && rm(temporaryDirectory, { recursive: true, force: true });
  try {
    superviseRuntime();
    // Bundled while the database is prepared; the port opens only when both are done.
    const bundling = bundle(options.entryPoint);
    bundling.catch(() => {});
    const config = await readConfig();
    await prepareDatabase(config, persistTo, options);
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        ...instanceOptions(persistTo, options),
        workers: [
          workerOptions(config, await bundling, options),
          // A socket of the Worker itself is put behind the assets router, which halves throughput; a socket of a
          // neighbour that names the Worker's service is not.
          {
            name: 'front',
            modules: [{ type: 'ESModule', path: 'front.mjs', contents: 'export default {}' }],
            compatibilityDate: config.compatibility_date,
            unsafeDirectSockets: [{ serviceName: config.name, host, port }],
          },
        ],
      }),
    );
    try {
      return await running(miniflare, host, removeTemporary);
    } catch (error) {
      await miniflare.dispose();
      throw error;
    }
  } catch (error) {
    await removeTemporary();
    throw error;
  }
}

/** Waits for the runtime, fires the sweep now and every minute, and wraps what the caller needs. */
async function running(miniflare, host, afterDispose) {
  await miniflare.ready;
  const port = Number((await miniflare.unsafeGetDirectURL('front')).port);
  const worker = await miniflare.getWorker();
  let disposed = false;
  const scheduled = async () => {
    const result = await worker.scheduled({ cron: SWEEP_CRON, scheduledTime: new Date() });
    if (result.outcome !== 'ok') throw new Error(`The scheduled sweep ended with ${result.outcome}.`);
  };
  const sweep = () =>
    scheduled().catch((error) => {
      if (!disposed) console.error(`Sweep: ${error.message}`);
    });
  // At once as well: local queues live in memory, so what was queued before a restart is found only by the sweep.
  const ready = sweep();
  const timer = setInterval(sweep, SWEEP_INTERVAL_MS);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    ready,
    scheduled,
    async dispose() {
      if (disposed) return;
      disposed = true;
      clearInterval(timer);
      await ready;
      await miniflare.dispose();
      await afterDispose();
    },
  };
}

/** Makes Miniflare start workerd through scripts/workerd.sh, which says why. */
function superviseRuntime() {
  if (process.platform === 'win32' || process.env.MINIFLARE_WORKERD_PATH) return;
  process.env.SPILLWAY_WORKERD_PATH = createRequire(createRequire(import.meta.url).resolve('miniflare'))(
    'workerd',
  ).default;
  process.env.MINIFLARE_WORKERD_PATH = join(projectRoot, 'scripts/workerd.sh');
}

async function readConfig() {
  // wrangler writes its own log file and looks for news unless told not to; nothing of that belongs to a local run.
  process.env.WRANGLER_SEND_METRICS ??= 'false';
  process.env.WRANGLER_HIDE_BANNER ??= 'true';
  process.env.WRANGLER_WRITE_LOGS ??= 'false';
  const { unstable_readConfig, unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } = await import(
    'wrangler'
  );
  const config = unstable_readConfig({ config: configPath }, { hideWarnings: true });
  return {
    ...config,
    miniflare: unstable_getMiniflareWorkerOptions(config).workerOptions,
    splitSqlQuery: unstable_splitSqlQuery,
  };
}

/** Bundles the Worker the way `wrangler deploy` does; always anew, so nothing stale is ever served. */
async function bundle(entryPoint = 'src/worker.ts') {
  const result = await build({
    absWorkingDir: projectRoot,
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['workerd', 'worker', 'browser', 'module', 'main'],
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    loader: { '.txt': 'text', '.html': 'text', '.sql': 'text', '.bin': 'binary' },
    define: { 'process.env.NODE_ENV': '"production"', 'navigator.userAgent': '"Cloudflare-Workers"' },
    keepNames: false,
    outfile: 'worker.mjs',
    logLevel: 'silent',
  });
  return result.outputFiles[0].text;
}

function instanceOptions(persistTo, options) {
  const quiet = options.quiet ?? true;
  return {
    // wrangler keeps its state in v3 under --persist-to: with the same place its local D1 commands see this database.
    resourcePersistencePath: join(persistTo, 'v3'),
    host: '127.0.0.1',
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    // Recording every request for the explorer costs half to two thirds of the throughput.
    unsafeObservability: false,
    unsafeLocalExplorer: false,
    logRequests: false,
    ...(options.inspectorPort === undefined ? {} : { inspectorPort: options.inspectorPort }),
    log: new Log(quiet ? LogLevel.ERROR : LogLevel.INFO),
    handleStructuredLogs: ({ level, message }) => {
      options.onLog?.(message);
      if (level === 'error' || level === 'warn') console.error(message);
      else if (!quiet) console.log(message);
    },
  };
}

function workerOptions(config, contents, options) {
  const simulated =
    options.latencyMsPerD1Call === undefined
      ? {}
      : { SIMULATED_D1_LATENCY_MS: String(options.latencyMsPerD1Call) };
  const { modulesRules: _, ...bindings } = config.miniflare;
  const { clientId, clientSecret } = localCredentials(options);
  return {
    ...bindings,
    name: config.name,
    rootPath: projectRoot,
    modules: [{ type: 'ESModule', path: 'worker.mjs', contents }],
    bindings: {
      ...bindings.bindings,
      LOG_LEVEL: 'warn',
      TEST_GATEWAY: 'on',
      LOCAL_CLIENT_ID: clientId,
      LOCAL_CLIENT_SECRET: clientSecret,
      ...options.vars,
      ...simulated,
    },
  };
}

/** Applies the migrations as `wrangler d1 migrations apply` does (same table, same names) and seeds the client and the administrator. */
async function prepareDatabase(config, persistTo, options) {
  const databases = config.miniflare.d1Databases;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...instanceOptions(persistTo, options),
      name: 'prepare',
      modules: [{ type: 'ESModule', path: 'prepare.mjs', contents: 'export default {}' }],
      compatibilityDate: config.compatibility_date,
      d1Databases: databases,
    }),
  );
  try {
    for (const database of config.d1_databases) {
      const d1 = await miniflare.getD1Database(database.binding);
      await applyMigrations(
        d1,
        join(projectRoot, database.migrations_dir ?? 'migrations'),
        config.splitSqlQuery,
      );
    }
    const db = await miniflare.getD1Database('DB');
    await seedClient(db, options);
    await seedAdmin(db, options);
  } finally {
    await miniflare.dispose();
  }
}

async function applyMigrations(d1, directory, splitSqlQuery) {
  const names = existsSync(directory)
    ? (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
    : [];
  await d1
    .prepare(
      'CREATE TABLE IF NOT EXISTS "d1_migrations"(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
    )
    .run();
  const applied = new Set(
    (await d1.prepare('SELECT name FROM d1_migrations').all()).results.map((row) => row.name),
  );
  for (const name of names.filter((candidate) => !applied.has(candidate))) {
    const statements = splitSqlQuery(await readFile(join(directory, name), 'utf8'));
    await d1.batch([
      ...statements.map((statement) => d1.prepare(statement)),
      d1.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ]);
  }
}

/** Writes the local API client and revokes the one of an earlier start with other credentials. */
async function seedClient(d1, options) {
  const { clientId, clientSecret } = localCredentials(options);
  const secretHash = createHash('sha256').update(clientSecret).digest('hex');
  const now = new Date().toISOString();
  await d1.batch([
    d1
      .prepare('UPDATE api_client SET revoked_at = ? WHERE name = ? AND id <> ? AND revoked_at IS NULL')
      .bind(now, LOCAL_CLIENT_NAME, clientId),
    d1
      .prepare(
        `INSERT INTO api_client (id, name, secret_hash, role, created_at) VALUES (?, ?, ?, 'admin', ?)
         ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash, role = 'admin', revoked_at = NULL`,
      )
      .bind(clientId, LOCAL_CLIENT_NAME, secretHash, now),
  ]);
}

/** Asked before anything is started, since the runtime's own refusal comes late and with a stack trace. */
function refuseTakenPort(host, port) {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(error.code === 'EADDRINUSE' ? new PortTakenError(port) : error));
    server.listen({ host, port, exclusive: true }, () => server.close(resolvePort));
  });
}
