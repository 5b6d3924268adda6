import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { applicationId } from '../../src/domain/settlement/application.ts';
import { billingDocumentsSql } from '../../src/persistence/billing-documents.ts';
import { APPLICATIONS_OF_DOCUMENT } from '../../src/persistence/document-applications.ts';
import { BATCH_INVOICES_MAX } from '../../src/wire/invoices.ts';
import { inProcessApi } from '../support/in-process-api.ts';
import { putAccount } from '../support/settlement-fixtures.ts';
import { insert } from '../support/worker-api.ts';

// Invoices changed over HTTP, and what is shown of them: lines with what is applied to them, parts, billing documents.
const LINE = { chargeName: 'Line', amount: 10, serviceStartDate: '2026-03-01' };
const NOW = '2026-01-01T00:00:00.000Z';

async function world(fields: object = {}) {
  const api = await inProcessApi();
  const account = await putAccount();
  const { body } = await api.post('/v1/invoices', {
    accountId: account.id,
    invoiceDate: '2026-03-15',
    invoiceItems: [LINE, { ...LINE, amount: 20 }],
    ...fields,
  });
  expect(body).toMatchObject({ success: true });
  const path = `/v1/invoices/${body.id}`;
  const itemsOf = async () => (await api.get(`${path}/items`)).body.invoiceItems;
  return { api, account, path, id: body.id as string, number: body.invoiceNumber as string, itemsOf };
}

it('PUT changes a draft and answers under its own names', async () => {
  const { api, path, id, number, account, itemsOf } = await world();
  const [first, second] = await itemsOf();
  const reply = await api.put(`/v1/invoices/${number}`, {
    comments: 'checked',
    autoPay: true,
    invoiceDate: '2026-04-01',
    region__c: 'EU',
    invoiceItems: [
      { id: first.id, amount: '105', description: 'more', note__c: 'n' },
      { id: second.id, spillwayRemove: true },
      {
        chargeName: 'New',
        unitPrice: 2.5,
        quantity: 3,
        serviceStartDate: '2026-04-01',
        discountItems: [{ chargeName: 'Rebate', amount: -0.5 }],
      },
    ],
  });
  expect(reply).toMatchObject({
    status: 200,
    body: {
      id,
      number,
      accountId: account.id,
      status: 'Draft',
      amount: 112,
      balance: 112,
      discount: 0.5,
      comment: 'checked',
      autoPay: true,
      invoiceDate: '2026-04-01',
      dueDate: '2026-05-01',
      postedOn: null,
      region__c: 'EU',
      success: true,
    },
  });
  expect(await itemsOf()).toMatchObject([
    { id: first.id, chargeAmount: 105, description: 'more', note__c: 'n', processingType: 'Charge' },
    {
      chargeName: 'New',
      chargeAmount: 7.5,
      processingType: 'Charge',
      spillwayExplanation: expect.stringContaining('3 × 2.5'),
    },
    {
      chargeName: 'Rebate',
      chargeAmount: -0.5,
      processingType: 'Discount',
      appliedToItemId: expect.any(String),
    },
  ]);
  expect((await api.get(path)).body).toMatchObject({
    amount: 112,
    discount: 0.5,
    includesOneTime: true,
    includesRecurring: false,
    reversed: false,
  });
});

it.each([
  ['invoiceDate', { invoiceDate: '2026-04-01' }],
  ['invoiceItems[0].id', { invoiceItems: [LINE] }],
  ['invoiceItems[0].amount', { invoiceItems: [{ id: 'first', amount: 11 }] }],
  ['comments', { comments: 'x'.repeat(256) }],
  ['dueDate', { dueDate: 'soon' }],
  ['transferredToAccounting', { transferredToAccounting: 'maybe' }],
  ['invoiceItems[0].taxItems', { invoiceItems: [{ taxItems: [{ name: 'VAT' }] }] }],
  [
    'invoiceItems',
    { invoiceItems: Array.from({ length: 501 }, () => ({ ...LINE, discountItems: [{ amount: -1 }] })) },
  ],
])('PUT refuses %s of a posted invoice by its name and does nothing', async (field, body) => {
  const { api, path, itemsOf } = await world({ status: 'Posted' });
  const before = (await api.get(path)).body;
  const [first] = await itemsOf();
  const given = JSON.parse(JSON.stringify(body).replace('"first"', `"${first.id}"`)) as object;
  const reply = await api.put(path, given);
  expect([reply.status, reply.body.reasons[0].message]).toEqual([400, expect.stringContaining(field)]);
  expect((await api.get(path)).body).toEqual(before);
});

