import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { AdaptiveCommits, Contention } from '../../src/account/adaptive-commits.ts';
import { CommitQueue } from '../../src/account/commit-queue.ts';
import { type CommitPort, Committer, type GroupOutcome } from '../../src/account/committer.ts';
import { Gathering } from '../../src/account/gather.ts';
import type { RegisteredCommand } from '../../src/account/registry.ts';
import { limits } from '../../src/env.ts';
import type { LaneGroup } from '../../src/persistence/commit-batch.ts';
import { newId, type TestLane, testCommands, testLane } from '../support/test-lane.ts';

/**
 * How groups reach D1: by their own lane or joined with those of other lanes, in batches as large as they may be, and
 * what becomes of a batch in which one lane was not the first.
 */

function groupOf(commands: number, bytes = 100): LaneGroup {
  return {
    commitId: newId(),
    laneId: newId(),
    sequence: 1,
    committedAt: '2026-03-01T12:00:00.000Z',
    commands,
    rows: {},
    deltaAccountIds: [],
    flagAccountIds: [],
    withdrawnDateAccountIds: [],
    reads: [],
    writes: [],
    bytes,
  };
}

const committedWith = (groups: number): GroupOutcome => ({ kind: 'committed', bookmark: null, groups });

describe('own commits or shared ones', () => {
  const ADAPTIVE = { ownCommitCommandsMin: 16, contendedFactor: 2, contendedMinMs: 6, sharedCommits: 3 };

  /** Commits small groups that take so many milliseconds when they are own; says which way each one went. */
  function adaptive(options: { sharedWith: number }) {
    let nowMs = 0;
    let ownMs = 0;
    const ways: string[] = [];
    const own: CommitPort = {
      commit: async () => {
        ways.push('own');
        nowMs += ownMs;
        return committedWith(1);
      },
    };
    const shared: CommitPort = {
      commit: async () => {
        ways.push('shared');
        return committedWith(options.sharedWith);
      },
    };
    const commits = new AdaptiveCommits(own, shared, new Contention(ADAPTIVE), () => nowMs, ADAPTIVE);
    return async (takesMs: readonly number[], commands = 1) => {
      ways.length = 0;
      for (const ms of takesMs) {
        ownMs = ms;
        await commits.commit(groupOf(commands));
      }
      return ways.join(' ');
    };
  }

  test('own ones as long as they take what they usually take', async () => {
    expect(await adaptive({ sharedWith: 1 })([2, 3, 4, 6, 2])).toBe('own own own own own');
  });

  test('a database that is far away is told from a busy one: nobody shares, so that is what it takes', async () => {
    const commit = adaptive({ sharedWith: 1 });
    expect(await commit([50, 50, 50, 50, 50, 60, 80, 99])).toBe('own shared shared shared own own own own');
  });

  test('lanes that start together at a busy database share from the first slow commit on', async () => {
    expect(await adaptive({ sharedWith: 9 })([50, 50, 50, 50, 50, 50])).toBe(
      'own shared shared shared shared shared',
    );
  });

  test('a slow own commit makes the next ones shared; without company the own way is tried again', async () => {
    const commit = adaptive({ sharedWith: 1 });
    expect(await commit([2, 20, 2, 2, 2, 2, 2])).toBe('own own shared shared shared own own');
  });

  test('shared commits go on for as long as other lanes are in the batches', async () => {
    const commit = adaptive({ sharedWith: 4 });
    await commit([2, 20]);
    expect(await commit(Array.from({ length: 8 }, () => 2))).toBe(Array(8).fill('shared').join(' '));
  });

  test('a group that fills a batch by itself is always committed by its own lane', async () => {
    const commit = adaptive({ sharedWith: 4 });
    await commit([2, 20]);
    expect(await commit([20, 20], 16)).toBe('own own');
    expect(await commit([2], 15)).toBe('shared');
  });

  test('a database that became slower for good is learned', async () => {
    const commit = adaptive({ sharedWith: 1 });
    await commit([2]);
    const later = await commit(Array.from({ length: 400 }, () => 20));
    expect(later.startsWith('own shared')).toBe(true);
    expect(later.endsWith(Array(20).fill('own').join(' '))).toBe(true);
  });
});

describe('gathering', () => {
  /** A door at which so many commands arrive per turn of the event loop. */
  function door(arrivals: readonly number[]) {
    const waiting: number[] = [0];
    let turns = 0;
    const ports = {
      yieldToArrivals: async () => {
        for (let i = arrivals[turns++] ?? 0; i > 0; i--) waiting.push(i);
      },
    };
    return { waiting, ports, turns: () => turns };
  }

  test('one alone never waits; after a group, what has arrived is taken in until a turn brings nothing', async () => {
    const { waiting, ports, turns } = door([5, 3, 0, 9]);
    const gathering = new Gathering(ports, { gatherTurnsMax: 20 });
    await gathering.untilQuiet(waiting, 100);
    gathering.closed(1);
    await gathering.untilQuiet(waiting, 100);
    expect(turns()).toBe(0);
    gathering.closed(2);
    await gathering.untilQuiet(waiting, 100);
    expect([turns(), waiting.length]).toEqual([3, 9]);
  });

  test('it ends when enough are waiting, and after its number of turns', async () => {
    const full = door([5, 5, 5]);
    const gathering = new Gathering(full.ports, { gatherTurnsMax: 20 });
    gathering.closed(8);
    await gathering.untilQuiet(full.waiting, 11);
    expect([full.turns(), full.waiting.length]).toEqual([2, 11]);
    const endless = door(Array.from({ length: 50 }, () => 1));
    const patient = new Gathering(endless.ports, { gatherTurnsMax: 4 });
    patient.closed(8);
    await patient.untilQuiet(endless.waiting, 100);
    expect(endless.turns()).toBe(4);
  });
});

