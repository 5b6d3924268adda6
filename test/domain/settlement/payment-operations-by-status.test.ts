import { describe, expect, it } from 'vitest';
import type { MetricDelta } from '../../../src/domain/metrics/delta.ts';
import { isRefusal, type Refusal } from '../../../src/domain/result.ts';
import { applyPayment, unapplyPayment } from '../../../src/domain/settlement/apply-payment.ts';
import { cancelPayment, deletePayment } from '../../../src/domain/settlement/cancel-payment.ts';
import { applicationLimits, type RequestedPart } from '../../../src/domain/settlement/parts.ts';
import { type Payment, UNASSIGNED_ACCOUNT } from '../../../src/domain/settlement/payment.ts';
import { refundPayment, refundPaymentAndUnapply } from '../../../src/domain/settlement/refund-payment.ts';
import { transferPayment } from '../../../src/domain/settlement/transfer-payment.ts';
import { updatePayment } from '../../../src/domain/settlement/update-payment.ts';
import { debitMemoOf } from '../../support/memo-shapes.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, invoiceOf, paymentOf } from '../../support/payment-shapes.ts';
import { BY_CHECK } from '../../support/payment-steps.ts';

// What can be done to a payment in which status, and what it moves (semantics F.1 rows 25 to 33).
const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const INVOICE = '1'.repeat(32);
const MEMO = '2'.repeat(32);
const PAYMENT = 'c'.repeat(32);
const paymentId = PAYMENT;

/** Two accounts, an invoice and a debit memo of 100.00 each, and a payment of 50.00. */
function worldWith(fields: Partial<Payment> = {}): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf());
  state.put('account', accountOf({ id: B, accountNumber: 'A-2' }));
  state.put('invoice', invoiceOf());
  const { memo, items } = debitMemoOf({ id: MEMO, accountId: A, linesMinor: [6_000, 4_000] });
  state.put('debitMemo', memo);
  for (const item of items) state.put('debitMemoItem', item);
  state.put('payment', paymentOf(fields));
  return state;
}

function part(targetKind: 'invoice' | 'debitMemo', amount: string): RequestedPart {
  const key = targetKind === 'invoice' ? INVOICE : MEMO;
  return { targetKind, key, keyField: `${targetKind}Id`, amount, items: [] };
}

/** The same with 30.00 on the invoice and 15.00 on the debit memo; 5.00 is left. */
function worldApplied(): MemoryState {
  const state = worldWith();
  const parts = [part('invoice', '30'), part('debitMemo', '15')];
  expect(state.run(applyPayment, { paymentId, effectiveDate: null, parts })).toHaveProperty('payment');
  state.deltas.length = 0;
  return state;
}

type Operation = (state: MemoryState) => object;
const OPERATIONS: Record<string, Operation> = {
  apply: (s) => s.run(applyPayment, { paymentId, effectiveDate: null, parts: [part('invoice', '1')] }),
  update: (s) => s.run(updatePayment, { paymentId, comment: 'x', details: {}, customFields: {} }),
  delete: (s) => s.run(deletePayment, { paymentId }),
  cancel: (s) => s.run(cancelPayment, { paymentId }),
  transfer: (s) => s.run(transferPayment, { paymentId, toAccount: B }),
  refund: (s) => s.run(refundPayment, { ...BY_CHECK, paymentId, amount: '1' }),
  refundAndUnapply: (s) => s.run(refundPaymentAndUnapply, { ...BY_CHECK, paymentId, amount: '1', parts: [] }),
};

const WHEN_PROCESSED = ['apply', 'update', 'cancel', 'transfer', 'refund', 'refundAndUnapply'];
const ALLOWED: Record<Payment['status'], readonly string[]> = {
  Draft: ['update'],
  Processing: ['update'],
  Processed: WHEN_PROCESSED,
  Error: ['update'],
  Canceled: ['update', 'delete'],
  Voided: ['update'],
};

describe.each(Object.keys(ALLOWED) as Array<Payment['status']>)('a payment that is %s', (status) => {
  it.each(Object.keys(OPERATIONS))('%s', (operation) => {
    const state = worldWith({ status });
    const reply = OPERATIONS[operation]!(state);
    if (ALLOWED[status].includes(operation)) {
      expect(reply).not.toHaveProperty('refused');
      return;
    }
    expect(reply).toMatchObject({ refused: true, category: 'rule' });
    expect(state.deltas).toEqual([]);
    expect(state.find('payment', PAYMENT)).toMatchObject({ status, unappliedMinor: 5_000 });
  });
});

