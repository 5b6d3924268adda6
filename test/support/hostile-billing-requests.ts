import type { ValidRequest } from './hostile-requests.ts';
import type { WorkerApi } from './worker-api.ts';

/** Requests that bill an account, or look at what would be billed, and that change what is billed already. */

type Requests = Record<string, ValidRequest>;

export async function billingRequests(
  api: WorkerApi,
  { accountId, draftId }: { readonly accountId: string; readonly draftId: string },
): Promise<Requests> {
  const subscriptions = (await api.get(`/v1/subscriptions/accounts/${accountId}`)).body
    .subscriptions as Array<{
    id: string;
  }>;
  const { invoiceItems } = (await api.get(`/v1/invoices/${draftId}/items`)).body as {
    invoiceItems: Array<{ id: string }>;
  };
  const item = { id: invoiceItems[0]!.id, amount: 6, serviceEndDate: '2026-03-31' };
  const change = { comments: 'x', dueDate: '2026-05-01', invoiceItems: [item] };
  const dates = { targetDate: '2026-09-30', invoiceDate: '2026-09-30' };
  const run = {
    ...dates,
    name: 'x',
    billRunFilters: [
      { accountId, filterType: 'Account' },
      { accountId, filterType: 'Subscription', subscriptionId: subscriptions[0]!.id },
    ],
    chargeTypeToExclude: ['Usage'],
  };
  const canceled = await runId(api, run);
  const posted = await runId(api, run);
  return {
    PUT_UpdateInvoice: { path: `/v1/invoices/${draftId}`, body: change },
    PUT_BatchUpdateInvoices: { path: '/v1/invoices', body: { invoices: [{ id: draftId, ...change }] } },
    POST_CreateBillRun: { path: '/v1/bill-runs', body: run },
    PUT_CancelBillRun: { path: `/v1/bill-runs/${canceled}/cancel`, body: { cancelOnce: true } },
    PUT_PostBillRun: {
      path: `/v1/bill-runs/${posted}/post`,
      body: { invoiceDate: '2026-09-30' },
    },
    POST_BillingPreviewRun: {
      path: '/v1/billing-preview-runs',
      body: { targetDate: '2026-09-30', batch: 'Batch50', chargeTypeToExclude: 'Usage' },
    },
    POST_GenerateBillingDocuments: {
      path: `/v1/accounts/${accountId}/billing-documents/generate`,
      body: {
        targetDate: '2026-09-30',
        effectiveDate: '2026-09-30',
        subscriptionIds: [subscriptions[0]!.id],
        chargeTypeToExclude: ['Usage'],
      },
    },
    POST_BillingPreview: {
      path: '/v1/operations/billing-preview',
      body: { accountId, targetDate: '2026-12-31', chargeTypeToExclude: 'Usage' },
    },
  };
}

async function runId(api: WorkerApi, run: object): Promise<string> {
  const reply = await api.post('/v1/bill-runs', run);
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
  return reply.body.id;
}
