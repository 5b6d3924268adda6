import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { provenAfterEach } from '../support/proven-metrics.ts';
import {
  done,
  type FormsWorld,
  formsWorld,
  publishedMrr,
  subscribed,
} from '../support/subscription-forms.ts';

/** A subscription that was never billed can be deleted, whole, whatever happens to it meanwhile; its orders stay. */

let world: FormsWorld;
let api: FormsWorld['api'];

provenAfterEach();

beforeAll(async () => {
  world = await formsWorld();
  ({ api } = world);
});

/** Rows of a deleted subscription that are still there. */
async function rowsLeft(number: string): Promise<number> {
  const orphans = (table: string) =>
    `(SELECT count(*) FROM ${table} AS t WHERE NOT EXISTS (SELECT 1 FROM subscription AS s WHERE s.id = t.subscription_original_id))`;
  const row = await env.DB.prepare(
    `SELECT (SELECT count(*) FROM subscription WHERE subscription_number = ?1) + ${['rate_plan', 'charge', 'order_delta'].map(orphans).join(' + ')} AS n`,
  )
    .bind(number)
    .first<{ n: number }>();
  return row!.n;
}

test('delete takes every version with it and what the owner contracted', async () => {
  const { owner, number, path } = await subscribed(world);
  await done(api.put(path, { notes: 'second version' }));
  const stale = await api.put(`${path}/delete`, {}, { 'If-Match': '1' });
  expect(stale.status).toBe(409);
  expect(await done(api.put(`${path}/delete`, {}))).toEqual({ success: true });
  expect(await publishedMrr(owner.id)).toBe(0);
  expect((await api.get(path)).status).toBe(404);
  expect((await api.put(`${path}/delete`, {})).status).toBe(404);
  expect(await rowsLeft(number)).toBe(0);
  const [order] = (await api.get(`/v1/orders/subscriptionOwner/${owner.accountNumber}`)).body.orders;
  expect(order).toMatchObject({ status: 'Completed' });
  expect((await api.get(`/v1/orders/${order.orderNumber}`)).status).toBe(200);
});

test('delete spares what has been billed', async () => {
  const { owner, path } = await subscribed(world);
  const generate = `/v1/accounts/${owner.accountNumber}/billing-documents/generate`;
  await done(api.post(generate, { targetDate: '2026-01-31' }));
  const reply = await api.put(`${path}/delete`, {});
  expect([reply.status, reply.body.success]).toEqual([400, false]);
  expect(reply.body.reasons[0].message).toContain('billed');
  expect(await publishedMrr(owner.id)).toBe(25);
});

test('delete and orders on the same subscription meet: nothing of it is left behind', async () => {
  const { owner, number, path } = await subscribed(world);
  const replies = await Promise.all([
    ...Array.from({ length: 3 }, () => api.put(`${path}/renew`, {})),
    api.put(`${path}/delete`, {}),
    ...Array.from({ length: 3 }, () => api.put(`${path}/renew`, {})),
  ]);
  expect(replies[3]!.status).toBe(200);
  for (const { status } of replies) expect([200, 400, 404]).toContain(status);
  expect(await rowsLeft(number)).toBe(0);
  expect(await publishedMrr(owner.id)).toBe(0);
});

test('the number of a deleted subscription can be used again', async () => {
  const subscriptionNumber = 'A-S-again';
  const { path } = await subscribed(world, { subscriptionNumber });
  await done(api.put(`${path}/delete`, {}));
  await subscribed(world, { subscriptionNumber });
  expect((await api.get(path)).body).toMatchObject({ version: 1, subscriptionNumber });
});
