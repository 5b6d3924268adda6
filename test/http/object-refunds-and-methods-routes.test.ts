import { describe, expect, test } from 'vitest';
import { expectRefused, external, idOf, NOBODY, paidInPart } from '../support/object-writes.ts';
import { booksOf, CARDS, payingAccount } from '../support/paying-accounts.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { connect, metricsOf, putAccount } from '../support/settlement-fixtures.ts';

// Refunds and payment methods of the older resources do what /v1 does, under their own names; a refusal names their fields, changes nothing,
// and never repeats a number.

provenAfterEach();

describe('/v1/object/refund', () => {
  test('takes the payment off the named invoices and gives it back; is changed, canceled and deleted', async () => {
    const call = await connect();
    const { account, invoice, id: paymentId } = await paidInPart(call);
    const body = {
      PaymentId: paymentId,
      AccountId: account.id,
      SourceType: 'Payment',
      Type: 'External',
      MethodType: 'Check',
      RefundDate: '2026-03-25',
      Amount: 55,
      RefundInvoicePaymentData: { RefundInvoicePayment: [{ InvoiceId: invoice.id, RefundAmount: 55 }] },
    };
    const id = idOf(await call('POST', '/v1/object/refund', body));
    expect((await call('GET', `/v1/refunds/${id}`)).body).toMatchObject({
      amount: 55,
      refundDate: '2026-03-25',
    });
    // 60 − 55 stay applied to 80; nothing of the 40 that were left is touched.
    expect(await metricsOf(account)).toMatchObject({ invoices: 7_500, unapplied: 4_000 });
    const path = `/v1/object/refund/${id}`;
    expect(idOf(await call('PUT', path, { ReasonCode: 'Other', TransferredToAccounting: 'No' }))).toBe(id);
    expect((await call('GET', `/v1/refunds/${id}`)).body).toMatchObject({ reasonCode: 'Other' });
    expectRefused(await call('DELETE', path), 'Canceled', 'TRANSACTION_FAILED');
    expect(idOf(await call('PUT', path, { Status: 'Canceled' }))).toBe(id);
    expect((await call('DELETE', path)).body).toEqual({ id, success: true });
    expect((await call('PUT', path, { ReasonCode: 'x' })).status).toBe(404);
  });

  test('an electronic one is paid out by the gateway that took the money', async () => {
    const call = await connect();
    const { account, methodId } = await payingAccount(call, CARDS.approve);
    const body = { ...external(account.id), Type: 'Electronic', PaymentMethodId: methodId, Amount: 60 };
    const PaymentId = idOf(await call('POST', '/v1/object/payment', body));
    idOf(await call('POST', '/v1/object/refund', { PaymentId, Type: 'Electronic', Amount: 55 }));
    expect(await booksOf(account.id)).toMatchObject([
      { kind: 'charge' },
      { kind: 'refund', amountMinor: 5_500 },
    ]);
    expect(await metricsOf(account)).toMatchObject({ unapplied: 500 });
  });

  test.each([
    ['Amount', { Amount: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['Amount', { Amount: 100.01 }],
    ['Amount', { Amount: -1 }],
    ['PaymentId', { PaymentId: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['PaymentId', { PaymentId: NOBODY }],
    ['AccountId', { AccountId: NOBODY }],
    ['Type', { Type: 'Barter' }],
    ['MethodType', { MethodType: undefined }],
    ['MethodType', { MethodType: 'Shells' }],
    ['SourceType', { SourceType: 'CreditBalance' }],
    ['PaymentMethodId', { PaymentMethodId: NOBODY }],
    ['RefundDate', { RefundDate: '2026-03-19' }],
    [
      'RefundInvoicePaymentData.RefundInvoicePayment[0].InvoiceId',
      { RefundInvoicePaymentData: { RefundInvoicePayment: [{ InvoiceId: NOBODY, RefundAmount: 1 }] } },
    ],
  ])('names what is wrong with %s', async (names, wrong, code = 'INVALID_VALUE') => {
    const call = await connect();
    const { account, id } = await paidInPart(call);
    const right = { PaymentId: id, Type: 'External', MethodType: 'Check', Amount: 10 };
    expectRefused(await call('POST', '/v1/object/refund', { ...right, ...wrong }), names, code);
    expect(await metricsOf(account)).toMatchObject({ invoices: 2_000, unapplied: 4_000 });
  });
});

describe('/v1/object/payment-method', () => {
  const card = (accountId: string, fields: object = {}) => ({
    AccountId: accountId,
    Type: 'CreditCard',
    CreditCardType: 'Visa',
    CreditCardNumber: CARDS.approve,
    CreditCardExpirationMonth: 12,
    CreditCardExpirationYear: 2098,
    CreditCardHolderName: 'Amy Lawrence',
    ...fields,
  });

  test('a card is kept by its gateway, changed and removed', async () => {
    const call = await connect();
    const account = await putAccount();
    const address = { CreditCardAddress1: 'Main 1', CreditCardPostalCode: '94403', Email: 'amy@example.com' };
    const id = idOf(await call('POST', '/v1/object/payment-method', card(account.id, address)));
    const path = `/v1/object/payment-method/${id}`;
    const changes = { CreditCardState: 'CA', CreditCardExpirationMonth: 11, CreditCardHolderName: 'Ann' };
    expect(idOf(await call('PUT', path, changes))).toBe(id);
    const shown = (await call('GET', `/v1/payment-methods/${id}`)).body;
    expect(shown).toMatchObject({
      type: 'CreditCard',
      cardNumber: '************1111',
      expirationMonth: 11,
      expirationYear: 2098,
      accountHolderInfo: {
        accountHolderName: 'Ann',
        addressLine1: 'Main 1',
        zipCode: '94403',
        state: 'CA',
        email: 'amy@example.com',
      },
    });
    expect((await call('DELETE', path)).body).toEqual({ id, success: true });
    expect((await call('PUT', path, changes)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  test('a bank account and a method without a gateway are kept too', async () => {
    const call = await connect();
    const account = await putAccount();
    const bank = {
      AccountId: account.accountNumber,
      Type: 'ACH',
      AchAbaCode: '111000025',
      AchAccountName: 'Amy Lawrence',
      AchAccountNumber: '000123456789',
      AchAccountType: 'Checking',
      AchBankName: 'Bank',
      AchCity: 'Paris',
    };
    const id = idOf(await call('POST', '/v1/object/payment-method', bank));
    expect((await call('GET', `/v1/payment-methods/${id}`)).body).toMatchObject({
      type: 'ACH',
      bankABACode: '111000025',
      accountHolderInfo: { city: 'Paris' },
    });
    expectRefused(
      await call('PUT', `/v1/object/payment-method/${id}`, { CreditCardCity: 'Rome' }),
      'CreditCardCity',
      'TRANSACTION_FAILED',
    );
    idOf(await call('POST', '/v1/object/payment-method', { AccountId: account.id, Type: 'Check' }));
  });

  test.each([
    ['AccountId', { AccountId: NOBODY }],
    ['AccountId', { AccountId: undefined }, 'MISSING_REQUIRED_VALUE'],
    ['Type', { Type: 'PayPal' }],
    ['CreditCardNumber', { CreditCardNumber: '4111111111111112' }],
    ['CreditCardNumber', { CreditCardNumber: undefined }],
    ['CreditCardType', { CreditCardType: 'MasterCard' }],
    ['CreditCardHolderName', { CreditCardHolderName: undefined }],
    ['CreditCardExpirationYear', { CreditCardExpirationYear: 2020 }],
    ['CreditCardExpirationMonth', { CreditCardExpirationMonth: 13 }],
    ['IBAN', { IBAN: 'FR7630006000011234567890189' }],
    ['AchAbaCode', { Type: 'ACH' }],
    ['TokenId', { Type: 'CreditCardReferenceTransaction' }],
  ])('names what is wrong with %s, and never a number', async (names, wrong, code = 'INVALID_VALUE') => {
    const call = await connect();
    const account = await putAccount();
    const reply = await call('POST', '/v1/object/payment-method', card(account.id, wrong));
    expectRefused(reply, names, code);
    expect(JSON.stringify(reply.body)).not.toContain('411111');
  });
});
