import { expect } from 'vitest';
import { type CheckedApi, conformance, type Reply } from './support/conformance.ts';
import { createAccount, uniqueName } from './support/fixtures.ts';
import {
  expectCreated,
  expectCrudMissing,
  expectCrudRefusal,
  listAt,
  textAt,
  valueAt,
} from './support/reply-reading.ts';

// ZOQL and exports of data sources, as clients of the older resources send them.

const NOBODY = '0'.repeat(32);

function expectFault(reply: Reply, FaultCode: string, names: string): void {
  expect(reply).toMatchObject({
    status: 400,
    body: { FaultCode, FaultMessage: expect.stringContaining(names) },
  });
}

conformance(
  'Action_POSTquery',
  'finds an account by its id, with the fields that were asked for',
  async (api) => {
    const account = await createAccount(api);
    const queryString = `select AccountNumber, BillCycleDay from Account where Id = '${account.id}'`;
    const reply = await api.post('/v1/action/query', { queryString });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      size: 1,
      records: [{ Id: account.id, AccountNumber: account.number, BillCycleDay: expect.any(Number) }],
      done: true,
    });
  },
);

conformance(['Action_POSTquery', 'Action_POSTqueryMore'], 'goes on where a page ended', async (api) => {
  const notes = uniqueName('page');
  const ids: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    ids.push(
      expectCreated(
        await api.post('/v1/object/account', {
          Name: `${notes} ${i}`,
          Notes: notes,
          Currency: 'USD',
          BillCycleDay: 1,
          Status: 'Draft',
        }),
      ),
    );
  }
  const queryString = `select Id from Account where Notes = '${notes}'`;
  const first = await api.post('/v1/action/query', { queryString, conf: { batchSize: 2 } });
  expect(first).toMatchObject({ status: 200, body: { size: 3, done: false } });
  const queryLocator = textAt(first.body, 'queryLocator');
  expect(queryLocator).toMatch(/^[0-9a-f]{32}-2$/);
  const second = await api.post('/v1/action/queryMore', { queryLocator });
  expect(second).toMatchObject({ status: 200, body: { size: 3, done: true } });
  const found = [...listAt(first.body, 'records'), ...listAt(second.body, 'records')];
  expect(found.map((record) => textAt(record, 'Id'))).toEqual(ids);
});

conformance('Action_POSTquery', 'answers a query that is wrong with a fault', async (api) => {
  const ask = (queryString: string) => api.post('/v1/action/query', { queryString });
  expectFault(await ask('select * from Account'), 'MALFORMED_QUERY', '*');
  expectFault(await ask('select Colour from Account'), 'INVALID_FIELD', 'Colour');
  expectFault(await ask('select Id from Nothing'), 'INVALID_TYPE', 'Nothing');
  expectFault(await ask('select Id from Order'), 'INVALID_TYPE', 'Order');
  expectFault(await ask("select Id from Account where BillCycleDay = 'x'"), 'INVALID_VALUE', 'BillCycleDay');
});

conformance('Action_POSTqueryMore', 'does not know a locator that it did not give', async (api) => {
  const reply = await api.post('/v1/action/queryMore', { queryLocator: `${NOBODY}-2000` });
  expectFault(reply, 'INVALID_QUERY_LOCATOR', 'queryLocator');
});

async function exported(api: CheckedApi, id: string): Promise<Reply> {
  for (;;) {
    const reply = await api.get(`/v1/object/export/${id}`);
    if (!['Pending', 'Processing'].includes(textAt(reply.body, 'Status'))) return reply;
  }
}

conformance(
  ['Object_POSTExport', 'Object_GETExport', 'GET_Files'],
  'makes a file of a query',
  async (api) => {
    const account = await createAccount(api);
    const Query = `select AccountNumber, BillCycleDay from Account where AccountNumber = '${account.number}'`;
    const id = expectCreated(await api.post('/v1/object/export', { Query, Format: 'csv', Name: 'accounts' }));
    const reply = await exported(api, id);
    expect(reply).toMatchObject({
      status: 200,
      body: { Id: id, Query, Format: 'csv', Name: 'accounts', Status: 'Completed' },
    });
    const content = await api.get(`/v1/files/${textAt(reply.body, 'FileId')}`);
    const [heading, row] = content.text.split('\n');
    expect(heading).toBe('Account: Account Number,Account: Bill Cycle Day');
    expect(row).toMatch(new RegExp(`^${account.number},\\d+$`));
    expect(valueAt(reply.body, 'Size')).toBe(content.text.length);
  },
);

conformance('Object_POSTExport', 'names what is wrong with a query, and with a format', async (api) => {
  const ask = (body: object) => api.post('/v1/object/export', { Format: 'csv', ...body });
  expectCrudRefusal(await ask({ Query: 'select Id from Nothing' }), {
    code: 'INVALID_TYPE',
    names: 'noSuchDataSource',
  });
  expectCrudRefusal(await ask({ Query: 'select Id from Account where' }), {
    code: 'MALFORMED_QUERY',
    names: 'line 1, column 29',
  });
  expectCrudRefusal(await ask({}), { code: 'MISSING_REQUIRED_VALUE', names: 'Query' });
  expectCrudRefusal(await ask({ Query: 'select Id from Account', Format: 'pdf' }), {
    code: 'INVALID_VALUE',
    names: 'Format',
  });
});

conformance('Object_GETExport', 'answers 404 with an empty result for an unknown id', async (api) => {
  expectCrudMissing(await api.get(`/v1/object/export/${NOBODY}`));
});
