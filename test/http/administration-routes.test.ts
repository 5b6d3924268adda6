import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { billingRuleDefaults } from '../../src/domain/billing/billing-rules.ts';
import { type Call, connect } from '../support/settlement-fixtures.ts';

// The tenant's settings, its API clients and its web users over HTTP: for administrators, checked field by field.

const SWISS = { mode: 'HALF_UP', incrementMinor: 5, invoiceIncrementMinor: null };

let admin: Call;
beforeAll(async () => {
  admin = await connect('admin');
});

describe('/v1/spillway/settings', () => {
  test('show defaults, change one by one, and hold for the next reader', async () => {
    const defaults = {
      billing: billingRuleDefaults,
      metrics: { foldDelaySeconds: 1 },
      orders: { accountIsInvoiceOwner: true },
      scheduled: { runHour: 1 },
      aqua: { segments: false },
      timeZone: 'UTC',
      homeCurrency: 'USD',
      success: true,
    };
    expect((await admin('GET', '/v1/spillway/settings')).body).toEqual(defaults);
    const changed = await admin('PUT', '/v1/spillway/settings', { metrics: { foldDelaySeconds: 0 } });
    expect(changed.body).toEqual({ ...defaults, metrics: { foldDelaySeconds: 0 } });
    const segments = { aqua: { segments: true } };
    expect((await admin('PUT', '/v1/spillway/settings', segments)).body).toMatchObject(segments);
    await admin('PUT', '/v1/spillway/settings', { aqua: { segments: false } });
    await admin('PUT', '/v1/spillway/settings', { timeZone: 'Asia/Kolkata', homeCurrency: 'INR' });
    expect((await admin('GET', '/v1/spillway/settings')).body).toEqual({
      billing: billingRuleDefaults,
      metrics: { foldDelaySeconds: 0 },
      orders: { accountIsInvoiceOwner: true },
      scheduled: { runHour: 1 },
      aqua: { segments: false },
      timeZone: 'Asia/Kolkata',
      homeCurrency: 'INR',
      success: true,
    });
    const made = await admin('POST', '/v1/object/account', {
      Name: 'Zone',
      Currency: 'INR',
      BillCycleDay: 1,
      Status: 'Draft',
    });
    const { body } = await admin('GET', `/v1/object/account/${made.body.Id as string}`);
    expect(body.CreatedDate).toMatch(/\+05:30$/);
  });

  test('billing rules that are changed at once are all changed, and never to what contradicts itself', async () => {
    const put = (billing: object) => admin('PUT', '/v1/spillway/settings', { billing });
    const changes = {
      monthBasis: '30',
      longPeriods: 'day',
      stubMonth: 'calendar',
      creditMethod: 'credited',
      creditOneTime: true,
      prorateFixedDiscountCredit: true,
      proratePartialWeek: false,
    };
    const replies = await Promise.all(Object.entries(changes).map(([name, value]) => put({ [name]: value })));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect((await admin('GET', '/v1/spillway/settings')).body.billing).toEqual({
      ...billingRuleDefaults,
      ...changes,
    });
    // Partial months are not billed: either of the two may come first, not both together.
    await put({ billPartialMonth: false });
    const [first, second] = await Promise.all([
      put({ proratePartialMonth: false }),
      put({ billPartialMonth: true }),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 400]);
    await put({ ...billingRuleDefaults, rounding: {} });
  });

  test('the billing rules change one by one; roundings of currencies are replaced together', async () => {
    const put = async (billing: object) =>
      (await admin('PUT', '/v1/spillway/settings', { billing })).body.billing;
    expect(await put({ monthBasis: '30', rounding: { CHF: SWISS } })).toEqual({
      ...billingRuleDefaults,
      monthBasis: '30',
      rounding: { CHF: SWISS },
    });
    expect(await put({ billPartialMonth: false, proratePartialMonth: false })).toMatchObject({
      monthBasis: '30',
      billPartialMonth: false,
      proratePartialMonth: false,
      rounding: { CHF: SWISS },
    });
    const alone = await admin('PUT', '/v1/spillway/settings', { billing: { billPartialMonth: true } });
    expect(alone.status).toBe(400);
    expect(await put({ ...billingRuleDefaults, rounding: {} })).toEqual(billingRuleDefaults);
  });

  test.each([
    [{ billing: { proratePartialMonth: false } }, 'proratePartialMonth'],
    [{ billing: { monthBasis: '31' } }, 'monthBasis'],
    [{ billing: { longPeriods: 'week' } }, 'longPeriods'],
    [{ billing: { stubMonth: null } }, 'stubMonth'],
    [{ billing: { creditMethod: 'both' } }, 'creditMethod'],
    [{ billing: { creditOneTime: 'yes' } }, 'creditOneTime'],
    [{ billing: { partialMonth: true } }, 'partialMonth'],
    [{ billing: { rounding: { XYZ: SWISS } } }, 'XYZ'],
    [{ billing: { rounding: { CHF: { ...SWISS, incrementMinor: 0 } } } }, 'incrementMinor'],
    [{ billing: { rounding: { CHF: { ...SWISS, incrementMinor: 1_000_001 } } } }, 'incrementMinor'],
    [{ billing: { rounding: { CHF: { ...SWISS, mode: 'HALF_EVEN' } } } }, 'mode'],
    [{ billing: { rounding: { CHF: { ...SWISS, places: 2 } } } }, 'places'],
    [{ billing: { rounding: { CHF: { mode: 'UP' } } } }, 'incrementMinor'],
    [{ aqua: { segments: 'true' } }, 'segments'],
    [{ aqua: { rows: 5 } }, 'rows'],
    [{ scheduled: { runHour: 24 } }, 'runHour'],
    [{ scheduled: { runHour: 1.5 } }, 'runHour'],
    [{ scheduled: { hour: 1 } }, 'hour'],
    [{ metrics: { foldDelaySeconds: -1 } }, 'foldDelaySeconds'],
    [{ metrics: { foldDelaySeconds: 3601 } }, 'foldDelaySeconds'],
    [{ metrics: { foldDelaySeconds: 0.5 } }, 'foldDelaySeconds'],
    [{ metrics: { foldDelaySeconds: '1' } }, 'foldDelaySeconds'],
    [{ metrics: 1 }, 'metrics'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ timeZone: '+02:00' }, 'timeZone'],
    [{ timeZone: 7 }, 'timeZone'],
    [{ homeCurrency: 'XYZ' }, 'homeCurrency'],
    [{ 'metrics.foldDelaySeconds': 5 }, 'metrics.foldDelaySeconds'],
    [{ metrics: { interval: 5 } }, 'interval'],
  ])('refuse %j', async (body, field) => {
    const before = (await admin('GET', '/v1/spillway/settings')).body;
    const reply = await admin('PUT', '/v1/spillway/settings', body);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toContain(field);
    expect((await admin('GET', '/v1/spillway/settings')).body).toEqual(before);
  });
});

