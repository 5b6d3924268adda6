import {
  type BenchAccount,
  type BenchPlan,
  createAccount,
  createPlan,
  invoiceBody,
  orderBody,
} from './fixtures.ts';
import { httpText, type LoadResult, median, percentile } from './load.ts';
import { rowsIn, templateOf } from './row-template.ts';
import type { BenchServer } from './servers.ts';

/** `orders` create subscriptions, `updates` are orders that change existing ones. */
export type Kind = 'orders' | 'invoices' | 'updates';
const PATHS: Record<Kind, string> = {
  orders: '/v1/orders',
  invoices: '/v1/invoices',
  updates: '/v1/orders',
};

/** What a load is aimed at: accounts of a server, or one of the ceilings. */
export interface Subject {
  readonly name: string;
  readonly server: BenchServer;
  readonly requests: { readonly [K in Kind]?: readonly string[] };
  /** Accounts that are written to; none for a ceiling. */
  readonly accounts: readonly BenchAccount[];
  readonly partner: boolean;
}

/** What identifies a measurement; runs of several rounds with the same label are taken together. */
export interface Label {
  readonly group: string;
  readonly subject: string;
  readonly kind: Kind;
  readonly concurrency: number;
  readonly latencyMs: number;
}

/** One run. Rates are per second, times in milliseconds; null: does not apply. */
export interface Run {
  readonly writes: number;
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly commandsPerCommit: number | null;
  readonly messagesPerWrite: number | null;
  readonly lagP50Ms: number | null;
  readonly lagP99Ms: number | null;
  readonly databaseBytesPerWrite: number | null;
  /** Processor time of the whole runtime, D1 and queues included, microseconds. */
  readonly processorUsPerWrite: number | null;
}

export interface Measurement extends Label, Run {
  readonly rounds: number;
  /** Lowest and highest rate of the rounds: how noisy the machine was. */
  readonly rateMin: number;
  readonly rateMax: number;
}

export interface RunBounds {
  readonly durationMs: number;
  readonly countMax: number;
}

export function subjectOf(
  name: string,
  server: BenchServer,
  accounts: readonly BenchAccount[],
  plan: BenchPlan,
  partner: boolean,
): Subject {
  return {
    name,
    server,
    accounts,
    partner,
    requests: {
      orders: requestsOf(
        server,
        'orders',
        accounts.map((account) => orderBody(account, plan)),
      ),
      invoices: requestsOf(
        server,
        'invoices',
        accounts.map((account) => invoiceBody(account, plan)),
      ),
    },
  };
}

export function requestsOf(server: BenchServer, kind: Kind, bodies: readonly string[]): string[] {
  return bodies.map((body) => httpText({ method: 'POST', path: PATHS[kind], token: server.token, body }));
}

export function createAccounts(
  server: BenchServer,
  name: string,
  count: number,
  partner: boolean,
): Promise<BenchAccount[]> {
  return Promise.all(
    Array.from({ length: count }, (_, i) => createAccount(server.api, `${name} ${i + 1}`, partner)),
  );
}

/** The two ceilings of a server that runs bench/ceiling-worker.ts, with the rows and bodies of the engine's own writes. */
export async function ceilings(
  ceiling: BenchServer,
  engine: BenchServer,
): Promise<{ bare: Subject; batch: Subject; rows: { orders: number; invoices: number } }> {
  const plan = await createPlan(engine.api);
  const account = await createAccount(engine.api, 'Template', true);
  const bodies = { orders: orderBody(account, plan), invoices: invoiceBody(account, plan) };
  const rows = { orders: 0, invoices: 0 };
  for (const kind of ['orders', 'invoices'] as const) {
    await engine.quiet();
    const template = await templateOf(engine, async () => {
      const reply = await engine.api.post(PATHS[kind], bodies[kind]);
      if (reply.status !== 200)
        throw new Error(`${PATHS[kind]}: ${reply.status} ${JSON.stringify(reply.body)}`);
    });
    rows[kind] = rowsIn(template);
    const learned = await ceiling.api.put(`/template/${kind}`, template);
    if (learned.status !== 200)
      throw new Error(`The ceiling took no rows: ${learned.status} ${learned.body}`);
  }
  const subject = (name: string): Subject => {
    const request = (kind: 'orders' | 'invoices') =>
      httpText({ method: 'POST', path: `/${name}/${kind}`, token: ceiling.token, body: bodies[kind] });
    const requests = { orders: [request('orders')], invoices: [request('invoices')] };
    return { name, server: ceiling, accounts: [], partner: false, requests };
  };
  return { bare: subject('bare'), batch: subject('batch'), rows };
}

