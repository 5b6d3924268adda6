import { type Kind, type Measurements, measure, type RunBounds, type Subject } from './measure.ts';
import { BenchServer } from './servers.ts';

/** How much is measured. */
export interface Extent {
  readonly rounds: number;
  readonly run: RunBounds;
  readonly warmUp: RunBounds;
  /** Runs of the main groups. */
  readonly steps: readonly Step[];
  readonly seamConcurrency: readonly number[];
  /** Subscriptions on the full account. */
  readonly subscriptionsMany: number;
  /** Subscriptions with many versions. */
  readonly subscriptionsOld: number;
  /** Accounts that one bill run bills, and subscriptions of the single account that another one bills. */
  readonly billedAccounts: number;
  readonly billedSubscriptions: number;
  /** Posted invoices of a migration onto one account, and payments applied to the first of them. */
  readonly migratedInvoices: number;
  readonly migratedPayments: number;
  /** Invoice items that an export gives. */
  readonly exportedItems: number;
}

export interface Step {
  readonly kind: Kind;
  readonly concurrency: number;
}

export interface GroupContext {
  readonly extent: Extent;
  readonly measurements: Measurements;
  readonly progress: (text: string) => void;
  /** Facts that belong into the report: name → value. */
  readonly facts: Map<string, number>;
}

export type Group = (context: GroupContext) => Promise<void>;

/** What the measurements of a group are labelled with. */
export interface About {
  readonly group: string;
  readonly latencyMs: number;
}

const WARM_UP_CONCURRENCY = 32;

export async function rounds(
  context: GroupContext,
  about: About,
  subjects: readonly Subject[],
  steps: readonly Step[],
): Promise<void> {
  await warmUp(context, subjects);
  for (let round = 1; round <= context.extent.rounds; round++) {
    for (const step of steps) await oneStep(context, about, subjects, step, round);
  }
}

/** @param bounds of each run; those of the extent unless given */
export async function oneStep(
  { extent, measurements, progress }: GroupContext,
  about: About,
  subjects: readonly Subject[],
  { kind, concurrency }: Step,
  round: number,
  bounds: RunBounds = extent.run,
): Promise<void> {
  // Every second round runs backwards, so that no case always profits from being the later one.
  for (const subject of round % 2 === 1 ? subjects : subjects.toReversed()) {
    const label = { ...about, subject: subject.name, kind, concurrency };
    const run = await measure(subject, kind, concurrency, bounds);
    progress(
      `${about.group}, round ${round}: ${kind} on ${subject.name}, ${concurrency} at once: ${Math.round(run.rate)}/s`,
    );
    measurements.add(label, run);
  }
}

/** The runtime compiles what is hot; nothing of that is measured. */
export async function warmUp(
  { extent, progress }: GroupContext,
  subjects: readonly Subject[],
  bounds: RunBounds = extent.warmUp,
): Promise<void> {
  progress('warming up');
  for (const subject of subjects) {
    for (const kind of ['orders', 'invoices', 'updates'] as const) {
      if (subject.requests[kind] !== undefined) await measure(subject, kind, WARM_UP_CONCURRENCY, bounds);
    }
  }
}

export async function withServers(
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
