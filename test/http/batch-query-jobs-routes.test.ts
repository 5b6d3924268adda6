import { env } from 'cloudflare:workers';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../src/env.ts';
import { notifyJobEnd, sweepJobNotices } from '../../src/jobs/notify-job-end.ts';
import {
  completed,
  ended,
  fileReader,
  type JobBody,
  linesOf,
  refusalOf,
  submitted,
} from '../support/batch-query-jobs.ts';
import { jobPorts } from '../support/job-ports.ts';
import { putAccount } from '../support/settlement-fixtures.ts';
import { type WorkerApi, workerApi } from '../support/worker-api.ts';

// Shows jobs without a session: what their files hold and how they are headed and packed, what is refused and how, the paths that clients of all
// ages use, cancellation, limits, and how a URL is told of a job's end.

const JOBS = '/v1/batch-query/jobs';
const query = (text: string, changes: object = {}) => ({
  name: 'Accounts',
  query: text,
  type: 'zoqlexport',
  ...changes,
});

let api: WorkerApi;
let read: (path: string) => Promise<Response>;
let number: string;

beforeAll(async () => {
  api = await workerApi('read');
  read = await fileReader();
  number = (await putAccount({ name: 'Stateless', details: { notes: 'said' } })).accountNumber;
  await putAccount({ name: 'Other' });
});

const ONE = "select AccountNumber, Name, CrmId from Account where Name = 'Stateless'";

async function textOf(job: JobBody, batch = 0): Promise<string> {
  return (await read(`/v1/files/${job.batches[batch].fileId}`)).text();
}

describe('a file', () => {
  it('is headed by labels, or as the query names its columns', async () => {
    const labels = await textOf(await completed(api, { queries: [query(ONE)] }));
    expect(linesOf(labels)).toEqual([
      ['Account: Account Number', 'Account: Name', 'Account: Crm ID'],
      [number, 'Stateless', ''],
    ]);
    const named = query(ONE.replace('Name,', 'Name as "Who",'));
    const request = { useQueryLabels: true, nullReplacement: 'NULL', queries: [named] };
    expect(linesOf(await textOf(await completed(api, request)))).toEqual([
      ['AccountNumber', 'Who', 'CrmId'],
      [number, 'Stateless', 'NULL'],
    ]);
  });

  it('shows instants in the zone of the tenant, or in UTC', async () => {
    const admin = await workerApi('admin');
    const queries = [query("select CreatedDate from Account where Name = 'Stateless'")];
    await admin.put('/v1/spillway/settings', { timeZone: 'Europe/Berlin' });
    const [local, utc] = await Promise.all([
      completed(api, { queries }),
      completed(api, { queries, dateTimeUtc: true }),
    ]);
    await admin.put('/v1/spillway/settings', { timeZone: 'UTC' });
    // Made at midnight UTC on 1 January, when Berlin is an hour ahead.
    expect(linesOf(await textOf(local))[1]).toEqual(['2026-01-01T01:00:00+01:00']);
    expect(linesOf(await textOf(utc))[1]).toEqual(['2026-01-01T00:00:00+00:00']);
  });

  it('is packed as it is asked for, under a name that is safe on every disk', async () => {
    const plain = await textOf(await completed(api, { queries: [query(ONE)] }));
    const name = '../../etc/Accounts';
    const gzip = await completed(api, { format: 'gzip', queries: [query(ONE, { name })] });
    const packed = await read(`/v1/files/${gzip.batches[0].fileId}`);
    expect(packed.headers.get('Content-Disposition')).toContain("''_.._etc_Accounts.csv.gz");
    const unpacked = packed.body!.pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(unpacked).text()).toBe(plain);
    const zip = await completed(api, { format: 'zip', queries: [query(ONE, { name })] });
    expect(zip.format).toBe('ZIP');
    const bytes = new Uint8Array(await (await read(`/v1/files/${zip.batches[0].fileId}`)).arrayBuffer());
    const entries = Object.entries(unzipSync(bytes));
    expect(entries.map(([entry]) => entry)).toEqual(['_.._etc_Accounts.csv']);
    expect(new TextDecoder().decode(entries[0]![1])).toBe(plain);
  });

  it('is there for each query of the job, in ZOQL too, at every path', async () => {
    const zoql = "select AccountNumber from Account where Name = 'Other'";
    const job = await completed(api, {
      queries: [
        query(ONE),
        query(zoql, { type: 'zoql', name: null }),
        query('select count(*) as "n" from Account'),
      ],
      useQueryLabels: 'true',
    });
    expect(job.batches.map((batch: JobBody) => [batch.batchType, batch.recordCount])).toEqual([
      ['zoqlexport', 1],
      ['zoql', 1],
      ['zoqlexport', 1],
    ]);
    const all = await env.DB.prepare('SELECT count(*) AS n FROM account').first<{ n: number }>();
    expect(linesOf(await textOf(job, 2))).toEqual([['n'], [String(all!.n)]]);
    const { fileId } = job.batches[1];
    const texts = await Promise.all(
      ['/v1/files/', '/v1/file/', '/apps/api/file/'].map(async (path) => (await read(path + fileId)).text()),
    );
    expect(new Set(texts).size).toBe(1);
    expect(linesOf(texts[0]!)[0]).toEqual(['AccountNumber']);
    expect((await api.get(`/v1/files/${fileId}/status`)).body).toMatchObject({ accessible: true });
  });

  it('has deleted rows of a stateless job only where that is forced', async () => {
    const admin = await workerApi('admin');
    const kept = await putAccount({ name: 'Forced' });
    const gone = await putAccount({ name: 'Forced' });
    expect((await admin.delete(`/v1/object/account/${gone.id}`)).body).toMatchObject({ success: true });
    const text = "select AccountNumber from Account where Name = 'Forced' order by AccountNumber";
    const deleted = { column: 'Gone', format: 'Boolean', forceExport: true };
    const job = await completed(api, { queries: [query(text, { deleted })], useQueryLabels: true });
    expect(linesOf(await textOf(job))).toEqual([
      ['Account.Gone', 'AccountNumber'],
      ['false', kept.accountNumber],
      ['true', gone.accountNumber],
    ]);
    const unforced = { queries: [query(text, { deleted: { ...deleted, forceExport: false } })] };
    expect(refusalOf(await api.post('/v1/batch-query/', unforced))).toBe(
      '90012 Stateless AQuA does not support deleted columns.',
    );
  });
});

