import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, sha256Hex } from '../../src/auth/clients.ts';
import { hashPassword, passwordCost } from '../../src/auth/passwords.ts';
import { endSession, startSession, userOfSession } from '../../src/auth/sessions.ts';
import { checkClient, checkSignIn } from '../../src/auth/sign-in.ts';
import { addressOf, admitSignIn, giveBack } from '../../src/auth/sign-in-rate.ts';
import { changeUser } from '../../src/auth/users.ts';
import { limits } from '../../src/env.ts';
import { expire } from '../../src/jobs/expire.ts';

// Sessions by a clock that tests move: how they go on and end; and who waits after wrong sign-ins, an address and never an account.

const PASSWORD = 'correct horse battery';
const CHEAP = { N: 2, r: 1, p: 1 };
const SECOND_MS = 1_000;
const START_MS = Date.parse('2026-11-02T09:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();

async function insertUser(id: string, role = 'read'): Promise<string> {
  await env.DB.prepare(
    'INSERT INTO web_user (id, email, name, role, password_hash, created_at) VALUES (?1, ?2, ?1, ?3, ?4, ?5)',
  )
    .bind(id, `${id}@example.com`, role, hashPassword(PASSWORD, CHEAP), iso(START_MS))
    .run();
  return id;
}
const count = async (table: string, where: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).first<{ n: number }>())!.n;

beforeAll(async () => {
  await insertUser('root', 'admin');
  await insertUser('amy');
});

describe('a session', () => {
  test('is kept as a hash alone', async () => {
    const token = await startSession(env.DB, 'amy', START_MS);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(await count('web_session', `token_hash = '${token}'`)).toBe(0);
    expect(await count('web_session', `token_hash = '${await sha256Hex(token)}'`)).toBe(1);
    expect(await userOfSession(env.DB, token, START_MS)).toEqual({
      id: 'amy',
      email: 'amy@example.com',
      name: 'amy',
      role: 'read',
      locale: null,
      timeZone: null,
      theme: 'system',
    });
  });

  test.each(['', 'x', '0'.repeat(64), '0'.repeat(65), "' OR 1=1 --", 'A'.repeat(64)])(
    'is none for the token %j',
    async (token) => expect(await userOfSession(env.DB, token, START_MS)).toBeNull(),
  );

  test('that is not used ends after sessionIdleS', async () => {
    const token = await startSession(env.DB, 'amy', START_MS);
    const endMs = START_MS + limits.sessionIdleS * SECOND_MS;
    expect(await userOfSession(env.DB, token, endMs)).toBeNull();
    expect(await userOfSession(env.DB, token, endMs - 1)).not.toBeNull();
  });

  test('that is used goes on, but not past sessionLifetimeS', async () => {
    const token = await startSession(env.DB, 'amy', START_MS);
    const endMs = START_MS + limits.sessionLifetimeS * SECOND_MS;
    const stepMs = (limits.sessionIdleS - 1) * SECOND_MS;
    for (let atMs = START_MS; atMs < endMs; atMs += stepMs) {
      expect([atMs, await userOfSession(env.DB, token, atMs)]).not.toEqual([atMs, null]);
    }
    expect(await userOfSession(env.DB, token, endMs)).toBeNull();
  });

  test('writes its end again only when that has moved by sessionRenewS', async () => {
    const token = await startSession(env.DB, 'amy', START_MS);
    const hash = await sha256Hex(token);
    const end = async () =>
      (await env.DB.prepare('SELECT expires_at AS at FROM web_session WHERE token_hash = ?1')
        .bind(hash)
        .first<{ at: string }>())!.at;
    const renewMs = limits.sessionRenewS * SECOND_MS;
    const first = iso(START_MS + limits.sessionIdleS * SECOND_MS);
    await userOfSession(env.DB, token, START_MS + renewMs - 1);
    expect(await end()).toBe(first);
    await userOfSession(env.DB, token, START_MS + renewMs + limits.tokenCacheMs);
    expect(await end()).toBe(iso(Date.parse(first) + renewMs + limits.tokenCacheMs));
  });

  test('is remembered for tokenCacheMs; signing out ends it at once', async () => {
    const token = await startSession(env.DB, 'amy', START_MS);
    expect(await userOfSession(env.DB, token, START_MS)).not.toBeNull();
    await env.DB.prepare('DELETE FROM web_session WHERE token_hash = ?1')
      .bind(await sha256Hex(token))
      .run();
    expect(await userOfSession(env.DB, token, START_MS + limits.tokenCacheMs - 1)).not.toBeNull();
    expect(await userOfSession(env.DB, token, START_MS + limits.tokenCacheMs)).toBeNull();

    const [ended, other] = [
      await startSession(env.DB, 'amy', START_MS),
      await startSession(env.DB, 'amy', START_MS),
    ];
    for (const each of [ended, other]) expect(await userOfSession(env.DB, each, START_MS)).not.toBeNull();
    await endSession(env.DB, ended);
    expect(await userOfSession(env.DB, ended, START_MS)).toBeNull();
    expect(await userOfSession(env.DB, other, START_MS)).not.toBeNull();
  });

  test('that was being read while it was ended is not remembered', async () => {
    const token = await startSession(env.DB, 'amy', START_MS);
    await Promise.all([userOfSession(env.DB, token, START_MS), endSession(env.DB, token)]);
    expect(await userOfSession(env.DB, token, START_MS)).toBeNull();
  });

  test('shows a changed user at once, and ends when the user is disabled, also once he may come back', async () => {
    const id = await insertUser('bob');
    const token = await startSession(env.DB, id, START_MS);
    expect(await userOfSession(env.DB, token, START_MS)).toMatchObject({ role: 'read' });
    await changeUser(env.DB, id, { role: 'standard' }, iso(START_MS));
    expect(await userOfSession(env.DB, token, START_MS)).toMatchObject({ role: 'standard' });
    await changeUser(env.DB, id, { disabled: true }, iso(START_MS));
    expect(await userOfSession(env.DB, token, START_MS)).toBeNull();
    await changeUser(env.DB, id, { disabled: false }, iso(START_MS));
    expect(await userOfSession(env.DB, token, START_MS)).toBeNull();
  });
});

