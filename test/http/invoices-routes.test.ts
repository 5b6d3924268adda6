import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf, putAccount, type Reply } from '../support/settlement-fixtures.ts';

// Standalone invoices over HTTP: drafts and posted ones, alone and in batches; what is refused names its field and does nothing.
const LINE = { chargeName: 'Migrated', amount: 10, serviceStartDate: '2026-03-01' };
const NOBODY = '0'.repeat(32);

function wanted(accountId: string, fields: object = {}): object {
  return { accountId, invoiceDate: '2026-03-15', invoiceItems: [LINE], ...fields };
}

async function create(call: Call, accountId: string, fields: object = {}) {
  const { body } = await call('POST', '/v1/invoices', wanted(accountId, fields));
  expect(body).toMatchObject({ success: true });
  return body as { id: string; invoiceNumber: string };
}

function reasonOf({ body }: Reply): { code: number; message: string } {
  return (body.reasons as Array<{ code: number; message: string }>)[0]!;
}

async function countInvoices(): Promise<number> {
  return (await env.DB.prepare('SELECT count(*) AS n FROM invoice').first<{ n: number }>())!.n;
}

provenAfterEach();

describe('POST /v1/invoices', () => {
  it('writes a draft that no metric counts, due by the account’s term', async () => {
    const call = await connect();
    const account = await putAccount({ paymentTerm: 'Net 30' });
    const created = await call(
      'POST',
      '/v1/invoices',
      wanted(account.id, { comments: 'moved', region__c: 'EU' }),
    );
    expect(created).toMatchObject({
      status: 200,
      body: {
        success: true,
        invoiceNumber: expect.stringMatching(/^INV\d{8}$/),
        status: 'Draft',
        amount: 10,
        balance: 10,
        currency: 'USD',
        dueDate: '2026-04-14',
        paymentTerm: null,
        postedDate: null,
        comments: 'moved',
        region__c: 'EU',
      },
    });
    const { id, invoiceNumber } = created.body as { id: string; invoiceNumber: string };
    expect((await call('GET', `/v1/invoices/${id}`)).body).toEqual(created.body);
    expect((await call('GET', `/v1/invoices/${invoiceNumber}`)).body).toEqual(created.body);
    expect(await metricsOf(account)).toBeNull();
  });

  it('adds lines up exactly, rounds unit price × quantity half up, and shows what each line still owes', async () => {
    const call = await connect();
    const account = await putAccount();
    const { id } = await create(call, account.id, {
      status: 'Posted',
      invoiceItems: [
        { ...LINE, amount: 0.1, sku: 'SKU-1', uom: 'Each', quantity: 3, note__c: 'x' },
        { ...LINE, amount: undefined, unitPrice: 0.335, quantity: 3 },
        { ...LINE, amount: -0.2 },
        { ...LINE, amount: '5.00' },
      ],
    });
    // 0.335 × 3 = 1.005, half up 1.01; 0.10 + 1.01 − 0.20 + 5.00 = 5.91
    expect((await call('GET', `/v1/invoices/${id}`)).body).toMatchObject({ amount: 5.91, balance: 5.91 });
    await call('POST', '/v1/payments', {
      accountId: account.id,
      type: 'External',
      amount: 0.6,
      currency: 'USD',
      invoices: [{ invoiceId: id, amount: 0.6 }],
    });
    const first = await call('GET', `/v1/invoices/${id}/items?pageSize=3`);
    expect(first.body.invoiceItems).toMatchObject([
      { chargeAmount: 0.1, balance: 0, sku: 'SKU-1', unitOfMeasure: 'Each', quantity: 3, note__c: 'x' },
      { chargeAmount: 1.01, balance: 0.51, unitPrice: 0.335 },
      { chargeAmount: -0.2, balance: -0.2 },
    ]);
    const rest = await call('GET', (first.body.nextPage as string).replace('https://spillway.test', ''));
    expect(rest.body.invoiceItems).toMatchObject([{ chargeAmount: 5, balance: 5 }]);
    expect(rest.body).not.toHaveProperty('nextPage');
  });

  it('keeps one row of metrics per currency, and moves the last invoice date for nothing but a date', async () => {
    const call = await connect();
    const account = await putAccount();
    await create(call, account.id, {
      status: 'Posted',
      currency: 'JPY',
      invoiceItems: [{ ...LINE, amount: 48_000 }],
    });
    await create(call, account.id, {
      status: 'Posted',
      invoiceDate: '2026-05-01',
      invoiceItems: [{ ...LINE, amount: 0 }],
    });
    expect(await metricsOf(account, 'JPY')).toEqual({
      invoices: 48_000,
      unapplied: 0,
      lastInvoiceDate: '2026-03-15',
    });
    expect(await metricsOf(account, 'USD')).toEqual({
      invoices: 0,
      unapplied: 0,
      lastInvoiceDate: '2026-05-01',
    });
  });

  it('takes the caller’s number once', async () => {
    const call = await connect();
    const account = await putAccount();
    const invoice = await create(call, account.id, { invoiceNumber: 'OLD-0001' });
    expect(invoice.invoiceNumber).toBe('OLD-0001');
    const again = await call('POST', '/v1/invoices', wanted(account.id, { invoiceNumber: 'OLD-0001' }));
    expect(again.status).toBe(400);
    expect(reasonOf(again).message).toContain('invoiceNumber');
  });

  it('generates numbers above those that callers brought along', async () => {
    const call = await connect();
    const account = await putAccount();
    await create(call, account.id, { invoiceNumber: 'INV00777777' });
    await create(call, account.id, { invoiceNumber: 'INV00999-a' });
    const fresh = await putAccount();
    expect((await create(call, fresh.id)).invoiceNumber).toBe('INV00777778');
  });

  it('passes over numbers of its own range that a caller took meanwhile', async () => {
    const call = await connect();
    const account = await putAccount();
    const numbers: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { invoiceNumber } = await create(call, account.id);
      numbers.push(invoiceNumber);
      const next = `INV${String(Number(invoiceNumber.slice(3)) + 1).padStart(8, '0')}`;
      const taken = await create(call, (await putAccount()).id, { invoiceNumber: next });
      numbers.push(taken.invoiceNumber);
    }
    const rush = await Promise.all(Array.from({ length: 5 }, () => create(call, account.id)));
    numbers.push(...rush.map(({ invoiceNumber }) => invoiceNumber));
    expect(new Set(numbers).size).toBe(9);
  });

  it.each([
    ['accountId', { accountId: NOBODY }],
    ['accountId', { accountId: undefined }],
    ['accountNumber', { accountId: undefined, accountNumber: 'A-nobody' }],
    ['accountNumber', { accountNumber: 'A-nobody' }],
    ['invoiceDate', { invoiceDate: '2026-02-30' }],
    ['invoiceDate', { invoiceDate: '9999-12-31' }],
    ['dueDate', { dueDate: 'soon' }],
    ['paymentTerm', { paymentTerm: 'Whenever' }],
    ['currency', { currency: 'ZZZ' }],
    ['status', { status: 'Paid' }],
    ['autoPay', { autoPay: 'yes' }],
    ['invoiceNumber', { invoiceNumber: 'a b' }],
    ['invoiceNumber', { invoiceNumber: NOBODY }],
    ['billToContactId', { billToContactId: NOBODY }],
    ['billToContact', { billToContact: { lastName: 'x' } }],
    ['invoiceItems', { invoiceItems: [] }],
    ['invoiceItems', { invoiceItems: Array.from({ length: 1_001 }, () => LINE) }],
    ['invoiceItems', { invoiceItems: [{ ...LINE, amount: -1 }] }],
    ['invoiceItems[0].amount', { invoiceItems: [{ ...LINE, amount: 10.005 }] }],
    ['invoiceItems[1].amount', { invoiceItems: [LINE, { ...LINE, amount: undefined }] }],
    ['invoiceItems[0].amount', { invoiceItems: [{ ...LINE, amount: 1e17 }] }],
    ['invoiceItems[0].amount', { currency: 'JPY', invoiceItems: [{ ...LINE, amount: 0.5 }] }],
    [
      'invoiceItems[0].amount',
      { invoiceItems: [{ ...LINE, amount: undefined, unitPrice: 1e12, quantity: 1e6 }] },
    ],
    ['invoiceItems[0].quantity', { invoiceItems: [{ ...LINE, quantity: -1 }] }],
    ['invoiceItems[0].chargeName', { invoiceItems: [{ ...LINE, chargeName: undefined }] }],
    ['invoiceItems[0].chargeDate', { invoiceItems: [{ ...LINE, chargeDate: '2026-03-01 25:00:00' }] }],
    ['invoiceItems[0].serviceStartDate', { invoiceItems: [{ ...LINE, serviceStartDate: undefined }] }],
    ['invoiceItems[0].serviceEndDate', { invoiceItems: [{ ...LINE, serviceEndDate: '2026-02-28' }] }],
    [
      'invoiceItems[0].productRatePlanChargeId',
      { invoiceItems: [{ ...LINE, productRatePlanChargeId: NOBODY }] },
    ],
    ['invoiceItems[0].taxItems', { invoiceItems: [{ ...LINE, taxItems: [{ name: 'VAT', taxAmount: 1 }] }] }],
    ['invoiceItems[0].discountItems', { invoiceItems: [{ ...LINE, discountItems: [{ amount: -1 }] }] }],
  ])('refuses a wrong %s and writes nothing', async (field, wrong) => {
    const call = await connect();
    const account = await putAccount();
    const before = await countInvoices();
    const reply = await call('POST', '/v1/invoices', wanted(account.id, { status: 'Posted', ...wrong }));
    expect(reply.status).toBe(400);
    expect(reasonOf(reply).message).toContain(field);
    expect(await countInvoices()).toBe(before);
    expect(await metricsOf(account)).toBeNull();
  });

  it('refuses a canceled account', async () => {
    const call = await connect();
    const account = await putAccount({ status: 'Canceled' });
    const reply = await call('POST', '/v1/invoices', wanted(account.id));
    expect(reply.status).toBe(400);
    expect(reasonOf(reply).message).toContain('canceled');
  });
});