function numbersOf(state: MemoryState, accountId = A): Partial<MetricDelta> {
  const {
    accountId: _a,
    currency: _c,
    documentKind: _k,
    documentId: _d,
    ...numbers
  } = state.deltas.find((delta) => delta.accountId === accountId)!;
  return numbers;
}

describe('what moves', () => {
  it('a cancelled payment opens what it paid (row 30)', () => {
    const state = worldApplied();
    const reply = state.run(cancelPayment, { paymentId });
    expect(reply).toMatchObject({
      accountNumber: 'A-1',
      payment: {
        status: 'Canceled',
        appliedMinor: 0,
        unappliedMinor: 5_000,
        cancelledAt: '2026-03-15T12:00:00.000Z',
      },
    });
    expect(state.deltas).toHaveLength(1);
    expect(numbersOf(state)).toEqual({
      totalInvoiceBalanceMinor: 3_000,
      totalDebitMemoBalanceMinor: 1_500,
      unappliedPaymentMinor: -500,
    });
    expect(state.find('invoice', INVOICE)).toMatchObject({ balanceMinor: 10_000, paymentsAppliedMinor: 0 });
    expect(state.find('debitMemo', MEMO)).toMatchObject({ balanceMinor: 10_000, paymentsAppliedMinor: 0 });
    expect(state.all('paymentApplication')).toEqual([]);
  });

  it('a refund takes what is unapplied (row 27)', () => {
    const state = worldApplied();
    const reply = state.run(refundPayment, { ...BY_CHECK, paymentId, amount: '4.5' });
    expect(reply).toMatchObject({
      paymentNumber: 'P-1',
      refund: {
        refundNumber: 'R-00000001',
        status: 'Processed',
        amountMinor: 450,
        accountId: A,
        refundDate: '2026-03-15',
      },
    });
    expect(numbersOf(state)).toEqual({ unappliedPaymentMinor: -450 });
    expect(state.find('payment', PAYMENT)).toMatchObject({
      appliedMinor: 4_500,
      unappliedMinor: 50,
      refundedMinor: 450,
    });
  });

  it('a refund that takes off opens what it takes off, the unapplied going first and the last document next (row 28)', () => {
    const state = worldApplied();
    expect(
      state.run(refundPaymentAndUnapply, { ...BY_CHECK, paymentId, amount: '32', parts: [] }),
    ).toMatchObject({
      refund: { amountMinor: 3_200 },
    });
    // 5.00 unapplied, 15.00 of the debit memo (the later id), 12.00 of the invoice.
    expect(numbersOf(state)).toEqual({
      totalInvoiceBalanceMinor: 1_200,
      totalDebitMemoBalanceMinor: 1_500,
      unappliedPaymentMinor: -500,
    });
    expect(state.find('payment', PAYMENT)).toMatchObject({
      appliedMinor: 1_800,
      unappliedMinor: 0,
      refundedMinor: 3_200,
    });
    expect(state.find('invoice', INVOICE)).toMatchObject({ balanceMinor: 8_200 });
  });

  it('a refund without an amount gives back all that is not refunded yet', () => {
    const state = worldApplied();
    state.run(refundPayment, { ...BY_CHECK, paymentId, amount: '2' });
    const reply = state.run(refundPaymentAndUnapply, { ...BY_CHECK, paymentId, amount: null, parts: [] });
    expect(reply).toMatchObject({ refund: { amountMinor: 4_800 } });
    expect(state.find('payment', PAYMENT)).toMatchObject({
      appliedMinor: 0,
      unappliedMinor: 0,
      refundedMinor: 5_000,
    });
    const again = state.run(refundPaymentAndUnapply, { ...BY_CHECK, paymentId, amount: null, parts: [] });
    expect(again).toMatchObject({ refused: true, category: 'rule' });
  });

  it('a refund that names documents takes their sum, or what is given when that is more', () => {
    const named = (amount: string | null, parts: RequestedPart[]) => {
      const state = worldApplied();
      const reply = state.run(refundPaymentAndUnapply, { ...BY_CHECK, paymentId, amount, parts });
      return { reply, state };
    };
    const sum = named(null, [part('invoice', '10')]);
    expect(sum.reply).toMatchObject({ refund: { amountMinor: 1_000 } });
    expect(numbersOf(sum.state)).toEqual({ totalInvoiceBalanceMinor: 1_000, unappliedPaymentMinor: 0 });
    const more = named('12', [part('debitMemo', '10')]);
    expect(numbersOf(more.state)).toEqual({ totalDebitMemoBalanceMinor: 1_000, unappliedPaymentMinor: -200 });
    expect(named('9.99', [part('invoice', '10')]).reply).toMatchObject({
      refused: true,
      field: 'totalAmount',
    });
    expect(named('15.01', [part('invoice', '10')]).reply).toMatchObject({
      refused: true,
      field: 'totalAmount',
    });
    expect(named(null, [part('invoice', '30.01')]).reply).toMatchObject({
      refused: true,
      field: 'invoices[0].amount',
    });
  });

  it.each([
    ['more than is left', { amount: '50.01' }, 'totalAmount'],
    ['nothing', { amount: '0' }, 'totalAmount'],
    ['part of a cent', { amount: '0.001' }, 'totalAmount'],
    ['a day before the payment', { amount: '1', refundDate: '2026-03-09' }, 'refundDate'],
  ])('refuses a refund of %s', (_, wrong, field) => {
    const state = worldWith();
    expect(state.run(refundPayment, { ...BY_CHECK, paymentId, ...wrong })).toMatchObject({
      refused: true,
      field,
    });
    const payload = { ...BY_CHECK, paymentId, parts: [], ...wrong };
    expect(state.run(refundPaymentAndUnapply, payload)).toMatchObject({ refused: true, field });
    expect(state.deltas).toEqual([]);
  });

  it('dates a refund of a payment of the future no earlier than the payment', () => {
    const state = worldWith({ effectiveDate: '2026-05-01' });
    const reply = state.run(refundPayment, { ...BY_CHECK, paymentId, amount: '1' });
    expect(reply).toMatchObject({ refund: { refundDate: '2026-05-01' } });
  });
});

