import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import {
  type Account,
  createAccount,
  createInvoice,
  createPayment,
  createPostedInvoice,
  externalPayment,
} from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// External payments: received, applied to invoices and taken off again; the account's numbers follow to the cent.
async function metricsOf(api: CheckedApi, account: Account): Promise<unknown> {
  return valueAt(expectSuccess(await api.get(`/v1/accounts/${account.id}`)), 'metrics');
}

conformance(
  ['POST_CreatePayment', 'GET_Payment'],
  'takes a payment that nothing is applied to yet',
  async (api) => {
    const account = await createAccount(api);
    const payment = await createPayment(api, account, 14.99, {
      comment: 'normal payment',
      referenceId: 'REF-1',
    });
    expect(payment.body).toMatchObject({
      id: expect.stringMatching(ID),
      number: expect.stringMatching(/^P-\d{8,}$/),
      status: 'Processed',
      type: 'External',
      accountId: account.id,
      accountNumber: account.number,
      amount: 14.99,
      appliedAmount: 0,
      unappliedAmount: 14.99,
      refundAmount: 0,
      creditBalanceAmount: 0,
      currency: 'USD',
      effectiveDate: '2026-03-20',
      comment: 'normal payment',
      referenceId: 'REF-1',
      gatewayState: 'NotSubmitted',
    });
    const byId = expectSuccess(await api.get(`/v1/payments/${payment.id}`));
    expect(byId).toMatchObject({ number: payment.number, unappliedAmount: 14.99 });
    expect(expectSuccess(await api.get(`/v1/payments/${payment.number}`))).toEqual(byId);
    expect(await metricsOf(api, account)).toMatchObject({ balance: -14.99, unappliedPaymentAmount: 14.99 });
  },
);

conformance(
  ['POST_CreatePayment', 'Get_GetInvoice'],
  'applies a payment to invoices while creating it, by account number and invoice number',
  async (api) => {
    const account = await createAccount(api);
    const first = await createPostedInvoice(api, account, 10);
    const second = await createPostedInvoice(api, account, 20);
    const payment = await createPayment(api, account, 25.5, {
      accountId: undefined,
      accountNumber: account.number,
      invoices: [
        { invoiceId: first.id, amount: 10 },
        { invoiceNumber: second.number, amount: 12.5 },
      ],
    });
    expect(payment.body).toMatchObject({ amount: 25.5, appliedAmount: 22.5, unappliedAmount: 3 });
    expect(expectSuccess(await api.get(`/v1/invoices/${first.id}`))).toMatchObject({
      balance: 0,
      paymentAmount: 10,
    });
    expect(expectSuccess(await api.get(`/v1/invoices/${second.id}`))).toMatchObject({
      balance: 7.5,
      paymentAmount: 12.5,
    });
    expect(await metricsOf(api, account)).toMatchObject({
      balance: 4.5,
      totalInvoiceBalance: 7.5,
      unappliedPaymentAmount: 3,
    });
  },
);

conformance(
  ['PUT_ApplyPayment', 'PUT_UnapplyPayment', 'Get_GetInvoice'],
  'applies a payment and takes it off again; the balance of the account stays',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const payment = await createPayment(api, account, 14.99);
    const path = `/v1/payments/${payment.id}`;
    const body = { effectiveDate: '2026-03-21', invoices: [{ invoiceId: invoice.id, amount: 12 }] };
    expect(expectSuccess(await api.put(`${path}/apply`, body))).toMatchObject({
      id: payment.id,
      appliedAmount: 12,
      unappliedAmount: 2.99,
    });
    expect(expectSuccess(await api.get(`/v1/invoices/${invoice.id}`))).toMatchObject({ balance: 8 });
    expect(await metricsOf(api, account)).toMatchObject({
      balance: 5.01,
      totalInvoiceBalance: 8,
      unappliedPaymentAmount: 2.99,
    });
    const part = { invoices: [{ invoiceNumber: invoice.number, amount: 7 }] };
    expect(expectSuccess(await api.put(`/v1/payments/${payment.number}/unapply`, part))).toMatchObject({
      appliedAmount: 5,
      unappliedAmount: 9.99,
    });
    expect(expectSuccess(await api.get(`/v1/invoices/${invoice.id}`))).toMatchObject({ balance: 15 });
    expect(await metricsOf(api, account)).toMatchObject({ balance: 5.01, totalInvoiceBalance: 15 });
  },
);

