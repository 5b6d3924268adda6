import type { ValidRequest } from './hostile-requests.ts';
import type { WorkerApi } from './worker-api.ts';

/** Requests about credit memos, refunds, payment methods and electronic payments that would succeed, for one account. */

/** What the requests are about: made before. */
export interface SettledAccount {
  readonly accountId: string;
  /** Payments go to it, and its card pays. */
  readonly otherAccountId: string;
  readonly chargeId: string;
}

type Requests = Record<string, ValidRequest>;

async function sent(api: WorkerApi, path: string, body: object): Promise<Record<string, string>> {
  const reply = await api.post(path, body);
  if (reply.status !== 200) throw new Error(`${path} ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
}

function newInvoice(accountId: string) {
  const line = { chargeName: 'x', amount: 9_000, serviceStartDate: '2026-03-01' };
  return {
    accountId,
    invoiceDate: '2026-03-15',
    dueDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [line],
  };
}

async function firstLine(api: WorkerApi, path: string, list: 'items' | 'invoiceItems'): Promise<string> {
  const { body } = await api.get(path);
  return (body[list] as Array<{ id: string }>)[0]!.id;
}

export async function settlementRequests(api: WorkerApi, settled: SettledAccount): Promise<Requests> {
  return {
    ...(await creditMemoRequests(api, settled)),
    ...(await refundRequests(api, settled)),
    ...(await paymentMethodRequests(api, settled)),
  };
}

async function creditMemoRequests(
  api: WorkerApi,
  { accountId, chargeId }: SettledAccount,
): Promise<Requests> {
  const charges = [{ amount: 10, productRatePlanChargeId: chargeId, quantity: 2, comment: 'x' }];
  const memo = { accountId, effectiveDate: '2026-03-15', reasonCode: 'x', comment: 'x', charges };
  const large = { ...memo, charges: [{ ...charges[0], amount: 9_000 }], autoPost: true };
  const draft = await sent(api, '/v1/credit-memos', memo);
  const applied = await sent(api, '/v1/credit-memos', large);
  const lineId = await firstLine(api, `/v1/credit-memos/${draft.id}/items`, 'items');
  const [invoice, reversed, written] = await Promise.all(
    [0, 1, 2].map(() => sent(api, '/v1/invoices', newInvoice(accountId))),
  );
  const others = await Promise.all([0, 1].map(() => sent(api, '/v1/credit-memos', large)));
  const invoiceItemId = await firstLine(api, `/v1/invoices/${invoice!.id}/items`, 'invoiceItems');
  const ofInvoice = { effectiveDate: '2026-03-15', items: [{ amount: 1, invoiceItemId, skuName: 'x' }] };
  const change = { comment: 'new', items: [{ id: lineId, amount: 5, comment: 'y' }] };
  const move = { effectiveDate: '2026-03-20', invoices: [{ invoiceId: invoice!.id, amount: 0.01 }] };
  const path = `/v1/credit-memos/${applied.id}`;
  await api.put(`${path}/apply`, { ...move, invoices: [{ invoiceId: invoice!.id, amount: 4_000 }] });
  const ending = { memoDate: '2026-03-20', comment: 'x', reasonCode: 'x' };
  return {
    POST_CreditMemoFromPrpc: { path: '/v1/credit-memos', body: memo },
    POST_CreditMemoFromInvoice: { path: `/v1/credit-memos/invoice/${invoice!.id}`, body: ofInvoice },
    POST_CreateCreditMemos: {
      path: '/v1/credit-memos/bulk',
      body: { sourceType: 'Invoice', memos: [{ ...ofInvoice, invoiceId: invoice!.id }] },
    },
    PUT_UpdateCreditMemo: { path: `/v1/credit-memos/${draft.id}`, body: change },
    PUT_UpdateCreditMemos: {
      path: '/v1/credit-memos/bulk',
      body: { memos: [{ id: draft.id, ...change }] },
    },
    PUT_ApplyCreditMemo: { path: `${path}/apply`, body: move },
    PUT_UnapplyCreditMemo: { path: `${path}/unapply`, body: move },
    applyCreditMemoAsync: { path: `${path}/apply-async`, body: move },
    unapplyCreditMemoAsync: { path: `${path}/unapply-async`, body: move },
    PUT_ReverseCreditMemo: { path: `/v1/credit-memos/${others[0]!.id}/reverse`, body: ending },
    PUT_WriteOffCreditMemo: { path: `/v1/credit-memos/${others[1]!.id}/write-off`, body: ending },
    PUT_ReverseInvoice: { path: `/v1/invoices/${reversed!.id}/reverse`, body: ending },
    PUT_WriteOffInvoice: { path: `/v1/invoices/${written!.id}/write-off`, body: ending },
    POST_RefundCreditMemo: {
      path: `${path}/refund`,
      body: { type: 'External', methodType: 'Check', totalAmount: 0.01, refundDate: '2026-03-21' },
    },
  };
}

async function refundRequests(
  api: WorkerApi,
  { accountId, otherAccountId }: SettledAccount,
): Promise<Requests> {
  const invoice = await sent(api, '/v1/invoices', newInvoice(accountId));
  const payment = await sent(api, '/v1/payments', {
    accountId,
    type: 'External',
    amount: 9_000,
    currency: 'USD',
    effectiveDate: '2026-03-20',
    invoices: [{ invoiceId: invoice.id, amount: 4_000 }],
  });
  const refund = { type: 'External', methodType: 'Check', refundDate: '2026-03-21', comment: 'x' };
  const path = `/v1/payments/${payment.id}`;
  const made = await sent(api, `${path}/refunds`, { ...refund, totalAmount: 1 });
  const transferred = await sent(api, '/v1/payments', {
    accountId,
    type: 'External',
    amount: 5,
    currency: 'USD',
  });
  return {
    POST_RefundPayment: { path: `${path}/refunds`, body: { ...refund, totalAmount: 0.01 } },
    POST_RefundPaymentwithAutoUnapply: {
      path: `${path}/refunds/unapply`,
      body: { ...refund, totalAmount: 0.01, invoices: [{ invoiceId: invoice.id, amount: 0.01 }] },
    },
    PUT_UpdateRefund: {
      path: `/v1/refunds/${made.id}`,
      body: { comment: 'y', financeInformation: { transferredToAccounting: 'false' } },
    },
    PUT_UpdatePayment: {
      path,
      body: { comment: 'y', referenceId: 'r', financeInformation: { transferredToAccounting: 'false' } },
    },
    PUT_TransferPayment: {
      path: `/v1/payments/${transferred.id}/transfer`,
      body: { accountId: otherAccountId },
    },
  };
}

const HOLDER = { cardHolderName: 'Amy Lawrence', country: 'United States', zipCode: '94403' };
const CARD_NUMBER = '4111111111111111';
const EXPIRATION = { expirationMonth: 12, expirationYear: 2098 };

async function paymentMethodRequests(
  api: WorkerApi,
  { otherAccountId: accountId }: SettledAccount,
): Promise<Requests> {
  const card = {
    accountKey: accountId,
    type: 'CreditCard',
    cardType: 'Visa',
    cardNumber: CARD_NUMBER,
    securityCode: '123',
    cardHolderInfo: HOLDER,
    makeDefault: true,
    mandateInfo: { mandateId: 'x' },
    ...EXPIRATION,
  };
  const { id } = await sent(api, '/v1/payment-methods', card);
  await sent(api, '/v1/invoices', newInvoice(accountId));
  return {
    POST_PaymentMethods: { path: '/v1/payment-methods', body: card },
    POST_PaymentMethodsCreditCard: {
      path: '/v1/payment-methods/credit-cards',
      body: {
        accountKey: accountId,
        creditCardType: 'Visa',
        creditCardNumber: CARD_NUMBER,
        cardHolderInfo: HOLDER,
        ...EXPIRATION,
      },
    },
    PUT_PaymentMethod: {
      path: `/v1/payment-methods/${id}`,
      body: { accountHolderInfo: { city: 'Davis' }, expirationYear: 2097, paymentRetryWindow: 1 },
    },
    PUT_PaymentMethodsCreditCard: {
      path: `/v1/payment-methods/credit-cards/${id}`,
      body: { cardHolderName: 'Bea', city: 'Davis', ...EXPIRATION },
    },
    POST_TransactionInvoicePayment: {
      path: '/v1/operations/invoice-collect',
      body: { accountKey: accountId, targetDate: '2026-09-30', documentDate: '2026-09-30' },
    },
  };
}
