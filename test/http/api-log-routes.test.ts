import { createExecutionContext } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { limits } from '../../src/env.ts';
import { ApiLogBuffer } from '../../src/http/api-log/buffer.ts';
import { type PassedCall, toLoggedCall } from '../../src/http/api-log/entries.ts';
import { createInProcessApi } from '../../src/http/in-process.ts';
import { LOG_NAME } from '../../src/persistence/api-log/logged-call.ts';
import { HOSTILE_JSON, HOSTILE_SEGMENTS } from '../support/hostile-values.ts';
import { inProcessApi } from '../support/in-process-api.ts';
import { cardBody, messageOf } from '../support/paying-accounts.ts';
import { type Call, connect, putAccount, type Reply } from '../support/settlement-fixtures.ts';

// The API log over HTTP: what was sent and what came back, found by its ids, account, key and client; never a secret, and never felt by a caller.

let call: Call;
beforeAll(async () => {
  call = await connect();
});

type Json = Record<string, unknown>;

async function list(query: string): Promise<{ calls: Json[]; nextPage?: string; notKept: Json[] }> {
  const { status, body } = await call('GET', `/v1/spillway/api-log?${query}`);
  expect([status, body.success]).toEqual([200, true]);
  return body as never;
}

async function shown(requestId: string | null): Promise<Json & { requestBody: Json; replyBody: Json }> {
  const { status, body } = await call('GET', `/v1/spillway/api-log/${requestId}`);
  expect([requestId, status]).toEqual([requestId, 200]);
  return body as never;
}

const idOf = ({ headers }: { readonly headers: Headers }) => headers.get('Zuora-Request-Id')!;
const invoice = (accountId: string, amount = 5) => ({
  accountId,
  invoiceDate: '2026-03-15',
  invoiceItems: [{ chargeName: 'x', amount, serviceStartDate: '2026-03-01', serviceEndDate: '2026-03-31' }],
});

describe('a call', () => {
  test('is there with what was sent and what came back, as soon as one asks the same isolate', async () => {
    const { id, accountNumber } = await putAccount();
    const before = Date.now();
    const headers = { 'Zuora-Track-Id': 'track-1', 'Idempotency-Key': 'key-1' };
    const made = await call('POST', '/v1/invoices?rejectUnknownFields=true', invoice(id), headers);
    expect(made.status).toBe(200);
    const kept = await shown(idOf(made));
    expect(kept).toMatchObject({
      requestId: idOf(made),
      trackId: 'track-1',
      clientName: 'settlement tests',
      source: 'api',
      method: 'POST',
      path: '/v1/invoices?rejectUnknownFields=true',
      status: 200,
      idempotencyKey: 'key-1',
      isReplayed: false,
      errorCodes: [],
      success: true,
    });
    expect(Date.parse(kept.time as string)).toBeGreaterThanOrEqual(before);
    expect(JSON.parse(kept.requestBody.text as string)).toEqual(invoice(id));
    expect(JSON.parse(kept.replyBody.text as string)).toEqual(made.body);
    expect(kept.requestBody).toMatchObject({ isCut: false, leftOut: null });
    expect(kept.accounts).toEqual(expect.arrayContaining([id]));
    const repeated = await call('POST', '/v1/invoices?rejectUnknownFields=true', invoice(id), headers);
    expect(await shown(idOf(repeated))).toMatchObject({ isReplayed: true, replyBody: kept.replyBody });
    const { calls } = await list('idempotencyKey=key-1');
    expect(calls.map(({ requestId, isReplayed }) => [requestId, isReplayed])).toEqual([
      [idOf(repeated), true],
      [idOf(made), false],
    ]);
    expect(calls[0]).not.toHaveProperty('requestBody');
    expect(calls[0]).toHaveProperty('clientName', 'settlement tests');
    expect((await list(`account=${accountNumber}`)).calls).toHaveLength(2);
  });

  test('that is refused is there with its codes, before and behind authentication, also with status 200', async () => {
    const refused = await call('POST', '/v1/invoices', { accountId: 'nobody' }, { 'Zuora-Track-Id': 'bad' });
    expect(refused.status).toBe(400);
    const codes = (refused.body.reasons as Json[]).map(({ code }) => String(code));
    expect(await shown(idOf(refused))).toMatchObject({ status: 400, errorCodes: [...new Set(codes)] });
    const unknown = await exports.default.fetch('https://spillway.test/v1/accounts/x');
    await unknown.json();
    expect(await shown(idOf(unknown))).toMatchObject({ status: 401, clientId: null, accounts: ['x'] });
    const older = await call('GET', '/v1/accounts/nobody', undefined, { 'Zuora-Version': '211.0' });
    expect(older.status).toBe(200);
    expect((await shown(idOf(older))).errorCodes).toHaveLength(1);
    const { calls } = await list('trackId=bad&status=4xx');
    expect(calls.map(({ requestId }) => requestId)).toEqual([idOf(refused)]);
  });

  test('with a body that is longer than what is kept is shown cut, and says so', async () => {
    const limit = limits.apiLogBodyCharactersMax;
    const body = { name: 'x', notes: 'ü'.repeat(limit) };
    const refused = await call('POST', '/v1/accounts', body);
    const { requestBody } = await shown(idOf(refused));
    const sent = JSON.stringify(body);
    expect(requestBody).toEqual({
      text: sent.slice(0, limit),
      characters: sent.length,
      isCut: true,
      leftOut: null,
    });
    const path = `/v1/accounts/${'x'.repeat(limits.apiLogPathCharactersMax)}`;
    const long = await call('GET', path);
    expect((await shown(idOf(long))).path).toBe(path.slice(0, limits.apiLogPathCharactersMax));
  });

  test.each(['health', 'file'])('for %s is no call to keep a body of', async (kind) => {
    if (kind === 'health') {
      const { status, headers } = await call('GET', '/v1/spillway/health');
      expect(status).toBe(200);
      expect((await call('GET', `/v1/spillway/api-log/${headers.get('Zuora-Request-Id')}`)).status).toBe(404);
      return;
    }
    const form = new FormData();
    form.set('file', new File(['ACCOUNT_ID,UOM,QTY\n'], 'usage.csv', { type: 'text/csv' }));
    const request = new Request('https://spillway.test/v1/usage', { method: 'POST', body: form });
    const reply = await exports.default.fetch(request);
    await reply.text();
    expect((await shown(idOf(reply))).requestBody).toMatchObject({ text: null, leftOut: 'it is not JSON' });
  });
});