/** A minute of its own for each: the isolate's bound counts minutes. */
let minutes = 0;
const freshWindowMs = () => START_MS + ++minutes * limits.signInWindowS * SECOND_MS;
const signIn = (email: string, password: string, address: string, nowMs: number) =>
  checkSignIn(env.DB, { email, password, address }, nowMs);

describe('signing in', () => {
  test('says the same of an unknown email, a wrong password and a disabled user', async () => {
    await insertUser('gone');
    await changeUser(env.DB, 'gone', { disabled: true }, iso(START_MS));
    const nowMs = freshWindowMs();
    expect(await signIn('nobody@example.com', PASSWORD, 'a', nowMs)).toBeNull();
    expect(await signIn('amy@example.com', `${PASSWORD}.`, 'a', nowMs)).toBeNull();
    expect(await signIn('gone@example.com', PASSWORD, 'a', nowMs)).toBeNull();
    expect(await signIn(' Amy@Example.com ', PASSWORD, 'a', nowMs)).toEqual({ userId: 'amy' });
  });

  test('renews a hash that was made at another cost, when the password is right', async () => {
    const id = await insertUser('old');
    const cost = async () =>
      (await env.DB.prepare('SELECT password_hash AS hash FROM web_user WHERE id = ?1')
        .bind(id)
        .first<{ hash: string }>())!.hash
        .split('$')
        .slice(1, 4)
        .map(Number);
    const nowMs = freshWindowMs();
    await signIn('old@example.com', 'wrong horse battery', 'a', nowMs);
    expect(await cost()).toEqual([CHEAP.N, CHEAP.r, CHEAP.p]);
    await signIn('old@example.com', PASSWORD, 'a', nowMs);
    expect(await cost()).toEqual([passwordCost.N, passwordCost.r, passwordCost.p]);
    expect(await signIn('old@example.com', PASSWORD, 'a', nowMs)).toEqual({ userId: id });
  });

  test('is refused to an address after signInAttemptsMax wrong ones, right or wrong; another signs in to the same account', async () => {
    const nowMs = freshWindowMs();
    expect(await signIn('amy@example.com', 'wrong horse battery', 'many', nowMs)).toBeNull();
    const others = Array.from({ length: limits.signInAttemptsMax + 2 }, () =>
      admitSignIn(env.DB, 'many', nowMs),
    );
    const admitted = (await Promise.all(others)).filter((admission) => admission.admitted);
    expect(admitted).toHaveLength(limits.signInAttemptsMax - 1);
    const delay = { admitted: false, retryAfterS: limits.signInWindowS };
    expect(await signIn('amy@example.com', PASSWORD, 'many', nowMs)).toEqual(delay);
    expect(await signIn('amy@example.com', PASSWORD, 'other', nowMs)).toEqual({ userId: 'amy' });
    const laterMs = nowMs + limits.signInWindowS * SECOND_MS;
    expect(await signIn('amy@example.com', PASSWORD, 'many', laterMs - SECOND_MS)).toMatchObject({
      retryAfterS: 1,
    });
    expect(await signIn('amy@example.com', PASSWORD, 'many', laterMs)).toEqual({ userId: 'amy' });
  });

  test('that is right is not counted', async () => {
    const nowMs = freshWindowMs();
    for (let i = 0; i <= limits.signInAttemptsMax; i++) {
      const admission = await admitSignIn(env.DB, 'office', nowMs);
      expect([i, admission.admitted]).toEqual([i, true]);
      if (admission.admitted) await giveBack(env.DB, admission);
    }
  });

  test('that is wrong is bounded in an isolate, of all addresses together, for the rest of the minute', async () => {
    const nowMs = freshWindowMs();
    const max = limits.wrongPasswordsPerMinuteMax;
    for (let i = 0; i < max; i++) {
      expect([i, (await admitSignIn(env.DB, `address ${i}`, nowMs)).admitted]).toEqual([i, true]);
    }
    expect(await admitSignIn(env.DB, 'one more', nowMs + 20_000)).toEqual({
      admitted: false,
      retryAfterS: 40,
    });
    expect((await admitSignIn(env.DB, 'one more', nowMs + 60_000)).admitted).toBe(true);
  });

  test('that is wrong is bounded in an isolate also when many come at once; one that D1 fails or the address waits for is not counted', async () => {
    const nowMs = freshWindowMs();
    const failing = { prepare: () => ({ bind: () => ({ first: () => Promise.reject(new Error('down')) }) }) };
    const max = limits.wrongPasswordsPerMinuteMax;
    for (let i = 0; i < max; i++) {
      await expect(admitSignIn(failing as never, 'down', nowMs)).rejects.toThrow('down');
    }
    for (let i = 0; i < limits.signInAttemptsMax + max; i++) await admitSignIn(env.DB, 'waits', nowMs);
    const many = Array.from({ length: max }, (_, i) => admitSignIn(env.DB, `at once ${i}`, nowMs));
    const admitted = (await Promise.all(many)).filter((admission) => admission.admitted);
    expect(admitted).toHaveLength(max - limits.signInAttemptsMax);
  });

  test('as an API client needs its id and secret, and is counted like a password', async () => {
    const nowMs = freshWindowMs();
    const { id, secret } = await createClient(env.DB, 'first', 'admin', iso(nowMs));
    const check = (tried: string) =>
      checkClient(env.DB, { clientId: id, secret: tried, address: 'setup' }, nowMs);
    expect(await check(secret)).toEqual({ role: 'admin' });
    for (let i = 0; i < limits.signInAttemptsMax; i++) expect(await check('wrong')).toBeNull();
    expect(await check(secret)).toMatchObject({ admitted: false });
  });
});

