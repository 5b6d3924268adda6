import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import {
  findSubscriptionId,
  readSubscriptions,
  type SegmentScope,
} from '../../src/persistence/subscriptions.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { insert, insertOffer, type WorkerApi, workerApi } from '../support/worker-api.ts';

// Reading the latest version of a subscription costs no more however many versions it has had; the last segments of its charges also
// cost the same however many segments there are. Rows that D1 reads are counted, not time.

let api: WorkerApi;
let payer: Account;
let seats: TestOffer;

beforeAll(async () => {
  api = await workerApi();
  payer = await insert('account', testAccount());
  seats = await insertOffer(
    testOffer([{ chargeModel: 'Per Unit Pricing', price: '5', defaultQuantity: '1', unitOfMeasure: 'Each' }]),
  );
});

async function place(subscription: object): Promise<string> {
  const { body } = await api.post('/v1/orders', {
    orderDate: '2026-01-01',
    existingAccountNumber: payer.accountNumber,
    subscriptions: [subscription],
  });
  expect(body).toMatchObject({ success: true });
  return body.subscriptions[0].subscriptionNumber;
}

function subscribe(): Promise<string> {
  const initialTerm = { termType: 'EVERGREEN', startDate: '2026-01-01' };
  const subscribeToRatePlans = [{ productRatePlanId: seats.offer.id }];
  const createSubscription = { terms: { initialTerm }, subscribeToRatePlans };
  return place({ orderActions: [{ type: 'CreateSubscription', createSubscription }] });
}

async function change(subscriptionNumber: string, dates: readonly string[]): Promise<void> {
  const { body } = await api.get(`/v1/subscriptions/${subscriptionNumber}`);
  const [{ id: ratePlanId, ratePlanCharges }] = body.ratePlans;
  for (const [i, triggerDate] of dates.entries()) {
    const pricing = { recurringPerUnit: { quantity: 10 + i } };
    const updateProduct = {
      ratePlanId,
      chargeUpdates: [{ chargeNumber: ratePlanCharges[0].number, pricing }],
    };
    const triggerDates = [{ name: 'ContractEffective', triggerDate }];
    await place({
      subscriptionNumber,
      orderActions: [{ type: 'UpdateProduct', triggerDates, updateProduct }],
    });
  }
}

/** Rows that D1 reads for it. */
async function rowsRead(subscriptionNumber: string, scope: SegmentScope): Promise<number> {
  const id = await findSubscriptionId(env.DB, subscriptionNumber);
  let rows = 0;
  const counting = {
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: async (statements: D1PreparedStatement[]) => {
      const results = await env.DB.batch(statements);
      rows += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
      return results;
    },
  } as unknown as D1Database;
  expect(await readSubscriptions(counting, [id!], scope)).toHaveLength(1);
  return rows;
}

const SCOPES: readonly SegmentScope[] = ['last', 'all', { on: '2026-08-01' }];

test('the latest version costs the same after four changes and after forty', async () => {
  const [few, many] = [await subscribe(), await subscribe()];
  const sameDay = (count: number) => Array.from({ length: count }, () => '2026-06-01');
  await change(few, sameDay(4));
  await change(many, sameDay(40));
  for (const scope of SCOPES)
    expect(await rowsRead(many, scope)).toBeLessThanOrEqual(await rowsRead(few, scope));
});

test('the last segments cost the same of four segments and of forty', async () => {
  const [few, many] = [await subscribe(), await subscribe()];
  const months = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      const [year, month] = [2026 + Math.floor((i + 1) / 12), ((i + 1) % 12) + 1];
      return `${year}-${String(month).padStart(2, '0')}-01`;
    });
  await change(few, months(4));
  await change(many, months(40));
  expect(await rowsRead(many, 'last')).toBeLessThanOrEqual(await rowsRead(few, 'last'));
});