describe('a job is refused', () => {
  it('as a whole for one query that is wrong, which says why', async () => {
    const before = await env.DB.prepare('SELECT count(*) AS n FROM query_job').first<{ n: number }>();
    const queries = [query(ONE), query('select Colour from Account'), query('select Id from Nothing')];
    const { status, body } = await api.post('/v1/batch-query/', { name: 'wrong', queries });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      errorCode: '90005',
      message: 'There is a syntax error in one of the queries in the AQuA input',
      status: 'error',
      name: 'wrong',
      batches: [{ status: 'pending' }, { status: 'aborted' }, { status: 'aborted' }],
    });
    expect(body.batches[0].message).toBeUndefined();
    expect(body.batches[1].message).toBe('There is no field Colour in Account. (line 1, column 8)');
    expect(body.batches[2].message).toContain('Nothing');
    // Some clients cancel what was refused.
    expect(refusalOf(await api.delete(`${JOBS}/${body.id}`))).toBe(
      '90003 Invalid Job Id for job cancellation.',
    );
    expect(await env.DB.prepare('SELECT count(*) AS n FROM query_job').first()).toEqual(before);
  });

  it('where an object has no deleted records', async () => {
    const deleted = { column: 'Deleted', format: 'Boolean', forceExport: true };
    const text = 'select Id from ProductRatePlanChargeTier';
    const { body } = await api.post('/v1/batch-query', { queries: [query(text, { deleted })] });
    expect(body).toMatchObject({
      errorCode: '90017',
      message:
        'Objects included in the queries do not support the querying of deleted records. Remove Deleted section in the JSON request and retry the request',
      batches: [{ status: 'deleted_notallowed', localizedStatus: 'deleted_notallowed' }],
    });
  });

  it.each([
    ['{', '90005 The body is not valid JSON.'],
    ['', '90005 The body is not valid JSON.'],
    ['null', '90005 The body must be an object with format, version, name and queries.'],
    ['[]', '90005 The body must be an object with format, version, name and queries.'],
    ['{}', '90016 There are no queries included in the AQuA request.'],
    [{ queries: [] }, '90016 There are no queries included in the AQuA request.'],
    [{ format: 'pdf', queries: [query(ONE)] }, '90005 format must be one of csv, zip, gzip.'],
    [
      { notifyUrl: 'http://169.254.169.254/', queries: [query(ONE)] },
      '90014 notifyUrl must begin with https://.',
    ],
    [
      { incrementalTime: '2026-01-01 00:00:00', queries: [query(ONE)] },
      '90015 incrementalTime needs a stateful job: version 1.1 or later, partner and project.',
    ],
    [
      { queries: Array.from({ length: 50 }, () => query(`${ONE} and Notes = '${'x'.repeat(30_000)}'`)) },
      '90005 The queries take more than 1000000 bytes to keep; split the job.',
    ],
  ])('with HTTP 200 and a code: %#', async (body, why) => {
    expect(refusalOf(await api.post('/v1/batch-query/', body))).toBe(why);
  });

  it('when so many of its kind have not ended', async () => {
    const text = "SELECT value, 'aqua', 'executing', '{}', '[]', ?1, 't', ?1, 0, '9999' FROM generated";
    await env.DB.prepare(
      'WITH RECURSIVE generated (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM generated WHERE value < 50) ' +
        'INSERT INTO query_job (id, kind, status, request, statements, created_at, created_by, updated_at, attempts, expires_at) ' +
        text,
    )
      .bind(new Date().toISOString())
      .run();
    const notifyUrl = 'https://hooks.example.com/';
    expect(refusalOf(await api.post('/v1/batch-query/', { notifyUrl, queries: [query(ONE)] }))).toBe(
      '90028 The total number of concurrent jobs has exceeded the limit allowed by the system.',
    );
    expect(await env.DB.prepare('SELECT count(*) AS n FROM job_notice').first()).toEqual({ n: 0 });
    // Jobs of sessions are counted on their own.
    const session = { version: '1.1', partner: 'p', project: 'q', queries: [query(ONE)] };
    const { id } = await submitted(api, session);
    expect((await api.delete(`${JOBS}/${id}`)).body.status).toBe('cancelled');
    await env.DB.prepare("DELETE FROM query_job WHERE created_by = 't'").run();
  });
});

