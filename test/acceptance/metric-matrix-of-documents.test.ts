// The matrix of operations and metrics (semantics F.1), rows 16 to 46: invoices, payments, refunds and memos, each for a partner and
// for an ordinary account, in the account's currency and in another one.

import { expect, test } from 'vitest';
import { type Cell, expectRow, FLAT_PRICE, INVOICE_DAY, type MatrixRow } from '../support/matrix-cell.ts';
import { metricMatrix } from '../support/metric-matrix.ts';

const matrix = metricMatrix();

const LATER_DAY = '2026-04-20';
const laterInvoice = { status: 'Posted', invoiceDate: LATER_DAY };
const draft = { status: 'Draft' };

const invoices: readonly MatrixRow[] = [
  {
    row: 16,
    name: 'a draft invoice',
    prepare: async (cell) => () => cell.invoice(40, draft),
    moves: {},
  },
  {
    row: 16,
    name: 'a draft invoice that is deleted',
    prepare: async (cell) => {
      const id = await cell.invoice(40, draft);
      return () => cell.send('DELETE', `/v1/invoices/${id}`);
    },
    moves: {},
  },
  {
    row: 17,
    name: 'an invoice that is posted',
    prepare: async (cell) => {
      const id = await cell.invoice(40.05, draft);
      return () => cell.send('POST', '/v1/invoices/bulk-post', { invoices: [{ id }] });
    },
    moves: { TIB: 40.05, LID: INVOICE_DAY },
  },
  {
    row: 18,
    name: 'an invoice that is unposted, before which there was another',
    prepare: async (cell) => {
      await cell.invoice(10);
      const id = await cell.invoice(40, laterInvoice);
      return () => cell.send('PUT', `/v1/invoices/${id}/unpost`);
    },
    moves: { TIB: -40, LID: INVOICE_DAY },
  },
  {
    row: 18,
    name: 'the only invoice, unposted',
    prepare: async (cell) => {
      const id = await cell.invoice(40);
      return () => cell.send('PUT', `/v1/invoices/${id}/unpost`);
    },
    moves: { TIB: -40, LID: null },
  },
  {
    row: 19,
    name: 'an invoice that is reversed',
    prepare: async (cell) => {
      const id = await cell.invoice(40);
      return () => cell.send('PUT', `/v1/invoices/${id}/reverse`, {});
    },
    moves: { TIB: -40 },
  },
  {
    row: 20,
    name: 'an invoice whose rest is written off',
    prepare: async (cell) => {
      const id = await cell.invoice(40);
      await cell.payment(15, { invoices: [{ invoiceId: id, amount: 15 }] });
      return () => cell.send('PUT', `/v1/invoices/${id}/write-off`, {});
    },
    moves: { TIB: -25 },
  },
  {
    row: 21,
    name: 'a remark on a posted invoice',
    prepare: async (cell) => {
      const id = await cell.invoice(40);
      return () => cell.send('PUT', `/v1/invoices/${id}`, { comments: 'called' });
    },
    moves: {},
  },
  {
    row: 45,
    name: 'a standalone invoice, posted at once',
    prepare: async (cell) => {
      await cell.invoice(10, laterInvoice);
      return () => cell.invoice(40);
    },
    moves: { TIB: 40 },
  },
  {
    row: 46,
    name: 'an invoice over nothing',
    prepare: async (cell) => {
      await cell.invoice(10);
      return () => cell.invoice(0, laterInvoice);
    },
    moves: { LID: LATER_DAY },
  },
];