describe('a transfer (row 33)', () => {
  it('moves the payment from one account to another, to none and back', () => {
    const state = worldWith();
    expect(state.run(transferPayment, { paymentId, toAccount: 'A-2' })).toMatchObject({
      accountNumber: 'A-2',
    });
    expect(numbersOf(state, A)).toEqual({ unappliedPaymentMinor: -5_000 });
    expect(numbersOf(state, B)).toEqual({ unappliedPaymentMinor: 5_000 });
    state.deltas.length = 0;
    expect(state.run(transferPayment, { paymentId, toAccount: null })).toMatchObject({
      accountNumber: null,
      payment: { accountId: UNASSIGNED_ACCOUNT },
    });
    expect(state.deltas).toHaveLength(1);
    expect(numbersOf(state, B)).toEqual({ unappliedPaymentMinor: -5_000 });
    state.deltas.length = 0;
    expect(state.run(transferPayment, { paymentId, toAccount: A })).toMatchObject({ accountNumber: 'A-1' });
    expect(state.deltas).toHaveLength(1);
    expect(numbersOf(state, A)).toEqual({ unappliedPaymentMinor: 5_000 });
  });

  it('refuses what is applied or refunded in part, an account that is not there, and where it is already', () => {
    expect(worldApplied().run(transferPayment, { paymentId, toAccount: B })).toMatchObject({
      category: 'rule',
    });
    const refunded = worldWith();
    refunded.run(refundPayment, { ...BY_CHECK, paymentId, amount: '1' });
    expect(refunded.run(transferPayment, { paymentId, toAccount: B })).toMatchObject({ category: 'rule' });
    const field = 'accountId';
    expect(worldWith().run(transferPayment, { paymentId, toAccount: 'A-3' })).toMatchObject({
      refused: true,
      field,
    });
    expect(worldWith().run(transferPayment, { paymentId, toAccount: A })).toMatchObject({
      refused: true,
      field,
    });
    const nobodys = worldWith({ accountId: UNASSIGNED_ACCOUNT });
    expect(nobodys.run(transferPayment, { paymentId, toAccount: null })).toMatchObject({
      refused: true,
      field,
    });
  });

  it('a payment of no account can be canceled and moves no metric; nothing else is done with it', () => {
    const state = worldWith({ accountId: UNASSIGNED_ACCOUNT });
    for (const name of ['apply', 'refund', 'refundAndUnapply']) {
      expect(OPERATIONS[name]!(state)).toHaveProperty('refused', true);
    }
    expect(state.run(cancelPayment, { paymentId })).toMatchObject({
      accountNumber: null,
      payment: { status: 'Canceled' },
    });
    expect(state.deltas).toEqual([]);
  });
});

