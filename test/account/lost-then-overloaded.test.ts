import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { sharedCommits } from '../../src/account/commit-object.ts';
import { type CommitPort, Committer, type GroupOutcome } from '../../src/account/committer.ts';
import { type Env, limits } from '../../src/env.ts';
import type { LaneGroup } from '../../src/persistence/commit-batch.ts';
import { newId, testLane } from '../support/test-lane.ts';

/**
 * "Overloaded: nothing was done" is only true of the attempt that was told so. When an attempt before it was lost, that one
 * may have been committed, and no caller may be told that nothing happened.
 */

const LOST = 'D1_ERROR: Network connection lost.';
const OVERLOADED = 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.';

test('a shared commit whose call was lost and whose repeat met an overloaded database is unknown', async () => {
  const answers: Array<() => Promise<GroupOutcome>> = [
    () => Promise.reject(new Error('The Durable Object was reset.')),
    () => Promise.resolve({ kind: 'overloaded' }),
  ];
  const commits = {
    idFromName: () => 'database',
    get: () => ({ commit: () => answers.shift()!() }),
  };
  const accountId = newId();
  const { send } = testLane({
    laneId: accountId,
    commits: sharedCommits({ COMMITS: commits } as unknown as Env),
  });
  const outcome = await send('open', {
    id: accountId,
    accountNumber: `U-${accountId}`,
    partnerAccount: false,
  });
  expect(outcome.status).toBe(503);
  expect(JSON.parse(outcome.body).reasons[0].message).toContain('not known');
});

/** D1 whose first batch is reported as lost and lands before the second, which is refused; the last half is overloaded. */
function landingLate(): D1Database {
  let batches = 0;
  let late: D1PreparedStatement[] = [];
  const session = {
    prepare: (sql: string) => env.DB.prepare(sql),
    getBookmark: () => null,
    batch: async (statements: D1PreparedStatement[]) => {
      batches++;
      if (batches === 1) {
        late = statements;
        throw new Error(LOST);
      }
      if (batches === 2) await env.DB.batch(late);
      if (batches === 4) throw new Error(OVERLOADED);
      return env.DB.batch(statements);
    },
  };
  return { prepare: session.prepare, withSession: () => session } as unknown as D1Database;
}

test('a batch that was lost, landed late and was split is known to be there, overloaded or not', async () => {
  const committer = new Committer(
    { db: landingLate(), announceDue: () => undefined, pause: async () => undefined, log: () => undefined },
    limits,
  );
  const waiting: Array<{ group: LaneGroup; resolve: (outcome: GroupOutcome) => void }> = [];
  const together: CommitPort = {
    commit: (group) =>
      new Promise((resolve) => {
        waiting.push({ group, resolve });
        if (waiting.length < 2) return;
        const taken = waiting.splice(0);
        void committer.commit(taken.map((w) => w.group)).then((outcomes) => {
          for (const [i, w] of taken.entries()) w.resolve(outcomes[i]!);
        });
      }),
  };
  const accountIds = [newId(), newId()];
  const outcomes = await Promise.all(
    accountIds.map((id) =>
      testLane({ laneId: id, commits: together }).send('open', {
        id,
        accountNumber: `S-${id}`,
        partnerAccount: false,
      }),
    ),
  );
  expect(outcomes.map(({ status, body }) => [status, body])).toEqual(
    accountIds.map((id) => [200, JSON.stringify({ id })]),
  );
});
