import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { registered } from '../../src/account/registry.ts';
import type { CommandHandler } from '../../src/domain/account/command.ts';
import { PlanBuilder } from '../../src/domain/account/plan.ts';
import { limits } from '../../src/env.ts';
import { expire } from '../../src/jobs/expire.ts';
import { testAccount } from '../support/order-objects.ts';
import { testCommands, testLane } from '../support/test-lane.ts';
import { insert } from '../support/worker-api.ts';

// Limits of the engine that no ordinary request reaches: references that lead on and on, rivals without end, and what is too old.

/** Follows an account's parents to the last; each is only known when the one before has been read. */
const climb: CommandHandler<{ readonly from: string }, { readonly levels: number }> = {
  needs: () => [],
  decide(state, { from }) {
    let levels = 0;
    for (let key: string | null = from; key !== null; levels++) key = state.find('account', key)!.parentId;
    return new PlanBuilder().build({ levels });
  },
};
const commands = new Map([...testCommands, ['climb', registered(climb, (reply) => reply)]]);

async function ancestry(levels: number): Promise<string> {
  let parentId: string | null = null;
  for (let level = 0; level < levels; level++)
    parentId = (await insert('account', testAccount({ parentId }))).id;
  return parentId!;
}

test('references are followed for loadRoundsMax rounds, and then refused', async () => {
  const { send } = testLane({ laneId: 'climbing', commands });
  const fits = limits.loadRoundsMax - 1;
  const reached = await send('climb', { from: await ancestry(fits) });
  expect([reached.status, JSON.parse(reached.body)]).toEqual([200, { levels: fits }]);
  const beyond = await send('climb', { from: await ancestry(fits + 1) });
  expect([beyond.status, beyond.body]).toEqual([400, expect.stringContaining('too many levels')]);
});

test('a command that somebody else is always faster than is decided decideAttemptsMax times, then told that nothing was done', async () => {
  let commits = 0;
  const account = await insert('account', testAccount());
  const { send } = testLane({
    laneId: account.id,
    commits: {
      commit: () => {
        commits++;
        return Promise.resolve({ kind: 'stale' });
      },
    },
  });
  const outcome = await send('bump', { accountId: account.id, by: 1 });
  expect([outcome.status, outcome.body]).toEqual([503, expect.stringContaining('nothing was done')]);
  expect(commits).toBe(limits.decideAttemptsMax);
});

const HOUR_MS = 3_600_000;
const hoursBefore = (instant: string, hours: number) =>
  new Date(Date.parse(instant) - hours * HOUR_MS).toISOString();

test('a reply is kept for idempotencyHours, and then the key is as good as new', async () => {
  let now = '2026-07-01T00:00:00.000Z';
  const account = await insert('account', testAccount());
  const { send } = testLane({ laneId: account.id, now: () => now });
  const bump = () =>
    send('bump', { accountId: account.id, by: 1 }, { idempotency: { key: 'daily', requestHash: 'same' } });
  expect(JSON.parse((await bump()).body)).toEqual({ day: 2 });
  now = new Date(Date.parse(now) + limits.idempotencyHours * HOUR_MS).toISOString();
  expect(await bump()).toMatchObject({ replayed: true, body: JSON.stringify({ day: 2 }) });
  now = new Date(Date.parse(now) + 1).toISOString();
  expect(await bump()).toMatchObject({ replayed: false, body: JSON.stringify({ day: 3 }) });
});

test('what is too old is deleted, expireRowsMax rows at once', async () => {
  const now = '2026-07-02T00:00:00.000Z';
  const rows = (count: number, createdAt: string) =>
    env.DB.prepare(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) INSERT INTO idempotency ' +
        "(key, request_hash, command_id, status, body, created_at) SELECT ?2 || i, '', '', 200, '{}', ?2 FROM n",
    )
      .bind(count, createdAt)
      .run();
  const kept = hoursBefore(now, limits.idempotencyHours);
  const old = new Date(Date.parse(kept) - 1).toISOString();
  await rows(limits.expireRowsMax + 1, old);
  await rows(1, kept);
  const left = async (createdAt: string) =>
    (await env.DB.prepare('SELECT count(*) AS n FROM idempotency WHERE created_at = ?1')
      .bind(createdAt)
      .first<{ n: number }>())!.n;
  expect([await expire(env.DB, now), await left(old)]).toEqual(['more', 1]);
  expect([await expire(env.DB, now), await left(old), await left(kept)]).toEqual(['done', 0, 1]);
});
