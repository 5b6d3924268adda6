import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { putCharge } from '../support/catalog-fixtures.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, putAccount, type Reply } from '../support/settlement-fixtures.ts';

// Credit memos over HTTP: made of charges and of invoice lines, posted, applied at once and later, reversed, written off; no line is credited
// twice, and refusals name the field and do nothing.
const NOBODY = '0'.repeat(32);
let call: Call;
let chargeId: string;

provenAfterEach();

beforeAll(async () => {
  call = await connect('standard');
  chargeId = (await putCharge(await connect('admin'))).id;
});

interface Made {
  readonly id: string;
  readonly number: string;
}

function ok(reply: Reply): Record<string, unknown> {
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  expect(reply.body).toMatchObject({ success: true });
  return reply.body;
}

async function memoOf(account: Account, amounts: readonly number[], fields: object = {}): Promise<Made> {
  const body = {
    accountId: account.id,
    effectiveDate: '2026-03-15',
    autoPost: true,
    charges: amounts.map((amount) => ({ amount, productRatePlanChargeId: chargeId })),
    ...fields,
  };
  return ok(await call('POST', '/v1/credit-memos', body)) as unknown as Made;
}

async function invoiceOf(account: Account, amounts: readonly number[], fields: object = {}) {
  const body = ok(
    await call('POST', '/v1/invoices', {
      accountId: account.id,
      invoiceDate: '2026-03-01',
      status: 'Posted',
      invoiceItems: amounts.map((amount) => ({
        chargeName: 'Seats',
        amount,
        serviceStartDate: '2026-03-01',
        serviceEndDate: '2026-03-31',
      })),
      ...fields,
    }),
  );
  const items = await call('GET', `/v1/invoices/${body.id}/items`);
  const itemIds = (items.body.invoiceItems as Array<{ id: string }>).map(({ id }) => id);
  return { id: body.id as string, number: body.invoiceNumber as string, itemIds };
}

const fromInvoice = (invoice: { id: string; itemIds: string[] }, amount: number, fields: object = {}) =>
  call('POST', `/v1/credit-memos/invoice/${invoice.id}`, {
    items: [{ amount, invoiceItemId: invoice.itemIds[0], skuName: 'Seats' }],
    ...fields,
  });

/** Published numbers, minor units: open invoices, open debit memos, unapplied credit. */
async function numbersOf(account: Account): Promise<unknown> {
  const row = await env.DB.prepare(
    'SELECT total_invoice_balance_minor AS a, total_debit_memo_balance_minor AS b, unapplied_credit_memo_minor AS c ' +
      'FROM account_metrics WHERE account_id = ?1',
  )
    .bind(account.id)
    .first();
  return row === null ? [0, 0, 0] : [row.a, row.b, row.c];
}

function messageOf({ body }: Reply): string {
  return (body.reasons as Array<{ message: string }>)[0]!.message;
}

function expectRefused(reply: Reply, status: number, names: string): void {
  expect(reply.status, JSON.stringify(reply.body)).toBe(status);
  expect(reply.body.success).toBe(false);
  expect(messageOf(reply)).toContain(names);
}

const put = (memo: Made, step: string, body: object = {}) =>
  call('PUT', `/v1/credit-memos/${memo.id}/${step}`, body);

