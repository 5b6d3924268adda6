import { expect } from 'vitest';
import { conformance } from './support/conformance.ts';
import { createAccount, createInvoice, createPayment, createPostedInvoice } from './support/fixtures.ts';
import { expectSuccess, ID, listAt, textAt } from './support/reply-reading.ts';

// What is applied to what, and what an account's invoices and payments are: read from both sides.
conformance(
  ['GET_PaymentParts', 'GET_PaymentPart', 'GET_InvoiceApplicationParts'],
  'shows an application from the payment and from the invoice',
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const payment = await createPayment(api, account, 14.99, {
      invoices: [{ invoiceId: invoice.id, amount: 12 }],
    });
    const parts = listAt(expectSuccess(await api.get(`/v1/payments/${payment.id}/parts`)), 'parts');
    expect(parts).toMatchObject([{ id: expect.stringMatching(ID), amount: 12, invoiceId: invoice.id }]);
    const path = `/v1/payments/${payment.number}/parts/${textAt(parts[0]!, 'id')}`;
    expect(expectSuccess(await api.get(path))).toMatchObject({ amount: 12, debitMemoId: null });
    const applied = expectSuccess(await api.get(`/v1/invoices/${invoice.id}/application-parts`));
    expect(listAt(applied, 'applicationParts')).toMatchObject([{ appliedAmount: 12, paymentId: payment.id }]);
  },
);

conformance(
  ['GET_TransactionInvoice', 'GET_TransactionPayment'],
  "lists an account's invoices and payments with what was paid",
  async (api) => {
    const account = await createAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const payment = await createPayment(api, account, 14.99, {
      invoices: [{ invoiceId: invoice.id, amount: 12 }],
    });
    const invoices = expectSuccess(await api.get(`/v1/transactions/invoices/accounts/${account.id}`));
    expect(listAt(invoices, 'invoices')).toMatchObject([{ id: invoice.id, amount: 20, balance: 8 }]);
    const payments = expectSuccess(await api.get(`/v1/transactions/payments/accounts/${account.number}`));
    expect(listAt(payments, 'payments')).toMatchObject([
      {
        id: payment.id,
        amount: 14.99,
        paidInvoices: [{ invoiceId: invoice.id, appliedPaymentAmount: 12 }],
      },
    ]);
  },
);

conformance(
  ['Object_DELETEInvoice', 'Object_PUTInvoice'],
  'posts one draft and deletes another',
  async (api) => {
    const account = await createAccount(api);
    const kept = await createInvoice(api, account, 10);
    const dropped = await createInvoice(api, account, 10);
    expect(await api.put(`/v1/object/invoice/${kept.id}`, { Status: 'Posted' })).toMatchObject({
      status: 200,
    });
    expect(await api.delete(`/v1/object/invoice/${dropped.id}`)).toMatchObject({ status: 200 });
    expect(expectSuccess(await api.get(`/v1/invoices/${kept.id}`))).toMatchObject({ status: 'Posted' });
  },
);