/** One bounded run, and what it left in the database and the queue. @throws when any request was refused. */
export async function measure(
  subject: Subject,
  kind: Kind,
  concurrency: number,
  bounds: RunBounds,
): Promise<Run> {
  const { server, accounts, partner } = subject;
  const requests = subject.requests[kind];
  if (requests === undefined) throw new Error(`${subject.name} has no ${kind}.`);
  const laneIds = accounts.map((account) => account.id);
  const before = {
    ...server.commitsOf(laneIds),
    messages: server.messagesConsumed,
    bytes: server.databaseBytes,
    processorSeconds: server.processorSeconds,
  };
  const result = await server.load.run({
    ...bounds,
    requests,
    concurrency,
    expected: '"success":true',
    ...(partner
      ? {
          freshnessRequest: httpText({
            method: 'GET',
            path: `/v1/accounts/${laneIds[0]}`,
            token: server.token,
          }),
        }
      : {}),
  });
  if (result.failures > 0 || result.count === 0) {
    throw new Error(
      `${subject.name}, ${kind}: ${result.failures} refused: ${result.failureSamples.join('\n')}`,
    );
  }
  const processorSeconds = server.processorSeconds;
  await server.quiet();
  const engine = accounts.length > 0;
  const after = server.commitsOf(laneIds);
  const commands = after.commands - before.commands;
  if (engine && commands !== result.count) {
    throw new Error(`${result.count} replies of success, but ${commands} commands in the database.`);
  }
  return {
    ...timesOf(result),
    commandsPerCommit: engine ? commands / (after.commits - before.commits) : null,
    messagesPerWrite: partner ? (server.messagesConsumed - before.messages) / result.count : null,
    databaseBytesPerWrite:
      engine || subject.name === 'batch' ? (server.databaseBytes - before.bytes) / result.count : null,
    processorUsPerWrite:
      processorSeconds === null || before.processorSeconds === null
        ? null
        : ((processorSeconds - before.processorSeconds) / result.count) * 1e6,
  };
}

function timesOf(result: LoadResult) {
  const lags = result.lagsMs;
  return {
    writes: result.count,
    rate: result.count / result.seconds,
    p50Ms: percentile(result.latenciesMs, 50),
    p99Ms: percentile(result.latenciesMs, 99),
    lagP50Ms: lags === null ? null : percentile(lags, 50),
    lagP99Ms: lags === null ? null : percentile(lags, 99),
  };
}

/** Collects runs and takes the median of each figure over the rounds. */
export class Measurements {
  readonly #runs = new Map<string, { label: Label; runs: Run[] }>();

  add(label: Label, run: Run): void {
    const key = JSON.stringify(label);
    const known = this.#runs.get(key);
    if (known === undefined) this.#runs.set(key, { label, runs: [run] });
    else known.runs.push(run);
  }

  all(): Measurement[] {
    return [...this.#runs.values()].map(({ label, runs }) => ({
      ...label,
      ...medians(runs),
      rounds: runs.length,
      rateMin: Math.min(...runs.map((run) => run.rate)),
      rateMax: Math.max(...runs.map((run) => run.rate)),
    }));
  }
}

function medians(runs: readonly Run[]): Run {
  const of = (value: (run: Run) => number) => median(runs.map(value));
  const orNull = (value: (run: Run) => number | null) =>
    runs.some((run) => value(run) === null) ? null : median(runs.map((run) => value(run)!));
  return {
    writes: of((run) => run.writes),
    rate: of((run) => run.rate),
    p50Ms: of((run) => run.p50Ms),
    p99Ms: of((run) => run.p99Ms),
    commandsPerCommit: orNull((run) => run.commandsPerCommit),
    messagesPerWrite: orNull((run) => run.messagesPerWrite),
    lagP50Ms: orNull((run) => run.lagP50Ms),
    lagP99Ms: orNull((run) => run.lagP99Ms),
    databaseBytesPerWrite: orNull((run) => run.databaseBytesPerWrite),
    processorUsPerWrite: orNull((run) => run.processorUsPerWrite),
  };
}
