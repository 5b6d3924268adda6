import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, test } from 'vitest';
import { BILL_RUN_FILTERS_MAX } from '../../src/domain/billing/bill-runs/create-bill-run.ts';
import { GENERATE_SUBSCRIPTIONS_MAX } from '../../src/domain/billing/generate-documents.ts';
import { PREVIEW_SUBSCRIPTIONS_MAX } from '../../src/domain/billing/preview-billing.ts';
import { BILL_RUN_BATCHES_MAX } from '../../src/wire/bill-runs.ts';
import { NAMED_SUBSCRIPTIONS_MAX } from '../../src/wire/billing-documents.ts';
import { BillRuns } from '../support/bill-run-jobs.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';

// Limits of what bills: what just fits is taken, one more is refused by name, and nothing is done. What a run is refused for.

const RUNS = '/v1/bill-runs';
const PREVIEW_RUNS = '/v1/billing-preview-runs';
const DAY = '2026-01-01';
const dates = { targetDate: DAY, invoiceDate: DAY };

let runs: BillRuns;
let account: Awaited<ReturnType<BillRuns['account']>>;

provenAfterEach();

beforeAll(async () => {
  runs = await BillRuns.start();
  account = await runs.account(1);
});

const list = (length: number, entry: unknown) => Array.from({ length }, () => entry);

async function expectRefused(path: string, body: object, named: string): Promise<void> {
  const count = async () =>
    (await env.DB.prepare(
      'SELECT (SELECT count(*) FROM bill_run) + (SELECT count(*) FROM billing_preview_run) + (SELECT count(*) FROM invoice) AS n',
    ).first<{ n: number }>())!.n;
  const before = await count();
  const { status, body: reply } = await runs.api.post(path, body);
  expect([status, JSON.stringify(reply.reasons)]).toEqual([400, expect.stringContaining(named)]);
  expect(await count()).toBe(before);
}

describe('bill runs', () => {
  test('take so many filters and no more', async () => {
    const filter = { accountId: account.id, filterType: 'Account' };
    await runs.create(DAY, { billRunFilters: list(BILL_RUN_FILTERS_MAX, filter) });
    const over = { ...dates, billRunFilters: list(BILL_RUN_FILTERS_MAX + 1, filter) };
    await expectRefused(RUNS, over, 'billRunFilters');
  });

  test('take so many batches and no more', async () => {
    await runs.create(DAY, { batches: list(BILL_RUN_BATCHES_MAX, 'Batch50') });
    await expectRefused(RUNS, { ...dates, batches: list(BILL_RUN_BATCHES_MAX + 1, 'Batch50') }, 'batches');
  });

  const nobody = { accountId: '0'.repeat(32), filterType: 'Account' };
  test.each([
    ['targetDate', { targetDate: undefined }],
    ['targetDate', { targetDate: '2026-02-30' }],
    ['invoiceDate', { invoiceDate: undefined }],
    ['invoiceDate', { invoiceDate: 'soon' }],
    ['billCycleDay', { billCycleDay: '32' }],
    ['billCycleDay', { billCycleDay: 0 }],
    ['batches[0]', { batches: [''] }],
    ['batches', { batches: 'Batch1' }],
    ['billRunFilters[0].accountId', { billRunFilters: [{ filterType: 'Account' }] }],
    ['billRunFilters[0].accountId', { billRunFilters: [nobody] }],
    ['billRunFilters[0].filterType', { billRunFilters: [{ ...nobody, filterType: 'Batch' }] }],
    ['billRunFilters[0].subscriptionId', { billRunFilters: [{ ...nobody, filterType: 'Subscription' }] }],
    ['billRunFilters[0].subscriptionId', { billRunFilters: [{ ...nobody, subscriptionId: 'x' }] }],
    ['chargeTypeToExclude', { chargeTypeToExclude: ['Discount'] }],
    ['chargeTypeToExclude', { chargeTypeToExclude: list(4, 'Usage') }],
    ['includeSubscriptions', { includeSubscriptions: false }],
    ['name', { name: 'x'.repeat(256) }],
    ['autoPost', { autoPost: 'yes' }],
    ['schedule', { schedule: { repeatType: 'Daily' } }],
    ['autoEmail', { autoEmail: true }],
    ['targetDateOffset', { targetDateOffset: 1 }],
    ['scheduledExecutionTime', { scheduledExecutionTime: '2026-01-01 00:00:00' }],
  ])('are refused for %s', (named, fields) => expectRefused(RUNS, { ...dates, ...fields }, named));
});

describe('billing preview runs', () => {
  test.each([
    ['targetDate', { targetDate: undefined }],
    ['targetDate', { targetDate: '2026-13-01' }],
    ['assumeRenewal', { assumeRenewal: 'All' }],
    ['batch', { batch: 'x'.repeat(256) }],
    ['batches', { batches: 'x'.repeat(1_001) }],
    ['chargeTypeToExclude', { chargeTypeToExclude: 'Usage,Discount' }],
    ['includingDraftItems', { includingDraftItems: true }],
    ['storageOption', { storageOption: 'Database' }],
    ['comparedBillingPreviewRunId', { comparedBillingPreviewRunId: 'x' }],
    ['filters', { filters: [{ filterType: 'Account' }] }],
  ])('are refused for %s', (named, fields) =>
    expectRefused(PREVIEW_RUNS, { targetDate: DAY, ...fields }, named),
  );
});

describe('documents that are generated', () => {
  const path = (key: string) => `/v1/accounts/${key}/billing-documents/generate`;

  test('of so many named subscriptions and no more', async () => {
    const { id, numbers } = await runs.account(1);
    const asked = { targetDate: DAY, effectiveDate: DAY };
    const fits = { ...asked, subscriptionIds: list(NAMED_SUBSCRIPTIONS_MAX, numbers[0]) };
    expect((await runs.api.post(path(id), fits)).body).toMatchObject({ success: true });
    const over = { ...asked, subscriptionIds: list(NAMED_SUBSCRIPTIONS_MAX + 1, numbers[0]) };
    await expectRefused(path(id), over, 'subscriptionIds');
  });

  test('of more subscriptions than one commit bills: each once, in several', async () => {
    const { id } = await runs.account(GENERATE_SUBSCRIPTIONS_MAX + 1);
    const reply = await runs.api.post(path(id), { targetDate: DAY, effectiveDate: DAY });
    expect([reply.status, reply.body.invoices.length]).toEqual([200, 2]);
    const billed = await runs.billedDays(id);
    expect(billed).toHaveLength(GENERATE_SUBSCRIPTIONS_MAX + 1);
    expect(billed.every(({ lines }) => lines === 1)).toBe(true);
  });
});

test('a preview takes so many subscriptions and no more', async () => {
  const many = await runs.account(PREVIEW_SUBSCRIPTIONS_MAX);
  const body = { accountId: many.id, targetDate: DAY, includingEvergreenSubscription: true };
  const fits = await runs.api.post('/v1/operations/billing-preview', body);
  expect([fits.status, fits.body.invoiceItems?.length]).toEqual([200, PREVIEW_SUBSCRIPTIONS_MAX]);
  await runs.subscribe(many.accountNumber, 1, DAY);
  const over = await runs.api.post('/v1/operations/billing-preview', body);
  expect([over.status < 500, JSON.stringify(over.body.reasons)]).toEqual([
    true,
    expect.stringContaining(`more than ${PREVIEW_SUBSCRIPTIONS_MAX} subscriptions`),
  ]);
});