test.each([
  [undefined, 'local'],
  ['', 'local'],
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['x'.repeat(1_000), 'x'.repeat(64)],
])('the address %j is counted as %j', (ip, counted) => expect(addressOf(ip)).toBe(counted));

test('sessions that are over and counts of windows that are over are deleted by the sweep’s job', async () => {
  await env.DB.batch([
    env.DB.prepare('DELETE FROM web_session'),
    env.DB.prepare('DELETE FROM sign_in_attempt'),
  ]);
  const nowMs = freshWindowMs();
  const idleMs = limits.sessionIdleS * SECOND_MS;
  await startSession(env.DB, 'amy', nowMs - idleMs - 1);
  await startSession(env.DB, 'amy', nowMs - idleMs);
  await admitSignIn(env.DB, 'past', nowMs - 1);
  await admitSignIn(env.DB, 'present', nowMs);
  await expire(env.DB, iso(nowMs));
  expect(await count('web_session', '1')).toBe(1);
  expect(await count('sign_in_attempt', '1')).toBe(2);
  await expire(env.DB, iso(nowMs + limits.signInWindowS * SECOND_MS));
  expect(await count('sign_in_attempt', "address = 'present'")).toBe(1);
  expect(await count('sign_in_attempt', '1')).toBe(1);
});
