import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { sharedCommits } from '../../src/account/commit-object.ts';
import { Auditor } from '../simulation/auditor.ts';
import { newId, testLane } from '../support/test-lane.ts';

const LANES = 6;
const ROUNDS = 8;
const ABORTS = 6;

// The object that commits for all lanes is aborted while it has their groups: a group that was sent again has one effect, and
// what a lane confirmed is there.
test('lanes go on when the shared committer is aborted under them', async () => {
  const lanes = Array.from({ length: LANES }, () => {
    const id = newId();
    return { id, ...testLane({ laneId: id, commits: sharedCommits(env) }) };
  });
  const opened = await Promise.all(
    lanes.map(({ id, send }) => send('open', { id, accountNumber: `C-${id}`, partnerAccount: false })),
  );
  expect(opened.map(({ status }) => status)).toEqual(lanes.map(() => 200));

  const committer = () => env.COMMITS.get(env.COMMITS.idFromName('database'));
  const aborts = async () => {
    for (let i = 0; i < ABORTS; i++) {
      await env.DB.prepare('SELECT count(*) FROM lane_commit').first();
      const aborted = runInDurableObject(committer(), (_, state) => state.abort('a test aborts it'));
      expect(await aborted.then(String, String)).toContain('a test aborts it');
    }
  };
  const writes = lanes.map(async ({ id, send }) => {
    const statuses: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      statuses.push((await send('bump', { accountId: id, by: 1 })).status);
    }
    return statuses;
  });
  const [statuses] = await Promise.all([Promise.all(writes), aborts()]);

  for (const [i, { id }] of lanes.entries()) {
    const row = await env.DB.prepare('SELECT bill_cycle_day AS day FROM account WHERE id = ?')
      .bind(id)
      .first<{ day: number }>();
    const done = statuses[i]!.filter((status) => status === 200).length;
    const unknown = statuses[i]!.filter((status) => status === 503).length;
    expect(done + unknown).toBe(ROUNDS);
    expect(row!.day - 1).toBeGreaterThanOrEqual(done);
    expect(row!.day - 1).toBeLessThanOrEqual(done + unknown);
  }
  expect(await new Auditor(env.DB).audit([])).toEqual([]);
});