test('a call of a web page is there with its user', async () => {
  const user = { clientId: 'user-1', role: 'standard' } as const;
  const request = new Request('http://spillway.internal/v1/accounts', { method: 'POST', body: '{}' });
  request.headers.set('Content-Type', 'application/json');
  const reply = await createInProcessApi()(request, user, env, createExecutionContext());
  expect(await shown(idOf(reply))).toMatchObject({
    clientId: 'user-1',
    clientName: null,
    source: 'page',
    status: 400,
  });
  expect((await list('clientId=user-1&source=page')).calls).toHaveLength(1);
  expect((await list('clientId=user-1&source=api')).calls).toEqual([]);
});

test('who looks into the log is not in it', async () => {
  const looked = await call('GET', '/v1/spillway/api-log');
  expect((await call('GET', `/v1/spillway/api-log/${idOf(looked)}`)).status).toBe(404);
});

describe('secrets', () => {
  async function everythingKept(): Promise<string> {
    const texts: unknown[] = [];
    for (let page = await list('pageSize=100'); ; page = await list(page.nextPage!.split('?')[1]!)) {
      for (const { requestId } of page.calls) {
        // The caller's name is not kept: it is looked up when the log is read.
        const { clientName: _, ...kept } = await shown(requestId as string);
        texts.push(kept);
      }
      if (page.nextPage === undefined) return JSON.stringify(texts);
    }
  }

  test('are in no kept call: payment numbers, credentials, secrets of clients, tokens', async () => {
    const admin = await connect('admin');
    const account = await putAccount();
    const card = '4000056655665556';
    const cardReply = await call(
      'POST',
      '/v1/payment-methods',
      cardBody(account, card, { securityCode: '7391' }),
    );
    const bank = {
      accountKey: account.id,
      type: 'ACH',
      bankAccountNumber: '000123987654',
      bankABACode: '110000000',
    };
    const bankReply = await call('POST', '/v1/payment-methods', bank);
    await call('POST', '/v1/object/payment-method', {
      AccountId: account.id,
      Type: 'CreditCard',
      CreditCardNumber: card,
      CreditCardSecurityCode: '7391',
    });
    const made = await admin('POST', '/v1/spillway/api-clients', { name: 'secret-name', role: 'read' });
    const secret = made.body.clientSecret as string;
    const credentials = {
      grant_type: 'client_credentials',
      client_id: made.body.clientId as string,
      client_secret: secret,
    };
    const issued = await exports.default.fetch('https://spillway.test/oauth/token', {
      method: 'POST',
      body: new URLSearchParams(credentials),
    });
    const { access_token: token } = (await issued.json()) as { access_token: string };
    await exports.default.fetch('https://spillway.test/v1/accounts/x', {
      headers: { Authorization: `Bearer ${token}` },
    });
    await admin('POST', '/v1/spillway/users', { email: 'a@example.com', password: 'correct-horse' });
    for (const { headers } of [made, issued]) {
      const { requestBody, replyBody } = await shown(headers.get('Zuora-Request-Id'));
      for (const body of [requestBody, replyBody])
        expect(body).toMatchObject({ text: null, characters: null });
    }
    expect((await shown(idOf(cardReply))).requestBody.text).toContain('400005******5556');
    expect((await shown(idOf(bankReply))).requestBody.text).toContain('***7654');
    const kept = await everythingKept();
    expect(kept).toContain(idOf(made));
    for (const hidden of [
      card,
      card.slice(4, 14),
      '000123987654',
      '7391',
      secret,
      token,
      'correct-horse',
      'secret-name',
    ]) {
      expect(kept).not.toContain(hidden);
    }
  });
});

