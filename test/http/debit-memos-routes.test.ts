import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { putCharge } from '../support/catalog-fixtures.ts';
import { provenAfterEach } from '../support/proven-metrics.ts';
import { type Call, connect, putAccount, type Reply } from '../support/settlement-fixtures.ts';

// Debit memos over HTTP: made of charges and of invoice lines, changed, posted and taken back; refusals name the field and do nothing.
const NOBODY = '0'.repeat(32);
let call: Call;
let chargeId: string;

provenAfterEach();

beforeAll(async () => {
  call = await connect('standard');
  const admin = await connect('admin');
  chargeId = (await putCharge(admin)).id;
});

type Memo = Reply & { readonly body: { readonly id: string; readonly number: string } };

async function memoOf(account: Account, amounts: readonly number[], fields: object = {}): Promise<Memo> {
  return (await call('POST', '/v1/debit-memos', {
    accountId: account.id,
    effectiveDate: '2026-03-15',
    charges: amounts.map((amount) => ({ amount, productRatePlanChargeId: chargeId })),
    ...fields,
  })) as Memo;
}

async function invoiceOf(account: Account, amount: number, fields: object = {}) {
  const { body } = await call('POST', '/v1/invoices', {
    accountId: account.id,
    invoiceDate: '2026-03-01',
    status: 'Posted',
    invoiceItems: [
      {
        chargeName: 'Seats',
        amount,
        quantity: 4,
        uom: 'Each',
        serviceStartDate: '2026-03-01',
        serviceEndDate: '2026-03-31',
      },
    ],
    ...fields,
  });
  expect(body).toMatchObject({ success: true });
  const items = await call('GET', `/v1/invoices/${body.id}/items`);
  const [item] = items.body.invoiceItems as Array<{ id: string }>;
  return { id: body.id as string, number: body.invoiceNumber as string, itemId: item!.id };
}

/** The published balance of the account's debit memos, minor units. */
async function debitBalance(account: Account): Promise<number> {
  const row = await env.DB.prepare(
    'SELECT total_debit_memo_balance_minor AS minor FROM account_metrics WHERE account_id = ?1',
  )
    .bind(account.id)
    .first<{ minor: number }>();
  return row?.minor ?? 0;
}

function messageOf({ body }: Reply): string {
  return (body.reasons as Array<{ message: string }>)[0]!.message;
}

function expectRefused(reply: Reply, status: number, names: string): void {
  expect(reply.status, JSON.stringify(reply.body)).toBe(status);
  expect(reply.body.success).toBe(false);
  expect(messageOf(reply)).toContain(names);
}

