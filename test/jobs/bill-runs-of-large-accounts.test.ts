import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../../src/account/client.ts';
import { limits } from '../../src/env.ts';
import type { JobPorts } from '../../src/jobs/consume-jobs.ts';
import { BillRuns, dyingAt, filterOf } from '../support/bill-run-jobs.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';

/** Accounts that are billed in several commits: each piece once, whoever dies where. 25.00 a month and subscription. */

const SUBSCRIPTIONS = limits.billRunPieceSubscriptionsMax + 10;

let runs: BillRuns;

provenAfterEach();

beforeAll(async () => {
  runs = await BillRuns.start();
});

const summary = (documents: Awaited<ReturnType<BillRuns['documents']>>) =>
  documents.map(({ kind, status, amount, lines }) => ({ kind, status, amount, lines }));

const invoiceOver = (months: number, status = 'Draft') => ({
  kind: 'invoice',
  status,
  amount: SUBSCRIPTIONS * months * 2_500,
  lines: SUBSCRIPTIONS * months,
});

/** Each subscription's months, once each. */
async function expectBilledOnce(accountId: string, days: readonly string[]): Promise<void> {
  const billed = await runs.billedDays(accountId);
  expect(billed.every(({ lines, amount }) => lines === 1 && amount === 2_500)).toBe(true);
  expect([...new Set(billed.map(({ day }) => day))]).toEqual(days);
  expect(billed).toHaveLength(SUBSCRIPTIONS * days.length);
}

/** Lets the run go on until a command of this kind has been carried out. */
async function untilFirst(kind: string): Promise<void> {
  let isDone = false;
  const stopping: JobPorts['execute'] = async (laneId, command) => {
    if (isDone) throw new Error('the consumer is stopped');
    const outcome = await execute(env, laneId, command);
    isDone = command.kind === kind;
    return outcome;
  };
  while (!isDone) await runs.deliver(runs.messages.shift()!, { execute: stopping });
}

describe('an account larger than a piece', () => {
  test('is billed in several commits into one invoice', async () => {
    const account = await runs.account(SUBSCRIPTIONS);
    const id = await runs.run('2026-02-01', [account]);
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
    expect(summary(await runs.documents(id))).toEqual([invoiceOver(2)]);
    // Two pieces, and the end of the account.
    expect(await runs.progress(id)).toMatchObject({
      subscriptions: SUBSCRIPTIONS,
      commits: 3,
      queueMessages: 1,
    });
    await expectBilledOnce(account.id, ['2026-01-01', '2026-02-01']);
  });

  test('by the subscriptions that are named is billed in pieces too', async () => {
    const account = await runs.account(SUBSCRIPTIONS);
    const billRunFilters = account.numbers.map((subscriptionId) => ({
      filterType: 'Subscription',
      accountId: account.id,
      subscriptionId,
    }));
    const id = await runs.create('2026-01-01', { billRunFilters });
    await runs.deliverAll();
    expect(summary(await runs.documents(id))).toEqual([invoiceOver(1)]);
    await expectBilledOnce(account.id, ['2026-01-01']);
  });

  test('posts the invoice when it was asked to', async () => {
    const account = await runs.account(SUBSCRIPTIONS);
    const id = await runs.run('2026-01-01', [account], { autoPost: true });
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted' });
    expect(summary(await runs.documents(id))).toEqual([invoiceOver(1, 'Posted')]);
    const { body } = await runs.api.get(`/v1/accounts/${account.id}`);
    expect(body.metrics).toMatchObject({ totalInvoiceBalance: SUBSCRIPTIONS * 25 });
  });

  test('takes a bounded number of steps with each message', async () => {
    const account = await runs.account(SUBSCRIPTIONS);
    const id = await runs.create('2026-01-01', { billRunFilters: [filterOf(account)] });
    await runs.deliver(runs.messages.shift()!);
    // Every step of this delivery is refused because the run seems to have another state: none gets on.
    let steps = 0;
    await runs.deliver(runs.messages.shift()!, {
      execute: async () => {
        steps++;
        return { status: 400, body: '{"reasons":[{"message":"no"}]}', replayed: false };
      },
    });
    expect(steps).toBe(limits.billRunStepsPerMessage * 2);
    expect(runs.messages.filter(({ job }) => job === 'billRunAccounts')).toHaveLength(1);
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
  });
});

