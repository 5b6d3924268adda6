import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { LISTED_JOBS_SQL } from '../../src/persistence/listed-jobs.ts';
import { BillRuns } from '../support/bill-run-jobs.ts';
import { newId } from '../support/test-lane.ts';
import { type WorkerApi, workerApi } from '../support/worker-api.ts';

// Jobs of all kinds in one list, how they are cancelled, and what a bill run did, account by account. 25.00 a month and subscription.

const EXPORT = { Format: 'csv', Name: 'Accounts', Query: 'select Id from Account' };
const NOBODY = '0'.repeat(32);
let runs: BillRuns;
let reader: WorkerApi;

beforeAll(async () => {
  runs = await BillRuns.start();
  reader = await workerApi('read');
});

/** Jobs whose messages wait in the test's hands: none of them goes on by itself. */
async function askForEach(): Promise<Record<string, string>> {
  const { api } = runs;
  const { accountNumber } = await runs.account(0);
  const order = await api.post('/v1/async/orders', {
    orderDate: '2026-01-01',
    existingAccountNumber: accountNumber,
    subscriptions: [],
  });
  const exported = await api.post('/v1/object/export', EXPORT);
  const aqua = await api.post('/v1/batch-query/', {
    name: 'Nightly',
    format: 'csv',
    version: '1.1',
    queries: [
      { name: 'A', query: 'select Id from Account', type: 'zoqlexport' },
      { name: 'B', query: 'select Id from Contact', type: 'zoqlexport' },
    ],
  });
  const query = await api.post('/query/jobs', {
    query: 'select 1',
    outputFormat: 'JSON',
    compression: 'NONE',
    output: { target: 'S3' },
  });
  const preview = await api.post('/v1/billing-preview-runs', { targetDate: '2026-02-01' });
  const form = new FormData();
  form.append(
    'file',
    new File(
      ['ACCOUNT_ID,UOM,QTY,STARTDATE,SUBSCRIPTION_ID,CHARGE_ID\nA-NONE,Each,1,01/01/2026,A-S0,C-0\n'],
      'u.csv',
    ),
  );
  const usage = await api.call('/v1/usage', { method: 'POST', body: form });
  const ids = {
    operation: order.body.jobId,
    export: exported.body.Id,
    aqua: aqua.body.id,
    dataQuery: query.body.data.id.replaceAll('-', ''),
    billingPreviewRun: preview.body.billingPreviewRunId,
    usageImport: usage.body.checkImportStatus?.split('/')[3],
  };
  for (const id of Object.values(ids)) expect(id).toMatch(/^[0-9a-f]{32}$/);
  return ids;
}

describe('/v1/spillway/jobs', () => {
  let asked: Record<string, string>;
  beforeAll(async () => {
    asked = await askForEach();
  });

  test('shows jobs of every kind, newest first, in the same words, to those who may only read', async () => {
    const { status, body } = await reader.get('/v1/spillway/jobs?pageSize=40');
    expect(status).toBe(200);
    const kinds = Object.fromEntries(
      body.jobs.map((job: { id: string; kind: string }) => [job.kind, job.id]),
    );
    expect(kinds).toEqual(asked);
    const ids = body.jobs.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    const of = (kind: string) => body.jobs.find((job: { kind: string }) => job.kind === kind);
    expect(of('export')).toMatchObject({
      ...{ type: 'csv', name: 'Accounts', status: 'waiting', isOpen: true, canBeCancelled: true },
      progress: { done: 0, total: 1, unit: 'queries' },
      parts: [{ name: 'Accounts', status: 'waiting', rows: 0, bytes: 0, fileIds: [], message: null }],
    });
    expect(of('aqua').parts.map(({ name }: { name: string }) => name)).toEqual(['A', 'B']);
    expect(of('operation')).toMatchObject({
      type: 'AsyncCreateOrder',
      status: 'running',
      canBeCancelled: false,
    });
    expect(of('usageImport')).toMatchObject({
      name: 'u.csv',
      status: 'running',
      progress: { done: 0, total: 1 },
    });
    expect(of('billingPreviewRun')).toMatchObject({ status: 'waiting', parts: [{ fileIds: [] }] });
  });

  test('are paged along their ids, and listed by kind', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/v1/spillway/jobs?pageSize=2';
    let pages = 0;
    while (path !== undefined) {
      const { body }: { body: { jobs: Array<{ id: string }>; nextPage?: string } } = await reader.get(path);
      expect(body.jobs.length).toBeLessThanOrEqual(2);
      seen.push(...body.jobs.map(({ id }) => id));
      pages++;
      const next: URL | null = body.nextPage === undefined ? null : new URL(body.nextPage);
      path = next === null ? undefined : next.pathname + next.search;
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(Object.values(asked).sort().reverse());
    for (const [kind, id] of Object.entries(asked)) {
      const { body } = await reader.get(`/v1/spillway/jobs?kind=${kind}`);
      expect(body.jobs.map((job: { id: string }) => job.id)).toEqual([id]);
      expect((await reader.get(`/v1/spillway/jobs/${id}`)).body).toMatchObject({ id, kind, success: true });
    }
  });

  test.each(Object.entries(LISTED_JOBS_SQL))(
    '%s reads along a key, however many there are',
    async (_kind, sql) => {
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .bind(
          ...['g', 3, '2026-01-01', 'export'].slice(
            0,
            2 + Number(sql.includes('?3')) + Number(sql.includes('?4')),
          ),
        )
        .all<{ detail: string }>();
      const plan = results
        .map(({ detail }) => detail)
        .filter((detail) => !/\bs VIRTUAL TABLE|SUBQUERY/.test(detail));
      expect(plan).toEqual([expect.stringMatching(/^SEARCH \w+ USING INDEX .*id<\?\)$/)]);
    },
  );

  test('refuses what it does not know by name', async () => {
    expect((await reader.get('/v1/spillway/jobs?kind=order')).body.reasons[0].message).toContain('kind');
    expect((await reader.get('/v1/spillway/jobs?before=x')).body.reasons[0].message).toContain('before');
    expect((await reader.get('/v1/spillway/jobs?pageSize=0')).body.reasons[0].message).toContain('pageSize');
    expect((await reader.get(`/v1/spillway/jobs/${NOBODY}`)).status).toBe(404);
    expect((await reader.get('/v1/spillway/jobs/x')).status).toBe(404);
  });

  test('cancels what only makes files, once', async () => {
    for (const kind of ['export', 'aqua', 'dataQuery']) {
      const path = `/v1/spillway/jobs/${asked[kind]}/cancel`;
      const cancelled = await reader.post(path, {});
      expect(cancelled.body).toMatchObject({ status: 'cancelled', isOpen: false, canBeCancelled: false });
      expect(cancelled.body.parts[0].status).toBe('cancelled');
      const again = await reader.post(path, {});
      expect([again.status, again.body.reasons[0].message]).toEqual([
        400,
        'The job has ended already: it is cancelled.',
      ]);
    }
    for (const kind of ['operation', 'usageImport', 'billingPreviewRun']) {
      const refused = await reader.post(`/v1/spillway/jobs/${asked[kind]}/cancel`, {});
      expect([refused.status, refused.body.reasons[0].message]).toEqual([
        400,
        'Only exports and query jobs can be cancelled.',
      ]);
    }
    expect((await reader.post(`/v1/spillway/jobs/${NOBODY}/cancel`, {})).status).toBe(404);
  });
});