const payments: readonly MatrixRow[] = [
  {
    row: 23,
    name: 'a payment that is not applied',
    prepare: async (cell) => () => cell.payment(70),
    moves: { UPA: 70 },
  },
  {
    row: 24,
    name: 'a payment that is applied to an invoice and a debit memo',
    prepare: async (cell) => {
      const invoiceId = await cell.invoice(40);
      const debitMemoId = await cell.debitMemo(20);
      return () =>
        cell.payment(70, {
          invoices: [{ invoiceId, amount: 30 }],
          debitMemos: [{ debitMemoId, amount: 15 }],
        });
    },
    moves: { TIB: -30, TDB: -15, UPA: 25 },
  },
  {
    row: 25,
    name: 'a payment that is applied later',
    prepare: async (cell) => {
      const invoice = await cell.invoice(40);
      const debitMemo = await cell.debitMemo(20);
      const id = await cell.payment(70);
      return () => cell.apply(`payments/${id}`, { invoice: [invoice, 40], debitMemo: [debitMemo, 5] });
    },
    moves: { TIB: -40, TDB: -5, UPA: -45 },
  },
  {
    row: 26,
    name: 'a payment that is taken off',
    prepare: async (cell) => {
      const invoice = await cell.invoice(40);
      const debitMemo = await cell.debitMemo(20);
      const id = await cell.payment(70);
      await cell.apply(`payments/${id}`, { invoice: [invoice, 40], debitMemo: [debitMemo, 5] });
      return () =>
        cell.apply(`payments/${id}`, { invoice: [invoice, 10], debitMemo: [debitMemo, 5] }, 'unapply');
    },
    moves: { TIB: 10, TDB: 5, UPA: 15 },
  },
  {
    row: 27,
    name: 'a refund of what is unapplied',
    prepare: async (cell) => {
      const id = await cell.payment(70);
      return () => cell.refund(id, 30);
    },
    moves: { UPA: -30 },
  },
  {
    row: 28,
    name: 'a refund that takes the payment off first',
    prepare: async (cell) => {
      const invoiceId = await cell.invoice(40);
      const id = await cell.payment(40, { invoices: [{ invoiceId, amount: 40 }] });
      return () => cell.refund(id, 40, 'refunds/unapply');
    },
    moves: { TIB: 40 },
  },
  {
    row: 29,
    name: 'a refund that is cancelled',
    prepare: async (cell) => {
      const id = await cell.payment(70);
      const refund = await cell.refund(id, 30);
      return () => cell.send('PUT', `/v1/refunds/${refund}/cancel`);
    },
    moves: { UPA: 30 },
  },
  {
    row: 30,
    name: 'a payment that is cancelled',
    prepare: async (cell) => {
      const invoiceId = await cell.invoice(40);
      const id = await cell.payment(70, { invoices: [{ invoiceId, amount: 40 }] });
      return () => cell.send('PUT', `/v1/payments/${id}/cancel`);
    },
    moves: { TIB: 40, UPA: -30 },
  },
  {
    row: 33,
    name: 'a payment that moves to another account',
    prepare: async (cell) => {
      const id = await cell.payment(70);
      return () => cell.send('PUT', `/v1/payments/${id}/transfer`, { accountId: cell.other.id });
    },
    moves: { UPA: -70 },
    movesOther: { UPA: 70 },
  },
];

const memos: readonly MatrixRow[] = [
  {
    row: 16,
    name: 'draft memos',
    prepare: async (cell) => async () => {
      await cell.creditMemo(40, {});
      await cell.debitMemo(40, {});
    },
    moves: {},
  },
  {
    row: 35,
    name: 'a credit memo that is posted',
    prepare: async (cell) => {
      const id = await cell.creditMemo(40, {});
      return () => cell.send('PUT', `/v1/credit-memos/${id}/post`);
    },
    moves: { UCM: 40 },
  },
  {
    row: 36,
    name: 'a credit memo that is applied',
    prepare: async (cell) => {
      const invoice = await cell.invoice(40);
      const debitMemo = await cell.debitMemo(20);
      const id = await cell.creditMemo(50);
      return () => cell.apply(`credit-memos/${id}`, { invoice: [invoice, 25], debitMemo: [debitMemo, 20] });
    },
    moves: { TIB: -25, TDB: -20, UCM: -45 },
  },
  {
    row: 37,
    name: 'a credit memo that is taken off',
    prepare: async (cell) => {
      const invoice = await cell.invoice(40);
      const debitMemo = await cell.debitMemo(20);
      const id = await cell.creditMemo(50);
      await cell.apply(`credit-memos/${id}`, { invoice: [invoice, 25], debitMemo: [debitMemo, 20] });
      return () =>
        cell.apply(`credit-memos/${id}`, { invoice: [invoice, 5], debitMemo: [debitMemo, 20] }, 'unapply');
    },
    moves: { TIB: 5, TDB: 20, UCM: 25 },
  },
  {
    row: 38,
    name: 'a credit memo that is refunded',
    prepare: async (cell) => {
      const id = await cell.creditMemo(40);
      return () => cell.send('POST', `/v1/credit-memos/${id}/refund`, cell.externalRefund(15));
    },
    moves: { UCM: -15 },
  },
  {
    row: 39,
    name: 'a credit memo that is unposted',
    prepare: async (cell) => {
      const id = await cell.creditMemo(40);
      return () => cell.send('PUT', `/v1/credit-memos/${id}/unpost`);
    },
    moves: { UCM: -40 },
  },
  {
    row: 40,
    name: 'a credit memo that is written off',
    prepare: async (cell) => {
      const id = await cell.creditMemo(40);
      return () => cell.send('PUT', `/v1/credit-memos/${id}/write-off`, {});
    },
    moves: { UCM: -40 },
  },
  {
    row: 40,
    name: 'a credit memo that is reversed',
    prepare: async (cell) => {
      const id = await cell.creditMemo(40);
      return () => cell.send('PUT', `/v1/credit-memos/${id}/reverse`, {});
    },
    moves: { UCM: -40 },
  },
  {
    row: 41,
    name: 'a debit memo that is posted',
    prepare: async (cell) => {
      const id = await cell.debitMemo(40, {});
      return () => cell.send('PUT', `/v1/debit-memos/${id}/post`);
    },
    moves: { TDB: 40 },
  },
  {
    row: 42,
    name: 'a debit memo that is unposted',
    prepare: async (cell) => {
      const id = await cell.debitMemo(40);
      return () => cell.send('PUT', `/v1/debit-memos/${id}/unpost`);
    },
    moves: { TDB: -40 },
  },
  {
    row: 43,
    name: 'a debit memo whose rest is written off',
    prepare: async (cell) => {
      const debitMemoId = await cell.debitMemo(40);
      await cell.payment(15, { debitMemos: [{ debitMemoId, amount: 15 }] });
      return () => cell.send('PUT', `/v1/debit-memos/${debitMemoId}/write-off`, {});
    },
    moves: { TDB: -25 },
  },
];

