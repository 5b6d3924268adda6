import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Role } from '../../src/auth/clients.ts';
import { hashPassword } from '../../src/auth/passwords.ts';
import { startSession, userOfSession } from '../../src/auth/sessions.ts';
import { findUser } from '../../src/auth/users.ts';
import { limits } from '../../src/env.ts';
import { csrfTokenOf } from '../../src/ui/session.tsx';

// Signing in, out and for the first time, the profile and the users, as a browser meets them: cookies, redirects, and forms that come from elsewhere.

const PASSWORD = 'correct horse battery';
const CHEAP = { N: 2, r: 1, p: 1 };
const HTTPS = 'https://spillway.test';

interface Visit {
  readonly origin?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of whoever has signed in. */
  readonly token?: string;
}

async function visit(path: string, { origin = HTTPS, form, headers = {}, token }: Visit = {}) {
  const cookie = `${origin.startsWith('https') ? '__Host-spillway' : 'spillway'}=${token}`;
  const sent = {
    Accept: 'text/html',
    ...(token === undefined ? {} : { Cookie: cookie }),
    ...(form === undefined || headers['Sec-Fetch-Site'] !== undefined ? {} : { Origin: origin }),
    ...headers,
  };
  const request = new Request(`${origin}${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: sent,
    redirect: 'manual',
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
  const reply = await exports.default.fetch(request);
  return {
    status: reply.status,
    location: reply.headers.get('Location'),
    cookie: reply.headers.get('Set-Cookie') ?? '',
    headers: reply.headers,
    text: await reply.text(),
  };
}
const tokenIn = (cookie: string) => /spillway=([0-9a-f]{64});/.exec(cookie)?.[1];

/** A form of somebody who has signed in, as their pages would send it. */
async function submit(token: string, path: string, form: Record<string, string>, more: Visit = {}) {
  const proof = { _csrf: await csrfTokenOf(token), _key: crypto.randomUUID() };
  return visit(path, { ...more, token, form: { ...proof, ...form } });
}

async function insertUser(name: string, role: Role = 'read'): Promise<string> {
  await env.DB.prepare(
    'INSERT INTO web_user (id, email, name, role, password_hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)',
  )
    .bind(name, `${name}@example.com`, name, role, hashPassword(PASSWORD, CHEAP), new Date().toISOString())
    .run();
  return name;
}
const signedIn = (id: string) => startSession(env.DB, id, Date.now());
const signIn = (email: string, password: string, more: Visit = {}) =>
  visit('/sign-in', { ...more, form: { email, password, ...more.form } });

describe('before there is a user', () => {
  const setup = { name: 'Ann', email: 'ann@example.com', password: PASSWORD, passwordAgain: PASSWORD };
  const clientOf = async (role: Role) => {
    const { id, secret } = await createClient(env.DB, 'set-up', role, new Date().toISOString());
    return { clientId: id, clientSecret: secret };
  };

  test('nobody has a way in: signing in leads to the set-up', async () => {
    expect(await visit('/accounts')).toMatchObject({ status: 303, location: '/sign-in?next=%2Faccounts' });
    expect(await visit('/sign-in')).toMatchObject({ status: 303, location: '/setup' });
    const { n } = (await env.DB.prepare('SELECT count(*) AS n FROM web_user').first<{ n: number }>())!;
    expect(n).toBe(0);
    expect((await signIn('admin@example.com', 'spillway-local-password')).status).toBe(403);
  });

  test('the set-up is refused without an administrator’s client, from elsewhere, and to what was typed wrongly', async () => {
    const right = { ...(await clientOf('admin')), ...setup };
    const post = (form: Record<string, string>, headers = {}) => visit('/setup', { form, headers });
    for (const [form, status, says] of [
      [{ ...right, ...(await clientOf('standard')) }, 403, 'role admin'],
      [{ ...right, clientSecret: 'x' }, 403, 'No API client'],
      [{ ...setup, clientId: '', clientSecret: '' }, 403, 'No API client'],
      [{ ...right, password: 'short', passwordAgain: 'short' }, 400, '12 to 200'],
      [{ ...right, passwordAgain: `${PASSWORD}.` }, 400, 'not the same'],
      [{ ...right, email: 'ann' }, 400, 'email address'],
      [{ ...right, name: ' ' }, 400, 'must not be empty'],
    ] as const) {
      const reply = await post(form);
      expect([says, reply.status]).toEqual([says, status]);
      expect(reply.text.toLowerCase()).toContain(says.toLowerCase());
      expect(reply.text).not.toContain(right.clientSecret);
      expect(reply.cookie).toBe('');
    }
    expect((await post(right, { Origin: 'https://elsewhere.test' })).status).toBe(403);
    expect((await visit('/sign-in')).location).toBe('/setup');
  });

  test('an administrator’s client makes the first one, who is signed in; then there is no set-up', async () => {
    const form = { ...(await clientOf('admin')), ...setup };
    expect((await visit('/setup')).text).toContain('npm run client');
    const made = await visit('/setup', { form });
    expect(made).toMatchObject({ status: 303, location: '/accounts' });
    expect(await userOfSession(env.DB, tokenIn(made.cookie)!, Date.now())).toMatchObject({
      email: 'ann@example.com',
      role: 'admin',
    });
    expect((await visit('/setup')).status).toBe(404);
    expect((await visit('/setup', { form: { ...form, email: 'bob@example.com' } })).status).toBe(404);
    expect((await visit('/sign-in')).status).toBe(200);
  });
});

describe('with users', () => {
  beforeAll(async () => {
    await insertUser('root', 'admin');
    await insertUser('amy');
  });

  test('the session is a cookie that no script reads, no other site sends and, by https, no other host sets', async () => {
    const secure = (await signIn('amy@example.com', PASSWORD)).cookie;
    expect(
      secure
        .replace(/[0-9a-f]{64}/, 'T')
        .split('; ')
        .sort(),
    ).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure', '__Host-spillway=T'].sort());
    const plain = (await signIn('amy@example.com', PASSWORD, { origin: 'http://localhost:8787' })).cookie;
    expect(
      plain
        .replace(/[0-9a-f]{64}/, 'T')
        .split('; ')
        .sort(),
    ).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'spillway=T'].sort());
  });

  test('a deployed Worker asks for https before it asks for a password', async () => {
    const deployed = { origin: 'http://spillway.test', headers: { 'CF-Connecting-IP': '203.0.113.9' } };
    expect(await visit('/sign-in?next=/x', deployed)).toMatchObject({
      status: 308,
      location: 'https://spillway.test/sign-in?next=/x',
    });
    expect((await visit('/sign-in', { ...deployed, origin: 'http://localhost:8787' })).status).toBe(200);
  });

  test('signing in leads on to where one wanted to go, and nowhere else', async () => {
    const shown = await visit('/sign-in?next=%2Faccounts%3Fpage%3D2');
    expect(shown.text).toContain('name="next" value="/accounts?page=2"');
    const token = await signedIn('amy');
    const locationOf = async (next: string) =>
      (await visit(`/sign-in?next=${encodeURIComponent(next)}`, { token })).location;
    expect(await locationOf('/invoices?a=1')).toBe('/invoices?a=1');
    for (const next of [
      ...[
        'https://evil.test/',
        '//evil.test',
        '/\\evil.test',
        '\\\\evil.test',
        '/\t/evil.test',
        '/.//evil.test',
      ],
      ...['/a/..//evil.test', 'javascript:alert(1)', '/sign-out', '/sign-in?next=/x', '', 'accounts'],
    ]) {
      const location = await locationOf(next);
      expect([next, new URL(location!, HTTPS).origin]).toEqual([next, HTTPS]);
      expect([next, location]).toEqual([next, '/accounts']);
    }
    const posted = await signIn('amy@example.com', PASSWORD, { form: { next: '//evil.test' } });
    expect(posted.location).toBe('/accounts');
  });

  test('an unknown email, a wrong password and a disabled user get the same page', async () => {
    await insertUser('gone');
    await env.DB.prepare("UPDATE web_user SET disabled_at = '2026-01-01' WHERE id = 'gone'").run();
    const pages = [
      await signIn('nobody@example.com', PASSWORD),
      await signIn('amy@example.com', 'wrong horse battery'),
      await signIn('gone@example.com', PASSWORD),
    ].map(({ status, cookie, text }) => [status, cookie, text.replaceAll(/value="[^"]*"/g, '')]);
    expect(pages[0]).toEqual([403, '', expect.stringContaining('No user who may sign in')]);
    expect(pages[1]).toEqual(pages[0]);
    expect(pages[2]).toEqual(pages[0]);
  });

  test('a form of another site signs nobody in', async () => {
    const places: Array<Record<string, string>> = [
      { Origin: 'https://elsewhere.test' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ];
    for (const headers of places) {
      const reply = await signIn('amy@example.com', PASSWORD, { headers });
      expect([headers, reply.status, reply.cookie]).toEqual([headers, 403, '']);
    }
  });

  test('each sign-in has a token of its own, never one that the browser brought along; the former one has ended', async () => {
    const planted = 'a'.repeat(64);
    const first = tokenIn((await signIn('amy@example.com', PASSWORD, { token: planted })).cookie)!;
    expect(first).not.toBe(planted);
    expect(await userOfSession(env.DB, planted, Date.now())).toBeNull();
    const second = tokenIn((await signIn('amy@example.com', PASSWORD, { token: first })).cookie)!;
    expect(second).not.toBe(first);
    expect((await visit('/profile', { token: first })).location).toBe('/sign-in?next=%2Fprofile');
    expect((await visit('/profile', { token: second })).status).toBe(200);
  });

  test('signing out needs the session’s proof, takes the cookie away and ends the session at once', async () => {
    const token = await signedIn('amy');
    expect((await visit('/profile', { token })).status).toBe(200);
    const other = await csrfTokenOf(await signedIn('amy'));
    const proofs: Array<Record<string, string>> = [{}, { _csrf: '' }, { _csrf: other }];
    for (const form of proofs) {
      expect((await visit('/sign-out', { token, form })).status).toBe(403);
    }
    const foreign = { headers: { Origin: 'https://elsewhere.test' } };
    expect((await submit(token, '/sign-out', {}, foreign)).status).toBe(403);
    expect((await visit('/profile', { token })).status).toBe(200);
    const out = await submit(token, '/sign-out', {});
    expect(out).toMatchObject({ status: 303, location: '/sign-in' });
    expect(out.cookie).toMatch(/^__Host-spillway=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect((await visit('/profile', { token })).status).toBe(303);
  });

  test('wrong sign-ins make an address wait, with how long; from another the same user signs in', async () => {
    const from = (ip: string) => ({ headers: { 'CF-Connecting-IP': ip } });
    const start = Math.floor(Date.now() / (limits.signInWindowS * 1_000)) * limits.signInWindowS * 1_000;
    const counted = 'INSERT INTO sign_in_attempt (address, window_start, attempts) VALUES (?1, ?2, ?3)';
    // The next window too: the test may run over its edge.
    for (const at of [start, start + limits.signInWindowS * 1_000]) {
      await env.DB.prepare(counted)
        .bind('2001:db8:1:2::/64', new Date(at).toISOString(), limits.signInAttemptsMax)
        .run();
    }
    const refused = await signIn('amy@example.com', PASSWORD, from('2001:db8:1:2::77'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('Retry-After'))).toBeLessThanOrEqual(limits.signInWindowS);
    expect((await signIn('amy@example.com', PASSWORD, from('2001:db8:1:3::77'))).status).toBe(303);
  });

  describe('the profile', () => {
    test('changes how things are shown, and refuses beside the field what is none', async () => {
      await insertUser('pat');
      const token = await signedIn('pat');
      const shown = { locale: 'de-CH', timeZone: 'Europe/Zurich', theme: 'dark' };
      expect((await submit(token, '/profile', shown)).location).toBe('/profile?done=shown');
      expect(await findUser(env.DB, 'pat')).toMatchObject(shown);
      expect((await visit('/profile?done=shown', { token })).text).toContain('data-theme="dark"');
      for (const [field, value, says] of [
        ['locale', 'xx-nowhere-', 'language tag'],
        ['timeZone', 'Mars/Olympus', 'IANA time zone'],
        ['theme', 'pink', 'one of system, light, dark'],
      ] as const) {
        const reply = await submit(token, '/profile', { ...shown, [field]: value });
        expect([field, reply.status]).toEqual([field, 400]);
        expect(reply.text).toContain(says);
        expect(reply.text).toContain(value);
      }
      await submit(token, '/profile', { locale: '', timeZone: '', theme: 'system', role: 'admin' });
      expect(await findUser(env.DB, 'pat')).toMatchObject({ locale: null, timeZone: null, role: 'read' });
    });

    test('changes the password for who knows the present one, and ends the sessions elsewhere', async () => {
      await insertUser('quin');
      const [here, elsewhere] = [await signedIn('quin'), await signedIn('quin')];
      const password = ' another horse battery ';
      const change = { presentPassword: PASSWORD, password, passwordAgain: password };
      for (const [form, status, says] of [
        [{ ...change, presentPassword: 'wrong horse battery' }, 403, 'Is not your password'],
        [{ ...change, passwordAgain: 'x' }, 400, 'not the same'],
        [{ ...change, password: 'short', passwordAgain: 'short' }, 400, '12 to 200'],
      ] as const) {
        const reply = await submit(here, '/profile/password', form);
        expect([says, reply.status]).toEqual([says, status]);
        expect(reply.text).toContain(says);
        expect(reply.text).not.toContain('horse battery');
      }
      expect((await visit('/profile', { token: elsewhere })).status).toBe(200);
      expect((await submit(here, '/profile/password', change)).location).toBe('/profile?done=password');
      expect((await visit('/profile', { token: here })).status).toBe(200);
      expect((await visit('/profile', { token: elsewhere })).status).toBe(303);
      expect((await signIn('quin@example.com', password)).status).toBe(303);
      expect((await signIn('quin@example.com', password.trim())).status).toBe(403);
    });
  });

  describe('the users', () => {
    test('are for administrators alone, forms and lists', async () => {
      const token = await signedIn('amy');
      for (const path of ['/settings/users', '/settings/users/new', '/settings/users/root']) {
        expect([path, (await visit(path, { token })).status]).toEqual([path, 403]);
      }
      for (const path of ['/settings/users/new', '/settings/users/amy', '/settings/users/amy/password']) {
        expect([path, (await submit(token, path, { role: 'admin' })).status]).toEqual([path, 403]);
      }
    });

    test('are made once however often the form is sent, changed, disabled, and given a password', async () => {
      const token = await signedIn('root');
      const form = { name: 'Eve', email: 'Eve@Example.com', role: 'standard', password: PASSWORD };
      const key = { _csrf: await csrfTokenOf(token), _key: crypto.randomUUID() };
      for (let sent = 0; sent < 2; sent++) {
        const reply = await visit('/settings/users/new', { token, form: { ...form, ...key } });
        expect(reply.location).toBe('/settings/users?done=created');
      }
      const taken = await submit(token, '/settings/users/new', { ...form, name: 'Second Eve' });
      expect(taken.status).toBe(400);
      expect(taken.text).toContain('There is a user with this email already');
      expect(taken.text).toContain('value="Second Eve"');
      expect(taken.text).not.toContain(PASSWORD);
      const list = (await visit('/settings/users', { token })).text;
      const id = /settings\/users\/([0-9a-f]{32})">Eve</.exec(list)![1]!;
      const eve = tokenIn((await signIn('eve@example.com', PASSWORD)).cookie)!;
      expect((await visit('/profile', { token: eve })).status).toBe(200);

      const path = `/settings/users/${id}`;
      const next = 'another horse battery';
      expect((await submit(token, `${path}/password`, { password: next })).location).toBe(
        `${path}?done=password`,
      );
      expect((await visit('/profile', { token: eve })).status).toBe(303);
      const again = tokenIn((await signIn('eve@example.com', next)).cookie)!;
      const disabled = { name: 'Eve', role: 'standard', disabled: 'true' };
      expect((await submit(token, path, disabled)).location).toBe(`${path}?done=saved`);
      expect((await visit('/profile', { token: again })).status).toBe(303);
      expect((await visit(path, { token })).text).toContain('Disabled since');
      expect((await submit(token, path, { name: '', role: 'standard' })).text).toContain('Must not be empty');
      expect((await visit('/settings/users/nobody', { token })).status).toBe(404);
    });

    test('keep an administrator: the last one is told so', async () => {
      const token = await signedIn('root');
      await env.DB.prepare(
        "UPDATE web_user SET disabled_at = '2026-01-01' WHERE role = 'admin' AND id <> 'root'",
      ).run();
      const reply = await submit(token, '/settings/users/root', { name: 'root', role: 'standard' });
      expect(reply.status).toBe(400);
      expect(reply.text).toContain('The last active administrator');
      expect(await findUser(env.DB, 'root')).toMatchObject({ role: 'admin', disabledAt: null });
    });
  });
});
