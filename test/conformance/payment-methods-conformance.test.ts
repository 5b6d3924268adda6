import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import { type Account, createAccount, createPostedInvoice } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, textAt, valueAt } from './support/reply-reading.ts';

// How accounts pay, and what is asked of their gateway: the test gateway, which approves, declines and loses by the number of the card.
const APPROVED = '4111111111111111';
const DECLINED = '4000000000000002';

function card(account: Account, cardNumber: string, fields: object = {}): object {
  return {
    accountKey: account.id,
    type: 'CreditCard',
    cardType: 'Visa',
    cardNumber,
    expirationMonth: 12,
    expirationYear: 2098,
    cardHolderInfo: { cardHolderName: 'Amy Lawrence' },
    ...fields,
  };
}

async function addCard(
  api: CheckedApi,
  account: Account,
  number: string,
  fields: object = {},
): Promise<string> {
  return textAt(expectSuccess(await api.post('/v1/payment-methods', card(account, number, fields))), 'id');
}

async function payingAccount(api: CheckedApi, number = APPROVED): Promise<Account & { methodId: string }> {
  const account = await createAccount(api);
  return { ...account, methodId: await addCard(api, account, number, { makeDefault: true }) };
}

const electronic = (account: Account, amount: number, fields: object = {}) => ({
  accountId: account.id,
  type: 'Electronic',
  amount,
  currency: 'USD',
  ...fields,
});

conformance(
  ['POST_PaymentMethods', 'GET_PaymentMethod', 'GET_AcountPaymentMethods', 'GET_AcountDefaultPaymentMethod'],
  'keeps a card by its token and shows it masked, alone, among others and as the default',
  async (api) => {
    const account = await payingAccount(api);
    const bank = expectSuccess(
      await api.post('/v1/payment-methods', {
        accountKey: account.number,
        type: 'ACH',
        bankABACode: '110000000',
        bankAccountName: 'Test',
        bankAccountNumber: '123456789',
        bankAccountType: 'Checking',
        bankName: 'Chase',
      }),
    );
    expect(bank).toMatchObject({ id: expect.stringMatching(ID) });
    const shown = {
      cardNumber: '************1111',
      creditCardType: 'Visa',
      isDefault: true,
      status: 'Active',
    };
    const alone = expectSuccess(await api.get(`/v1/payment-methods/${account.methodId}`));
    expect(alone).toMatchObject({ ...shown, accountKey: account.id, type: 'CreditCard' });
    const all = expectSuccess(await api.get(`/v1/accounts/${account.number}/payment-methods`));
    expect(all).toMatchObject({
      creditcard: [shown],
      ach: [{ bankAccountNumber: '********6789', isDefault: false }],
      defaultPaymentMethodId: account.methodId,
    });
    expect(expectSuccess(await api.get(`/v1/accounts/${account.id}/payment-methods/default`))).toEqual(alone);
    expectRefusal(await api.post('/v1/payment-methods', card(account, '4111111111111112')), { status: 400 });
  },
);

conformance(
  ['POST_PaymentMethodsCreditCard', 'GET_PaymentMethodsCreditCard', 'PUT_PaymentMethodsCreditCard'],
  'keeps, changes and lists credit cards by the older resource',
  async (api) => {
    const account = await createAccount(api);
    const created = expectSuccess(
      await api.post('/v1/payment-methods/credit-cards', {
        accountKey: account.id,
        creditCardType: 'Visa',
        creditCardNumber: APPROVED,
        expirationMonth: 10,
        expirationYear: 2097,
        defaultPaymentMethod: true,
        cardHolderInfo: { cardHolderName: 'Leo', phone: '4082021111', email: 'smith@example.com' },
      }),
    );
    const id = textAt(created, 'paymentMethodId');
    const changed = await api.put(`/v1/payment-methods/credit-cards/${id}`, {
      cardHolderName: 'Amy Lawrence',
    });
    expect(expectSuccess(changed)).toMatchObject({ paymentMethodId: id });
    await addCard(api, account, DECLINED);
    const path = `/v1/payment-methods/credit-cards/accounts/${account.number}?pageSize=1`;
    const page = expectSuccess(await api.get(path));
    expect(page).toMatchObject({
      creditCards: [
        {
          id,
          cardNumber: '************1111',
          cardType: 'Visa',
          defaultPaymentMethod: true,
          cardHolderInfo: { cardHolderName: 'Amy Lawrence', phone: '4082021111' },
        },
      ],
      nextPage: expect.stringContaining('page=2'),
    });
  },
);

