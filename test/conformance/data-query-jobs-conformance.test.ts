import { expect } from 'vitest';
import { type CheckedApi, conformance, type Reply } from './support/conformance.ts';
import { createAccount } from './support/fixtures.ts';
import { listAt, textAt } from './support/reply-reading.ts';

// Data Query's jobs, as its clients submit, watch, fetch and cancel them.

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOBODY = '3a3e85c4-96e7-486b-ae02-827120104301';

const submit = (api: CheckedApi, query: string, more: object = {}) =>
  api.post('/query/jobs', {
    query,
    outputFormat: 'CSV',
    compression: 'NONE',
    output: { target: 'S3' },
    ...more,
  });

async function ended(api: CheckedApi, id: string): Promise<Reply> {
  for (;;) {
    const reply = await api.get(`/query/jobs/${id}`);
    if (!['submitted', 'accepted', 'in_progress'].includes(textAt(reply.body, 'data.queryStatus')))
      return reply;
  }
}

conformance(
  ['POST_DataQueryJob', 'GET_DataQueryJob', 'GET_DataQueryJobs', 'GET_Files'],
  'makes a file of a query',
  async (api) => {
    const account = await createAccount(api);
    const query = `SELECT accountnumber, balance FROM Account WHERE Account.accountnumber = '${account.number}'`;
    const submitted = await submit(api, query);
    expect(submitted).toMatchObject({
      status: 200,
      body: { data: { query, queryStatus: 'accepted', sourceData: 'LIVE', useIndexJoin: false } },
    });
    const id = textAt(submitted.body, 'data.id');
    expect(id).toMatch(UUID);
    const done = await ended(api, id);
    expect(done).toMatchObject({
      status: 200,
      body: { data: { id, queryStatus: 'completed', outputRows: 1 } },
    });
    const { pathname } = new URL(textAt(done.body, 'data.dataFile'));
    const content = await api.get(pathname);
    expect(content.text).toBe(`accountnumber,balance\n${account.number},0.00\n`);
    const list = await api.get('/query/jobs?pageSize=1&queryStatus=completed');
    expect(list.status).toBe(200);
    expect(listAt(list.body, 'data').map((job) => textAt(job, 'id'))).toEqual([id]);
  },
);

conformance(['POST_DataQueryJob', 'GET_DataQueryJob'], 'says what is wrong with a query', async (api) => {
  const refused = await submit(api, 'SELECT nothing FROM Account');
  expect(refused).toMatchObject({ status: 400, body: { success: false } });
  expect(textAt(refused.body, 'reasons.0.message')).toBe(
    "query: line 1:8: Column 'nothing' cannot be resolved",
  );
  const failed = await ended(api, textAt((await submit(api, 'SELECT 1 / 0')).body, 'data.id'));
  expect(textAt(failed.body, 'data.queryStatus')).toBe('failed');
  expect(textAt(failed.body, 'data.errorMessage')).toContain('Division by zero');
});

conformance('DELETE_DataQueryJob', 'cancels a job that has not ended', async (api) => {
  const query = 'SELECT count(*) FROM account';
  const id = textAt((await submit(api, query)).body, 'data.id');
  const reply = await api.delete(`/query/jobs/${id}`);
  expect(reply).toMatchObject({ status: 200, body: { data: { id, query, queryStatus: 'cancelled' } } });
});

conformance('GET_DataQueryJob', 'does not know a job that is not there', async (api) => {
  const reply = await api.get(`/query/jobs/${NOBODY}`);
  expect(reply).toMatchObject({ status: 404, body: { success: false } });
});
