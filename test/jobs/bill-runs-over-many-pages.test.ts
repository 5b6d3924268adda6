import { beforeAll, expect, test } from 'vitest';
import { limits } from '../../src/env.ts';
import { BillRuns, filterOf } from '../support/bill-run-jobs.ts';
import { newId } from '../support/test-lane.ts';

/** Bill runs over more accounts than one look at them takes in. */

let runs: BillRuns;

beforeAll(async () => {
  runs = await BillRuns.start();
});

const realTime = { now: () => new Date().toISOString() };

test('asks for each account once, however many pages of accounts are planned after it', async () => {
  const accounts = [];
  for (let i = 0; i < limits.billRunPlanPageMax + 15; i++) {
    accounts.push(await runs.account(0, { id: newId(), accountNumber: `MANY-${i}` }));
  }
  const billRunId = await runs.create('2026-01-01', { billRunFilters: accounts.map(filterOf) });
  await runs.deliver(runs.messages.shift()!, realTime);
  // Nor does a tick of the cron ask again while they may be on their way.
  await runs.deliver({ version: 1, job: 'billRun', billRunId }, realTime);
  const asked = runs.messages.flatMap((message) =>
    message.job === 'billRunAccounts' ? message.accountIds : [],
  );
  expect(asked.toSorted()).toEqual(accounts.map(({ id }) => id).toSorted());
});