test('An export that is asked for twice with one key is made once', async () => {
  const headers = { 'Idempotency-Key': newId() };
  const first = await runs.api.post('/v1/object/export', EXPORT, headers);
  const second = await runs.api.post('/v1/object/export', EXPORT, headers);
  expect(second.body).toEqual(first.body);
  const { body } = await reader.get('/v1/spillway/jobs?kind=export');
  expect(body.jobs.filter(({ status }: { status: string }) => status === 'waiting')).toHaveLength(1);
});

describe('/v1/spillway/bill-runs/{id}', () => {
  test('tells account by account what became of it, and what the documents come to', async () => {
    const good = await runs.account(2);
    const bad = await runs.account(1);
    await runs.spoil(bad);
    const id = await runs.run('2026-02-15', [good, bad]);
    const { accounts } = (await reader.get(`/v1/spillway/bill-runs/${id}/accounts`)).body;
    expect(accounts).toEqual([
      {
        ...{ accountId: good.id, accountNumber: good.accountNumber, accountName: good.name },
        ...{ status: 'Completed', subscriptions: 2, lines: 4, failure: null },
      },
      expect.objectContaining({ accountId: bad.id, status: 'Error', failure: expect.stringMatching(/./) }),
    ]);
    const failed = await reader.get(`/v1/spillway/bill-runs/${id}/accounts?status=Error`);
    expect(failed.body.accounts.map(({ accountId }: { accountId: string }) => accountId)).toEqual([bad.id]);
    // Two subscriptions, two months, 25.00 each.
    const shown = await reader.get(`/v1/spillway/bill-runs/${id}/documents?totals=true`);
    expect(shown.body.totals).toEqual([{ kind: 'invoice', currency: 'USD', documents: 1, amount: 100 }]);
    expect(shown.body.documents).toMatchObject([
      { kind: 'invoice', accountId: good.id, status: 'Draft', currency: 'USD', amount: 100 },
    ]);
    const memos = await reader.get(`/v1/spillway/bill-runs/${id}/documents?kind=creditMemo`);
    expect(memos.body.documents).toEqual([]);
    expect(memos.body).not.toHaveProperty('totals');
  });

  test('is paged, and refuses what it does not know', async () => {
    const accounts = await Promise.all([runs.account(1), runs.account(1), runs.account(1)]);
    const id = await runs.run('2026-01-15', accounts);
    for (const list of ['accounts', 'documents']) {
      const path = `/v1/spillway/bill-runs/${id}/${list}?pageSize=2`;
      const first = (await reader.get(path)).body;
      const second = (await reader.get(`${path}&page=2`)).body;
      expect([first[list].length, second[list].length]).toEqual([2, 1]);
      expect(first.nextPage).toContain('page=2');
      expect(second).not.toHaveProperty('nextPage');
      expect((await reader.get(`/v1/spillway/bill-runs/BR-NONE/${list}`)).status).toBe(404);
    }
    expect((await reader.get(`/v1/spillway/bill-runs/${id}/accounts?status=Odd`)).status).toBe(400);
    expect((await reader.get(`/v1/spillway/bill-runs/${id}/documents?kind=refund`)).status).toBe(400);
  });
});
