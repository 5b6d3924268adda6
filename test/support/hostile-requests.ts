import { env } from 'cloudflare:workers';
import { billingRequests } from './hostile-billing-requests.ts';
import { actionRequests, objectRequests } from './hostile-object-requests.ts';
import { queryRequests } from './hostile-query-requests.ts';
import { settlementRequests } from './hostile-settlement-requests.ts';
import { orderLifecycleRequests } from './order-lifecycle-requests.ts';
import { subscriptionFormRequests } from './subscription-form-requests.ts';
import type { WorkerApi } from './worker-api.ts';

/** Objects of every kind, made over HTTP, and for every operation a request that would succeed with them. */

export interface ValidRequest {
  /** With the keys in place. */
  readonly path: string;
  readonly body: object;
}

async function made(api: WorkerApi, path: string, body: object): Promise<Record<string, string>> {
  const reply = await api.post(path, body);
  if (reply.status !== 200) throw new Error(`${path} ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply.body;
}

const contact = { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', zipCode: '94403' };
const newAccount = {
  name: 'Made',
  currency: 'USD',
  billCycleDay: 1,
  billToContact: contact,
  taxInfo: { VATId: '1' },
  einvoiceProfile: { enabled: true },
};
const product = { Name: 'Fleet', EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2050-01-01' };
const tier = { Currency: 'USD', Price: 25 };
const charge = {
  Name: 'Fee',
  ChargeModel: 'Flat Fee Pricing',
  ChargeType: 'Recurring',
  BillCycleType: 'DefaultFromCustomer',
  BillingPeriod: 'Month',
  TriggerEvent: 'ContractEffective',
  ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [tier] },
};
const perUnit = {
  ...charge,
  Name: 'Seats',
  ChargeModel: 'Per Unit Pricing',
  DefaultQuantity: 1,
  UOM: 'Each',
};
const lineItem = {
  itemName: 'webcam',
  quantity: 2,
  amountPerUnit: 50,
  transactionStartDate: '2026-07-01',
  transactionEndDate: '2026-07-31',
  customFields: { region__c: 'EU' },
};
const item = { chargeName: 'x', amount: 5, serviceStartDate: '2026-03-01', serviceEndDate: '2026-03-31' };

export async function hostileRequests(api: WorkerApi): Promise<Readonly<Record<string, ValidRequest>>> {
  const account = await made(api, '/v1/accounts', newAccount);
  const accountId = account.accountId!;
  const spare = await made(api, '/v1/object/account', {
    Name: 'Spare',
    Currency: 'USD',
    BillCycleDay: 1,
    Status: 'Draft',
  });
  const person = await made(api, '/v1/contacts', { accountId, ...contact });
  const { accountId: otherAccountId } = await made(api, '/v1/accounts', newAccount);
  const { Id: productId } = await made(api, '/v1/object/product', product);
  const plan = await made(api, '/v1/object/product-rate-plan', { Name: 'Plan', ProductId: productId });
  const fee = await made(api, '/v1/object/product-rate-plan-charge', {
    ...charge,
    ProductRatePlanId: plan.Id,
  });
  const seats = await made(api, '/v1/object/product-rate-plan-charge', {
    ...perUnit,
    ProductRatePlanId: plan.Id,
  });
  const changed = await changeable(api);
  const invoice = { accountId, invoiceDate: '2026-03-15', invoiceItems: [item] };
  const large = await made(api, '/v1/invoices', {
    ...invoice,
    status: 'Posted',
    invoiceItems: [{ ...item, amount: 1_000_000 }],
  });
  const draft = await made(api, '/v1/invoices', invoice);
  const changedDraft = await made(api, '/v1/invoices', invoice);
  const payment = {
    accountId,
    type: 'External',
    amount: 5_000,
    currency: 'USD',
    effectiveDate: '2026-03-20',
  };
  const paid = await made(api, '/v1/payments', {
    ...payment,
    amount: 900_000,
    invoices: [{ invoiceId: large.id, amount: 400_000 }],
  });
  const parts = { effectiveDate: '2026-03-20', invoices: [{ invoiceId: large.id, amount: 0.01 }] };
  const { orderLineItems: items } = (await made(api, '/v1/orders', {
    orderDate: '2026-07-01',
    existingAccountNumber: account.accountNumber,
    orderLineItems: [lineItem, lineItem],
  })) as unknown as { orderLineItems: Array<{ id: string }> };
  const order = orderOf(account.accountNumber!, plan.Id!, fee.Id!, seats.Id!);
  const preview = previewOf(order);
  const lifecycle = await orderLifecycleRequests(api, order);
  const forms = await subscriptionFormRequests(api, accountId, plan.Id!, seats.Id!);
  return {
    POST_Account: { path: '/v1/accounts', body: newAccount },
    PUT_Account: {
      path: `/v1/accounts/${changed.accountId}`,
      body: { name: 'Changed', billToContact: contact },
    },
    POST_CreateContact: { path: '/v1/contacts', body: { accountId, ...contact } },
    PUT_Contact: { path: `/v1/contacts/${person.id}`, body: contact },
    transferContent: {
      path: `/v1/contacts/${person.id}/transfer`,
      body: { destinationAccountKey: otherAccountId },
    },
    Object_POSTAccount: {
      path: '/v1/object/account',
      body: { Name: 'Draft', Currency: 'USD', BillCycleDay: 1, Status: 'Draft' },
    },
    Object_PUTAccount: { path: `/v1/object/account/${spare.Id}`, body: { Name: 'Changed' } },
    Object_POSTContact: {
      path: '/v1/object/contact',
      body: { AccountId: accountId, FirstName: 'Amy', LastName: 'Lawrence', Country: 'United States' },
    },
    Object_PUTContact: { path: `/v1/object/contact/${person.id}`, body: { FirstName: 'Bea' } },
    Object_POSTProduct: { path: '/v1/object/product', body: product },
    Object_PUTProduct: { path: `/v1/object/product/${changed.productId}`, body: { Name: 'Fleet' } },
    Object_POSTProductRatePlan: {
      path: '/v1/object/product-rate-plan',
      body: { Name: 'Plan', ProductId: productId },
    },
    Object_PUTProductRatePlan: {
      path: `/v1/object/product-rate-plan/${changed.planId}`,
      body: { Name: 'Plan' },
    },
    Object_POSTProductRatePlanCharge: {
      path: '/v1/object/product-rate-plan-charge',
      body: { ...perUnit, ProductRatePlanId: changed.planId },
    },
    Object_PUTProductRatePlanCharge: {
      path: `/v1/object/product-rate-plan-charge/${changed.chargeId}`,
      body: charge,
    },
    Object_PUTProductRatePlanChargeTier: {
      path: `/v1/object/product-rate-plan-charge-tier/${changed.tierId}`,
      body: { Price: 25 },
    },
    POST_Order: { path: '/v1/orders', body: order },
    POST_CreateOrderAsynchronously: { path: '/v1/async/orders', body: order },
    POST_PreviewOrder: { path: '/v1/orders/preview', body: preview },
    POST_PreviewOrderAsynchronously: { path: '/v1/async/orders/preview', body: preview },
    ...forms,
    ...lifecycle,
    PUT_OrderLineItem: { path: `/v1/order-line-items/${items[0]!.id}`, body: lineItem },
    Post_OrderLineItems: {
      path: '/v1/order-line-items/bulk',
      body: { orderLineItems: items.map(({ id }) => ({ ...lineItem, id })) },
    },
    POST_StandaloneInvoice: { path: '/v1/invoices', body: { ...invoice, status: 'Posted' } },
    POST_StandaloneInvoices: { path: '/v1/invoices/batch', body: { invoices: [invoice, invoice] } },
    POST_PostInvoices: { path: '/v1/invoices/bulk-post', body: { invoices: [{ id: draft.id }] } },
    POST_CreatePayment: {
      path: '/v1/payments',
      body: {
        ...payment,
        invoices: [{ invoiceId: large.id, amount: 0.01 }],
        financeInformation: { transferredToAccounting: 'true' },
      },
    },
    PUT_ApplyPayment: { path: `/v1/payments/${paid.id}/apply`, body: parts },
    PUT_UnapplyPayment: { path: `/v1/payments/${paid.id}/unapply`, body: parts },
    ...(await debitMemoRequests(api, accountId!, fee.Id!)),
    ...(await usageRequests(api, accountId!, account.accountNumber!)),
    ...(await objectRequests(api, { accountId, invoiceId: large.id!, paymentId: paid.id! })),
    ...actionRequests(accountId, spare.Id!),
    ...(await settlementRequests(api, { accountId, otherAccountId: otherAccountId!, chargeId: fee.Id! })),
    ...(await billingRequests(api, { accountId, draftId: changedDraft.id! })),
    ...(await queryRequests(api)),
    spillwayPutSettings: {
      path: '/v1/spillway/settings',
      body: {
        metrics: { foldDelaySeconds: 1 },
        timeZone: 'UTC',
        billing: {
          monthBasis: 'actual',
          billPartialMonth: true,
          rounding: { USD: { mode: 'HALF_UP', incrementMinor: 1, invoiceIncrementMinor: null } },
        },
      },
    },
    ...(await userRequests()),
    spillwayCreateApiClient: { path: '/v1/spillway/api-clients', body: { name: 'till', role: 'read' } },
  };
}

async function userRequests(): Promise<Record<string, ValidRequest>> {
  const password = 'correct horse battery';
  const user = { name: 'Amy', role: 'read', password };
  // Not over HTTP: hashing its password would take longer than all the rest.
  await env.DB.prepare(
    "INSERT INTO web_user (id, email, name, role, password_hash, created_at) VALUES ('amy', 'amy@example.com', 'Amy', 'read', '', '')",
  ).run();
  const shown = { locale: 'en-GB', timeZone: 'Europe/Berlin', theme: 'dark' };
  const path = '/v1/spillway/users/amy';
  return {
    spillwayCreateUser: { path: '/v1/spillway/users', body: { ...user, email: 'bob@example.com' } },
    spillwayUpdateUser: { path, body: { name: 'Amy', role: 'standard', disabled: false, ...shown } },
    spillwaySetUserPassword: { path: `${path}/password`, body: { password } },
  };
}

/** Objects that requests change: nothing else is made with them. */
async function changeable(api: WorkerApi) {
  const { accountId } = await made(api, '/v1/accounts', newAccount);
  const { Id: productId } = await made(api, '/v1/object/product', product);
  const plan = { Name: 'Other plan', ProductId: productId };
  const { Id: planId } = await made(api, '/v1/object/product-rate-plan', plan);
  const ofPlan = { ...charge, ProductRatePlanId: planId };
  const { Id: chargeId } = await made(api, '/v1/object/product-rate-plan-charge', ofPlan);
  const { Id: pricedId } = await made(api, '/v1/object/product-rate-plan-charge', ofPlan);
  const tier = await env.DB.prepare('SELECT id FROM charge_tier_key WHERE product_rate_plan_charge_id = ?1')
    .bind(pricedId!)
    .first<{ id: string }>();
  return { accountId, productId, planId, chargeId, tierId: tier!.id };
}

/** What can be previewed of an order, with everything shown. */
function previewOf(order: object) {
  const { orderDate, existingAccountNumber, subscriptions } = order as Record<string, unknown>;
  const previewTypes = ['ChargeMetrics', 'OrderDeltaMetrics', 'OrderMetrics'];
  return { orderDate, existingAccountNumber, subscriptions, previewOptions: { previewTypes } };
}

function orderOf(accountNumber: string, planId: string, feeId: string, seatsId: string): object {
  const period = { period: 12, periodType: 'Month' };
  return {
    orderDate: '2026-07-01',
    existingAccountNumber: accountNumber,
    customFields: { region__c: 'EU' },
    processingOptions: { runBilling: false },
    orderLineItems: [lineItem],
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-07-01' }],
            createSubscription: {
              terms: {
                autoRenew: true,
                initialTerm: { ...period, termType: 'TERMED', startDate: '2026-07-01' },
                renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
                renewalTerms: [period, period],
              },
              subscribeToRatePlans: [
                {
                  productRatePlanId: planId,
                  chargeOverrides: [
                    {
                      productRatePlanChargeId: feeId,
                      pricing: { recurringFlatFee: { listPrice: 10 } },
                      billing: { billingPeriod: 'Month' },
                      startDate: { triggerEvent: 'SpecificDate', specificTriggerDate: '2026-08-01' },
                      endDate: {
                        endDateCondition: 'Fixed_Period',
                        upToPeriods: 3,
                        upToPeriodsType: 'Months',
                      },
                    },
                    {
                      productRatePlanChargeId: seatsId,
                      pricing: { recurringPerUnit: { listPrice: 1.5, quantity: 3 } },
                      endDate: {
                        endDateCondition: 'Specific_End_Date',
                        specificEndDate: '2027-01-01',
                      },
                    },
                  ],
                },
              ],
            },
          },
        ],
      },
    ],
  };
}

async function debitMemoRequests(
  api: WorkerApi,
  accountId: string,
  chargeId: string,
): Promise<Record<string, ValidRequest>> {
  const charges = [{ amount: 10, productRatePlanChargeId: chargeId, quantity: 2, comment: 'x' }];
  const memo = { accountId, effectiveDate: '2026-03-15', dueDate: '2026-04-15', comment: 'x', charges };
  const changed = await made(api, '/v1/debit-memos', memo);
  const posted = await made(api, '/v1/debit-memos', { ...memo, autoPost: true });
  const { items } = (await api.get(`/v1/debit-memos/${changed.id}/items`)).body as {
    items: Array<{ id: string }>;
  };
  const invoice = await made(api, '/v1/invoices', {
    accountId,
    invoiceDate: '2026-03-15',
    status: 'Posted',
    invoiceItems: [item],
  });
  const { invoiceItems } = (await api.get(`/v1/invoices/${invoice.id}/items`)).body as {
    invoiceItems: Array<{ id: string }>;
  };
  const ofInvoice = { items: [{ amount: 1, invoiceItemId: invoiceItems[0]!.id, skuName: 'x' }] };
  const change = { comment: 'new', items: [{ id: items[0]!.id, amount: 5, comment: 'y' }] };
  const path = `/v1/debit-memos/${changed.id}`;
  return {
    POST_DebitMemoFromPrpc: { path: '/v1/debit-memos', body: memo },
    POST_DebitMemoFromInvoice: { path: `/v1/debit-memos/invoice/${invoice.id}`, body: ofInvoice },
    POST_CreateDebitMemos: {
      path: '/v1/debit-memos/bulk',
      body: { sourceType: 'Standalone', memos: [memo, memo] },
    },
    PUT_DebitMemo: { path, body: change },
    PUT_UpdateDebitMemos: { path: '/v1/debit-memos/bulk', body: { memos: [{ id: changed.id, ...change }] } },
    PUT_UpdateDebitMemosDueDates: {
      path: '/v1/debit-memos',
      body: { debitMemos: [{ id: changed.id, dueDate: '2026-05-01' }] },
    },
    PUT_WriteOffDebitMemo: { path: `/v1/debit-memos/${posted.id}/write-off`, body: { comment: 'x' } },
  };
}

async function usageRequests(
  api: WorkerApi,
  accountId: string,
  accountNumber: string,
): Promise<Record<string, ValidRequest>> {
  const { Id: productId } = await made(api, '/v1/object/product', product);
  const plan = await made(api, '/v1/object/product-rate-plan', { Name: 'Metered', ProductId: productId });
  const metered = { ...perUnit, ChargeType: 'Usage', UOM: 'Minutes', ProductRatePlanId: plan.Id };
  await made(api, '/v1/object/product-rate-plan-charge', metered);
  const terms = {
    initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED', startDate: '2026-07-01' },
  };
  const action = {
    type: 'CreateSubscription',
    triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-07-01' }],
    createSubscription: { terms, subscribeToRatePlans: [{ productRatePlanId: plan.Id }] },
  };
  await made(api, '/v1/orders', {
    orderDate: '2026-07-01',
    existingAccountNumber: accountNumber,
    subscriptions: [{ orderActions: [action] }],
  });
  const usage = { AccountId: accountId, UOM: 'Minutes', Quantity: 1, StartDateTime: '2026-08-01' };
  return { Object_POSTUsage: { path: '/v1/object/usage', body: usage } };
}
