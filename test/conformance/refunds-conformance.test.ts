import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import { type Account, createAccount, createPayment, createPostedInvoice } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// External payments taken back, moved and refunded; the account's numbers follow to the cent (semantics F.1 rows 27 to 33).
const NOBODY = '0'.repeat(32);

async function metricsOf(api: CheckedApi, account: Account): Promise<unknown> {
  return valueAt(expectSuccess(await api.get(`/v1/accounts/${account.id}`)), 'metrics');
}

function byCheck(totalAmount: number | undefined, fields: object = {}): object {
  return { type: 'External', methodType: 'Check', totalAmount, ...fields };
}

conformance('PUT_UpdatePayment', 'changes what no money hangs on', async (api) => {
  const account = await createAccount(api);
  const payment = await createPayment(api, account, 44.1);
  const change = { comment: 'Details about this payment', referenceId: 'REF-2' };
  const reply = expectSuccess(await api.put(`/v1/payments/${payment.id}`, change));
  expect(reply).toMatchObject({ ...change, id: payment.id, number: payment.number, status: 'Processed' });
  expect(expectSuccess(await api.get(`/v1/payments/${payment.number}`))).toEqual(reply);
  expectRefusal(await api.put(`/v1/payments/${payment.id}`, { comment: 'x'.repeat(256) }), {
    status: 400,
    names: 'comment',
  });
});

conformance(
  ['PUT_CancelPayment', 'DELETE_Payment', 'Get_GetInvoice'],
  'cancels a payment, which opens what it paid, and deletes it',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 30);
    const payment = await createPayment(api, account, 44.1, {
      invoices: [{ invoiceId: invoice.id, amount: 30 }],
    });
    expectRefusal(await api.delete(`/v1/payments/${payment.id}`), { status: 400, category: 30 });
    const canceled = expectSuccess(await api.put(`/v1/payments/${payment.number}/cancel`));
    expect(canceled).toMatchObject({
      status: 'Canceled',
      amount: 44.1,
      appliedAmount: 0,
      unappliedAmount: 44.1,
    });
    expect(expectSuccess(await api.get(`/v1/invoices/${invoice.id}`))).toMatchObject({ balance: 30 });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 30, unappliedPaymentAmount: 0 });
    expectRefusal(await api.put(`/v1/payments/${payment.id}/cancel`), { status: 400, category: 30 });
    expectSuccess(await api.delete(`/v1/payments/${payment.id}`));
    expectRefusal(await api.get(`/v1/payments/${payment.id}`), { status: 404, category: 40 });
  },
);

conformance('PUT_TransferPayment', 'moves a payment to another account, to none and back', async (api) => {
  const account = await createAccount(api);
  const other = await createAccount(api);
  const payment = await createPayment(api, account, 44.1);
  const transfer = (body: object) => api.put(`/v1/payments/${payment.id}/transfer`, body);
  expect(expectSuccess(await transfer({ accountId: other.id }))).toMatchObject({
    accountId: other.id,
    accountNumber: other.number,
    unappliedAmount: 44.1,
  });
  expect(await metricsOf(api, account)).toMatchObject({ balance: 0, unappliedPaymentAmount: 0 });
  expect(await metricsOf(api, other)).toMatchObject({ balance: -44.1, unappliedPaymentAmount: 44.1 });
  expect(expectSuccess(await transfer({}))).not.toHaveProperty('accountId');
  expect(await metricsOf(api, other)).toMatchObject({ balance: 0 });
  expect(expectSuccess(await transfer({ accountId: account.id }))).toMatchObject({ accountId: account.id });
  expect(await metricsOf(api, account)).toMatchObject({ balance: -44.1 });
  expectRefusal(await transfer({ accountId: NOBODY }), { status: 400, names: 'accountId' });
});

conformance(
  ['GET_PaymentParts', 'GET_PaymentPart', 'GET_PaymentItemParts', 'GET_PaymentItemPart'],
  'shows how a payment falls on invoices and their items',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 30);
    const payment = await createPayment(api, account, 44.1, {
      invoices: [{ invoiceId: invoice.id, amount: 20 }],
    });
    const parts = expectSuccess(await api.get(`/v1/payments/${payment.id}/parts`));
    expect(listAt(parts, 'parts')).toMatchObject([{ invoiceId: invoice.id, amount: 20 }]);
    const path = `/v1/payments/${payment.id}/parts/${textAt(listAt(parts, 'parts')[0]!, 'id')}`;
    expect(expectSuccess(await api.get(path))).toMatchObject({ amount: 20 });
    const itemParts = listAt(expectSuccess(await api.get(`${path}/item-parts`)), 'itemParts');
    const { invoiceItems } = expectSuccess(await api.get(`/v1/invoices/${invoice.id}/items`)) as unknown as {
      invoiceItems: Array<{ id: string }>;
    };
    expect(itemParts).toMatchObject([{ invoiceItemId: invoiceItems[0]!.id, amount: 20 }]);
    const id = textAt(itemParts[0]!, 'id');
    expect(expectSuccess(await api.get(`${path}/item-parts/${id}`))).toMatchObject({ id, amount: 20 });
    expectRefusal(await api.get(`${path}/item-parts/${NOBODY}`), { status: 404, category: 40 });
  },
);

