import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_CLIENT_ID, LOCAL_CLIENT_SECRET } from '../../scripts/local-credentials.mjs';
import {
  callerOf,
  createClient,
  issueToken,
  type Role,
  revokeClient,
  sha256Hex,
} from '../../src/auth/clients.ts';
import { limits } from '../../src/env.ts';
import { createApp, operations } from '../../src/http/app.ts';

// Who may call what: tokens for right credentials alone, dead tokens and revoked clients shut out, roles kept apart, no secret at rest.

const app = createApp();
const UNKNOWN_ACCOUNT = `/v1/accounts/${'0'.repeat(32)}`;
const now = () => new Date().toISOString();

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: replies are asserted on, not computed with
  readonly body: any;
}

async function call(path: string, init: RequestInit = {}): Promise<Reply> {
  const reply = await app.request(`http://spillway.test${path}`, init, env);
  return { status: reply.status, headers: reply.headers, body: await reply.json() };
}

function bearer(token: string): RequestInit {
  return { headers: { Authorization: `Bearer ${token}` } };
}

function requestToken(fields: Record<string, string>): Promise<Reply> {
  return call('/oauth/token', { method: 'POST', body: new URLSearchParams(fields) });
}

/** A new client of this role, and a token that no isolate has seen. */
async function clientWithToken(role: Role) {
  const client = await createClient(env.DB, `${role} client`, role, now());
  const { token } = (await issueToken(env.DB, client.id, client.secret, Date.now()))!;
  return { ...client, token };
}

describe('POST /oauth/token', () => {
  let right: Record<string, string>;
  beforeAll(async () => {
    const client = await createClient(env.DB, 'caller', 'read', now());
    right = { grant_type: 'client_credentials', client_id: client.id, client_secret: client.secret };
  });

  test('gives a token of an hour that opens the API', async () => {
    const reply = await requestToken(right);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^[0-9a-f]{32}$/),
        token_type: 'bearer',
        expires_in: limits.tokenLifetimeS - 1,
      },
    });
    expect((await call('/v1/orders', bearer(reply.body.access_token))).status).toBe(200);
  });

  test.each([
    ['a wrong secret', { client_secret: 'f'.repeat(40) }],
    ['the hash of a secret', { client_secret: 'f'.repeat(64) }],
    ['an unknown client', { client_id: 'nobody' }],
    ['odd characters', { client_id: "\u0000' OR 1=1 --", client_secret: '\u0000' }],
    ['more than anybody has', { client_secret: 'x'.repeat(100_000) }],
  ])('answers %s with 401', async (_, fields) => {
    const reply = await requestToken({ ...right, ...fields });
    expect(reply).toMatchObject({
      status: 401,
      body: { success: false, reasons: [{ code: 90000011, message: expect.stringContaining('client_id') }] },
    });
    expect(reply.headers.get('WWW-Authenticate')).toContain('Bearer');
  });

  test.each(['grant_type', 'client_id', 'client_secret'])('names a missing %s', async (field) => {
    const { [field]: _, ...rest } = right;
    for (const fields of [rest, { ...rest, [field]: '' }]) {
      const reply = await requestToken(fields);
      expect([reply.status, reply.body.reasons[0].message]).toEqual([400, expect.stringContaining(field)]);
    }
  });

  test('is for POST alone', async () => {
    const reply = await call('/oauth/token');
    expect([reply.status, reply.headers.get('Allow'), reply.body.success]).toEqual([405, 'POST', false]);
  });
});

