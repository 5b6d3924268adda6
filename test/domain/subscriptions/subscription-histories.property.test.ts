import { describe, expect, test } from 'vitest';
import type { OrderRequest } from '../../../src/domain/orders/order-request.ts';
import { Random } from '../../simulation/random.ts';
import { repricing } from '../../support/order-actions.ts';
import {
  creationBy,
  dayOf,
  type HistoryWorld,
  historyWorld,
  invoiceBy,
  orderBy,
  place,
} from '../../support/order-histories.ts';
import { OrderWorld, PER_UNIT } from '../../support/order-world.ts';
import { checkLaws } from '../../support/subscription-laws.ts';

/** Histories of orders by chance: after every order the laws of subscriptions hold, and what should not matter does not. */

const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);
const ORDERS = 25;

function numbers({ world }: HistoryWorld): string[] {
  return world.state
    .all('subscription')
    .filter((s) => s.isLatestVersion)
    .map((s) => s.subscriptionNumber);
}

test.each(SEEDS)('the laws hold after every order (seed %i)', (seed) => {
  const random = new Random(seed);
  const history = historyWorld();
  for (let i = 0; i < 3; i++) expect(place(history, creationBy(random, history))).toBe(true);
  let placed = 0;
  for (let i = 0; i < ORDERS; i++) {
    const number = random.pick(numbers(history));
    if (random.chance(0.3)) invoiceBy(random, history, number);
    const before = history.world.contents();
    if (place(history, orderBy(random, history, number))) placed++;
    else expect(history.world.contents()).toBe(before);
    checkLaws(history.world.state);
  }
  expect(placed, 'most histories have orders that are placed').toBeGreaterThan(1);
});

/** Everything about the latest versions but ids, numbers and revisions, which say only in which order things were written. */
function finalState({ world }: HistoryWorld): unknown {
  return numbers({ world, plans: [], owners: [] })
    .sort()
    .map((number) => {
      const {
        id: _,
        revision: _r,
        orderId: _o,
        orderNumber: _n,
        originalId: _f,
        ...subscription
      } = world.subscription(number);
      return { subscription, charges: world.live(number).map(withoutIds) };
    });
}

function withoutIds(charge: ReturnType<OrderWorld['live']>[number]): unknown {
  const {
    id: _,
    originalChargeId: _o,
    subscriptionOriginalId: _s,
    ratePlanId: _p,
    chargeNumber: _n,
    revision: _r,
    ...rest
  } = charge;
  return rest;
}

describe('what should not matter', () => {
  test.each(SEEDS)('in which order independent orders come (seed %i)', (seed) => {
    const random = new Random(seed);
    const one = historyWorld();
    const other = historyWorld(one);
    const creations = random.integer(1, 1_000_000);
    for (const history of [one, other]) {
      const same = new Random(creations);
      for (let i = 0; i < 4; i++) place(history, creationBy(same, history));
    }
    const seeds = Array.from({ length: 4 }, () => random.integer(1, 1_000_000));
    const results = [one, other].map((history, i) => {
      const lines = numbers(history).map((number, k) => ({ number, seed: seeds[k]! }));
      const shuffled = i === 0 ? lines : random.shuffle(lines);
      const outcomes = new Map<string, boolean>();
      for (const line of shuffled) {
        outcomes.set(line.number, place(history, orderBy(new Random(line.seed), history, line.number)));
      }
      return [finalState(history), [...outcomes].sort(), totals(history)];
    });
    expect(results[1]).toEqual(results[0]);
  });

  test.each(SEEDS)(
    'in which order a charge’s price and quantity are changed for different days (seed %i)',
    (seed) => {
      const random = new Random(seed);
      const steps = Array.from({ length: 5 }, (_, i) => ({
        day: dayOf(random, '2026-01-01', 364),
        change: random.chance(0.5) ? { price: `${i + 11}.5` } : { quantity: `${i + 2}` },
      }));
      const days = new Set(steps.map(({ day }) => day));
      const ends = [steps, random.shuffle(steps)].map((sequence) => {
        const world = new OrderWorld();
        const sub = world.subscribe([PER_UNIT]);
        for (const { day, change } of sequence) {
          world.change(sub.number, [repricing(sub.plans[0]!, sub.charges[0]!, day, change)]);
        }
        checkLaws(world.state);
        return world.segments(sub.charges[0]!);
      });
      if (days.size === steps.length) expect(ends[1]).toEqual(ends[0]);
    },
  );

  test.each(SEEDS)('how much of the past an order reads (seed %i)', (seed) => {
    const windowed = historyWorld();
    const whole = historyWorld(windowed);
    readWhole(whole);
    const run = (history: HistoryWorld): unknown[] => {
      const random = new Random(seed);
      const states: unknown[] = [];
      for (let i = 0; i < 2; i++) place(history, creationBy(random, history));
      for (let i = 0; i < ORDERS; i++) {
        const number = random.pick(numbers(history));
        if (random.chance(0.3)) invoiceBy(random, history, number);
        const request: OrderRequest = orderBy(random, history, number);
        states.push([place(history, request), finalState(history)]);
      }
      return states;
    };
    const expected = run(whole);
    for (const [i, state] of run(windowed).entries()) expect(state, `order ${i}`).toEqual(expected[i]);
  });
});

/** Contracted MRR by account, in the order in which accounts were made. */
function totals({ world, owners }: HistoryWorld): bigint[] {
  return owners.map((number) => world.bookedNano(world.state.find('account', number)!.id));
}

/** Contents are read from the beginning of time, whatever day is asked for. */
function readWhole({ world }: HistoryWorld): void {
  const { state } = world;
  const find = state.find.bind(state);
  state.find = (kind, key) =>
    find(kind, kind === 'subscriptionContent' ? key.replace(/^[^@]*@/, '1900-01-01@') : key);
}
