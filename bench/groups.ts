import { type BenchPlan, createAccount, createPlan, orderBody } from './fixtures.ts';
import { httpText } from './load.ts';
import {
  ceilings,
  createAccounts,
  type Kind,
  type Measurements,
  measure,
  type RunBounds,
  type Subject,
  subjectOf,
} from './measure.ts';
import { BenchServer } from './servers.ts';

/** How much is measured. */
export interface Extent {
  readonly rounds: number;
  readonly run: RunBounds;
  readonly warmUp: RunBounds;
  /** Runs of the main groups. */
  readonly steps: ReadonlyArray<{ readonly kind: Kind; readonly concurrency: number }>;
  readonly seamConcurrency: readonly number[];
  /** Subscriptions on the full account. */
  readonly subscriptionsMany: number;
}

export interface GroupContext {
  readonly extent: Extent;
  readonly measurements: Measurements;
  readonly progress: (text: string) => void;
  /** Facts that belong into the report: name → value. */
  readonly facts: Map<string, number>;
}

export type Group = (context: GroupContext) => Promise<void>;

const SPREAD_ACCOUNTS = 100;
const DISTANT_MS = 20;
const WARM_UP_CONCURRENCY = 32;
export const SUBSCRIPTIONS_FEW = 50;
const SUBSCRIPTIONS_PER_ORDER = 50;
const LOADING_CONCURRENCY = 8;
/** Two cases that should be equal need more rounds than cases that differ by far, and are cheap. */
const GROWTH_ROUNDS_FACTOR = 2;
const LOADING_MS_MAX = 600_000;

/** What the published targets compare: all subjects of a step run one after another, round by round. */
function compared(group: string, latencyMs: number): Group {
  return async (context) => {
    await withServers(
      [{ latencyMs }, { latencyMs, entryPoint: 'bench/ceiling-worker.ts' }],
      async ([engine, ceiling]) => {
        const plan = await createPlan(engine!.api);
        const partner = await createAccounts(engine!, 'Partner', 1, true);
        const ordinary = await createAccounts(engine!, 'Ordinary', 1, false);
        const spread = await createAccounts(engine!, 'Spread', SPREAD_ACCOUNTS, true);
        const { bare, batch, rows } = await ceilings(ceiling!, engine!);
        for (const kind of ['orders', 'invoices'] as const) context.facts.set(`rows per ${kind}`, rows[kind]);
        const subjects = [
          subjectOf('partner', engine!, partner, plan, true),
          batch,
          subjectOf('ordinary', engine!, ordinary, plan, false),
          bare,
          subjectOf('100 accounts', engine!, spread, plan, true),
        ];
        await rounds(context, { group, latencyMs }, subjects, context.extent.steps);
      },
    );
  };
}

/** The ways to commit, with the real engine: each lane its own batch, one object that commits for all lanes, or whichever is faster. */
const SEAMS = ['lane', 'shared', 'adaptive'];

function seams(latencyMs: number): Group {
  return async (context) => {
    await withServers(
      SEAMS.map((seam) => ({ latencyMs, vars: { COMMIT_SEAM: seam } })),
      async (servers) => {
        const subjects: Subject[] = [];
        for (const [i, seam] of SEAMS.entries()) {
          const server = servers[i]!;
          const plan = await createPlan(server.api);
          const one = await createAccounts(server, 'One', 1, true);
          const many = await createAccounts(server, 'Spread', SPREAD_ACCOUNTS, true);
          subjects.push(
            subjectOf(`${seam}: 1 account`, server, one, plan, true),
            subjectOf(`${seam}: 100 accounts`, server, many, plan, true),
          );
        }
        // Pairs that are compared run next to each other.
        const one = subjects.filter((_, i) => i % 2 === 0);
        const many = subjects.filter((_, i) => i % 2 === 1);
        const steps = context.extent.seamConcurrency.map((concurrency) => ({
          kind: 'orders' as const,
          concurrency,
        }));
        await rounds(context, { group: 'seam', latencyMs }, [...one, ...many], steps);
      },
    );
  };
}