describe('POST /v1/debit-memos', () => {
  it('makes a draft of charges, due by the payment term, that no metric counts', async () => {
    const account = await putAccount({ paymentTerm: 'Net 30' });
    const memo = await memoOf(account, [10, 2.5], {
      comment: 'late fee',
      reasonCode: 'Fee',
      region__c: 'EU',
    });
    expect(memo).toMatchObject({
      status: 200,
      body: {
        success: true,
        number: expect.stringMatching(/^DM\d{8}$/),
        accountId: account.id,
        accountNumber: account.accountNumber,
        debitMemoDate: '2026-03-15',
        dueDate: '2026-04-14',
        status: 'Draft',
        amount: 12.5,
        taxAmount: 0,
        balance: 12.5,
        beAppliedAmount: 0,
        autoPay: true,
        currency: 'USD',
        comment: 'late fee',
        reasonCode: 'Fee',
        sourceType: 'Standalone',
        region__c: 'EU',
      },
    });
    expect((await call('GET', `/v1/debit-memos/${memo.body.number}`)).body).toEqual(memo.body);
    expect((await call('GET', `/v1/debitmemos/${memo.body.id}`)).body).toEqual(memo.body);
    expect(await debitBalance(account)).toBe(0);
  });

  it('posts what is asked to be posted, with a number and a due date of the caller', async () => {
    const account = await putAccount();
    const fields = { autoPost: true, number: 'OLD-DM-1', dueDate: '2026-05-01', autoPay: false };
    const memo = await memoOf(account, [60], fields);
    expect(memo.body).toMatchObject({
      status: 'Posted',
      number: 'OLD-DM-1',
      dueDate: '2026-05-01',
      autoPay: false,
    });
    expect(await debitBalance(account)).toBe(6_000);
    expectRefused(await memoOf(account, [60], { number: 'OLD-DM-1' }), 400, 'number');
  });

  it('writes a line once for one idempotency key', async () => {
    const account = await putAccount();
    const body = {
      accountId: account.id,
      autoPost: true,
      charges: [{ amount: 5, productRatePlanChargeId: chargeId }],
    };
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const first = await call('POST', '/v1/debit-memos', body, headers);
    const second = await call('POST', '/v1/debit-memos', body, headers);
    expect(second.body).toEqual(first.body);
    expect(await debitBalance(account)).toBe(500);
  });

  it('shows the lines with what they are of', async () => {
    const account = await putAccount();
    const charges = [
      {
        productRatePlanChargeId: chargeId,
        amount: 9,
        quantity: 3,
        comment: 'three',
        serviceStartDate: '2026-02-01',
        serviceEndDate: '2026-02-28',
        cost__c: 'K1',
      },
      { chargeId, memoItemAmount: 1 },
    ];
    const memo = await memoOf(account, [], { charges });
    const { body } = await call('GET', `/v1/debit-memos/${memo.body.id}/items`);
    expect(body.items).toMatchObject([
      {
        amount: 9,
        balance: 9,
        beAppliedAmount: 0,
        quantity: 3,
        unitPrice: 3,
        comment: 'three',
        serviceStartDate: '2026-02-01',
        serviceEndDate: '2026-02-28',
        skuName: 'Monthly fee',
        sku: expect.stringMatching(/^SKU-/),
        sourceItemType: 'ProductRatePlanCharge',
        sourceItemId: chargeId,
        cost__c: 'K1',
      },
      { amount: 1, serviceStartDate: '2026-03-15' },
    ]);
    const [first] = body.items as Array<{ id: string }>;
    const one = await call('GET', `/v1/debitmemos/${memo.body.number}/items/${first!.id}`);
    expect(one.body).toEqual({ ...first, success: true });
    expectRefused(await call('GET', `/v1/debit-memos/${memo.body.id}/items/${NOBODY}`), 404, NOBODY);
  });

  it.each([
    ['charges', { charges: [] }],
    ['charges', { charges: undefined }],
    ['charges', { charges: Array.from({ length: 1_001 }, () => ({ amount: 1, chargeId: 'x' })) }],
    ['charges[0].amount', { charges: [{ chargeId: 'x' }] }],
    ['charges[0].amount', { charges: [{ amount: '1', chargeId: 'x' }] }],
    ['charges[0].productRatePlanChargeId', { charges: [{ amount: 1 }] }],
    ['charges[0].productRatePlanChargeId', { charges: [{ amount: 1, productRatePlanChargeId: NOBODY }] }],
    ['charges[0].chargeId', { charges: [{ amount: 1, chargeId: NOBODY }] }],
    ['accountId', { accountId: NOBODY }],
    ['accountId', { accountId: undefined }],
    ['accountNumber', { accountNumber: 'A-other' }],
    ['currency', { currency: 'usd' }],
    ['effectiveDate', { effectiveDate: '2026-02-30' }],
    ['effectiveDate', { effectiveDate: '9999-01-01' }],
    ['dueDate', { dueDate: 'soon' }],
    ['autoPost', { autoPost: 'yes' }],
    ['number', { number: 'a b' }],
    ['number', { number: NOBODY }],
    ['comment', { comment: 'x'.repeat(256) }],
    ['region__c', { region__c: [] }],
  ])('names what is wrong with %s', async (names, wrong) => {
    const account = await putAccount();
    expectRefused(await memoOf(account, [1], wrong), 400, names);
    expect((await call('GET', `/v1/debit-memos?accountId=${account.id}`)).body.debitmemos).toEqual([]);
  });

  it.each([
    ['amount', { amount: 0 }],
    ['amount', { amount: -1 }],
    ['amount', { amount: 1.005 }],
    ['amount', { amount: 1e14 }],
    ['quantity', { quantity: -1 }],
    ['serviceEndDate', { serviceStartDate: '2026-03-02', serviceEndDate: '2026-03-01' }],
    ['comment', { comment: 7 }],
    ['financeInformation', { financeInformation: 'x' }],
  ])('names a wrong %s of a line', async (names, wrong) => {
    const account = await putAccount();
    const charges = [{ amount: 1, productRatePlanChargeId: chargeId, ...wrong }];
    expectRefused(await memoOf(account, [], { charges }), 400, `charges[0].${names}`);
  });

  it('refuses lines that add up to more than a memo can hold', async () => {
    const account = await putAccount();
    expectRefused(await memoOf(account, [9_999_999_999_999, 9_999_999_999_999]), 400, 'items');
  });

  it('refuses a canceled account', async () => {
    const account = await putAccount({ status: 'Canceled' });
    expectRefused(await memoOf(account, [1]), 400, 'accountId');
  });
});

