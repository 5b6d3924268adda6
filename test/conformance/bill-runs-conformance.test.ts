import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import { type Account, createAccount, createPlan, createSubscriptionAction } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, ID, textAt } from './support/reply-reading.ts';

// Bill runs and billing preview runs over HTTP, carried out by the server's own queue.
const DEADLINE_MS = 60_000;

async function subscribed(api: CheckedApi, subscriptions = 1): Promise<Account> {
  const account = await createAccount(api);
  const { ratePlanId } = await createPlan(api);
  const actions = {
    orderActions: [createSubscriptionAction([{ productRatePlanId: ratePlanId }], '2026-01-01')],
  };
  expectSuccess(
    await api.post('/v1/orders', {
      orderDate: '2026-01-01',
      existingAccountNumber: account.number,
      subscriptions: Array.from({ length: subscriptions }, () => actions),
    }),
  );
  return account;
}

async function createRun(api: CheckedApi, account: Account, fields: object = {}): Promise<string> {
  const run = expectSuccess(
    await api.post('/v1/bill-runs', {
      targetDate: '2026-01-31',
      invoiceDate: '2026-01-31',
      billRunFilters: [{ filterType: 'Account', accountId: account.id }],
      ...fields,
    }),
  );
  return textAt(run, 'id');
}

async function untilStatus(api: CheckedApi, id: string, status: string): Promise<void> {
  const read = async () => textAt(expectSuccess(await api.get(`/v1/bill-runs/${id}`)), 'status');
  await expect.poll(read, { timeout: DEADLINE_MS, interval: 200 }).toBe(status);
}

conformance(
  ['POST_CreateBillRun', 'GET_BillRun', 'PUT_PostBillRun'],
  'bills an account and posts',
  async (api) => {
    const account = await subscribed(api);
    const id = await createRun(api, account, { name: 'January', chargeTypeToExclude: ['OneTime', 'Usage'] });
    expect(id).toMatch(ID);
    await untilStatus(api, id, 'Completed');
    const posting = await api.put(`/v1/bill-runs/${id}/post`, { invoiceDate: '2026-02-01' });
    expect(expectSuccess(posting)).toMatchObject({ id, invoiceDate: '2026-02-01' });
    await untilStatus(api, id, 'Posted');
    const progress = await api.get(`/v1/spillway/bill-runs/${id}/progress`);
    expect(progress.body).toMatchObject({ status: 'Posted', accounts: { Posted: 1 }, lines: 1 });
    expectRefusal(await api.put(`/v1/bill-runs/${id}/cancel`, {}), { status: 400 });
    expectRefusal(await api.get(`/v1/bill-runs/${'0'.repeat(32)}`), { status: 404 });
  },
);

conformance(
  ['PUT_CancelBillRun', 'DELETE_DeleteBillRun', 'GET_BillRun'],
  'cancels a run, then deletes it',
  async (api) => {
    const id = await createRun(api, await subscribed(api));
    await untilStatus(api, id, 'Completed');
    expectRefusal(await api.delete(`/v1/bill-runs/${id}`), { status: 400 });
    expectSuccess(await api.put(`/v1/bill-runs/${id}/cancel`, { cancelOnce: true }));
    await untilStatus(api, id, 'Canceled');
    expectSuccess(await api.delete(`/v1/bill-runs/${id}`));
    const status = async () => (await api.get(`/v1/bill-runs/${id}`)).status;
    await expect.poll(status, { timeout: DEADLINE_MS, interval: 200 }).toBe(404);
  },
);

conformance(
  ['POST_BillingPreviewRun', 'GET_BillingPreviewRun'],
  'previews accounts into a file',
  async (api) => {
    await subscribed(api);
    const created = expectSuccess(
      await api.post('/v1/billing-preview-runs', { targetDate: '2026-01-31', batches: 'Batch1' }),
    );
    const id = textAt(created, 'billingPreviewRunId');
    const read = async () => expectSuccess(await api.get(`/v1/billing-preview-runs/${id}`));
    await expect
      .poll(async () => textAt(await read(), 'status'), { timeout: DEADLINE_MS, interval: 200 })
      .toBe('Completed');
    expect(textAt(await read(), 'resultFileUrl')).toMatch(/\/v1\/files\/[0-9a-f]{32}$/);
  },
);

conformance(
  ['GET_OperationJob', 'DELETE_DeleteInvoice'],
  'deletes a long draft in pieces, as a job',
  async (api) => {
    const account = await createAccount(api);
    const { ratePlanId } = await createPlan(api);
    const actions = {
      orderActions: [createSubscriptionAction([{ productRatePlanId: ratePlanId }], '2026-01-01')],
    };
    for (let orders = 0; orders < 11; orders++) {
      expectSuccess(
        await api.post('/v1/orders', {
          orderDate: '2026-01-01',
          existingAccountNumber: account.number,
          subscriptions: Array.from({ length: 50 }, () => actions),
        }),
      );
    }
    const id = await createRun(api, account);
    await untilStatus(api, id, 'Completed');
    const list = expectSuccess(await api.get(`/v1/transactions/invoices/accounts/${account.number}`));
    const invoiceId = textAt(list, 'invoices.0.id');
    const deleted = expectSuccess(await api.delete(`/v1/invoices/${invoiceId}`));
    expect(deleted).toMatchObject({ id: invoiceId, jobStatus: 'Pending' });
    const jobPath = `/v1/operations/jobs/${textAt(deleted, 'jobId')}`;
    const status = async () => textAt(expectSuccess(await api.get(jobPath)), 'status');
    await expect.poll(status, { timeout: DEADLINE_MS, interval: 200 }).toBe('Completed');
    expect((await api.get(jobPath)).body).toMatchObject({
      objectId: invoiceId,
      objectType: 'Invoice',
      operationType: 'Delete',
    });
    expect((await api.get(`/v1/invoices/${invoiceId}`)).status).toBe(404);
    expectRefusal(await api.get(`/v1/operations/jobs/${'0'.repeat(32)}`), { status: 404 });
  },
);
