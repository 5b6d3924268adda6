import { env } from 'cloudflare:workers';
import type { ValidRequest } from './hostile-requests.ts';
import type { WorkerApi } from './worker-api.ts';

/** Requests of the older resources that would succeed, and of the actions that write several of them. */

type Requests = Record<string, ValidRequest>;

interface Made {
  readonly accountId: string;
  /** Posted, with enough open of it. */
  readonly invoiceId: string;
  /** With enough left of it. */
  readonly paymentId: string;
}

async function idOf(api: WorkerApi, object: string, body: object): Promise<string> {
  const reply = await api.post(`/v1/object/${object}`, body);
  if (reply.status !== 200) throw new Error(`${object} ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body.Id;
}

export async function objectRequests(
  api: WorkerApi,
  { accountId, invoiceId, paymentId }: Made,
): Promise<Requests> {
  const payment = {
    AccountId: accountId,
    Type: 'External',
    PaymentMethodId: '0'.repeat(32),
    EffectiveDate: '2026-03-20',
    Status: 'Processed',
    Amount: 5,
    InvoiceId: invoiceId,
    AppliedInvoiceAmount: 0.01,
    Comment: 'x',
  };
  const invoicePayment = { Amount: 0.01, InvoiceId: invoiceId, PaymentId: paymentId };
  const refund = { PaymentId: paymentId, Type: 'External', MethodType: 'Check', Amount: 0.01 };
  const parts = {
    RefundInvoicePaymentData: { RefundInvoicePayment: [{ InvoiceId: invoiceId, RefundAmount: 0.01 }] },
  };
  const card = {
    AccountId: accountId,
    Type: 'CreditCard',
    CreditCardType: 'Visa',
    CreditCardNumber: '4111111111111111',
    CreditCardExpirationMonth: 12,
    CreditCardExpirationYear: 2098,
    CreditCardHolderName: 'Amy Lawrence',
    CreditCardCity: 'Davis',
  };
  const run = {
    AccountId: accountId,
    InvoiceDate: '2026-09-30',
    TargetDate: '2026-09-30',
    BillCycleDay: '1',
  };
  const unit = { UomName: 'GB', DecimalPlaces: 2, DisplayedAs: 'x' };
  const at = (object: string, id: string) => `/v1/object/${object}/${id}`;
  return {
    Object_PUTInvoice: {
      path: at('invoice', invoiceId),
      body: { Comments: 'x', TransferredToAccounting: 'Yes' },
    },
    Object_POSTPayment: { path: '/v1/object/payment', body: payment },
    Object_PUTPayment: {
      path: at('payment', await idOf(api, 'payment', payment)),
      body: { ReferenceId: 'x', AccountingCode: 'y', TransferredToAccounting: 'No' },
    },
    Object_POSTInvoicePayment: { path: '/v1/object/invoice-payment', body: invoicePayment },
    Object_PUTInvoicePayment: {
      path: at('invoice-payment', await idOf(api, 'invoice-payment', invoicePayment)),
      body: { Amount: 0.02 },
    },
    Object_POSTRefund: { path: '/v1/object/refund', body: { ...refund, ...parts, RefundDate: '2026-03-21' } },
    Object_PUTRefund: { path: at('refund', await idOf(api, 'refund', refund)), body: { ReasonCode: 'x' } },
    Object_POSTPaymentMethod: { path: '/v1/object/payment-method', body: card },
    Object_PUTPaymentMethod: {
      path: at('payment-method', await idOf(api, 'payment-method', card)),
      body: { CreditCardState: 'CA', CreditCardExpirationYear: 2097, PaymentRetryWindow: 1 },
    },
    Object_POSTBillRun: { path: '/v1/object/bill-run', body: run },
    Object_PUTBillRun: {
      path: at('bill-run', await idOf(api, 'bill-run', run)),
      body: { Status: 'Canceled' },
    },
    Object_POSTUnitOfMeasure: { path: '/v1/object/unit-of-measure', body: unit },
    Object_PUTUnitOfMeasure: {
      path: at('unit-of-measure', await idOf(api, 'unit-of-measure', { ...unit, UomName: 'TB' })),
      body: { Active: false, DecimalPlaces: 3, RoundingMode: 'UP' },
    },
    ...(await subscriptionRequests(api, accountId)),
  };
}

async function subscriptionRequests(api: WorkerApi, accountId: string): Promise<Requests> {
  const row = await env.DB.prepare(
    'SELECT s.id, c.id AS chargeId FROM subscription AS s JOIN charge AS c ON c.subscription_original_id = s.original_id ' +
      'WHERE s.account_id = ?1 AND s.is_latest_version = 1 AND c.removed_in_version IS NULL LIMIT 1',
  )
    .bind(accountId)
    .first<{ id: string; chargeId: string }>();
  const usage = { AccountId: accountId, UOM: 'Minutes', Quantity: 1, StartDateTime: '2026-08-01' };
  return {
    Object_PUTSubscription: {
      path: `/v1/object/subscription/${row!.id}`,
      body: {
        Notes: 'x',
        AutoRenew: true,
        RenewalTerm: 6,
        RenewalTermPeriodType: 'Month',
        IsInvoiceSeparate: true,
      },
    },
    Object_PUTRatePlanCharge: {
      path: `/v1/object/rate-plan-charge/${row!.chargeId}`,
      body: { meter__c: 'x' },
    },
    Object_PUTUsage: {
      path: `/v1/object/usage/${await idOf(api, 'usage', usage)}`,
      body: { Quantity: 2, EndDateTime: '2026-08-02', UOM: 'Minutes' },
    },
  };
}

/** The last account is one that nothing else needs. */
export function actionRequests(accountId: string, spareId: string): Requests {
  const account = { Name: 'x', Currency: 'USD', BillCycleDay: 1, Status: 'Draft' };
  return {
    Action_POSTcreate: { path: '/v1/action/create', body: { type: 'Account', objects: [account, account] } },
    Action_POSTupdate: {
      path: '/v1/action/update',
      body: { type: 'Account', objects: [{ Id: spareId, Notes: 'x', fieldsToNull: ['CrmId'] }] },
    },
    Action_POSTdelete: { path: '/v1/action/delete', body: { type: 'Account', ids: [accountId, accountId] } },
  };
}
