import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { orderCommands } from '../../src/account/command-sets/orders.ts';
import type { OrderActionSpec } from '../../src/domain/orders/action-specs.ts';
import type { OrderRequest } from '../../src/domain/orders/order-request.ts';
import { Random } from '../simulation/random.ts';
import { addingProduct, changing, repricing, terms } from '../support/order-actions.ts';
import { creationBy, type HistoryWorld, historyWorld, orderBy } from '../support/order-histories.ts';
import { creating, orderRequest, ratePlanSpec } from '../support/order-requests.ts';
import { loadOrders, storeBasis } from '../support/order-store.ts';
import { checkLaws } from '../support/subscription-laws.ts';
import { type TestLane, testLane } from '../support/test-lane.ts';

/** Orders through the real lane on real D1: several in one commit, from two lanes at once, fifty on one subscription; every one counts once. */

const commands = new Map(orderCommands);

interface Stored {
  readonly history: HistoryWorld;
  readonly lane: TestLane;
  order(request: OrderRequest, lane?: TestLane): Promise<number>;
  /** An order on one subscription. */
  change(
    number: string,
    actions: readonly OrderActionSpec[],
    orderDate?: string,
    lane?: TestLane,
  ): Promise<number>;
  /** Reads what is stored now and checks the laws on it. */
  read(): Promise<void>;
}

async function stored(): Promise<Stored> {
  const history = historyWorld();
  const { world } = history;
  await storeBasis(env.DB, world);
  const lane = laneOf(world.account.id);
  const order: Stored['order'] = async (request, by = lane) =>
    (await by.send('order.create', request)).status;
  return {
    history,
    lane,
    order,
    change: (number, actions, orderDate = '2026-01-01', by = lane) =>
      order(orderRequest(world.account.accountNumber, [changing(number, actions)], { orderDate }), by),
    read: async () => {
      await loadOrders(env.DB, world.state);
      checkLaws(world.state);
    },
  };
}

function laneOf(laneId: string): TestLane {
  return testLane({ laneId, commands });
}

/** A subscription to 10 a month for each of `quantity`, by number, with its one charge. */
async function subscribed({ history, order, read }: Stored, number: string) {
  const { world, plans } = history;
  const create = { ...creating([ratePlanSpec(plans[0]!)]), subscriptionNumber: number };
  expect(await order(orderRequest(world.account.accountNumber, [create]))).toBe(200);
  await read();
  const [charge] = world.live(number);
  return { plan: charge!.ratePlanId, charge: charge!.chargeNumber };
}

async function commandsOfLastCommit({ history }: Stored): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT commands FROM lane_commit WHERE lane_id = ? ORDER BY sequence DESC LIMIT 1',
  )
    .bind(history.world.account.id)
    .first<{ commands: number }>();
  return row!.commands;
}

test.each([1, 2, 3])(
  'a history by chance, in commits of several orders, leaves the laws true (seed %i)',
  async (seed) => {
    const random = new Random(seed);
    const s = await stored();
    for (let i = 0; i < 3; i++) expect(await s.order(creationBy(random, s.history))).toBe(200);
    await s.read();
    const { world } = s.history;
    const numbers = world.state
      .all('subscription')
      .filter((row) => row.invoiceOwnerAccountId === world.account.id)
      .map((row) => row.subscriptionNumber);
    for (let round = 0; round < 8; round++) {
      const requests = Array.from({ length: 4 }, () => orderBy(random, s.history, random.pick(numbers)));
      const statuses = await Promise.all(requests.map((request) => s.order(request)));
      expect(
        statuses.every((status) => status === 200 || status === 400 || status === 422),
        statuses.join(),
      ).toBe(true);
      await s.read();
    }
  },
);

