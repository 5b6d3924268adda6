import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../src/env.ts';
import { sweepPreviewRuns } from '../../src/jobs/bill-runs/run-preview-run.ts';
import { openFile } from '../../src/persistence/files.ts';
import { BillRuns, dyingAt } from '../support/bill-run-jobs.ts';

/** Billing preview runs: a file of what would be billed, written in pieces, and nothing billed. 25.00 a month and subscription. */

let runs: BillRuns;

beforeAll(async () => {
  runs = await BillRuns.start();
});

async function create(targetDate: string, batch: string, fields: object = {}): Promise<string> {
  const reply = await runs.api.post('/v1/billing-preview-runs', { targetDate, batches: batch, ...fields });
  expect(reply.body).toEqual({ billingPreviewRunId: expect.any(String), success: true });
  return reply.body.billingPreviewRunId;
}

async function shown(id: string) {
  return (await runs.api.get(`/v1/billing-preview-runs/${id}`)).body;
}

/** The lines of a run's file, without its first. */
async function linesOf(id: string): Promise<string[]> {
  const { resultFileUrl } = await shown(id);
  const text = await new Response(openFile(env.FILES, resultFileUrl.split('/').at(-1))).text();
  const [header, ...lines] = text.split('\r\n');
  expect(header).toMatch(/^AccountNumber,AccountName,SubscriptionNumber,ChargeNumber,/);
  expect(lines.pop()).toBe('');
  return lines;
}

describe('a billing preview run', () => {
  test('writes what would be billed, account by account, and bills nothing', async () => {
    const first = await runs.account(2, { batch: 'P1', name: 'Smith, "Sons" & Co' });
    const second = await runs.account(1, { batch: 'P1' });
    const id = await create('2026-02-15', 'P1');
    expect(await shown(id)).toMatchObject({ status: 'Pending', totalAccounts: 0 });
    await runs.deliverAll();
    expect(await shown(id)).toMatchObject({
      status: 'Completed',
      runNumber: expect.stringMatching(/^BPR-\d{8}$/),
      batches: 'P1',
      totalAccounts: 2,
      succeededAccounts: 2,
      errorMessage: null,
      resultFileUrl: expect.stringMatching(/\/v1\/files\/[0-9a-f]{32}$/),
    });
    const lines = await linesOf(id);
    expect(lines).toHaveLength(6);
    const [number] = first.numbers.toSorted();
    expect(lines.filter((line) => line.includes(number!))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${first.accountNumber},"Smith, ""Sons"" & Co",${number},C-\\d+,[^,]+,Charge,2026-01-01,2026-01-31,1,25,25,USD$`,
        ),
      ),
      expect.stringContaining('2026-02-01,2026-02-28'),
    ]);
    expect(lines.filter((line) => line.startsWith(second.accountNumber))).toHaveLength(2);
    expect(await runs.billedDays(first.id)).toEqual([]);
    const billed = await runs.run('2026-02-15', [first, second]);
    expect((await runs.progress(billed)).lines).toBe(lines.length);
  });

  test('leaves out an account that meets a defect, says so, and ends with the others', async () => {
    const bad = await runs.account(1, { batch: 'P4' });
    const good = await runs.account(1, { batch: 'P4' });
    await runs.spoil(bad);
    const id = await create('2026-01-01', 'P4');
    await runs.deliverAll();
    expect(await shown(id)).toMatchObject({
      status: 'Error',
      totalAccounts: 2,
      succeededAccounts: 1,
      errorMessage: '1 of 2 accounts could not be previewed',
    });
    const { fileId } = (await env.DB.prepare(
      'SELECT file_id AS fileId FROM billing_preview_run WHERE id = ?1',
    )
      .bind(id)
      .first<{ fileId: string }>())!;
    const text = await new Response(openFile(env.FILES, fileId)).text();
    expect(text.split('\r\n').filter((line) => line.includes(good.accountNumber))).toHaveLength(1);
  });

  test('leaves out evergreen subscriptions and types of charges when it was asked to', async () => {
    const account = await runs.account(1, { batch: 'P2' });
    const term = { termType: 'TERMED', period: 1, periodType: 'Month' };
    const [termed] = await runs.subscribe(account.accountNumber, 1, '2026-01-01', term);
    const id = await create('2026-01-01', 'P2', { includingEvergreenSubscription: false });
    await runs.deliverAll();
    expect(await linesOf(id)).toEqual([expect.stringContaining(termed!)]);
    const none = await create('2026-01-01', 'P2', { chargeTypeToExclude: 'OneTime,Recurring' });
    await runs.deliverAll();
    expect(await shown(none)).toMatchObject({
      status: 'Completed',
      chargeTypeToExclude: 'OneTime,Recurring',
    });
    expect(await linesOf(none)).toEqual([]);
  });

  test('writes each line once, at whichever command the consumer dies, after it or before it in turn, and whatever comes twice', async () => {
    const account = await runs.account(limits.billRunPieceSubscriptionsMax + 5, { batch: 'P3' });
    const small = await runs.account(1, { batch: 'P3' });
    const months = Math.ceil(limits.previewRunPieceLinesMax / account.numbers.length) + 1;
    const year = 2026 + Math.floor((months - 1) / 12);
    const target = `${year}-${String(((months - 1) % 12) + 1).padStart(2, '0')}-01`;
    for (let place = 0, died = true; died; place++) {
      const id = await create(target, 'P3');
      const dying = dyingAt(place, place % 2 === 0 ? 'after' : 'before');
      while (runs.messages.length > 0) {
        const message = runs.messages.shift()!;
        await runs.deliver(message, dying, 3);
      }
      died = dying.died();
      runs.now = new Date(Date.parse(runs.now) + 3_600_000).toISOString();
      await sweepPreviewRuns(env.DB, runs.now, async (messages) => {
        runs.messages.push(...messages, ...messages);
      });
      while (runs.messages.length > 0) {
        await Promise.all(runs.messages.splice(0).map((message) => runs.deliver(message)));
      }
      expect(await shown(id)).toMatchObject({ status: 'Completed', totalAccounts: 2, succeededAccounts: 2 });
      const lines = await linesOf(id);
      expect(new Set(lines).size).toBe(lines.length);
      expect(lines).toHaveLength((account.numbers.length + small.numbers.length) * months);
      const { parts } = (await env.DB.prepare('SELECT parts FROM billing_preview_run WHERE id = ?1')
        .bind(id)
        .first<{ parts: number }>())!;
      expect(parts).toBeGreaterThan(1);
    }
  });
});

describe('what a billing preview run cannot do', () => {
  test.each([
    ['targetDate', {}],
    ['targetDate', { targetDate: '2026-02-30' }],
    ['assumeRenewal', { targetDate: '2026-01-01', assumeRenewal: 'All' }],
    ['includingDraftItems', { targetDate: '2026-01-01', includingDraftItems: true }],
    ['storageOption', { targetDate: '2026-01-01', storageOption: 'Database' }],
    ['chargeTypeToExclude', { targetDate: '2026-01-01', chargeTypeToExclude: 'Recurring,Other' }],
    ['filters', { targetDate: '2026-01-01', filters: [{}] }],
  ])('is refused by the name of the field %s', async (field, body) => {
    const reply = await runs.api.post('/v1/billing-preview-runs', body);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({
      success: false,
      reasons: [{ message: expect.stringContaining(field) }],
    });
  });

  test('is shown when there is none', async () => {
    expect((await runs.api.get(`/v1/billing-preview-runs/${'0'.repeat(32)}`)).status).toBe(404);
  });
});