conformance(
  ['PUT_PaymentMethod', 'DELETE_PaymentMethods', 'GET_PaymentMethod', 'PUT_Account'],
  'changes a method, and removes it once another one is the default',
  async (api) => {
    const account = await payingAccount(api);
    const path = `/v1/payment-methods/${account.methodId}`;
    expect(expectSuccess(await api.put(path, { securityCode: '331', expirationYear: 2097 }))).toMatchObject({
      id: account.methodId,
    });
    expect(expectSuccess(await api.get(path))).toMatchObject({ expirationYear: 2097 });
    expectRefusal(await api.delete(path), { status: 400 });
    const second = await addCard(api, account, DECLINED);
    expectSuccess(await api.put(`/v1/accounts/${account.id}`, { defaultPaymentMethodId: second }));
    expectSuccess(await api.delete(path));
    expectRefusal(await api.get(path), { status: 404 });
  },
);

conformance(
  ['POST_CreatePayment', 'GET_Payment', 'Get_GetInvoice'],
  'asks the gateway for an electronic payment, applies what it approved and keeps what it declined as an error',
  async (api) => {
    const account = await payingAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const body = electronic(account, 25, { invoices: [{ invoiceId: invoice.id, amount: 20 }] });
    const paid = expectSuccess(await api.post('/v1/payments', body));
    expect(paid).toMatchObject({
      type: 'Electronic',
      status: 'Processed',
      appliedAmount: 20,
      unappliedAmount: 5,
      gatewayState: 'Submitted',
      paymentMethodId: account.methodId,
    });
    expect(expectSuccess(await api.get(`/v1/payments/${textAt(paid, 'id')}`))).toEqual(paid);
    expect(expectSuccess(await api.get(`/v1/invoices/${invoice.id}`))).toMatchObject({ balance: 0 });
    const paymentMethodId = await addCard(api, account, DECLINED);
    const declined = await api.post('/v1/payments', electronic(account, 25, { paymentMethodId }));
    expect(expectSuccess(declined)).toMatchObject({ status: 'Error', gatewayResponse: 'Do not honor' });
    const metrics = valueAt(expectSuccess(await api.get(`/v1/accounts/${account.id}`)), 'metrics');
    expect(metrics).toMatchObject({ balance: -5, totalInvoiceBalance: 0, unappliedPaymentAmount: 5 });
  },
);

conformance(
  ['POST_RefundPayment', 'POST_RefundPaymentwithAutoUnapply', 'GET_Refund'],
  'has the gateway give money back',
  async (api) => {
    const account = await payingAccount(api);
    const invoice = await createPostedInvoice(api, account, 20);
    const body = electronic(account, 25, { invoices: [{ invoiceId: invoice.id, amount: 20 }] });
    const id = textAt(expectSuccess(await api.post('/v1/payments', body)), 'id');
    const refund = { type: 'Electronic', totalAmount: 5 };
    const refunded = expectSuccess(await api.post(`/v1/payments/${id}/refunds`, refund));
    expect(refunded).toMatchObject({
      type: 'Electronic',
      status: 'Processed',
      amount: 5,
      gatewayState: 'Submitted',
    });
    expect(expectSuccess(await api.get(`/v1/refunds/${textAt(refunded, 'id')}`))).toEqual(refunded);
    const unapplied = await api.post(`/v1/payments/${id}/refunds/unapply`, { type: 'Electronic' });
    expect(expectSuccess(unapplied)).toMatchObject({ status: 'Processed', amount: 20 });
    expect(expectSuccess(await api.get(`/v1/invoices/${invoice.id}`))).toMatchObject({ balance: 20 });
  },
);

conformance(
  ['POST_TransactionInvoicePayment', 'GET_Payment'],
  'collects what an account has open by its default method',
  async (api) => {
    const account = await payingAccount(api);
    const first = await createPostedInvoice(api, account, 800);
    const second = await createPostedInvoice(api, account, 1.73);
    const path = '/v1/operations/invoice-collect';
    const one = expectSuccess(await api.post(path, { accountKey: account.id, invoiceId: second.id }));
    expect(one).toMatchObject({
      amountCollected: 1.73,
      invoices: [{ invoiceAmount: 1.73, invoiceId: second.id, invoiceNumber: second.number }],
    });
    const payment = expectSuccess(await api.get(`/v1/payments/${textAt(one, 'paymentId')}`));
    expect(payment).toMatchObject({ status: 'Processed', appliedAmount: 1.73 });
    const named = { accountKey: account.number, invoiceNumber: first.number };
    expect(expectSuccess(await api.post(path, named))).toMatchObject({ amountCollected: 800 });
    expect(expectSuccess(await api.post(path, { accountKey: account.id }))).toMatchObject({
      amountCollected: 0,
      invoices: [],
    });
    expectRefusal(await api.post(path, { accountKey: account.id, documentDate: '2026-01-01' }), {
      status: 400,
    });
  },
);
