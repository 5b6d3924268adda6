import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../../src/account/client.ts';
import { limits } from '../../src/env.ts';
import type { JobMessage, JobPorts } from '../../src/jobs/consume-jobs.ts';
import { BillRuns, filterOf } from '../support/bill-run-jobs.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { newId } from '../support/test-lane.ts';

/** Bill runs over accounts: which are billed and how, whatever becomes of messages. 25.00 a month and subscription. */

let runs: BillRuns;

provenAfterEach();

beforeAll(async () => {
  runs = await BillRuns.start();
});

const summary = (documents: Awaited<ReturnType<BillRuns['documents']>>) =>
  documents.map(({ kind, status, amount, lines }) => ({ kind, status, amount, lines }));

describe('a bill run', () => {
  test('bills what is due up to its target date, one draft for each account, and shows how far it is', async () => {
    const first = await runs.account(2);
    const second = await runs.account(1);
    const id = await runs.create('2026-02-15', {
      billRunFilters: [first, second].map(filterOf),
      name: 'February',
    });
    expect(await runs.progress(id)).toMatchObject({ status: 'Pending', allAccountsFound: false, lines: 0 });
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed', name: 'February', autoPost: false });
    expect(summary(await runs.documents(id, first.id))).toEqual([
      { kind: 'invoice', status: 'Draft', amount: 10_000, lines: 4 },
    ]);
    expect(summary(await runs.documents(id, second.id))).toEqual([
      { kind: 'invoice', status: 'Draft', amount: 5_000, lines: 2 },
    ]);
    expect(await runs.progress(id)).toMatchObject({
      status: 'Completed',
      allAccountsFound: true,
      accounts: { Pending: 0, Processing: 0, Completed: 2, Posted: 0, Canceled: 0, Error: 0 },
      subscriptions: 3,
      lines: 6,
      commits: 2,
      queueMessages: 1,
      documents: { invoices: 2, creditMemos: 0 },
      failures: [],
    });
  });

  test('finds the accounts by itself, and bills nothing a second time', async () => {
    const due = await runs.account(1);
    const later = await runs.account(1, {}, '2026-07-01');
    const inactive = await runs.account(1);
    await env.DB.prepare("UPDATE account SET status = 'Draft' WHERE id = ?1").bind(inactive.id).run();
    const id = await runs.create('2026-03-01');
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
    expect(summary(await runs.documents(id, due.id))).toEqual([
      { kind: 'invoice', status: 'Draft', amount: 7_500, lines: 3 },
    ]);
    expect(await runs.documents(id, later.id)).toEqual([]);
    expect(await runs.documents(id, inactive.id)).toEqual([]);
    const again = await runs.create('2026-03-01');
    await runs.deliverAll();
    expect(await runs.shown(again)).toMatchObject({ status: 'Completed' });
    expect(await runs.documents(again)).toEqual([]);
  });

  test('takes only the accounts of a batch and of a bill cycle day', async () => {
    const batch = await runs.account(1, { batch: 'Batch7', billCycleDay: 5 });
    const otherDay = await runs.account(1, { batch: 'Batch7', billCycleDay: 6 });
    const otherBatch = await runs.account(1, { batch: 'Batch8', billCycleDay: 5 });
    const id = await runs.create('2026-01-10', { batches: ['Batch7', 'Batch9'], billCycleDay: '5' });
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({
      status: 'Completed',
      batches: ['Batch7', 'Batch9'],
      billCycleDay: 5,
    });
    expect(await runs.documents(id, batch.id)).toHaveLength(1);
    expect(await runs.documents(id, otherDay.id)).toEqual([]);
    expect(await runs.documents(id, otherBatch.id)).toEqual([]);
  });

  test('takes only the subscriptions that are named, by number or id', async () => {
    const account = await runs.account(3);
    const [first, second] = account.numbers as [string, string];
    const { id: secondId } = (await env.DB.prepare(
      'SELECT id FROM subscription WHERE subscription_number = ?1',
    )
      .bind(second)
      .first<{ id: string }>())!;
    const billRunFilters = [first, secondId].map((subscriptionId) => ({
      filterType: 'Subscription',
      accountId: account.accountNumber,
      subscriptionId,
    }));
    const id = await runs.create('2026-01-01', { billRunFilters });
    await runs.deliverAll();
    expect((await runs.shown(id)).billRunFilters).toEqual([
      { filterType: 'Subscription', accountId: account.id, subscriptionId: first },
      { filterType: 'Subscription', accountId: account.id, subscriptionId: secondId },
    ]);
    expect((await runs.billedDays(account.id)).map(({ number }) => number)).toEqual([first, second].sort());
  });

  test('leaves charges of an excluded type as they are', async () => {
    const account = await runs.account(1);
    const id = await runs.run('2026-01-01', [account], { chargeTypeToExclude: ['Recurring'] });
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed', chargeTypeToExclude: ['Recurring'] });
    expect(await runs.documents(id)).toEqual([]);
    expect(summary(await runs.documents(await runs.run('2026-01-01', [account])))).toMatchObject([
      { amount: 2_500 },
    ]);
  });

  test('posts by itself when it was asked to', async () => {
    const account = await runs.account(2);
    const id = await runs.run('2026-01-31', [account], { autoPost: true });
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted', autoPost: true });
    expect(summary(await runs.documents(id))).toEqual([
      { kind: 'invoice', status: 'Posted', amount: 5_000, lines: 2 },
    ]);
    const { body } = await runs.api.get(`/v1/accounts/${account.id}`);
    expect(body.metrics).toMatchObject({ balance: 50, totalInvoiceBalance: 50 });
  });

  test('posts its drafts on a date that is given, account by account', async () => {
    const accounts = [await runs.account(1), await runs.account(1)];
    const id = await runs.run('2026-01-31', accounts);
    const reply = await runs.api.put(`/v1/bill-runs/${id}/post`, { invoiceDate: '2026-02-03' });
    expect(reply.body).toMatchObject({ success: true, status: 'PostInProgress', invoiceDate: '2026-02-03' });
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted' });
    for (const account of accounts) {
      const [invoice] = await runs.documents(id, account.id);
      const { body } = await runs.api.get(`/v1/invoices/${invoice!.id}`);
      expect(body).toMatchObject({ status: 'Posted', invoiceDate: '2026-02-03', balance: 25 });
    }
    expect(await runs.progress(id)).toMatchObject({ accounts: { Completed: 0, Posted: 2 } });
  });

  test('renews what ends by the target date only when it was asked to', async () => {
    const account = await runs.account(0);
    const term = { termType: 'TERMED', period: 1, periodType: 'Month' };
    await runs.subscribe(account.accountNumber, 1, '2026-01-01', term);
    await runs.run('2026-03-15', [account]);
    expect((await runs.billedDays(account.id)).map(({ day }) => day)).toEqual(['2026-01-01']);
    const renewing = await runs.create('2026-03-15', { autoRenewal: true, batches: ['Batch1'] });
    await runs.deliverAll();
    expect(await runs.shown(renewing)).toMatchObject({ status: 'Completed', autoRenewal: true });
    expect((await runs.billedDays(account.id)).map(({ day }) => day)).toEqual([
      '2026-01-01',
      '2026-02-01',
      '2026-03-01',
    ]);
  });
});

