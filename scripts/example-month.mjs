// A month of the demo reseller, made through the public API: orders for its customers that it is billed for, a bill run, documents, payments.
// For pictures of the pages and for tests of all of them.

const START_DATE = '2026-03-01';
const MONTH_END = '2026-03-31';
const TERM = { period: 12, periodType: 'Month' };
const JOB_TIMEOUT_MS = 60_000;
const JOB_POLL_MS = 200;

async function done(reply, what) {
  const { status, body } = await reply;
  if (status !== 200 || body?.success === false)
    throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

function newSubscription(owner, ratePlans) {
  return {
    orderActions: [
      {
        type: 'CreateSubscription',
        triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
          name,
          triggerDate: START_DATE,
        })),
        createSubscription: {
          subscriptionOwnerAccountNumber: owner,
          terms: {
            initialTerm: { startDate: START_DATE, ...TERM, termType: 'TERMED' },
            renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
            renewalTerms: [TERM],
            autoRenew: true,
          },
          subscribeToRatePlans: ratePlans.map((id) => ({ productRatePlanId: id })),
        },
      },
    ],
  };
}

/** Waits until a job's `status` is one of the given. */
async function ended(client, path, statuses) {
  const startedAt = Date.now();
  for (;;) {
    const { body } = await client.get(path);
    if (statuses.includes(body.status)) return body;
    if (Date.now() - startedAt > JOB_TIMEOUT_MS) throw new Error(`GET ${path}: ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, JOB_POLL_MS));
  }
}

/**
 * Makes one of each kind of thing that has a page.
 *
 * @param client get, post and put of the API (api-client.mjs)
 * @param seed what `seedOnce` returned
 * @returns ids and numbers by kind, as the d.mts beside this file names them
 * @throws when the API refuses something, with its reply
 */
export async function makeExampleMonth(client, { ratePlans, reseller, customers }) {
  const plan = (name) => ratePlans.find((one) => one.name === name).id;
  const account = { id: reseller.id, number: reseller.number };
  const order = async (owner, plans) =>
    done(
      client.post('/v1/orders', {
        orderDate: START_DATE,
        existingAccountNumber: reseller.number,
        subscriptions: [newSubscription(owner, plans)],
      }),
      'order',
    );
  const orders = [];
  for (const { number } of customers)
    orders.push(await order(number, [plan('Monthly per vehicle'), plan('Setup')]));
  orders.push(await order(reseller.number, [plan('Monthly'), plan('Quarterly'), plan('Distance driven')]));
  const [first] = orders;
  const change = await done(
    client.post('/v1/orders', {
      orderDate: '2026-03-10',
      existingAccountNumber: reseller.number,
      subscriptions: [
        {
          subscriptionNumber: first.subscriptions?.[0]?.subscriptionNumber ?? first.subscriptionNumbers[0],
          orderActions: [
            {
              type: 'AddProduct',
              triggerDates: ['ContractEffective', 'ServiceActivation', 'CustomerAcceptance'].map((name) => ({
                name,
                triggerDate: '2026-03-10',
              })),
              addProduct: { productRatePlanId: plan('Monthly') },
            },
          ],
        },
      ],
    }),
    'change of an order',
  );
  const run = await done(
    client.post('/v1/bill-runs', {
      targetDate: MONTH_END,
      invoiceDate: MONTH_END,
      billRunFilters: [{ filterType: 'Account', accountId: reseller.id }],
    }),
    'bill run',
  );
  await ended(client, `/v1/bill-runs/${run.id}`, ['Completed', 'Error']);
  await done(client.put(`/v1/bill-runs/${run.id}/post`, { invoiceDate: MONTH_END }), 'posting the bill run');
  await ended(client, `/v1/bill-runs/${run.id}`, ['Posted', 'Error']);
  const { data: billed } = await done(
    client.get(`/object-query/invoices?filter[]=accountid.EQ:${reseller.id}&pageSize=1`),
    'invoices',
  );
  const invoice = await done(
    client.post('/v1/invoices', {
      accountId: reseller.id,
      invoiceDate: '2026-03-15',
      status: 'Posted',
      comments: 'Onboarding of the fleet',
      invoiceItems: [
        {
          chargeName: 'Onboarding',
          amount: 1250.5,
          quantity: 1,
          serviceStartDate: START_DATE,
          serviceEndDate: MONTH_END,
        },
        { chargeName: 'Training day', amount: 480, quantity: 2, serviceStartDate: '2026-03-12' },
      ],
    }),
    'invoice',
  );
  const draft = await done(
    client.post('/v1/invoices', {
      accountId: reseller.id,
      invoiceDate: '2026-03-20',
      invoiceItems: [{ chargeName: 'Trackers', amount: 310, quantity: 4, serviceStartDate: '2026-03-20' }],
    }),
    'draft invoice',
  );
  const payment = await done(
    client.post('/v1/payments', {
      accountId: reseller.id,
      amount: 900,
      currency: 'USD',
      type: 'External',
      paymentMethodType: 'Check',
      effectiveDate: '2026-03-22',
      invoices: [{ invoiceId: invoice.id, amount: 750.25 }],
    }),
    'payment',
  );
  const refund = await done(
    client.post(`/v1/payments/${payment.id}/refunds`, {
      type: 'External',
      methodType: 'Check',
      totalAmount: 25,
    }),
    'refund',
  );
  const { invoiceItems } = await done(client.get(`/v1/invoices/${invoice.id}/items`), 'lines');
  const line = (amount) => ({
    invoiceId: invoice.id,
    items: [{ amount, invoiceItemId: invoiceItems[0].id, skuName: 'Onboarding' }],
    autoPost: true,
  });
  const creditMemo = await done(
    client.post(`/v1/credit-memos/invoice/${invoice.id}`, line(60)),
    'credit memo',
  );
  const debitMemo = await done(
    client.post(`/v1/debit-memos/invoice/${invoice.id}`, line(12.5)),
    'debit memo',
  );
  const usage = await done(
    client.post('/v1/object/usage', {
      AccountId: reseller.id,
      UOM: 'Kilometre',
      Quantity: 1240,
      StartDateTime: '2026-03-05T08:00:00.000+00:00',
    }),
    'usage',
  );
  const { products } = await done(client.get('/v1/catalog/products?pageSize=1'), 'products');
  return {
    account,
    customer: customers[0],
    orderNumber: change.orderNumber,
    subscriptionNumber: change.subscriptions?.[0]?.subscriptionNumber ?? change.subscriptionNumbers[0],
    billRunId: run.id,
    billedInvoiceId: billed[0].id,
    invoiceId: invoice.id,
    draftInvoiceId: draft.id,
    paymentId: payment.id,
    refundId: refund.id,
    creditMemoId: creditMemo.id,
    debitMemoId: debitMemo.id,
    usageId: usage.Id,
    productId: products[0].id,
  };
}
