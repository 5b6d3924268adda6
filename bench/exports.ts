// Exports of all invoice lines with their accounts: how fast, in how much memory, what a read feels meanwhile, and what writers feel of five of them.

import type { QueryStatement } from '../src/persistence/query-jobs.ts';
import type { CompiledText } from './export-worker.ts';
import { createAccount, createPlan } from './fixtures.ts';
import { httpText, percentile } from './load.ts';
import { createAccounts, subjectOf } from './measure.ts';
import { type Group, type GroupContext, oneStep, warmUp, withServers } from './rounds.ts';
import { copiesOf, templateOf } from './row-template.ts';
import type { BenchServer } from './servers.ts';

export const EXPORTS_RUNNING = 5;
/** So many more wait, so that as many run from a measurement's start to its end. */
const EXPORTS_WAITING = 60;
const ITEMS_PER_INVOICE = 50;
const WRITERS = 256;
/** Runs are longer than others: two cases that shall be almost equal are compared, and exports rest for seconds. */
const RUN_FACTOR = 5;
const POLL_MS = 100;
const EXPORT_MS_MAX = 3_600_000;
const START_MS_MAX = 60_000;
const ABOUT = { group: 'exports', latencyMs: 0 };

const QUERY: CompiledText = {
  sql:
    'SELECT t.id, a.account_number, a.name, i.invoice_number, t.charge_name, t.amount_minor * 10000, t.service_start_date, t.created_at ' +
    'FROM invoice_item AS t LEFT JOIN invoice AS i ON i.id = t.invoice_id LEFT JOIN account AS a ON a.id = i.account_id',
  columns: [
    { header: 'Invoice Item: ID', type: 'text' },
    { header: 'Account: Account Number', type: 'text' },
    { header: 'Account: Account Name', type: 'text' },
    { header: 'Invoice: Invoice Number', type: 'text' },
    { header: 'Invoice Item: Charge Name', type: 'text' },
    { header: 'Invoice Item: Charge Amount', type: 'decimal' },
    { header: 'Invoice Item: Service Start Date', type: 'date' },
    { header: 'Invoice Item: Created Date', type: 'datetime' },
  ],
  sources: {
    invoice_item: ['charge_name', 'amount_minor', 'service_start_date', 'created_at', 'invoice_id'],
    invoice: ['invoice_number', 'account_id'],
    account: ['account_number', 'name'],
  },
};

export const exports: Group = async (context) => {
  await withServers([{ latencyMs: 0, entryPoint: 'bench/export-worker.ts' }], async ([server]) => {
    await load(context, server!);
    await alone(context, server!);
    await besideWriters(context, server!);
  });
};

/** Accounts with an invoice each: one by the engine, and copies of its rows. */
async function load({ extent, facts, progress }: GroupContext, server: BenchServer): Promise<void> {
  progress(`loading ${extent.exportedItems} invoice items`);
  const item = { chargeName: 'Benchmark fee', amount: 12.34, serviceStartDate: '2026-03-01' };
  const invoiceItems = Array.from({ length: ITEMS_PER_INVOICE }, () => item);
  const template = await templateOf(server, async () => {
    const { id: accountId } = await createAccount(server.api, 'Exported', false);
    const invoice = { accountId, invoiceDate: '2026-03-15', status: 'Posted', invoiceItems };
    const reply = await server.api.post('/v1/invoices', invoice);
    if (reply.status !== 200) throw new Error(`POST /v1/invoices was refused: ${reply.status}`);
  });
  await server.write(copiesOf(template, extent.exportedItems / ITEMS_PER_INVOICE - 1));
  const [held] = server.rows('SELECT count(*) AS items FROM invoice_item');
  facts.set('exports: invoice items', held!.items as number);
}

let submitted = 0;

/** Jobs as their surface stores them; the sweep asks for those whose turn it is. */
async function submit(server: BenchServer, count: number): Promise<string[]> {
  const now = new Date().toISOString();
  const statement: QueryStatement = {
    id: 'one',
    name: null,
    language: 'compiled',
    text: JSON.stringify(QUERY),
    options: {},
    output: { format: 'csv', compression: 'gzip', fileName: 'items', segmentRows: null },
    status: 'submitted',
    rows: 0,
    bytes: 0,
    fileIds: [],
    message: null,
  };
  const ids = Array.from({ length: count }, () => (++submitted).toString(16).padStart(32, '0'));
  const sql =
    'INSERT INTO query_job (id, kind, status, request, statements, created_at, created_by, updated_at, attempts, expires_at) ' +
    "SELECT j.value->>0, 'export', 'submitted', '{}', j.value->>1, j.value->>2, 'bench', j.value->>2, 0, '9999' FROM json_each(?1) AS j";
  await server.write([
    [{ sql, json: JSON.stringify(ids.map((id) => [id, JSON.stringify([statement]), now])) }],
  ]);
  await server.sweep();
  return ids;
}

