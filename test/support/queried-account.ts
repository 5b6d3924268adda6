import { expect } from 'vitest';

/** Whatever sends requests: in workerd, or over HTTP against a started server. */
export interface Sender {
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  post(path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }>;
  put(path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }>;
}

// biome-ignore lint/suspicious/noExplicitAny: replies are asserted on, not computed with
type Body = any;

async function done(reply: Promise<{ readonly status: number; readonly body: unknown }>): Promise<Body> {
  const { status, body } = await reply;
  expect(status, JSON.stringify(body)).toBe(200);
  expect((body as Body).success ?? (body as Body).Success, JSON.stringify(body)).toBe(true);
  return body;
}

/**
 * An account with one of everything that the query surfaces read.
 *
 * - 4 seats at 6.25 a month from 1 January 2026, 8 from 1 February on, and minutes at 0.50, 10 of them used on 5 January: subscription of 12 months.
 * - What is due up to 31 January is billed: 25 for the seats of January.
 * - A posted invoice over 100 and 50, of which a payment of 120 pays 110, and a credit memo of 20 for its first line, which is applied to it: 20 are left,
 *   all of them of its second line. 4 of the payment's other 10 are refunded.
 * - A debit memo over 7.5; a bill run; a card; an order of a line item of 2 × 50.125.
 */
export interface QueriedAccount {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly billToContactId: string;
  readonly productId: string;
  readonly productRatePlanId: string;
  readonly seatsChargeId: string;
  readonly orderNumber: string;
  readonly subscriptionNumber: string;
  readonly invoiceId: string;
  readonly standaloneInvoiceId: string;
  readonly paymentId: string;
  readonly refundId: string;
  readonly creditMemoId: string;
  readonly debitMemoId: string;
  readonly usageId: string;
  readonly billRunId: string;
  readonly paymentMethodId: string;
  readonly lineItemId: string;
}

const CHARGE = {
  ChargeType: 'Recurring',
  ChargeModel: 'Per Unit Pricing',
  BillCycleType: 'DefaultFromCustomer',
  BillingPeriod: 'Month',
  TriggerEvent: 'ContractEffective',
  UseDiscountSpecificAccountingCode: false,
};
const DATES = { EffectiveStartDate: '2020-01-01', EffectiveEndDate: '2050-01-01' };

async function offer(api: Sender, suffix: string) {
  const create = async (object: string, body: object): Promise<string> =>
    (await done(api.post(`/v1/object/${object}`, body))).Id;
  const productId = await create('product', { Name: `Product ${suffix}`, ...DATES });
  const productRatePlanId = await create('product-rate-plan', {
    Name: `Plan ${suffix}`,
    ProductId: productId,
    ...DATES,
  });
  const prices = (price: number) => ({
    ProductRatePlanChargeTierData: { ProductRatePlanChargeTier: [{ Currency: 'USD', Price: price }] },
  });
  const seatsChargeId = await create('product-rate-plan-charge', {
    ...CHARGE,
    ...prices(6.25),
    Name: 'Seats',
    UOM: 'Each',
    DefaultQuantity: 4,
    ProductRatePlanId: productRatePlanId,
  });
  await create('product-rate-plan-charge', {
    ...CHARGE,
    ...prices(0.5),
    Name: 'Minutes',
    ChargeType: 'Usage',
    UOM: 'Minutes',
    ProductRatePlanId: productRatePlanId,
  });
  return { productId, productRatePlanId, seatsChargeId };
}

async function subscribed(api: Sender, accountNumber: string, productRatePlanId: string) {
  const triggerDates = ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
    name,
    triggerDate: '2026-01-01',
  }));
  const created = await done(
    api.post('/v1/orders', {
      orderDate: '2026-01-01',
      existingAccountNumber: accountNumber,
      subscriptions: [
        {
          orderActions: [
            {
              type: 'CreateSubscription',
              triggerDates,
              createSubscription: {
                terms: {
                  initialTerm: {
                    startDate: '2026-01-01',
                    period: 12,
                    periodType: 'Month',
                    termType: 'TERMED',
                  },
                  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
                  renewalTerms: [{ period: 12, periodType: 'Month' }],
                  autoRenew: false,
                },
                subscribeToRatePlans: [{ productRatePlanId }],
              },
            },
          ],
        },
      ],
    }),
  );
  const subscriptionNumber: string = created.subscriptions[0].subscriptionNumber;
  const shown = await done(api.get(`/v1/subscriptions/${subscriptionNumber}`));
  const [plan] = shown.ratePlans;
  const seats = plan.ratePlanCharges.find((charge: Body) => charge.name === 'Seats');
  await done(
    api.post('/v1/orders', {
      orderDate: '2026-02-01',
      existingAccountNumber: accountNumber,
      subscriptions: [
        {
          subscriptionNumber,
          orderActions: [
            {
              type: 'UpdateProduct',
              triggerDates: [{ name: 'ContractEffective', triggerDate: '2026-02-01' }],
              updateProduct: {
                ratePlanId: plan.id,
                chargeUpdates: [
                  { chargeNumber: seats.number, pricing: { recurringPerUnit: { quantity: 8 } } },
                ],
              },
            },
          ],
        },
      ],
    }),
  );
  return { orderNumber: created.orderNumber as string, subscriptionNumber };
}

