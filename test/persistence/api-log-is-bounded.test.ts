import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { type Limits, limits } from '../../src/env.ts';
import { ApiLogBuffer, type Background } from '../../src/http/api-log/buffer.ts';
import type { PassedCall } from '../../src/http/api-log/entries.ts';
import { CallBudget } from '../../src/persistence/api-log/call-budget.ts';
import { LogStore } from '../../src/persistence/api-log/log-store.ts';
import type { LoggedCall } from '../../src/persistence/api-log/logged-call.ts';

// The API log holds no more than it may, forgets in small steps, and says how much it did not keep.

const NOW = Date.parse('2026-11-27T12:00:00Z');
const DAY_MS = 86_400_000;

const SMALL: Limits = { ...limits, apiLogCallsMax: 5, apiLogBytesMax: 1_000_000, apiLogCallsScannedMax: 10 };

let objects = 0;
/** A log of its own, with other limits. */
function onStore<Result>(given: Limits, work: (store: LogStore, sql: SqlStorage) => Result): Promise<Result> {
  const stub = env.LOG.get(env.LOG.idFromName(`bounded-${++objects}`));
  return runInDurableObject(stub, (_, state) => {
    const store = new LogStore(state.storage.sql, given);
    return work(store, state.storage.sql);
  });
}

const numbered = (i: number, fields: Partial<LoggedCall> = {}): LoggedCall => ({
  requestId: `request-${i}`,
  trackId: null,
  atMs: NOW + i,
  clientId: 'client',
  source: 'api',
  method: 'GET',
  path: `/v1/accounts/${i}`,
  status: 200,
  ms: 1,
  accounts: [`account-${i % 2}`],
  idempotencyKey: null,
  isReplayed: false,
  errorCodes: [],
  isFailed: false,
  request: null,
  reply: null,
  ...fields,
});
const calls = (from: number, to: number, fields: Partial<LoggedCall> = {}) =>
  Array.from({ length: to - from }, (_, i) => numbered(from + i, fields));
const idsOf = (list: ReadonlyArray<{ readonly requestId: string }>) => list.map(({ requestId }) => requestId);