/** The same writes on an account that holds few subscriptions and on one that holds many. */
const growth: Group = async (context) => {
  const { extent, facts } = context;
  await withServers([{ latencyMs: 0 }], async ([server]) => {
    const plan = await createPlan(server!.api);
    const few = await createAccount(server!.api, 'Few', true);
    const many = await createAccount(server!.api, 'Many', true);
    context.progress(`loading ${extent.subscriptionsMany} subscriptions`);
    const seconds = await loadSubscriptions(server!, many.number, plan, extent.subscriptionsMany);
    facts.set('subscriptions loaded per second', extent.subscriptionsMany / seconds);
    facts.set('subscriptions on the full account', extent.subscriptionsMany);
    await loadSubscriptions(server!, few.number, plan, SUBSCRIPTIONS_FEW);
    const full = subjectOf('many subscriptions', server!, [many], plan, true);
    await warmUp(context, [full, subjectOf('few subscriptions', server!, [few], plan, true)]);
    for (let round = 1; round <= extent.rounds * GROWTH_ROUNDS_FACTOR; round++) {
      for (const kind of ['invoices', 'orders'] as const) {
        // Orders add subscriptions: the other account starts each run with few.
        const fresh = kind === 'orders' ? await createAccount(server!.api, `Few ${round}`, true) : few;
        if (kind === 'orders') await loadSubscriptions(server!, fresh.number, plan, SUBSCRIPTIONS_FEW);
        const subjects = [subjectOf('few subscriptions', server!, [fresh], plan, true), full];
        await oneStep(
          context,
          { group: 'growth', latencyMs: 0 },
          subjects,
          { kind, concurrency: 256 },
          round,
        );
      }
    }
  });
};

export const groups: Readonly<Record<string, Group>> = {
  near: compared('near', 0),
  distant: compared('distant', DISTANT_MS),
  growth,
  'seam-near': seams(0),
  'seam-distant': seams(DISTANT_MS),
};

async function rounds(
  context: GroupContext,
  about: { readonly group: string; readonly latencyMs: number },
  subjects: readonly Subject[],
  steps: Extent['steps'],
): Promise<void> {
  await warmUp(context, subjects);
  for (let round = 1; round <= context.extent.rounds; round++) {
    for (const step of steps) await oneStep(context, about, subjects, step, round);
  }
}

async function oneStep(
  { extent, measurements, progress }: GroupContext,
  about: { readonly group: string; readonly latencyMs: number },
  subjects: readonly Subject[],
  { kind, concurrency }: Extent['steps'][number],
  round: number,
): Promise<void> {
  // Every second round runs backwards, so that no case always profits from being the later one.
  for (const subject of round % 2 === 1 ? subjects : subjects.toReversed()) {
    const label = { ...about, subject: subject.name, kind, concurrency };
    const run = await measure(subject, kind, concurrency, extent.run);
    progress(
      `${about.group}, round ${round}: ${kind} on ${subject.name}, ${concurrency} at once: ${Math.round(run.rate)}/s`,
    );
    measurements.add(label, run);
  }
}

/** The runtime compiles what is hot; nothing of that is measured. */
async function warmUp({ extent, progress }: GroupContext, subjects: readonly Subject[]): Promise<void> {
  progress('warming up');
  for (const subject of subjects) {
    for (const kind of ['orders', 'invoices'] as const) {
      await measure(subject, kind, WARM_UP_CONCURRENCY, extent.warmUp);
    }
  }
}

/** Brings subscriptions onto an account by large orders; returns the seconds it took. */
async function loadSubscriptions(
  server: BenchServer,
  number: string,
  plan: BenchPlan,
  count: number,
): Promise<number> {
  const body = orderBody({ id: '', number }, plan, SUBSCRIPTIONS_PER_ORDER);
  const result = await server.load.run({
    requests: [httpText({ method: 'POST', path: '/v1/orders', token: server.token, body })],
    concurrency: Math.min(LOADING_CONCURRENCY, count / SUBSCRIPTIONS_PER_ORDER),
    durationMs: LOADING_MS_MAX,
    countMax: count / SUBSCRIPTIONS_PER_ORDER,
    expected: '"success":true',
  });
  if (result.failures > 0) throw new Error(`Loading subscriptions: ${result.failureSamples.join('\n')}`);
  await server.quiet();
  return result.seconds;
}

async function withServers(
  options: ReadonlyArray<Parameters<typeof BenchServer.start>[0]>,
  use: (servers: readonly BenchServer[]) => Promise<void>,
): Promise<void> {
  const servers: BenchServer[] = [];
  try {
    for (const each of options) servers.push(await BenchServer.start(each));
    await use(servers);
  } finally {
    for (const server of servers) await server.stop();
  }
}