describe('POST /v1/debit-memos/invoice/{invoiceKey}', () => {
  it('makes a memo of lines of the invoice', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, 20, { paymentTerm: 'Net 15' });
    const items = [{ amount: 10, invoiceItemId: invoice.itemId, skuName: 'Correction' }];
    const body = { invoiceId: invoice.id, effectiveDate: '2026-03-20', autoPost: true, items };
    const memo = await call('POST', `/v1/debit-memos/invoice/${invoice.number}`, body);
    expect(memo.body).toMatchObject({
      success: true,
      status: 'Posted',
      sourceType: 'Invoice',
      referredInvoiceId: invoice.id,
      amount: 10,
      paymentTerm: 'Net 15',
      dueDate: '2026-04-04',
    });
    expect(await debitBalance(account)).toBe(1_000);
    const shown = await call('GET', `/v1/debit-memos/${memo.body.id}/items`);
    expect(shown.body.items).toMatchObject([
      {
        skuName: 'Correction',
        sourceItemType: 'InvoiceDetail',
        sourceItemId: invoice.itemId,
        unitOfMeasure: 'Each',
        serviceStartDate: '2026-03-01',
        serviceEndDate: '2026-03-31',
      },
    ]);
  });

  it('is served at both older spellings', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, 20);
    const body = { items: [{ amount: 1, invoiceItemId: invoice.itemId, skuName: 'x' }] };
    for (const path of [`/v1/invoices/${invoice.id}/debitmemos`, `/v1/debitmemos/invoice/${invoice.id}`]) {
      expect((await call('POST', path, body)).body).toMatchObject({ success: true, amount: 1 });
    }
  });

  it('refuses what is not of this invoice, and invoices that are not posted', async () => {
    const account = await putAccount();
    const invoice = await invoiceOf(account, 20);
    const other = await invoiceOf(account, 20);
    const draft = await invoiceOf(account, 20, { status: 'Draft' });
    const from = (key: string, fields: object, item: object = {}) =>
      call('POST', `/v1/debit-memos/invoice/${key}`, {
        items: [{ amount: 1, invoiceItemId: invoice.itemId, skuName: 'x', ...item }],
        ...fields,
      });
    expectRefused(await from(NOBODY, {}), 404, NOBODY);
    expectRefused(await from(invoice.id, { invoiceId: other.id }), 400, 'invoiceId');
    expectRefused(await from(other.id, {}), 400, 'items[0].invoiceItemId');
    expectRefused(await from(invoice.id, {}, { invoiceItemId: undefined }), 400, 'items[0].invoiceItemId');
    expectRefused(await from(invoice.id, {}, { skuName: undefined }), 400, 'items[0].skuName');
    expectRefused(await from(invoice.id, {}, { amount: 0 }), 400, 'items[0].amount');
    expectRefused(await from(invoice.id, {}, { taxItems: [{ amount: 1 }] }), 400, 'items[0].taxItems');
    expectRefused(await from(draft.id, {}, { invoiceItemId: draft.itemId }), 400, 'Posted');
    expectRefused(await from(invoice.id, { billToContactId: NOBODY }), 400, 'billToContactId');
  });
});

