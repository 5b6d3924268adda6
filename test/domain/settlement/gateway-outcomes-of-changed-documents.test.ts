import { describe, expect, it } from 'vitest';
import { fromMinor } from '../../../src/domain/money.ts';
import { applyCreditMemo } from '../../../src/domain/settlement/apply-credit-memo.ts';
import { type CollectInvoices, collectInvoices } from '../../../src/domain/settlement/collect-invoices.ts';
import { type GatewayAnswer, gatewayWorkOf } from '../../../src/domain/settlement/gateway.ts';
import type { PaymentMethod } from '../../../src/domain/settlement/payment-method.ts';
import { recordPaymentOutcome } from '../../../src/domain/settlement/record-payment-outcome.ts';
import { recordRefundOutcome } from '../../../src/domain/settlement/record-refund-outcome.ts';
import { refundCreditMemo } from '../../../src/domain/settlement/refund-credit-memo.ts';
import { refundPaymentAndUnapply } from '../../../src/domain/settlement/refund-payment.ts';
import { submitPayment } from '../../../src/domain/settlement/submit-payment.ts';
import { creditMemoOf, debitMemoOf } from '../../support/memo-shapes.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, invoiceOf } from '../../support/payment-shapes.ts';

// What becomes of electronic payments and refunds when what they are for has changed while their gateway was being asked.
const A = 'a'.repeat(32);
const METHOD = 'b'.repeat(32);
const INVOICE = '1'.repeat(32);
const MEMO = 'd'.repeat(32);
const DEBIT = '2'.repeat(32);
const APPROVED: GatewayAnswer = { outcome: 'approved', responseCode: '00', response: 'Approved' };
const DECLINED: GatewayAnswer = { outcome: 'declined', responseCode: '05', response: 'Do not honor' };
const GATEWAY = { gatewayId: null, gatewayField: 'gatewayId', gateways: ['Test'] };
const METHOD_SHAPE: PaymentMethod = {
  ...accountOf(),
  id: METHOD,
  accountId: A,
  type: 'CreditCard',
  status: 'Active',
  token: 'token',
  lastFour: '1111',
  brand: 'Visa',
  expirationMonth: 12,
  expirationYear: 2098,
  holderName: null,
  details: { gatewayId: 'Test' },
};

function world(): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf({ details: { defaultPaymentMethodId: METHOD } }));
  state.put('paymentMethod', METHOD_SHAPE);
  state.put('invoice', invoiceOf({ id: INVOICE }));
  return state;
}

const OF_BOTH = {
  paymentMethodId: null,
  comment: null,
  referenceId: null,
  details: {},
  customFields: {},
};

/** An electronic payment of 60.00, of which 40.00 are for the invoice. @returns its id */
function submit(state: MemoryState): string {
  const reply = state.run(submitPayment, {
    ...OF_BOTH,
    ...GATEWAY,
    accountId: A,
    accountNumber: null,
    currency: 'USD',
    amount: '60',
    effectiveDate: null,
    paymentMethodType: null,
    parts: [{ targetKind: 'invoice', key: INVOICE, keyField: 'invoiceId', amount: '40', items: [] }],
  });
  expect(reply).not.toHaveProperty('refused');
  return state.all('payment')[0]!.id;
}

function reverse(state: MemoryState): void {
  state.put('invoice', { ...state.find('invoice', INVOICE)!, isReversed: true });
}

describe('an invoice that is being reversed takes no payment', () => {
  it('that its gateway approves afterwards: the money stays unapplied', () => {
    const state = world();
    const paymentId = submit(state);
    reverse(state);
    state.run(recordPaymentOutcome, { paymentId, answer: APPROVED });
    expect(state.find('payment', paymentId)).toMatchObject({
      status: 'Processed',
      appliedMinor: 0,
      unappliedMinor: 6_000,
    });
    expect(state.find('invoice', INVOICE)).toMatchObject({ balanceMinor: 10_000, details: {} });
    expect(state.all('paymentApplication')).toEqual([]);
    expect(state.deltas).toMatchObject([{ unappliedPaymentMinor: 6_000 }]);
    expect(state.deltas[0]).not.toHaveProperty('totalInvoiceBalanceMinor');
  });

  const collect = (state: MemoryState, fields: Partial<CollectInvoices>) =>
    state.run(collectInvoices, { ...GATEWAY, accountKey: A, named: null, invoiceIds: [], ...fields });

  it('and is not collected among those that are due', () => {
    const state = world();
    reverse(state);
    expect(collect(state, { invoiceIds: [INVOICE] })).toEqual({ payment: null, invoices: [] });
    const other = '3'.repeat(32);
    state.put('invoice', invoiceOf({ id: other, invoiceNumber: 'INV-3', balanceMinor: 2_500 }));
    const reply = collect(state, { invoiceIds: [INVOICE, other] });
    expect(reply).toMatchObject({ payment: { amountMinor: 2_500 }, invoices: [{ id: other }] });
  });

  it('and is refused by name when it is named', () => {
    const state = world();
    reverse(state);
    const reply = collect(state, { named: { key: INVOICE, field: 'invoiceId' } });
    expect(reply).toMatchObject({ refused: true, category: 'rule', field: 'invoiceId' });
    expect(reply).toMatchObject({ message: 'invoice INV-1 is reversed' });
  });
});