describe('a job can be asked about', () => {
  it('at the paths that clients of all ages use', async () => {
    const roots = ['/v1/batch-query', '/v1/batch-query/', '/apps/api/batch-query', '/apps/api/batch-query/'];
    for (const root of roots) {
      const made = await api.post(root, { queries: [query(ONE)] });
      expect([root, made.body.status]).toEqual([root, 'submitted']);
      for (const path of [`${root}/jobs`, `${root.replace(/\/$/, '')}/jobs`]) {
        const shown = await api.get(`${path}/${made.body.id}`);
        expect([path, shown.body.id]).toEqual([path, made.body.id]);
      }
      expect((await ended(api, made.body.id)).status).toBe('completed');
    }
    const unknown = await fetchWithout('/apps/api/batch-query/');
    expect(unknown.status).toBe(401);
  });

  it.each(['0'.repeat(32), 'x', "'"])('and there is none %s', async (id) => {
    const path = `${JOBS}/${encodeURIComponent(id)}`;
    expect(refusalOf(await api.get(path))).toBe('90002 Invalid Job Id.');
    expect(refusalOf(await api.delete(path))).toBe('90003 Invalid Job Id for job cancellation.');
  });

  it('and is cancelled while it waits, once', async () => {
    // Nothing else may begin meanwhile.
    const running = Array.from({ length: limits.queryJobsRunningMax }, (_, i) => `r${i}`);
    await env.DB.prepare(
      'INSERT INTO query_job (id, kind, status, request, statements, created_at, created_by, updated_at, attempts, expires_at) ' +
        "SELECT value, 'export', 'executing', '{}', '[]', ?2, 't', ?2, 0, '9999' FROM json_each(?1)",
    )
      .bind(JSON.stringify(running), new Date().toISOString())
      .run();
    const { id } = await submitted(api, { queries: [query(ONE)] });
    const cancelled = await api.delete(`${JOBS}/${id}`);
    expect(cancelled.body).toMatchObject({ id, status: 'cancelled', batches: [{ status: 'cancelled' }] });
    expect(refusalOf(await api.delete(`${JOBS}/${id}`))).toContain('90003');
    expect((await api.get(`${JOBS}/${id}`)).body).toMatchObject({ status: 'cancelled' });
    // A job of another surface is none of AQuA's.
    expect(refusalOf(await api.get(`${JOBS}/r0`))).toContain('90002');
    expect(refusalOf(await api.delete(`${JOBS}/r0`))).toContain('90003');
    await env.DB.prepare("DELETE FROM query_job WHERE created_by = 't'").run();
    const done = await completed(api, { queries: [query(ONE)] });
    expect(refusalOf(await api.delete(`${JOBS}/${done.id}`))).toContain('90003');
  });

  it('and a repeated request with the same key is the same job', async () => {
    const headers = { 'Idempotency-Key': 'aqua-once' };
    const body = { queries: [query(ONE)] };
    const [first, second] = [
      await api.post('/v1/batch-query/', body, headers),
      await api.post('/v1/batch-query/', body, headers),
    ];
    expect(second.body).toEqual(first.body);
  });
});