describe('one committer for all lanes', () => {
  test('groups that arrive during a batch share the next, up to its bytes; a larger one goes alone', async () => {
    const batches: number[][] = [];
    const release: Array<() => void> = [];
    const committer = {
      commit: async (groups: readonly LaneGroup[]) => {
        batches.push(groups.map(({ bytes }) => bytes));
        await new Promise<void>((resolve) => release.push(resolve));
        return groups.map(
          (group): GroupOutcome => (group.bytes === 30 ? { kind: 'stale' } : committedWith(groups.length)),
        );
      },
    } as unknown as Committer;
    const queue = new CommitQueue(
      committer,
      { yieldToArrivals: async () => undefined },
      { batchBytesMax: 100, gatherTurnsMax: 20 },
    );
    const commit = (bytes: number) => queue.commit(groupOf(1, bytes));
    const first = commit(10);
    await expect.poll(() => batches.length).toBe(1);
    const others = [20, 30, 50, 1, 500].map(commit);
    for (let batch = 1; batch <= 4; batch++) {
      await expect.poll(() => release.length).toBe(batch);
      release[batch - 1]!();
      if (batch === 4) break;
    }
    expect(await first).toEqual(committedWith(1));
    expect(batches).toEqual([[10], [20, 30, 50], [1], [500]]);
    // Each lane has its own outcome, not its neighbour's.
    expect(await Promise.all(others)).toEqual([
      committedWith(3),
      { kind: 'stale' },
      committedWith(3),
      committedWith(1),
      committedWith(1),
    ]);
  });
});

describe('a batch of several lanes over D1', () => {
  /** Commits only when so many groups have come, all in one batch; later groups as they come. */
  function together(size: number): { port: CommitPort; outcomes: string[][] } {
    const committer = new Committer(
      { db: env.DB, announceDue: () => undefined, pause: async () => undefined, log: () => undefined },
      limits,
    );
    const outcomes: string[][] = [];
    const waiting: Array<{ group: LaneGroup; resolve: (outcome: GroupOutcome) => void }> = [];
    let met = false;
    const send = async () => {
      met = true;
      const taken = waiting.splice(0);
      const results = await committer.commit(taken.map(({ group }) => group));
      outcomes.push(results.map(({ kind }) => kind));
      for (const [i, { resolve }] of taken.entries()) resolve(results[i]!);
    };
    const commit = (group: LaneGroup) =>
      new Promise<GroupOutcome>((resolve) => {
        waiting.push({ group, resolve });
        if (met || waiting.length === size) void send();
      });
    return { port: { commit }, outcomes };
  }

  /** The test commands, counting how often a bump of each account is decided. */
  function counting(): { commands: ReadonlyMap<string, RegisteredCommand>; decisions: Map<string, number> } {
    const decisions = new Map<string, number>();
    const bump = testCommands.get('bump')!;
    const handler: RegisteredCommand['handler'] = {
      ...bump.handler,
      decide: (state, payload, context) => {
        const { accountId } = payload as { accountId: string };
        decisions.set(accountId, (decisions.get(accountId) ?? 0) + 1);
        return bump.handler.decide(state, payload, context);
      },
    };
    return { commands: new Map([...testCommands, ['bump', { ...bump, handler }]]), decisions };
  }

  test.each([2, 5])('of %i lanes only the one that was not first decides again', async (lanesCount) => {
    const accountIds = Array.from({ length: lanesCount }, newId);
    const { commands, decisions } = counting();
    const { port, outcomes } = together(lanesCount);
    let shared = false;
    const lanes: TestLane[] = accountIds.map((laneId) => {
      const own = testLane({ laneId });
      const commit = (group: LaneGroup) => (shared ? port : own.commits).commit(group);
      return testLane({ laneId, commands, commits: { commit } });
    });
    for (const [i, id] of accountIds.entries()) {
      const opened = await lanes[i]!.send('open', { id, accountNumber: `B-${id}`, partnerAccount: false });
      expect(opened.status).toBe(200);
    }
    const staleId = accountIds[1]!;
    const rival = await testLane({ laneId: `rival-${staleId}` }).send('bump', { accountId: staleId, by: 10 });
    expect(rival.status).toBe(200);

    shared = true;
    const replies = await Promise.all(
      lanes.map(({ send }, i) => send('bump', { accountId: accountIds[i]!, by: 1 })),
    );
    expect(replies.map(({ body }) => JSON.parse(body))).toEqual(
      accountIds.map((id) => ({ day: id === staleId ? 12 : 2 })),
    );
    expect(accountIds.map((id) => decisions.get(id))).toEqual(
      accountIds.map((id) => (id === staleId ? 2 : 1)),
    );
    expect(outcomes).toEqual([
      accountIds.map((id) => (id === staleId ? 'stale' : 'committed')),
      ['committed'],
    ]);
    const { results } = await env.DB.prepare(
      'SELECT lane_id AS laneId, group_concat(sequence) AS sequences FROM ' +
        '(SELECT * FROM lane_commit ORDER BY sequence) WHERE lane_id IN (SELECT value FROM json_each(?1)) GROUP BY lane_id',
    )
      .bind(JSON.stringify(accountIds))
      .all();
    expect(results).toHaveLength(lanesCount);
    expect(results.every(({ sequences }) => sequences === '1,2')).toBe(true);
  });
});