describe('bulk', () => {
  it('makes each memo on its own', async () => {
    const account = await putAccount();
    const charges = [{ amount: 5, productRatePlanChargeId: chargeId }];
    const memos = [
      { accountId: account.id, charges },
      { accountId: NOBODY, charges },
    ];
    const { body } = await call('POST', '/v1/debit-memos/bulk', { sourceType: 'Standalone', memos });
    expect(body).toMatchObject({
      success: true,
      memos: [
        { success: true, amount: 5 },
        { success: false, objectIndex: 1, reasons: [{}] },
      ],
    });
    const invoice = await invoiceOf(account, 9);
    const items = [{ amount: 3, invoiceItemId: invoice.itemId, skuName: 'x' }];
    const fromInvoices = await call('POST', '/v1/debitmemos/bulk', {
      sourceType: 'Invoice',
      memos: [
        { invoiceId: NOBODY, items },
        { invoiceId: invoice.number, items },
      ],
    });
    expect(fromInvoices.body.memos).toMatchObject([
      { success: false, objectIndex: 0 },
      { success: true, amount: 3 },
    ]);
  });

  it('takes 50 memos and no more, of one kind', async () => {
    const charges = [{ amount: 5, productRatePlanChargeId: chargeId }];
    const memos = Array.from({ length: 51 }, () => ({ accountId: NOBODY, charges }));
    const post = (body: object) => call('POST', '/v1/debit-memos/bulk', body);
    expectRefused(await post({ sourceType: 'Standalone', memos }), 400, 'memos');
    expectRefused(await post({ sourceType: 'Magic', memos: [] }), 400, 'sourceType');
    expectRefused(await post({ memos: [] }), 400, 'sourceType');
    expectRefused(await post({ sourceType: 'Invoice', memos: [{ items: [] }] }), 400, 'memos[0]');
  });

  it('changes several, each on its own', async () => {
    const account = await putAccount();
    const memo = await memoOf(account, [1]);
    const { body } = await call('PUT', '/v1/debit-memos/bulk', {
      memos: [
        { id: memo.body.id, comment: 'new' },
        { id: NOBODY, comment: 'new' },
      ],
    });
    expect(body.memos).toMatchObject([
      { comment: 'new', success: true },
      { id: NOBODY, success: false },
    ]);
  });

  it('moves due dates together or not at all, across accounts', async () => {
    const memos = [await memoOf(await putAccount(), [1]), await memoOf(await putAccount(), [1])];
    const [a, b] = memos.map(({ body }) => body.id);
    const put = (debitMemos: object[]) => call('PUT', '/v1/debit-memos', { debitMemos });
    const dueDates = async () =>
      Promise.all([a, b].map(async (id) => (await call('GET', `/v1/debit-memos/${id}`)).body.dueDate));
    expectRefused(
      await put([
        { id: a, dueDate: '2026-06-01' },
        { id: NOBODY, dueDate: '2026-06-01' },
      ]),
      400,
      'debitMemos[1].id',
    );
    expectRefused(
      await put([
        { id: a, dueDate: '2026-06-01' },
        { id: a, dueDate: '2026-06-02' },
      ]),
      400,
      'debitMemos[1].id',
    );
    expectRefused(await put([{ id: a, dueDate: 'x' }]), 400, 'debitMemos[0].dueDate');
    expect(await dueDates()).toEqual(['2026-04-14', '2026-04-14']);
    expect(
      (
        await put([
          { id: a, dueDate: '2026-06-01' },
          { id: b, dueDate: '2026-06-02' },
        ])
      ).body,
    ).toEqual({ success: true });
    expect(await dueDates()).toEqual(['2026-06-01', '2026-06-02']);
  });
});