it('PUT takes what moves no balance of a posted invoice', async () => {
  const { api, path } = await world({ status: 'Posted' });
  const reply = await api.put(path, { dueDate: '2026-06-01', transferredToAccounting: 'true' });
  expect(reply.body).toMatchObject({
    status: 'Posted',
    dueDate: '2026-06-01',
    transferredToAccounting: 'true',
    success: true,
  });
  expect((await api.put(`/v1/invoices/${'0'.repeat(32)}`, {})).status).toBe(404);
});

it('PUT of a batch answers for each; success means that none was refused', async () => {
  const first = await world();
  const second = await world({ status: 'Posted' });
  const { api } = first;
  const all = await api.put('/v1/invoices', {
    invoices: [
      { id: first.id, dueDate: '2026-09-01' },
      { id: second.number, comments: 'both' },
    ],
  });
  expect(all).toMatchObject({
    status: 200,
    body: {
      success: true,
      invoices: [
        { id: first.id, success: true },
        { id: second.id, success: true },
      ],
    },
  });
  const some = await api.put('/v1/invoices', {
    invoices: [
      { id: first.id, comments: 'done' },
      { id: second.id, invoiceDate: '2026-09-01' },
      { id: 'INV-NOT' },
    ],
  });
  expect(some.body).toMatchObject({
    success: false,
    invoices: [
      { id: first.id, success: true },
      { id: second.id, success: false, reasons: [{ message: expect.stringContaining('invoiceDate') }] },
      { id: 'INV-NOT', success: false },
    ],
  });
  expect((await api.get(first.path)).body).toMatchObject({ comments: 'done', dueDate: '2026-09-01' });
  const invoices = Array.from({ length: BATCH_INVOICES_MAX + 1 }, () => ({ id: first.id }));
  expect((await api.put('/v1/invoices', { invoices })).status).toBe(400);
});

/** A credit memo of 50 without lines, applied to the invoice: so much to the whole, so much to a line. */
async function applyMemo(
  account: Account,
  invoiceId: string,
  wholeMinor: number,
  line: { id: string; minor: number },
) {
  const memoId = `e${account.id.slice(1)}`;
  const memo = {
    id: memoId,
    revision: 1,
    memoNumber: `CM-${account.accountNumber}`,
    accountId: account.id,
    status: 'Posted',
    memoDate: '2026-03-20',
    currency: 'USD',
    amountMinor: 5000,
    taxMinor: 0,
    appliedMinor: wholeMinor + line.minor,
    unappliedMinor: 5000 - wholeMinor - line.minor,
    refundedMinor: 0,
    sourceType: 'Standalone',
    isReversed: false,
    autoApplyUponPosting: false,
    excludeFromAutoApplyRules: false,
    lineCount: 0,
    details: {},
    customFields: {},
    createdAt: NOW,
    createdBy: 'test',
    updatedAt: NOW,
    updatedBy: 'test',
  };
  await insert('creditMemo', memo as never);
  await insert('creditMemoApplication', {
    id: applicationId(memoId, invoiceId),
    revision: 1,
    sourceId: memoId,
    targetId: invoiceId,
    targetKind: 'invoice',
    accountId: account.id,
    amountMinor: wholeMinor + line.minor,
    effectiveDate: '2026-03-20',
    items: [{ sourceItemId: null, targetItemId: line.id, amountMinor: line.minor }],
    createdAt: NOW,
    createdBy: 'test',
    updatedAt: NOW,
    updatedBy: 'test',
  });
  await env.DB.batch([
    env.DB.prepare(
      'UPDATE invoice SET credit_memos_applied_minor = ?2, balance_minor = balance_minor - ?2, revision = revision + 1 WHERE id = ?1',
    ).bind(invoiceId, wholeMinor + line.minor),
    env.DB.prepare('UPDATE invoice_item SET applied_minor = ?2, credited_minor = ?2 WHERE id = ?1').bind(
      line.id,
      line.minor,
    ),
  ]);
  return memoId;
}