test('the second order of a commit reads later days than the first one changed', async () => {
  const s = await stored();
  const { plan, charge } = await subscribed(s, 'S-window');
  for (const [i, day] of ['2026-03-01', '2026-05-01', '2026-09-01'].entries()) {
    expect(await s.change('S-window', [repricing(plan, charge, day, { price: `${i + 20}` })])).toBe(200);
  }
  const statuses = await Promise.all([
    s.change('S-window', [repricing(plan, charge, '2026-03-01', { price: '19' })]),
    s.change('S-window', [repricing(plan, charge, '2026-10-01', { quantity: '2' })], '2026-10-01'),
  ]);
  expect(statuses).toEqual([200, 200]);
  expect(await commandsOfLastCommit(s)).toBe(2);
  await s.read();
  expect(
    s.history.world.segments(charge).map((c) => `${c.segment}: ${c.days} ${c.price}×${c.quantity}`),
  ).toEqual([
    '1: 2026-01-01..2026-03-01 10×1',
    '2: 2026-03-01..2026-05-01 19×1',
    '3: 2026-05-01..2026-09-01 21×1',
    '4: 2026-09-01..2026-10-01 22×1',
    '5: 2026-10-01..2027-01-01 22×2',
  ]);
});

test('a subscription that is made and changed in one commit', async () => {
  const s = await stored();
  const { world, plans } = s.history;
  const create = { ...creating([ratePlanSpec(plans[0]!)]), subscriptionNumber: 'S-new' };
  const statuses = await Promise.all([
    s.order(orderRequest(world.account.accountNumber, [create])),
    s.change('S-new', [addingProduct(ratePlanSpec(plans[2]!), '2026-04-01')]),
    s.change('S-new', [addingProduct(ratePlanSpec(plans[2]!), '2026-05-01')]),
  ]);
  expect(statuses).toEqual([200, 200, 200]);
  expect(await commandsOfLastCommit(s)).toBe(3);
  await s.read();
  expect(world.subscription('S-new')).toMatchObject({ version: 3, contractedMrr: '210' });
});

test('fifty orders at once on one subscription: fifty versions more, each change counted once', async () => {
  const s = await stored();
  const { plan, charge } = await subscribed(s, 'S-fifty');
  const days = Array.from({ length: 50 }, (_, i) =>
    new Date(Date.UTC(2026, 1, 1 + i)).toISOString().slice(0, 10),
  );
  const statuses = await Promise.all(
    days.map((day, i) => s.change('S-fifty', [repricing(plan, charge, day, { quantity: `${i + 2}` })], day)),
  );
  expect(statuses).toEqual(days.map(() => 200));
  await s.read();
  const { world } = s.history;
  expect(world.subscription('S-fifty')).toMatchObject({ version: 51, contractedMrr: '510' });
  expect(world.segments(charge)).toHaveLength(51);
  expect(world.booked(world.account.id)).toBe(510);
});

test('two lanes on one subscription: nobody’s change is lost', async () => {
  const s = await stored();
  const { plan, charge } = await subscribed(s, 'S-two');
  const other = laneOf(`other ${s.history.world.account.id}`);
  const days = Array.from({ length: 24 }, (_, i) =>
    new Date(Date.UTC(2026, 1, 1 + i)).toISOString().slice(0, 10),
  );
  const statuses = await Promise.all(
    days.map((day, i) =>
      s.change(
        'S-two',
        [repricing(plan, charge, day, i % 2 === 0 ? { price: `${i + 20}` } : { quantity: `${i + 2}` })],
        day,
        i % 2 === 0 ? s.lane : other,
      ),
    ),
  );
  expect(statuses).toEqual(days.map(() => 200));
  await s.read();
  const { world } = s.history;
  expect(world.subscription('S-two')).toMatchObject({ version: 25, contractedMrr: `${42 * 25}` });
  expect(world.segments(charge)).toHaveLength(25);
});

test('an order that names the version which it expects: one of two that race is told the version that there is', async () => {
  const s = await stored();
  await subscribed(s, 'S-match');
  const { world } = s.history;
  const request = orderRequest(world.account.accountNumber, [
    changing('S-match', [terms({ autoRenew: true })], 1),
  ]);
  const other = laneOf(`other ${world.account.id}`);
  const outcomes = await Promise.all([s.lane, other].map((lane) => lane.send('order.create', request)));
  expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 409]);
  const refused = outcomes.find(({ status }) => status === 409)!;
  expect(JSON.parse(refused.body)).toMatchObject({ success: false });
  expect(refused.body).toContain('at version 2, not 1');
  await s.read();
  expect(world.subscription('S-match').version).toBe(2);
});