describe('POST /v1/invoices/batch', () => {
  it('answers for each invoice in order; one that is refused disturbs no other', async () => {
    const call = await connect();
    const first = await putAccount();
    const second = await putAccount();
    const reply = await call('POST', '/v1/invoices/batch', {
      invoices: [
        wanted(first.id, { status: 'Posted' }),
        wanted(NOBODY),
        {
          ...wanted(second.id, { status: 'Posted' }),
          accountId: undefined,
          accountNumber: second.accountNumber,
        },
        { ...wanted(second.id), accountId: undefined, accountNumber: 'A-nobody' },
      ],
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        invoices: [
          { success: true, accountId: first.id, status: 'Posted' },
          { success: false, objectIndex: 1, reasons: [{ code: 58490020 }] },
          { success: true, accountId: second.id, status: 'Posted' },
          { success: false, objectIndex: 3, reasons: [{ code: 58490020 }] },
        ],
      },
    });
    expect(await metricsOf(first)).toMatchObject({ invoices: 1_000 });
    expect(await metricsOf(second)).toMatchObject({ invoices: 1_000 });
  });

  it('has one effect and one reply per idempotency key', async () => {
    const call = await connect();
    const account = await putAccount();
    const body = { invoices: [wanted(account.id, { status: 'Posted' }), wanted(NOBODY)] };
    const key = { 'Idempotency-Key': `batch-${account.id}` };
    const first = await call('POST', '/v1/invoices/batch', body, key);
    expect(first.headers.get('Idempotency-Hit')).toBeNull();
    const again = await call('POST', '/v1/invoices/batch', body, key);
    expect(again.headers.get('Idempotency-Hit')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await metricsOf(account)).toMatchObject({ invoices: 1_000 });
    const other = await call('POST', '/v1/invoices/batch', { invoices: [wanted(account.id)] }, key);
    expect(other.status).toBe(422);
  });

  it('has one effect when the same key comes several times at once', async () => {
    const call = await connect();
    const account = await putAccount();
    const body = { invoices: Array.from({ length: 10 }, () => wanted(account.id, { status: 'Posted' })) };
    const key = { 'Idempotency-Key': `rush-${account.id}` };
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => call('POST', '/v1/invoices/batch', body, key)),
    );
    const done = replies.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    expect(replies.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    for (const reply of done) expect(reply.body).toEqual(done[0]!.body);
    expect(await metricsOf(account)).toMatchObject({ invoices: 10_000 });
  });

  it.each([
    ['invoices', { invoices: [] }],
    ['invoices', { invoices: Array.from({ length: 51 }, () => wanted(NOBODY)) }],
    ['useSingleTransaction', { invoices: [wanted(NOBODY)], useSingleTransaction: true }],
    ['invoices[1].currency', { invoices: [wanted(NOBODY), wanted(NOBODY, { currency: 1 })] }],
  ])('refuses a wrong %s', async (field, body) => {
    const call = await connect();
    const reply = await call('POST', '/v1/invoices/batch', body);
    expect(reply.status).toBe(400);
    expect(reasonOf(reply).message).toContain(field);
  });
});