describe('/v1/spillway/api-clients', () => {
  const token = (clientId: unknown, clientSecret: unknown) =>
    exports.default.fetch('https://spillway.test/oauth/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`,
    });

  test('are made with a secret that is shown once, listed without it, and revoked', async () => {
    const { status, body } = await admin('POST', '/v1/spillway/api-clients', { name: 'till', role: 'read' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'till', role: 'read', success: true });
    expect((await token(body.clientId, body.clientSecret)).status).toBe(200);
    const list = (await admin('GET', '/v1/spillway/api-clients')).body;
    expect(list.apiClients).toContainEqual({
      id: body.id,
      name: 'till',
      role: 'read',
      createdAt: body.createdAt,
      revokedAt: null,
    });
    expect(JSON.stringify(list)).not.toContain(body.clientSecret);
    const path = `/v1/spillway/api-clients/${body.id as string}`;
    expect((await admin('DELETE', path)).body).toEqual({ success: true });
    expect((await token(body.clientId, body.clientSecret)).status).toBe(401);
    expect((await admin('DELETE', '/v1/spillway/api-clients/nobody')).status).toBe(404);
  });

  test('are made once with an id of the caller: sent again, the first and its secret stay', async () => {
    const client = { name: 'twice', role: 'read', id: crypto.randomUUID() };
    const [one, other] = await Promise.all([
      admin('POST', '/v1/spillway/api-clients', client),
      admin('POST', '/v1/spillway/api-clients', client),
    ]);
    const [made, refused] = one.status === 200 ? [one, other] : [other, one];
    expect([made.status, refused.status]).toEqual([200, 400]);
    expect(refused.body).toMatchObject({ reasons: [{ message: expect.stringMatching(/^id: /) }] });
    expect((await token(client.id, made.body.clientSecret)).status).toBe(200);
  });

  test.each([
    [{ role: 'read' }, 'name'],
    [{ name: 'x', role: 'read', id: 'mine' }, 'id'],
    [{ name: '', role: 'read' }, 'name'],
    [{ name: 'x' }, 'role'],
    [{ name: 'x', role: 'root' }, 'role'],
  ])('are not made of %j', async (body, field) => {
    const reply = await admin('POST', '/v1/spillway/api-clients', body);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toContain(field);
  });

  test('are not made under an Idempotency-Key: it would keep the secret', async () => {
    const body = { name: 'kept', role: 'read' };
    const reply = await admin('POST', '/v1/spillway/api-clients', body, { 'Idempotency-Key': 'secret' });
    expect(reply.status).toBe(400);
    expect(JSON.stringify((await admin('GET', '/v1/spillway/api-clients')).body)).not.toContain('kept');
  });

  test('get a new secret: the old one and the tokens that it gave end', async () => {
    const { body } = await admin('POST', '/v1/spillway/api-clients', { name: 'turned', role: 'admin' });
    const path = `/v1/spillway/api-clients/${body.id as string}`;
    const issued = (await (await token(body.clientId, body.clientSecret)).json()) as { access_token: string };
    const asked = () =>
      exports.default.fetch('https://spillway.test/v1/spillway/settings', {
        headers: { Authorization: `Bearer ${issued.access_token}` },
      });
    expect((await asked()).status).toBe(200);
    const rotated = await admin('POST', `${path}/rotate`);
    expect(rotated.body).toEqual({
      id: body.id,
      clientId: body.id,
      clientSecret: expect.stringMatching(/^[0-9a-f]{40}$/),
      success: true,
    });
    expect(rotated.body.clientSecret).not.toBe(body.clientSecret);
    expect((await asked()).status).toBe(401);
    expect((await token(body.clientId, body.clientSecret)).status).toBe(401);
    expect((await token(body.clientId, rotated.body.clientSecret)).status).toBe(200);
    const kept = await admin('POST', `${path}/rotate`, undefined, { 'Idempotency-Key': 'turned' });
    expect(kept.status).toBe(400);
    expect((await token(body.clientId, rotated.body.clientSecret)).status).toBe(200);
    expect((await admin('DELETE', path)).status).toBe(200);
    expect((await admin('POST', `${path}/rotate`)).status).toBe(404);
    expect((await admin('POST', '/v1/spillway/api-clients/nobody/rotate')).status).toBe(404);
    expect((await token(body.clientId, rotated.body.clientSecret)).status).toBe(401);
  });

  test('cannot revoke themselves', async () => {
    const { body } = await admin('POST', '/v1/spillway/api-clients', { name: 'self', role: 'admin' });
    const issued = (await (await token(body.clientId, body.clientSecret)).json()) as { access_token: string };
    const reply = await exports.default.fetch(
      `https://spillway.test/v1/spillway/api-clients/${body.id as string}`,
      { method: 'DELETE', headers: { Authorization: `Bearer ${issued.access_token}` } },
    );
    expect(reply.status).toBe(400);
    expect((await token(body.clientId, body.clientSecret)).status).toBe(200);
  });
});