conformance(
  ['PUT_ApplyPayment', 'PUT_UnapplyPayment', 'GET_Payment'],
  'refuses to apply or take off more than there is, and does nothing',
  async (api) => {
    const account = await createAccount(api);
    const small = await createPostedInvoice(api, account, 10);
    const large = await createPostedInvoice(api, account, 100);
    const draft = await createInvoice(api, account, 100);
    const payment = await createPayment(api, account, 50);
    const path = `/v1/payments/${payment.id}`;
    const cases: [string, object[]][] = [
      ['amount', [{ invoiceId: small.id, amount: 10.01 }]],
      ['amount', [{ invoiceId: large.id, amount: 50.01 }]],
      [
        'amount',
        [
          { invoiceId: small.id, amount: 5 },
          { invoiceId: large.id, amount: 45.01 },
        ],
      ],
      ['amount', [{ invoiceId: large.id, amount: -1 }]],
      ['amount', [{ invoiceId: large.id, amount: 1.001 }]],
      ['invoice', [{ invoiceId: draft.id, amount: 1 }]],
      ['invoiceId', [{ invoiceId: '0'.repeat(32), amount: 1 }]],
    ];
    for (const [names, invoices] of cases) {
      expectRefusal(await api.put(`${path}/apply`, { invoices }), { status: 400, names });
    }
    const tooMuch = await api.put(`${path}/unapply`, { invoices: [{ invoiceId: small.id, amount: 1 }] });
    expectRefusal(tooMuch, { status: 400, names: 'amount' });
    expect(expectSuccess(await api.get(path))).toMatchObject({ appliedAmount: 0, unappliedAmount: 50 });
  },
);

conformance('POST_CreatePayment', 'names what is wrong with a payment', async (api) => {
  const account = await createAccount(api);
  const stranger = await createAccount(api);
  const foreign = await createPostedInvoice(api, stranger, 10);
  const cases: [string, object][] = [
    ['amount', { amount: undefined }],
    ['amount', { amount: '10' }],
    ['amount', { amount: -10 }],
    ['amount', { amount: 10.005 }],
    ['currency', { currency: undefined }],
    ['currency', { currency: 'ZZZ' }],
    ['type', { type: 'Barter' }],
    ['type', { type: undefined }],
    ['accountId', { accountId: '0'.repeat(32) }],
    ['accountId', { accountId: undefined }],
    ['effectiveDate', { effectiveDate: '2026-02-30' }],
    ['invoice', { invoices: [{ invoiceId: foreign.id, amount: 5 }] }],
  ];
  for (const [names, wrong] of cases) {
    const reply = await api.post('/v1/payments', externalPayment(account, 10, wrong));
    expectRefusal(reply, { status: 400, names });
  }
  expect(await metricsOf(api, account)).toMatchObject({ balance: 0, unappliedPaymentAmount: 0 });
});

conformance('GET_RetrieveAllPayments', "lists an account's payments, a page at a time", async (api) => {
  const account = await createAccount(api);
  const wanted = [1.01, 2.02, 3.03];
  for (const amount of wanted) await createPayment(api, account, amount);
  const first = expectSuccess(await api.get(`/v1/payments?accountId=${account.id}&pageSize=2`));
  const rest = expectSuccess(await api.get(textAt(first, 'nextPage')));
  const seen = [...listAt(first, 'payments'), ...listAt(rest, 'payments')];
  expect(listAt(first, 'payments')).toHaveLength(2);
  expect(seen.map((payment) => valueAt(payment, 'amount')).sort()).toEqual(wanted);
  for (const payment of seen) expect(payment).toMatchObject({ accountId: account.id, status: 'Processed' });
  expect(rest).not.toHaveProperty('nextPage');
});

conformance(
  ['GET_Payment', 'PUT_ApplyPayment', 'PUT_UnapplyPayment'],
  'answers 404 for a payment that is not there',
  async (api) => {
    const path = `/v1/payments/${'0'.repeat(32)}`;
    const body = { invoices: [{ invoiceId: '0'.repeat(32), amount: 1 }] };
    expectRefusal(await api.get(path), { status: 404, category: 40 });
    expectRefusal(await api.get('/v1/payments/P-nothing'), { status: 404, category: 40 });
    expectRefusal(await api.put(`${path}/apply`, body), { status: 404, category: 40 });
    expectRefusal(await api.put(`${path}/unapply`, body), { status: 404, category: 40 });
  },
);
