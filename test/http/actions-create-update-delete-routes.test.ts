import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { ACTION_OBJECTS_MAX } from '../../src/wire/actions.ts';
import { external, idOf, NOBODY, paidInPart } from '../support/object-writes.ts';
import { booksOf, CARDS, openInvoice, payingAccount } from '../support/paying-accounts.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf, putAccount, type Reply } from '../support/settlement-fixtures.ts';

// The actions create, update and delete: one result for each object, in their order, whatever became of the others; the same writes as those of
// /v1/object, each with its own idempotency.

const ID = /^[0-9a-f]{32}$/;
const saved = { Success: true, Id: expect.stringMatching(ID) };
/** A draft account, with a number that no account of the fixtures takes. */
const draft = (Name: string, fields: object = {}) => ({
  Name,
  AccountNumber: `D-${crypto.randomUUID()}`,
  Currency: 'USD',
  BillCycleDay: 1,
  Status: 'Draft',
  ...fields,
});

const act = (
  call: Call,
  verb: 'create' | 'update' | 'delete',
  body: object,
  headers: object = {},
  query = '',
) => call('POST', `/v1/action/${verb}${query}`, body, headers);

/** The results of an action that was carried out. */
function resultsOf({ status, body }: Reply): Array<Record<string, unknown>> {
  expect(status, JSON.stringify(body)).toBe(200);
  expect(Array.isArray(body)).toBe(true);
  return body as unknown as Array<Record<string, unknown>>;
}

function failed(Code: string, names: string) {
  return { Success: false, Errors: [{ Code, Message: expect.stringContaining(names) }] };
}

function expectFault({ status, body }: Reply, names: string): void {
  expect([status, body.Success], JSON.stringify(body)).toEqual([400, false]);
  expect((body.Errors as Array<{ Message: string }>)[0]!.Message).toContain(names);
}

async function accountsNamed(name: string): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS n FROM account WHERE name = ?1')
    .bind(name)
    .first<{ n: number }>();
  return row!.n;
}

provenAfterEach();

