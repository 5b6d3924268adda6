import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { execute } from '../../src/account/client.ts';
import type { Command } from '../../src/domain/account/command.ts';
import type { TermSpec } from '../../src/domain/subscriptions/subscription-spec.ts';
import { limits } from '../../src/env.ts';
import { type TestOffer, testAccount, testOffer } from '../support/order-objects.ts';
import { creating, orderRequest, ratePlanSpec, twelveMonths } from '../support/order-requests.ts';
import { deliver, runScheduledWork, tick } from '../support/scheduled-runs.ts';
import { commandFor } from '../support/test-lane.ts';
import { insert, insertOffer } from '../support/worker-api.ts';

/** Thousands of renewals of one account: bounded pieces, few messages, each renewed once; and the order in which days and kinds of work come. */

let flat: TestOffer;
beforeAll(async () => {
  flat = await insertOffer(testOffer([{ price: '25' }]));
});

const monthly: TermSpec = {
  ...twelveMonths,
  period: 1,
  autoRenew: true,
  renewalPeriod: 1,
  renewalPeriodType: 'Month',
};

async function subscribeMany(accountId: string, count: number, startDate = '2026-01-01'): Promise<void> {
  const PER_ORDER = 50;
  const orders = Array.from({ length: Math.ceil(count / PER_ORDER) }, (_, i) => {
    const size = Math.min(PER_ORDER, count - i * PER_ORDER);
    const subscriptions = Array.from({ length: size }, () =>
      creating([ratePlanSpec(flat.offer.id)], { terms: { ...monthly, startDate } }),
    );
    return execute(
      env,
      accountId,
      commandFor('order.create', orderRequest(accountId, subscriptions, { orderDate: startDate })),
    );
  });
  for (const { status, body } of await Promise.all(orders)) expect([status, body]).toEqual([200, body]);
}

async function countByVersion(accountId: string): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare(
    'SELECT version, count(*) AS n FROM subscription WHERE invoice_owner_account_id = ?1 AND is_latest_version = 1 GROUP BY version',
  )
    .bind(accountId)
    .all<{ version: number; n: number }>();
  return Object.fromEntries(results.map(({ version, n }) => [version, n]));
}

test('three thousand renewals of one account take one message for every thousand and a commit for many of them', async () => {
  const { id } = await insert('account', testAccount());
  await subscribeMany(id, 3_000);
  const commits = () =>
    env.DB.prepare('SELECT count(*) AS n FROM lane_commit WHERE lane_id = ?1')
      .bind(id)
      .first<{ n: number }>();
  const before = (await commits())!.n;
  let atOnce = 0;
  let most = 0;
  const counting = async (laneId: string, command: Command) => {
    most = Math.max(most, ++atOnce);
    try {
      return await execute(env, laneId, command);
    } finally {
      atOnce--;
    }
  };
  let messages = await tick('2026-02-01T12:00:00.000Z');
  let total = 0;
  while (messages.length > 0) {
    total += messages.length;
    messages = (await deliver(messages, { execute: counting })).sent;
  }
  expect(await countByVersion(id)).toEqual({ 2: 3_000 });
  // A last message finds that nothing is left.
  expect(total).toBeLessThanOrEqual(3_000 / (limits.scheduledPageMax * limits.scheduledPagesPerMessage) + 1);
  expect(most).toBe(limits.scheduledPageMax);
  expect((await commits())!.n - before).toBeLessThan(60);
  expect(await tick('2026-02-01T12:01:00.000Z')).toEqual([]);
}, 120_000);

test('days are done in their order, and on a day scheduled orders before the ends of terms', async () => {
  const { id } = await insert('account', testAccount());
  await subscribeMany(id, 1, '2025-01-01');
  for (const scheduledDate of ['2025-02-01', '2025-02-10']) {
    const kept = orderRequest(id, [creating([ratePlanSpec(flat.offer.id)])], {
      intent: 'scheduled',
      scheduledDate,
    });
    expect((await execute(env, id, commandFor('order.create', kept))).status).toBe(200);
  }
  const done: string[] = [];
  const [message] = await tick('2025-03-01T12:00:00.000Z');
  expect(message).toMatchObject({ accountId: id });
  await deliver([message!], {
    execute: async (laneId, command) => {
      const { termEndDate } = command.payload as { termEndDate?: string };
      done.push(`${command.kind} ${termEndDate ?? ''}`.trim());
      return execute(env, laneId, command);
    },
  });
  expect(done).toEqual([
    'scheduled.order',
    'scheduled.renew 2025-02-01',
    'scheduled.order',
    'scheduled.renew 2025-03-01',
  ]);
});

test('thousands of accounts: every one gets its message, in pages', async () => {
  const ACCOUNTS = limits.scheduledPairsPageMax + 7;
  await env.DB.exec("UPDATE orders SET status = 'Cancelled' WHERE status = 'Scheduled'");
  const { id } = await insert('account', testAccount());
  await subscribeMany(id, 1, '2024-01-01');
  const columns = await env.DB.prepare("SELECT name FROM pragma_table_info('subscription')").all<{
    name: string;
  }>();
  const changed: Record<string, string> = {
    id: "printf('%032x', j.value)",
    subscription_number: "'S-' || j.value",
    invoice_owner_account_id: "printf('%032x', j.value)",
  };
  const names = columns.results.map(({ name }) => name);
  await env.DB.prepare(
    `INSERT INTO subscription (${names.join(', ')}) SELECT ${names.map((name) => changed[name] ?? `s.${name}`).join(', ')} ` +
      'FROM subscription AS s CROSS JOIN json_each(?1) AS j WHERE s.invoice_owner_account_id = ?2',
  )
    .bind(JSON.stringify(Array.from({ length: ACCOUNTS - 1 }, (_, i) => i + 1)), id)
    .run();
  const messages = await tick('2024-02-01T12:00:00.000Z');
  expect(new Set(messages.map(({ accountId }) => accountId)).size).toBe(ACCOUNTS);
  expect(messages).toHaveLength(ACCOUNTS);
  expect(await runScheduledWork('2024-02-01T12:01:00.000Z')).toBe(0);
});
