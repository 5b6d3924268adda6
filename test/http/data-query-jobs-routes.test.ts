import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { dataQueryLimits } from '../../src/query/data-query/limits.ts';
import { fileReader } from '../support/data-query-files.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type QueriedAccount, queriedAccount } from '../support/queried-account.ts';

// Data Query over HTTP: what is submitted becomes a file whose numbers are those of the documents, and what cannot be carried out is refused with its place.

const ENDED = new Set(['completed', 'failed', 'cancelled']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let api: InProcessApi;
let account: QueriedAccount;
let fetchFile: (address: string) => Promise<Response>;

beforeAll(async () => {
  api = await inProcessApi('admin');
  account = await queriedAccount(api, 'data query');
  fetchFile = await fileReader();
});

const asked = (query: string, more: object = {}) => ({
  query,
  outputFormat: 'CSV',
  compression: 'NONE',
  output: { target: 'S3' },
  ...more,
});

/** The job once it has ended; the queue carries it out. */
async function ended(query: string, more: object = {}) {
  const { status, body } = await api.post('/query/jobs', asked(query, more));
  expect(status, JSON.stringify(body)).toBe(200);
  return vi.waitFor(
    async () => {
      const job = (await api.get(`/query/jobs/${body.data.id}`)).body.data;
      expect(ENDED, JSON.stringify(job)).toContain(job.queryStatus);
      return job;
    },
    { timeout: 50_000, interval: 50 },
  );
}

async function fileOf(query: string, more: object = {}): Promise<Response> {
  const job = await ended(query, more);
  expect([job.queryStatus, job.errorMessage]).toEqual(['completed', undefined]);
  return fetchFile(job.dataFile);
}

async function linesOf(query: string, more: object = {}): Promise<string[]> {
  return (await (await fileOf(query, more)).text()).trimEnd().split('\n');
}

async function refusalOf(body: object): Promise<string> {
  const reply = await api.post('/query/jobs', body);
  expect([reply.status, reply.body.success]).toEqual([400, false]);
  return reply.body.reasons[0].message;
}

test('deleted objects are there for those who ask for them', async () => {
  const made = async (lastName: string) => {
    const contact = { accountId: account.accountId, firstName: 'Deleted', lastName, country: 'Canada' };
    return (await api.post('/v1/contacts', contact)).body.id as string;
  };
  const [gone, kept] = [await made('Gone'), await made('Kept')];
  expect((await api.delete(`/v1/contacts/${gone}`)).body).toMatchObject({ success: true });
  const query = "select id, lastname, deleted from contact where firstname = 'Deleted' order by lastname";
  const header = 'id,lastname,deleted';
  expect(await linesOf(query)).toEqual([header, `${kept},Kept,false`]);
  expect(await linesOf(query, { readDeleted: true })).toEqual([
    header,
    `${gone},Gone,true`,
    `${kept},Kept,false`,
  ]);
});

describe('the worked queries', () => {
  test('the balance that is shown is that of the posted invoices', async () => {
    const difference = (operator: string) =>
      linesOf(
        'select a.accountnumber, sum(i.amount) amount, sum(i.balance) actual from account a join invoice i on i.accountid=a.id\n' +
          ` where a.partneraccount=true and i.status='Posted' and i.deleted=false group by 1, a.totalinvoicebalance having a.totalinvoicebalance ${operator} sum(i.balance)`,
      );
    await vi.waitFor(
      async () => {
        // Posted is an invoice over 150, of which a payment has paid 110 and a credit memo 20.
        expect(await difference('=')).toEqual([
          'accountnumber,amount,actual',
          `${account.accountNumber},150.00,20.00`,
        ]);
      },
      { timeout: 50_000, interval: 100 },
    );
    expect(await difference('<>')).toEqual(['accountnumber,amount,actual']);
  });

  test('partner accounts whose numbers are older than two hours', async () => {
    const lines = await linesOf(
      'select accountnumber, lastmetricsupdate, balance, totalinvoicebalance, unappliedbalance, mrr from account\n' +
        " where partneraccount = true and deleted = false and (lastmetricsupdate is null or lastmetricsupdate < current_timestamp - interval '2' hour)",
    );
    // The account was made a moment ago: its numbers are not that old.
    expect(lines).toEqual([
      'accountnumber,lastmetricsupdate,balance,totalinvoicebalance,unappliedbalance,mrr',
    ]);
  });

  test('subscriptions by who is billed for them and who owns them', async () => {
    const lines = await linesOf(
      'select io.accountnumber reseller, so.accountnumber owner, count(*) from subscription s join account io on io.id=s.invoiceownerid\n' +
        ' join account so on so.id=s.accountid where io.partneraccount=true and s.islatestversion=true group by 1,2',
    );
    expect(lines).toEqual(['reseller,owner,_col2', `${account.accountNumber},${account.accountNumber},1`]);
  });
});

describe('files', () => {
  const query =
    "SELECT 1000.00 AS total, 'a|b,\"c' AS text, true AS yes, NULL AS nothing, date '2026-01-31' AS day, timestamp '2026-01-31 10:00' AS at";

  test('each format, gzip', async () => {
    expect(await linesOf(query)).toEqual([
      'total,text,yes,nothing,day,at',
      '1000.00,"a|b,""c",true,,2026-01-31,2026-01-31T10:00:00.000Z',
    ]);
    expect((await linesOf(query, { outputFormat: 'TSV' }))[1]).toBe(
      '1000.00\t"a|b,""c"\ttrue\t\t2026-01-31\t2026-01-31T10:00:00.000Z',
    );
    expect((await linesOf(query, { outputFormat: 'DSV', columnSeparator: ';' }))[0]).toBe(
      'total;text;yes;nothing;day;at',
    );
    const json = await fileOf(query, { outputFormat: 'JSON', compression: 'GZIP' });
    const lines = await new Response(json.body!.pipeThrough(new DecompressionStream('gzip'))).text();
    expect(lines).toBe(
      '{"total":1000.00,"text":"a|b,\\"c","yes":true,"nothing":null,"day":"2026-01-31","at":"2026-01-31T10:00:00.000Z"}\n',
    );
    const zip = new Uint8Array(await (await fileOf(query, { compression: 'ZIP' })).arrayBuffer());
    expect(String.fromCharCode(...zip.slice(0, 2))).toBe('PK');
  });

  test('a job tells how it went', async () => {
    const text = "SELECT accountnumber FROM account WHERE crmid = 'CRM-1'";
    const submitted = (
      await api.post('/query/jobs', asked(text, { sourceData: 'WAREHOUSE', useIndexJoin: true }))
    ).body.data;
    expect(submitted).toMatchObject({
      query: text,
      queryStatus: 'accepted',
      useIndexJoin: true,
      sourceData: 'WAREHOUSE',
      createdBy: expect.stringMatching(UUID),
    });
    expect(submitted.id).toMatch(UUID);
    expect(submitted.updatedOn).toMatch(INSTANT);
    const job = await ended(text);
    expect(job).toMatchObject({
      queryStatus: 'completed',
      outputRows: 1,
      sourceData: 'LIVE',
      useIndexJoin: false,
    });
    expect(job.processingTime).toBeGreaterThanOrEqual(0);
    expect(job.dataFile).toMatch(/^http:\/\/spillway\.test\/v1\/files\/[0-9a-f]{32}$/);
    const { data } = (await api.get('/query/jobs?pageSize=1')).body;
    expect(data.map(({ id }: { id: string }) => id)).toEqual([job.id]);
    const completed = (await api.get('/query/jobs?queryStatus=completed&pageSize=5000')).body.data;
    expect(new Set(completed.map((one: { queryStatus: string }) => one.queryStatus))).toEqual(
      new Set(['completed']),
    );
  });

  test('what fails on the way says why', async () => {
    const job = await ended('SELECT 1 / (billcycleday - billcycleday) FROM account');
    expect([job.queryStatus, job.errorMessage, job.dataFile]).toEqual([
      'failed',
      "The query can't be carried out: Division by zero",
      undefined,
    ]);
  });
});

describe('refusals', () => {
  test('what is wrong with a query is said with its place', async () => {
    expect(await refusalOf(asked('SELECT accountnumber FRM account'))).toBe(
      "query: line 1:26: mismatched input 'account'",
    );
    expect(await refusalOf(asked('SELECT *\nFROM sqlite_master'))).toBe(
      "query: line 2:6: Table 'sqlite_master' does not exist",
    );
    expect(await refusalOf(asked('SELECT nothing FROM account'))).toBe(
      "query: line 1:8: Column 'nothing' cannot be resolved",
    );
  });

  test.each([
    ['query', ' ', 'query: must not be empty'],
    ['query', 5, 'query: must be a text'],
    ['outputFormat', 'XML', 'outputFormat: must be JSON, CSV, TSV or DSV'],
    ['compression', 'RAR', 'compression: must be NONE, GZIP or ZIP'],
    ['output', undefined, 'output: is required'],
    ['output', { target: 'FTP' }, 'output.target: must be S3: a file that is fetched by its address'],
    ['encryptionKey', 'abc', 'encryptionKey: is not supported: files are not encrypted'],
    ['columnSeparator', '||', 'columnSeparator: must be one character, no quote and no line break'],
    ['columnSeparator', ';', 'columnSeparator: goes with outputFormat DSV'],
    ['sourceData', 'COLD', 'sourceData: must be LIVE or WAREHOUSE'],
    ['readDeleted', 'yes', 'readDeleted: must be true or false'],
    ['useIndexJoin', 1, 'useIndexJoin: must be true or false'],
  ])('%s %j', async (field, value, message) => {
    expect(await refusalOf(asked('SELECT 1', { [field]: value }))).toBe(message);
  });

  test('only JSON is taken, only those who are known are answered', async () => {
    const reply = await api.post('/query/jobs', 'query=SELECT 1', { 'Content-Type': 'text/plain' });
    expect([reply.status, reply.body]).toEqual([
      415,
      { code: 415, message: 'HTTP 415 Unsupported Media Type' },
    ]);
    expect((await api.get('/query/jobs', { Authorization: 'Bearer nobody' })).status).toBe(401);
  });

  test('jobs that are not there, and lists that cannot be', async () => {
    for (const id of ['3a3e85c4-96e7-486b-ae02-827120104301', 'x', account.invoiceId]) {
      const reply = await api.get(`/query/jobs/${id}`);
      expect([reply.status, reply.body.reasons[0].message]).toEqual([404, `There is no query job ${id}.`]);
      expect((await api.delete(`/query/jobs/${id}`)).status).toBe(404);
    }
    const reply = await api.get('/query/jobs?queryStatus=lost');
    expect(reply.body.reasons[0].message).toBe(
      'queryStatus: must be accepted, in_progress, completed, failed or cancelled',
    );
    expect((await api.get('/query/jobs?pageSize=0')).status).toBe(400);
  });

  test('so many jobs run or wait, and a cancelled one makes room', async () => {
    const { dataQueryOpenJobsMax } = dataQueryLimits;
    // Nobody is told of them, so they stay.
    const sent: unknown[] = [];
    const send = (message: unknown) => {
      sent.push(message);
      return Promise.resolve();
    };
    const still = await inProcessApi('read', { JOBS_QUEUE: { send } as unknown as Queue<unknown> });
    const { results } = await env.DB.prepare(
      "SELECT id FROM query_job WHERE status IN ('submitted', 'executing')",
    ).all();
    expect(results).toEqual([]);
    const ids: string[] = [];
    for (let count = 0; count < dataQueryOpenJobsMax; count++) {
      ids.push((await still.post('/query/jobs', asked('SELECT 1'))).body.data.id);
    }
    const full = await still.post('/query/jobs', asked('SELECT 1'));
    expect([full.status, full.body.reasons[0].message]).toEqual([
      429,
      `${dataQueryOpenJobsMax} queries run or wait already; submit this one when one of them has ended.`,
    ]);
    for (const id of ids) {
      const cancelled = await still.delete(`/query/jobs/${id}`);
      expect([cancelled.status, cancelled.body.data.queryStatus]).toEqual([200, 'cancelled']);
      // Its object is asked to put away what it has copied.
      expect(sent.at(-1)).toEqual({ version: 1, job: 'query', jobId: id.replaceAll('-', '') });
    }
    const again = await api.delete(`/query/jobs/${ids[0]}`);
    expect([again.status, again.body.reasons[0].message]).toEqual([
      400,
      'The query job has ended already: it is cancelled.',
    ]);
    expect((await still.post('/query/jobs', asked('SELECT 1'))).status).toBe(200);
  });
});
