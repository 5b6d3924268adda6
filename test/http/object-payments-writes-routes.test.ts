import { describe, expect, test } from 'vitest';
import { expectRefused, external, idOf, NOBODY, paidInPart } from '../support/object-writes.ts';
import { booksOf, CARDS, openInvoice, payingAccount } from '../support/paying-accounts.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';

// Payments and invoice payments of the older resources do what /v1 does, under their own names; a refusal names their fields and changes
// nothing.

const invoicePaymentsOf = async (call: Call, id: string) =>
  (await call('GET', `/v1/payments/${id}/parts`)).body.parts as Array<{
    id: string;
    invoiceId: string | null;
  }>;

provenAfterEach();

describe('POST /v1/object/payment', () => {
  test('an external payment is applied to its invoice, in the currency of its account', async () => {
    const call = await connect();
    const account = await putAccount({ currency: 'JPY' });
    const invoice = await openInvoice(call, account, 800);
    const id = idOf(
      await call(
        'POST',
        '/v1/object/payment',
        external(account.id, {
          Amount: 1_000,
          AppliedInvoiceAmount: 600,
          AppliedCreditBalanceAmount: 0,
          InvoiceNumber: invoice.invoiceNumber,
          Comment: 'cheque 7',
          ReferenceId: 'REF-1',
          AuthTransactionId: 'auth',
          region__c: 'EU',
          IntegrationId__NS: 'ns',
        }),
      ),
    );
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      type: 'External',
      status: 'Processed',
      currency: 'JPY',
      amount: 1_000,
      appliedAmount: 600,
      unappliedAmount: 400,
      effectiveDate: '2026-03-20',
      paymentMethodId: NOBODY,
      comment: 'cheque 7',
      referenceId: 'REF-1',
      authTransactionId: 'auth',
      region__c: 'EU',
      IntegrationId__NS: 'ns',
    });
    expect(await metricsOf(account, 'JPY')).toMatchObject({ invoices: 200, unapplied: 400 });
  });

  test('several invoices are named in InvoicePaymentData, and their sum is the amount that is not given', async () => {
    const call = await connect();
    const account = await putAccount();
    const [first, second] = [await openInvoice(call, account, 10), await openInvoice(call, account, 20)];
    const InvoicePayment = [
      { InvoiceId: first.id, Amount: 10 },
      { InvoiceNumber: second.invoiceNumber, Amount: 0.1 },
    ];
    const body = external(account.id, { InvoicePaymentData: { InvoicePayment } });
    const id = idOf(await call('POST', '/v1/object/payment', body));
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      amount: 10.1,
      unappliedAmount: 0,
    });
    const tooMuch = [
      { InvoiceId: second.id, Amount: 1 },
      { InvoiceId: first.id, Amount: 0.01 },
    ];
    expectRefused(
      await call('POST', '/v1/object/payment', {
        ...body,
        InvoicePaymentData: { InvoicePayment: tooMuch },
      }),
      'InvoicePaymentData.InvoicePayment[1].Amount',
    );
  });

  test('an electronic payment is asked of its gateway once for one key; what it declines is an error that names the payment', async () => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, CARDS.approve);
    const body = { ...external(account.id), Type: 'Electronic', PaymentMethodId: methodId, Amount: 105.32 };
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const first = await call('POST', '/v1/object/payment', body, headers);
    const id = idOf(first);
    expect((await call('POST', '/v1/object/payment', body, headers)).body).toEqual(first.body);
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      type: 'Electronic',
      status: 'Processed',
    });
    expect(await booksOf(account.id)).toEqual([
      { kind: 'charge', amountMinor: 10_532, outcome: 'approved', calls: 1 },
    ]);

    const poor = await payingAccount(call, CARDS.decline);
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const asked = { ...body, AccountId: poor.account.id, PaymentMethodId: poor.methodId };
    const declined = await call('POST', '/v1/object/payment', asked, key);
    expectRefused(declined, 'declined payment P-', 'TRANSACTION_FAILED');
    expect((await call('POST', '/v1/object/payment', asked, key)).body).toEqual(declined.body);
    expect(await booksOf(poor.account.id)).toEqual([
      { kind: 'charge', amountMinor: 10_532, outcome: 'declined', calls: 1 },
    ]);
  });

  test.each([
    ['AccountId', { AccountId: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['AccountId', { AccountId: NOBODY }],
    ['AccountId', { AccountId: 'A-none' }],
    ['Amount', { Amount: undefined }],
    ['Amount', { Amount: '10' }],
    ['Amount', { Amount: 0 }],
    ['Amount', { Amount: 1.005 }],
    ['EffectiveDate', { EffectiveDate: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['EffectiveDate', { EffectiveDate: '2026-02-30' }],
    ['PaymentMethodId', { PaymentMethodId: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['Status', { Status: 'Draft' }],
    ['Type', { Type: 'Barter' }],
    ['AppliedCreditBalanceAmount', { AppliedCreditBalanceAmount: 1 }],
    ['AppliedInvoiceAmount', { InvoiceId: NOBODY }],
    ['InvoiceId', { AppliedInvoiceAmount: 1 }],
    ['InvoiceId', { InvoiceId: NOBODY, AppliedInvoiceAmount: 1 }],
    ['InvoiceNumber', { InvoiceNumber: 'INV-none', AppliedInvoiceAmount: 1 }],
    ['InvoiceNumber', { InvoiceId: NOBODY, InvoiceNumber: 'INV-none', AppliedInvoiceAmount: 1 }],
    ['InvoicePaymentData', { InvoicePaymentData: [] }],
    ['InvoicePaymentData', { InvoicePaymentData: { InvoicePayment: [{ Amount: 1 }] } }],
    [
      'InvoicePaymentData',
      { InvoiceId: NOBODY, AppliedInvoiceAmount: 1, InvoicePaymentData: { InvoicePayment: [] } },
    ],
    ['PaymentNumber', { PaymentNumber: 'P-1' }],
    ['GatewayState', { GatewayState: 'Settled' }],
    ['GatewayOptionData', { GatewayOptionData: { GatewayOption: [] } }],
    ['Gateway', { Type: 'Electronic', Gateway: 'Other' }],
    ['odd__c', { odd__c: {} }],
  ])('names what is wrong with %s', async (names, wrong, code = 'INVALID_VALUE') => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, CARDS.approve);
    const right = external(account.id, { Amount: 10, PaymentMethodId: methodId });
    const reply = await call('POST', '/v1/object/payment', { ...right, ...wrong });
    expectRefused(reply, names, names === 'Gateway' ? 'TRANSACTION_FAILED' : code);
    expect(await metricsOf(account)).toBeNull();
  });
});

describe('PUT and DELETE /v1/object/payment/{id}', () => {
  test('changes what moves no money, is canceled, and is deleted then', async () => {
    const call = await connect();
    const { account, id } = await paidInPart(call);
    const path = `/v1/object/payment/${id}`;
    const changes = {
      AccountingCode: 'AR',
      ReferenceId: 'R',
      TransferredToAccounting: 'Yes',
      region__c: 'EU',
    };
    expect(idOf(await call('PUT', path, changes))).toBe(id);
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      referenceId: 'R',
      financeInformation: { transferredToAccounting: 'true' },
      region__c: 'EU',
    });
    expectRefused(await call('DELETE', path), 'Processed', 'TRANSACTION_FAILED');
    expect(idOf(await call('PUT', path, { Status: 'Canceled' }))).toBe(id);
    expect(await metricsOf(account)).toMatchObject({ invoices: 8_000, unapplied: 0 });
    expect((await call('DELETE', path)).body).toEqual({ id, success: true });
    expect(await call('DELETE', path)).toMatchObject({
      status: 404,
      body: { done: true, records: [], size: 0 },
    });
  });

  test.each([
    ['Amount', { Amount: 5 }],
    ['AccountId', { AccountId: NOBODY }],
    ['EffectiveDate', { EffectiveDate: '2026-03-21' }],
    ['PaymentMethodId', { PaymentMethodId: NOBODY }],
    ['Type', { Type: 'External' }],
    ['Status', { Status: 'Processed' }],
    ['Status', { Status: 'Canceled', ReferenceId: 'x' }],
    ['TransferredToAccounting', { TransferredToAccounting: 'maybe' }],
  ])('names what is wrong with %s', async (names, wrong) => {
    const call = await connect();
    const { id } = await paidInPart(call);
    expectRefused(await call('PUT', `/v1/object/payment/${id}`, wrong), names);
    expect((await call('GET', `/v1/payments/${id}`)).body).toMatchObject({
      status: 'Processed',
      amount: 100,
    });
  });
});

