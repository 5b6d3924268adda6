import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { CommitQueue } from '../../src/account/commit-queue.ts';
import { Committer } from '../../src/account/committer.ts';
import { yieldToArrivals } from '../../src/account/runtime.ts';
import { limits } from '../../src/env.ts';
import { newId, testLane } from '../support/test-lane.ts';

/** Lanes that commit together and change one object: each change counts, as if each lane had committed alone. */

const LANES = 8;

test('changes of one object from lanes whose groups wait for the same commit are all there', async () => {
  const accountId = newId();
  await testLane({ laneId: accountId }).send('open', {
    id: accountId,
    accountNumber: `L-${accountId}`,
    partnerAccount: false,
  });
  const pause = () => Promise.resolve();
  const committer = new Committer(
    { db: env.DB, announceDue: () => undefined, pause, log: () => undefined },
    limits,
  );
  const sizes: number[] = [];
  const queue = new CommitQueue(committer, { yieldToArrivals }, limits);
  const commits = {
    commit: async (group: Parameters<CommitQueue['commit']>[0]) => {
      const outcome = await queue.commit(group);
      if (outcome.kind === 'committed') sizes.push(outcome.groups);
      return outcome;
    },
  };
  const others = Array.from({ length: LANES }, () => newId());
  const outcomes = await Promise.all([
    ...others.map((laneId) => testLane({ laneId, commits }).send('bump', { accountId, by: 1 })),
    // Beside them lanes that have nothing to do with it.
    ...others.map((id) =>
      testLane({ laneId: `open-${id}`, commits }).send('open', {
        id,
        accountNumber: `L-${id}`,
        partnerAccount: false,
      }),
    ),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 200));
  const row = await env.DB.prepare('SELECT bill_cycle_day AS day, revision FROM account WHERE id = ?')
    .bind(accountId)
    .first();
  expect(row).toEqual({ day: 1 + LANES, revision: 1 + LANES });
  expect(Math.max(...sizes)).toBeGreaterThan(1);
});