describe('the store', () => {
  test('keeps the newest so many calls; the others are gone from every look-up, in steps', async () => {
    await onStore(SMALL, (store, sql) => {
      store.append(calls(0, 12), [], NOW + 20);
      expect(store.removeOldest(NOW + 20, 3)).toBe('more');
      expect(sql.exec('SELECT count(*) AS n FROM call').one().n).toBe(9);
      expect(store.removeOldest(NOW + 20, 3)).toBe('more');
      expect(store.removeOldest(NOW + 20, 3)).toBe('later');
      const left = ['request-11', 'request-10', 'request-9', 'request-8', 'request-7'];
      expect(idsOf(store.list({}, 100, NOW + 20).calls)).toEqual(left);
      expect(sql.exec('SELECT count(*) AS n FROM call_account').one().n).toBe(5);
      expect(idsOf(store.list({ accounts: ['account-0'] }, 100, NOW + 20).calls)).toEqual([
        'request-10',
        'request-8',
      ]);
      expect(store.find('request-6', NOW + 20)).toBeNull();
      expect(store.find('request-7', NOW + 20)).toEqual(numbered(7));
      expect(store.removeOldest(NOW + 20, 3)).toBe('later');
    });
  });

  test('keeps so many bytes', async () => {
    const reply = { text: 'x'.repeat(300_000), characters: 300_000, leftOut: null };
    await onStore(SMALL, (store) => {
      store.append(calls(0, 4, { reply }), [], NOW + 20);
      store.removeOldest(NOW + 20, 100);
      expect(idsOf(store.list({}, 100, NOW + 20).calls)).toEqual(['request-3', 'request-2', 'request-1']);
      expect(store.find('request-1', NOW + 20)?.reply).toEqual(reply);
    });
  });

  test('shows nothing that is too old, also before it is removed, and is empty in the end', async () => {
    await onStore(SMALL, (store, sql) => {
      store.append(calls(0, 2), [{ second: Math.floor(NOW / 1_000), calls: 7 }], NOW + 20);
      const over = NOW + limits.apiLogDays * DAY_MS + 1;
      expect(idsOf(store.list({}, 100, over).calls)).toEqual(['request-1']);
      expect(store.find('request-0', over)).toBeNull();
      expect(store.find('request-1', over)).not.toBeNull();
      expect(store.removeOldest(over, 100)).toBe('later');
      expect(store.removeOldest(over + 2_000, 100)).toBe('nothing');
      for (const table of ['call', 'call_account', 'not_kept']) {
        expect(sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n).toBe(0);
      }
      expect(sql.exec('SELECT calls, bytes FROM log_state').one()).toEqual({ calls: 0, bytes: 0 });
    });
  });

  test('takes a burst and then so many in each second, of failures half as many beside them, and counts the others', async () => {
    const given = { ...limits, apiLogBurstCallsMax: 4, apiLogSustainedCallsPerSecond: 2 };
    await onStore(given, (store) => {
      const mixed = [...calls(0, 6), ...calls(6, 12, { isFailed: true, status: 400 })];
      store.append(mixed, [{ second: NOW / 1_000, calls: 10 }], NOW + 20);
      const first = store.list({}, 100, NOW + 20);
      expect(idsOf(first.calls)).toEqual([
        'request-7',
        'request-6',
        'request-3',
        'request-2',
        'request-1',
        'request-0',
      ]);
      expect(first.notKept).toEqual([{ second: NOW / 1_000, calls: 10 + 2 + 4 }]);
      store.append(calls(1_000, 1_006), [], NOW + 1_020);
      expect(idsOf(store.list({}, 2, NOW + 1_020).calls)).toEqual(['request-1001', 'request-1000']);
    });
  });

  test('looks at a bounded number of calls for one page, and goes on from there', async () => {
    await onStore({ ...SMALL, apiLogCallsMax: 100 }, (store) => {
      store.append([numbered(0, { method: 'POST' }), ...calls(1, 25)], [], NOW + 50);
      const pages: string[][] = [];
      let before: number | undefined;
      do {
        const page = store.list({ method: 'POST', before }, 100, NOW + 50);
        pages.push(idsOf(page.calls));
        before = page.next ?? undefined;
      } while (before !== undefined);
      expect(pages).toEqual([[], [], ['request-0']]);
    });
  });

  test('has calls of one millisecond in the order in which they came, and those that come late in their place', async () => {
    await onStore(limits, (store) => {
      store.append([numbered(5), numbered(1, { atMs: NOW + 5 }), numbered(7)], [], NOW + 50);
      store.append([numbered(6), numbered(2, { atMs: NOW + 5 })], [], NOW + 50);
      const expected = ['request-7', 'request-6', 'request-2', 'request-1', 'request-5'];
      expect(idsOf(store.list({}, 100, NOW + 50).calls)).toEqual(expected);
      const both = store.list({ accounts: ['account-0', 'account-1'] }, 100, NOW + 50);
      expect(idsOf(both.calls)).toEqual(expected);
    });
  });

  test('every look-up walks an index', async () => {
    await onStore(limits, (_, sql) => {
      for (const column of ['request_id', 'track_id', 'idempotency_key', 'client_id']) {
        const plan = sql
          .exec(
            `EXPLAIN QUERY PLAN SELECT id FROM call WHERE ${column} = ? AND id >= ? AND id < ? ORDER BY id DESC`,
            'x',
            0,
            1,
          )
          .toArray();
        expect(JSON.stringify(plan)).toMatch(/SEARCH call USING .*INDEX/);
        expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE');
      }
    });
  });
});

test('the object forgets what is too old by its alarm, also when nobody calls any more', async () => {
  const stub = env.LOG.get(env.LOG.idFromName('alarmed'));
  const ageIds = (limits.apiLogDays + 1) * DAY_MS * 1_000;
  await stub.append(calls(0, limits.apiLogRemovedCallsMax + 5, { atMs: Date.now() }), []);
  await runInDurableObject(stub, async (object, state) => {
    expect(await state.storage.getAlarm()).not.toBeNull();
    state.storage.sql.exec('UPDATE call_account SET call_id = call_id - ?', ageIds);
    state.storage.sql.exec('UPDATE call SET id = id - ?', ageIds);
    await state.storage.deleteAlarm();
    await object.alarm!();
    expect(state.storage.sql.exec('SELECT count(*) AS n FROM call').one().n).toBe(5);
    expect((await state.storage.getAlarm())!).toBeLessThanOrEqual(Date.now() + limits.apiLogRemoveNextMs);
    await state.storage.deleteAlarm();
    await object.alarm!();
    expect(state.storage.sql.exec('SELECT count(*) AS n FROM call_account').one().n).toBe(0);
    expect(await state.storage.getAlarm()).toBeNull();
  });
});

