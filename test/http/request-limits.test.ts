import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';

// Over its limits the server answers 429 and says when to come again, in both pools; bodies are bounded, whatever way they come.

const ACCOUNT = { Name: 'Limited', Currency: 'USD', BillCycleDay: 1, Status: 'Draft' };
const UNKNOWN_ACCOUNT = `/v1/accounts/${'0'.repeat(32)}`;
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** A request whose body goes on until it is ended: it runs as long. */
function heldRequest(api: InProcessApi, path: string) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const reply = api.call(path, { method: 'POST', headers: JSON_TYPE, body: readable });
  return { reply, end: () => writable.close() };
}

function gzip(text: string): Promise<ArrayBuffer> {
  const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(compressed).arrayBuffer();
}

async function accountCount(): Promise<number> {
  return (await env.DB.prepare('SELECT count(*) AS n FROM account').first<{ n: number }>())!.n;
}

const LIMIT_REFUSED = {
  status: 429,
  body: { success: false, reasons: [{ code: 50000070, message: expect.stringContaining('limit') }] },
};

test('the rate limit counts every call, failed ones too, and then answers 429 with Retry-After', async () => {
  const api = await inProcessApi('standard', { RATE_REQUESTS_PER_MINUTE_MAX: '3' });
  for (const remaining of ['2', '1', '0']) {
    const { headers } = await api.get(UNKNOWN_ACCOUNT);
    expect(headers.get('RateLimit-Limit')).toBe('3, 3;w=60');
    expect(headers.get('RateLimit-Remaining')).toBe(remaining);
  }
  const over = await api.post('/v1/object/account', ACCOUNT);
  expect(over).toMatchObject(LIMIT_REFUSED);
  expect(over.headers.get('RateLimit-Remaining')).toBe('0');
  const seconds = Number(over.headers.get('Retry-After'));
  expect(over.headers.get('RateLimit-Reset')).toBe(String(seconds));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
  expect((await api.get('/v1/spillway/health')).status).toBe(200);
});

test('an older version is told 429 as well: it has to slow down', async () => {
  const api = await inProcessApi('standard', { RATE_REQUESTS_PER_MINUTE_MAX: '0' });
  expect((await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Version': '196.0' })).status).toBe(429);
});

test.each([
  ['CONCURRENT_REQUESTS_MAX', 'Default', '/v1/contacts', '/v1/accounts'],
  ['CONCURRENT_HIGH_VOLUME_MAX', 'High-volume transactions', '/v1/accounts', '/v1/contacts'],
] as const)('%s bounds what runs at once in the pool "%s" alone', async (name, type, path, otherPath) => {
  const api = await inProcessApi('standard', { [name]: '2' });
  const held = [heldRequest(api, path), heldRequest(api, path)];
  const over = await api.post(path, {});
  expect(over).toMatchObject(LIMIT_REFUSED);
  expect(over.headers.get('Retry-After')).toBe('1');
  expect(over.headers.get('Concurrency-Limit-Type')).toBe(type);
  expect(over.headers.get('Concurrency-Limit-Limit')).toBe('2');
  expect(over.headers.get('Concurrency-Limit-Remaining')).toBe('0');
  expect((await api.post(otherPath, {})).status).toBe(400);
  for (const { end } of held) await end();
  for (const { reply } of held) expect((await reply).status).toBe(400);
  const after = await api.post(path, {});
  expect([after.status, after.headers.get('Concurrency-Limit-Remaining')]).toEqual([400, '1']);
});

test('refusals that never reach an operation carry the limits too', async () => {
  const api = await inProcessApi();
  const text = { 'Content-Type': 'text/plain' };
  for (const reply of [await api.post('/v1/accounts', 'x', text), await api.get('/v1/nothing')]) {
    for (const name of [
      'RateLimit-Limit',
      'RateLimit-Reset',
      'Concurrency-Limit-Limit',
      'Zuora-Request-Id',
    ]) {
      expect(reply.headers.has(name)).toBe(true);
    }
  }
});

test('a body over BODY_BYTES_MAX is refused with 413 before anything is done, declared, streamed or compressed', async () => {
  const max = 2_000;
  const api = await inProcessApi('standard', { BODY_BYTES_MAX: String(max) });
  const sized = (bytes: number) => {
    const body = JSON.stringify({ ...ACCOUNT, Notes: '' });
    return JSON.stringify({ ...ACCOUNT, Notes: 'n'.repeat(bytes - body.length) });
  };
  const ways: Array<[string, (text: string) => Promise<RequestInit>]> = [
    ['declared', async (body) => ({ body, headers: { 'Content-Length': String(body.length) } })],
    ['streamed', async (body) => ({ body: new Blob([body]).stream() })],
    ['compressed', async (body) => ({ body: await gzip(body), headers: { 'Content-Encoding': 'gzip' } })],
  ];
  for (const [way, init] of ways) {
    const send = async (text: string) => {
      const { headers, body } = await init(text);
      const all = { ...JSON_TYPE, ...(headers as Record<string, string>) };
      return api.call('/v1/object/account', { method: 'POST', headers: all, body: body ?? null });
    };
    const before = await accountCount();
    const over = await send(sized(max + 1));
    expect([way, over.status, over.body.success]).toEqual([way, 413, false]);
    expect(over.body.reasons[0].message).toContain(String(max));
    expect(await accountCount()).toBe(before);
    expect([way, (await send(sized(max))).status]).toEqual([way, 200]);
    expect(await accountCount()).toBe(before + 1);
  }
});

test('letters count by their bytes', async () => {
  const api = await inProcessApi('standard', { BODY_BYTES_MAX: '1000' });
  const body = JSON.stringify({ ...ACCOUNT, Notes: 'é'.repeat(500) });
  expect(body.length).toBeLessThan(1_000);
  expect((await api.post('/v1/object/account', body)).status).toBe(413);
});

test('a compressed body is read as if it were plain, and its idempotency key replays for the plain one', async () => {
  const api = await inProcessApi();
  const headers = { ...JSON_TYPE, 'Idempotency-Key': 'compressed' };
  const text = JSON.stringify(ACCOUNT);
  const first = await api.call('/v1/object/account', {
    method: 'POST',
    headers: { ...headers, 'Content-Encoding': 'gzip' },
    body: await gzip(text),
  });
  expect(first).toMatchObject({ status: 200, body: { Success: true } });
  const again = await api.post('/v1/object/account', text, headers);
  expect([again.body, again.headers.get('Idempotency-Hit')]).toEqual([first.body, 'true']);
});

test('what claims to be compressed and is not is refused, as are other encodings', async () => {
  const api = await inProcessApi();
  const send = (encoding: string, body: BodyInit) =>
    api.call('/v1/accounts', {
      method: 'POST',
      headers: { ...JSON_TYPE, 'Content-Encoding': encoding },
      body,
    });
  const whole = await gzip(JSON.stringify({ name: 'x'.repeat(1_000) }));
  for (const body of ['{}', whole.slice(0, 20), '\u0000']) {
    const reply = await send('gzip', body);
    expect([reply.status, reply.body.reasons[0].message]).toEqual([
      400,
      expect.stringContaining('Content-Encoding'),
    ]);
  }
  for (const encoding of ['br', 'deflate', 'gzip, gzip', 'x']) {
    const reply = await send(encoding, '{}');
    expect([reply.status, reply.body.reasons[0].code % 100]).toEqual([415, 45]);
  }
});
