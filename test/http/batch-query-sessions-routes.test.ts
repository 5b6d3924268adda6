import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  completed,
  ended,
  fileReader,
  type JobBody,
  linesOf,
  submitted,
} from '../support/batch-query-jobs.ts';
import { putAccount } from '../support/settlement-fixtures.ts';
import { type WorkerApi, workerApi } from '../support/worker-api.ts';

// Shows AQuA from end to end, carried out by the real queue: a session of full and incremental loads with deleted rows, balances that move, and
// jobs that wait for each other.

let api: WorkerApi;
let reader: WorkerApi;
let read: (path: string) => Promise<Response>;

beforeAll(async () => {
  api = await workerApi('admin');
  reader = await workerApi('read');
  read = await fileReader();
});

async function fileOf(job: JobBody, batch = 0): Promise<string[][]> {
  const { fileId, recordCount } = job.batches[batch];
  const response = await read(`/v1/files/${fileId}`);
  expect(response.status).toBe(200);
  const lines = linesOf(await response.text());
  expect(recordCount).toBe(lines.length - 1);
  return lines;
}

/** A request of a session, about accounts of this name. */
function session(project: string, name: string, changes: object = {}) {
  return {
    format: 'csv',
    version: '1.2',
    name: 'Accounts',
    encrypted: 'none',
    useQueryLabels: 'true',
    partner: 'salesforce',
    project,
    queries: [
      {
        name: 'Accounts',
        query: `select AccountNumber, Balance from Account where Name = '${name}' order by AccountNumber`,
        type: 'zoqlexport',
        deleted: { column: 'Deleted', format: 'Numeric' },
      },
    ],
    ...changes,
  };
}

/** Accounts that were last written long before any job. */
function accountsNamed(name: string, count: number, status: 'Active' | 'Draft' = 'Active') {
  return Promise.all(Array.from({ length: count }, () => putAccount({ name, status })));
}

