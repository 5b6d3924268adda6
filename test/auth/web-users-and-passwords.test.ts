import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { newTimeOrderedId } from '../../src/account/runtime.ts';
import type { Role } from '../../src/auth/clients.ts';
import { checkPassword, hashPassword, passwordCost, passwordProblem } from '../../src/auth/passwords.ts';
import { startSession, userOfSession } from '../../src/auth/sessions.ts';
import {
  changeUser,
  createFirstUser,
  createUser,
  findUser,
  hasUsers,
  type ListedUser,
  listUsers,
  setPassword,
} from '../../src/auth/users.ts';
import { limits } from '../../src/env.ts';

// Web users as they are stored: passwords as slow hashes alone, one user per address, and always an administrator who can sign in.

const PASSWORD = 'correct horse battery';
/** For hashes that only have to be there. */
const CHEAP = { N: 2, r: 1, p: 1 };
const now = () => new Date().toISOString();
const newUser = (email: string, role: Role = 'read') => {
  return { id: newTimeOrderedId(now()), email, name: 'Amy', role, password: PASSWORD };
};
const made = async (email: string, role: Role = 'read') =>
  (await createUser(env.DB, newUser(email, role), now())) as ListedUser;
const stored = async (id: string) =>
  (await env.DB.prepare('SELECT password_hash AS hash FROM web_user WHERE id = ?1')
    .bind(id)
    .first<{ hash: string }>())!.hash;

test('of two first users that are made at once there is one, and none after', async () => {
  expect(await hasUsers(env.DB)).toBe(false);
  const outcomes = await Promise.all(
    ['one@example.com', 'two@example.com'].map((email) => createFirstUser(env.DB, newUser(email), now())),
  );
  expect(outcomes.filter((outcome) => 'refused' in outcome)).toHaveLength(1);
  expect(await hasUsers(env.DB)).toBe(true);
  const [first, ...others] = await listUsers(env.DB);
  expect([first?.role, others]).toEqual(['admin', []]);
  expect(await createFirstUser(env.DB, newUser('three@example.com'), now())).toMatchObject({
    category: 'rule',
  });
});

