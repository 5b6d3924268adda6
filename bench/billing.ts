// Bill runs: one over many accounts, and one over a single account with many subscriptions. How fast, in how many commits and queue messages, and
// whether the last tenth is as fast as the first.

import { type BenchAccount, createAccount, createPlan, orderBody } from './fixtures.ts';
import { httpText } from './load.ts';
import { createAccounts } from './measure.ts';
import { type Group, type GroupContext, withServers } from './rounds.ts';
import type { BenchServer } from './servers.ts';

const SUBSCRIPTIONS_PER_ORDER = 50;
const ACCOUNTS_AT_ONCE = 500;
const LOADING_CONCURRENCY = 32;
const LOADING_MS_MAX = 1_800_000;
const TERM_MONTHS = 12;
/** Every term has begun by then. */
const TARGET_DATE = '2026-01-31';
const POLL_MS = 200;
const FINISHED: readonly string[] = ['Completed', 'Error', 'Posted', 'Canceled'];

export const billing: Group = async (context) => {
  await withServers([{ latencyMs: 0 }], async ([server]) => {
    const plan = await createPlan(server!.api);
    const { billedAccounts, billedSubscriptions } = context.extent;
    context.progress(`loading ${billedAccounts} accounts`);
    const many: BenchAccount[] = [];
    while (many.length < billedAccounts) {
      const count = Math.min(ACCOUNTS_AT_ONCE, billedAccounts - many.length);
      many.push(...(await createAccounts(server!, `Billed ${many.length}`, count, false)));
    }
    await load(
      server!,
      many.map((account) => orderBody(account, plan, { subscriptions: 1, termMonths: TERM_MONTHS })),
    );
    await billed(context, server!, `${billedAccounts} accounts`, {});
    context.progress(`loading ${billedSubscriptions} subscriptions`);
    const one = await createAccount(server!.api, 'Large', false);
    const body = orderBody(one, plan, { subscriptions: SUBSCRIPTIONS_PER_ORDER, termMonths: TERM_MONTHS });
    const orders = Math.ceil(billedSubscriptions / SUBSCRIPTIONS_PER_ORDER);
    await load(server!, new Array(orders).fill(body));
    await billed(context, server!, `1 account with ${billedSubscriptions} subscriptions`, filterOf(one));
  });
};

function filterOf({ id }: BenchAccount): object {
  return { billRunFilters: [{ filterType: 'Account', accountId: id }] };
}

async function load(server: BenchServer, bodies: readonly string[]): Promise<void> {
  const requests = bodies.map((body) =>
    httpText({ method: 'POST', path: '/v1/orders', token: server.token, body }),
  );
  const result = await server.load.run({
    requests,
    concurrency: Math.min(LOADING_CONCURRENCY, requests.length),
    durationMs: LOADING_MS_MAX,
    countMax: requests.length,
    expected: '"success":true',
  });
  if (result.failures > 0) throw new Error(`Loading was refused: ${result.failureSamples.join('\n')}`);
  await server.quiet();
}

interface Progress {
  readonly status: string;
  readonly lines: number;
  readonly queueMessages: number;
}

/** Lines at an instant, milliseconds. */
type Point = readonly [at: number, lines: number];

async function billed(
  { facts, progress }: GroupContext,
  server: BenchServer,
  name: string,
  filter: object,
): Promise<void> {
  const commits = () => server.rows('SELECT count(*) AS n FROM lane_commit')[0]!.n as number;
  const commitsBefore = commits();
  const started = performance.now();
  const dates = { targetDate: TARGET_DATE, invoiceDate: TARGET_DATE };
  const created = await server.api.post<{ id?: string }>('/v1/bill-runs', { ...dates, ...filter });
  if (created.status !== 200) throw new Error(`bill run: ${created.status} ${created.text}`);
  const path = `/v1/spillway/bill-runs/${created.body.id}/progress`;
  const points: Point[] = [[0, 0]];
  let last: Progress;
  do {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    last = (await server.api.get<Progress>(path)).body;
    points.push([performance.now() - started, last.lines]);
    progress(`bill run over ${name}: ${last.lines} lines, ${last.status}`);
  } while (!FINISHED.includes(last.status));
  const seconds = (performance.now() - started) / 1_000;
  const label = `bill run over ${name}`;
  facts.set(`${label}: charges`, last.lines);
  facts.set(`${label}: seconds`, seconds);
  facts.set(`${label}: charges per second`, last.lines / seconds);
  facts.set(`${label}: commits`, commits() - commitsBefore);
  facts.set(`${label}: queue messages`, last.queueMessages);
  facts.set(`${label}: rate of the last tenth / first tenth`, lastToFirst(points, last.lines));
  if (last.status !== 'Completed') throw new Error(`${label} ended as ${last.status}`);
}

/** From the times at which a tenth, nine tenths and all lines were there, between the polls in proportion. */
function lastToFirst(points: readonly Point[], lines: number): number {
  const first = timeOf(points, lines * 0.1) - timeOf(points, 0);
  return first / (timeOf(points, lines) - timeOf(points, lines * 0.9));
}

function timeOf(points: readonly Point[], lines: number): number {
  if (lines === 0) return points.findLast(([, count]) => count === 0)![0];
  const after = points.findIndex(([, count]) => count >= lines);
  const [before, then] = [points[after - 1]!, points[after]!];
  return before[0] + ((then[0] - before[0]) * (lines - before[1])) / (then[1] - before[1]);
}
