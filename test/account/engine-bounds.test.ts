import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { Committer } from '../../src/account/committer.ts';
import { NumberRanges } from '../../src/account/number-ranges.ts';
import { pauseBetweenAttempts } from '../../src/account/runtime.ts';
import { limits } from '../../src/env.ts';
import { consumeMetrics } from '../../src/jobs/consume.ts';
import { findDue } from '../../src/persistence/metrics-store.ts';
import { newId } from '../support/test-lane.ts';

/** Bounds of the engine that no request reaches by itself: leases, look-ups, folds, sweeps, pauses. */

describe('leases of numbers', () => {
  test('double from the least to the most, and cover a shortage that is larger', () => {
    const ranges = new NumberRanges(limits.leaseNumbersMin, limits.leaseNumbersMax);
    const sizes = Array.from({ length: 10 }, () => ranges.leaseSize('order', 1));
    expect(sizes).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000]);
    expect(ranges.leaseSize('order', 2_500)).toBe(2_500);
  });
});

describe('an outcome that cannot be looked up', () => {
  test('is asked for so many times and then said to be unknown', async () => {
    let lookups = 0;
    const lost = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'));
    const statement = { bind: () => statement, all: () => ++lookups && lost() };
    const session = { prepare: () => statement, batch: lost, getBookmark: () => null };
    const db = { prepare: () => statement, withSession: () => session } as unknown as D1Database;
    const committer = new Committer(
      { db, announceDue: () => undefined, pause: async () => undefined, log: () => undefined },
      limits,
    );
    const [outcome] = await committer.commit([
      {
        commitId: newId(),
        laneId: newId(),
        sequence: 1,
        committedAt: '2026-03-01T12:00:00.000Z',
        commands: 1,
        rows: { lane_commit: ['[]'] },
        deltaAccountIds: [],
        flagAccountIds: [],
        withdrawnDateAccountIds: [],
        reads: [],
        writes: [],
        bytes: 2,
      },
    ]);
    expect(outcome).toEqual({ kind: 'unknown' });
    expect(lookups).toBe(limits.lookupAttemptsMax);
  });
});

describe('the consumer and the sweep', () => {
  test('fold no more accounts in one transaction than the limit', async () => {
    const folded: number[] = [];
    const statement = (ids: string) => ({ ids });
    const db = {
      prepare: () => ({ bind: statement }),
      batch: async ([first]: Array<{ ids: string }>) => {
        folded.push((JSON.parse(first!.ids) as string[]).length);
        return [];
      },
    } as unknown as D1Database;
    const accountIds = Array.from({ length: limits.foldAccountsMax * 2 + 1 }, newId);
    const batch = createMessageBatch('spillway-metrics', [
      { id: newId(), timestamp: new Date(), attempts: 1, body: { version: 1, accountIds } },
    ]);
    await consumeMetrics(batch, { db, now: () => '2026-03-01T12:00:00.000Z', log: () => undefined });
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toHaveLength(1);
    expect(folded).toEqual([limits.foldAccountsMax, limits.foldAccountsMax, 1]);
  });

  test('take the oldest due accounts first, up to the number asked for', async () => {
    const ids = [newId(), newId(), newId()];
    await env.DB.batch(
      ids.map((id, i) =>
        env.DB.prepare('INSERT INTO metrics_due (account_id, since) VALUES (?, ?)').bind(
          id,
          `2026-01-0${3 - i}`,
        ),
      ),
    );
    expect(await findDue(env.DB, '2026-02-01', 2)).toEqual([ids[2], ids[1]]);
  });
});

describe('pauses between attempts', () => {
  test('grow up to the longest, with jitter below it', async () => {
    const waits: number[] = [];
    const real = globalThis.setTimeout;
    globalThis.setTimeout = ((run: () => void, ms: number) => {
      waits.push(ms);
      return real(run, 0);
    }) as unknown as typeof setTimeout;
    try {
      for (const attempt of [1, 2, 5, 50]) await pauseBetweenAttempts(attempt);
    } finally {
      globalThis.setTimeout = real;
    }
    const longest = [1, 2, 5, 50].map((attempt) =>
      Math.min(limits.retryPauseMaxMs, limits.retryPauseMinMs * 2 ** Math.min(attempt, 10)),
    );
    for (const [i, ms] of waits.entries()) {
      expect(ms).toBeGreaterThanOrEqual(longest[i]! / 2);
      expect(ms).toBeLessThanOrEqual(longest[i]!);
    }
    expect(waits).toHaveLength(4);
    expect(longest.at(-1)).toBe(limits.retryPauseMaxMs);
  });
});
