import { Auditor, type Observed } from './auditor.ts';
import type { DatabaseFaults } from './faulty-database.ts';
import { setUp } from './fixtures.ts';
import { Random } from './random.ts';
import { Workload } from './workload.ts';
import { World } from './world.ts';

export interface RunReport {
  readonly problems: string[];
  readonly observed: readonly Observed[];
  readonly commands: number;
  readonly done: number;
  readonly refused: number;
  readonly unknown: number;
  readonly faults: number;
  readonly zombies: number;
}

/** Two clocks are at most 20 h apart, so that a key of 24 h outlives them: a key that is over for one of them is no fault. */
const CLOCK_SKEW_MS = 36_000_000;

/** How hard a seed is: from a quiet network to one that loses every third batch. */
function databaseFaults(random: Random): DatabaseFaults {
  const p = random.pick([0, 0.02, 0.06, 0.09]);
  return { failBefore: p, loseReply: p, zombie: p, overloaded: p / 2, failRead: p };
}

/** One seeded run: a workload under faults, then calm, then everything that is pending, then the audit. */
export async function runSeed(db: D1Database, seed: number, guarded = true): Promise<RunReport> {
  const random = new Random(seed);
  const fixtures = await setUp(db, random);
  const world = new World(
    db,
    random,
    {
      database: databaseFaults(random),
      sendFails: random.pick([0, 0.2]),
      duplicate: 0.2,
      consumerDies: random.pick([0, 0.3]),
      abort: random.pick([0, 0.05, 0.15]),
      clockSkewMs: random.pick([0, CLOCK_SKEW_MS]),
    },
    { guarded, sharedCommits: random.chance(0.5) },
  );
  const workload = new Workload(db, world, random, fixtures);
  await workload.run();
  await world.calm();
  await world.drain();
  const problems = await new Auditor(db).audit(workload.observed);
  const count = (result: string) => workload.observed.filter((o) => o.result === result).length;
  return {
    problems,
    observed: workload.observed,
    commands: workload.observed.length,
    done: count('done'),
    refused: count('refused'),
    unknown: count('unknown'),
    faults: world.database.counts.faults,
    zombies: world.database.counts.zombies,
  };
}