describe('create', () => {
  test('answers for each object in its place; one that is refused disturbs no other', async () => {
    const call = await connect();
    const name = crypto.randomUUID();
    const objects = [draft(name), draft(name, { Currency: 'XXX' }), { Currency: 'USD' }, draft(name)];
    const results = resultsOf(await act(call, 'create', { type: 'Account', objects }));
    expect(results).toEqual([
      saved,
      failed('INVALID_VALUE', 'Currency'),
      { Success: false, Errors: expect.arrayContaining(failed('MISSING_REQUIRED_VALUE', 'Name').Errors) },
      saved,
    ]);
    expect(results[0]!.Id).not.toBe(results[3]!.Id);
    expect(await accountsNamed(name)).toBe(2);
  });

  test('makes as many as there may be, once for one key, and answers the same again', async () => {
    const call = await connect();
    const name = crypto.randomUUID();
    const objects = Array.from({ length: ACTION_OBJECTS_MAX }, () => draft(name));
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const first = resultsOf(await act(call, 'create', { type: 'Account', objects }, headers));
    expect(first).toEqual(objects.map(() => saved));
    const again = await act(call, 'create', { type: 'Account', objects }, headers);
    expect([again.headers.get('Idempotency-Hit'), again.body]).toEqual(['true', first]);
    expect(await accountsNamed(name)).toBe(ACTION_OBJECTS_MAX);
    const other = await act(call, 'create', { type: 'Account', objects: [draft(name)] }, headers);
    expect(other.status).toBe(422);
    expectFault(
      await act(call, 'create', { type: 'Account', objects: [...objects, draft(name)] }),
      `at most ${ACTION_OBJECTS_MAX}`,
    );
    expect(await accountsNamed(name)).toBe(ACTION_OBJECTS_MAX);
  });

  test('pays invoices: in parallel, each once, by gateways too', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoices = await Promise.all(Array.from({ length: 5 }, () => openInvoice(call, account, 10)));
    const objects = invoices.map(({ id: InvoiceId }) =>
      external(account.id, { Amount: 4, InvoiceId, AppliedInvoiceAmount: 4 }),
    );
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const first = resultsOf(await act(call, 'create', { type: 'Payment', objects }, headers));
    expect(first).toEqual(objects.map(() => saved));
    expect((await act(call, 'create', { type: 'payment', objects }, headers)).status).toBe(422);
    expect(resultsOf(await act(call, 'create', { type: 'Payment', objects }, headers))).toEqual(first);
    expect(await metricsOf(account)).toMatchObject({ invoices: 3_000, unapplied: 0 });

    const { account: payer, methodId } = await payingAccount(call, CARDS.approve);
    const poor = await payingAccount(call, CARDS.decline);
    const byCard = { Type: 'Electronic', Status: 'Processed', EffectiveDate: '2026-03-20', Amount: 7 };
    const asked = [
      { ...byCard, AccountId: payer.id, PaymentMethodId: methodId },
      { ...byCard, AccountId: poor.account.id, PaymentMethodId: poor.methodId },
    ];
    expect(resultsOf(await act(call, 'create', { type: 'Payment', objects: asked }))).toEqual([
      saved,
      failed('TRANSACTION_FAILED', 'declined payment P-'),
    ]);
    expect(await booksOf(payer.id)).toMatchObject([
      { kind: 'charge', amountMinor: 700, outcome: 'approved' },
    ]);
  });

  test.each([
    ['type', { type: undefined }],
    ['type', { type: '' }],
    ['Account, ', { type: 'Hat' }],
    ['can be created', { type: 'Subscription' }],
    ['can be created', { type: 'constructor' }],
    ['objects', { objects: undefined }],
    ['objects', { objects: {} }],
    ['objects', { objects: [] }],
    ['objects', { objects: [1] }],
  ])('says what is wrong with %s', async (names, wrong) => {
    const call = await connect();
    const name = crypto.randomUUID();
    expectFault(await act(call, 'create', { type: 'Account', objects: [draft(name)], ...wrong }), names);
    expect(await accountsNamed(name)).toBe(0);
  });

  test('fields that nobody knows are ignored, or refuse the whole request when they are to', async () => {
    const call = await connect();
    const name = crypto.randomUUID();
    const body = { type: 'Account', objects: [draft(name), draft(name, { Colour: 'blue' })] };
    const strict = await act(call, 'create', body, {}, '?rejectUnknownFields=true');
    expect([strict.status, strict.body]).toEqual([400, { message: 'Error - unrecognised fields' }]);
    expect(await accountsNamed(name)).toBe(0);
    expect(resultsOf(await act(call, 'create', body))).toEqual([saved, saved]);
  });

  test('needs a client that may write', async () => {
    const reply = await act(await connect('read'), 'create', { type: 'Account', objects: [draft('x')] });
    expect(reply).toMatchObject({
      status: 403,
      body: { Success: false, Errors: [{ Code: 'INSUFFICIENT_ACCESS' }] },
    });
  });
});

describe('update', () => {
  test('changes each by its id, takes fields away, and carries out changes of one object in their order', async () => {
    const call = await connect();
    const made = await act(call, 'create', { type: 'Account', objects: [draft('a'), draft('b')] });
    const [a, b] = resultsOf(made).map(({ Id }) => Id as string) as [string, string];
    const objects = [
      { Id: a, Notes: 'first', CrmId: 'crm', region__c: 'EU' },
      { Id: a, Notes: 'second' },
      { Id: a, fieldsToNull: ['CrmId', 'region__c', 'ParentId', 'AdditionalEmailAddresses'] },
      { Id: b, BillCycleDay: 15 },
      { Id: NOBODY, Notes: 'x' },
      { Notes: 'x' },
      { Id: b, fieldsToNull: ['Name'] },
      { Id: b, BillCycleDay: 99 },
    ];
    const results = resultsOf(await act(call, 'update', { type: 'Account', objects }));
    expect(results).toEqual([
      { Success: true, Id: a },
      { Success: true, Id: a },
      { Success: true, Id: a },
      { Success: true, Id: b },
      failed('INVALID_ID', 'There is no account'),
      failed('MISSING_REQUIRED_VALUE', 'Id'),
      failed('INVALID_VALUE', 'Name'),
      failed('INVALID_VALUE', 'BillCycleDay'),
    ]);
    const shown = (await call('GET', `/v1/object/account/${a}`)).body;
    expect(shown).toMatchObject({ Notes: 'second' });
    expect(shown).not.toHaveProperty('CrmId');
    expect(shown).not.toHaveProperty('region__c');
    expect((await call('GET', `/v1/object/account/${b}`)).body).toMatchObject({ BillCycleDay: 15 });
  });

  test('posts invoices and cancels payments', async () => {
    const call = await connect();
    const { account, id } = await paidInPart(call);
    const payments = {
      type: 'Payment',
      objects: [
        { Id: id, Status: 'Canceled' },
        { Id: id, Amount: 5 },
      ],
    };
    expect(resultsOf(await act(call, 'update', payments))).toEqual([
      { Success: true, Id: id },
      failed('INVALID_VALUE', 'Amount'),
    ]);
    const { body } = await call('POST', '/v1/invoices', {
      accountId: account.id,
      invoiceDate: '2026-03-15',
      invoiceItems: [{ chargeName: 'x', amount: 20, serviceStartDate: '2026-03-01' }],
    });
    const invoices = { type: 'Invoice', objects: [{ Id: body.id, Status: 'Posted' }] };
    expect(resultsOf(await act(call, 'update', invoices))).toEqual([{ Success: true, Id: body.id }]);
    expect(await metricsOf(account)).toMatchObject({ invoices: 10_000, unapplied: 0 });
  });

  test('strictness looks at the fields, not at the id and what is set to nothing', async () => {
    const call = await connect();
    const Id = idOf(await call('POST', '/v1/object/account', draft('a')));
    const update = (fields: object) =>
      act(call, 'update', { type: 'Account', objects: [{ Id, ...fields }] }, {}, '?rejectUnknownFields=true');
    expect(resultsOf(await update({ Notes: 'n', fieldsToNull: ['CrmId'] }))).toEqual([{ Success: true, Id }]);
    expect((await update({ Colour: 'blue' })).status).toBe(400);
  });
});

