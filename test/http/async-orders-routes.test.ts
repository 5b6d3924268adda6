import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { asyncJobLimits } from '../../src/domain/async-jobs/async-job.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { type ApiReply, insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

// Asynchronous orders over HTTP and the real queue: accepted at once, carried out once, and what became of them as the synchronous reply would say it.

let api: WorkerApi;
let account: Account;
let flat: TestOffer;

beforeAll(async () => {
  api = await workerApi();
  account = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
});

const creating = (fields: object = {}, ratePlan: object = {}) => ({
  orderActions: [
    {
      type: 'CreateSubscription',
      createSubscription: {
        terms: { initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' } },
        subscribeToRatePlans: [{ productRatePlanId: flat.offer.id, ...ratePlan }],
        ...fields,
      },
    },
  ],
});
const order = (subscriptions: unknown, fields: object = {}) => ({
  orderDate: '2026-07-01',
  existingAccountNumber: account.accountNumber,
  subscriptions,
  ...fields,
});
const many = (count: number) => Array.from({ length: count }, () => creating());

/** Waits for the queue to carry the job out. */
async function finished(accepted: ApiReply): Promise<ApiReply['body']> {
  expect(accepted.body).toEqual({ jobId: expect.stringMatching(/^[0-9a-f]{32}$/), success: true });
  expect(accepted.status).toBe(200);
  let body: ApiReply['body'];
  await expect
    .poll(
      async () => {
        body = (await api.get(`/v1/async-jobs/${accepted.body.jobId}`)).body;
        return body.status;
      },
      { timeout: 20_000, interval: 25 },
    )
    .not.toBe('Processing');
  return body;
}

async function ordersOf({ id }: Account): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS n FROM orders WHERE account_id = ?1').bind(id).first();
  return row!.n as number;
}

test('a job that is not done yet is Processing, with neither result nor errors', async () => {
  // Accepted, and its message lost.
  const jobId = 'd'.repeat(32);
  await insert('asyncJob', {
    id: jobId,
    revision: 1,
    jobType: 'AsyncCreateOrder',
    commandKind: 'order.create',
    payload: {},
    laneId: account.id,
    referenceId: null,
    status: 'Processing',
    result: null,
    refusal: null,
    resourceCode: '587302',
    requestId: '',
    createdAt: new Date().toISOString(),
    createdBy: 'test',
    finishedAt: null,
  });
  expect(await api.get(`/v1/async-jobs/${jobId}`)).toMatchObject({
    status: 200,
    body: { status: 'Processing', errors: null, success: true },
  });
});

describe('a completed job', () => {
  test('holds what the synchronous reply holds, and its type', async () => {
    const body = await finished(await api.post('/v1/async/orders?returnIds=true', order([creating()])));
    const synchronous = (await api.post('/v1/orders?returnIds=true', order([creating()]))).body;
    expect(body).toEqual({
      status: 'Completed',
      errors: null,
      result: {
        ...synchronous,
        jobType: 'AsyncCreateOrder',
        orderId: expect.stringMatching(/^[0-9a-f]{32}$/),
        orderNumber: expect.stringMatching(/^O-\d{8}$/),
        subscriptionIds: [expect.stringMatching(/^[0-9a-f]{32}$/)],
        subscriptions: [
          {
            ...synchronous.subscriptions[0],
            subscriptionId: expect.any(String),
            subscriptionNumber: expect.stringMatching(/^A-S\d{8}$/),
          },
        ],
      },
      success: true,
    });
    const made = await api.get(`/v1/orders/${body.result.orderNumber}`);
    expect(made.body.order).toMatchObject({ status: 'Completed', orderNumber: body.result.orderNumber });
  });

  test('has its result in the form of the caller’s version', async () => {
    const accepted = await api.post('/v1/async/orders', order([creating()]), { 'Zuora-Version': '211' });
    const { result } = await finished(accepted);
    expect(result.subscriptionNumbers).toEqual([expect.stringMatching(/^A-S/)]);
    expect(result).not.toHaveProperty('subscriptions');
  });

  test('may have opened its account', async () => {
    const newAccount = {
      name: 'Fleet',
      currency: 'USD',
      billCycleDay: 1,
      billToContact: { firstName: 'Amy', lastName: 'Lawrence', country: 'United States' },
    };
    const body = order([creating()], { existingAccountNumber: undefined, newAccount });
    const { result } = await finished(await api.post('/v1/async/orders', body));
    const opened = await api.get(`/v1/accounts/${result.accountNumber}`);
    expect(opened.body.metrics.contractedMrr).toBe(25);
  });

  test('may have 300 subscriptions', async () => {
    const owner = await insert('account', testAccount());
    const body = order(many(300), { existingAccountNumber: owner.accountNumber });
    const { result } = await finished(await api.post('/v1/async/orders', body));
    expect(
      new Set(result.subscriptions.map((s: { subscriptionNumber: string }) => s.subscriptionNumber)).size,
    ).toBe(300);
    expect((await api.get(`/v1/accounts/${owner.id}`)).body.metrics.contractedMrr).toBe(300 * 25);
    expect(await ordersOf(owner)).toBe(1);
  });
});

