import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { HOSTILE_JSON, HOSTILE_SEGMENTS, type Path, withHostile } from '../support/hostile-values.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import type { ApiReply } from '../support/worker-api.ts';

// Whatever stands in a request for a job of several queries, in its queries or in its paths: a job that is taken in, or one of AQuA's errors with
// nothing kept. Never a failure of ours.

const RUNS = 300;
const TABLES = [
  'account',
  'query_job',
  'deleted_record',
  'sqlite_schema',
  'sqlite_master',
  'api_client',
  'access_token',
];

const valid = {
  format: 'csv',
  version: '1.1',
  name: 'Example',
  encrypted: 'none',
  partner: 'salesforce',
  project: '00170000011K3Ub',
  useQueryLabels: 'true',
  dateTimeUtc: 'true',
  incrementalTime: '2026-01-01 00:00:00',
  offset: 60,
  nullReplacement: 'NULL',
  notifyUrl: 'https://hooks.example.com/',
  sourceData: 'LIVE',
  warehouseSize: 'xsmall',
  queries: [
    {
      name: 'Account',
      query: "select Id, Name from Account where Name = 'x'",
      type: 'zoqlexport',
      apiVersion: '88.0',
      convertToCurrencies: '',
      deleted: { column: 'Deleted', format: 'Boolean', forceExport: true },
    },
    { name: 'Contact', query: 'select Id from Contact', type: 'zoql' },
  ],
};

const places: readonly Path[] = [
  ...Object.keys(valid).map((name) => [name]),
  ...Object.keys(valid.queries[0]!).map((name) => ['queries', 0, name]),
  ...['column', 'format', 'forceExport'].map((name) => ['queries', 0, 'deleted', name]),
  ['queries', 0],
  ['queries', 1],
  ['queries', 1, 'odd'],
];

let api: InProcessApi;
beforeAll(async () => {
  // Nothing is carried out: only what is taken in is looked at.
  api = await inProcessApi('read', { JOBS_QUEUE: { send: () => Promise.resolve() } as never });
});
beforeEach(async () => {
  await env.DB.batch(['query_job', 'job_notice'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

async function kept(): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT (SELECT count(*) FROM query_job) + (SELECT count(*) FROM job_notice) AS n',
  ).first<{ n: number }>();
  return row!.n;
}

/** What is wrong with a reply; null when nothing is. */
async function problemOf({ status, body }: ApiReply): Promise<string | null> {
  if (status !== 200) return `status ${status}`;
  if (body.errorCode === undefined) {
    if (body.status !== 'submitted') return 'neither taken in nor refused';
    await env.DB.batch(['query_job', 'job_notice'].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
    return null;
  }
  if (!/^900(0[2-5]|1[24-79]|2[18])$/.test(body.errorCode)) return `code ${body.errorCode}`;
  if (typeof body.message !== 'string' || body.message === '') return 'no message';
  return (await kept()) === 0 ? null : 'refused, and something is kept';
}

test('one to three fields of a request', async () => {
  const mutation = fc.tuple(
    fc.constantFrom(...places),
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_JSON) },
      { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      expect(await problemOf(await api.post('/v1/batch-query/', withHostile(valid, mutations)))).toBeNull();
    }),
    { numRuns: RUNS },
  );
});

test('bodies that are no request at all', async () => {
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '7',
    '1e309',
    'true',
    deep,
    `{"queries":${deep}}`,
    `{"queries":[${deep}]}`,
  ];
  for (const body of bodies) {
    const reply = await api.post('/v1/batch-query/', body);
    expect([body.slice(0, 20), await problemOf(reply), reply.body.status]).toEqual([
      body.slice(0, 20),
      null,
      'error',
    ]);
  }
});

test('queries that reach for more than the model', async () => {
  const word = fc.constantFrom(
    ...TABLES,
    ...[
      'select',
      'from',
      'where',
      'union all',
      'Id',
      'Account',
      '*',
      ',',
      '(',
      ')',
      "'",
      '"',
      '--',
      '/*',
      '*/',
      ';',
      '=',
    ],
    ...[
      'or 1=1',
      'group by',
      'limit 1',
      'attach',
      'pragma',
      '\u0000',
      '‮',
      "''",
      'like',
      '%',
      'null',
      '_deleted',
      't.id',
    ],
  );
  const text = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' ')),
    fc.array(word, { maxLength: 12 }).map((words) => `select Id from Account where ${words.join(' ')}`),
    fc.constantFrom(...TABLES).map((table) => `select * from ${table}`),
    fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('zoql', 'zoqlexport'), async (query, type) => {
      const body = { queries: [{ name: 'a', query, type }] };
      expect(await problemOf(await api.post('/v1/batch-query/', body))).toBeNull();
    }),
    { numRuns: RUNS },
  );
  for (const table of TABLES.filter((name) => name !== 'account')) {
    const body = { queries: [{ query: `select * from ${table}`, type: 'zoqlexport' }] };
    expect((await api.post('/v1/batch-query/', body)).body.errorCode).toBe('90005');
  }
});

test('paths', async () => {
  for (const segment of HOSTILE_SEGMENTS) {
    for (const path of [`jobs/${segment}`, `jobs/partner/${segment}/project/${segment}`]) {
      const { status, body } = await api.get(`/v1/batch-query/${path}`);
      expect([segment, status < 500, body === null]).toEqual([segment, true, false]);
    }
    expect((await api.delete(`/v1/batch-query/jobs/${segment}`)).status).toBeLessThan(500);
  }
});
