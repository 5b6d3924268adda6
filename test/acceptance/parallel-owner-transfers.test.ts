// Scenario S4: 500 owner transfers at once between two partner accounts, five of each of 100 subscriptions. None is refused,
// orders on the same subscription take turns, and at every watermark that was ever published nothing is lost or doubled between
// the two accounts.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalServer } from '../../scripts/local-server.mjs';
import { type Account, createPlan } from '../conformance/support/fixtures.ts';
import { textAt } from '../conformance/support/reply-reading.ts';
import {
  changeOrder,
  expectAllSucceeded,
  inParallel,
  type MetricOperation,
  type MetricsReading,
  orderFor,
  type Scenario,
  startWithFoldDelay,
  upTo,
  versionsOf,
} from '../support/scenario.ts';

const SUBSCRIPTIONS = 100;
const TRANSFERS_EACH = 5;
const TOTAL = 2_500;

let server: LocalServer;
let scenario: Scenario;
beforeAll(async () => {
  // Without a delay the numbers are published many times while the transfers run.
  ({ server, scenario } = await startWithFoldDelay(0));
});
afterAll(async () => {
  scenario?.close();
  await server?.dispose();
});

interface Pair {
  readonly E: MetricsReading;
  readonly F: MetricsReading;
}

/** Readings of both accounts while the load runs, one that follows the end of the load included. */
async function readingsDuring(load: Promise<unknown>, E: Account, F: Account): Promise<Pair[]> {
  let running = true;
  const ended = load.finally(() => {
    running = false;
  });
  const pairs: Pair[] = [];
  for (let round = 0; running; round++) {
    // Besides the folds of the queue one of them is folded by itself, so that the two are published apart.
    await scenario.refresh(round % 2 === 0 ? E : F);
    const [ofE, ofF] = await Promise.all([scenario.metrics(E), scenario.metrics(F)]);
    pairs.push({ E: ofE, F: ofF });
  }
  await ended;
  pairs.push({ E: await scenario.folded(E), F: await scenario.folded(F) });
  return pairs;
}

/** Contracted MRR of an account from the operations that are in a watermark. */
function sumAt(operations: readonly MetricOperation[], watermark: number): number {
  return operations
    .filter(({ sequence }) => sequence <= watermark)
    .reduce((sum, operation) => sum + operation.contractedMrr, 0);
}

/** Last sequence of the other account before the command that moves this one next beyond its watermark. */
function sameCut(
  own: readonly MetricOperation[],
  other: readonly MetricOperation[],
  watermark: number,
): number {
  const next = own.find(({ sequence }) => sequence > watermark);
  if (next === undefined) return Number.POSITIVE_INFINITY;
  const itsOther = other.find(({ commandId }) => commandId === next.commandId);
  return Math.min(next.sequence, itsOther?.sequence ?? next.sequence) - 1;
}

async function created(R: Account, E: Account): Promise<string[]> {
  const plan = await createPlan(scenario.checked);
  const order = orderFor(R, E, [{ productRatePlanId: plan.ratePlanId }]);
  const replies = await inParallel(SUBSCRIPTIONS, SUBSCRIPTIONS, () =>
    scenario.client.post('/v1/orders', order),
  );
  expectAllSucceeded(replies);
  return replies.map(({ body }) => textAt(body as never, 'subscriptions.0.subscriptionNumber'));
}

function transfer(R: Account, subscriptionNumber: string, to: Account) {
  const body = { destinationAccountNumber: to.number };
  return scenario.client.post('/v1/orders', changeOrder(R, subscriptionNumber, 'OwnerTransfer', body));
}

test.each([
  { atOnce: 500, watermarksMin: 2 },
  // Groups are smaller, so more is published in between.
  { atOnce: 25, watermarksMin: 5 },
])('500 owner transfers of 100 subscriptions of 25, $atOnce at once', async ({ atOnce, watermarksMin }) => {
  const [R, E, F] = [await scenario.partner(), await scenario.partner(), await scenario.partner()];
  const numbers = await created(R, E);
  expect((await scenario.folded(E)).published.contractedMrr).toBe(TOTAL);

  const transfers = inParallel(SUBSCRIPTIONS * TRANSFERS_EACH, atOnce, (i) => {
    const round = Math.floor(i / SUBSCRIPTIONS);
    return transfer(R, numbers[i % SUBSCRIPTIONS]!, round % 2 === 0 ? F : E);
  });
  const pairs = await readingsDuring(transfers, E, F);
  expectAllSucceeded(await transfers);
  const versions = await inParallel(SUBSCRIPTIONS, 8, (i) => versionsOf(scenario, numbers[i]!));
  expect(versions).toEqual(numbers.map(() => upTo(1 + TRANSFERS_EACH)));

  const history = { E: await scenario.operations(E), F: await scenario.operations(F) };
  for (const { E: ofE, F: ofF } of pairs) {
    const [atE, atF] = [ofE.watermark, ofF.watermark];
    expect(ofE.published.contractedMrr).toBe(sumAt(history.E, atE));
    expect(ofF.published.contractedMrr).toBe(sumAt(history.F, atF));
    const [cutOfF, cutOfE] = [sameCut(history.E, history.F, atE), sameCut(history.F, history.E, atF)];
    expect(ofE.published.contractedMrr + sumAt(history.F, cutOfF)).toBe(TOTAL);
    expect(ofF.published.contractedMrr + sumAt(history.E, cutOfE)).toBe(TOTAL);
    // Published by the same fold.
    if (ofE.asOf === ofF.asOf && ofE.asOf !== null) {
      expect(ofE.published.contractedMrr + ofF.published.contractedMrr).toBe(TOTAL);
    }
  }
  expect(new Set(pairs.map((pair) => pair.E.watermark)).size).toBeGreaterThanOrEqual(watermarksMin);

  await inParallel(SUBSCRIPTIONS, SUBSCRIPTIONS, async (i) => {
    const reply = await scenario.client.get<{ accountNumber: string }>(`/v1/subscriptions/${numbers[i]}`);
    // Five transfers that were sent at once may end at either account: those that ended at E go to F once more.
    if (reply.body.accountNumber === E.number) expectAllSucceeded([await transfer(R, numbers[i]!, F)]);
  });
  expect((await scenario.folded(E)).published.contractedMrr).toBe(0);
  expect((await scenario.folded(F)).published.contractedMrr).toBe(TOTAL);
  expect((await scenario.folded(R)).published.contractedMrr).toBe(0);
  expect(await scenario.count(`/v1/subscriptions/accounts/${F.number}?pageSize=40`, 'subscriptions')).toBe(
    SUBSCRIPTIONS,
  );
  expect(await scenario.count(`/v1/subscriptions/accounts/${E.number}`, 'subscriptions')).toBe(0);
  await scenario.expectProven(E, F, R);
});