describe('drafts', () => {
  it('are posted in bulk, each with its own answer; a new date moves the due date that followed from the term', async () => {
    const call = await connect();
    const account = await putAccount({ paymentTerm: 'Net 30' });
    const byTerm = await create(call, account.id);
    const byDate = await create(call, account.id, { dueDate: '2026-03-20' });
    const posted = await create(call, account.id, { status: 'Posted' });
    const reply = await call('POST', '/v1/invoices/bulk-post', {
      invoices: [
        { id: byTerm.id, invoiceDate: '2026-04-01', region__c: 'EU' },
        { id: byDate.invoiceNumber, invoiceDate: '2026-04-01' },
        { id: posted.id },
        { id: NOBODY },
      ],
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        invoices: [
          { id: byTerm.id, success: true },
          { id: byDate.id, success: true },
          { id: posted.id, success: false, reasons: [{ code: 59210020 }] },
          { id: NOBODY, success: false, reasons: [{ code: 50000040 }] },
        ],
      },
    });
    expect((await call('GET', `/v1/invoices/${byTerm.id}`)).body).toMatchObject({
      status: 'Posted',
      invoiceDate: '2026-04-01',
      dueDate: '2026-05-01',
      region__c: 'EU',
      postedDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    expect((await call('GET', `/v1/invoices/${byDate.id}`)).body).toMatchObject({ dueDate: '2026-03-20' });
    expect(await metricsOf(account)).toEqual({
      invoices: 3_000,
      unapplied: 0,
      lastInvoiceDate: '2026-04-01',
    });
  });

  it('are canceled, then cannot be posted, and are deleted with their items', async () => {
    const call = await connect();
    const account = await putAccount();
    const { id, invoiceNumber } = await create(call, account.id);
    expect(await call('PUT', `/v1/object/invoice/${id}`, { Status: 'Canceled' })).toMatchObject({
      status: 200,
      body: { Success: true, Id: id },
    });
    expect((await call('PUT', `/v1/object/invoice/${id}`, { Status: 'Posted' })).status).toBe(400);
    expect((await call('GET', `/v1/invoices/${id}`)).body).toMatchObject({ status: 'Canceled' });
    expect((await call('DELETE', `/v1/invoices/${invoiceNumber}`)).body).toMatchObject({ id, success: true });
    expect((await call('GET', `/v1/invoices/${id}`)).status).toBe(404);
    const items = await env.DB.prepare('SELECT count(*) AS n FROM invoice_item WHERE invoice_id = ?1')
      .bind(id)
      .first();
    expect(items).toEqual({ n: 0 });
    expect(await metricsOf(account)).toBeNull();
  });

  it('can be posted and deleted under /v1/object too', async () => {
    const call = await connect();
    const account = await putAccount();
    const draft = await create(call, account.id);
    expect((await call('PUT', `/v1/object/invoice/${draft.id}`, { Status: 'Posted' })).body).toEqual({
      Success: true,
      Id: draft.id,
    });
    expect(await metricsOf(account)).toMatchObject({ invoices: 1_000 });
    const other = await create(call, account.id);
    expect((await call('DELETE', `/v1/object/invoice/${other.id}`)).body).toEqual({
      success: true,
      id: other.id,
    });
  });
});

describe('posted invoices', () => {
  it('are neither canceled nor deleted', async () => {
    const call = await connect();
    const account = await putAccount();
    const { id } = await create(call, account.id, { status: 'Posted' });
    expect(await call('PUT', `/v1/object/invoice/${id}`, { Status: 'Canceled' })).toMatchObject({
      status: 400,
      body: { Success: false },
    });
    expect((await call('DELETE', `/v1/invoices/${id}`)).status).toBe(400);
    expect((await call('GET', `/v1/invoices/${id}`)).body).toMatchObject({ status: 'Posted' });
  });

  it('are listed by account, the newest first', async () => {
    const call = await connect();
    const account = await putAccount();
    for (const invoiceDate of ['2026-01-01', '2026-03-01', '2026-02-01']) {
      await create(call, account.id, { status: 'Posted', invoiceDate });
    }
    const first = await call('GET', `/v1/transactions/invoices/accounts/${account.accountNumber}?pageSize=2`);
    expect(first.body.invoices).toMatchObject([
      { invoiceDate: '2026-03-01', accountName: account.name, amount: 10, balance: 10 },
      { invoiceDate: '2026-02-01' },
    ]);
    expect(first.body.nextPage).toContain('page=2');
  });
});

it('answers 404 for invoices and accounts that are not there, and 403 to readers who write', async () => {
  const call = await connect();
  for (const path of ['', '/items', '/application-parts']) {
    expect((await call('GET', `/v1/invoices/INV-nothing${path}`)).status).toBe(404);
  }
  expect((await call('DELETE', `/v1/invoices/${NOBODY}`)).status).toBe(404);
  expect((await call('PUT', `/v1/object/invoice/${NOBODY}`, { Status: 'Canceled' })).status).toBe(404);
  expect((await call('GET', '/v1/transactions/invoices/accounts/A-nobody')).status).toBe(404);
  const readOnly = await connect('read');
  expect((await readOnly('POST', '/v1/invoices', wanted(NOBODY))).status).toBe(403);
});