describe('a consumer that dies', () => {
  test('at any step loses nothing and repeats nothing', async () => {
    const account = await runs.account(SUBSCRIPTIONS);
    const days: string[] = [];
    let month = 0;
    for (let place = 0, died = true; died; place++) {
      died = false;
      for (const moment of ['before', 'after'] as const) {
        const day = `${2026 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
        month++;
        days.push(day);
        const id = await runs.create(day, { billRunFilters: [filterOf(account)], autoPost: true });
        const dying = dyingAt(place, moment);
        // The message of the delivery that dies comes again, or not: then it is the sweep's.
        while (runs.messages.length > 0) await runs.deliver(runs.messages.shift()!, dying, 3);
        died ||= dying.died();
        for (let sweeps = 0; sweeps < 3; sweeps++) {
          await runs.sweep();
          await runs.deliverAll();
        }
        expect(await runs.shown(id), `${place} ${moment}`).toMatchObject({ status: 'Posted' });
        expect(summary(await runs.documents(id)), `${place} ${moment}`).toEqual([invoiceOver(1, 'Posted')]);
      }
    }
    // Plan, two pieces, the invoice, the account, the run; posting, the account, the run.
    expect(month / 2).toBeGreaterThanOrEqual(9);
    await expectBilledOnce(account.id, days);
    const { body } = await runs.api.get(`/v1/accounts/${account.id}`);
    expect(body.metrics.totalInvoiceBalance).toBe(SUBSCRIPTIONS * days.length * 25);
  });
});

describe('two runs at once on one account', () => {
  test('bill each day once', async () => {
    const account = await runs.account(SUBSCRIPTIONS);
    const ids = [
      await runs.create('2026-02-01', { billRunFilters: [filterOf(account)] }),
      await runs.create('2026-03-01', { billRunFilters: [filterOf(account)] }),
    ];
    while (runs.messages.length > 0) {
      await Promise.all(runs.messages.splice(0).map((message) => runs.deliver(message)));
    }
    for (const id of ids) expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
    await expectBilledOnce(account.id, ['2026-01-01', '2026-02-01', '2026-03-01']);
    const documents = [...(await runs.documents(ids[0]!)), ...(await runs.documents(ids[1]!))];
    expect(documents.every(({ status }) => status === 'Draft')).toBe(true);
    expect(documents.reduce((sum, { lines }) => sum + lines, 0)).toBe(SUBSCRIPTIONS * 3);
  });
});

describe('cancelling', () => {
  test('between two pieces takes back what was billed, and the days are billed by the next run', async () => {
    const account = await runs.account(SUBSCRIPTIONS);
    const id = await runs.create('2026-01-01', { billRunFilters: [filterOf(account)] });
    await untilFirst('billRun.billAccount');
    expect(summary(await runs.documents(id))).toMatchObject([
      { status: 'Generating', lines: limits.billRunPieceSubscriptionsMax },
    ]);
    const reply = await runs.api.put(`/v1/bill-runs/${id}/cancel`, { cancelOnce: true });
    expect(reply.body).toMatchObject({ success: true, id, status: 'CancelInProgress' });
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Canceled' });
    expect(summary(await runs.documents(id))).toMatchObject([{ status: 'Canceled' }]);
    expect(await runs.progress(id)).toMatchObject({ accounts: { Canceled: 1 } });
    await runs.run('2026-01-01', [account]);
    await expectBilledOnce(account.id, ['2026-01-01']);
  });

  test('a run that is completed cancels its drafts and leaves what was posted', async () => {
    const [kept, canceled] = [await runs.account(1), await runs.account(1)];
    const id = await runs.run('2026-01-01', [kept, canceled]);
    const [posted] = await runs.documents(id, kept.id);
    await runs.api.post('/v1/invoices/bulk-post', { invoices: [{ id: posted!.id }] });
    await runs.api.put(`/v1/bill-runs/${id}/cancel`, {});
    await runs.deliverAll();
    expect(await runs.shown(id)).toMatchObject({ status: 'Canceled' });
    expect((await runs.documents(id, kept.id))[0]!.status).toBe('Posted');
    expect((await runs.documents(id, canceled.id))[0]!.status).toBe('Canceled');
  });

  test('sets a long document back in pieces before it is cancelled', async () => {
    const account = await runs.account(510);
    const id = await runs.run('2026-01-01', [account]);
    await runs.api.put(`/v1/bill-runs/${id}/cancel`, {});
    const kinds: string[] = [];
    await runs.deliverAll({
      execute: (laneId, command) => {
        kinds.push(command.kind);
        return execute(env, laneId, command);
      },
    });
    expect(kinds.filter((kind) => kind === 'billing.unbill')).toHaveLength(2);
    expect(await runs.shown(id)).toMatchObject({ status: 'Canceled' });
    await runs.run('2026-01-01', [account]);
    expect(await runs.billedDays(account.id)).toHaveLength(510);
  });

  test('and deleting afterwards leaves nothing, at whichever command the consumer dies, before it or after it in turn', async () => {
    const account = await runs.account(2);
    const linesLeft = async () =>
      (await env.DB.prepare(
        'SELECT count(*) AS n FROM invoice_item WHERE subscription_number IN (SELECT value FROM json_each(?1))',
      )
        .bind(JSON.stringify(account.numbers))
        .first<{ n: number }>())!.n;
    for (let place = 0, died = true; died; place++) {
      const id = await runs.run('2026-01-01', [account]);
      const dying = dyingAt(place, place % 2 === 0 ? 'before' : 'after');
      await runs.api.put(`/v1/bill-runs/${id}/cancel`, {});
      while (runs.messages.length > 0) await runs.deliver(runs.messages.shift()!, dying, 3);
      await runs.sweep();
      await runs.deliverAll();
      expect(await runs.shown(id)).toMatchObject({ status: 'Canceled' });
      const removed = await runs.api.delete(`/v1/bill-runs/${id}`);
      expect(removed.body).toMatchObject({ success: true, status: 'RemoveInProgress' });
      while (runs.messages.length > 0) await runs.deliver(runs.messages.shift()!, dying, 3);
      await runs.sweep();
      await runs.deliverAll();
      died = dying.died();
      expect((await runs.api.get(`/v1/bill-runs/${id}`)).status).toBe(404);
      expect(await linesLeft()).toBe(0);
      for (const table of ['bill_run_account', 'invoice', 'credit_memo']) {
        const row = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE bill_run_id = ?1`)
          .bind(id)
          .first();
        expect(row).toEqual({ n: 0 });
      }
    }
  });
});

