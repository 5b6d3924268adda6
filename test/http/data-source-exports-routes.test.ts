import { env, exports } from 'cloudflare:workers';
import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, issueToken } from '../../src/auth/clients.ts';
import { limits } from '../../src/env.ts';
import { testAccount, testContact } from '../support/order-objects.ts';
import { type ApiReply, insert, type WorkerApi, workerApi } from '../support/worker-api.ts';

// Exports of data sources over HTTP, carried out by the real queue: files in each format, how an export is shown, what is refused.

const NOBODY = '0'.repeat(32);
let api: WorkerApi;
let token: string;

beforeAll(async () => {
  api = await workerApi('read');
  const now = new Date();
  const client = await createClient(env.DB, 'files', 'read', now.toISOString());
  token = (await issueToken(env.DB, client.id, client.secret, now.getTime()))!.token;
  for (const [i, name] of ['Export "A"', 'Export B'].entries()) {
    const account = testAccount({
      name,
      accountNumber: `X-${i}`,
      autoPay: i === 1,
      createdAt: `2026-0${i + 1}-01T10:20:30.456Z`,
    });
    const contact = testContact(account.id, { firstName: `First,${i}` });
    await insert('account', { ...account, billToContactId: i === 0 ? contact.id : null });
    await insert('contact', contact);
    await env.DB.prepare('INSERT INTO account_metrics VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0, 0, NULL)')
      .bind(account.id, 'USD', 1_005 * (i + 1))
      .run();
  }
});

const QUERY =
  "select AccountNumber, Name, Balance, AutoPay, CreatedDate, BillToContact.FirstName from Account where AccountNumber like 'X-%' order by AccountNumber";