describe('a budget', () => {
  test('gives its burst, then what its rate has gained, and a clock that goes back changes nothing', () => {
    const budget = new CallBudget({ perSecond: 2, burst: 3 });
    expect([1, 2, 3, 4].map(() => budget.take(NOW))).toEqual([true, true, true, false]);
    expect([budget.take(NOW + 499), budget.take(NOW + 500), budget.take(NOW + 500)]).toEqual([
      false,
      true,
      false,
    ]);
    expect([budget.take(NOW - DAY_MS), budget.take(NOW + 999), budget.take(NOW + 1_000)]).toEqual([
      false,
      false,
      true,
    ]);
    expect([1, 2, 3, 4].map(() => budget.take(NOW + DAY_MS))).toEqual([true, true, true, false]);
  });
});

describe('the buffer of an isolate', () => {
  const passed = (i: number, fields: Partial<PassedCall> = {}): PassedCall =>
    ({
      ...numbered(i),
      ms: 1,
      requestText: undefined,
      requestType: undefined,
      replyText: undefined,
      ...fields,
    }) as never;

  /** What a buffer has sent. */
  function sent() {
    const appended: Array<{ calls: LoggedCall[]; notKept: unknown }> = [];
    const append = (list: LoggedCall[], notKept: unknown) =>
      Promise.resolve(void appended.push({ calls: list, notKept }));
    const LOG = { idFromName: () => 'x', get: () => ({ append }) } as never;
    return { appended, bindings: { ...env, LOG } };
  }

  test('takes so many calls of a second, failures beside the others, and counts the rest', async () => {
    const buffer = new ApiLogBuffer({ ...limits, apiLogCallsPerSecondMax: 2, apiLogFailuresPerSecondMax: 1 });
    const { appended, bindings } = sent();
    for (let i = 0; i < 5; i++) if (buffer.admits(false, NOW, NOW)) buffer.keep(passed(i));
    for (let i = 5; i < 8; i++) if (buffer.admits(true, NOW, NOW)) buffer.keep(passed(i));
    await buffer.send(bindings);
    expect(appended.map((one) => [idsOf(one.calls), one.notKept])).toEqual([
      [['request-0', 'request-1', 'request-5'], [{ second: NOW / 1_000, calls: 5 }]],
    ]);
  });

  test('holds so many calls and characters of bodies, and so many seconds', async () => {
    const buffer = new ApiLogBuffer({
      ...limits,
      apiLogBufferCallsMax: 2,
      apiLogBufferCharactersMax: 10,
      apiLogSecondsMax: 2,
    });
    const { appended, bindings } = sent();
    expect(buffer.admits(false, NOW, NOW)).toBe(true);
    buffer.keep(passed(0, { replyText: 'x'.repeat(8) }));
    buffer.keep(passed(1, { requestText: 'x'.repeat(3) }));
    buffer.keep(passed(2, { requestText: 'xx' }));
    for (const second of [1, 2]) expect(buffer.admits(false, NOW + second * 1_000, NOW)).toBe(false);
    await buffer.send(bindings);
    expect(appended.map((one) => [idsOf(one.calls), one.notKept])).toEqual([
      [
        ['request-0', 'request-2'],
        [
          { second: NOW / 1_000 + 1, calls: 1 },
          { second: NOW / 1_000 + 2, calls: 1 },
        ],
      ],
    ]);
  });

  test('starts one sending for all calls that wait, and another when the one it relied on must be lost', async () => {
    const buffer = new ApiLogBuffer({ ...limits, apiLogPauseMs: 0 });
    const { appended, bindings } = sent();
    const started: Promise<unknown>[] = [];
    const background: Background = { waitUntil: (promise) => void started.push(promise) };
    for (let i = 0; i < 3; i++) {
      buffer.keep(passed(i));
      buffer.sendBehind(() => background, bindings, NOW);
    }
    expect(started).toHaveLength(1);
    await started[0];
    expect(appended.map((one) => idsOf(one.calls))).toEqual([['request-0', 'request-1', 'request-2']]);
    buffer.sendBehind(() => null, bindings, NOW);
    buffer.sendBehind(() => ({ waitUntil: () => undefined }), bindings, NOW);
    buffer.sendBehind(() => background, bindings, NOW + 1_000);
    expect(started).toHaveLength(1);
    buffer.sendBehind(() => background, bindings, NOW + 60_000);
    expect(started).toHaveLength(2);
    await started[1];
  });
});