describe('look-ups', () => {
  test('find by account, whichever of its names a call used, and by client, method, status and time together', async () => {
    const { id, accountNumber } = await putAccount();
    const other = await connect();
    const replies = [
      await call('GET', `/v1/accounts/${accountNumber}`),
      await other('GET', `/v1/accounts/${id}/summary`),
      await call('GET', `/object-query/invoices?filter[]=accountid.EQ:${id}`),
      await other('POST', '/v1/orders', { existingAccountNumber: accountNumber, orderDate: '2026-01-01' }),
      await call('GET', `/v1/object/account/${id}`),
    ];
    const ids = replies.map(idOf).reverse();
    const found = async (query: string) => (await list(query)).calls.map(({ requestId }) => requestId);
    expect(await found(`account=${id}`)).toEqual(ids);
    expect(await found(`account=${accountNumber}`)).toEqual(ids);
    const { clientId, time } = await shown(ids[1]!);
    expect(await found(`account=${id}&clientId=${clientId as string}`)).toEqual([ids[1], ids[3]]);
    expect(await found(`account=${id}&method=POST`)).toEqual([ids[1]]);
    expect(await found(`account=${id}&status=400`)).toEqual([ids[1]]);
    expect(await found(`account=${id}&status=2xx`)).toEqual([ids[0], ids[2], ids[3], ids[4]]);
    expect(await found(`account=${id}&clientId=nobody`)).toEqual([]);
    expect(await found(`requestId=${ids[2]}&account=${id}`)).toEqual([ids[2]]);
    expect(await found(`clientId=${clientId as string}`)).toEqual([ids[1], ids[3]]);
    const at = Date.parse(time as string);
    const instant = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
    expect(await found(`account=${id}&from=${instant(at)}&to=${instant(at + 1)}`)).toContain(ids[1]);
    expect(await found(`account=${id}&to=${instant(at - 3_600_000)}`)).toEqual([]);
    expect(await found(`account=${id}&from=${instant(Date.now() + 60_000)}`)).toEqual([]);
  });

  test('page from the newest to the oldest, each call once, whatever comes in meanwhile', async () => {
    const own = await connect();
    const track = { 'Zuora-Track-Id': 'paged' };
    const sent: string[] = [];
    for (let i = 0; i < 7; i++) sent.push(idOf(await own('GET', '/v1/accounts/x', undefined, track)));
    const seen: unknown[] = [];
    let query = 'trackId=paged&pageSize=3';
    for (;;) {
      const page = await list(query);
      expect(page.calls.length).toBeLessThanOrEqual(3);
      seen.push(...page.calls.map(({ requestId }) => requestId));
      await own('GET', '/v1/accounts/x', undefined, track);
      if (page.nextPage === undefined) break;
      query = page.nextPage.split('?')[1]!;
    }
    expect(seen).toEqual(sent.reverse());
  });
});

describe('who and how', () => {
  test('a client that only reads sees nothing of it', async () => {
    const reader = await connect('read');
    for (const path of ['/v1/spillway/api-log', '/v1/spillway/api-log/x']) {
      expect((await reader('GET', path)).status).toBe(403);
    }
    expect((await call('GET', '/v1/spillway/api-log')).status).toBe(200);
  });

  test.each([
    ...[
      'requestId=',
      `requestId=${'x'.repeat(101)}`,
      `trackId=${'x'.repeat(65)}`,
      `account=${'x'.repeat(101)}`,
    ],
    ...[
      `idempotencyKey=${'x'.repeat(256)}`,
      'clientId=',
      'method=get',
      'status=6xx',
      'status=4x',
      'status=99',
    ],
    ...['from=yesterday', 'to=2026-02-30T00:00:00Z', 'before=0', 'before=9999999999999999', 'before=x'],
    ...['pageSize=0', 'pageSize=x', 'pageSize=', 'to=2026-01-01T00:00:00Z&from=2026-01-02T00:00:00Z'],
  ])('%s is refused by its name', async (query) => {
    const { status, body } = await call('GET', `/v1/spillway/api-log?${query}`);
    const [{ message }] = body.reasons as [{ message: string }];
    expect([status, message]).toEqual([400, expect.stringMatching(`^${query.split('=')[0]}: `)]);
  });

  test('a page has at most 100 calls, whatever is asked for', async () => {
    await appended(Array.from({ length: 101 }, () => ({ path: '/v1/many', trackId: 'many' })));
    const first = await list('trackId=many&pageSize=101');
    expect(first.calls).toHaveLength(100);
    expect((await list(first.nextPage!.split('?')[1]!)).calls).toHaveLength(1);
  });

  test('a call that is not there is refused', async () => {
    const { status, body } = await call('GET', `/v1/spillway/api-log/${crypto.randomUUID()}`);
    expect([status, messageOf({ status, body } as Reply)]).toEqual([
      404,
      expect.stringContaining('no such call'),
    ]);
  });
});