describe('making credit memos', () => {
  it('makes a draft of charges, which counts when it is posted and no more when it is unposted', async () => {
    const account = await putAccount();
    const memo = await memoOf(account, [10, 2.5], { autoPost: false, comment: 'sorry', region__c: 'EU' });
    expect(memo).toMatchObject({
      number: expect.stringMatching(/^CM\d{8}$/),
      status: 'Draft',
      amount: 12.5,
      unappliedAmount: 12.5,
      appliedAmount: 0,
      creditMemoDate: '2026-03-15',
      sourceType: 'Standalone',
      comment: 'sorry',
      region__c: 'EU',
    });
    expect(await numbersOf(account)).toEqual([0, 0, 0]);
    expect(ok(await put(memo, 'post'))).toMatchObject({ status: 'Posted', unappliedAmount: 12.5 });
    expect(await numbersOf(account)).toEqual([0, 0, 1250]);
    expect(ok(await put(memo, 'unpost'))).toMatchObject({ status: 'Draft', postedOn: null });
    expect(await numbersOf(account)).toEqual([0, 0, 0]);
    expectRefused(await call('DELETE', `/v1/credit-memos/${memo.id}`), 400, 'Draft');
    expect(ok(await put(memo, 'cancel'))).toMatchObject({ status: 'Canceled' });
    expectRefused(await put(memo, 'post'), 400, 'Canceled');
    ok(await call('DELETE', `/v1/credit-memos/${memo.number}`));
    expectRefused(await call('GET', `/v1/credit-memos/${memo.id}`), 404, memo.id);
  });

  it('credits no line of an invoice above its amount, by drafts that are posted later neither', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [100, 20]);
    const first = ok(await fromInvoice(invoice, 70)) as unknown as Made;
    const second = ok(await fromInvoice(invoice, 60)) as unknown as Made;
    ok(await put(first, 'post'));
    expectRefused(await put(second, 'post'), 400, '60 USD is more than the 30 USD');
    expectRefused(await fromInvoice(invoice, 31), 400, 'items[0].amount');
    ok(await put(first, 'unpost'));
    ok(await put(second, 'post'));
    expectRefused(await put(first, 'post'), 400, 'left to credit');
    expectRefused(
      await call('PUT', `/v1/credit-memos/${first.id}`, { items: [{ id: NOBODY, amount: 1 }] }),
      400,
      'items[0].id',
    );
  });

  it('posts and applies to its invoice when it is asked to', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [100]);
    const options = { autoPost: true, autoApplyToInvoiceUponPosting: true };
    expect(ok(await fromInvoice(invoice, 40, options))).toMatchObject({
      status: 'Posted',
      appliedAmount: 40,
      unappliedAmount: 0,
      referredInvoiceId: invoice.id,
    });
    expect(ok(await call('GET', `/v1/invoices/${invoice.id}`))).toMatchObject({
      balance: 60,
      creditMemoAmount: 40,
    });
    expect(await numbersOf(account)).toEqual([6000, 0, 0]);
  });

  it.each([
    ['charges', { charges: [] }],
    ['charges[0].amount', { charges: [{ productRatePlanChargeId: NOBODY }] }],
    ['charges[0].productRatePlanChargeId', { charges: [{ amount: 1, productRatePlanChargeId: NOBODY }] }],
    ['effectiveDate', { effectiveDate: '2026-02-30' }],
    ['accountId', { accountId: NOBODY }],
    ['excludeFromAutoApplyRules', { excludeFromAutoApplyRules: 'yes' }],
  ])('refuses a wrong %s', async (field, wrong) => {
    const account = await putAccount();
    const body = { accountId: account.id, charges: [{ amount: 1, productRatePlanChargeId: chargeId }] };
    expectRefused(await call('POST', '/v1/credit-memos', { ...body, ...wrong }), 400, field);
  });

  it('makes and changes 50 at once, each on its own, and no more', async () => {
    const account = await putAccount();
    const memo = { accountId: account.id, charges: [{ amount: 1, productRatePlanChargeId: chargeId }] };
    const many = (count: number) => ({
      sourceType: 'Standalone',
      memos: Array.from({ length: count }, (_, i) => (i === 1 ? { ...memo, accountId: NOBODY } : memo)),
    });
    const made = ok(await call('POST', '/v1/credit-memos/bulk', many(50))).memos as Array<Made & object>;
    expect(made).toHaveLength(50);
    expect(made[1]).toMatchObject({ success: false, objectIndex: 1 });
    expect(made[2]).toMatchObject({ success: true, amount: 1 });
    expectRefused(await call('POST', '/v1/credit-memos/bulk', many(51)), 400, 'memos');
    const changes = {
      memos: [
        { id: made[0]!.id, comment: 'new' },
        { id: NOBODY, comment: 'new' },
      ],
    };
    expect(ok(await call('PUT', '/v1/credit-memos/bulk', changes)).memos).toMatchObject([
      { comment: 'new', success: true },
      { id: NOBODY, objectIndex: 1, success: false },
    ]);
  });
});