function countOf(server: BenchServer, status: string): number {
  return server.rows('SELECT count(*) AS jobs FROM query_job WHERE status = ?1', status)[0]!.jobs as number;
}

/** Looks again and again until it is so. */
async function until(what: string, isSo: () => boolean, msMax: number): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`It took too long: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** One export on a server that has nothing else to do but a reader, who comes again with each reply. */
async function alone({ facts, progress }: GroupContext, server: BenchServer): Promise<void> {
  const reader = await createAccount(server.api, 'Reader', false);
  const before = server.memoryMb ?? Number.NaN;
  let memory = before;
  const sampling = setInterval(() => {
    memory = Math.max(memory, server.memoryMb ?? Number.NaN);
  }, POLL_MS);
  progress('one export alone');
  const read = httpText({ method: 'GET', path: `/v1/accounts/${reader.id}`, token: server.token });
  const readOnce = (durationMs: number) =>
    server.load.run({
      requests: [read],
      concurrency: 1,
      durationMs,
      countMax: 1_000_000,
      expected: '"success":true',
    });
  const quiet = await readOnce(1_000);
  const [id] = await submit(server, 1);
  const latenciesMs: number[] = [];
  const job = () =>
    server.rows(
      'SELECT status, message, statements, started_at, finished_at FROM query_job WHERE id = ?1',
      id!,
    )[0]!;
  const deadline = performance.now() + EXPORT_MS_MAX;
  while (job().finished_at === null && performance.now() < deadline) {
    latenciesMs.push(...(await readOnce(500)).latenciesMs);
  }
  clearInterval(sampling);
  const { status, message, statements, started_at, finished_at } = job();
  if (status !== 'completed') throw new Error(`The export ended as ${status}: ${message}`);
  const [{ rows, bytes }] = JSON.parse(statements as string) as [QueryStatement];
  const seconds = (Date.parse(finished_at as string) - Date.parse(started_at as string)) / 1_000;
  facts.set('exports: seconds of one, alone', seconds);
  facts.set('exports: rows per second', rows / seconds);
  facts.set('exports: file, MB', bytes / 1e6);
  facts.set('exports: memory of the runtime before, MB', before);
  facts.set('exports: highest memory of the runtime meanwhile, MB', memory);
  facts.set('exports: a read without, p50 ms', percentile(quiet.latenciesMs, 50));
  facts.set('exports: a read meanwhile, p50 ms', percentile(latenciesMs, 50));
  facts.set('exports: a read meanwhile, p99 ms', percentile(latenciesMs, 99));
  facts.set('exports: a read meanwhile, longest ms', Math.max(...latenciesMs));
}

/** The same orders on one partner account without exports and with five of them running all the time, in turn. */
async function besideWriters(context: GroupContext, server: BenchServer): Promise<void> {
  const plan = await createPlan(server.api);
  const partner = await createAccounts(server, 'Partner', 1, true);
  const without = subjectOf('partner, no export', server, partner, plan, true);
  const beside = subjectOf('partner, five exports', server, partner, plan, true);
  await warmUp(context, [without]);
  const step = { kind: 'orders' as const, concurrency: WRITERS };
  const { durationMs, countMax } = context.extent.run;
  const bounds = { durationMs: durationMs * RUN_FACTOR, countMax: countMax * RUN_FACTOR };
  for (let round = 1; round <= context.extent.rounds; round++) {
    await oneStep(context, ABOUT, [without], step, round, bounds);
    await submit(server, EXPORTS_RUNNING + EXPORTS_WAITING);
    const running = () => countOf(server, 'executing') === EXPORTS_RUNNING;
    await until('exports begin', running, START_MS_MAX);
    // Until there are commits exports go at full speed: what is measured is how they go beside writers.
    await warmUp(context, [beside]);
    await oneStep(context, ABOUT, [beside], step, round, bounds);
    if (countOf(server, 'submitted') === 0) throw new Error('The exports were finished before the writers.');
    await server.write([
      [
        {
          sql: "UPDATE query_job SET status = 'cancelled', finished_at = ?1 WHERE status IN ('submitted', 'executing')",
          json: new Date().toISOString(),
        },
      ],
    ]);
    const isCalm = () => server.rows('SELECT count(*) AS open FROM snapshot')[0]!.open === 0;
    await until('cancelled exports end', isCalm, START_MS_MAX);
  }
}
