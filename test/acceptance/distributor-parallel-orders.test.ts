// Scenario S1: a distributor's 400 customers order at once. Nobody is refused, every customer's contracted MRR is exact in the
// first read, and the distributor's own numbers wait for the fold. Bill runs are not built yet: what the month's run
// would bill is posted as 400 standalone invoices of 25.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalServer } from '../../scripts/local-server.mjs';
import { createAccount, createPlan, standaloneInvoice } from '../conformance/support/fixtures.ts';
import {
  expectAllSucceeded,
  inParallel,
  orderFor,
  type Scenario,
  startWithSlowFolds,
} from '../support/scenario.ts';

const OWNERS = 400;
const OWNERS_CREATED_AT_ONCE = 64;

let server: LocalServer;
let scenario: Scenario;
beforeAll(async () => {
  ({ server, scenario } = await startWithSlowFolds());
});
afterAll(async () => {
  scenario?.close();
  await server?.dispose();
});

test('400 parallel orders for 400 owners, then 400 invoices on the distributor', async () => {
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
  const invoice = standaloneInvoice(distributor, 25, { status: 'Posted', invoiceDate: '2026-01-31' });
  expectAllSucceeded(await inParallel(OWNERS, OWNERS, () => client.post('/v1/invoices', invoice)));

  const nothing = { totalInvoiceBalance: 0, balance: 0, lastInvoiceDate: null };
  const billed = { totalInvoiceBalance: 10_000, balance: 10_000, lastInvoiceDate: '2026-01-31' };
  expect(await scenario.shown(distributor)).toMatchObject({ ...nothing, lastMetricsUpdate: asOf });
  expect(await scenario.metrics(distributor)).toMatchObject({
    published: nothing,
    exact: billed,
    pending: { operations: OWNERS, deltas: OWNERS },
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
