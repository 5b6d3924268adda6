import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { BillRuns } from '../support/bill-run-jobs.ts';
import { testOffer } from '../support/order-objects.ts';
import { insertOffer } from '../support/worker-api.ts';

/** A small history over HTTP in which every table that the auditors read has rows: changed, billed, credited, paid and refunded. */

type Body = Record<string, unknown>;

/** Returns the account's id; all of its numbers are exact, since it is no partner. */
export async function audited(): Promise<string> {
  const runs = await BillRuns.start();
  const { id, numbers, accountNumber } = await runs.account(2, { paymentTerm: 'Net 30' });
  const account = { id, accountNumber };
  await used(runs, account);
  await changed(runs, account, numbers[0]!);
  await ordered(runs, account, numbers[1]!, [
    {
      type: 'Suspend',
      suspend: { suspendPolicy: 'SpecificDate', suspendSpecificDate: '2026-05-10' },
    },
  ]);
  await ordered(runs, account, numbers[1]!, [
    { type: 'Resume', resume: { resumePolicy: 'SpecificDate', resumeSpecificDate: '2026-05-20' } },
  ]);
  const { invoices } = await done(runs, `/v1/accounts/${id}/billing-documents/generate`, {
    targetDate: '2026-04-30',
    effectiveDate: '2026-04-30',
    autoPost: true,
  });
  // From February on the days of the second are given back.
  await runs.cancelSubscriptions(accountNumber, [numbers[1]!], '2026-02-01');
  await done(runs, `/v1/accounts/${id}/billing-documents/generate`, {
    targetDate: '2026-04-30',
    effectiveDate: '2026-04-30',
    autoPost: true,
  });
  await settled(runs, account, (invoices as Array<{ id: string }>)[0]!.id);
  await runs.run('2026-06-30', [account], { autoPost: true });
  await placedLater(runs, account);
  return id;
}

/** Sends it under a key of its own. */
async function done(runs: BillRuns, path: string, body: object): Promise<Body> {
  const reply = await runs.api.post(path, body, { 'Idempotency-Key': crypto.randomUUID() });
  expect(reply.body, `${path}: ${JSON.stringify(reply.body)}`).toMatchObject({ success: true });
  return reply.body;
}

type Known = { readonly id: string; readonly accountNumber: string };

function ordered(runs: BillRuns, { accountNumber }: Known, subscriptionNumber: string, actions: object[]) {
  return done(runs, '/v1/orders', {
    orderDate: '2026-03-01',
    existingAccountNumber: accountNumber,
    subscriptions: [{ subscriptionNumber, orderActions: actions }],
  });
}

/** Seats of which there are more from March on, and a plan that is removed in April. */
async function changed(runs: BillRuns, account: Known, number: string): Promise<void> {
  const seats = await insertOffer(
    testOffer([
      { price: '6.25', chargeModel: 'Per Unit Pricing', defaultQuantity: '4', unitOfMeasure: 'Each' },
    ]),
  );
  const plansOf = async () => {
    const { body } = await runs.api.get(`/v1/subscriptions/${number}`);
    return body.ratePlans as Array<{ id: string; productRatePlanId: string; ratePlanCharges: Body[] }>;
  };
  const on = (day: string) => ({ triggerDates: [{ name: 'ContractEffective', triggerDate: day }] });
  await ordered(runs, account, number, [
    { type: 'AddProduct', addProduct: { productRatePlanId: seats.offer.id }, ...on('2026-01-01') },
  ]);
  const plans = await plansOf();
  const added = plans.find(({ productRatePlanId }) => productRatePlanId === seats.offer.id)!;
  const update = {
    ratePlanId: added.id,
    chargeUpdates: [
      { chargeNumber: added.ratePlanCharges[0]!.number, pricing: { recurringPerUnit: { quantity: 6 } } },
    ],
  };
  await ordered(runs, account, number, [
    { type: 'UpdateProduct', updateProduct: update, ...on('2026-03-01') },
  ]);
  const flat = plans.find(({ id }) => id !== added.id)!;
  await ordered(runs, account, number, [
    { type: 'RemoveProduct', removeProduct: { ratePlanId: flat.id }, ...on('2026-04-01') },
  ]);
}

/** 10 minutes of January. */
async function used(runs: BillRuns, { accountNumber }: Known): Promise<void> {
  const minutes = await insertOffer(
    testOffer([
      { price: '0.5', chargeType: 'Usage', chargeModel: 'Per Unit Pricing', unitOfMeasure: 'Minutes' },
    ]),
  );
  const { subscriptionNumber } = await done(runs, '/v1/subscriptions', {
    accountKey: accountNumber,
    contractEffectiveDate: '2026-01-01',
    termType: 'EVERGREEN',
    renewalTerm: 0,
    autoRenew: false,
    subscribeToRatePlans: [{ productRatePlanId: minutes.offer.id }],
  });
  const reply = await runs.api.post('/v1/object/usage', {
    SubscriptionNumber: subscriptionNumber,
    UOM: 'Minutes',
    Quantity: 10,
    StartDateTime: '2026-01-05',
  });
  expect(reply.body).toMatchObject({ Success: true });
}

/** A payment and memos of both kinds, on the whole and on lines; refunds of both. */
async function settled(runs: BillRuns, { id }: Known, invoiceId: string): Promise<void> {
  const { body } = await runs.api.get(`/v1/invoices/${invoiceId}/items`);
  const [first, second] = body.invoiceItems as Array<{ id: string }>;
  const payment = await done(runs, '/v1/payments', {
    accountId: id,
    amount: 60,
    currency: 'USD',
    type: 'External',
    effectiveDate: '2026-04-30',
    invoices: [{ invoiceId, amount: 5, items: [{ invoiceItemId: first!.id, amount: 5 }] }],
  });
  const refund = { totalAmount: 7, type: 'External', methodType: 'Check' };
  await done(runs, `/v1/payments/${payment.id}/refunds`, refund);
  const memo = await done(runs, `/v1/credit-memos/invoice/${invoiceId}`, {
    autoPost: true,
    items: [{ invoiceItemId: second!.id, amount: 9, skuName: 'Credit' }],
  });
  const applied = await runs.api.put(`/v1/credit-memos/${memo.id}/apply`, {
    invoices: [{ invoiceId, amount: 4 }],
  });
  expect(applied.body).toMatchObject({ success: true });
  await done(runs, `/v1/credit-memos/${memo.id}/refunds`, { ...refund, totalAmount: 2 });
  const charge = { productRatePlanChargeId: runs.offer.offer.charges[0]!.id, amount: 30 };
  await done(runs, '/v1/debit-memos', { accountId: id, autoPost: true, charges: [charge] });
}

/** An order that is carried out as a job, and one that is kept. */
async function placedLater(runs: BillRuns, { accountNumber }: Known): Promise<void> {
  const body = {
    orderDate: '2026-03-01',
    existingAccountNumber: accountNumber,
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            createSubscription: {
              terms: { initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' } },
              subscribeToRatePlans: [{ productRatePlanId: runs.offer.offer.id }],
            },
          },
        ],
      },
    ],
  };
  await done(runs, '/v1/async/orders', body);
  await runs.deliverAll();
  await done(runs, '/v1/orders', { ...body, status: 'Draft' });
  // Clients of the simulation name the request in what it creates.
  await env.DB.prepare(
    'UPDATE orders SET description = job.request_id FROM async_job AS job ' +
      "WHERE orders.id = json_extract(job.result, '$.orderId')",
  ).run();
}