conformance(
  ['POST_RefundPayment', 'GET_Refund', 'PUT_CancelRefund', 'DELETE_Refund'],
  'refunds what is unapplied, takes the refund back and deletes it',
  async (api) => {
    const account = await createAccount(api);
    const payment = await createPayment(api, account, 50);
    const body = byCheck(12.34, {
      refundDate: '2026-03-21',
      reasonCode: 'Standard Refund',
      comment: 'overpaid',
    });
    const refund = expectSuccess(await api.post(`/v1/payments/${payment.id}/refunds`, body));
    expect(refund).toMatchObject({
      id: expect.stringMatching(ID),
      number: expect.stringMatching(/^R-\d{8,}$/),
      status: 'Processed',
      type: 'External',
      methodType: 'Check',
      amount: 12.34,
      refundDate: '2026-03-21',
      paymentId: payment.id,
      paymentNumber: payment.number,
      creditMemoId: null,
    });
    const id = textAt(refund, 'id');
    expect(expectSuccess(await api.get(`/v1/refunds/${id}`))).toEqual(refund);
    expect(await metricsOf(api, account)).toMatchObject({ balance: -37.66, unappliedPaymentAmount: 37.66 });
    expectRefusal(await api.delete(`/v1/refunds/${id}`), { status: 400, category: 30 });
    expect(expectSuccess(await api.put(`/v1/refunds/${id}/cancel`))).toMatchObject({ status: 'Canceled' });
    expect(await metricsOf(api, account)).toMatchObject({ balance: -50, unappliedPaymentAmount: 50 });
    expectRefusal(await api.put(`/v1/refunds/${id}/cancel`), { status: 400, category: 30 });
    expectSuccess(await api.delete(`/v1/refunds/${id}`));
    expectRefusal(await api.get(`/v1/refunds/${id}`), { status: 404, category: 40 });
  },
);

conformance(
  ['POST_RefundPaymentwithAutoUnapply', 'Get_GetInvoice'],
  'takes a payment off its invoice and refunds it in one',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 30);
    const payment = await createPayment(api, account, 30, {
      invoices: [{ invoiceId: invoice.id, amount: 30 }],
    });
    const path = `/v1/payments/${payment.id}/refunds/unapply`;
    expect(expectSuccess(await api.post(path, byCheck(10)))).toMatchObject({
      amount: 10,
      status: 'Processed',
    });
    expect(expectSuccess(await api.get(`/v1/invoices/${invoice.id}`))).toMatchObject({ balance: 10 });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 10, totalInvoiceBalance: 10 });
    expectRefusal(await api.post(path, byCheck(20.01)), { status: 400, names: 'totalAmount' });
    expect(expectSuccess(await api.post(path, byCheck(undefined)))).toMatchObject({ amount: 20 });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 30, unappliedPaymentAmount: 0 });
  },
);

conformance(
  [
    'GET_Refunds',
    'PUT_UpdateRefund',
    'GET_RefundParts',
    'GET_RefundPart',
    'GET_RefundItemParts',
    'GET_RefundItemPart',
  ],
  'lists refunds, changes one and shows its parts',
  async (api) => {
    const account = await createAccount(api);
    const payment = await createPayment(api, account, 50);
    for (const amount of [1, 2, 3]) {
      expectSuccess(await api.post(`/v1/payments/${payment.id}/refunds`, byCheck(amount)));
    }
    const first = expectSuccess(await api.get(`/v1/refunds?accountId=${account.id}&pageSize=2`));
    const rest = expectSuccess(await api.get(textAt(first, 'nextPage')));
    const seen = [...listAt(first, 'refunds'), ...listAt(rest, 'refunds')];
    expect(seen).toMatchObject([{ amount: 3 }, { amount: 2 }, { amount: 1 }]);
    const path = `/v1/refunds/${textAt(seen[0]!, 'id')}`;
    expect(expectSuccess(await api.put(path, { reasonCode: 'Other' }))).toMatchObject({
      reasonCode: 'Other',
    });
    const parts = listAt(expectSuccess(await api.get(`${path}/parts`)), 'parts');
    expect(parts).toMatchObject([{ amount: 3, paymentId: payment.id }]);
    const part = `${path}/parts/${textAt(parts[0]!, 'id')}`;
    expect(expectSuccess(await api.get(part))).toMatchObject({ amount: 3 });
    const itemParts = listAt(expectSuccess(await api.get(`${part}/item-parts`)), 'itemParts');
    expect(itemParts).toMatchObject([{ amount: 3, creditMemoItemId: null }]);
    const id = textAt(itemParts[0]!, 'id');
    expect(expectSuccess(await api.get(`${part}/item-parts/${id}`))).toMatchObject({ id, amount: 3 });
    expectRefusal(await api.get('/v1/refunds?status=Processed'), { status: 400, names: 'status' });
  },
);