describe('/v1/spillway/users', () => {
  const PASSWORD = 'correct horse battery';
  const amy = { email: 'Amy@Example.com', name: 'Amy', role: 'admin', password: PASSWORD };
  const users = async () =>
    (await admin('GET', '/v1/spillway/users')).body.users as Array<Record<string, unknown>>;

  test('are made, shown and changed; no reply holds a password or its hash', async () => {
    const made = await admin('POST', '/v1/spillway/users', amy);
    const id = made.body.id as string;
    const user = {
      ...{ id, email: 'amy@example.com', name: 'Amy', role: 'admin' },
      ...{ locale: null, timeZone: null, theme: 'system' },
      ...{ createdAt: made.body.createdAt, disabledAt: null },
    };
    expect([made.status, made.body]).toEqual([200, { ...user, success: true }]);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await users()).toEqual([user]);
    const path = `/v1/spillway/users/${id}`;
    const changes = { name: 'Ann', locale: 'de-CH', timeZone: 'Europe/Zurich', theme: 'dark' };
    const changed = await admin('PUT', path, changes);
    expect(changed.body).toEqual({ ...user, ...changes, success: true });
    expect((await admin('GET', path)).body).toEqual(changed.body);
    const cleared = await admin('PUT', path, { locale: null, timeZone: null });
    expect(cleared.body).toEqual({ ...user, name: 'Ann', theme: 'dark', success: true });
    const last = await admin('PUT', path, { disabled: true });
    expect([last.status, JSON.stringify(last.body)]).toEqual([400, expect.stringContaining('last active')]);
    const set = await admin('POST', `${path}/password`, { password: 'another horse battery' });
    expect(set.body).toEqual({ success: true });
    expect((await admin('POST', '/v1/spillway/users', { ...amy, email: 'AMY@example.com' })).status).toBe(
      400,
    );
    for (const [method, other, body] of [
      ['GET', '/v1/spillway/users/nobody', undefined],
      ['PUT', '/v1/spillway/users/nobody', {}],
      ['POST', '/v1/spillway/users/nobody/password', { password: PASSWORD }],
    ] as const) {
      expect([method, (await admin(method, other, body)).status]).toEqual([method, 404]);
    }
  });

  test.each([
    [{ email: undefined }, 'email'],
    [{ email: 'amy' }, 'email'],
    [{ email: 'a@b c' }, 'email'],
    [{ email: 7 }, 'email'],
    [{ name: ' ' }, 'name'],
    [{ role: 'root' }, 'role'],
    [{ password: undefined }, 'password'],
    [{ password: 12 }, 'password'],
    [{ password: 'short horse' }, 'password'],
    [{ password: 'x'.repeat(201) }, 'password'],
    [{ email: 'new.user@example.com', password: 'New.User@example.com' }, 'password'],
  ])('are not made with %j', async (change, field) => {
    const before = await users();
    const reply = await admin('POST', '/v1/spillway/users', { ...amy, email: 'new@example.com', ...change });
    expect([reply.status, JSON.stringify(reply.body)]).toEqual([400, expect.stringContaining(field)]);
    expect(await users()).toEqual(before);
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ role: 'root' }, 'role'],
    [{ disabled: 'yes' }, 'disabled'],
    [{ locale: 'no such language' }, 'locale'],
    [{ locale: '' }, 'locale'],
    [{ timeZone: '+02:00' }, 'timeZone'],
    [{ theme: 'pink' }, 'theme'],
    [{ theme: null }, 'theme'],
    [{ email: 'other@example.com' }, 'email'],
    [{ password: PASSWORD }, 'password'],
  ])('are not changed to %j', async (change, field) => {
    const before = await users();
    const reply = await admin('PUT', `/v1/spillway/users/${before[0]!.id as string}`, change);
    expect([reply.status, JSON.stringify(reply.body)]).toEqual([400, expect.stringContaining(field)]);
    expect(await users()).toEqual(before);
  });

  test('are made once under an Idempotency-Key, which knows nothing of the password; setting one refuses it', async () => {
    const headers = { 'Idempotency-Key': 'one user' };
    const bob = { email: 'bob@example.com', name: 'Bob', role: 'read', password: PASSWORD };
    const first = await admin('POST', '/v1/spillway/users', bob, headers);
    const second = await admin('POST', '/v1/spillway/users', { ...bob, password: 'x' }, headers);
    expect(second.body).toEqual(first.body);
    expect((await users()).filter(({ email }) => email === bob.email)).toHaveLength(1);
    const path = `/v1/spillway/users/${first.body.id as string}/password`;
    const set = await admin('POST', path, { password: PASSWORD }, { 'Idempotency-Key': 'a password' });
    expect([set.status, JSON.stringify(set.body)]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
    const hashes = async (key: string) =>
      (await env.DB.prepare('SELECT request_hash AS hash FROM idempotency WHERE key = ?1')
        .bind(key)
        .first<{ hash: string }>())!.hash;
    await admin('POST', path, { password: 'another horse battery' }, { 'Idempotency-Key': 'another' });
    expect(await hashes('another')).toBe(await hashes('a password'));
  });
});

test('Only administrators come this far', async () => {
  const standard = await connect('standard');
  for (const [method, path, body] of [
    ['GET', '/v1/spillway/settings', undefined],
    ['PUT', '/v1/spillway/settings', { timeZone: 'UTC' }],
    ['GET', '/v1/spillway/api-clients', undefined],
    ['POST', '/v1/spillway/api-clients', { name: 'x', role: 'admin' }],
    ['DELETE', '/v1/spillway/api-clients/x', undefined],
    ['GET', '/v1/spillway/users', undefined],
    ['GET', '/v1/spillway/users/x', undefined],
    ['POST', '/v1/spillway/users', {}],
    ['PUT', '/v1/spillway/users/x', { role: 'admin' }],
    ['POST', '/v1/spillway/users/x/password', { password: 'correct horse battery' }],
  ] as const) {
    expect((await standard(method, path, body)).status).toBe(403);
  }
});
