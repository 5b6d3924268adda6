import { describe, expect, it } from 'vitest';
import { type Call, connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';

// External payments over HTTP: received, applied to invoices, taken off; refusals name the field and change nothing.
async function postInvoice(call: Call, accountId: string, amount: number, fields: object = {}) {
  const reply = await call('POST', '/v1/invoices', {
    accountId,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [{ chargeName: 'Migrated', amount, serviceStartDate: '2026-03-01' }],
    ...fields,
  });
  expect(reply.body).toMatchObject({ success: true });
  return reply.body as { id: string; invoiceNumber: string };
}

describe('POST /v1/payments', () => {
  it('applies what it names and leaves the rest unapplied', async () => {
    const call = await connect();
    const account = await putAccount();
    const first = await postInvoice(call, account.id, 10);
    const second = await postInvoice(call, account.id, 20);
    const reply = await call('POST', '/v1/payments', {
      accountNumber: account.accountNumber,
      type: 'External',
      amount: 25.5,
      currency: 'USD',
      effectiveDate: '2026-03-20',
      invoices: [
        { invoiceId: first.id, amount: 10 },
        { invoiceNumber: second.invoiceNumber, amount: 12.5 },
      ],
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        success: true,
        number: expect.stringMatching(/^P-\d{8}$/),
        status: 'Processed',
        accountId: account.id,
        accountNumber: account.accountNumber,
        amount: 25.5,
        appliedAmount: 22.5,
        unappliedAmount: 3,
        effectiveDate: '2026-03-20',
      },
    });
    expect(await metricsOf(account)).toEqual({
      invoices: 750,
      unapplied: 300,
      lastInvoiceDate: '2026-03-15',
    });
  });
});
