import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import {
  type Account,
  createAccount,
  createInvoice,
  createPlan,
  createPostedInvoice,
  standaloneInvoice,
} from './support/fixtures.ts';
import {
  expectCreated,
  expectRefusal,
  expectSuccess,
  ID,
  listAt,
  textAt,
  valueAt,
} from './support/reply-reading.ts';

// Standalone invoices: written as draft or posted, alone or in batches, posted, cancelled and deleted.
async function balanceOf(api: CheckedApi, account: Account): Promise<unknown> {
  const body = expectSuccess(await api.get(`/v1/accounts/${account.id}`));
  return valueAt(body, 'metrics.balance');
}

conformance(
  ['POST_StandaloneInvoice', 'Get_GetInvoice'],
  'creates a draft, which moves no metric',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const created = expectSuccess(
      await api.post('/v1/invoices', {
        accountId: account.id,
        invoiceDate: '2026-07-30',
        dueDate: '2026-08-29',
        comments: 'migrated',
        invoiceItems: [
          { amount: 100, serviceStartDate: '2026-07-11', productRatePlanChargeId: plan.chargeId },
        ],
      }),
    );
    expect(created).toMatchObject({
      id: expect.stringMatching(ID),
      invoiceNumber: expect.stringMatching(/^INV\d{8,}$/),
      accountId: account.id,
      amount: 100,
      amountWithoutTax: 100,
      taxAmount: 0,
      discount: 0,
      balance: 100,
      paymentAmount: 0,
      creditMemoAmount: 0,
      refundAmount: 0,
      adjustmentAmount: 0,
      invoiceDate: '2026-07-30',
      dueDate: '2026-08-29',
      currency: 'USD',
      comments: 'migrated',
      status: 'Draft',
      source: 'API',
      sourceType: 'Standalone',
      postedDate: null,
    });
    const byId = expectSuccess(await api.get(`/v1/invoices/${textAt(created, 'id')}`));
    expect(byId).toMatchObject({ amount: 100, status: 'Draft' });
    expect(expectSuccess(await api.get(`/v1/invoices/${textAt(created, 'invoiceNumber')}`))).toEqual(byId);
    expect(await balanceOf(api, account)).toBe(0);
  },
);

conformance(
  ['POST_StandaloneInvoice', 'Get_GetInvoice', 'GET_InvoiceItems'],
  'creates a posted invoice whose lines add up exactly',
  async (api) => {
    const account = await createAccount(api);
    const amounts = [0.1, 0.2, 12.34, 99999.99];
    const invoice = await createInvoice(api, account, 0, {
      accountId: undefined,
      accountNumber: account.number,
      status: 'Posted',
      invoiceItems: amounts.map((amount, index) => ({
        chargeName: `Line ${index}`,
        description: 'moved',
        amount,
        quantity: 1,
        sku: `SKU-${index}`,
        serviceStartDate: '2026-03-01',
        serviceEndDate: '2026-03-31',
      })),
    });
    expect(invoice.body).toMatchObject({ amount: 100012.63, balance: 100012.63, status: 'Posted' });
    const read = expectSuccess(await api.get(`/v1/invoices/${invoice.id}`));
    expect(textAt(read, 'postedDate')).toMatch(/^\d{4}-\d\d-\d\d$/);
    const items = listAt(
      expectSuccess(await api.get(`/v1/invoices/${invoice.number}/items`)),
      'invoiceItems',
    );
    expect(items.map((item) => valueAt(item, 'chargeAmount')).sort()).toEqual([...amounts].sort());
    expect(items.find((item) => valueAt(item, 'chargeName') === 'Line 2')).toMatchObject({
      id: expect.stringMatching(ID),
      description: 'moved',
      chargeAmount: 12.34,
      quantity: 1,
      sku: 'SKU-2',
      serviceStartDate: '2026-03-01',
      serviceEndDate: '2026-03-31',
      processingType: 'Charge',
      taxAmount: 0,
      balance: 12.34,
    });
    expect(await balanceOf(api, account)).toBe(100012.63);
  },
);

