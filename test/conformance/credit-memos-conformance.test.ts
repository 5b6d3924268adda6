import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import {
  type Account,
  createAccount,
  createPlan,
  createPostedInvoice,
  type Invoice,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Credit memos: made, posted, applied, taken off, reversed and written off; invoices reversed and written off. The account's numbers follow.
const NOBODY = '0'.repeat(32);

interface Memo {
  readonly id: string;
  readonly number: string;
}

async function memoOf(api: CheckedApi, account: Account, amount: number, fields: object = {}): Promise<Memo> {
  const { chargeId } = await createPlan(api);
  const body = expectSuccess(
    await api.post('/v1/credit-memos', {
      accountId: account.id,
      effectiveDate: '2026-03-15',
      charges: [{ amount, productRatePlanChargeId: chargeId }],
      autoPost: true,
      ...fields,
    }),
  );
  return { id: textAt(body, 'id'), number: textAt(body, 'number') };
}

async function itemOf(api: CheckedApi, invoice: Invoice): Promise<string> {
  const [item] = listAt(expectSuccess(await api.get(`/v1/invoices/${invoice.id}/items`)), 'invoiceItems');
  return textAt(item!, 'id');
}

async function metricsOf(api: CheckedApi, account: Account): Promise<unknown> {
  return valueAt(expectSuccess(await api.get(`/v1/accounts/${account.id}`)), 'metrics');
}

conformance(
  [
    'POST_CreditMemoFromPrpc',
    'GET_CreditMemo',
    'PUT_PostCreditMemo',
    'PUT_UnpostCreditMemo',
    'PUT_CancelCreditMemo',
    'DELETE_CreditMemo',
  ],
  'makes a credit memo of a charge and takes it through its statuses',
  async (api) => {
    const account = await createAccount(api);
    const memo = await memoOf(api, account, 10, { autoPost: false, reasonCode: 'Correcting invoice error' });
    const path = `/v1/credit-memos/${memo.id}`;
    expect(memo.id).toMatch(ID);
    expect(expectSuccess(await api.get(path))).toMatchObject({
      status: 'Draft',
      amount: 10,
      appliedAmount: 0,
    });
    expect(expectSuccess(await api.put(`${path}/post`))).toMatchObject({ status: 'Posted' });
    expect(await metricsOf(api, account)).toMatchObject({ balance: -10, unappliedCreditMemoAmount: 10 });
    expectRefusal(await api.delete(path), { status: 400, names: 'Posted' });
    expect(expectSuccess(await api.put(`${path}/unpost`))).toMatchObject({ status: 'Draft' });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 0, unappliedCreditMemoAmount: 0 });
    expect(expectSuccess(await api.put(`${path}/cancel`))).toMatchObject({ status: 'Canceled' });
    expectSuccess(await api.delete(path));
    expectRefusal(await api.get(path), { status: 404, names: memo.id });
  },
);

conformance(
  ['POST_CreditMemoFromInvoice', 'PUT_UpdateCreditMemo', 'GET_CreditMemoItems', 'GET_CreditMemoItem'],
  'credits a line of an invoice, and never more than it has',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 100);
    const invoiceItemId = await itemOf(api, invoice);
    const of = (amount: number, fields: object = {}) =>
      api.post(`/v1/credit-memos/invoice/${invoice.id}`, {
        invoiceId: invoice.id,
        items: [{ amount, invoiceItemId, skuName: 'SKU-00000707' }],
        ...fields,
      });
    const made = expectSuccess(await of(60));
    const path = `/v1/credit-memos/${textAt(made, 'number')}`;
    expect(made).toMatchObject({
      status: 'Draft',
      referredInvoiceId: invoice.id,
      source: 'AdhocFromInvoice',
    });
    const [item] = listAt(expectSuccess(await api.get(`${path}/items`)), 'items');
    expect(item).toMatchObject({
      amount: 60,
      creditFromItemId: invoiceItemId,
      sourceItemType: 'InvoiceDetail',
    });
    const itemId = textAt(item!, 'id');
    const change = { comment: 'more', items: [{ id: itemId, amount: 70 }] };
    expect(expectSuccess(await api.put(path, change))).toMatchObject({ amount: 70, comment: 'more' });
    expect(expectSuccess(await api.get(`${path}/items/${itemId}`))).toMatchObject({ amount: 70 });
    expectRefusal(await api.put(path, { items: [{ id: itemId, amount: 101 }] }), {
      status: 400,
      names: 'items[0].amount',
    });
    expectSuccess(await of(100, { autoPost: true, autoApplyToInvoiceUponPosting: true }));
    expectRefusal(await api.put(`${path}/post`), { status: 400, names: 'left to credit' });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 0, totalInvoiceBalance: 0 });
  },
);

conformance(
  ['POST_CreateCreditMemos', 'PUT_UpdateCreditMemos', 'GET_CreditMemos'],
  'makes, changes and lists several credit memos',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 100);
    const items = [{ amount: 10, invoiceItemId: await itemOf(api, invoice), skuName: 'SKU-00000707' }];
    const body = expectSuccess(
      await api.post('/v1/credit-memos/bulk', {
        sourceType: 'Invoice',
        memos: [
          { invoiceId: invoice.id, items },
          { invoiceId: NOBODY, items },
        ],
      }),
    );
    const [first, second] = listAt(body, 'memos');
    expect(first).toMatchObject({ success: true, amount: 10, status: 'Draft' });
    expect(second).toMatchObject({ success: false, objectIndex: 1 });
    const id = textAt(first!, 'id');
    const changed = await api.put('/v1/credit-memos/bulk', {
      memos: [
        { id, comment: 'new comment' },
        { id: NOBODY, comment: 'new comment' },
      ],
    });
    expect(listAt(expectSuccess(changed), 'memos')).toMatchObject([
      { comment: 'new comment', success: true },
      { id: NOBODY, success: false },
    ]);
    const list = expectSuccess(await api.get(`/v1/credit-memos?accountId=${account.id}&status=Draft`));
    expect(listAt(list, 'creditmemos')).toMatchObject([{ id }]);
    expectRefusal(await api.get('/v1/credit-memos?amount=1'), { status: 400, names: 'amount' });
  },
);

