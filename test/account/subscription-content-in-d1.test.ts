import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { contentKey, type SubscriptionContent } from '../../src/domain/subscriptions/subscription-content.ts';
import { loadForGroup } from '../../src/persistence/account-store.ts';
import { entityTables } from '../../src/persistence/entity-tables.ts';
import { CONTENT_SQL } from '../../src/persistence/subscription-content.ts';
import { Random } from '../simulation/random.ts';
import { repricing, terms } from '../support/order-actions.ts';
import { creationBy, dayOf, historyWorld, orderBy, place } from '../support/order-histories.ts';
import { evergreen } from '../support/order-requests.ts';
import { storeOrders } from '../support/order-store.ts';
import { OrderWorld, PER_UNIT } from '../support/order-world.ts';

/** What an order reads of a subscription in D1: the same as the model in memory says, by its indexes, and as little after a long history. */

async function contentIn(key: string): Promise<SubscriptionContent | undefined> {
  const { entities } = await loadForGroup(env.DB, {
    needs: [{ kind: 'subscriptionContent', key }],
    idempotencyKeys: [],
    repliesSince: '',
    commandIds: [],
    leases: [],
    laneId: null,
  });
  return entities[0]?.entity as SubscriptionContent | undefined;
}

function sorted(content: SubscriptionContent): unknown {
  return { ...content, ratePlans: [...content.ratePlans].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

test.each([1, 2, 3, 4, 5, 6])('the query and the model agree after a history (seed %i)', async (seed) => {
  const random = new Random(seed);
  const history = historyWorld();
  const { world } = history;
  world.state.startFrom(seed * 100_000);
  for (let i = 0; i < 4; i++) place(history, creationBy(random, history));
  const numbers = world.state.all('subscription').map(({ subscriptionNumber }) => subscriptionNumber);
  for (let i = 0; i < 60; i++) place(history, orderBy(random, history, random.pick(numbers)));
  await storeOrders(env.DB, world);
  for (const number of numbers) {
    const days = [undefined, '1900-01-01', '9999-12-31', ...Array.from({ length: 12 }, () => dayOf(random))];
    const ends = world.live(number).flatMap((c) => [c.effectiveStartDate, c.effectiveEndDate]);
    for (const day of [...days, ...ends]) {
      const key = contentKey(number, day ?? '');
      const model = world.state.find('subscriptionContent', key)!;
      expect(sorted((await contentIn(key))!), key).toEqual(sorted(model));
    }
  }
});

test('a subscription that is not there has no content', async () => {
  expect(await contentIn(contentKey('S-none', '2026-01-01'))).toBeUndefined();
});

test('the query walks indexes only', async () => {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${CONTENT_SQL}`)
    .bind(JSON.stringify([contentKey('S', '2026-01-01')]))
    .all<{ detail: string }>();
  const steps = results.map(({ detail }) => detail);
  for (const index of ['charge_last', 'charge_live', 'rate_plan_subscription', 'subscription_latest']) {
    expect(steps.join('\n')).toContain(`INDEX ${index} `);
  }
  const scans = steps.filter(
    (step) => step.startsWith('SCAN') && !/^SCAN (j|k|back|billed|g|CONSTANT ROW)\b/.test(step),
  );
  expect(scans).toEqual([]);
});

test('a thousand versions with 200 prices cost an order no more reads than a fresh subscription', async () => {
  const world = new OrderWorld();
  world.state.startFrom(9_000_000);
  const fresh = world.subscribe([PER_UNIT], { terms: evergreen });
  const old = world.subscribe([PER_UNIT], { terms: evergreen });
  for (let i = 1; i < 1_000; i++) {
    const week = Math.floor(i / 5);
    const day = new Date(Date.UTC(2026, 0, 1 + 7 * week)).toISOString().slice(0, 10);
    const isPrice = i % 5 === 0;
    const action = isPrice
      ? repricing(old.plans[0]!, old.charges[0]!, day, { price: `${i}` })
      : terms({ autoRenew: i % 2 === 0 });
    world.change(old.number, [action], { orderDate: day });
  }
  expect(world.subscription(old.number).version).toBe(1_000);
  expect(world.segments(old.charges[0]!)).toHaveLength(200);
  await storeOrders(env.DB, world);
  const rowsRead = async (number: string) => {
    const { meta, results } = await env.DB.prepare(CONTENT_SQL)
      .bind(JSON.stringify([contentKey(number, '2029-12-01')]))
      .run<Record<string, string>>();
    expect(JSON.parse(results[0]!.charges!)).toHaveLength(1);
    return meta.rows_read;
  };
  const [few, many] = [await rowsRead(fresh.number), await rowsRead(old.number)];
  expect(many).toBeLessThanOrEqual(few + 5);
  expect(few).toBeLessThan(30);
  // By its number alone: the row of the latest version, not all that came before.
  const { meta, results } = await env.DB.prepare(entityTables.subscription.loadByNumberSql!)
    .bind(JSON.stringify([old.number]))
    .run<{ version: number }>();
  expect(results).toMatchObject([{ version: 1_000 }]);
  expect(meta.rows_read).toBeLessThan(10);
});