describe('from one status to another', () => {
  it('goes from draft to posted and back, canceled and gone', async () => {
    const account = await putAccount();
    const { body } = await memoOf(account, [60]);
    const step = (name: string) => call('PUT', `/v1/debitmemos/${body.number}/${name}`);
    expect((await step('post')).body).toMatchObject({
      status: 'Posted',
      postedById: expect.any(String),
      success: true,
    });
    expect(await debitBalance(account)).toBe(6_000);
    expectRefused(await step('post'), 400, 'Posted');
    expectRefused(await step('cancel'), 400, 'Posted');
    expect((await step('unpost')).body).toMatchObject({ status: 'Draft', postedOn: null, postedById: null });
    expect(await debitBalance(account)).toBe(0);
    expectRefused(await step('unpost'), 400, 'Draft');
    expectRefused(await call('DELETE', `/v1/debit-memos/${body.id}`), 400, 'Canceled');
    expect((await step('cancel')).body).toMatchObject({
      status: 'Canceled',
      cancelledById: expect.any(String),
    });
    expectRefused(await call('PUT', `/v1/debit-memos/${body.id}`, { comment: 'x' }), 400, 'Canceled');
    expect((await call('DELETE', `/v1/debit-memos/${body.id}`)).body).toEqual({ success: true });
    for (const name of ['post', 'unpost', 'cancel']) expectRefused(await step(name), 404, body.number);
    expectRefused(await call('GET', `/v1/debit-memos/${body.id}/items`), 404, body.id);
  });

  it('cannot be unposted while something is applied, and shows what is', async () => {
    const account = await putAccount();
    const { body } = await memoOf(account, [10, 50], { autoPost: true });
    const payment = await call('POST', '/v1/payments', {
      accountId: account.id,
      type: 'External',
      amount: 25,
      currency: 'USD',
      debitMemos: [{ debitMemoId: body.id, amount: 25 }],
    });
    expect(payment.body).toMatchObject({ success: true });
    expectRefused(await call('PUT', `/v1/debit-memos/${body.id}/unpost`), 400, 'applied');
    expect((await call('GET', `/v1/debit-memos/${body.id}`)).body).toMatchObject({
      balance: 35,
      beAppliedAmount: 25,
    });
    const parts = await call('GET', `/v1/debitmemos/${body.id}/application-parts`);
    expect(parts.body.applicationParts).toMatchObject([
      { appliedAmount: 25, paymentId: payment.body.id, creditMemoId: null },
    ]);
    const items = await call('GET', `/v1/debit-memos/${body.id}/items`);
    expect(items.body.items).toMatchObject([
      { amount: 10, beAppliedAmount: 10, balance: 0 },
      { amount: 50, beAppliedAmount: 15, balance: 35 },
    ]);
    const second = await call('GET', `/v1/debit-memos/${body.id}/items?page=2&pageSize=1`);
    expect(second.body.items).toMatchObject([{ amount: 50, balance: 35 }]);
    expect(await debitBalance(account)).toBe(3_500);
  });
});