describe('an account that is refused', () => {
  test('is kept with the reason and stops none of the others', async () => {
    const good = await runs.account(1);
    const bad = await runs.account(1);
    const id = await runs.create('2026-01-01', { billRunFilters: [bad, good].map(filterOf) });
    await runs.deliver(runs.messages.shift()!);
    await env.DB.prepare("UPDATE account SET status = 'Canceled', revision = revision + 1 WHERE id = ?1")
      .bind(bad.id)
      .run();
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Error' });
    expect(await runs.progress(id)).toMatchObject({
      failure: '1 account was refused',
      accounts: { Completed: 1, Error: 1 },
      failures: [
        {
          accountId: bad.id,
          accountNumber: bad.accountNumber,
          reason: expect.stringContaining('not active'),
        },
      ],
    });
    await runs.api.put(`/v1/bill-runs/${id}/post`, { invoiceDate: '2026-01-02' });
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted' });
    expect(summary(await runs.documents(id))).toMatchObject([{ status: 'Posted', amount: 2_500 }]);
  });

  test('gives back what was generated for it before', async () => {
    const account = await runs.account(limits.billRunPieceSubscriptionsMax + 1);
    const id = await runs.create('2026-01-01', { billRunFilters: [filterOf(account)] });
    await runs.deliver(runs.messages.shift()!);
    let pieces = 0;
    await runs.deliverAll({
      execute: async (laneId, command) => {
        const outcome = await execute(env, laneId, command);
        if (command.kind === 'billRun.billAccount' && pieces++ === 0) {
          await env.DB.prepare(
            "UPDATE account SET status = 'Canceled', revision = revision + 1 WHERE id = ?1",
          )
            .bind(account.id)
            .run();
        }
        return outcome;
      },
    });
    expect(await runs.shown(id)).toMatchObject({ status: 'Error' });
    expect(await runs.progress(id)).toMatchObject({
      lines: limits.billRunPieceSubscriptionsMax,
      accounts: { Error: 1 },
    });
    expect(summary(await runs.documents(id))).toMatchObject([{ status: 'Canceled' }]);
    await env.DB.prepare("UPDATE account SET status = 'Active', revision = revision + 1 WHERE id = ?1")
      .bind(account.id)
      .run();
    await runs.run('2026-01-01', [account]);
    expect(await runs.billedDays(account.id)).toHaveLength(limits.billRunPieceSubscriptionsMax + 1);
  });
});

