import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import { createAccount, uniqueName } from './support/fixtures.ts';
import {
  expectCreated,
  expectCrudMissing,
  expectCrudRefusal,
  expectSuccess,
  textAt,
} from './support/reply-reading.ts';

// Accounts and contacts through the older CRUD resources: other names, another envelope, the same objects.
const DRAFT = { Currency: 'USD', BillCycleDay: 1, Status: 'Draft' };
const NOBODY = '0'.repeat(32);

conformance(
  ['Object_POSTAccount', 'Object_GETAccount'],
  'creates a draft account and reads it',
  async (api) => {
    const Name = uniqueName('Amy Lawrence');
    const id = expectCreated(
      await api.post('/v1/object/account', { ...DRAFT, Name, Notes: 'n', Zone__c: 'z' }),
    );
    const reply = await api.get(`/v1/object/account/${id}`);
    expect(reply).toMatchObject({
      status: 200,
      body: {
        Id: id,
        Name,
        Currency: 'USD',
        BillCycleDay: 1,
        Status: 'Draft',
        Notes: 'n',
        Balance: 0,
        TotalInvoiceBalance: 0,
        PartnerAccount: false,
        Zone__c: 'z',
      },
    });
    expect(textAt(reply.body, 'CreatedDate')).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/,
    );
  },
);

conformance(
  ['Object_PUTAccount', 'Object_GETAccount', 'GET_Account'],
  'sets the partner flag',
  async (api) => {
    const account = await createAccount(api);
    const path = `/v1/object/account/${account.id}`;
    expect(expectCreated(await api.put(path, { PartnerAccount: true, Notes: 'distributor' }))).toBe(
      account.id,
    );
    expect(await api.get(path)).toMatchObject({ body: { PartnerAccount: true, Notes: 'distributor' } });
    expect(expectSuccess(await api.get(`/v1/accounts/${account.id}`))).toMatchObject({
      basicInfo: { partnerAccount: true, notes: 'distributor' },
    });
  },
);

conformance('Object_GETAccount', 'returns only the fields that were asked for', async (api) => {
  const account = await createAccount(api);
  const reply = await api.get(`/v1/object/account/${account.id}?fields=AccountNumber,Currency`);
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual(expect.objectContaining({ AccountNumber: account.number, Currency: 'USD' }));
  expect(reply.body).not.toHaveProperty('Name');
});

conformance('Object_POSTAccount', 'names a missing and a wrong field in its own envelope', async (api) => {
  expectCrudRefusal(await api.post('/v1/object/account', DRAFT), {
    code: 'MISSING_REQUIRED_VALUE',
    names: 'Name',
  });
  const flag = await api.post('/v1/object/account', { ...DRAFT, Name: 'x', PartnerAccount: 'maybe' });
  expectCrudRefusal(flag, { code: 'INVALID_VALUE', names: 'PartnerAccount' });
});

conformance('Object_POSTAccount', 'ignores unknown fields unless told to refuse them', async (api) => {
  const body = { ...DRAFT, Name: uniqueName('Unknown'), Colour: 'blue' };
  expectCreated(await api.post('/v1/object/account', body));
  const refused = await api.post('/v1/object/account?rejectUnknownFields=true', body);
  expect(refused).toMatchObject({ status: 400, body: { message: 'Error - unrecognised fields' } });
});

conformance(['Object_DELETEAccount', 'Object_GETAccount'], 'deletes an account', async (api) => {
  const id = expectCreated(await api.post('/v1/object/account', { ...DRAFT, Name: uniqueName('Gone') }));
  const path = `/v1/object/account/${id}`;
  expect(await api.delete(path)).toMatchObject({ status: 200, body: { success: true, id } });
  expectCrudMissing(await api.get(path));
});

conformance('Object_GETAccount', 'answers 404 with an empty result for an unknown id', async (api) => {
  expectCrudMissing(await api.get(`/v1/object/account/${NOBODY}`));
});

conformance(
  ['Object_POSTContact', 'Object_GETContact', 'Object_PUTContact', 'Object_DELETEContact', 'GET_Contact'],
  'creates, reads, changes and deletes a contact',
  async (api) => {
    const account = await createAccount(api);
    const id = expectCreated(
      await api.post('/v1/object/contact', {
        AccountId: account.id,
        FirstName: 'Amy',
        LastName: 'Lawrence',
        PostalCode: '98119',
        Description: 'desc',
      }),
    );
    const path = `/v1/object/contact/${id}`;
    expect(await api.get(path)).toMatchObject({
      status: 200,
      body: { Id: id, AccountId: account.id, FirstName: 'Amy', PostalCode: '98119', Description: 'desc' },
    });
    expect(expectCreated(await api.put(path, { FirstName: 'Ann' }))).toBe(id);
    expect(expectSuccess(await api.get(`/v1/contacts/${id}`))).toMatchObject({
      firstName: 'Ann',
      lastName: 'Lawrence',
      zipCode: '98119',
    });
    expect(await api.delete(path)).toMatchObject({ status: 200, body: { success: true, id } });
    expectCrudMissing(await api.get(path));
  },
);

conformance('Object_POSTContact', 'names a missing last name', async (api) => {
  const account = await createAccount(api);
  const reply = await api.post('/v1/object/contact', { AccountId: account.id, FirstName: 'Amy' });
  expectCrudRefusal(reply, { code: 'MISSING_REQUIRED_VALUE', names: 'LastName' });
});