describe('applying credit memos', () => {
  it('applies to documents and to lines, shows what falls on which line, and takes it off again', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [50, 50]);
    const memo = await memoOf(account, [30, 60]);
    const items = ok(await call('GET', `/v1/credit-memos/${memo.id}/items`)).items as Array<{ id: string }>;
    const named = { creditMemoItemId: items[1]!.id, invoiceItemId: invoice.itemIds[1], amount: 25 };
    ok(await put(memo, 'apply', { invoices: [{ invoiceId: invoice.id, amount: 25, items: [named] }] }));
    expect(
      ok(await put(memo, 'apply', { invoices: [{ invoiceNumber: invoice.number, amount: 40 }] })),
    ).toMatchObject({ appliedAmount: 65, unappliedAmount: 25 });
    expect(await numbersOf(account)).toEqual([3500, 0, 2500]);
    // The whole 40 is laid over both lines of the memo in their order; 35 of the second stay but for the named 25.
    const shown = ok(await call('GET', `/v1/credit-memos/${memo.id}/items`)).items;
    expect(shown).toMatchObject([
      { amount: 30, appliedAmount: 30, unappliedAmount: 0 },
      { amount: 60, appliedAmount: 35, unappliedAmount: 25 },
    ]);
    const [part] = ok(await call('GET', `/v1/credit-memos/${memo.id}/parts`)).parts as Made[];
    expect(part).toMatchObject({ amount: 65, invoiceId: invoice.id });
    const path = `/v1/creditmemos/${memo.id}/parts/${part!.id}/itemparts`;
    const itemParts = ok(await call('GET', path)).itemParts as Array<Made & { amount: number }>;
    expect(itemParts).toMatchObject([
      { amount: 25, creditMemoItemId: items[1]!.id, invoiceItemId: invoice.itemIds[1] },
      { amount: 30, creditMemoItemId: items[0]!.id, invoiceItemId: invoice.itemIds[0] },
      { amount: 10, creditMemoItemId: items[1]!.id, invoiceItemId: invoice.itemIds[0] },
    ]);
    expect(ok(await call('GET', `${path}/${itemParts[2]!.id}`))).toMatchObject({ amount: 10 });
    // Every spelling of a path is the same operation.
    const spelled = `/v1/credit-memos/${memo.id}/parts/${part!.id}/item-parts`;
    expect((await call('GET', spelled)).body).toEqual((await call('GET', path)).body);
    ok(await put(memo, 'unapply', { invoices: [{ invoiceId: invoice.id, amount: 65 }] }));
    expect(await numbersOf(account)).toEqual([10_000, 0, 9000]);
    expect(ok(await call('GET', `/v1/credit-memos/${memo.id}/parts`)).parts).toEqual([]);
  });

  it('refuses what is not there, more than is open, and a memo that is in use', async () => {
    const account = await putAccount();
    const stranger = await invoiceOf(await putAccount(), [10]);
    const invoice = await invoiceOf(account, [10]);
    const memo = await memoOf(account, [8]);
    const apply = (part: object) => put(memo, 'apply', { invoices: [part] });
    expectRefused(await apply({ invoiceId: NOBODY, amount: 1 }), 400, 'invoices[0].invoiceId');
    expectRefused(await apply({ invoiceId: stranger.id, amount: 1 }), 400, 'another account');
    expectRefused(await apply({ invoiceId: invoice.id, amount: 9 }), 400, '9 USD is more than the 8 USD');
    expectRefused(await apply({ invoiceId: invoice.id, amount: 1, items: [{ amount: 1 }] }), 400, 'items[0]');
    const tax = { invoiceItemId: invoice.itemIds[0], amount: 1, taxItemId: NOBODY };
    expectRefused(await apply({ invoiceId: invoice.id, amount: 1, items: [tax] }), 400, 'taxItemId');
    expectRefused(await put(memo, 'apply', {}), 400, 'invoices');
    ok(await apply({ invoiceId: invoice.id, amount: 5 }));
    for (const step of ['unpost', 'reverse', 'write-off']) {
      expectRefused(await put(memo, step), 400, '5 USD of credit memo');
    }
    expectRefused(await put(memo, 'cancel'), 400, 'Posted');
    expect(await numbersOf(account)).toEqual([500, 0, 300]);
  });

  it('applies to 1,000 invoices at once, and refuses 15,001 items', async () => {
    const account = await putAccount();
    const made: Array<{ id: string }> = [];
    const one = {
      accountId: account.id,
      invoiceDate: '2026-03-01',
      status: 'Posted',
      invoiceItems: [{ chargeName: 'A', amount: 1, serviceStartDate: '2026-03-01' }],
    };
    for (let batch = 0; batch < 20; batch++) {
      const body = { invoices: Array.from({ length: 50 }, () => one) };
      made.push(...(ok(await call('POST', '/v1/invoices/batch', body)).invoices as typeof made));
    }
    const memo = await memoOf(account, [1000]);
    const parts = made.map(({ id }) => ({ invoiceId: id, amount: 1 }));
    expect(ok(await put(memo, 'apply', { invoices: parts }))).toMatchObject({ appliedAmount: 1000 });
    expect(await numbersOf(account)).toEqual([0, 0, 0]);
    const item = { invoiceItemId: NOBODY, amount: 1 };
    const tooMany = Array.from({ length: 16 }, (_, i) => ({
      invoiceId: NOBODY,
      amount: 1,
      items: Array.from({ length: i === 15 ? 1 : 1000 }, () => item),
    }));
    expectRefused(await put(memo, 'apply', { invoices: tooMany }), 400, '15000 items');
  }, 120_000);

  it('is done later when it is asked for so, and says what became of it', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [10]);
    const memo = await memoOf(account, [8]);
    const later = async (step: 'apply' | 'unapply', amount: number) => {
      const job = ok(await put(memo, `${step}-async`, { invoices: [{ invoiceId: invoice.id, amount }] }));
      expect(job).toMatchObject({ status: 'Pending', referenceId: memo.id, referenceType: 'CreditMemo' });
      const read = async () => (await call('GET', `/v1/credit-memos/${step}-async-jobs/${job.id}`)).body;
      await expect
        .poll(async () => (await read()).status, { timeout: 20_000, interval: 25 })
        .not.toBe('Pending');
      return read();
    };
    expect(await later('apply', 8)).toMatchObject({ status: 'Processed', error: null });
    expect(await numbersOf(account)).toEqual([200, 0, 0]);
    expect(await later('unapply', 9)).toMatchObject({
      status: 'Failed',
      error: expect.stringContaining('9 USD is more than the 8 USD'),
      operationType: 'AsyncCreditMemoUnapply',
    });
    expectRefused(await call('GET', `/v1/credit-memos/apply-async-jobs/${NOBODY}`), 404, NOBODY);
  });
});

