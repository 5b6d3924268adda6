import { beforeAll, describe, expect, test } from 'vitest';
import { operations } from '../../src/http/app.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';

// The frame of every request: media types, versions, track ids, bookmarks, methods and paths that are not there, compression, pages.

const UNKNOWN_ACCOUNT = `/v1/accounts/${'0'.repeat(32)}`;

let api: InProcessApi;
beforeAll(async () => {
  api = await inProcessApi();
});

describe('bodies', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json-seq',
    'json',
  ])('of type %s are answered with 415', async (type) => {
    for (const path of [UNKNOWN_ACCOUNT, '/v1/spillway/settings']) {
      const reply = await api.put(path, '{}', { 'Content-Type': type });
      expect([reply.status, reply.body.success]).toEqual([415, false]);
      expect(reply.body.reasons[0].message).toContain('Content-Type');
    }
  });

  test('of no type are answered with 415', async () => {
    const body = new TextEncoder().encode('{}');
    const reply = await api.call('/v1/accounts', { method: 'POST', body });
    expect(reply).toMatchObject({ status: 415, body: { success: false } });
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/merge-patch+json',
  ])('of type %s are read', async (type) => {
    const reply = await api.post('/v1/accounts', '{"currency":"XXX"}', { 'Content-Type': type });
    expect(JSON.stringify(reply.body)).toContain('currency');
  });

  test.each([
    '{',
    '{"name":}',
    "{'name':1}",
    '{"name":1}}',
    '{"name":NaN}',
    '\u0000',
    '{"a":1,}',
    '{"a":"\n"}',
  ])('that are broken JSON are answered with 400: %j', async (text) => {
    const reply = await api.post('/v1/accounts', text);
    expect([reply.status, reply.body.success]).toEqual([400, false]);
    expect(reply.body.reasons[0].message).toContain('JSON');
  });

  test('with names that are not known are refused when the caller asks for it, those of Object too', async () => {
    const known = { Name: 'x', Currency: 'USD', BillCycleDay: 1, Status: 'Draft' };
    for (const name of ['Colour', 'constructor', '__proto__', 'toString']) {
      const text = JSON.stringify(known).replace('{', `{"${name}":5,`);
      const reply = await api.post('/v1/object/account?rejectUnknownFields=true', text);
      expect([name, reply.status, reply.body.message]).toEqual([name, 400, 'Error - unrecognised fields']);
    }
    expect((await api.post('/v1/object/account?rejectUnknownFields=true', known)).status).toBe(200);
  });
});

