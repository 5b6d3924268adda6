// One of each kind of document on the demo accounts, by numbers of their own: what examples of the API stand on.

const CUSTOMER = 'A-DEMO-CUSTOMER-1';

/** What is ordered begins with the current year, so that there is something to bill whenever the demo starts. */
const YEAR = `${new Date().getUTCFullYear()}-01-01`;
const DAY = new Date().toISOString().slice(0, 10);

const terms = {
  initialTerm: { startDate: YEAR, period: 12, periodType: 'Month', termType: 'TERMED' },
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalTerms: [{ period: 12, periodType: 'Month' }],
  autoRenew: true,
};

const order = (number, account, plans, more = {}) => ({
  orderNumber: `O-DEMO-${number}`,
  existingAccountNumber: account,
  orderDate: YEAR,
  subscriptions: [
    {
      subscriptionNumber: `A-S-DEMO-${number}`,
      orderActions: [
        {
          type: 'CreateSubscription',
          triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
            name,
            triggerDate: YEAR,
          })),
          createSubscription: {
            terms,
            subscribeToRatePlans: plans.map((plan) => ({ productRatePlanNumber: `PRP-DEMO-${plan}` })),
            ...more,
          },
        },
      ],
    },
  ],
});

const invoice = (number, status) => ({
  invoiceNumber: `INV-DEMO-${number}`,
  accountNumber: CUSTOMER,
  invoiceDate: DAY,
  status,
  invoiceItems: [{ chargeName: 'Installation', amount: 120, quantity: 1, serviceStartDate: DAY }],
});

const memo = (number, chargeId) => ({
  number,
  accountNumber: CUSTOMER,
  effectiveDate: DAY,
  autoPost: true,
  charges: [{ amount: 30, productRatePlanChargeId: chargeId }],
});

const payment = {
  accountNumber: CUSTOMER,
  type: 'External',
  paymentMethodType: 'Check',
  currency: 'USD',
  amount: 40,
  effectiveDate: DAY,
};

/**
 * Makes what is missing of the demo documents: subscriptions, one of them invoiced to the reseller, invoices, a payment and memos.
 *
 * @param findOrCreate (path to look at, where its id is, what to create it by), as seed.mjs has it
 * @param setupChargeId the charge that memos are about
 */
export async function seedDocuments(findOrCreate, setupChargeId) {
  const make = (found, idPath, path, body) => findOrCreate(found, idPath, { path, key: found, body });
  await make(
    '/v1/orders/O-DEMO-1',
    'order.orderNumber',
    '/v1/orders',
    order(1, CUSTOMER, ['MONTHLY', 'USAGE']),
  );
  await make(
    '/v1/orders/O-DEMO-2',
    'order.orderNumber',
    '/v1/orders',
    order(2, 'A-DEMO-CUSTOMER-2', ['UNITS'], { invoiceOwnerAccountNumber: 'A-DEMO-RESELLER' }),
  );
  const invoiceId = await make('/v1/invoices/INV-DEMO-1', 'id', '/v1/invoices', invoice(1, 'Posted'));
  await make('/v1/invoices/INV-DEMO-2', 'id', '/v1/invoices', invoice(2, 'Draft'));
  // Payments have numbers of the system alone: the customer's first is the demo's.
  const paid = `/v1/transactions/payments/accounts/${CUSTOMER}`;
  await make(paid, 'payments.0.id', '/v1/payments', { ...payment, invoices: [{ invoiceId, amount: 30 }] });
  await make('/v1/credit-memos/CM-DEMO-1', 'id', '/v1/credit-memos', memo('CM-DEMO-1', setupChargeId));
  await make('/v1/debit-memos/DM-DEMO-1', 'id', '/v1/debit-memos', memo('DM-DEMO-1', setupChargeId));
}
