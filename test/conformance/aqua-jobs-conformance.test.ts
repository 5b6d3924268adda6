import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import type { JsonValue } from './support/contract-data.ts';
import { createAccount, uniqueName } from './support/fixtures.ts';
import { expectSuccess, ID, textAt, valueAt } from './support/reply-reading.ts';

// AQuA: jobs of several queries, their files, the last one of a session, cancellation, and the URL that is told of their end.

let told: string[] = [];
let receiver: Server;
let receiverUrl = '';

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      told.push(`${request.method} ${request.url} ${body}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve));
});

function jobOf(name: string, changes: object = {}): object {
  const query = `select Id, AccountNumber, PartnerAccount, LastMetricsUpdate, Balance from Account where Name = '${name}'`;
  return {
    format: 'csv',
    version: 1.1,
    name: 'Example',
    queries: [{ name: 'Account', query, type: 'zoqlexport' }],
    ...changes,
  };
}

function expectSubmitted(reply: { readonly status: number; readonly body: JsonValue }): string {
  expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 200, body: { status: 'submitted' } });
  const id = textAt(reply.body, 'id');
  expect(id).toMatch(ID);
  return id;
}

function completed(api: CheckedApi, id: string): Promise<JsonValue> {
  return vi.waitFor(
    async () => {
      const { body } = await api.get(`/v1/batch-query/jobs/${id}`);
      expect(valueAt(body, 'status')).toBe('completed');
      return body;
    },
    { timeout: 60_000, interval: 200 },
  );
}

conformance(
  ['POST_BatchQueryJob', 'GET_BatchQueryJob', 'GET_FileStatus'],
  'exports what a query asks for, and tells a URL when it is done',
  async (api) => {
    told = [];
    const name = uniqueName('Exported');
    await createAccount(api, { name, partnerAccount: true });
    const notifyUrl = `${receiverUrl}/aqua?id=\${JOBID}`;
    const id = expectSubmitted(await api.post('/v1/batch-query/', jobOf(name, { notifyUrl })));
    const job = await completed(api, id);
    expect(job).toMatchObject({
      id,
      name: 'Example',
      version: '1.1',
      format: 'CSV',
      encrypted: 'none',
      batches: [{ status: 'completed', recordCount: 1, full: true, batchType: 'zoqlexport', message: '' }],
    });
    expect(textAt(job, 'startTime')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const fileId = textAt(job, 'batches.0.fileId');
    expect(expectSuccess(await api.get(`/v1/files/${fileId}/status`))).toMatchObject({ accessible: true });
    await vi.waitFor(() => expect(told).toEqual([`POST /aqua?id=${id} JOBID=${id}&STATUS=completed`]), {
      timeout: 30_000,
      interval: 100,
    });
  },
);

conformance(
  ['POST_BatchQueryJob', 'GET_LastBatchQueryJob'],
  'continues a session from its last completed job',
  async (api) => {
    const project = uniqueName('project').replaceAll(' ', '-');
    const session = jobOf(uniqueName('Nobody'), { partner: 'salesforce', project });
    const first = expectSubmitted(await api.post('/v1/batch-query/', session));
    await completed(api, first);
    const second = await api.post('/v1/batch-query/', { ...session, queries: [] });
    expect(second.body).toMatchObject({ useLastCompletedJobQueries: true, batches: [{ full: false }] });
    await completed(api, expectSubmitted(second));
    const last = await api.get(`/v1/batch-query/jobs/partner/salesforce/project/${project}`);
    expect(last.body).toMatchObject({
      id: valueAt(second.body, 'id'),
      partner: 'salesforce',
      project,
      status: 'completed',
      batches: [{ full: false, recordCount: 0 }],
    });
  },
);

conformance(['DELETE_BatchQueryJob'], 'cancels a job that has not ended', async (api) => {
  const id = expectSubmitted(await api.post('/v1/batch-query/', jobOf('x')));
  const cancelled = await api.delete(`/v1/batch-query/jobs/${id}`);
  expect(cancelled.body).toMatchObject({ id, status: 'cancelled', batches: [{ status: 'cancelled' }] });
  const again = await api.delete(`/v1/batch-query/jobs/${id}`);
  expect(again.body).toMatchObject({ errorCode: '90003' });
});

conformance(
  ['POST_BatchQueryJob', 'GET_BatchQueryJob', 'GET_LastBatchQueryJob'],
  'says with HTTP 200 and a code what is wrong',
  async (api) => {
    const wrong = { queries: [{ name: 'a', query: 'select Colour from Account', type: 'zoqlexport' }] };
    expect(await api.post('/v1/batch-query/', wrong)).toMatchObject({
      status: 200,
      body: { errorCode: '90005', status: 'error' },
    });
    expect((await api.get('/v1/batch-query/jobs/none')).body).toMatchObject({ errorCode: '90002' });
    const path = '/v1/batch-query/jobs/partner/none/project/none';
    expect((await api.get(path)).body).toMatchObject({ errorCode: '90002' });
  },
);