describe('an account that meets a defect', () => {
  test('when it is billed is kept with the reason, and the run ends with the others', async () => {
    const bad = await runs.account(1);
    const good = await runs.account(1);
    await runs.spoil(bad);
    const id = await runs.run('2026-01-01', [bad, good]);
    expect(await runs.shown(id)).toMatchObject({ status: 'Error' });
    expect(await runs.progress(id)).toMatchObject({
      accounts: { Completed: 1, Error: 1 },
      failures: [{ accountId: bad.id, reason: expect.stringContaining('could not be processed') }],
    });
    expect(summary(await runs.documents(id))).toMatchObject([{ status: 'Draft', amount: 2_500 }]);
  });

  test('when its documents are posted is kept with the reason, and the run ends with the others', async () => {
    const accounts = [await runs.account(1), await runs.account(1)];
    const [bad] = accounts;
    const id = await runs.run('2026-01-01', accounts);
    await env.DB.prepare(
      "UPDATE invoice SET payment_term = 'none', revision = revision + 1 WHERE account_id = ?1",
    )
      .bind(bad!.id)
      .run();
    await runs.api.put(`/v1/bill-runs/${id}/post`, { invoiceDate: '2026-01-02' });
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted' });
    expect(await runs.progress(id)).toMatchObject({
      failure: '1 account was refused',
      accounts: { Posted: 1, Error: 1 },
      failures: [{ accountId: bad!.id, reason: expect.stringContaining('could not be processed') }],
    });
  });
});