test('a failed job says why, as the synchronous refusal would, and nothing was done', async () => {
  const owner = await insert('account', testAccount());
  const body = order([creating(), creating({}, { productRatePlanId: 'f'.repeat(32) })], {
    existingAccountNumber: owner.accountNumber,
  });
  const job = await finished(await api.post('/v1/async/orders', body));
  const [reason] = (await api.post('/v1/orders', body)).body.reasons;
  expect(job).toEqual({ status: 'Failed', errors: `[${reason.code}]: ${reason.message}`, success: true });
  expect(reason.code).toBe(58730220);
  expect(await ordersOf(owner)).toBe(0);
});

test('an idempotency key accepts one job, whose repeated reply is the first; other content is 422', async () => {
  const owner = await insert('account', testAccount());
  const body = order([creating()], { existingAccountNumber: owner.accountNumber });
  const key = { 'Idempotency-Key': 'one async order' };
  const first = await api.post('/v1/async/orders', body, key);
  const again = await api.post('/v1/async/orders', body, key);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('Idempotency-Hit')).toBe('true');
  expect((await api.post('/v1/async/orders', { ...body, description: 'x' }, key)).status).toBe(422);
  await finished(first);
  expect(await ordersOf(owner)).toBe(1);
});

describe('refused at once, and no job is kept', () => {
  const cases: ReadonlyArray<readonly [string, () => object]> = [
    ['orderDate', () => order([creating()], { orderDate: 'tomorrow' })],
    ['existingAccountNumber', () => order([creating()], { existingAccountNumber: 'A-none' })],
    ['300 subscriptions', () => order(many(301))],
    [
      '300 order actions',
      () =>
        order(
          many(151).map(({ orderActions }) => ({
            orderActions: [...orderActions, { type: 'RenewSubscription' }],
          })),
        ),
    ],
    [
      `more than ${asyncJobLimits.payloadBytesMax} bytes`,
      () => order(many(60).map((line) => ({ ...line, customFields: { odd__c: 'x'.repeat(30_000) } }))),
    ],
  ];
  test.each(cases)('%s', async (message, body) => {
    const count = () => env.DB.prepare('SELECT count(*) AS n FROM async_job').first();
    const before = await count();
    const reply = await api.post('/v1/async/orders', body());
    expect([reply.status, reply.body.reasons[0].message]).toEqual([400, expect.stringContaining(message)]);
    expect(await count()).toEqual(before);
  });

  test('by role', async () => {
    const reader = await workerApi('read');
    expect((await reader.post('/v1/async/orders', order([creating()]))).status).toBe(403);
    expect((await reader.get(`/v1/async-jobs/${'d'.repeat(32)}`)).status).toBe(200);
  });

  test('a job that is not there', async () => {
    expect((await api.get(`/v1/async-jobs/${'e'.repeat(32)}`)).status).toBe(404);
  });
});