/** Bills the cell's account up to a date, posted. */
const bill = (cell: Cell, targetDate: string, effectiveDate: string) =>
  cell.send('POST', `/v1/accounts/${cell.account.id}/billing-documents/generate`, {
    targetDate,
    effectiveDate,
    autoPost: true,
  });

const billing: readonly MatrixRow[] = [
  {
    row: 17,
    name: 'a bill that is posted',
    prepare: async (cell) => {
      await cell.subscribe(cell.catalog.flat);
      return () => bill(cell, '2026-02-01', '2026-02-03');
    },
    moves: { TIB: 2 * FLAT_PRICE, LID: '2026-02-03' },
  },
  {
    row: 44,
    name: 'a bill over less than nothing',
    prepare: async (cell) => {
      const { number } = await cell.subscribe(cell.catalog.flat);
      await bill(cell, '2026-02-01', '2026-02-03');
      const own = { cancellationPolicy: 'SpecificDate', cancellationEffectiveDate: '2026-02-01' };
      await cell.change(number, 'CancelSubscription', own);
      return () => bill(cell, '2026-03-01', '2026-03-03');
    },
    moves: { UCM: FLAT_PRICE },
  },
];

matrix.testEachCell([...invoices, ...payments, ...memos, ...billing]);

test.each(['USD', 'EUR'] as const)(
  'row 48: the flag, cleared with numbers in %s pending',
  async (currency) => {
    const cell = await matrix.cell(true, currency);
    await cell.invoice(40);
    await cell.payment(15);
    const { exact, published } = await cell.read(cell.account);
    expect(published).not.toEqual(exact);
    await cell.send('PUT', `/v1/accounts/${cell.account.id}`, { partnerAccount: false });
    expect((await cell.read(cell.account)).published).toEqual(exact);
    expect((await matrix.scenario.shown(cell.account)).lastMetricsUpdate).toBeNull();
    const row = { row: 48, name: '', prepare: async () => () => cell.invoice(10), moves: { TIB: 10 } };
    await expectRow(cell, row, false);
  },
);

test.each(['USD', 'EUR'] as const)(
  'row 48: the flag, cleared with an unposted invoice in %s pending',
  async (currency) => {
    const cell = await matrix.cell(true, currency);
    const id = await cell.invoice(40);
    await matrix.scenario.refresh(cell.account);
    await cell.send('PUT', `/v1/invoices/${id}/unpost`);
    expect((await cell.read(cell.account)).published.LID).toBe(INVOICE_DAY);
    await cell.send('PUT', `/v1/accounts/${cell.account.id}`, { partnerAccount: false });
    expect((await cell.read(cell.account)).published).toMatchObject({ TIB: 0, LID: null });
    await matrix.scenario.expectProven(cell.account);
  },
);