async function exported(body: object): Promise<ApiReply['body']> {
  const created = await api.post('/v1/object/export', body);
  expect(created).toMatchObject({
    status: 200,
    body: { Success: true, Id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  });
  for (;;) {
    const shown = await api.get(`/v1/object/export/${created.body.Id}`);
    expect(shown.status).toBe(200);
    if (!['Pending', 'Processing'].includes(shown.body.Status)) return shown.body;
  }
}

async function file(fileId: string): Promise<{ bytes: Uint8Array; disposition: string; type: string }> {
  const response = await exports.default.fetch(
    new Request(`http://spillway.test/v1/files/${fileId}`, { headers: { Authorization: `Bearer ${token}` } }),
  );
  expect(response.status).toBe(200);
  const { headers } = response;
  return {
    bytes: new Uint8Array(await response.arrayBuffer()),
    disposition: headers.get('Content-Disposition')!,
    type: headers.get('Content-Type')!,
  };
}

const CSV = [
  'Account: Account Number,Account: Name,Account: Balance,Account: Auto Pay,Account: Created Date,Bill To Contact: First Name',
  'X-0,"Export ""A""",10.05,false,2026-01-01T10:20:30+00:00,"First,0"',
  'X-1,Export B,20.1,true,2026-02-01T10:20:30+00:00,',
];
const linesOf = (text: string) => text.trimEnd().split(/\r?\n/);

describe('files', () => {
  test('CSV, with labels above the columns; the export says what it is and where its file lies', async () => {
    const shown = await exported({ Query: QUERY, Format: 'csv', Name: 'Q1/accounts' });
    const { bytes, disposition, type } = await file(shown.FileId);
    expect(linesOf(strFromU8(bytes))).toEqual(CSV);
    expect(type).toContain('text/csv');
    expect(disposition).toContain('Q1_accounts.csv');
    expect(shown).toEqual({
      Id: shown.Id,
      Name: 'Q1/accounts',
      Query: QUERY,
      Format: 'csv',
      Zip: false,
      Encrypted: false,
      Status: 'Completed',
      Size: bytes.byteLength,
      FileId: expect.stringMatching(/^[0-9a-f]{32}$/),
      CreatedById: expect.any(String),
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
      UpdatedById: shown.CreatedById,
      UpdatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const fields = await api.get(`/v1/object/export/${shown.Id}?fields=Status,Size`);
    expect(fields.body).toEqual({ Id: shown.Id, Status: 'Completed', Size: shown.Size });
  });

  test('CSV in a zip', async () => {
    const { FileId, Zip, Size } = await exported({ Query: QUERY, Format: 'csv', Zip: true });
    const { bytes } = await file(FileId);
    expect([Zip, Size]).toEqual([true, bytes.byteLength]);
    const entries = Object.entries(unzipSync(bytes));
    expect(entries.map(([name]) => name)).toEqual([expect.stringMatching(/^Export_[0-9a-f]{32}\.csv$/)]);
    expect(linesOf(strFromU8(entries[0]![1]))).toEqual(CSV);
  });

  test('HTML and Excel', async () => {
    const html = strFromU8((await file((await exported({ Query: QUERY, Format: 'html' })).FileId)).bytes);
    expect(html).toContain('Account: Account Number');
    expect(html).toContain('Export &quot;A&quot;');
    const sheet = unzipSync((await file((await exported({ Query: QUERY, Format: 'Excel' })).FileId)).bytes);
    const cells = Object.entries(sheet)
      .filter(([name]) => name.includes('sheet'))
      .map(([, content]) => strFromU8(content))
      .join('');
    expect(cells).toContain('X-1');
    expect(cells).toContain('20.1');
  });

  test('without rows there is the heading alone', async () => {
    const { FileId } = await exported({
      Query: "select Name from Account where Name = 'nobody'",
      Format: 'csv',
    });
    expect(linesOf(strFromU8((await file(FileId)).bytes))).toEqual(['Account: Name']);
  });

  test('what cannot be carried out is Failed and says why', async () => {
    // Twice 9 × 10^18 millionths are more than 64 bits hold.
    for (const name of ['vast-0', 'vast-1']) {
      const account = await insert('account', testAccount({ name, accountNumber: name }));
      await env.DB.prepare(
        "INSERT INTO account_metrics VALUES (?1, 'USD', 900000000000000, 0, 0, 0, 0, 0, 0, NULL)",
      )
        .bind(account.id)
        .run();
    }
    const shown = await exported({
      Query: "select sum(Balance) from Account where Name like 'vast%'",
      Format: 'csv',
    });
    expect(shown).toMatchObject({
      Status: 'Failed',
      StatusReason: expect.stringContaining('integer overflow'),
    });
    expect(shown).not.toHaveProperty('FileId');
  });
});

test.each([
  [{ Query: 'select Id from Nothing', Format: 'csv' }, 'INVALID_TYPE', 'noSuchDataSource'],
  [
    { Query: 'select Id,\n  Colour from Account', Format: 'csv' },
    'INVALID_FIELD',
    'Query: There is no field Colour in Account. (line 2, column 3)',
  ],
  [{ Query: 'select Id from Account where', Format: 'csv' }, 'MALFORMED_QUERY', 'line 1, column 29'],
  [
    { Query: "select Id from Account where Balance > 'much'", Format: 'csv' },
    'INVALID_VALUE',
    'Balance is a number of at most twelve digits before the point and six after it (line 1, column 30)',
  ],
  [
    { Query: `select Id from Account where ${'('.repeat(10_000)}`, Format: 'csv' },
    'MALFORMED_QUERY',
    'nested',
  ],
  [{ Query: 'x'.repeat(60_000), Format: 'csv' }, 'MALFORMED_QUERY', 'at most 50000 characters'],
  [{ Query: '', Format: 'csv' }, 'INVALID_VALUE', 'Query'],
  [{ Format: 'csv' }, 'MISSING_REQUIRED_VALUE', 'Query'],
  [{ Query: QUERY }, 'MISSING_REQUIRED_VALUE', 'Format'],
  [{ Query: QUERY, Format: 'xml' }, 'INVALID_VALUE', 'Format'],
  [{ Query: QUERY, Format: 'csv', Zip: 'yes' }, 'INVALID_VALUE', 'Zip'],
  [{ Query: QUERY, Format: 'csv', Name: 'n'.repeat(256) }, 'INVALID_VALUE', 'Name'],
  [{ Query: QUERY, Format: 'csv', Encrypted: true }, 'INVALID_VALUE', 'Encrypted'],
  [{ Query: QUERY, Format: 'csv', ConvertToCurrencies: 'USD' }, 'INVALID_VALUE', 'ConvertToCurrencies'],
])('refused: %.60j %s', async (body, Code, message) => {
  const reply = await api.post('/v1/object/export', body);
  expect(reply).toMatchObject({
    status: 400,
    body: { Success: false, Errors: [{ Code, Message: expect.stringContaining(message) }] },
  });
});

test('an export that there is not, and a job of another surface', async () => {
  const now = '2026-01-01T00:00:00.000Z';
  const insertJob = (id: string, kind: string) =>
    env.DB.prepare(
      "INSERT INTO query_job (id, kind, status, request, statements, created_at, created_by, updated_at, attempts, expires_at) VALUES (?1, ?2, 'submitted', '{}', '[]', ?3, 'c', ?3, 0, '2999-01-01')",
    ).bind(id, kind, now);
  await insertJob('a'.repeat(32), 'aqua').run();
  for (const id of [NOBODY, 'a'.repeat(32), 'x', "'"]) {
    const reply = await api.get(`/v1/object/export/${encodeURIComponent(id)}`);
    expect(reply).toMatchObject({ status: 404, body: { done: true, records: [], size: 0 } });
  }
  const waiting = Array.from({ length: limits.queryJobsWaitingMax }, (_, i) =>
    insertJob(`${i}`.padStart(32, 'b'), 'aqua'),
  );
  await env.DB.batch(waiting);
  const reply = await api.post('/v1/object/export', { Query: QUERY, Format: 'csv' });
  expect(reply).toMatchObject({
    status: 429,
    body: {
      Success: false,
      Errors: [{ Message: expect.stringContaining(String(limits.queryJobsWaitingMax)) }],
    },
  });
  await env.DB.prepare("DELETE FROM query_job WHERE id LIKE 'b%' OR id LIKE 'a%'").run();
});
