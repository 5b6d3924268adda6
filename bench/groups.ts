import { billing } from './billing.ts';
import { exports } from './exports.ts';
import { createPlan } from './fixtures.ts';
import { growth } from './growth.ts';
import { ceilings, createAccounts, type Subject, subjectOf } from './measure.ts';
import { migration } from './migration.ts';
import { pages } from './pages.ts';
import { type Group, rounds, withServers } from './rounds.ts';

const SPREAD_ACCOUNTS = 100;
const DISTANT_MS = 20;

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

export const groups: Readonly<Record<string, Group>> = {
  near: compared('near', 0),
  distant: compared('distant', DISTANT_MS),
  growth,
  pages,
  migration,
  billing,
  exports,
  'seam-near': seams(0),
  'seam-distant': seams(DISTANT_MS),
};
