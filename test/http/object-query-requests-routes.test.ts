import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { objects } from '../../src/query/objects/index.ts';
import { HOSTILE_JSON, HOSTILE_SEGMENTS } from '../support/hostile-values.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type QueriedAccount, queriedAccount } from '../support/queried-account.ts';

// Requests of Object Query: its own error body and limit, the caller's version, custom fields; nothing that anybody sends is a failure of ours.

let api: InProcessApi;
let made: QueriedAccount;

beforeAll(async () => {
  api = await inProcessApi('admin');
  made = await queriedAccount(api, 'requests');
});

describe('refusals', () => {
  const bad = '/object-query/accounts?filter[]=nothing.EQ:1';

  test('have a body without a success flag, and a category of their own', async () => {
    const { status, body } = await api.get(bad);
    expect(status).toBe(400);
    expect(body).toEqual({
      reasons: [{ code: 50000027, message: 'filter[]: "nothing" is no field of accounts' }],
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await api.get('/object-query/accounts/none')).toMatchObject({
      status: 404,
      body: { reasons: [{ code: 50000040 }] },
    });
    expect(await api.get('/object-query/nothing')).toMatchObject({
      status: 404,
      body: { reasons: [{ code: 50000040 }] },
    });
  });

  test('are those of the other resources for versions that know no others', async () => {
    expect(await api.get(bad, { 'Zuora-Version': '2025-08-12' })).toMatchObject({
      status: 400,
      body: { reasons: [{ code: 50000027 }] },
    });
    expect(await api.get(bad, { 'Zuora-Version': '2024-05-20' })).toMatchObject({
      status: 400,
      body: { success: false, reasons: [{ code: 50000020 }] },
    });
    expect(await api.get(bad, { 'Zuora-Version': '341.0' })).toMatchObject({
      status: 200,
      body: { success: false, reasons: [{ code: 50000020 }] },
    });
  });

  test('without a token, and with another method', async () => {
    expect(
      await api.call('/object-query/accounts', {
        headers: { Authorization: 'Bearer 0000000000000000000000' },
      }),
    ).toMatchObject({
      status: 401,
      body: { reasons: [{ code: 90000011 }] },
    });
    expect(await api.post('/object-query/accounts', {})).toMatchObject({
      status: 405,
      body: { reasons: [{ code: 50000045 }] },
    });
  });
});

test('the limit of requests at a time is one of its own', async () => {
  const { headers } = await api.get('/object-query/accounts');
  expect(headers.get('Concurrency-Limit-Type')).toBe('Object Query');
  const none = await inProcessApi('read', { CONCURRENT_OBJECT_QUERY_MAX: '0' });
  expect((await none.get('/object-query/accounts')).status).toBe(429);
  expect((await none.get('/v1/accounts/none')).status).toBe(404);
});

test('custom fields are shown flat, filtered by, and left out beside fields that are named', async () => {
  await api.put(`/v1/accounts/${made.accountId}`, { region__c: 'West', seats__c: 12 });
  const shown = await api.get('/object-query/accounts?filter[]=region__c.EQ:west');
  expect(shown.body.data).toMatchObject([{ id: made.accountId, region__c: 'West', seats__c: 12 }]);
  expect((await api.get('/object-query/accounts?filter[]=seats__c.EQ:12&fields[]=seats__c')).body).toEqual({
    data: [{ seats__c: 12 }],
  });
  expect((await api.get('/object-query/accounts?filter[]=region__c.EQ:east')).body).toEqual({ data: [] });
});

test('date-times are shown in the tenant’s zone, to the second', async () => {
  const { updatedDate } = (await api.get(`/object-query/accounts/${made.accountId}`)).body;
  await api.put('/v1/spillway/settings', { timeZone: 'Asia/Kathmandu' });
  const shifted = (await api.get(`/object-query/accounts/${made.accountId}`)).body.updatedDate;
  await api.put('/v1/spillway/settings', { timeZone: 'UTC' });
  expect(updatedDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  expect(shifted).toMatch(/\+05:45$/);
  expect(Date.parse(shifted)).toBe(Date.parse(updatedDate));
});

describe('whatever is sent', () => {
  const paths = objects.flatMap(({ collection }) =>
    collection === null ? [] : [`/object-query/${collection}`],
  );
  const values = fc.oneof(
    fc.constantFrom(...HOSTILE_JSON).map((json) => json.slice(0, 20_000)),
    fc.string({ maxLength: 40, unit: 'binary' }),
    fc.constantFrom(
      "' OR 1=1 --",
      '") UNION SELECT secret_hash FROM api_client --',
      'sqlite_master',
      '(SELECT 1)',
      `${'('.repeat(10_000)}`,
      'a,'.repeat(5_000),
    ),
  );
  const fields = objects.flatMap(({ fields: own }) => own.map(({ name }) => name));
  const operators = fc.constantFrom('EQ', 'NE', 'LT', 'GT', 'LE', 'GE', 'SW', 'IN');
  const parameter = fc.oneof(
    fc.tuple(
      fc.constant('filter[]'),
      fc
        .tuple(fc.oneof(fc.constantFrom(...fields), values), operators, values)
        .map(([name, operator, value]) => `${name}.${operator}:${value}`),
    ),
    fc.tuple(
      fc.constant('filter[]'),
      fc.tuple(fc.constantFrom(...fields), values).map(([name, value]) => `${name}.IN:[${value}]`),
    ),
    fc.tuple(
      fc.constant('sort[]'),
      fc.oneof(
        values,
        fc.constantFrom(...fields).map((name) => `${name}.DESC`),
      ),
    ),
    fc.tuple(
      fc.constant('cursor'),
      fc.oneof(
        values,
        values.map((text) =>
          Buffer.from(
            `[{"value":${JSON.stringify(text)},"orderBy":{"field":"UpdatedDate","order":"DESC"}}]`,
          ).toString('base64'),
        ),
      ),
    ),
    fc.tuple(
      fc.constantFrom('expand[]', 'fields[]', 'account.fields[]', 'pageSize', 'includeNullFields'),
      values,
    ),
  );

  test('is answered or refused, and shows nothing that is not the object’s', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.array(parameter, { minLength: 1, maxLength: 4 }),
        async (path, given) => {
          const query = new URLSearchParams(given.map(([name, value]) => [name, value.toWellFormed()]));
          const { status, body } = await api.get(`${path}?${query}`);
          expect([200, 400], `${path}?${query}`).toContain(status);
          if (status === 400) expect(body.reasons[0].code).toBe(50000027);
          expect(JSON.stringify(body)).not.toContain('secret_hash"');
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);

  test('as a key is a record, or none', async () => {
    for (const path of paths.slice(0, 4)) {
      for (const segment of HOSTILE_SEGMENTS) {
        const { status } = await api.get(`${path}/${segment}`);
        expect([200, 400, 404], `${path}/${segment}`).toContain(status);
      }
    }
  });
});