describe('a password', () => {
  test('is kept as its cost, a salt and a hash, of which it is not seen', () => {
    const [one, other] = [hashPassword(PASSWORD, CHEAP), hashPassword(PASSWORD, CHEAP)];
    expect(one).toMatch(/^scrypt\$2\$1\$1\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
  });

  test('is right or wrong, at whatever cost its hash was made', () => {
    for (const cost of [CHEAP, { N: 16, r: 2, p: 3 }, passwordCost]) {
      const hash = hashPassword(PASSWORD, cost);
      const isOutdated = cost !== passwordCost;
      expect(checkPassword(PASSWORD, hash)).toEqual({ isRight: true, isOutdated });
      expect(checkPassword(`${PASSWORD}.`, hash)).toEqual({ isRight: false, isOutdated });
    }
  });

  test('of nobody is wrong', () => {
    expect(checkPassword(PASSWORD, null).isRight).toBe(false);
    expect(checkPassword('', null).isRight).toBe(false);
  });

  test('is the same in every form of its characters', () => {
    const hash = hashPassword('Zu\u0308rich Zu\u0308rich', CHEAP);
    expect(checkPassword('Z\u00fcrich Z\u00fcrich', hash).isRight).toBe(true);
  });

  test('that is longer than any is wrong, though one without characters has the same hash', () => {
    const hash = hashPassword('', CHEAP);
    expect(checkPassword('x'.repeat(limits.passwordCharactersMax + 1), hash).isRight).toBe(false);
  });

  test('has 12 to 200 characters, counted as people do, and is not the email', () => {
    const problem = (password: string) => passwordProblem(password, 'amy@example.com')?.message;
    expect(problem('x'.repeat(12))).toBeUndefined();
    expect(problem('x'.repeat(200))).toBeUndefined();
    expect(problem('\u{1F40E}'.repeat(200))).toBeUndefined();
    expect(problem('x'.repeat(11))).toContain('12 to 200');
    expect(problem('\u{1F40E}'.repeat(11))).toContain('12 to 200');
    expect(problem('x'.repeat(201))).toContain('12 to 200');
    expect(problem('\u{1F40E}'.repeat(201))).toContain('12 to 200');
    expect(problem(' Amy@Example.com')).toContain('email');
  });

  test('that is set ends the sessions of its user, but for the one that is named', async () => {
    const { id } = await made('changes@example.com');
    const [here, elsewhere] = [
      await startSession(env.DB, id, Date.now()),
      await startSession(env.DB, id, Date.now()),
    ];
    expect(await userOfSession(env.DB, elsewhere, Date.now())).toMatchObject({ id });
    expect(await setPassword(env.DB, id, 'another horse battery', here)).toBeNull();
    expect(await userOfSession(env.DB, elsewhere, Date.now())).toBeNull();
    expect(await userOfSession(env.DB, here, Date.now())).toMatchObject({ id });
    expect(checkPassword('another horse battery', await stored(id))).toMatchObject({ isRight: true });
    expect(await setPassword(env.DB, id, 'short')).toMatchObject({ field: 'password' });
    expect(await setPassword(env.DB, 'nobody', PASSWORD)).toMatchObject({ category: 'not_found' });
    expect(checkPassword('another horse battery', await stored(id))).toMatchObject({ isRight: true });
  });
});

describe('an address', () => {
  test('is one user, however it is written', async () => {
    const { email } = await made('Amy.Lawrence@Example.com');
    expect(email).toBe('amy.lawrence@example.com');
    expect(await createUser(env.DB, newUser(' AMY.lawrence@example.COM'), now())).toMatchObject({
      category: 'rule',
      field: 'email',
    });
  });

  test('that two take at once has one user', async () => {
    const outcomes = await Promise.all([1, 2].map(() => made('both@example.com')));
    expect(outcomes.filter((outcome) => 'refused' in outcome)).toHaveLength(1);
  });
});

describe('the last administrator who can sign in', () => {
  let only: ListedUser;
  let other: ListedUser;
  beforeAll(async () => {
    only = (await listUsers(env.DB)).find(({ role }) => role === 'admin')!;
    other = await made('second@example.com', 'admin');
    await changeUser(env.DB, other.id, { disabled: true }, now());
  });

  test.each([{ disabled: true }, { role: 'standard' as const }, { role: 'read' as const, disabled: true }])(
    'stays: %j',
    async (changes) => {
      const outcome = await changeUser(env.DB, only.id, { ...changes, name: 'Changed' }, now());
      expect(outcome).toMatchObject({ category: 'rule', message: expect.stringContaining('last') });
      expect(await findUser(env.DB, only.id)).toEqual(only);
    },
  );

  test('may change in other ways', async () => {
    const changes = { name: 'Ann', role: 'admin' as const, locale: 'de-CH', theme: 'dark' as const };
    const changed = await changeUser(env.DB, only.id, { ...changes, timeZone: 'Europe/Zurich' }, now());
    expect(changed).toEqual({ ...only, ...changes, timeZone: 'Europe/Zurich' });
    expect(await changeUser(env.DB, only.id, { locale: null, timeZone: null }, now())).toEqual({
      ...only,
      ...changes,
      locale: null,
      timeZone: null,
    });
  });

  test('is one of two who take each other’s place away at once', async () => {
    await changeUser(env.DB, other.id, { disabled: false }, now());
    const outcomes = await Promise.all([
      changeUser(env.DB, only.id, { role: 'read' }, now()),
      changeUser(env.DB, other.id, { disabled: true }, now()),
    ]);
    expect(outcomes.filter((outcome) => 'refused' in outcome)).toHaveLength(1);
  });
});

test('no more than usersMax users', async () => {
  const { length } = await listUsers(env.DB);
  await env.DB.prepare(
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) INSERT INTO web_user ' +
      "(id, email, name, role, password_hash, created_at) SELECT 'many' || i, 'many' || i, '', 'read', '', '' FROM n",
  )
    .bind(limits.usersMax - length - 1)
    .run();
  expect(await made('last@example.com')).toMatchObject({ email: 'last@example.com' });
  expect(await createUser(env.DB, newUser('over@example.com'), now())).toMatchObject({
    category: 'rule',
    message: expect.stringContaining(String(limits.usersMax)),
  });
  expect(await listUsers(env.DB)).toHaveLength(limits.usersMax);
});
