import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import { CONTACT, createAccount, createPostedInvoice } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, textAt } from './support/reply-reading.ts';

// Contacts belong to an account, move between accounts, and stay as they were on the documents that used them.
const KUHI = {
  firstName: 'Kuhi',
  lastName: 'Das',
  address1: '314, Bongora',
  address2: 'near Tech City',
  city: 'Guwahati',
  contactDescription: 'dispatch',
  country: 'India',
  nickname: 'Dorimi',
  otherPhone: '2314213',
  otherPhoneType: 'Work',
  personalEmail: 'kuhi@example.com',
  state: 'Assam',
  zipCode: '123456',
};

conformance(
  ['POST_CreateContact', 'GET_Contact'],
  'creates a contact of an account and reads it',
  async (api) => {
    const account = await createAccount(api);
    const created = expectSuccess(await api.post('/v1/contacts', { accountId: account.id, ...KUHI }));
    expect(created).toMatchObject({
      id: expect.stringMatching(ID),
      accountId: account.id,
      accountNumber: account.number,
      ...KUHI,
    });
    expect(expectSuccess(await api.get(`/v1/contacts/${textAt(created, 'id')}`))).toEqual(created);
  },
);

conformance('POST_CreateContact', 'takes the account by number', async (api) => {
  const account = await createAccount(api);
  const created = expectSuccess(
    await api.post('/v1/contacts', { accountNumber: account.number, firstName: 'A', lastName: 'B' }),
  );
  expect(created).toMatchObject({ accountId: account.id });
});

conformance(
  'POST_CreateContact',
  'names a missing name, a wrong phone type and an unknown account',
  async (api) => {
    const account = await createAccount(api);
    const nameless = await api.post('/v1/contacts', { accountId: account.id, lastName: 'Das' });
    expectRefusal(nameless, { status: 400, names: 'firstName' });
    const phone = await api.post('/v1/contacts', { accountId: account.id, ...KUHI, otherPhoneType: 'Fax' });
    expectRefusal(phone, { status: 400, names: 'otherPhoneType' });
    const stranger = await api.post('/v1/contacts', { accountId: '0'.repeat(32), ...KUHI });
    expectRefusal(stranger, { status: 400, names: 'accountId' });
  },
);

conformance(['PUT_Contact', 'GET_Contact'], 'changes only what was sent', async (api) => {
  const account = await createAccount(api);
  const path = `/v1/contacts/${account.billToContactId}`;
  const changed = expectSuccess(await api.put(path, { city: 'Oakland', taxRegion: 'West' }));
  expect(changed).toMatchObject({ id: account.billToContactId, city: 'Oakland', firstName: 'Amy' });
  expect(expectSuccess(await api.get(path))).toMatchObject({
    city: 'Oakland',
    taxRegion: 'West',
    zipCode: '94403',
  });
  expectRefusal(await api.put(path, { firstName: 'x'.repeat(101) }), { status: 400, names: 'firstName' });
});

conformance(['DELETE_Contact', 'GET_Contact'], 'deletes a contact that nothing uses', async (api) => {
  const account = await createAccount(api);
  const created = expectSuccess(await api.post('/v1/contacts', { accountId: account.id, ...KUHI }));
  const path = `/v1/contacts/${textAt(created, 'id')}`;
  expectSuccess(await api.delete(path));
  expectRefusal(await api.get(path), { status: 404, category: 40 });
  expectRefusal(await api.delete(path), { status: 404, category: 40 });
});

conformance('DELETE_Contact', "keeps an account's bill-to contact", async (api) => {
  const account = await createAccount(api);
  const path = `/v1/contacts/${account.billToContactId}`;
  expectRefusal(await api.delete(path), { status: 400 });
  expectSuccess(await api.get(path));
});

conformance(['transferContent', 'GET_Contact'], 'moves a contact to another account', async (api) => {
  const from = await createAccount(api);
  const to = await createAccount(api);
  const created = expectSuccess(await api.post('/v1/contacts', { accountId: from.id, ...KUHI }));
  const path = `/v1/contacts/${textAt(created, 'id')}`;
  expectSuccess(await api.put(`${path}/transfer`, { destinationAccountKey: to.number }));
  expect(expectSuccess(await api.get(path))).toMatchObject({ accountId: to.id, accountNumber: to.number });
  const nowhere = await api.put(`${path}/transfer`, { destinationAccountKey: 'A-nobody' });
  expectRefusal(nowhere, { status: 400, names: 'destinationAccountKey' });
});

conformance('GET_ContactSnapshot', 'keeps the contact of a posted invoice as it was then', async (api) => {
  const account = await createAccount(api);
  const invoice = await createPostedInvoice(api, account, 10);
  const read = expectSuccess(await api.get(`/v1/invoices/${invoice.id}`));
  const snapshotPath = `/v1/contact-snapshots/${textAt(read, 'billToContactSnapshotId')}`;
  expectSuccess(await api.put(`/v1/contacts/${account.billToContactId}`, { city: 'Elsewhere' }));
  expect(expectSuccess(await api.get(snapshotPath))).toMatchObject({
    contactId: account.billToContactId,
    firstName: CONTACT.firstName,
    city: CONTACT.city,
  });
  expectRefusal(await api.get(`/v1/contact-snapshots/${'0'.repeat(32)}`), { status: 404, category: 40 });
});

conformance(['GET_Contact', 'PUT_Contact'], 'answers 404 for a contact that is not there', async (api) => {
  const path = `/v1/contacts/${'0'.repeat(32)}`;
  expectRefusal(await api.get(path), { status: 404, category: 40 });
  expectRefusal(await api.put(path, { city: 'x' }), { status: 404, category: 40 });
});