describe('PUT /v1/debit-memos/{debitMemoKey}', () => {
  it('changes a draft and its lines; a due date that followed the term follows again', async () => {
    const account = await putAccount();
    const { body } = await memoOf(account, [10, 20]);
    const lines = (await call('GET', `/v1/debit-memos/${body.id}/items`)).body.items as Array<{ id: string }>;
    const change = {
      comment: 'new',
      effectiveDate: '2026-04-01',
      autoPay: false,
      items: [{ id: lines[1]!.id, amount: 5, quantity: 2, skuName: 'Other', comment: 'cut' }],
    };
    const changed = await call('PUT', `/v1/debit-memos/${body.number}`, change);
    expect(changed.body).toMatchObject({
      amount: 15,
      balance: 15,
      comment: 'new',
      autoPay: false,
      debitMemoDate: '2026-04-01',
      dueDate: '2026-05-01',
    });
    const items = await call('GET', `/v1/debit-memos/${body.id}/items`);
    expect(items.body.items).toMatchObject([
      { amount: 10 },
      { amount: 5, quantity: 2, unitPrice: 2.5, skuName: 'Other', comment: 'cut' },
    ]);
  });

  it('changes of a posted memo only what moves no money', async () => {
    const account = await putAccount();
    const { body } = await memoOf(account, [10], { autoPost: true });
    const [line] = (await call('GET', `/v1/debit-memos/${body.id}/items`)).body.items as Array<{
      id: string;
    }>;
    const put = (fields: object) => call('PUT', `/v1/debit-memos/${body.id}`, fields);
    expectRefused(await put({ effectiveDate: '2026-04-01' }), 400, 'effectiveDate');
    expectRefused(await put({ items: [{ id: line!.id, amount: 5 }] }), 400, 'items[0].amount');
    expectRefused(await put({ items: [{ id: line!.id, skuName: 'x' }] }), 400, 'items[0].skuName');
    expectRefused(await put({ items: [{ id: NOBODY, comment: 'x' }] }), 400, 'items[0].id');
    expectRefused(await put({ dueDate: 'x' }), 400, 'dueDate');
    const change = {
      dueDate: '2026-07-01',
      reasonCode: 'R',
      region__c: 'EU',
      items: [{ id: line!.id, comment: 'c' }],
    };
    expect((await put(change)).body).toMatchObject({
      dueDate: '2026-07-01',
      reasonCode: 'R',
      region__c: 'EU',
    });
    expect(await debitBalance(account)).toBe(1_000);
  });
});

describe('GET /v1/debit-memos', () => {
  it('pages through the memos of an account, the newest first, narrowed by what they say', async () => {
    const account = await putAccount();
    const older = await memoOf(account, [1], { effectiveDate: '2026-03-01' });
    const newer = await memoOf(account, [2], { effectiveDate: '2026-03-02', autoPost: true });
    const idsOf = ({ body }: Reply) => (body.debitmemos as Array<{ id: string }>).map(({ id }) => id);
    const list = (query: string) => call('GET', `/v1/debit-memos?${query}`);
    const first = await list(`accountNumber=${account.accountNumber}&pageSize=1`);
    expect(idsOf(first)).toEqual([newer.body.id]);
    const rest = await call('GET', (first.body.nextPage as string).replace('https://spillway.test', ''));
    expect(idsOf(rest)).toEqual([older.body.id]);
    expect(rest.body).not.toHaveProperty('nextPage');
    expect(idsOf(await list(`accountId=${account.id}&status=Draft`))).toEqual([older.body.id]);
    expect(idsOf(await list(`accountId=${account.id}&debitMemoDate=2026-03-02`))).toEqual([newer.body.id]);
    expect(idsOf(await list(`number=${older.body.number}`))).toEqual([older.body.id]);
    expect(idsOf(await list('accountNumber=A-nobody'))).toEqual([]);
    expect(idsOf(await list(`accountId=${NOBODY}&accountNumber=${account.accountNumber}`))).toEqual([]);
  });

  it.each([
    'status=Draft',
    'dueDate=2026-01-01',
    'balance=1',
    'amount=1',
    'sort=-number',
    'page=0',
    'status=Open',
  ])('refuses %s by name', async (query) =>
    expectRefused(await call('GET', `/v1/debit-memos?${query}`), 400, query.split('=')[0]!),
  );

  it('answers 404 for a memo that is not there', async () => {
    for (const path of ['', '/items', `/items/${NOBODY}`, '/application-parts']) {
      expectRefused(await call('GET', `/v1/debit-memos/${NOBODY}${path}`), 404, NOBODY);
    }
  });
});