conformance('GET_InvoiceItems', 'pages through the lines of an invoice', async (api) => {
  const account = await createAccount(api);
  const invoiceItems = Array.from({ length: 5 }, (_, index) => ({
    chargeName: `Line ${index}`,
    amount: index + 1,
    serviceStartDate: '2026-03-01',
  }));
  const { id } = await createInvoice(api, account, 0, { invoiceItems });
  const first = expectSuccess(await api.get(`/v1/invoices/${id}/items?pageSize=3`));
  const rest = expectSuccess(await api.get(textAt(first, 'nextPage')));
  const amounts = [...listAt(first, 'invoiceItems'), ...listAt(rest, 'invoiceItems')].map((item) =>
    valueAt(item, 'chargeAmount'),
  );
  expect(listAt(first, 'invoiceItems')).toHaveLength(3);
  expect(amounts.sort()).toEqual([1, 2, 3, 4, 5]);
});

conformance('POST_StandaloneInvoice', "takes the due date from the account's payment term", async (api) => {
  const account = await createAccount(api, { paymentTerm: 'Net 30' });
  expect((await createInvoice(api, account, 10)).body).toMatchObject({ dueDate: '2026-04-14' });
  const atOnce = await createAccount(api, { paymentTerm: 'Due Upon Receipt' });
  expect((await createInvoice(api, atOnce, 10)).body).toMatchObject({ dueDate: '2026-03-15' });
});

conformance('POST_StandaloneInvoice', 'names what is wrong with an invoice', async (api) => {
  const account = await createAccount(api);
  const line = { chargeName: 'x', amount: 10, serviceStartDate: '2026-03-01' };
  const { amount: _amount, ...withoutAmount } = line;
  const cases: [string, object][] = [
    ['accountId', { accountId: '0'.repeat(32) }],
    ['accountId', { accountId: undefined }],
    ['invoiceDate', { invoiceDate: undefined }],
    ['invoiceDate', { invoiceDate: '2026-13-01' }],
    ['currency', { currency: 'ZZZ' }],
    ['status', { status: 'Paid' }],
    ['invoiceItems', { invoiceItems: 'none' }],
    ['invoiceItems', { invoiceItems: [] }],
    ['amount', { invoiceItems: [withoutAmount] }],
    ['amount', { invoiceItems: [{ ...line, amount: 'ten' }] }],
    ['amount', { invoiceItems: [{ ...line, amount: 10.005 }] }],
    ['amount', { invoiceItems: [{ ...line, amount: 1e17 }] }],
    ['serviceStartDate', { invoiceItems: [{ ...line, serviceStartDate: undefined }] }],
    ['serviceStartDate', { invoiceItems: [{ ...line, serviceStartDate: 'soon' }] }],
    ['serviceEndDate', { invoiceItems: [{ ...line, serviceEndDate: '2026-02-01' }] }],
    ['invoiceItems', { invoiceItems: Array.from({ length: 1001 }, () => line) }],
  ];
  for (const [names, wrong] of cases) {
    const reply = await api.post(
      '/v1/invoices',
      standaloneInvoice(account, 10, { status: 'Posted', ...wrong }),
    );
    expectRefusal(reply, { status: 400, names });
  }
  expect(await balanceOf(api, account)).toBe(0);
});

conformance('POST_StandaloneInvoices', 'creates a batch and answers for each invoice', async (api) => {
  const account = await createAccount(api);
  const body = expectSuccess(
    await api.post('/v1/invoices/batch', {
      invoices: [
        standaloneInvoice(account, 12.34, { status: 'Posted' }),
        standaloneInvoice({ ...account, id: '0'.repeat(32) }, 1),
        standaloneInvoice(account, 20, { status: 'Posted' }),
      ],
    }),
  );
  expect(listAt(body, 'invoices')).toMatchObject([
    { success: true, amount: 12.34, status: 'Posted', accountId: account.id },
    { success: false, objectIndex: 1, reasons: [{ code: 58490020 }] },
    { success: true, amount: 20, status: 'Posted', accountId: account.id },
  ]);
  expect(await balanceOf(api, account)).toBe(32.34);
});

conformance('POST_StandaloneInvoices', 'refuses more than fifty and an empty batch', async (api) => {
  const account = await createAccount(api);
  const invoices = Array.from({ length: 51 }, () => standaloneInvoice(account, 1));
  expectRefusal(await api.post('/v1/invoices/batch', { invoices }), { status: 400, names: 'invoices' });
  expectRefusal(await api.post('/v1/invoices/batch', { invoices: [] }), { status: 400, names: 'invoices' });
});