describe('messages', () => {
  test('that are lost are sent again by the sweep', async () => {
    const accounts = [await runs.account(1), await runs.account(1)];
    const id = await runs.create('2026-01-01', { billRunFilters: accounts.map(filterOf) });
    runs.messages.length = 0;
    await runs.sweep();
    await runs.deliver(runs.messages.shift()!);
    expect(runs.messages.map(({ job }) => job)).toContain('billRunAccounts');
    runs.messages.length = 0;
    await runs.sweep();
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
    expect(await runs.documents(id)).toHaveLength(2);
  });

  test('that come twice, at once and out of order bill nothing twice', async () => {
    const accounts = [await runs.account(3), await runs.account(3)];
    const id = await runs.create('2026-02-01', { billRunFilters: accounts.map(filterOf) });
    const seen: JobMessage[] = [];
    while (runs.messages.length > 0) {
      const waiting = runs.messages.splice(0).reverse();
      seen.push(...waiting);
      await Promise.all([...waiting, ...waiting].map((message) => runs.deliver(message)));
    }
    for (const message of seen) await runs.deliver(message);
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
    for (const account of accounts) {
      expect(await runs.documents(id, account.id)).toHaveLength(1);
      expect((await runs.billedDays(account.id)).every(({ lines }) => lines === 1)).toBe(true);
    }
  });

  test.each(['invoice.post', 'billRun.finishInvoice', 'billRun.cancelDocument'])(
    'that come twice at the same moment refuse no account: %s of one finds it done by the other',
    async (kind) => {
      const account = await runs.account(limits.billRunPieceSubscriptionsMax + 1);
      const id = await runs.create('2026-01-01', { billRunFilters: [filterOf(account)] });
      const twice: JobPorts['execute'] = async (laneId, command) => {
        if (command.kind === kind) await execute(env, laneId, { ...command, id: newId() });
        return execute(env, laneId, command);
      };
      await runs.deliverAll({ execute: twice });
      expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
      const end = kind === 'billRun.cancelDocument' ? 'Canceled' : 'Posted';
      await runs.api.put(`/v1/bill-runs/${id}/${end === 'Posted' ? 'post' : 'cancel'}`, {
        ...(end === 'Posted' && { invoiceDate: '2026-01-02' }),
      });
      await runs.deliverAll({ execute: twice });
      expect(await runs.shown(id)).toMatchObject({ status: end });
      expect(await runs.progress(id)).toMatchObject({ failure: null, accounts: { [end]: 1, Error: 0 } });
      expect(summary(await runs.documents(id))).toMatchObject([{ status: end }]);
    },
  );

  test('that fail for some accounts go on with each account in one message, and come again when they fail for all', async () => {
    const [slow, failing, done] = [await runs.account(1), await runs.account(1), await runs.account(1)];
    const id = await runs.run('2026-01-01', [slow, failing, done]);
    await runs.api.put(`/v1/bill-runs/${id}/post`, { invoiceDate: '2026-01-02' });
    await runs.deliver(runs.messages.shift()!);
    const message = runs.messages.find(({ job }) => job === 'billRunAccounts')!;
    runs.messages.length = 0;
    const overrides: Partial<JobPorts> = {
      execute: async (laneId, command) => {
        if (laneId === failing.id) throw new Error('not now');
        // Closed on a row that it is not any more: there is always something left to do.
        const isLate = laneId === slow.id && command.kind === 'billRun.closeAccount';
        const payload = isLate ? { ...(command.payload as object), revision: -1 } : command.payload;
        return execute(env, laneId, { ...command, payload });
      },
    };
    expect(await runs.deliver(message, overrides)).toBe(true);
    const about = (messages: readonly JobMessage[]) =>
      messages.map((each) => (each.job === 'billRunAccounts' ? each.accountIds : each.job));
    expect(about(runs.messages)).toEqual([[slow.id], [failing.id]]);
    const [, failed] = runs.messages.splice(0);
    expect(await runs.deliver(failed!, overrides)).toBe(false);
    expect(runs.messages).toEqual([]);
    await runs.deliver(message);
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted' });
  });

  test('about a run that is not there do nothing', async () => {
    const billRunId = 'f'.repeat(32);
    expect(await runs.deliver({ version: 1, job: 'billRun', billRunId })).toBe(true);
    expect(
      await runs.deliver({ version: 1, job: 'billRunAccounts', billRunId, accountIds: [billRunId] }),
    ).toBe(true);
    expect(runs.messages).toEqual([]);
  });

  test('name a bounded number of accounts', async () => {
    const accounts = [];
    for (let i = 0; i <= limits.billRunMessageAccountsMax; i++) accounts.push(await runs.account(0));
    const id = await runs.create('2026-01-01', { billRunFilters: accounts.map(filterOf) });
    await runs.deliver(runs.messages.shift()!);
    const sizes = runs.messages.flatMap((message) =>
      message.job === 'billRunAccounts' ? [message.accountIds.length] : [],
    );
    expect(sizes).toEqual([limits.billRunMessageAccountsMax, 1]);
    await runs.deliverAll();
    expect(await runs.progress(id)).toMatchObject({
      status: 'Completed',
      lines: 0,
      accounts: { Completed: accounts.length },
    });
  });
});