describe('a token', () => {
  test.each([
    ['none', {}],
    ['an empty one', { Authorization: 'Bearer ' }],
    ['another scheme', { Authorization: 'Basic dXNlcjpwYXNz' }],
    ['an unknown one', { Authorization: `Bearer ${'0'.repeat(32)}` }],
    ['one in odd characters', { Authorization: "Bearer ' OR 1=1 -- aaaaaaaaaaaaaaaa" }],
    ['one that is too long', { Authorization: `Bearer ${'a'.repeat(10_000)}` }],
  ])('%s is answered with 401 and how to do better', async (_, headers) => {
    const reply = await call(UNKNOWN_ACCOUNT, { headers });
    expect(reply).toMatchObject({ status: 401, body: { success: false, reasons: [{ code: 90000011 }] } });
    expect(reply.headers.get('WWW-Authenticate')).toContain('Bearer');
  });

  test('past its hour is no longer one', async () => {
    const client = await createClient(env.DB, 'late', 'admin', now());
    const hourAgo = Date.now() - limits.tokenLifetimeS * 1_000;
    const dead = await issueToken(env.DB, client.id, client.secret, hourAgo - 1);
    const alive = await issueToken(env.DB, client.id, client.secret, hourAgo + 60_000);
    expect((await call('/v1/orders', bearer(dead!.token))).status).toBe(401);
    expect((await call('/v1/orders', bearer(alive!.token))).status).toBe(200);
  });

  test('is kept as a hash alone, as secrets are', async () => {
    const { id, secret, token } = await clientWithToken('standard');
    const client = await env.DB.prepare('SELECT * FROM api_client WHERE id = ?1').bind(id).first();
    const kept = await env.DB.prepare('SELECT * FROM access_token WHERE client_id = ?1').bind(id).first();
    expect(client).toMatchObject({ secret_hash: await sha256Hex(secret) });
    expect(kept).toMatchObject({ token_hash: await sha256Hex(token) });
    expect(JSON.stringify(client)).not.toContain(secret);
    expect(JSON.stringify(kept)).not.toContain(token);
  });

  test('of one client says nothing of another: revoking ends the tokens of one', async () => {
    const [ended, other] = [await clientWithToken('standard'), await clientWithToken('standard')];
    expect(await revokeClient(env.DB, ended.id, now())).toBe(true);
    expect((await call('/v1/orders', bearer(ended.token))).status).toBe(401);
    expect((await call('/v1/orders', bearer(other.token))).status).toBe(200);
    expect(await issueToken(env.DB, ended.id, ended.secret, Date.now())).toBeNull();
  });

  test('that an isolate remembers ends there within limits.tokenCacheMs', async () => {
    const { id, token } = await clientWithToken('standard');
    const seenAt = Date.now();
    const caller = { clientId: id, role: 'standard' };
    expect(await callerOf(env.DB, token, seenAt)).toEqual(caller);
    await revokeClient(env.DB, id, now());
    expect(await callerOf(env.DB, token, seenAt + limits.tokenCacheMs - 1)).toEqual(caller);
    expect(await callerOf(env.DB, token, seenAt + limits.tokenCacheMs)).toBeNull();
  });

  test('that outlived its client is none, should its row have stayed', async () => {
    const { id, token } = await clientWithToken('admin');
    await env.DB.prepare('UPDATE api_client SET revoked_at = ?2 WHERE id = ?1').bind(id, now()).run();
    expect((await call('/v1/orders', bearer(token))).status).toBe(401);
  });
});

describe('roles', () => {
  const sample = (path: string) => path.replaceAll(/:[A-Za-z]+/g, 'x');
  /** Queries travel as bodies, and as jobs that can be cancelled; they change nothing that they read. */
  const QUERIES = new Set([
    'Action_POSTquery',
    'Action_POSTqueryMore',
    'Object_POSTExport',
    'POST_BatchQueryJob',
    'DELETE_BatchQueryJob',
    'POST_DataQueryJob',
    'DELETE_DataQueryJob',
    'spillwayCancelJob',
  ]);
  const writes = operations.filter(({ id, method }) => method !== 'get' && !QUERIES.has(id));
  const administrative = operations.filter(({ path }) =>
    /^\/v1\/spillway\/(settings|api-clients|users|dead-letters)/.test(path),
  );

  async function statusFor(token: string, { method, path }: (typeof operations)[number]): Promise<number> {
    const reply = await call(sample(path), { ...bearer(token), method: method.toUpperCase() });
    return reply.status;
  }

  test('read may read and may not write', async () => {
    const { token } = await clientWithToken('read');
    expect((await call('/v1/orders', bearer(token))).status).toBe(200);
    expect(writes.length).toBeGreaterThan(25);
    for (const write of writes) expect([write.id, await statusFor(token, write)]).toEqual([write.id, 403]);
    const queries = operations.filter(({ id }) => QUERIES.has(id));
    expect(queries.length).toBeGreaterThanOrEqual(QUERIES.size);
    for (const query of queries) {
      expect([query.id, await statusFor(token, query)]).not.toEqual([query.id, 403]);
    }
  });

  test('standard may write and may not administer', async () => {
    const { token } = await clientWithToken('standard');
    expect(administrative.length).toBeGreaterThan(10);
    for (const write of writes.filter((operation) => !administrative.includes(operation))) {
      expect([write.id, await statusFor(token, write)]).not.toEqual([write.id, 403]);
    }
    for (const operation of administrative) {
      expect([operation.id, await statusFor(token, operation)]).toEqual([operation.id, 403]);
    }
  });

  test('admin may do all of it', async () => {
    const { token } = await clientWithToken('admin');
    for (const operation of administrative) {
      expect([401, 403]).not.toContain(await statusFor(token, operation));
    }
  });
});

test('nobody is let in who was not put in: the client of local servers is unknown here', async () => {
  const known = await env.DB.prepare('SELECT count(*) AS n FROM api_client WHERE id = ?1')
    .bind(LOCAL_CLIENT_ID)
    .first<{ n: number }>();
  expect(known?.n).toBe(0);
  const reply = await requestToken({
    grant_type: 'client_credentials',
    client_id: LOCAL_CLIENT_ID,
    client_secret: LOCAL_CLIENT_SECRET,
  });
  expect(reply.status).toBe(401);
});