conformance(
  ['POST_PostInvoices', 'Get_GetInvoice'],
  'posts drafts and answers for each of them',
  async (api) => {
    const account = await createAccount(api);
    const first = await createInvoice(api, account, 10.1);
    const second = await createInvoice(api, account, 20.2);
    const posted = await createPostedInvoice(api, account, 5);
    const body = expectSuccess(
      await api.post('/v1/invoices/bulk-post', {
        invoices: [{ id: first.id }, { id: second.id, invoiceDate: '2026-04-01' }, { id: posted.id }],
      }),
    );
    expect(listAt(body, 'invoices')).toMatchObject([
      { id: first.id, success: true },
      { id: second.id, success: true },
      { id: posted.id, success: false, reasons: [{ code: 59210020 }] },
    ]);
    expect(expectSuccess(await api.get(`/v1/invoices/${first.id}`))).toMatchObject({ status: 'Posted' });
    expect(expectSuccess(await api.get(`/v1/invoices/${second.id}`))).toMatchObject({
      status: 'Posted',
      invoiceDate: '2026-04-01',
    });
    expect(await balanceOf(api, account)).toBe(35.3);
  },
);

conformance(
  ['DELETE_DeleteInvoice', 'Get_GetInvoice'],
  'deletes a draft, and no posted invoice',
  async (api) => {
    const account = await createAccount(api);
    const draft = await createInvoice(api, account, 10);
    const deleted = expectSuccess(await api.delete(`/v1/invoices/${draft.number}`));
    expect(deleted).toMatchObject({ id: draft.id });
    expectRefusal(await api.get(`/v1/invoices/${draft.id}`), { status: 404, category: 40 });
    const posted = await createPostedInvoice(api, account, 10);
    expectRefusal(await api.delete(`/v1/invoices/${posted.id}`), { status: 400 });
    expect(await balanceOf(api, account)).toBe(10);
  },
);

conformance(
  ['Object_PUTInvoice', 'Get_GetInvoice', 'DELETE_DeleteInvoice', 'POST_PostInvoices'],
  'cancels a draft, which can then be deleted and not be posted',
  async (api) => {
    const account = await createAccount(api);
    const draft = await createInvoice(api, account, 10);
    const cancelled = await api.put(`/v1/object/invoice/${draft.id}`, { Status: 'Canceled' });
    expect(expectCreated(cancelled)).toBe(draft.id);
    expect(expectSuccess(await api.get(`/v1/invoices/${draft.id}`))).toMatchObject({ status: 'Canceled' });
    const posting = expectSuccess(await api.post('/v1/invoices/bulk-post', { invoices: [{ id: draft.id }] }));
    expect(listAt(posting, 'invoices')).toMatchObject([{ success: false, reasons: [{ code: 59210020 }] }]);
    expect(await balanceOf(api, account)).toBe(0);
    expectSuccess(await api.delete(`/v1/invoices/${draft.id}`));
  },
);

conformance('Object_PUTInvoice', 'cancels no posted invoice', async (api) => {
  const account = await createAccount(api);
  const posted = await createPostedInvoice(api, account, 10);
  const reply = await api.put(`/v1/object/invoice/${posted.id}`, { Status: 'Canceled' });
  expect(reply).toMatchObject({ status: 400, body: { Success: false } });
  expect(expectSuccess(await api.get(`/v1/invoices/${posted.id}`))).toMatchObject({ status: 'Posted' });
});

conformance(
  ['Get_GetInvoice', 'GET_InvoiceItems', 'DELETE_DeleteInvoice'],
  'answers 404 for an invoice that is not there',
  async (api) => {
    const path = `/v1/invoices/${'0'.repeat(32)}`;
    expectRefusal(await api.get(path), { status: 404, category: 40 });
    expectRefusal(await api.get('/v1/invoices/INV-nothing'), { status: 404, category: 40 });
    expectRefusal(await api.get(`${path}/items`), { status: 404, category: 40 });
    expectRefusal(await api.delete(path), { status: 404, category: 40 });
  },
);