describe('Zuora-Version', () => {
  test.each(['187.0', '341.0', '196', '2024-05-19'])('%s has errors with status 200', async (version) => {
    const reply = await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Version': version });
    expect(reply).toMatchObject({ status: 200, body: { success: false, reasons: [{ code: 50000040 }] } });
  });

  test.each(['2024-05-20', '2025-08-12'])('%s has errors with their own status', async (version) => {
    expect((await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Version': version })).status).toBe(404);
  });

  test.each(['x', '', '1', '2025', 'v341.0', '341.00', '2025-8-12', '__proto__'])(
    '%j is answered with 400',
    async (version) => {
      const reply = await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Version': version });
      expect([reply.status, reply.body.success]).toEqual([400, false]);
      expect(reply.body.reasons[0].message).toContain('Zuora-Version');
      expect(reply.headers.get('Zuora-Request-Id')).toBe(reply.body.requestId);
    },
  );
});

describe('Zuora-Track-Id', () => {
  test.each(['a', 'x'.repeat(64), 'order 7/8 (b)'])('%j comes back', async (trackId) => {
    const reply = await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Track-Id': trackId });
    expect([reply.status, reply.headers.get('Zuora-Track-Id')]).toEqual([404, trackId]);
  });

  test.each(['', 'x'.repeat(65), 'a:b', 'a;b', 'a"b', "a'b", 'é'])(
    '%j is answered with 400',
    async (trackId) => {
      const reply = await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Track-Id': trackId });
      expect([reply.status, reply.body.reasons[0].message]).toEqual([
        400,
        expect.stringContaining('Zuora-Track-Id'),
      ]);
      expect(reply.headers.has('Zuora-Track-Id')).toBe(false);
    },
  );
});

test('a Spillway-Bookmark that is none is refused, and one that was given is taken', async () => {
  const made = await api.post('/v1/object/account', {
    Name: 'Marked',
    Currency: 'USD',
    BillCycleDay: 1,
    Status: 'Draft',
  });
  const bookmark = made.headers.get('Spillway-Bookmark')!;
  const path = `/v1/object/account/${made.body.Id}`;
  expect([bookmark, (await api.get(path, { 'Spillway-Bookmark': bookmark })).status]).toEqual([
    bookmark,
    200,
  ]);
  for (const odd of ['x', '-1', "' OR 1=1 --", 'f'.repeat(5_000), 'first-unconstrained', '00000000']) {
    const reply = await api.get(path, { 'Spillway-Bookmark': odd });
    expect([odd, reply.status]).toEqual([odd, 400]);
    expect(JSON.stringify(reply.body)).toContain('Spillway-Bookmark');
  }
});

describe('Idempotency-Key', () => {
  test.each(['x'.repeat(256), ''])('of %j is refused', async (key) => {
    const reply = await api.post('/v1/accounts', {}, { 'Idempotency-Key': key });
    expect(reply.body.reasons[0].message).toContain('Idempotency-Key: must have 1 to 255 characters');
    expect(reply.status).toBe(400);
  });

  test('of 255 characters is taken', async () => {
    const headers = { 'Idempotency-Key': 'k'.repeat(255) };
    const first = await api.post('/v1/accounts', {}, headers);
    const again = await api.post('/v1/accounts', {}, headers);
    expect(again.headers.get('Idempotency-Hit')).toBe('true');
    expect(again.body).toEqual(first.body);
  });
});

describe('methods', () => {
  const concrete = (path: string) => path.replaceAll(/:[A-Za-z]+/g, 'x');
  /** Of every operation that the path may be meant for: /v1/subscriptions/preview may be a key too. */
  const methodsOf = (path: string) => [
    ...new Set(
      operations
        .filter((o) => new RegExp(`^${o.path.replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`).test(concrete(path)))
        .map(({ method }) => method.toUpperCase()),
    ),
  ];

  test('that a path has not are answered with 405, which names those that it has', async () => {
    for (const path of new Set(operations.map((operation) => operation.path))) {
      const has = methodsOf(path);
      for (const method of ['OPTIONS', 'PATCH', 'PROPFIND'].filter((name) => !has.includes(name))) {
        const reply = await api.call(concrete(path), { method });
        expect([method, path, reply.status]).toEqual([method, path, 405]);
        // Object Query's errors have no such flag.
        const flag = path.startsWith('/object-query/') ? {} : { success: false };
        expect(reply.body).toMatchObject({
          ...flag,
          reasons: [{ message: expect.stringContaining(method) }],
        });
        expect(
          reply.headers
            .get('Allow')
            ?.split(', ')
            .filter((name) => name !== 'HEAD'),
        ).toEqual(has);
      }
    }
  });

  test('HEAD is answered as GET is, without the body', async () => {
    const list = await api.call('/v1/orders', { method: 'HEAD' });
    expect([list.status, list.body]).toEqual([200, null]);
    expect((await api.call(UNKNOWN_ACCOUNT, { method: 'HEAD' })).status).toBe(404);
    expect((await api.call('/v1/invoices/batch/x', { method: 'HEAD' })).status).toBe(404);
  });

  test.each(['/v1/nothing', '/v1', '/v1/', '/v1/accounts/a/b/c', '/V1/accounts', '/v1//orders', '/nothing'])(
    '%s is answered with 404 in the envelope',
    async (path) => {
      const reply = await api.get(path);
      expect(reply).toMatchObject({ status: 404, body: { success: false, reasons: [{ code: 50000040 }] } });
    },
  );
});

test('replies over 1,000 bytes are compressed when asked for, and shorter ones are not', async () => {
  const { body: made } = await api.post('/v1/accounts', {
    name: 'Compressed',
    currency: 'USD',
    billToContact: { firstName: 'Amy', lastName: 'Lawrence' },
  });
  const path = `/v1/accounts/${made.accountId}`;
  const plain = await api.get(path);
  expect(JSON.stringify(plain.body).length).toBeGreaterThan(1_000);
  expect(plain.headers.has('Content-Encoding')).toBe(false);
  for (const asked of ['gzip', 'br, gzip;q=0.5']) {
    const compressed = await api.get(path, { 'Accept-Encoding': asked });
    expect(compressed.headers.get('Content-Encoding')).toBe('gzip');
    expect(compressed.headers.get('Vary')).toContain('Accept-Encoding');
    const short = await api.get('/v1/nothing', { 'Accept-Encoding': asked });
    expect(short.headers.has('Content-Encoding')).toBe(false);
  }
});
