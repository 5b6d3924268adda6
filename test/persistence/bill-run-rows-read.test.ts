import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { billRunAccountId } from '../../src/domain/billing/bill-run.ts';
import { LEFT_ACCOUNTS_SQL, readLeftAccounts } from '../../src/persistence/bill-runs.ts';
import { newId } from '../support/test-lane.ts';
import { insert } from '../support/worker-api.ts';

// What asking for a run's accounts reads, however many there are.

test('refused accounts are counted when no account is left, and not read before', async () => {
  const billRunId = newId();
  const row = async (status: 'Pending' | 'Error') => {
    const accountId = newId();
    await insert('billRunAccount', {
      id: billRunAccountId(billRunId, accountId),
      revision: 1,
      billRunId,
      accountId,
      subscriptionNumbers: null,
      status,
      billedThrough: null,
      subscriptions: 0,
      lines: 0,
      pieces: 0,
      messages: 0,
      failure: null,
      updatedAt: '',
    });
  };
  for (let i = 0; i < 50; i++) await row('Error');
  expect(await readLeftAccounts(env.DB, billRunId, ['Pending'])).toEqual({ isLeft: false, failures: 50 });
  await row('Pending');
  expect(await readLeftAccounts(env.DB, billRunId, ['Pending'])).toMatchObject({ isLeft: true });
  const { meta } = await env.DB.prepare(LEFT_ACCOUNTS_SQL)
    .bind(billRunId, JSON.stringify(['Pending']))
    .all();
  expect(meta.rows_read).toBeLessThan(5);
});