describe('a session', () => {
  it('gives everything, then what has changed or was deleted, then balances that moved', async () => {
    const [billed, gone, idle] = await accountsNamed('Followed', 3);
    const [noted] = await accountsNamed('Followed', 1, 'Draft');
    const first = await completed(reader, session('follow', 'Followed'));
    expect(first.batches[0]).toMatchObject({ full: true, status: 'completed', batchType: 'zoqlexport' });
    expect(await fileOf(first)).toEqual([
      ['Account.Deleted', 'AccountNumber', 'Balance'],
      ...[billed, gone, idle, noted].map((account) => ['0', account!.accountNumber, '0']),
    ]);

    const changed = await api.put(`/v1/accounts/${noted!.id}`, { notes: 'changed' });
    expect(changed.body).toEqual({ success: true });
    const deleted = await api.delete(`/v1/object/account/${gone!.id}`);
    expect([deleted.status, deleted.body]).toEqual([200, { success: true, id: gone!.id }]);
    const second = await completed(reader, session('follow', 'Followed'));
    expect(second.batches[0].full).toBe(false);
    expect(await fileOf(second)).toEqual([
      ['Account.Deleted', 'AccountNumber', 'Balance'],
      ['1', gone!.accountNumber, '0'],
      ['0', noted!.accountNumber, '0'],
    ]);

    // An invoice moves the balance of its account, not the account's row.
    const invoice = await api.post('/v1/invoices', {
      accountId: billed!.id,
      invoiceDate: '2026-03-01',
      status: 'Posted',
      invoiceItems: [
        { chargeName: 'Work', amount: 12.5, serviceStartDate: '2026-03-01', serviceEndDate: '2026-03-31' },
      ],
    });
    expect(invoice.body).toMatchObject({ success: true, amount: 12.5 });
    const third = await fileOf(await completed(reader, session('follow', 'Followed')));
    expect(third).toContainEqual(['0', billed!.accountNumber, '12.5']);
    expect(third.map(([, number]) => number)).not.toContain(idle!.accountNumber);
  });

  it('goes by the time that is named, and begins anew for a query that is changed', async () => {
    const [old] = await accountsNamed('Timed', 1);
    const [withDeleted] = session('timed', 'Timed').queries;
    const { deleted: _, ...query } = withDeleted!;
    const timed = (changes: object) => session('timed', 'Timed', { queries: [query], ...changes });
    const since = await completed(reader, timed({ incrementalTime: '2026-01-01 00:00:00' }));
    expect(since.batches[0].full).toBe(false);
    // The account was written at this very instant.
    expect((await fileOf(since)).slice(1)).toEqual([[old!.accountNumber, '0']]);
    const later = timed({ incrementalTime: '2026-01-01 00:00:01' });
    expect((await fileOf(await completed(reader, later))).slice(1)).toEqual([]);
    // What was deleted is not remembered from then on: only everything says what is gone.
    const forgotten = await completed(reader, { ...later, queries: [withDeleted, query] });
    expect(forgotten.batches.map((batch: JobBody) => [batch.full, batch.recordCount])).toEqual([
      [true, 1],
      [false, 0],
    ]);
    const changed = { ...query, query: `${query.query} limit 5` };
    const mixed = await completed(reader, timed({ queries: [query, changed] }));
    expect(mixed.batches.map((batch: JobBody) => [batch.full, batch.recordCount])).toEqual([
      [false, 0],
      [true, 1],
    ]);
  });

  it('repeats the queries of its last completed job, which can be read', async () => {
    await accountsNamed('Repeated', 2);
    expect((await reader.get('/v1/batch-query/jobs/partner/salesforce/project/repeat')).body).toMatchObject({
      errorCode: '90002',
    });
    const first = await completed(reader, session('repeat', 'Repeated'));
    const { queries: _, ...nothing } = session('repeat', 'Repeated');
    const again = await submitted(reader, nothing);
    expect(again).toMatchObject({ useLastCompletedJobQueries: true, batches: [{ full: false }] });
    expect(again.batches[0].query).toBe(first.batches[0].query);
    await ended(reader, again.id);
    const last = await reader.get('/v1/batch-query/jobs/partner/salesforce/project/repeat');
    expect(last.body).toMatchObject({ id: again.id, status: 'completed', version: '1.2' });
    expect(last.body.startTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  it('never runs two of its jobs at once', async () => {
    await accountsNamed('Serial', 1);
    const jobs = await Promise.all(
      Array.from({ length: 4 }, () => submitted(reader, session('serial', 'Serial'))),
    );
    for (const { id } of jobs) expect((await ended(reader, id)).status).toBe('completed');
    const { results } = await env.DB.prepare(
      "SELECT started_at AS started, finished_at AS finished FROM query_job WHERE project = 'serial' ORDER BY started_at, finished_at",
    ).all<{ started: string; finished: string }>();
    expect(results).toHaveLength(4);
    for (const [i, job] of results.slice(1).entries()) {
      expect(job.started >= results[i]!.finished).toBe(true);
    }
  });

  it('comes in segments where the tenant wants it, of everything only', async () => {
    const accounts = await accountsNamed('Segmented', 3);
    await api.put('/v1/spillway/settings', { aqua: { segments: true } });
    const first = await completed(reader, session('segments', 'Segmented'));
    const second = await completed(reader, session('segments', 'Segmented'));
    await api.put('/v1/spillway/settings', { aqua: { segments: false } });
    const { segments, fileId } = first.batches[0];
    expect([segments.length, fileId]).toEqual([1, undefined]);
    const lines = linesOf(await (await read(`/v1/file/${segments[0]}`)).text());
    expect(lines.slice(1).map(([, number]) => number)).toEqual(
      accounts.map(({ accountNumber }) => accountNumber).sort(),
    );
    expect(second.batches[0].segments).toBeUndefined();
    expect(await fileOf(second)).toHaveLength(1);
  });
});
