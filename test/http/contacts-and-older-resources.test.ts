import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { snapshotOf } from '../../src/domain/accounts/contact.ts';
import { AccountsInMemory } from '../support/accounts-in-memory.ts';
import { testAccount, testContact, testId } from '../support/order-objects.ts';
import { type Call, connect } from '../support/settlement-fixtures.ts';
import { insert } from '../support/worker-api.ts';

// Contacts over HTTP, and accounts and contacts under the older names of /v1/object: the same objects, another envelope.

const NOBODY = '0'.repeat(32);
let call: Call;
beforeAll(async () => {
  call = await connect();
});

async function open(): Promise<{ accountId: string; accountNumber: string; billToContactId: string }> {
  const { body } = await call('POST', '/v1/accounts', {
    name: 'Harbour Supplies',
    currency: 'USD',
    billToContact: { firstName: 'Amy', lastName: 'Lawrence' },
  });
  return body as { accountId: string; accountNumber: string; billToContactId: string };
}

describe('/v1/contacts', () => {
  test('makes, reads, changes, transfers and deletes a contact', async () => {
    const from = await open();
    const to = await open();
    const made = await call('POST', '/v1/contacts', {
      accountNumber: from.accountNumber,
      firstName: 'Kuhi',
      lastName: 'Das',
      mobilePhone: 123213,
      contactDescription: 'dispatch',
      shift__c: 'late',
    });
    expect(made).toMatchObject({
      status: 200,
      body: { success: true, accountId: from.accountId, mobilePhone: '123213', shift__c: 'late' },
    });
    const path = `/v1/contacts/${made.body.id as string}`;
    expect((await call('GET', path)).body).toEqual(made.body);
    const changed = await call('PUT', path, { city: 'Mumbai', contactDescription: null });
    expect(changed.body).toMatchObject({ city: 'Mumbai', contactDescription: '', firstName: 'Kuhi' });
    expect((await call('PUT', `${path}/transfer`, { destinationAccountKey: to.accountNumber })).body).toEqual(
      {
        success: true,
      },
    );
    expect((await call('GET', path)).body).toMatchObject({ accountNumber: to.accountNumber });
    expect((await call('DELETE', path)).body).toEqual({ success: true });
    expect((await call('GET', path)).status).toBe(404);
  });

  test.each([
    ['POST', '', { firstName: 'a', lastName: 'b' }, 'accountId'],
    ['POST', '', { accountId: NOBODY, firstName: 'a', lastName: 'b' }, 'accountId'],
    ['POST', '', { accountNumber: 'R-nobody', firstName: 'a', lastName: 'b' }, 'accountNumber'],
    ['POST', '', { accountId: 'ACCOUNT', lastName: 'b' }, 'firstName'],
    ['POST', '', { accountId: 'ACCOUNT', firstName: 'a', lastName: '' }, 'lastName'],
    [
      'POST',
      '',
      { accountId: 'ACCOUNT', firstName: 'a', lastName: 'b', otherPhoneType: 'Fax' },
      'otherPhoneType',
    ],
    ['POST', '', { accountId: 'ACCOUNT', firstName: 'a', lastName: 'b', zipCode: '9'.repeat(21) }, 'zipCode'],
    ['PUT', '/CONTACT', { workEmail: true }, 'workEmail'],
    ['PUT', '/CONTACT', { x__c: [] }, 'x__c'],
    ['PUT', '/CONTACT/transfer', {}, 'destinationAccountKey'],
    ['PUT', '/CONTACT/transfer', { destinationAccountKey: NOBODY }, 'destinationAccountKey'],
    ['DELETE', '/CONTACT', undefined, 'bill-to'],
  ])('%s%s refuses %j and names it', async (method, tail, body, name) => {
    const { accountId, billToContactId } = await open();
    const filled = (text: string) => text.replace('ACCOUNT', accountId).replace('CONTACT', billToContactId);
    const sent = body === undefined ? undefined : (JSON.parse(filled(JSON.stringify(body))) as object);
    const reply = await call(method, `/v1/contacts${filled(tail)}`, sent);
    expect(reply.status).toBe(400);
    expect((reply.body.reasons as Array<{ message: string }>)[0]?.message).toContain(name);
    expect((await call('GET', `/v1/contacts/${billToContactId}`)).body).toMatchObject({ accountId });
  });

  test('answers 404 for nobody', async () => {
    for (const [method, tail, body] of [
      ['GET', '', undefined],
      ['PUT', '', { city: 'x' }],
      ['DELETE', '', undefined],
      ['PUT', '/transfer', { destinationAccountKey: 'x' }],
    ] as const) {
      expect((await call(method, `/v1/contacts/${NOBODY}${tail}`, body)).status).toBe(404);
    }
    expect((await call('GET', `/v1/contact-snapshots/${NOBODY}`)).status).toBe(404);
  });

  test('posted invoices share one snapshot of a contact until it changes, then there is another', async () => {
    const { accountId, billToContactId } = await open();
    const snapshotIdOf = async (status: string) => {
      const { body } = await call('POST', '/v1/invoices', {
        accountId,
        status,
        invoiceDate: '2026-03-15',
        invoiceItems: [{ chargeName: 'x', amount: 1, serviceStartDate: '2026-03-01' }],
      });
      return { id: body.id as string, snapshotId: body.billToContactSnapshotId as string | null };
    };
    const [first, second] = await Promise.all([snapshotIdOf('Posted'), snapshotIdOf('Posted')]);
    expect(second.snapshotId).toBe(first.snapshotId);
    const draft = await snapshotIdOf('Draft');
    expect(draft.snapshotId).toBeNull();
    await call('PUT', `/v1/contacts/${billToContactId}`, { city: 'Oakland' });
    await call('POST', '/v1/invoices/bulk-post', { invoices: [{ id: draft.id }] });
    const posted = (await call('GET', `/v1/invoices/${draft.id}`)).body.billToContactSnapshotId as string;
    expect(posted).not.toBe(first.snapshotId);
    const cityOf = async (id: string | null) => (await call('GET', `/v1/contact-snapshots/${id}`)).body.city;
    expect([await cityOf(first.snapshotId), await cityOf(posted)]).toEqual(['', 'Oakland']);
    const { results } = await env.DB.prepare('SELECT id FROM contact_snapshot WHERE contact_id = ?1')
      .bind(billToContactId)
      .all();
    expect(results).toHaveLength(2);
  });

  test('a snapshot stays as the contact was', async () => {
    const account = await insert('account', testAccount());
    const contact = await insert(
      'contact',
      testContact(account.id, { details: { city: 'San Mateo', zipCode: '94403', contactDescription: 'd' } }),
    );
    const context = { ...new AccountsInMemory().context('2026-05-01T00:00:00.000Z'), newId: testId };
    const snapshot = await insert('contactSnapshot', { ...snapshotOf(contact, context), revision: 1 });
    await call('PUT', `/v1/contacts/${contact.id}`, { city: 'Elsewhere' });
    expect((await call('GET', `/v1/contact-snapshots/${snapshot.id}`)).body).toMatchObject({
      success: true,
      id: snapshot.id,
      contactId: contact.id,
      firstName: 'Amy',
      city: 'San Mateo',
      postalCode: '94403',
      description: 'd',
    });
  });
});

