import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import {
  createAccount,
  createInvoice,
  createPayment,
  createPlan,
  createPostedInvoice,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Invoices changed and taken back, the list of billing documents, and files of documents.
const NOBODY = '0'.repeat(32);

conformance(
  ['PUT_UpdateInvoice', 'GET_InvoiceItems', 'Get_GetInvoice'],
  'changes a line of a draft: the invoice is what its lines add up to',
  async (api) => {
    const account = await createAccount(api);
    const draft = await createInvoice(api, account, 100, { dueDate: undefined });
    const items = listAt(expectSuccess(await api.get(`/v1/invoices/${draft.id}/items`)), 'invoiceItems');
    const changed = expectSuccess(
      await api.put(`/v1/invoices/${draft.id}`, {
        comments: 'corrected',
        invoiceItems: [{ id: textAt(items[0]!, 'id'), amount: 105 }],
      }),
    );
    expect(changed).toMatchObject({
      id: draft.id,
      number: draft.number,
      accountId: account.id,
      amount: 105,
      balance: 105,
      status: 'Draft',
      comment: 'corrected',
      discount: 0,
      postedOn: null,
    });
    expect(expectSuccess(await api.get(`/v1/invoices/${draft.number}`))).toMatchObject({
      amount: 105,
      comments: 'corrected',
      reversed: false,
    });
    const after = listAt(expectSuccess(await api.get(`/v1/invoices/${draft.id}/items`)), 'invoiceItems');
    expect(after).toMatchObject([{ chargeAmount: 105, balance: 105, availableToCreditAmount: 105 }]);
  },
);

conformance(
  'PUT_UpdateInvoice',
  'refuses a posted invoice another date, and takes a comment',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 10);
    const path = `/v1/invoices/${invoice.id}`;
    expectRefusal(await api.put(path, { invoiceDate: '2027-01-01' }), {
      status: 400,
      names: 'invoiceDate',
    });
    expect(expectSuccess(await api.put(path, { comments: 'called' }))).toMatchObject({
      status: 'Posted',
      amount: 10,
    });
  },
);

conformance('PUT_BatchUpdateInvoices', 'changes the dates of several drafts at once', async (api) => {
  const account = await createAccount(api);
  const first = await createInvoice(api, account, 10);
  const second = await createInvoice(api, account, 20);
  expectSuccess(
    await api.put('/v1/invoices', {
      invoices: [
        { id: first.id, invoiceDate: '2026-12-16' },
        { id: second.id, invoiceDate: '2026-12-16' },
      ],
    }),
  );
  for (const { id } of [first, second]) {
    expect(expectSuccess(await api.get(`/v1/invoices/${id}`))).toMatchObject({ invoiceDate: '2026-12-16' });
  }
});

conformance(
  ['Object_PUTInvoice', 'Get_GetInvoice'],
  'makes a posted invoice a draft again: it counts no more',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 10);
    expect(await api.put(`/v1/object/invoice/${invoice.id}`, { Status: 'Draft' })).toMatchObject({
      status: 200,
    });
    expect(expectSuccess(await api.get(`/v1/invoices/${invoice.id}`))).toMatchObject({ status: 'Draft' });
    const body = expectSuccess(await api.get(`/v1/accounts/${account.id}`));
    expect(valueAt(body, 'metrics.balance')).toBe(0);
  },
);

conformance(
  ['GET_BillingDocuments', 'GET_TransactionInvoice'],
  'lists the billing documents of an account, newest first',
  async (api) => {
    const account = await createAccount(api);
    const first = await createPostedInvoice(api, account, 10);
    const second = await createInvoice(api, account, 20, { invoiceDate: '2026-12-24' });
    await createPayment(api, account, 4, { invoices: [{ invoiceId: first.id, amount: 4 }] });
    const documents = listAt(
      expectSuccess(await api.get(`/v1/billing-documents?accountId=${account.id}`)),
      'documents',
    );
    expect(documents).toMatchObject([
      { id: second.id, documentNumber: second.number, documentType: 'Invoice', status: 'Draft', amount: 20 },
      {
        id: first.id,
        accountNumber: account.number,
        status: 'Posted',
        amount: 10,
        balance: 6,
        currency: 'USD',
      },
    ]);
    const drafts = await api.get(`/v1/billing-documents?accountNumber=${account.number}&status=Draft`);
    expect(listAt(expectSuccess(drafts), 'documents')).toHaveLength(1);
    expectRefusal(await api.get('/v1/billing-documents'), { status: 400, names: 'accountId' });
    const invoices = expectSuccess(await api.get(`/v1/transactions/invoices/accounts/${account.number}`));
    expect(listAt(invoices, 'invoices')).toMatchObject([
      { id: second.id },
      { id: first.id, reversed: false },
    ]);
  },
);

/** The file of a document: it is there, and it is a PDF from its first to its last line. */
async function expectPdf(api: CheckedApi, documentPath: string, names: string): Promise<void> {
  const made = expectSuccess(await api.post(`${documentPath}/pdfs`, {}));
  const fileId = textAt(made, 'id');
  expect(fileId).toMatch(ID);
  expect(expectSuccess(await api.get(`/v1/files/${fileId}/status`))).toMatchObject({ accessible: true });
  const file = await api.get(`/v1/files/${fileId}`);
  expect(file.status).toBe(200);
  expect(file.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': expect.stringContaining(names),
  });
  expect(file.text.startsWith('%PDF-')).toBe(true);
  expect(file.text.trimEnd().endsWith('%%EOF')).toBe(true);
}

conformance(
  ['GET_FileStatus', 'GET_Files'],
  'keeps and gives out the PDF file of an invoice',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 10);
    await expectPdf(api, `/v1/invoices/${invoice.number}`, invoice.number);
    expectRefusal(await api.get(`/v1/files/${NOBODY}`), { status: 404 });
  },
);

conformance(
  ['POST_CreditMemoPDF', 'POST_DebitMemoPDF', 'GET_FileStatus', 'GET_Files'],
  'keep and give out the PDF files of memos, and make none of memos that there are not',
  async (api) => {
    const account = await createAccount(api);
    const { chargeId } = await createPlan(api);
    for (const memos of ['/v1/credit-memos', '/v1/debit-memos']) {
      const memo = expectSuccess(
        await api.post(memos, {
          accountId: account.id,
          charges: [{ amount: 10, productRatePlanChargeId: chargeId }],
          autoPost: true,
        }),
      );
      await expectPdf(api, `${memos}/${textAt(memo, 'number')}`, textAt(memo, 'number'));
      expectRefusal(await api.post(`${memos}/${NOBODY}/pdfs`, {}), { status: 404 });
    }
  },
);
