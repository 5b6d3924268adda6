import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type InProcessApi, inProcessApi } from '../support/in-process-api.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

/** POST /v1/orders/preview over HTTP: what an order would do, with nothing written, and the same as a job. */

let api: InProcessApi;
let account: Account;
let flat: TestOffer;

beforeAll(async () => {
  api = await inProcessApi();
  account = await insert('account', testAccount());
  flat = await insertOffer(testOffer([{ price: '25' }]));
});

const terms = {
  initialTerm: { period: 12, periodType: 'Month', termType: 'TERMED' },
  renewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
  renewalTerms: [{ period: 12, periodType: 'Month' }],
};

function body(fields: object = {}): object {
  return {
    orderDate: '2026-07-01',
    existingAccountNumber: account.accountNumber,
    previewOptions: { previewTypes: ['ChargeMetrics', 'OrderDeltaMetrics', 'OrderMetrics'] },
    subscriptions: [
      {
        orderActions: [
          {
            type: 'CreateSubscription',
            createSubscription: {
              terms,
              subscribeToRatePlans: [{ productRatePlanId: flat.offer.id }],
            },
          },
        ],
      },
    ],
    ...fields,
  };
}

async function rows(): Promise<Record<string, unknown> | null> {
  return env.DB.prepare(
    'SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM subscription) AS subscriptions, ' +
      '(SELECT count(*) FROM metric_delta) AS deltas, (SELECT count(*) FROM lane_commit) AS commits, ' +
      '(SELECT count(*) FROM command_log) AS commands',
  ).first();
}

describe('a preview', () => {
  test('shows charges, deltas and order metrics: 25 a month for a year', async () => {
    const before = await rows();
    const reply = await api.post('/v1/orders/preview', body());
    expect(reply.status).toBe(200);
    const slice = { startDate: '2026-07-01', endDate: '2027-07-01' };
    const charge = { productRatePlanChargeId: flat.offer.charges[0]!.id };
    const delta = {
      ...charge,
      ...slice,
      currency: 'USD',
      orderActionSequence: '0',
      orderActionType: 'CreateSubscription',
    };
    expect(reply.body).toEqual({
      success: true,
      previewResult: {
        chargeMetrics: [
          {
            charges: [
              {
                ...charge,
                productRatePlanId: flat.offer.plan.id,
                cmrr: { regular: 25, regularDelta: 25 },
                tcv: { regular: 300, regularDelta: 300 },
              },
            ],
          },
        ],
        orderDeltaMetrics: {
          orderDeltaMrr: [{ ...delta, grossAmount: 25 }],
          orderDeltaTcv: [{ ...delta, grossAmount: 300 }],
        },
        orderMetrics: [
          {
            orderActions: [
              {
                sequence: '0',
                type: 'CreateSubscription',
                orderItems: [],
                orderMetrics: [
                  {
                    ...charge,
                    productRatePlanId: flat.offer.plan.id,
                    mrr: [{ amount: 25, ...slice }],
                    quantity: [{ amount: 1, ...slice }],
                    tcv: [{ amount: 300, ...slice }],
                  },
                ],
              },
            ],
          },
        ],
      },
    });
    expect(await rows()).toEqual(before);
  });

  test('needs no account: what is said of one is enough', async () => {
    const before = await rows();
    const reply = await api.post(
      '/v1/orders/preview',
      body({ existingAccountNumber: undefined, previewAccountInfo: { currency: 'USD', billCycleDay: 15 } }),
    );
    expect(reply.body.previewResult.chargeMetrics[0].charges[0].cmrr.regular).toBe(25);
    expect(await rows()).toEqual(before);
  });

  test('under an idempotency key answers the same again', async () => {
    const headers = { 'Idempotency-Key': 'preview-once' };
    const first = await api.post('/v1/orders/preview', body(), headers);
    const again = await api.post('/v1/orders/preview', body(), headers);
    expect([first.status, again.status, again.headers.get('Idempotency-Hit')]).toEqual([200, 200, 'true']);
    expect(again.body).toEqual(first.body);
  });

  test.each<[string, () => object, string]>([
    ['no account', () => body({ existingAccountNumber: undefined }), 'existingAccountNumber'],
    ['two accounts', () => body({ previewAccountInfo: { currency: 'USD' } }), 'existingAccountNumber'],
    ['an unknown account', () => body({ existingAccountNumber: 'nobody' }), 'existingAccountNumber'],
    [
      'ramps',
      () => body({ previewOptions: { previewTypes: ['ChargeMetrics', 'RampMetrics'] } }),
      'previewOptions.previewTypes[1]: RampMetrics is not available yet',
    ],
    [
      'an unknown type',
      () => body({ previewOptions: { previewTypes: ['All'] } }),
      'previewOptions.previewTypes[0]',
    ],
    [
      'no currency',
      () => body({ existingAccountNumber: undefined, previewAccountInfo: {} }),
      'previewAccountInfo.currency',
    ],
  ])('with %s is refused by name', async (_what, given, field) => {
    const reply = await api.post('/v1/orders/preview', given());
    expect([reply.status, reply.body.success]).toEqual([400, false]);
    expect(reply.body.reasons[0].message).toContain(field);
  });
});
