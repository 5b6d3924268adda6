import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import type { JsonValue } from './support/contract-data.ts';
import {
  type Account,
  createAccount,
  createPayment,
  createPlan,
  createPostedInvoice,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Debit memos: what an account owes beside its invoices; the account's numbers follow to the cent.
const NOBODY = '0'.repeat(32);

type Memo = { id: string; number: string; body: JsonValue };

function memoFromCharges(account: Account, chargeId: string, amount: number, fields: object = {}): object {
  return {
    accountId: account.id,
    effectiveDate: '2026-03-15',
    charges: [{ amount, productRatePlanChargeId: chargeId }],
    ...fields,
  };
}

async function createMemo(
  api: CheckedApi,
  account: Account,
  amount: number,
  fields: object = {},
): Promise<Memo> {
  const { chargeId } = await createPlan(api);
  const body = expectSuccess(
    await api.post('/v1/debit-memos', memoFromCharges(account, chargeId, amount, fields)),
  );
  return { id: textAt(body, 'id'), number: textAt(body, 'number'), body };
}

async function metricsOf(api: CheckedApi, account: Account): Promise<unknown> {
  return valueAt(expectSuccess(await api.get(`/v1/accounts/${account.id}`)), 'metrics');
}

conformance(
  ['POST_DebitMemoFromPrpc', 'GET_DebitMemo', 'GET_DebitMemoItems', 'GET_DebitMemoItem'],
  'makes a debit memo of a charge and shows it with its line',
  async (api) => {
    const account = await createAccount(api);
    const memo = await createMemo(api, account, 10, { comment: 'late fee', reasonCode: 'Fee' });
    expect(memo.body).toMatchObject({
      id: expect.stringMatching(ID),
      number: expect.stringMatching(/^DM\d{8,}$/),
      status: 'Draft',
      amount: 10,
      balance: 10,
      accountNumber: account.number,
      sourceType: 'Standalone',
    });
    expect(expectSuccess(await api.get(`/v1/debit-memos/${memo.number}`))).toEqual(memo.body);
    const [item] = listAt(expectSuccess(await api.get(`/v1/debit-memos/${memo.id}/items`)), 'items');
    expect(item).toMatchObject({ amount: 10, balance: 10, sourceItemType: 'ProductRatePlanCharge' });
    const path = `/v1/debit-memos/${memo.id}/items/${textAt(item!, 'id')}`;
    expect(expectSuccess(await api.get(path))).toMatchObject(item as object);
    expect(await metricsOf(api, account)).toMatchObject({ balance: 0, totalDebitMemoBalance: 0 });
  },
);

conformance(
  ['POST_DebitMemoFromInvoice', 'GET_DebitMemoItems'],
  'makes a debit memo of a line of an invoice and posts it at once',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const items = listAt(expectSuccess(await api.get(`/v1/invoices/${invoice.id}/items`)), 'invoiceItems');
    const invoiceItemId = textAt(items[0]!, 'id');
    const body = {
      invoiceId: invoice.id,
      effectiveDate: '2026-03-20',
      autoPost: true,
      reasonCode: 'Correcting invoice error',
      items: [{ amount: 7.5, invoiceItemId, skuName: 'Correction' }],
    };
    const memo = expectSuccess(await api.post(`/v1/debit-memos/invoice/${invoice.id}`, body));
    expect(memo).toMatchObject({
      status: 'Posted',
      amount: 7.5,
      sourceType: 'Invoice',
      referredInvoiceId: invoice.id,
    });
    const [line] = listAt(
      expectSuccess(await api.get(`/v1/debit-memos/${textAt(memo, 'id')}/items`)),
      'items',
    );
    expect(line).toMatchObject({
      sourceItemType: 'InvoiceDetail',
      sourceItemId: invoiceItemId,
      skuName: 'Correction',
    });
    expect(await metricsOf(api, account)).toMatchObject({
      balance: 27.5,
      totalInvoiceBalance: 20,
      totalDebitMemoBalance: 7.5,
    });
  },
);

