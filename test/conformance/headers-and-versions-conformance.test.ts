import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { conformance, type Reply } from './support/conformance.ts';
import { CONTACT, createAccount, uniqueName } from './support/fixtures.ts';
import { expectCrudMissing, expectRefusal, expectSuccess, listAt, textAt } from './support/reply-reading.ts';

// What every reply carries, whatever the operation: ids, limits, the status that the API version asks for, whole pages.
const UNKNOWN_ACCOUNT = `/v1/accounts/${'0'.repeat(32)}`;

function expectCommonHeaders(reply: Reply): void {
  expect(reply.headers).toMatchObject({
    'zuora-request-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    'ratelimit-limit': expect.stringMatching(/^\d+(, ?\d+;w=\d+)*$/),
    'ratelimit-remaining': expect.stringMatching(/^\d+$/),
    'ratelimit-reset': expect.stringMatching(/^\d+$/),
    'concurrency-limit-limit': expect.stringMatching(/^\d+$/),
    'concurrency-limit-remaining': expect.stringMatching(/^\d+$/),
    'content-type': expect.stringContaining('application/json'),
  });
}

conformance(
  ['GET_Account', 'POST_Account'],
  'replies carry request id and limits, refusals too',
  async (api) => {
    const account = await createAccount(api);
    const read = await api.get(`/v1/accounts/${account.id}`);
    expectCommonHeaders(read);
    expect(read.headers['concurrency-limit-type']).toBe('Default');
    const refused = await api.post('/v1/accounts', {});
    expectCommonHeaders(refused);
    expect(refused.headers['concurrency-limit-type']).toBe('High-volume transactions');
    expect(Number(refused.headers['concurrency-limit-limit'])).toBeGreaterThan(
      Number(read.headers['concurrency-limit-limit']),
    );
    expect(read.headers['zuora-request-id']).not.toBe(refused.headers['zuora-request-id']);
  },
);

conformance(
  ['POST_Order', 'GET_Order'],
  'orders count as high-volume transactions, reading them does not',
  async (api) => {
    const posted = await api.post('/v1/orders', {});
    expect(posted.headers['concurrency-limit-type']).toBe('High-volume transactions');
    const read = await api.get('/v1/orders/O-nothing');
    expect(read.headers['concurrency-limit-type']).toBe('Default');
  },
);

conformance('GET_Account', "echoes the client's track id", async (api) => {
  const trackId = `track-${randomUUID()}`;
  const reply = await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Track-Id': trackId });
  expect(reply.headers['zuora-track-id']).toBe(trackId);
  const account = await createAccount(api);
  const read = await api.get(`/v1/accounts/${account.id}`, { 'Zuora-Track-Id': trackId });
  expect(read.headers['zuora-track-id']).toBe(trackId);
});

conformance(
  'GET_Account',
  'gives a refusal the status of its category from version 2024-05-20 on',
  async (api) => {
    for (const version of ['2024-05-20', '2025-08-12']) {
      const reply = await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Version': version });
      expectRefusal(reply, { status: 404, category: 40 });
    }
    expectRefusal(await api.get(UNKNOWN_ACCOUNT), { status: 404, category: 40 });
  },
);

conformance(
  ['GET_Account', 'POST_Account'],
  'answers older versions with 200 and the same body',
  async (api) => {
    for (const version of ['196.0', '230.0', '341.0']) {
      const unknown = await api.get(UNKNOWN_ACCOUNT, { 'Zuora-Version': version });
      expectRefusal(unknown, { status: 200, category: 40 });
      const invalid = await api.post('/v1/accounts', { name: 'x' }, { 'Zuora-Version': version });
      expectRefusal(invalid, { status: 200, names: 'currency' });
    }
  },
);

conformance('GET_Account', 'code 50000040 stands for an unknown key', async (api) => {
  const reply = await api.get(UNKNOWN_ACCOUNT);
  expect(reply.body).toMatchObject({ reasons: [{ code: 50000040 }] });
});

conformance('POST_Account', 'refuses broken JSON, no body and a body that is no object', async (api) => {
  for (const text of ['{"name": "x"', 'name=x', '', '[]', '"text"', 'null', '7']) {
    expectRefusal(await api.post('/v1/accounts', text), { status: 400 });
  }
});

conformance(
  'POST_Account',
  'refuses a wrong type and names the field, also inside a contact',
  async (api) => {
    const complete = { name: 'x', currency: 'USD', billCycleDay: 1, billToContact: CONTACT };
    const cases: [string, object][] = [
      ['name', { name: 7 }],
      ['autoPay', { autoPay: 'true' }],
      ['billCycleDay', { billCycleDay: 'first' }],
      ['billToContact', { billToContact: 'Amy' }],
      ['firstName', { billToContact: { ...CONTACT, firstName: ['Amy'] } }],
      ['additionalEmailAddresses', { additionalEmailAddresses: 'a@example.com' }],
    ];
    for (const [names, wrong] of cases) {
      expectRefusal(await api.post('/v1/accounts', { ...complete, ...wrong }), { status: 400, names });
    }
  },
);

conformance('GET_AllOrders', 'keeps page sizes within 40 and refuses what is no page', async (api) => {
  const large = expectSuccess(await api.get('/v1/orders?pageSize=1000'));
  expect(listAt(large, 'orders').length).toBeLessThanOrEqual(40);
  const beyond = expectSuccess(await api.get('/v1/orders?page=1000000'));
  expect(listAt(beyond, 'orders')).toEqual([]);
  expect(beyond).not.toHaveProperty('nextPage');
  for (const [name, value] of [
    ['page', '0'],
    ['page', 'two'],
    ['pageSize', '0'],
    ['pageSize', '-1'],
    ['pageSize', 'all'],
  ] as const) {
    expectRefusal(await api.get(`/v1/orders?${name}=${value}`), { status: 400, names: name });
  }
});

conformance(
  'GET_Account',
  'answers a path and a method that are not there in the same envelope',
  async (api) => {
    expectRefusal(await api.get(UNKNOWN_ACCOUNT), { status: 404, category: 40 });
    expectRefusal(await api.get('/v1/no-such-resource'), { status: 404, category: 40 });
    expectRefusal(await api.delete('/v1/orders'), { status: 405, category: 45 });
    const text = await api.post('/v1/accounts', 'name', { 'Content-Type': 'text/plain' });
    expectRefusal(text, { status: 415, category: 45 });
  },
);

conformance(
  'Object_GETAccount',
  'answers the CRUD resources in their own envelope in every version',
  async (api) => {
    const path = `/v1/object/account/${'0'.repeat(32)}`;
    expectCrudMissing(await api.get(path));
    expectCrudMissing(await api.get(path, { 'X-Zuora-WSDL-Version': '91.0' }));
  },
);

conformance(['POST_Account', 'GET_Account'], 'returns text exactly as it was sent', async (api) => {
  const name = `${uniqueName('Größe')} 株式会社 "quoted" \\ <b> 🙂`;
  const account = await createAccount(api, { name });
  const body = expectSuccess(await api.get(`/v1/accounts/${account.id}`));
  expect(textAt(body, 'basicInfo.name')).toBe(name);
});