describe('/v1/object/account and /v1/object/contact', () => {
  test('make a draft, give it contacts, and activate it', async () => {
    const made = await call('POST', '/v1/object/account', {
      Name: 'Draft',
      Currency: 'USD',
      BillCycleDay: 0,
      Status: 'Draft',
      PartnerAccount: true,
      AdditionalEmailAddresses: 'a@example.com, b@example.com',
      VATId: 'DE1',
      SalesRepName: 'Sue',
    });
    const id = made.body.Id as string;
    expect(made.body).toEqual({ Success: true, Id: id });
    const account = `/v1/object/account/${id}`;
    expect((await call('PUT', account, { Status: 'Active' })).body).toMatchObject({
      Success: false,
      Errors: [{ Code: 'TRANSACTION_FAILED' }],
    });
    const contact = (
      await call('POST', '/v1/object/contact', {
        AccountId: id,
        FirstName: 'Amy',
        LastName: 'Lawrence',
        PostalCode: '98119',
        NickName: 'A',
      })
    ).body.Id as string;
    const active = await call('PUT', account, { Status: 'Active', BillToId: contact, SoldToId: contact });
    expect(active.body).toEqual({ Success: true, Id: id });
    const read = (await call('GET', account)).body;
    expect(read).toMatchObject({
      Id: id,
      Status: 'Active',
      BillToId: contact,
      SoldToId: contact,
      BcdSettingOption: 'AutoSet',
      PartnerAccount: true,
      AdditionalEmailAddresses: 'a@example.com,b@example.com',
      VATId: 'DE1',
      SalesRepName: 'Sue',
      Balance: 0,
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
    });
    for (const absent of ['LastMetricsUpdate', 'ParentId', 'LastInvoiceDate', 'Notes']) {
      expect(read).not.toHaveProperty(absent);
    }
    expect((await call('GET', `${account}?fields=Name,Status`)).body).toEqual({
      Id: id,
      Name: 'Draft',
      Status: 'Active',
    });
    expect((await call('GET', `/v1/object/contact/${contact}`)).body).toMatchObject({
      Id: contact,
      AccountId: id,
      PostalCode: '98119',
      NickName: 'A',
    });
    expect((await call('GET', `/v1/accounts/${id}`)).body).toMatchObject({
      basicInfo: { salesRep: 'Sue' },
      taxInfo: { VATId: 'DE1' },
      billToContact: { zipCode: '98119' },
    });
    await call('PUT', `/v1/object/contact/${contact}`, { PostalCode: null, City: 'Seattle' });
    expect((await call('GET', `/v1/object/contact/${contact}`)).body).toMatchObject({ City: 'Seattle' });
    expect((await call('DELETE', `/v1/object/contact/${contact}`)).status).toBe(400);
    expect((await call('DELETE', account)).body).toEqual({ success: true, id });
    expect(await call('GET', `/v1/object/contact/${contact}`)).toMatchObject({
      status: 404,
      body: { done: true, records: [], size: 0 },
    });
  });

  test.each([
    ['account', { Name: undefined }, 'MISSING_REQUIRED_VALUE', 'Name'],
    ['account', { Status: 'Active' }, 'INVALID_VALUE', 'Status'],
    ['account', { BillToId: NOBODY }, 'INVALID_VALUE', 'BillToId'],
    ['account', { PartnerAccount: 'true' }, 'INVALID_VALUE', 'PartnerAccount'],
    ['account', { DefaultPaymentMethodId: 'x' }, 'INVALID_VALUE', 'DefaultPaymentMethodId'],
    ['account', { ParentId: NOBODY }, 'INVALID_VALUE', 'ParentId'],
    ['account', { AccountNumber: 'a#b' }, 'INVALID_VALUE', 'AccountNumber'],
    ['contact', { AccountId: NOBODY }, 'INVALID_VALUE', 'AccountId'],
    ['contact', { LastName: undefined }, 'MISSING_REQUIRED_VALUE', 'LastName'],
    ['contact', { OtherPhoneType: 'Fax' }, 'INVALID_VALUE', 'OtherPhoneType'],
  ])('refuse a wrong %s %j in their own envelope', async (object, wrong, code, name) => {
    const { accountId } = await open();
    const right =
      object === 'account'
        ? { Name: 'x', Currency: 'USD', BillCycleDay: 1, Status: 'Draft' }
        : { AccountId: accountId, FirstName: 'a', LastName: 'b' };
    const reply = await call('POST', `/v1/object/${object}`, { ...right, ...wrong });
    expect(reply).toMatchObject({
      status: 400,
      body: { Success: false, Errors: [{ Code: code, Message: expect.stringContaining(name) }] },
    });
  });

  test('refuse to move a contact or change a currency by PUT, and answer 404 for nobody', async () => {
    const { accountId, billToContactId } = await open();
    const moved = await call('PUT', `/v1/object/contact/${billToContactId}`, { AccountId: accountId });
    expect(moved.status).toBe(400);
    expect(JSON.stringify(moved.body)).toContain('AccountId');
    const currency = await call('PUT', `/v1/object/account/${accountId}`, { Currency: 'EUR' });
    expect(JSON.stringify(currency.body)).toContain('Currency');
    for (const object of ['account', 'contact']) {
      const path = `/v1/object/${object}/${NOBODY}`;
      expect((await call('GET', path)).status).toBe(404);
      expect((await call('PUT', path, {})).status).toBe(404);
      expect((await call('DELETE', path)).status).toBe(404);
    }
    const count = await env.DB.prepare('SELECT currency FROM account WHERE id = ?1').bind(accountId).first();
    expect(count).toEqual({ currency: 'USD' });
  });
});