describe('what stands in the way of cancelling', () => {
  it('a refund', () => {
    const state = worldWith();
    state.run(refundPayment, { ...BY_CHECK, paymentId, amount: '1' });
    expect(state.run(cancelPayment, { paymentId })).toMatchObject({ refused: true, category: 'rule' });
  });

  it('a gateway that has the money', () => {
    const state = worldWith({ type: 'Electronic' });
    expect(state.run(cancelPayment, { paymentId })).toMatchObject({ refused: true, category: 'rule' });
  });

  it('more documents than one command may touch: some are taken off first', () => {
    const { documentsMax } = applicationLimits;
    const state = worldWith({ amountMinor: documentsMax + 1, unappliedMinor: documentsMax + 1 });
    const invoices = Array.from(
      { length: documentsMax + 1 },
      (_, i) => `3${i.toString(16).padStart(31, '0')}`,
    );
    for (const [i, id] of invoices.entries())
      state.put('invoice', invoiceOf({ id, invoiceNumber: `INV-M${i}` }));
    const parts = invoices.map((key) => ({ ...part('invoice', '0.01'), key }));
    state.run(applyPayment, { paymentId, effectiveDate: null, parts });
    expect(state.find('payment', PAYMENT)).toMatchObject({ unappliedMinor: 0 });
    const refusal = state.run(cancelPayment, { paymentId }) as Refusal;
    expect(refusal).toMatchObject({ refused: true, category: 'rule' });
    expect(refusal.message).toContain('1000 documents');
    expect(refusal.message).toContain('unapply 0.01 USD');
    const all = state.run(refundPaymentAndUnapply, { ...BY_CHECK, paymentId, amount: null, parts: [] });
    expect(all).toMatchObject({ refused: true, category: 'rule' });
    state.run(unapplyPayment, { paymentId, effectiveDate: null, parts: [parts[7]!] });
    expect(isRefusal(state.run(cancelPayment, { paymentId }))).toBe(false);
    expect(state.all('paymentApplication')).toEqual([]);
  });
});

describe('parts for debit memos and their lines', () => {
  it('are applied and taken off by line', () => {
    const state = worldWith();
    const [first, second] = state.all('debitMemoItem');
    const items = [
      { sourceItemId: null, targetItemId: first!.id, amount: '20' },
      { sourceItemId: null, targetItemId: second!.id, amount: '10' },
    ];
    const parts = [{ ...part('debitMemo', '30'), items }];
    expect(isRefusal(state.run(applyPayment, { paymentId, effectiveDate: null, parts }))).toBe(false);
    expect(numbersOf(state)).toEqual({ totalDebitMemoBalanceMinor: -3_000, unappliedPaymentMinor: -3_000 });
    expect(state.all('debitMemoItem').map(({ appliedMinor }) => appliedMinor)).toEqual([2_000, 1_000]);
    const off = [{ ...part('debitMemo', '5'), items: [{ ...items[0]!, amount: '5' }] }];
    expect(isRefusal(state.run(unapplyPayment, { paymentId, effectiveDate: null, parts: off }))).toBe(false);
    expect(state.all('debitMemoItem').map(({ appliedMinor }) => appliedMinor)).toEqual([1_500, 1_000]);
    // Cancelling takes off what is left, line by line.
    expect(isRefusal(state.run(cancelPayment, { paymentId }))).toBe(false);
    expect(state.all('debitMemoItem').map(({ appliedMinor }) => appliedMinor)).toEqual([0, 0]);
    expect(state.find('debitMemo', MEMO)).toMatchObject({ balanceMinor: 10_000 });
  });

  it('refuse a line of another document, more than a line has open, and sums that are not the amount', () => {
    const state = worldWith();
    const [first, second] = state.all('debitMemoItem');
    const apply = (amount: string, items: RequestedPart['items']) =>
      state.run(applyPayment, {
        paymentId,
        effectiveDate: null,
        parts: [{ ...part('debitMemo', amount), items }],
      });
    const item = (targetItemId: string, amount: string) => ({ sourceItemId: null, targetItemId, amount });
    expect(apply('1', [item('9'.repeat(32), '1')])).toMatchObject({
      field: 'debitMemos[0].items[0].debitMemoItemId',
    });
    expect(apply('40.01', [item(second!.id, '40.01')])).toMatchObject({
      field: 'debitMemos[0].items[0].amount',
    });
    expect(apply('3', [item(first!.id, '1'), item(second!.id, '1')])).toMatchObject({
      field: 'debitMemos[0].items',
    });
    expect(state.deltas).toEqual([]);
  });
});