describe('an account below zero', () => {
  /** Billed for three months and cancelled from the beginning: more lines to give back than one commit moves. */
  async function overbilled() {
    const account = await runs.account(SUBSCRIPTIONS);
    await runs.run('2026-03-01', [account], { autoPost: true });
    await runs.cancelSubscriptions(account.accountNumber, account.numbers, '2026-01-01');
    return account;
  }
  const LINES = SUBSCRIPTIONS * 3;
  const memo = (status: string) => ({ kind: 'creditMemo', status, amount: LINES * 2_500, lines: LINES });

  test('gets one credit memo, its lines moved in bounded commits and turned round', async () => {
    expect(LINES).toBeGreaterThan(limits.billRunMoveLinesMax);
    const account = await overbilled();
    const id = await runs.run('2026-03-01', [account]);
    expect(await runs.shown(id)).toMatchObject({ status: 'Completed' });
    expect(summary(await runs.documents(id))).toEqual([memo('Draft')]);
    const lost = await env.DB.prepare(
      'SELECT count(*) AS n FROM credit_memo_item AS c JOIN credit_memo AS m ON m.id = c.credit_memo_id AND m.bill_run_id = ?1 ' +
        'WHERE NOT EXISTS (SELECT 1 FROM invoice_item AS i WHERE i.id = c.applied_to_item_id)',
    )
      .bind(id)
      .first();
    expect(lost).toEqual({ n: 0 });
    expect(await runs.documents(await runs.run('2026-03-01', [account]))).toEqual([]);
  });

  test('has the credit memo posted with its run', async () => {
    const account = await overbilled();
    const id = await runs.run('2026-03-01', [account], { autoPost: true });
    expect(await runs.shown(id)).toMatchObject({ status: 'Posted' });
    expect(summary(await runs.documents(id))).toEqual([memo('Posted')]);
    const { body } = await runs.api.get(`/v1/accounts/${account.id}`);
    expect(body.metrics).toMatchObject({
      balance: 0,
      totalInvoiceBalance: LINES * 25,
      unappliedCreditMemoAmount: LINES * 25,
    });
  });

  test('wherever the consumer dies', async () => {
    const account = await overbilled();
    for (const [place, moment] of [
      [2, 'after'],
      [3, 'before'],
      [3, 'after'],
      [4, 'before'],
      [4, 'after'],
    ] as const) {
      const id = await runs.create('2026-03-01', { billRunFilters: [filterOf(account)] });
      const dying = dyingAt(place, moment);
      while (runs.messages.length > 0) await runs.deliver(runs.messages.shift()!, dying, 3);
      expect(dying.died()).toBe(true);
      await runs.sweep();
      await runs.deliverAll();
      expect(await runs.shown(id), `${place} ${moment}`).toMatchObject({ status: 'Completed' });
      expect(summary(await runs.documents(id)), `${place} ${moment}`).toEqual([memo('Draft')]);
      await runs.api.put(`/v1/bill-runs/${id}/cancel`, {});
      await runs.deliverAll();
      expect(summary(await runs.documents(id))).toEqual([memo('Canceled')]);
    }
  });

  test('is taken back while its lines are moving', async () => {
    const account = await overbilled();
    const id = await runs.create('2026-03-01', { billRunFilters: [filterOf(account)] });
    await untilFirst('billRun.moveLines');
    expect(summary(await runs.documents(id))).toMatchObject([
      { kind: 'invoice', status: 'Generating' },
      { kind: 'creditMemo', status: 'Generating', lines: limits.billRunMoveLinesMax },
    ]);
    await runs.api.put(`/v1/bill-runs/${id}/cancel`, {});
    await runs.deliverAll();
    expect(summary(await runs.documents(id)).map(({ status }) => status)).toEqual(['Canceled', 'Canceled']);
    expect(summary(await runs.documents(await runs.run('2026-03-01', [account])))).toEqual([memo('Draft')]);
  });
});