describe('reversals and write-offs', () => {
  it('reverses a credit memo by a debit memo that it settles: its line can be credited again', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [100]);
    const memo = ok(await fromInvoice(invoice, 100, { autoPost: true })) as unknown as Made;
    const { debitMemo } = ok(await put(memo, 'reverse', { memoDate: '2026-03-20' })) as { debitMemo: Made };
    expect(ok(await call('GET', `/v1/debit-memos/${debitMemo.id}`))).toMatchObject({
      status: 'Posted',
      amount: 100,
      balance: 0,
      beAppliedAmount: 100,
      debitMemoDate: '2026-03-20',
      referredCreditMemoId: memo.id,
    });
    expect(ok(await call('GET', `/v1/credit-memos/${memo.id}`))).toMatchObject({
      reversed: true,
      status: 'Posted',
      unappliedAmount: 0,
    });
    expect(await numbersOf(account)).toEqual([10_000, 0, 0]);
    expectRefused(await put(memo, 'reverse'), 400, 'reversed');
    const off = { debitMemos: [{ debitMemoId: debitMemo.id, amount: 1 }] };
    expectRefused(await put(memo, 'unapply', off), 400, 'reversed');
    ok(await fromInvoice(invoice, 100, { autoPost: true }));
  });

  it('writes a credit memo off', async () => {
    const account = await putAccount();
    const memo = await memoOf(account, [30, 12]);
    const { debitMemo } = ok(await put(memo, 'write-off')) as { debitMemo: Made };
    expect(ok(await call('GET', `/v1/debit-memos/${debitMemo.id}`))).toMatchObject({
      amount: 42,
      balance: 0,
      reasonCode: 'Write-off',
    });
    expect(await numbersOf(account)).toEqual([0, 0, 0]);
  });

  it('reverses an invoice by a credit memo, unless something is applied to it or made from it', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [100, -20]);
    const reverse = (of: Made | { id: string }, body: object = {}) =>
      call('PUT', `/v1/invoices/${of.id}/reverse`, body);
    const draft = ok(await fromInvoice(invoice, 10)) as unknown as Made;
    expectRefused(await reverse(invoice), 400, 'credit memos that were made from it');
    ok(await put(draft, 'cancel'));
    const memo = await memoOf(account, [5]);
    ok(await put(memo, 'apply', { invoices: [{ invoiceId: invoice.id, amount: 5 }] }));
    expectRefused(await reverse(invoice), 400, '5 USD is applied');
    ok(await put(memo, 'unapply', { invoices: [{ invoiceId: invoice.id, amount: 5 }] }));
    const { creditMemo } = ok(await reverse(invoice, { memoDate: '2026-03-20' })) as { creditMemo: Made };
    expect(ok(await call('GET', `/v1/credit-memos/${creditMemo.id}`))).toMatchObject({
      amount: 80,
      appliedAmount: 80,
      reversed: true,
      referredInvoiceId: invoice.id,
      creditMemoDate: '2026-03-20',
    });
    expect(ok(await call('GET', `/v1/invoices/${invoice.id}`))).toMatchObject({
      status: 'Posted',
      balance: 0,
    });
    expect(await numbersOf(account)).toEqual([0, 0, 500]);
    expectRefused(await reverse(invoice), 400, 'is reversed');
    expectRefused(await fromInvoice(invoice, 1), 400, 'is reversed');
    expectRefused(await call('PUT', `/v1/invoices/${invoice.id}/write-off`, {}), 400, 'is reversed');
    expectRefused(await reverse(await invoiceOf(account, [1], { status: 'Draft' })), 400, 'Draft');
    expectRefused(await reverse({ id: NOBODY }), 404, NOBODY);
  });

  it('writes off what is left of an invoice that is paid in part', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [60, 40]);
    const paid = { invoices: [{ invoiceId: invoice.id, amount: 70 }] };
    const payment = { accountId: account.id, type: 'External', amount: 70, currency: 'USD', ...paid };
    ok(await call('POST', '/v1/payments', payment));
    const path = `/v1/invoices/${invoice.id}/write-off`;
    const { creditMemo } = ok(await call('PUT', path, { comment: 'gone' })) as { creditMemo: Made };
    expect(ok(await call('GET', `/v1/credit-memos/${creditMemo.id}`))).toMatchObject({
      amount: 30,
      appliedAmount: 30,
      reasonCode: 'Write-off',
      comment: 'gone',
    });
    expect(await numbersOf(account)).toEqual([0, 0, 0]);
    expectRefused(await call('PUT', path, {}), 400, 'no balance');
    expectRefused(await call('PUT', path, { amount: 1 }), 400, 'amount');
  });

  it('does not write off what a memo that is not applied has credited already', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [100]);
    const memo = ok(await fromInvoice(invoice, 30, { autoPost: true })) as unknown as Made;
    const path = `/v1/invoices/${invoice.id}/write-off`;
    expectRefused(await call('PUT', path, {}), 400, 'only 70 USD is left to credit');
    ok(await put(memo, 'apply', { invoices: [{ invoiceId: invoice.id, amount: 30 }] }));
    ok(await call('PUT', path, {}));
    expect(await numbersOf(account)).toEqual([0, 0, 0]);
  });

  it('reverses an invoice of more than 2,000 lines as a job, piece by piece', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, [1]);
    // A bill run makes such invoices: the lines are copies of the first.
    await env.DB.batch([
      env.DB.prepare(
        'WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) INSERT INTO invoice_item ' +
          '(id, revision, invoice_id, line, charge_name, charge_date, amount_minor, tax_minor, quantity, unit_price, ' +
          "service_start_date, processing_type, details, custom_fields, created_at, calculation) SELECT printf('%032x', 7000000 + n.i), 1, " +
          "invoice_id, n.i, charge_name, charge_date, 100, 0, '1', '1', service_start_date, 'Charge', '{}', '{}', created_at, 'null' " +
          'FROM n, invoice_item WHERE invoice_id = ?1 AND line = 1',
      ).bind(invoice.id),
      env.DB.prepare(
        'UPDATE invoice SET revision = revision + 1, amount_minor = 250000, balance_minor = 250000, line_count = 2500 WHERE id = ?1',
      ).bind(invoice.id),
      env.DB.prepare(
        'UPDATE account_metrics SET total_invoice_balance_minor = 250000 WHERE account_id = ?1',
      ).bind(account.id),
    ]);
    const reply = ok(await call('PUT', `/v1/invoices/${invoice.id}/reverse`, {}));
    const { creditMemo, jobId } = reply as { creditMemo: Made; jobId: string };
    expect(jobId).toMatch(/^[0-9a-f]{32}$/);
    const paying = { accountId: account.id, type: 'External', amount: 1, currency: 'USD' };
    const payment = await call('POST', '/v1/payments', {
      ...paying,
      invoices: [{ invoiceId: invoice.id, amount: 1 }],
    });
    expectRefused(payment, 400, 'is reversed');
    const read = async () => (await call('GET', `/v1/credit-memos/${creditMemo.id}`)).body;
    await expect.poll(async () => (await read()).status, { timeout: 30_000, interval: 50 }).toBe('Posted');
    expect(await read()).toMatchObject({ amount: 2500, appliedAmount: 2500, reversed: true });
    expect(ok(await call('GET', `/v1/invoices/${invoice.id}`))).toMatchObject({ balance: 0 });
    expect(await numbersOf(account)).toEqual([0, 0, 0]);
    const lines = await env.DB.prepare(
      'SELECT count(*) AS n, sum(amount_minor) AS minor, max(line) AS last FROM credit_memo_item WHERE credit_memo_id = ?1',
    )
      .bind(creditMemo.id)
      .first();
    expect(lines).toEqual({ n: 2500, minor: 250_000, last: 2500 });
    expect(ok(await call('GET', `/v1/async-jobs/${jobId}`))).toMatchObject({ status: 'Completed' });
  }, 60_000);
});