conformance(
  ['POST_CreateDebitMemos', 'PUT_UpdateDebitMemos', 'PUT_UpdateDebitMemosDueDates'],
  'makes and changes several debit memos in one request',
  async (api) => {
    const account = await createAccount(api);
    const { chargeId } = await createPlan(api);
    const made = expectSuccess(
      await api.post('/v1/debit-memos/bulk', {
        sourceType: 'Standalone',
        memos: [
          memoFromCharges(account, chargeId, 1),
          memoFromCharges(account, NOBODY, 2),
          memoFromCharges(account, chargeId, 3),
        ],
      }),
    );
    expect(listAt(made, 'memos')).toMatchObject([
      { success: true, amount: 1 },
      { success: false, objectIndex: 1 },
      { success: true, amount: 3 },
    ]);
    const ids = [textAt(made, 'memos.0.id'), textAt(made, 'memos.2.id')];
    const changed = expectSuccess(
      await api.put('/v1/debit-memos/bulk', {
        memos: ids.map((id) => ({ id, comment: 'new', autoPay: false })),
      }),
    );
    for (const memo of listAt(changed, 'memos'))
      expect(memo).toMatchObject({ comment: 'new', autoPay: false });
    const debitMemos = ids.map((id) => ({ id, dueDate: '2026-09-01' }));
    expectSuccess(await api.put('/v1/debit-memos', { debitMemos }));
    for (const id of ids) {
      expect(expectSuccess(await api.get(`/v1/debit-memos/${id}`))).toMatchObject({ dueDate: '2026-09-01' });
    }
    expectRefusal(await api.put('/v1/debit-memos', { debitMemos: [{ id: NOBODY, dueDate: '2026-09-01' }] }), {
      status: 400,
      names: 'debitMemos[0].id',
    });
  },
);

conformance('GET_DebitMemos', "lists an account's debit memos, a page at a time", async (api) => {
  const account = await createAccount(api);
  const { chargeId } = await createPlan(api);
  for (const amount of [1, 2, 3]) {
    expectSuccess(await api.post('/v1/debit-memos', memoFromCharges(account, chargeId, amount)));
  }
  const first = expectSuccess(await api.get(`/v1/debit-memos?accountNumber=${account.number}&pageSize=2`));
  const rest = expectSuccess(await api.get(textAt(first, 'nextPage')));
  const seen = [...listAt(first, 'debitmemos'), ...listAt(rest, 'debitmemos')];
  expect(seen.map((memo) => valueAt(memo, 'amount')).sort()).toEqual([1, 2, 3]);
  expect(rest).not.toHaveProperty('nextPage');
  expectRefusal(await api.get('/v1/debit-memos?balance=1'), { status: 400, names: 'balance' });
});

conformance(
  ['PUT_DebitMemo', 'PUT_PostDebitMemo', 'PUT_UnpostDebitMemo', 'PUT_CancelDebitMemo', 'DELETE_DebitMemo'],
  'takes a debit memo from draft to posted and back, cancels and deletes it',
  async (api) => {
    const account = await createAccount(api);
    const memo = await createMemo(api, account, 60);
    const path = `/v1/debit-memos/${memo.id}`;
    const change = { comment: 'Details', dueDate: '2026-06-01' };
    expect(expectSuccess(await api.put(path, change))).toMatchObject(change);
    expect(expectSuccess(await api.put(`${path}/post`))).toMatchObject({ status: 'Posted' });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 60, totalDebitMemoBalance: 60 });
    expectRefusal(await api.put(`${path}/cancel`), { status: 400 });
    expect(expectSuccess(await api.put(`${path}/unpost`))).toMatchObject({ status: 'Draft', postedOn: null });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 0, totalDebitMemoBalance: 0 });
    expect(expectSuccess(await api.put(`${path}/cancel`))).toMatchObject({ status: 'Canceled' });
    expectSuccess(await api.delete(path));
    expectRefusal(await api.get(path), { status: 404, category: 40 });
  },
);

conformance(
  ['PUT_WriteOffDebitMemo', 'GET_DebitMemoApplicationParts', 'GET_DebitMemo'],
  'shows what is applied to a debit memo and writes off what is left',
  async (api) => {
    const account = await createAccount(api);
    const memo = await createMemo(api, account, 60, { autoPost: true });
    const payment = await createPayment(api, account, 25, {
      debitMemos: [{ debitMemoId: memo.id, amount: 25 }],
    });
    const path = `/v1/debit-memos/${memo.id}`;
    const parts = listAt(expectSuccess(await api.get(`${path}/application-parts`)), 'applicationParts');
    expect(parts).toMatchObject([{ appliedAmount: 25, paymentId: payment.id, creditMemoId: null }]);
    const written = expectSuccess(await api.put(`${path}/write-off`, { memoDate: '2026-04-01' }));
    const creditMemoId = textAt(written, 'creditMemo.id');
    expect(expectSuccess(await api.get(path))).toMatchObject({
      status: 'Posted',
      balance: 0,
      beAppliedAmount: 60,
    });
    const after = listAt(expectSuccess(await api.get(`${path}/application-parts`)), 'applicationParts');
    expect(after).toMatchObject([
      { appliedAmount: 35, paymentId: null, creditMemoId },
      { appliedAmount: 25, paymentId: payment.id },
    ]);
    expect(await metricsOf(api, account)).toMatchObject({
      balance: 0,
      totalDebitMemoBalance: 0,
      unappliedCreditMemoAmount: 0,
      unappliedPaymentAmount: 0,
    });
    expectRefusal(await api.put(`${path}/write-off`, {}), { status: 400, names: 'balance' });
  },
);
