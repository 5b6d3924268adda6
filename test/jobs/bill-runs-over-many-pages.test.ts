import { env } from 'cloudflare:workers';
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

/** D1 that counts what it is asked: an invocation, which is a batch of ten messages, may ask 1,000 times. */
function counting(): { readonly db: D1Database; readonly asked: () => number } {
  let asked = 0;
  const prepare = (sql: string) => {
    asked++;
    return env.DB.prepare(sql);
  };
  const batch = (statements: D1PreparedStatement[]) => env.DB.batch(statements);
  return { db: { prepare, batch } as unknown as D1Database, asked: () => asked };
}

const ASKED_MAX = 100;

/** Delivers what waits and all that follows, each with no more queries than it may make. Returns how many deliveries that took. */
async function deliverCounted(): Promise<number> {
  let deliveries = 0;
  for (let message = runs.messages.shift(); message !== undefined; message = runs.messages.shift()) {
    const { db, asked } = counting();
    expect(await runs.deliver(message, { db })).toBe(true);
    expect(asked(), message.job).toBeLessThanOrEqual(ASKED_MAX);
    deliveries++;
  }
  return deliveries;
}

/** Accounts with a subscription each that is due and has nothing to bill: copies of one, so that there can be many. */
async function dueAccounts(count: number, batch: string): Promise<void> {
  const { numbers } = await runs.account(1, { batch: 'Other' });
  const row = await env.DB.prepare('SELECT * FROM subscription WHERE subscription_number = ?1')
    .bind(numbers[0])
    .first<Record<string, unknown>>();
  for (let i = 0; i < count; i++) {
    const id = newId();
    await runs.account(0, { id, accountNumber: `${batch}-${i}`, batch });
    const copy = {
      ...row,
      id,
      original_id: id,
      subscription_number: id,
      account_id: id,
      invoice_owner_account_id: id,
    };
    const columns = Object.keys(copy);
    await env.DB.prepare(
      `INSERT INTO subscription (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    )
      .bind(...Object.values(copy))
      .run();
  }
}

test('a billing preview run reads a bounded number of times with each message, and finds all accounts', async () => {
  runs.messages.length = 0;
  await dueAccounts(200, 'Batch30');
  const { body } = await runs.api.post('/v1/billing-preview-runs', {
    targetDate: '2026-01-01',
    batches: 'Batch30',
  });
  expect(await deliverCounted()).toBeGreaterThanOrEqual(3);
  const { body: shown } = await runs.api.get(`/v1/billing-preview-runs/${body.billingPreviewRunId}`);
  expect(shown).toMatchObject({ status: 'Completed', totalAccounts: 200, succeededAccounts: 200 });
});

test('a bill run reads a bounded number of times with each message while it bills and posts', async () => {
  runs.messages.length = 0;
  const accounts = [];
  for (let i = 0; i < 20; i++) accounts.push(await runs.account(1, { accountNumber: `POST-${i}` }));
  const id = await runs.create('2026-01-01', { billRunFilters: accounts.map(filterOf) });
  await deliverCounted();
  await runs.api.put(`/v1/bill-runs/${id}/post`, { invoiceDate: '2026-01-02' });
  await deliverCounted();
  expect(await runs.progress(id)).toMatchObject({ status: 'Posted', accounts: { Posted: 20 } });
});
