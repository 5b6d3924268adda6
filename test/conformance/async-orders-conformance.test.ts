import { expect } from 'vitest';
import { type CheckedApi, conformance } from './support/conformance.ts';
import type { JsonValue } from './support/contract-data.ts';
import { createAccount, createPlan, createSubscriptionAction } from './support/fixtures.ts';
import { expectRefusal, expectSuccess, listAt, textAt, valueAt } from './support/reply-reading.ts';

// Asynchronous orders: accepted with a job, carried out later, and read back as the synchronous reply would be.
const DAY = '2026-01-01';
const JOB_DEADLINE_MS = 30_000;

/** The job's reply once it is no longer processing. */
async function finishedJob(api: CheckedApi, jobId: string): Promise<JsonValue> {
  let body: JsonValue = null;
  await expect
    .poll(
      async () => {
        body = expectSuccess(await api.get(`/v1/async-jobs/${jobId}`));
        return textAt(body, 'status');
      },
      { timeout: JOB_DEADLINE_MS, interval: 50 },
    )
    .not.toBe('Processing');
  return body;
}

const onOne = (ratePlanId: string) => ({
  orderActions: [createSubscriptionAction([{ productRatePlanId: ratePlanId }], DAY)],
});

conformance(
  ['POST_CreateOrderAsynchronously', 'GET_JobStatusAndResponse', 'GET_Order'],
  'accepts an order and says later what became of it',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const accepted = expectSuccess(
      await api.post('/v1/async/orders', {
        existingAccountNumber: account.number,
        orderDate: DAY,
        subscriptions: [onOne(plan.ratePlanId), onOne(plan.ratePlanId)],
      }),
    );
    const job = await finishedJob(api, textAt(accepted, 'jobId'));
    expect(job).toMatchObject({
      status: 'Completed',
      errors: null,
      result: {
        jobType: 'AsyncCreateOrder',
        success: true,
        accountNumber: account.number,
        status: 'Completed',
        subscriptions: [{ status: 'Active' }, { status: 'Active' }],
      },
    });
    const order = expectSuccess(await api.get(`/v1/orders/${textAt(job, 'result.orderNumber')}`));
    expect(listAt(order, 'order.subscriptions')).toHaveLength(2);
  },
);

conformance(
  ['POST_CreateOrderAsynchronously', 'GET_JobStatusAndResponse'],
  'fails a job with the code and message of the refusal',
  async (api) => {
    const account = await createAccount(api);
    const accepted = expectSuccess(
      await api.post('/v1/async/orders', {
        existingAccountNumber: account.number,
        orderDate: DAY,
        subscriptions: [onOne('0'.repeat(32))],
      }),
    );
    const job = await finishedJob(api, textAt(accepted, 'jobId'));
    expect(valueAt(job, 'status')).toBe('Failed');
    expect(textAt(job, 'errors')).toMatch(/^\[\d{8}\]: .*productRatePlanId/);
  },
);

conformance(
  ['POST_PreviewOrderAsynchronously', 'POST_PreviewOrder', 'GET_JobStatusAndResponse'],
  'previews an order later with the numbers that a preview at once has',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const preview = {
      existingAccountNumber: account.number,
      orderDate: DAY,
      previewOptions: { previewTypes: ['ChargeMetrics', 'OrderDeltaMetrics', 'OrderMetrics'] },
      subscriptions: [onOne(plan.ratePlanId)],
    };
    const atOnce = expectSuccess(await api.post('/v1/orders/preview', preview));
    const accepted = await api.post('/v1/async/orders/preview', preview);
    expect(accepted.status).toBe(202);
    const job = await finishedJob(api, textAt(accepted.body, 'jobId'));
    expect(valueAt(job, 'result.previewResult')).toEqual(valueAt(atOnce, 'previewResult'));
  },
);

conformance(
  ['deleteOrderAsynchronously', 'GET_JobStatusAndResponse'],
  'deletes an order later, and fails the job of one that must stay',
  async (api) => {
    const account = await createAccount(api);
    const plan = await createPlan(api);
    const order = async (action: object, number: object = {}) =>
      expectSuccess(
        await api.post('/v1/orders', {
          existingAccountNumber: account.number,
          orderDate: DAY,
          subscriptions: [{ ...number, orderActions: [action] }],
        }),
      );
    const first = await order(createSubscriptionAction([{ productRatePlanId: plan.ratePlanId }], DAY));
    const subscriptionNumber = textAt(first, 'subscriptions.0.subscriptionNumber');
    const renewed = await order({ type: 'RenewSubscription', renewSubscription: {} }, { subscriptionNumber });
    const remove = async (body: JsonValue) =>
      finishedJob(
        api,
        textAt(expectSuccess(await api.delete(`/v1/async/orders/${textAt(body, 'orderNumber')}`)), 'jobId'),
      );
    expect(valueAt(await remove(first), 'status')).toBe('Failed');
    expect(valueAt(await remove(renewed), 'status')).toBe('Completed');
    expectRefusal(await api.get(`/v1/orders/${textAt(renewed, 'orderNumber')}`), { status: 404 });
  },
);

conformance(
  'POST_CreateOrderAsynchronously',
  'refuses what cannot be accepted and names the field',
  async (api) => {
    const account = await createAccount(api);
    const body = { existingAccountNumber: account.number, orderDate: 'tomorrow', subscriptions: [] };
    expectRefusal(await api.post('/v1/async/orders', body), { status: 400, names: 'orderDate' });
  },
);

conformance('GET_JobStatusAndResponse', 'answers 404 for a job that is not there', async (api) => {
  expectRefusal(await api.get(`/v1/async-jobs/${'0'.repeat(32)}`), { status: 404 });
});