conformance(
  [
    'PUT_ApplyCreditMemo',
    'PUT_UnapplyCreditMemo',
    'GET_CreditMemoParts',
    'GET_CreditMemoPart',
    'GET_CreditMemoItemParts',
    'GET_CreditMemoItemPart',
  ],
  'applies a credit memo and takes it off again; the balance of the account stays',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const memo = await memoOf(api, account, 14.99);
    const path = `/v1/credit-memos/${memo.id}`;
    const body = { effectiveDate: '2026-03-21', invoices: [{ invoiceId: invoice.id, amount: 11 }] };
    expect(expectSuccess(await api.put(`${path}/apply`, body))).toMatchObject({
      appliedAmount: 11,
      unappliedAmount: 3.99,
    });
    expect(await metricsOf(api, account)).toMatchObject({
      balance: 5.01,
      totalInvoiceBalance: 9,
      unappliedCreditMemoAmount: 3.99,
    });
    const [part] = listAt(expectSuccess(await api.get(`${path}/parts`)), 'parts');
    const partId = textAt(part!, 'id');
    expect(expectSuccess(await api.get(`${path}/parts/${partId}`))).toMatchObject({
      amount: 11,
      invoiceId: invoice.id,
    });
    const itemParts = `/v1/creditmemos/${memo.id}/parts/${partId}/itemparts`;
    const [itemPart] = listAt(expectSuccess(await api.get(itemParts)), 'itemParts');
    expect(itemPart).toMatchObject({ amount: 11, invoiceItemId: await itemOf(api, invoice) });
    expect(expectSuccess(await api.get(`${itemParts}/${textAt(itemPart!, 'id')}`))).toMatchObject({
      amount: 11,
    });
    expect(expectSuccess(await api.put(`${path}/unapply`, body))).toMatchObject({ appliedAmount: 0 });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 5.01, totalInvoiceBalance: 20 });
    expectRefusal(await api.put(`${path}/unapply`, body), { status: 400, names: 'invoices[0].amount' });
  },
);

conformance(
  [
    'applyCreditMemoAsync',
    'unapplyCreditMemoAsync',
    'getApplyCreditMemoAsyncJob',
    'getUnapplyCreditMemoAsyncJob',
  ],
  'applies a credit memo later and takes it off later',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const memo = await memoOf(api, account, 15);
    const body = { effectiveDate: '2026-03-21', invoices: [{ invoiceId: invoice.id, amount: 15 }] };
    for (const step of ['apply', 'unapply']) {
      const job = expectSuccess(await api.put(`/v1/credit-memos/${memo.id}/${step}-async`, body));
      expect(job).toMatchObject({ status: 'Pending', referenceId: memo.id, referenceType: 'CreditMemo' });
      const path = `/v1/credit-memos/${step}-async-jobs/${textAt(job, 'id')}`;
      const read = async () => valueAt(expectSuccess(await api.get(path)), 'status');
      await expect.poll(read, { timeout: 20_000, interval: 50 }).toBe('Processed');
    }
    expect(await metricsOf(api, account)).toMatchObject({ balance: 5, totalInvoiceBalance: 20 });
  },
);

conformance(
  ['PUT_ReverseCreditMemo', 'PUT_WriteOffCreditMemo', 'GET_CreditMemo'],
  'reverses a credit memo and writes another off',
  async (api) => {
    const account = await createAccount(api);
    for (const step of ['reverse', 'write-off']) {
      const memo = await memoOf(api, account, 30);
      const path = `/v1/credit-memos/${memo.id}`;
      expect(expectSuccess(await api.put(`${path}/${step}`, { memoDate: '2026-03-20' }))).toMatchObject({
        debitMemo: { id: expect.stringMatching(ID) },
      });
      expect(expectSuccess(await api.get(path))).toMatchObject({
        reversed: step === 'reverse',
        unappliedAmount: 0,
        appliedAmount: 30,
      });
      expect(await metricsOf(api, account)).toMatchObject({ balance: 0, totalDebitMemoBalance: 0 });
    }
  },
);

conformance(
  ['PUT_ReverseInvoice', 'PUT_WriteOffInvoice', 'Get_GetInvoice'],
  'reverses an invoice and writes another off; the last invoice date stays',
  async (api) => {
    const account = await createAccount(api);
    const reversed = await createPostedInvoice(api, account, 50);
    const writtenOff = await createPostedInvoice(api, account, 20);
    const body = { memoDate: '2026-03-20', applyEffectiveDate: '2026-03-20' };
    expect(expectSuccess(await api.put(`/v1/invoices/${reversed.number}/reverse`, body))).toMatchObject({
      creditMemo: { id: expect.stringMatching(ID) },
    });
    expectRefusal(await api.put(`/v1/invoices/${reversed.id}/reverse`, body), {
      status: 400,
      names: 'reversed',
    });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 20, totalInvoiceBalance: 20 });
    const off = await api.put(`/v1/invoices/${writtenOff.id}/write-off`, { memoDate: '2026-03-20' });
    expect(expectSuccess(off)).toMatchObject({ creditMemo: { id: expect.stringMatching(ID) } });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 0, unappliedCreditMemoAmount: 0 });
    expect(expectSuccess(await api.get(`/v1/invoices/${writtenOff.id}`))).toMatchObject({ balance: 0 });
  },
);