async function settled(api: Sender, accountId: string) {
  const invoice = await done(
    api.post('/v1/invoices', {
      accountId,
      invoiceDate: '2026-03-15',
      status: 'Posted',
      invoiceItems: [100, 50].map((amount) => ({
        chargeName: `Line of ${amount}`,
        amount,
        quantity: 1,
        serviceStartDate: '2026-03-01',
      })),
    }),
  );
  const payment = await done(
    api.post('/v1/payments', {
      accountId,
      amount: 120,
      currency: 'USD',
      type: 'External',
      paymentMethodType: 'Check',
      effectiveDate: '2026-03-20',
      invoices: [{ invoiceId: invoice.id, amount: 110 }],
    }),
  );
  const { invoiceItems } = await done(api.get(`/v1/invoices/${invoice.id}/items`));
  const memo = await done(
    api.post(`/v1/credit-memos/invoice/${invoice.id}`, {
      effectiveDate: '2026-03-21',
      autoPost: true,
      items: [{ amount: 20, invoiceItemId: invoiceItems[0].id, skuName: 'Credit' }],
    }),
  );
  await done(
    api.put(`/v1/credit-memos/${memo.id}/apply`, {
      effectiveDate: '2026-03-21',
      invoices: [{ invoiceId: invoice.id, amount: 20 }],
    }),
  );
  const refund = await done(
    api.post(`/v1/payments/${payment.id}/refunds`, {
      type: 'External',
      methodType: 'Check',
      totalAmount: 4,
      refundDate: '2026-03-22',
    }),
  );
  return {
    standaloneInvoiceId: invoice.id as string,
    paymentId: payment.id as string,
    creditMemoId: memo.id as string,
    refundId: refund.id as string,
  };
}

/** @param suffix of names: no two accounts of a database have the same */
export async function queriedAccount(api: Sender, suffix: string): Promise<QueriedAccount> {
  const contact = { firstName: 'Amy', lastName: 'Lawrence', country: 'United States', city: 'San Mateo' };
  const account = await done(
    api.post('/v1/accounts', {
      name: `Queried ${suffix}`,
      currency: 'USD',
      billCycleDay: 1,
      autoPay: false,
      partnerAccount: true,
      billToContact: { ...contact, workEmail: 'amy@example.com' },
      additionalEmailAddresses: ['one@example.com', 'two@example.com'],
      crmId: 'CRM-1',
      notes: "It's one",
    }),
  );
  const { accountId, accountNumber, billToContactId } = account;
  const catalog = await offer(api, suffix);
  const subscription = await subscribed(api, accountNumber, catalog.productRatePlanId);
  const { Id: usageId } = await done(
    api.post('/v1/object/usage', {
      SubscriptionNumber: subscription.subscriptionNumber,
      UOM: 'Minutes',
      Quantity: 10,
      StartDateTime: '2026-01-05T00:00:00.000Z',
    }),
  );
  const generated = await done(
    api.post(`/v1/accounts/${accountId}/billing-documents/generate`, {
      targetDate: '2026-01-31',
      effectiveDate: '2026-01-31',
    }),
  );
  const documents = await settled(api, accountId);
  const debitMemo = await done(
    api.post('/v1/debit-memos', {
      accountId,
      effectiveDate: '2026-03-15',
      autoPost: true,
      charges: [{ amount: 7.5, productRatePlanChargeId: catalog.seatsChargeId }],
    }),
  );
  const run = await done(
    api.post('/v1/bill-runs', {
      targetDate: '2026-01-31',
      invoiceDate: '2026-01-31',
      billRunFilters: [{ accountId, filterType: 'Account' }],
    }),
  );
  const card = await done(
    api.post('/v1/payment-methods', {
      accountKey: accountId,
      type: 'CreditCard',
      cardType: 'Visa',
      cardNumber: '4111111111111111',
      expirationMonth: 12,
      expirationYear: 2098,
      cardHolderInfo: { cardHolderName: 'Amy Lawrence', city: 'San Mateo' },
      makeDefault: true,
    }),
  );
  const items = await done(
    api.post('/v1/orders?returnIds=true', {
      orderDate: '2026-01-15',
      existingAccountNumber: accountNumber,
      orderLineItems: [
        {
          itemNumber: '1',
          itemName: 'webcam',
          itemType: 'Product',
          quantity: 2,
          amountPerUnit: 50.125,
          transactionStartDate: '2026-01-15',
        },
      ],
    }),
  );
  return {
    accountId,
    accountNumber,
    billToContactId,
    ...catalog,
    ...subscription,
    ...documents,
    usageId,
    invoiceId: generated.invoices[0].id,
    debitMemoId: debitMemo.id,
    billRunId: run.id,
    paymentMethodId: card.id,
    lineItemId: items.orderLineItems[0].id,
  };
}
