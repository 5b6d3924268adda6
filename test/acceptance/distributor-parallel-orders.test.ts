// Scenario S1: a distributor's 400 customers order at once. Nobody is refused, every customer's contracted MRR is exact in the
// first read, and the distributor's own numbers wait for the fold, also those of the month's bill run.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalServer } from '../../scripts/local-server.mjs';
import { createAccount, createPlan } from '../conformance/support/fixtures.ts';
import { expectSuccess, textAt } from '../conformance/support/reply-reading.ts';
import {
  expectAllSucceeded,
  inParallel,
  orderFor,
  type Scenario,
  startWithSlowFolds,
} from '../support/scenario.ts';

const OWNERS = 400;
const OWNERS_CREATED_AT_ONCE = 64;
/** A bill run travels through the jobs queue, which waits a second for company. */
const BILL_RUN_MS_MAX = 60_000;

let server: LocalServer;
let scenario: Scenario;
beforeAll(async () => {
  ({ server, scenario } = await startWithSlowFolds());
});
afterAll(async () => {
  scenario?.close();
  await server?.dispose();
});

test('400 parallel orders for 400 owners, then the month is billed to the distributor', async () => {
  const { client, checked } = scenario;
  const distributor = await scenario.partner();
  const plan = await createPlan(checked);
  const owners = await inParallel(OWNERS, OWNERS_CREATED_AT_ONCE, () => createAccount(checked));

  const contractedMrrs = await Promise.all(
    owners.map(async (owner) => {
      const order = orderFor(distributor, owner, [{ productRatePlanId: plan.ratePlanId }]);
      expectAllSucceeded([await client.post('/v1/orders', order)]);
      const { body } = await client.get<{ metrics: { contractedMrr: number } }>(`/v1/accounts/${owner.id}`);
      return body.metrics.contractedMrr;
    }),
  );
  expect(contractedMrrs).toEqual(owners.map(() => 25));
  expect(await scenario.shown(distributor)).toMatchObject({ contractedMrr: 0, balance: 0 });

  const asOf = (await scenario.refresh(distributor)).asOf;
  expect(asOf).not.toBeNull();
  const run = await checked.post('/v1/bill-runs', {
    billRunFilters: [{ filterType: 'Account', accountId: distributor.id }],
    targetDate: '2026-01-31',
    invoiceDate: '2026-01-31',
    autoPost: true,
  });
  const runId = textAt(expectSuccess(run), 'id');
  const statusOf = async () => textAt(expectSuccess(await checked.get(`/v1/bill-runs/${runId}`)), 'status');
  await expect.poll(statusOf, { timeout: BILL_RUN_MS_MAX, interval: 200 }).toBe('Posted');

  const nothing = { totalInvoiceBalance: 0, balance: 0, lastInvoiceDate: null };
  const billed = { totalInvoiceBalance: 10_000, balance: 10_000, lastInvoiceDate: '2026-01-31' };
  expect(await scenario.shown(distributor)).toMatchObject({ ...nothing, lastMetricsUpdate: asOf });
  expect(await scenario.metrics(distributor)).toMatchObject({
    published: nothing,
    exact: billed,
    pending: { operations: 1, deltas: 1 },
  });

  const refreshed = await scenario.refresh(distributor);
  expect(refreshed).toMatchObject({
    published: billed,
    exact: billed,
    pending: { operations: 0, deltas: 0 },
  });
  expect(Date.parse(refreshed.asOf ?? '')).toBeGreaterThan(Date.parse(asOf ?? ''));
  const shown = await scenario.shown(distributor);
  expect(shown).toMatchObject({ ...billed, contractedMrr: 0, lastMetricsUpdate: refreshed.asOf });
  await scenario.expectProven(distributor, owners[0]!, owners[OWNERS - 1]!);
});