it('shows of each line what is left of it: what is meant for it first, the rest laid over the lines; parts of both kinds in one list', async () => {
  const { api, account, id, path, itemsOf } = await world({
    status: 'Posted',
    invoiceItems: [LINE, { ...LINE, amount: 20 }, { ...LINE, amount: 30 }],
  });
  const [, , third] = await itemsOf();
  const memoId = await applyMemo(account, id, 500, { id: third.id, minor: 600 });
  const payment = await api.post('/v1/payments', {
    accountId: account.id,
    type: 'External',
    amount: 8,
    currency: 'USD',
    invoices: [{ invoiceId: id, amount: 8 }],
  });
  // 13 for the whole: 10 of line 1, 3 of line 2; 6 of line 3 by name. 0 + 17 + 24 = 60 − 19.
  const shown = await itemsOf();
  expect(shown.map((item: { balance: number }) => item.balance)).toEqual([0, 17, 24]);
  expect(shown[2]).toMatchObject({ availableToCreditAmount: 24, sourceItemType: 'None' });
  expect((await api.get(path)).body).toMatchObject({ balance: 41, creditMemoAmount: 11, paymentAmount: 8 });
  // The same, a line to a page.
  const balances: number[] = [];
  for (const page of [1, 2, 3]) {
    const { body } = await api.get(`${path}/items?pageSize=1&page=${page}`);
    balances.push(body.invoiceItems[0].balance);
  }
  expect(balances).toEqual([0, 17, 24]);
  const parts: Array<Record<string, unknown>> = [];
  for (const page of [1, 2]) {
    const { body } = await api.get(`${path}/application-parts?pageSize=1&page=${page}`);
    expect('nextPage' in body).toBe(page === 1);
    parts.push(...body.applicationParts);
  }
  const byKind = (name: string) => parts.find((part) => part[name] !== null);
  expect(byKind('paymentId')).toMatchObject({
    paymentId: payment.body.id,
    creditMemoId: null,
    appliedAmount: 8,
  });
  expect(byKind('creditMemoId')).toMatchObject({ creditMemoId: memoId, paymentId: null, appliedAmount: 11 });
});

it('lists invoices and memos of an account by date, one page after another', async () => {
  const { api, account, id, number } = await world();
  const memoId = await applyMemo(account, '0'.repeat(32), 100, { id: '0'.repeat(32), minor: 0 });
  const later = await api.post('/v1/invoices', {
    accountId: account.id,
    status: 'Posted',
    invoiceDate: '2026-05-01',
    invoiceItems: [LINE],
  });
  const list = async (query: string) => {
    const { status, body } = await api.get(`/v1/billing-documents?${query}`);
    expect(status).toBe(200);
    return body as { documents: Array<{ id: string }>; nextPage?: string };
  };
  const idsOf = async (query: string) => (await list(query)).documents.map((document) => document.id);
  const whole = await list(`accountId=${account.id}`);
  expect(whole).toEqual({
    documents: [
      expect.objectContaining({
        id: later.body.id,
        documentType: 'Invoice',
        status: 'Posted',
        documentDate: '2026-05-01',
        balance: 10,
      }),
      {
        id: memoId,
        accountId: account.id,
        accountNumber: account.accountNumber,
        amount: 50,
        balance: 49,
        documentDate: '2026-03-20',
        documentNumber: `CM-${account.accountNumber}`,
        documentType: 'CreditMemo',
        status: 'Posted',
        currency: 'USD',
      },
      expect.objectContaining({ id, documentNumber: number, status: 'Draft' }),
    ],
    success: true,
  });
  const by = `accountNumber=${account.accountNumber}`;
  expect(await idsOf(`${by}&sort=%2BdocumentDate`)).toEqual([id, memoId, later.body.id]);
  expect(await idsOf(`${by}&status=Posted`)).toEqual([later.body.id, memoId]);
  expect(await idsOf(`${by}&documentDate=2026-03-20`)).toEqual([memoId]);
  expect(await idsOf(`${by}&documentDate=2026-03-20&status=Draft`)).toEqual([]);
  const first = await list(`${by}&pageSize=2`);
  expect(first.nextPage).toContain('page=2');
  expect(await idsOf(`${by}&pageSize=2&page=2`)).toEqual([id]);
});

it.each([
  ['accountId', ''],
  ['sort', 'accountId=A1&sort=-documentNumber'],
  ['status', 'accountId=A1&status=Paid'],
  ['documentDate', 'accountId=A1&documentDate=today'],
])('billing documents refuse a wrong %s by name', async (field, query) => {
  const api = await inProcessApi();
  const reply = await api.get(`/v1/billing-documents?${query}`);
  expect([reply.status, JSON.stringify(reply.body)]).toEqual([400, expect.stringContaining(field)]);
  expect((await api.get('/v1/billing-documents?accountNumber=A-NOBODY')).status).toBe(404);
});

it('merged lists read each kind by its own index and sort nothing', async () => {
  const order = 'newest' as const;
  const lists = [
    APPLICATIONS_OF_DOCUMENT,
    billingDocumentsSql({ accountId: '', date: null, status: null, order }),
    billingDocumentsSql({ accountId: '', date: '2026-01-01', status: 'Posted', order: 'oldest' }),
  ];
  for (const sql of lists) {
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...new Array(new Set(sql.match(/\?\d/g)).size).fill(null))
      .all<{ detail: string }>();
    const plan = results.map(({ detail }) => detail).join('\n');
    expect(plan).toContain('MERGE (UNION ALL)');
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
  }
});