describe('the end of a job', () => {
  const now = '2026-03-01T12:00:00.000Z';
  const at = (seconds: number) => new Date(Date.parse(now) + seconds * 1_000).toISOString();

  async function noticeFor(url: string): Promise<string> {
    const { id } = await completed(api, { queries: [query(ONE)] });
    await env.DB.prepare('INSERT INTO job_notice (job_id, url, attempts, due_at) VALUES (?1, ?2, 0, ?3)')
      .bind(id, url, now)
      .run();
    return id;
  }

  const told = (id: string, when: string, allowLoopback = true) => {
    const { jobEnds } = jobPorts();
    return notifyJobEnd(id, jobPorts({ now: () => when, jobEnds: { ...jobEnds, allowLoopback } }));
  };
  const left = (id: string) =>
    env.DB.prepare('SELECT attempts FROM job_notice WHERE job_id = ?1').bind(id).first<number>('attempts');

  it('is told again while nobody takes it, later and later, five times in all', async () => {
    const id = await noticeFor('http://127.0.0.1:1/');
    expect(await told(id, now)).toBe(30);
    expect([await told(id, at(29)), await left(id)]).toEqual([null, 1]);
    // 30 s, then 60, 120 and 240 after those.
    expect(await told(id, at(30))).toBe(60);
    expect(await told(id, at(90))).toBe(120);
    expect(await told(id, at(210))).toBe(240);
    expect([await told(id, at(450)), await left(id)]).toEqual([null, null]);
  });

  it('is asked for again by the sweep when the message was lost, and told once by two', async () => {
    const id = await noticeFor('http://127.0.0.1:1/');
    const sent: string[] = [];
    const sweep = (when: string) =>
      sweepJobNotices(env.DB, when, async (messages) => {
        sent.push(...messages.map(({ jobId }) => jobId));
      });
    await sweep(at(29));
    expect(sent).not.toContain(id);
    await sweep(at(30));
    expect(sent).toContain(id);
    expect((await Promise.all([told(id, now), told(id, now)])).sort()).toEqual([30, null]);
    expect(await left(id)).toBe(1);
    await env.DB.prepare('DELETE FROM job_notice').run();
  });

  it('is not told where a URL may not be called any more, nor before it has ended', async () => {
    const id = await noticeFor('http://127.0.0.1:1/');
    expect([await told(id, now, false), await left(id)]).toEqual([null, null]);
    await env.DB.prepare(
      "INSERT INTO job_notice (job_id, url, attempts, due_at) VALUES ('none', 'https://a.example.com/', 0, ?1)",
    )
      .bind(now)
      .run();
    expect([await told('none', now), await left('none')]).toEqual([null, 0]);
    await sweepJobNotices(env.DB, at((limits.queryJobDays + 1) * 86_400), () => Promise.resolve());
    expect(await left('none')).toBeNull();
  });
});

/** Without a token. */
async function fetchWithout(path: string): Promise<Response> {
  const { exports } = await import('cloudflare:workers');
  return exports.default.fetch(new Request(`http://spillway.test${path}`, { method: 'POST', body: '{}' }));
}