describe('delete', () => {
  test('answers for each id, in the contract’s small letters', async () => {
    const call = await connect();
    const made = await Promise.all(['a', 'b'].map((name) => call('POST', '/v1/object/account', draft(name))));
    const [a, b] = made.map(idOf);
    const { account } = await paidInPart(call);
    const ids = [a, account.id, NOBODY, b, a];
    const results = resultsOf(await act(call, 'delete', { type: 'Account', ids }));
    expect(results).toEqual([
      { success: true, id: a },
      {
        success: false,
        id: account.id,
        errors: [{ Code: 'TRANSACTION_FAILED', Message: expect.any(String) }],
      },
      {
        success: false,
        id: NOBODY,
        errors: [{ Code: 'INVALID_ID', Message: `There is no account ${NOBODY}.` }],
      },
      { success: true, id: b },
      {
        success: false,
        id: a,
        errors: [{ Code: 'INVALID_ID', Message: expect.stringContaining('There is no') }],
      },
    ]);
  });

  test('says under its key what it did, also when the whole reply was lost', async () => {
    const call = await connect();
    const made = await Promise.all(['a', 'b'].map((name) => call('POST', '/v1/object/account', draft(name))));
    const ids = [...made.map(idOf), NOBODY];
    const key = crypto.randomUUID();
    const send = () => act(call, 'delete', { type: 'Account', ids }, { 'Idempotency-Key': key });
    const first = resultsOf(await send());
    expect(first.map(({ success }) => success)).toEqual([true, true, false]);
    // The keys of the parts end in their places; that of the whole does not.
    const { meta } = await env.DB.prepare("DELETE FROM idempotency WHERE key LIKE ?1 AND key NOT LIKE '%#%'")
      .bind(`%${key}%`)
      .run();
    expect(meta.changes).toBeGreaterThan(0);
    expect(resultsOf(await send())).toEqual(first);
  });

  test('deletes from the catalog', async () => {
    const call = await connect();
    const units = ['x', 'y'].map((name) => ({
      UomName: `${name}${crypto.randomUUID().slice(0, 8)}`,
      DecimalPlaces: 0,
    }));
    const made = resultsOf(await act(call, 'create', { type: 'UnitOfMeasure', objects: units }));
    const ids = made.map(({ Id }) => Id);
    expect(resultsOf(await act(call, 'delete', { type: 'UnitOfMeasure', ids }))).toEqual(
      ids.map((id) => ({ success: true, id })),
    );
  });

  test.each([
    ['type', { type: 'InvoicePayment' }],
    ['ids', { ids: undefined }],
    ['ids', { ids: [] }],
    ['ids', { ids: [''] }],
    ['ids', { ids: Array.from({ length: ACTION_OBJECTS_MAX + 1 }, () => NOBODY) }],
  ])('says what is wrong with %s', async (names, wrong) => {
    expectFault(await act(await connect(), 'delete', { type: 'Account', ids: [NOBODY], ...wrong }), names);
  });
});