describe('an electronic refund of lines of a credit memo', () => {
  const line = creditMemoOf({ id: MEMO, accountId: A, linesMinor: [3_000, 2_000] });
  const [x, y] = line.items as [(typeof line.items)[0], (typeof line.items)[0]];

  /** A memo of lines of 30.00 and 20.00, and a debit memo of 100.00. */
  function worldOfMemo(): MemoryState {
    const state = world();
    state.put('creditMemo', line.memo);
    for (const item of line.items) state.put('creditMemoItem', item);
    const debit = debitMemoOf({ id: DEBIT, accountId: A, linesMinor: [10_000] });
    state.put('debitMemo', debit.memo);
    for (const item of debit.items) state.put('debitMemoItem', item);
    return state;
  }

  /** @returns its id */
  function refund(state: MemoryState, ofLines: ReadonlyArray<readonly [string, number]>): string {
    const reply = state.run(refundCreditMemo, {
      ...OF_BOTH,
      type: 'Electronic',
      refundDate: null,
      methodType: null,
      reasonCode: null,
      gateway: GATEWAY,
      creditMemoId: MEMO,
      amount: fromMinor(
        ofLines.reduce((sum, [, minor]) => sum + minor, 0),
        'USD',
      ),
      items: ofLines.map(([creditMemoItemId, minor]) => ({
        creditMemoItemId,
        amount: fromMinor(minor, 'USD'),
      })),
    });
    expect(reply).not.toHaveProperty('refused');
    return state.all('refund').at(-1)!.id;
  }

  /** Applies so much of the first line, while the refund waits. */
  function applyOfFirstLine(state: MemoryState, amount: string): void {
    const items = [{ sourceItemId: x.id, targetItemId: `${DEBIT.slice(0, 28)}0001`, amount }];
    const reply = state.run(applyCreditMemo, {
      creditMemoId: MEMO,
      accountId: A,
      effectiveDate: null,
      parts: [{ targetKind: 'debitMemo', key: DEBIT, keyField: 'debitMemoId', amount, items }],
    });
    expect(reply).not.toHaveProperty('refused');
  }

  const linesOf = (state: MemoryState) =>
    [x, y].map(({ id }) => {
      const { appliedMinor, refundedMinor } = state.find('creditMemoItem', id)!;
      return { appliedMinor, refundedMinor };
    });

  it('takes of a line no more than it still has when it is approved, and the rest of the memo as a whole', () => {
    const state = worldOfMemo();
    const refundId = refund(state, [
      [x.id, 2_500],
      [y.id, 500],
    ]);
    applyOfFirstLine(state, '20');
    state.run(recordRefundOutcome, { refundId, answer: APPROVED });
    expect(linesOf(state)).toEqual([
      { appliedMinor: 2_000, refundedMinor: 1_000 },
      { appliedMinor: 0, refundedMinor: 500 },
    ]);
    expect(state.find('refund', refundId)).toMatchObject({
      status: 'Processed',
      amountMinor: 3_000,
      items: [
        { creditMemoItemId: x.id, amountMinor: 1_000 },
        { creditMemoItemId: y.id, amountMinor: 500 },
      ],
    });
    expect(state.find('creditMemo', MEMO)).toMatchObject({
      appliedMinor: 2_000,
      unappliedMinor: 0,
      refundedMinor: 3_000,
    });
  });

  it('two that name the same line share what it has; a line that has nothing left is not named', () => {
    const state = worldOfMemo();
    const first = refund(state, [[x.id, 2_000]]);
    const second = refund(state, [[x.id, 3_000]]);
    state.run(recordRefundOutcome, { refundId: second, answer: APPROVED });
    state.run(recordRefundOutcome, { refundId: first, answer: APPROVED });
    expect(linesOf(state)).toEqual([
      { appliedMinor: 0, refundedMinor: 3_000 },
      { appliedMinor: 0, refundedMinor: 0 },
    ]);
    expect(state.find('refund', first)).toMatchObject({ amountMinor: 2_000, items: [] });
    expect(state.find('creditMemo', MEMO)).toMatchObject({ unappliedMinor: 0, refundedMinor: 5_000 });
  });

  it('that is declined keeps what it named, and takes nothing', () => {
    const state = worldOfMemo();
    const refundId = refund(state, [[x.id, 2_500]]);
    applyOfFirstLine(state, '20');
    state.run(recordRefundOutcome, { refundId, answer: DECLINED });
    expect(linesOf(state)[0]).toEqual({ appliedMinor: 2_000, refundedMinor: 0 });
    expect(state.find('refund', refundId)).toMatchObject({
      status: 'Error',
      items: [{ creditMemoItemId: x.id, amountMinor: 2_500 }],
    });
  });
});

describe('what a gateway was asked for', () => {
  const workOf = (state: MemoryState, kind: 'payment' | 'refund', id: string) =>
    gatewayWorkOf(state.find(kind, id)!);

  it.each([
    ['approved', APPROVED],
    ['declined', DECLINED],
  ])('is kept no longer than until it has %s; who it was is, for refunds', (_, answer) => {
    const state = world();
    const paymentId = submit(state);
    expect(workOf(state, 'payment', paymentId)!.parts).toMatchObject([{ targetId: INVOICE }]);
    state.run(recordPaymentOutcome, { paymentId, answer });
    expect(workOf(state, 'payment', paymentId)).toEqual({ gatewayId: 'Test', token: 'token', parts: [] });
    if (answer === DECLINED) return;
    state.run(refundPaymentAndUnapply, {
      ...OF_BOTH,
      type: 'Electronic',
      refundDate: null,
      methodType: null,
      reasonCode: null,
      gateway: GATEWAY,
      paymentId,
      amount: null,
      parts: [],
    });
    const refundId = state.all('refund')[0]!.id;
    expect(workOf(state, 'refund', refundId)!.parts).toMatchObject([{ targetId: INVOICE }]);
    state.run(recordRefundOutcome, { refundId, answer });
    expect(workOf(state, 'refund', refundId)).toEqual({ gatewayId: 'Test', token: 'token', parts: [] });
    expect(state.find('payment', paymentId)).toMatchObject({ appliedMinor: 0, refundedMinor: 6_000 });
  });
});
