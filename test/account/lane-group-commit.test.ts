import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { commandFor, newId, testLane } from '../support/test-lane.ts';

/** The lane over real D1: many commands per commit, each answered for itself, nothing lost or done twice. */

async function openAccount(partnerAccount = false): Promise<string> {
  const id = newId();
  const outcome = await testLane({ laneId: `open-${id}` }).send('open', {
    id,
    accountNumber: `T-${id}`,
    partnerAccount,
  });
  expect(outcome.status).toBe(200);
  return id;
}

async function dayOf(accountId: string): Promise<number> {
  const row = await env.DB.prepare('SELECT bill_cycle_day AS day FROM account WHERE id = ?')
    .bind(accountId)
    .first<{ day: number }>();
  return row!.day;
}

async function commitsOf(laneId: string): Promise<Array<{ sequence: number; commands: number }>> {
  const { results } = await env.DB.prepare(
    'SELECT sequence, commands FROM lane_commit WHERE lane_id = ? ORDER BY sequence',
  )
    .bind(laneId)
    .all<{ sequence: number; commands: number }>();
  return results;
}

describe('group commit', () => {
  test('commands that wait for a commit share the next one, and each sees those before it', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => send('bump', { accountId, by: 1 })));
    expect(outcomes.map((o) => JSON.parse(o.body).day)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    expect(await dayOf(accountId)).toBe(21);
    expect(await commitsOf(accountId)).toEqual([{ sequence: 1, commands: 20 }]);
  });

  test('a refusal disturbs nobody', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId });
    const outcomes = await Promise.all([10, 25, 10, 25, 10].map((by) => send('bump', { accountId, by })));
    expect(outcomes.map((o) => o.status)).toEqual([200, 400, 200, 400, 200]);
    expect(JSON.parse(outcomes[1]!.body).reasons[0].message).toContain('by');
    expect(await dayOf(accountId)).toBe(31);
  });

  test('a defect in one decision is that command’s own: 503, the others commit', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId });
    const outcomes = await Promise.all([
      send('bump', { accountId, by: 1 }),
      send('fail', {}),
      send('bump', { accountId, by: 1 }),
    ]);
    expect(outcomes.map((o) => o.status)).toEqual([200, 503, 200]);
    expect(await dayOf(accountId)).toBe(3);
  });

  test('a payload that its command cannot have is 503 and leaves its key free', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId });
    const keyed = { idempotency: { key: `needs-${accountId}`, requestHash: 'h' } };
    expect((await send('bump', null as never, keyed)).status).toBe(503);
    expect((await send('bump', { accountId, by: 1 }, keyed)).status).toBe(200);
  });

  test('a constraint failure rejects the guilty command and re-commits the rest', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId });
    const outcomes = await Promise.all([
      send('bump', { accountId, by: 1 }),
      send('bump', { accountId, by: 1 }),
      send('poison', {}),
      send('bump', { accountId, by: 1 }),
    ]);
    expect(outcomes.map((o) => o.status)).toEqual([200, 200, 400, 200]);
    expect(await dayOf(accountId)).toBe(4);
  });

  test('a group takes no more commands and bytes than its limits', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId, limits: { groupCommandsMax: 4, groupBytesMax: 1_000 } });
    await Promise.all(Array.from({ length: 6 }, () => send('bump', { accountId, by: 1 })));
    await Promise.all(Array.from({ length: 4 }, () => send('bump', { accountId, by: 1 }, { bytes: 600 })));
    expect((await commitsOf(accountId)).map((c) => c.commands)).toEqual([4, 2, 1, 1, 1, 1]);
  });

  test('a full queue is refused with 503', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId, limits: { queueCommandsMax: 3 } });
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => send('bump', { accountId, by: 1 })));
    expect(outcomes.filter((o) => o.status === 503)).not.toHaveLength(0);
    expect(outcomes.filter((o) => o.status === 200)).toHaveLength((await dayOf(accountId)) - 1);
  });

  test('an unknown command or version is refused, never guessed', async () => {
    const { send } = testLane({ laneId: 'lane-unknown' });
    expect((await send('order.of.tomorrow', {})).status).toBe(503);
    expect((await send('fail', {}, { version: 2 as 1 })).status).toBe(503);
  });
});

