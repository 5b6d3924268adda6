import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

/** POST /v1/orders with CreateSubscription over HTTP: what it creates, whose metrics move, and what it refuses by name. */

let api: WorkerApi;
let account: Account;
let flat: TestOffer;

provenAfterEach();

beforeAll(async () => {
  api = await workerApi();
  account = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
});

const terms = {
  initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' },
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalTerms: [{ period: 12, periodType: 'Month' }],
};

function creating(fields: object = {}, ratePlan: object = {}): object {
  return {
    orderActions: [
      {
        type: 'CreateSubscription',
        createSubscription: {
          terms,
          subscribeToRatePlans: [{ productRatePlanId: flat.offer.id, ...ratePlan }],
          ...fields,
        },
      },
    ],
  };
}

function order(subscriptions: unknown, fields: object = {}): object {
  return { orderDate: '2026-07-01', existingAccountNumber: account.accountNumber, subscriptions, ...fields };
}

async function publishedMrr(accountId: string): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT contracted_mrr_whole AS whole FROM account_metrics WHERE account_id = ?1',
  )
    .bind(accountId)
    .first<{ whole: number }>();
  return row?.whole ?? 0;
}

describe('a completed order', () => {
  test('answers as the published sample does', async () => {
    const reply = await api.post('/v1/orders', order([creating()]));
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      success: true,
      orderNumber: expect.stringMatching(/^O-\d{8}$/),
      accountNumber: account.accountNumber,
      status: 'Completed',
      subscriptions: [
        {
          subscriptionNumber: expect.stringMatching(/^A-S\d{8}$/),
          subscriptionOwnerId: account.id,
          subscriptionOwnerNumber: account.accountNumber,
          status: 'Active',
        },
      ],
    });
  });

  test('moves the contracted MRR of the subscription owner alone', async () => {
    const owner = await insert('account', testAccount());
    const payer = await insert('account', testAccount({ partnerAccount: true }));
    const body = order([creating({ subscriptionOwnerAccountNumber: owner.accountNumber })], {
      existingAccountNumber: payer.accountNumber,
    });
    expect((await api.post('/v1/orders', body)).status).toBe(200);
    expect(await publishedMrr(owner.id)).toBe(25);
    expect(await publishedMrr(payer.id)).toBe(0);
  });

  test('creates many subscriptions with charges of their own in one transaction', async () => {
    const owner = await insert('account', testAccount());
    const body = order(
      Array.from({ length: 50 }, () => creating()),
      { existingAccountNumber: undefined, existingAccountId: owner.id },
    );
    const reply = await api.post('/v1/orders?returnIds=true', body);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      accountId: owner.id,
      orderId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(new Set(reply.body.subscriptionIds).size).toBe(50);
    expect(await publishedMrr(owner.id)).toBe(1250);
  });

  test('parallel orders on one account all succeed and add up', async () => {
    const owner = await insert('account', testAccount());
    const body = order([creating()], { existingAccountNumber: owner.accountNumber });
    const replies = await Promise.all(Array.from({ length: 40 }, () => api.post('/v1/orders', body)));
    expect(replies.map((r) => r.status)).toEqual(Array.from({ length: 40 }, () => 200));
    expect(new Set(replies.map((r) => r.body.orderNumber)).size).toBe(40);
    expect(await publishedMrr(owner.id)).toBe(1000);
  });
});
