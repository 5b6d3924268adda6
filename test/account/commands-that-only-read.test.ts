import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { GroupOutcome } from '../../src/account/committer.ts';
import { registered } from '../../src/account/registry.ts';
import type { CommandHandler } from '../../src/domain/account/command.ts';
import { PlanBuilder } from '../../src/domain/account/plan.ts';
import { refuse } from '../../src/domain/result.ts';
import { testAccount } from '../support/order-objects.ts';
import { newId, testCommands, testLane } from '../support/test-lane.ts';
import { insert } from '../support/worker-api.ts';

// Commands that only read: they see what a write in their place would see, their reply is what it would be, and nothing is left of them.

interface Look {
  readonly accountId: string;
  readonly by: number;
}

/** What `bump` would do to the account, and where its parent stands. */
const look: CommandHandler<Look, { day: number; parentDay: number | null }> = {
  readsOnly: true,
  needs: ({ accountId }) => [{ kind: 'account', key: accountId }],
  decide(state, { accountId, by }) {
    const account = state.find('account', accountId);
    if (account === null) return refuse('not_found', 'no such account', 'accountId');
    const parent = account.parentId === null ? null : state.find('account', account.parentId);
    const day = account.billCycleDay + by;
    if (day > 31) return refuse('rule', `the day would be ${day}`, 'by');
    return new PlanBuilder()
      .update('account', { ...account, billCycleDay: day })
      .delta({
        accountId,
        currency: 'USD',
        totalInvoiceBalanceMinor: 1,
        documentKind: 'invoice',
        documentId: accountId,
      })
      .build({ day, parentDay: parent?.billCycleDay ?? null });
  },
};
const commands = new Map([...testCommands, ['look', registered(look, (reply) => reply)]]);
const reading = (options: Omit<Parameters<typeof testLane>[0], 'commands'>) =>
  testLane({ ...options, commands });

const account = async (parentId: string | null = null) =>
  (await insert('account', testAccount({ billCycleDay: 1, parentId }))).id;

async function count(table: string, where: string, value: string): Promise<number> {
  const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where} = ?1`)
    .bind(value)
    .first<{ n: number }>();
  return row!.n;
}

async function dayOf(accountId: string): Promise<number> {
  const row = await env.DB.prepare('SELECT bill_cycle_day AS day FROM account WHERE id = ?1')
    .bind(accountId)
    .first<{ day: number }>();
  return row!.day;
}

const dayIn = (outcome: { readonly body: string }) => (JSON.parse(outcome.body) as { day: number }).day;

/** A database that does something between what one load reads and the next. */
function between(loads: () => Promise<unknown>): D1Database {
  return new Proxy(env.DB, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      if (name !== 'batch') return value.bind(target);
      return async (statements: D1PreparedStatement[]) => {
        const result = await target.batch(statements);
        await loads();
        return result;
      };
    },
  });
}

test('alone they commit nothing: no commit, no command, no delta, no change', async () => {
  const accountId = await account();
  const { send } = reading({ laneId: accountId });
  const outcomes = await Promise.all([1, 2, 40].map((by) => send('look', { accountId, by })));
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 400]);
  expect(outcomes.slice(0, 2).map(dayIn)).toEqual([2, 3]);
  expect(await dayOf(accountId)).toBe(1);
  expect(await count('lane_commit', 'lane_id', accountId)).toBe(0);
  expect(await count('metric_delta', 'account_id', accountId)).toBe(0);
});

test('among writes each sees what those before it decided, and none of the others sees it', async () => {
  const accountId = await account();
  const { send } = reading({ laneId: accountId });
  const kinds = ['bump', 'look', 'look', 'bump', 'look'];
  const outcomes = await Promise.all(kinds.map((kind) => send(kind, { accountId, by: 1 })));
  expect(outcomes.map(dayIn)).toEqual([2, 3, 3, 3, 4]);
  expect(await dayOf(accountId)).toBe(3);
  const row = await env.DB.prepare('SELECT sequence, commands FROM lane_commit WHERE lane_id = ?1')
    .bind(accountId)
    .all();
  expect(row.results).toEqual([{ sequence: 1, commands: 2 }]);
});

test('an idempotency key keeps nothing of them, of a reply or of a refusal', async () => {
  const accountId = await account();
  const { send } = reading({ laneId: accountId });
  for (const by of [1, 40]) {
    const key = `look-${accountId}-${by}`;
    const idempotency = { key, requestHash: 'h' };
    for (let time = 0; time < 2; time++) {
      const outcome = await send('look', { accountId, by }, { idempotency });
      expect(outcome).toMatchObject({ status: by === 1 ? 200 : 400, replayed: false });
    }
    expect(await count('idempotency', 'key', key)).toBe(0);
  }
});

test('a reply or refusal never rests on what the lane remembers', async () => {
  const accountId = await account();
  const [a, b] = [reading({ laneId: accountId }), reading({ laneId: `other-${accountId}` })];
  await a.send('bump', { accountId, by: 29 });
  expect((await b.send('bump', { accountId, by: -10 })).status).toBe(200);
  // a remembers day 30.
  expect(dayIn(await a.send('look', { accountId, by: 5 }))).toBe(25);
});

test('all that a reply rests on is of one moment, also when a reference is followed', async () => {
  const parentId = await account();
  const childId = await account(parentId);
  const other = testLane({ laneId: newId() });
  let moves = 0;
  // Between any two loads both accounts move to the same, higher day.
  const db = between(async () => {
    if (++moves > 3) return;
    for (const accountId of [childId, parentId]) await other.send('bump', { accountId, by: 1 });
  });
  const { send } = reading({ laneId: childId, db });
  const reply = JSON.parse((await send('look', { accountId: childId, by: 0 })).body) as {
    day: number;
    parentDay: number;
  };
  expect(reply.day).toBe(reply.parentDay);
  expect(moves).toBeGreaterThan(1);
});

test('what it rests on was decided by a group that somebody else overtook: decided again with it', async () => {
  const accountId = await account();
  const rival = testLane({ laneId: `rival-${accountId}` });
  const own = testLane({ laneId: accountId });
  let overtaken = false;
  const { send } = reading({
    laneId: accountId,
    commits: {
      async commit(group): Promise<GroupOutcome> {
        if (!overtaken) {
          overtaken = true;
          await rival.send('bump', { accountId, by: 10 });
        }
        return own.commits.commit(group);
      },
    },
  });
  const [bump, looked] = await Promise.all([
    send('bump', { accountId, by: 1 }),
    send('look', { accountId, by: 1 }),
  ]);
  expect([dayIn(bump!), dayIn(looked!)]).toEqual([12, 13]);
});

test('when the group’s outcome is unknown, a read says that nothing was done', async () => {
  const accountId = await account();
  const { send } = reading({
    laneId: accountId,
    commits: { commit: () => Promise.resolve({ kind: 'unknown' }) },
  });
  const [bump, looked] = await Promise.all([
    send('bump', { accountId, by: 1 }),
    send('look', { accountId, by: 1 }, { resent: true }),
  ]);
  expect([bump!.status, looked!.status]).toEqual([503, 503]);
  expect(bump!.body).toContain('not known');
  expect(looked!.body).toContain('nothing was done');
});