describe('lists of credit memos', () => {
  it('narrows and sorts by what an index answers, and refuses the rest by name', async () => {
    const account = await putAccount();
    const early = await memoOf(account, [1], { effectiveDate: '2026-01-01' });
    const late = await memoOf(account, [2], { effectiveDate: '2026-02-01', autoPost: false });
    const ids = async (query: string) => {
      const { creditmemos } = ok(await call('GET', `/v1/creditmemos?${query}`));
      return (creditmemos as Made[]).map(({ id }) => id);
    };
    const mine = `accountId=${account.id}`;
    expect(await ids(mine)).toEqual([late.id, early.id]);
    expect(await ids(`${mine}&sort=%2BcreditMemoDate`)).toEqual([early.id, late.id]);
    expect(await ids(`accountNumber=${account.accountNumber}&status=Draft`)).toEqual([late.id]);
    expect(await ids(`number=${early.number}`)).toEqual([early.id]);
    expect(await ids('accountNumber=nobody')).toEqual([]);
    const refusals = [
      'amount=1',
      'status=Draft',
      'sort=amount',
      'sort=creditMemoDate',
      `${mine}&sort=number`,
    ];
    for (const query of refusals) {
      const name = /(\w+)=\w+$/.exec(query)![1]!;
      expectRefused(await call('GET', `/v1/credit-memos?${query}`), 400, name);
    }
    expectRefused(await call('GET', `/v1/credit-memos/${early.id}/items?sort=amount`), 400, 'sort');
    expectRefused(await call('GET', `/v1/credit-memos/${early.id}/items/${NOBODY}`), 404, NOBODY);
    expectRefused(await call('GET', `/v1/credit-memos/${early.id}/parts/${NOBODY}`), 404, NOBODY);
  });
});