conformance(
  ['POST_RefundCreditMemo', 'GET_RefundItemParts', 'PUT_CancelRefund'],
  'pays out what a credit memo has left, line by line',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 30);
    const { invoiceItems } = expectSuccess(await api.get(`/v1/invoices/${invoice.id}/items`)) as unknown as {
      invoiceItems: Array<{ id: string }>;
    };
    const credit = {
      autoPost: true,
      effectiveDate: '2026-03-16',
      items: [{ invoiceItemId: invoiceItems[0]!.id, skuName: 'Credit', amount: 20 }],
    };
    const memo = expectSuccess(await api.post(`/v1/credit-memos/invoice/${invoice.id}`, credit));
    const memoId = textAt(memo, 'id');
    const path = `/v1/credit-memos/${memoId}/refund`;
    const itemPartsOf = async (refundId: string) => {
      const parts = listAt(expectSuccess(await api.get(`/v1/refunds/${refundId}/parts`)), 'parts');
      const part = `/v1/refunds/${refundId}/parts/${textAt(parts[0]!, 'id')}`;
      return listAt(expectSuccess(await api.get(`${part}/item-parts`)), 'itemParts');
    };
    const whole = expectSuccess(await api.post(path, byCheck(5)));
    expect(whole).toMatchObject({ amount: 5, creditMemoId: memoId, paymentId: null, status: 'Processed' });
    const creditMemoItemId = textAt((await itemPartsOf(textAt(whole, 'id')))[0]!, 'creditMemoItemId');
    const named = byCheck(7, { items: [{ creditMemoItemId, amount: 7 }] });
    const refund = expectSuccess(await api.post(path, named));
    expect(await itemPartsOf(textAt(refund, 'id'))).toMatchObject([{ creditMemoItemId, amount: 7 }]);
    expect(expectSuccess(await api.get(`/v1/credit-memos/${memoId}`))).toMatchObject({
      unappliedAmount: 8,
      refundAmount: 12,
    });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 22, unappliedCreditMemoAmount: 8 });
    expectRefusal(await api.post(path, byCheck(8.01)), { status: 400, names: 'totalAmount' });
    expectSuccess(await api.put(`/v1/refunds/${textAt(refund, 'id')}/cancel`));
    expect(await metricsOf(api, account)).toMatchObject({ balance: 15, unappliedCreditMemoAmount: 15 });
    expect(expectSuccess(await api.get(`/v1/spillway/accounts/${account.id}/metrics/proof`))).toMatchObject({
      proven: true,
    });
  },
);

conformance(
  ['POST_RefundPayment', 'POST_RefundPaymentwithAutoUnapply', 'POST_RefundCreditMemo'],
  'names what is wrong with a refund, and answers 404 for what is not there',
  async (api) => {
    const account = await createAccount(api);
    const payment = await createPayment(api, account, 50);
    const path = `/v1/payments/${payment.id}/refunds`;
    for (const [names, body] of [
      ['totalAmount', byCheck(50.01)],
      ['totalAmount', byCheck(-1)],
      ['methodType', byCheck(1, { methodType: undefined })],
      ['type', byCheck(1, { type: 'Barter' })],
      ['refundDate', byCheck(1, { refundDate: '2026-03-19' })],
    ] as const) {
      expectRefusal(await api.post(path, body), { status: 400, names });
      expectRefusal(await api.post(`${path}/unapply`, body), { status: 400, names });
    }
    expectRefusal(await api.post(`/v1/payments/${NOBODY}/refunds`, byCheck(1)), {
      status: 404,
      category: 40,
    });
    expectRefusal(await api.post(`/v1/credit-memos/${NOBODY}/refund`, byCheck(1)), {
      status: 404,
      category: 40,
    });
    expect(await metricsOf(api, account)).toMatchObject({ unappliedPaymentAmount: 50 });
  },
);