describe('nobody feels it', () => {
  const failing = {
    idFromName: () => env.LOG.idFromName('x'),
    get: () => ({ append: () => Promise.reject(new Error('the log is down')) }),
  } as never;

  test('a log that fails fails no call', async () => {
    const api = await inProcessApi('standard', { API_LOG: 'on', LOG: failing });
    expect((await api.get('/v1/accounts/nobody')).status).toBe(404);
    expect((await api.post('/v1/accounts', {})).status).toBe(400);
  });

  test('what the log did not take is counted, and told when it takes again', async () => {
    const buffer = new ApiLogBuffer();
    const atMs = Date.parse('2026-01-01T00:00:00Z') + (Date.now() % 1_000_000);
    const passed = {
      requestId: crypto.randomUUID(),
      atMs,
      ms: 1,
      source: 'api',
      method: 'GET',
      path: '/v1/x',
    } as const;
    for (let i = 0; i < 3; i++) {
      expect(buffer.admits(true, atMs, Date.now())).toBe(true);
      buffer.keep({ ...passed, status: 404, isFailed: true, isReplayed: false } as PassedCall);
    }
    await buffer.send({ ...env, LOG: failing });
    await buffer.send({ ...env, LOG: failing });
    const append = vi.fn<(calls: unknown, notKept: unknown) => Promise<void>>(() => Promise.resolve());
    await buffer.send({ ...env, LOG: { ...(failing as object), get: () => ({ append }) } as never });
    expect(append.mock.calls).toEqual([[[], [{ second: Math.floor(atMs / 1_000), calls: 3 }]]]);
    await buffer.send({ ...env, LOG: failing });
    expect(append).toHaveBeenCalledTimes(1);
  });

  test('a log that fails is said to whoever asks it', async () => {
    const api = await inProcessApi('standard', { LOG: failing });
    expect((await api.get('/v1/spillway/api-log')).status).toBe(503);
  });

  test('API_LOG=off keeps nothing', async () => {
    const api = await inProcessApi('standard', { API_LOG: 'off' });
    const { headers } = await api.get('/v1/accounts/nobody');
    expect((await call('GET', `/v1/spillway/api-log/${headers.get('Zuora-Request-Id')}`)).status).toBe(404);
  });

  test('whatever a call says can be kept and shown', async () => {
    const text = fc.oneof(fc.constantFrom(...HOSTILE_JSON), fc.string({ unit: 'binary' }), fc.json());
    const said = fc.record({
      text,
      reply: text,
      segment: fc.constantFrom(...HOSTILE_SEGMENTS),
      key: fc.string(),
    });
    for (const calls of fc.sample(fc.array(said, { minLength: 40, maxLength: 40 }), 5)) {
      const ids = await appended(
        calls.map(({ text: requestText, reply: replyText, segment, key }) => ({
          path: `/v1/accounts/${segment}?account=${segment}&x=${encodeURIComponent(key)}`,
          ...{ requestText, replyText, idempotencyKey: key, isFailed: true, status: 400 },
        })),
      );
      const kept = env.LOG.get(env.LOG.idFromName(LOG_NAME));
      for (const requestId of ids)
        expect(await kept.find(requestId)).toMatchObject({ requestId, status: 400 });
      expect((await shown(ids[0]!)).status).toBe(400);
    }
  });
});

/** Puts calls into the log as an isolate does; their request ids. */
async function appended(calls: ReadonlyArray<Partial<PassedCall>>): Promise<string[]> {
  const passed = calls.map(
    (given): PassedCall => ({
      ...{ requestId: crypto.randomUUID(), trackId: undefined, atMs: Date.now(), ms: 1, clientId: undefined },
      ...{ source: 'api', method: 'POST', path: '/v1/x', status: 200, idempotencyKey: undefined },
      ...{
        isReplayed: false,
        isFailed: false,
        requestText: undefined,
        requestType: undefined,
        replyText: undefined,
      },
      ...given,
    }),
  );
  await env.LOG.get(env.LOG.idFromName(LOG_NAME)).append(passed.map(toLoggedCall), []);
  return passed.map(({ requestId }) => requestId);
}