describe('rival copies of one object', () => {
  test('the copy that comes second is fenced, reloads and decides again', async () => {
    const accountId = await openAccount();
    const [a, b] = [testLane({ laneId: accountId }), testLane({ laneId: accountId })];
    await Promise.all([a.send('bump', { accountId, by: 1 }), b.send('bump', { accountId, by: 1 })]);
    for (let i = 0; i < 5; i++) {
      const outcomes = await Promise.all([a, b, a, b].map(({ send }) => send('bump', { accountId, by: 1 })));
      expect(outcomes.map((o) => o.status)).toEqual([200, 200, 200, 200]);
    }
    expect(await dayOf(accountId)).toBe(23);
    const commits = await commitsOf(accountId);
    expect(commits.map((c) => c.sequence)).toEqual(commits.map((_, i) => i + 1));
  });

  test('a refusal that rests on a stale cache is decided again on fresh state', async () => {
    const accountId = await openAccount();
    const [a, b] = [testLane({ laneId: accountId }), testLane({ laneId: `other-${accountId}` })];
    expect((await a.send('bump', { accountId, by: 30 })).status).toBe(200);
    expect((await b.send('bump', { accountId, by: -20 })).status).toBe(200);
    // a still remembers day 31; on what is stored now, +10 is fine.
    expect((await a.send('bump', { accountId, by: 10 })).status).toBe(200);
    expect(await dayOf(accountId)).toBe(21);
  });
});

describe('idempotency keys', () => {
  const key = (name: string, requestHash = 'h1') => ({ idempotency: { key: `${name}`, requestHash } });

  test('the first reply is given again, byte for byte, with one effect; failures too', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId });
    const first = await send('bump', { accountId, by: 1 }, key(`a-${accountId}`));
    const again = await send('bump', { accountId, by: 1 }, key(`a-${accountId}`));
    expect(again).toMatchObject({ status: 200, body: first.body, replayed: true });
    const refused = await send('bump', { accountId, by: 99 }, key(`b-${accountId}`));
    const refusedAgain = await send('bump', { accountId, by: 99 }, key(`b-${accountId}`));
    expect(refusedAgain).toMatchObject({ status: 400, body: refused.body, replayed: true });
    expect(await dayOf(accountId)).toBe(2);
  });

  test('another request under the same key is 422, also from another lane', async () => {
    const accountId = await openAccount();
    const name = `c-${accountId}`;
    await testLane({ laneId: accountId }).send('bump', { accountId, by: 1 }, key(name));
    for (const laneId of [accountId, `other-${accountId}`]) {
      const outcome = await testLane({ laneId }).send('bump', { accountId, by: 2 }, key(name, 'h2'));
      expect(outcome.status).toBe(422);
    }
    expect(await dayOf(accountId)).toBe(2);
  });

  test('while the first is running the second is 409, and other content is 422', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId });
    const name = `d-${accountId}`;
    const outcomes = await Promise.all([
      send('bump', { accountId, by: 1 }, key(name)),
      send('bump', { accountId, by: 1 }, key(name)),
      send('bump', { accountId, by: 3 }, key(name, 'h2')),
    ]);
    expect(outcomes.map((o) => o.status)).toEqual([200, 409, 422]);
    expect(await dayOf(accountId)).toBe(2);
  });

  test('two lanes with the same key at once have one effect', async () => {
    const accountId = await openAccount();
    const name = `e-${accountId}`;
    const outcomes = await Promise.all(
      [accountId, `other-${accountId}`].map((laneId) =>
        testLane({ laneId }).send('bump', { accountId, by: 1 }, key(name)),
      ),
    );
    expect(outcomes.map((o) => o.status)).toEqual([200, 200]);
    expect(outcomes[0]!.body).toBe(outcomes[1]!.body);
    expect(await dayOf(accountId)).toBe(2);
  });

  test('after 24 h the key is free again', async () => {
    const accountId = await openAccount();
    const name = `f-${accountId}`;
    const yesterday = testLane({ laneId: accountId, now: () => '2026-01-01T00:00:00.000Z' });
    const almost = testLane({ laneId: accountId, now: () => '2026-01-02T00:00:00.000Z' });
    const today = testLane({ laneId: accountId, now: () => '2026-01-02T00:00:00.001Z' });
    await yesterday.send('bump', { accountId, by: 1 }, key(name));
    expect((await almost.send('bump', { accountId, by: 1 }, key(name))).replayed).toBe(true);
    expect((await today.send('bump', { accountId, by: 1 }, key(name))).replayed).toBe(false);
    expect(await dayOf(accountId)).toBe(3);
  });
});

