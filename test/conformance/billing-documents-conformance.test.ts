import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import { createAccount, createPlan, orderSubscription } from './support/fixtures.ts';
import { expectSuccess, ID, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Bills: generated for an account, previewed for an account and a subscription, and made with an order.

async function subscription(api: CheckedApi) {
  const account = await createAccount(api);
  const plan = await createPlan(api);
  const { subscriptionNumber } = await orderSubscription(api, account, plan);
  return { account, ratePlanId: plan.ratePlanId, subscriptionNumber };
}

conformance(['POST_GenerateBillingDocuments'], 'bills an account up to a target date', async (api) => {
  const { account, subscriptionNumber } = await subscription(api);
  const path = `/v1/accounts/${account.number}/billing-documents/generate`;
  const reply = expectSuccess(
    await api.post(path, { targetDate: '2026-12-31', effectiveDate: '2026-12-31' }),
  );
  expect(reply).toMatchObject({ creditMemos: [], invoices: [{ id: expect.stringMatching(ID) }] });
  const invoice = expectSuccess(await api.get(`/v1/invoices/${textAt(reply, 'invoices.0.id')}`));
  expect(invoice).toMatchObject({ status: 'Draft', sourceType: 'Subscription', targetDate: '2026-12-31' });
  const again = expectSuccess(await api.post(path, { targetDate: '2026-12-31' }));
  expect(again).toMatchObject({ creditMemos: [], invoices: [] });
  const shown = expectSuccess(await api.get(`/v1/subscriptions/${subscriptionNumber}`));
  expect(valueAt(shown, 'ratePlans.0.ratePlanCharges.0.chargedThroughDate')).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});

conformance(['POST_BillingPreview'], 'shows what would be billed of an account', async (api) => {
  const { account } = await subscription(api);
  const body = { accountId: account.id, targetDate: '2026-12-31' };
  const reply = expectSuccess(await api.post('/v1/operations/billing-preview', body));
  expect(valueAt(reply, 'accountId')).toBe(account.id);
  expect(listAt(reply, 'invoiceItems').length).toBeGreaterThan(0);
});

conformance(['PreviewExistingSubscription'], 'shows what would be billed of a subscription', async (api) => {
  const { subscriptionNumber } = await subscription(api);
  const reply = expectSuccess(
    await api.post(`/v1/subscriptions/${subscriptionNumber}/preview`, {
      previewStartDate: { previewStartDatePolicy: 'startOfTerm' },
      previewThroughDate: { previewThruDatePolicy: 'nextBillingPeriods', nextBillingPeriods: '2' },
    }),
  );
  expect(listAt(reply, 'invoices')).toHaveLength(1);
});

conformance(['POST_Order', 'POST_PreviewOrder'], 'makes its bill as its preview shows it', async (api) => {
  const { account, ratePlanId, subscriptionNumber } = await subscription(api);
  const order = {
    orderDate: '2026-01-01',
    existingAccountNumber: account.number,
    subscriptions: [
      {
        subscriptionNumber,
        orderActions: [{ type: 'AddProduct', addProduct: { productRatePlanId: ratePlanId } }],
      },
    ],
  };
  const previewOptions = {
    previewTypes: ['BillingDocs'],
    previewThruType: 'SpecificDate',
    specificPreviewThruDate: '2026-03-31',
  };
  const preview = expectSuccess(await api.post('/v1/orders/preview', { ...order, previewOptions }));
  const processingOptions = { runBilling: true, billingOptions: { targetDate: '2026-03-31' } };
  const placed = expectSuccess(await api.post('/v1/orders?returnIds=true', { ...order, processingOptions }));
  const invoice = expectSuccess(await api.get(`/v1/invoices/${textAt(placed, 'invoiceIds.0')}`));
  expect(valueAt(invoice, 'amount')).toBe(valueAt(preview, 'previewResult.invoices.0.amount'));
});