describe('/v1/object/invoice-payment', () => {
  test('is what an invoice has of a payment: more is added to it, and it is set to another amount', async () => {
    const call = await connect();
    const { account, invoice, id: paymentId } = await paidInPart(call);
    const [part] = await invoicePaymentsOf(call, paymentId);
    const added = { Amount: 15, InvoiceId: invoice.id, PaymentId: paymentId };
    expect(idOf(await call('POST', '/v1/object/invoice-payment', added))).toBe(part!.id);
    // 60 + 15 of 100 are applied: 25 are left, and 5 of the invoice are open.
    expect(await metricsOf(account)).toMatchObject({ invoices: 500, unapplied: 2_500 });
    const path = `/v1/object/invoice-payment/${part!.id}`;
    expect(idOf(await call('PUT', path, { Amount: 0.1 }))).toBe(part!.id);
    expect(await metricsOf(account)).toMatchObject({ invoices: 7_990, unapplied: 9_990 });
    expect(idOf(await call('PUT', path, { Amount: 80 }))).toBe(part!.id);
    expect(idOf(await call('PUT', path, { Amount: 80 }))).toBe(part!.id);
    expect(await metricsOf(account)).toMatchObject({ invoices: 0, unapplied: 2_000 });
    const numbers = { Amount: 1, InvoiceId: invoice.invoiceNumber, PaymentId: paymentId };
    expectRefused(await call('POST', '/v1/object/invoice-payment', numbers), 'Amount');
  });

  test.each<[string, { readonly [name: string]: number | string | undefined }, string?]>([
    ['Amount', { Amount: 0 }],
    ['Amount', { Amount: 20.01 }],
    ['Amount', { Amount: 0.001 }],
    ['Amount', { Amount: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['InvoiceId', { InvoiceId: NOBODY }],
    ['InvoiceId', { InvoiceId: 'INV-none' }],
    ['PaymentId', { PaymentId: NOBODY }],
    ['PaymentId', { PaymentId: undefined }, 'MISSING_REQUIRED_VALUE'],
  ])('names what is wrong with %s', async (names, wrong, code = 'INVALID_VALUE') => {
    const call = await connect();
    const { account, invoice, id } = await paidInPart(call);
    const body = { Amount: 1, InvoiceId: invoice.id, PaymentId: id, ...wrong };
    expectRefused(await call('POST', '/v1/object/invoice-payment', body), names, code);
    if (names === 'Amount' && code === 'INVALID_VALUE') {
      const [part] = await invoicePaymentsOf(call, id);
      const Amount = wrong.Amount === 20.01 ? 80.01 : wrong.Amount;
      expectRefused(await call('PUT', `/v1/object/invoice-payment/${part!.id}`, { Amount }), names);
    }
    expect(await metricsOf(account)).toMatchObject({ invoices: 2_000, unapplied: 4_000 });
    expect((await call('PUT', `/v1/object/invoice-payment/${NOBODY}`, { Amount: 1 })).status).toBe(404);
  });
});