describe('outcomes that are not known', () => {
  function losing(lose: 'before' | 'after', times: number): D1Database {
    let left = times;
    const session = {
      prepare: (sql: string) => env.DB.prepare(sql),
      getBookmark: () => null,
      batch: async (statements: D1PreparedStatement[]) => {
        const lost = left-- > 0;
        if (lost && lose === 'before') throw new Error('D1_ERROR: Network connection lost.');
        const results = await env.DB.batch(statements);
        if (lost) throw new Error('D1_ERROR: Network connection lost.');
        return results;
      },
    };
    return {
      prepare: session.prepare,
      batch: (s: D1PreparedStatement[]) => env.DB.batch(s),
      withSession: () => session,
    } as unknown as D1Database;
  }

  test.each(['before', 'after'] as const)(
    'a commit whose reply is lost (%s running) is resolved by its id',
    async (lose) => {
      const accountId = await openAccount(true);
      const { send, announced } = testLane({ laneId: accountId, db: losing(lose, 1) });
      const outcome = await send('bump', { accountId, by: 1, amountMinor: 500 });
      expect(outcome).toMatchObject({ status: 200, body: '{"day":2}' });
      expect(await dayOf(accountId)).toBe(2);
      expect(announced).toEqual([[accountId]]);
    },
  );

  test('when asking never helps, the caller is told that it is unknown', async () => {
    const accountId = await openAccount();
    const { send } = testLane({ laneId: accountId, db: losing('before', 1_000) });
    const outcome = await send('bump', { accountId, by: 1 });
    expect(outcome).toMatchObject({ status: 503 });
    expect(JSON.parse(outcome.body).reasons[0].message).toContain('not known');
  });

  test('a command that is sent again after it was committed has one effect and says so', async () => {
    const accountId = await openAccount();
    const command = commandFor('bump', { accountId, by: 1 });
    await testLane({ laneId: accountId }).lane.submit(command, false);
    const again = await testLane({ laneId: accountId }).lane.submit(command, true);
    expect(again.status).toBe(503);
    expect(JSON.parse(again.body).reasons[0].message).toContain('took effect');
    expect(await dayOf(accountId)).toBe(2);
  });

  test('an overloaded database is 503 at once: nothing happened, no storm of retries', async () => {
    const accountId = await openAccount();
    let batches = 0;
    const session = {
      prepare: (sql: string) => env.DB.prepare(sql),
      getBookmark: () => null,
      batch: async () => {
        batches++;
        throw new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.');
      },
    };
    const db = {
      prepare: session.prepare,
      batch: (s: D1PreparedStatement[]) => env.DB.batch(s),
      withSession: () => session,
    } as unknown as D1Database;
    expect((await testLane({ laneId: accountId, db }).send('bump', { accountId, by: 1 })).status).toBe(503);
    expect(batches).toBe(1);
    expect(await dayOf(accountId)).toBe(1);
  });
});

describe('metrics are marked, not computed, by the writer', () => {
  test('two hundred writes on a partner ask for one fold', async () => {
    const accountId = await openAccount(true);
    const { send, announced } = testLane({ laneId: accountId });
    await Promise.all(Array.from({ length: 200 }, () => send('bump', { accountId, by: 0, amountMinor: 5 })));
    expect(announced).toEqual([[accountId]]);
    const due = await env.DB.prepare('SELECT account_id FROM metrics_due WHERE account_id = ?')
      .bind(accountId)
      .all();
    expect(due.results).toHaveLength(1);
    const published = await env.DB.prepare('SELECT * FROM account_metrics WHERE account_id = ?')
      .bind(accountId)
      .all();
    expect(published.results).toHaveLength(0);
  });

  test('an ordinary account is exact in the reply; clearing the flag folds what is pending', async () => {
    const accountId = await openAccount(true);
    const { send, announced } = testLane({ laneId: accountId });
    const published = async () =>
      (
        await env.DB.prepare(
          'SELECT total_invoice_balance_minor AS tib FROM account_metrics WHERE account_id = ?',
        )
          .bind(accountId)
          .first<{ tib: number }>()
      )?.tib;
    await send('bump', { accountId, by: 0, amountMinor: 700 });
    expect(await published()).toBeUndefined();
    await send('bump', { accountId, by: 0, flag: false });
    expect(await published()).toBe(700);
    await send('bump', { accountId, by: 0, amountMinor: 11 });
    expect(await published()).toBe(711);
    await send('bump', { accountId, by: 0, flag: true, amountMinor: 5 });
    expect(await published()).toBe(711);
    expect(announced).toEqual([[accountId], [accountId]]);
  });
});
