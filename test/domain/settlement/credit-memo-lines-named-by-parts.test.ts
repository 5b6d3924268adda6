import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createInvoice } from '../../../src/domain/billing/create-invoice.ts';
import { applyCreditMemo, unapplyCreditMemo } from '../../../src/domain/settlement/apply-credit-memo.ts';
import type { RequestedItem, RequestedPart } from '../../../src/domain/settlement/parts.ts';
import { creditMemoOf, debitMemoOf } from '../../support/memo-shapes.ts';
import { expectMemosAddUp, memoStep, takeMemoStep } from '../../support/memo-steps.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf } from '../../support/payment-shapes.ts';

// One line of a credit memo that several parts of one request name: it moves by their sum, and has no more than it has.
const A = 'a'.repeat(32);
const memo = creditMemoOf({ id: 'd'.repeat(32), accountId: A, linesMinor: [1_000, 1_000] });
const [x, y] = memo.items as [(typeof memo.items)[0], (typeof memo.items)[0]];
const targets = ['1', '2'].map((digit) =>
  debitMemoOf({ id: digit.repeat(32), accountId: A, linesMinor: [1_000] }),
);

function world(): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf());
  state.put('creditMemo', memo.memo);
  for (const item of memo.items) state.put('creditMemoItem', item);
  for (const { memo: target, items } of targets) {
    state.put('debitMemo', target);
    for (const item of items) state.put('debitMemoItem', item);
  }
  return state;
}

/** A part for each debit memo, of which each names lines of the credit memo with what is taken from them. */
function partsOf(...named: Array<Array<readonly [string, string]>>): RequestedPart[] {
  return named.map((of, i) => {
    const items = of.map(
      ([sourceItemId, amount]): RequestedItem => ({
        sourceItemId,
        targetItemId: targets[i]!.items[0]!.id,
        amount,
      }),
    );
    const amount = String(items.reduce((sum, item) => sum + Number(item.amount), 0));
    return { targetKind: 'debitMemo', key: targets[i]!.memo.id, keyField: 'debitMemoId', amount, items };
  });
}

const move = (parts: RequestedPart[]) => ({
  creditMemoId: memo.memo.id,
  accountId: A,
  effectiveDate: null,
  parts,
});
const appliedOf = (state: MemoryState) =>
  memo.items.map(({ id }) => state.find('creditMemoItem', id)!.appliedMinor);

it('is not applied beyond what it has, and the part that is too much is named', () => {
  const state = world();
  const reply = state.run(applyCreditMemo, move(partsOf([[x.id, '10']], [[x.id, '10']])));
  expect(reply).toMatchObject({ refused: true, field: 'debitMemos[1].items[0].amount' });
  expect(appliedOf(state)).toEqual([0, 0]);
});

it('has the sum of the parts, applied and taken off again', () => {
  const state = world();
  const parts = partsOf(
    [[x.id, '4']],
    [
      [x.id, '6'],
      [y.id, '1'],
    ],
  );
  expect(state.run(applyCreditMemo, move(parts))).not.toHaveProperty('refused');
  expect(appliedOf(state)).toEqual([1_000, 100]);
  const off = partsOf([[x.id, '3']], [[x.id, '2']]);
  expect(state.run(unapplyCreditMemo, move(off))).not.toHaveProperty('refused');
  expect(appliedOf(state)).toEqual([500, 100]);
  const rest = partsOf(
    [[x.id, '1']],
    [
      [x.id, '4'],
      [y.id, '1'],
    ],
  ).map((part) => ({ ...part, items: [] }));
  expect(state.run(unapplyCreditMemo, move(rest))).not.toHaveProperty('refused');
  expect(appliedOf(state)).toEqual([0, 0]);
  expect(state.all('creditMemoApplication')).toEqual([]);
});

/** Two posted invoices of two lines beside the debit memos. */
function worldWithInvoices(): MemoryState {
  const state = world();
  for (const amounts of [
    ['5', '3'],
    ['4', '9'],
  ]) {
    const reply = state.run(createInvoice, {
      accountId: A,
      accountNumber: null,
      invoiceNumber: null,
      invoiceDate: '2026-03-10',
      dueDate: null,
      paymentTerm: null,
      currency: 'USD',
      status: 'Posted',
      autoPay: false,
      comments: null,
      billToContactId: null,
      soldToContactId: null,
      items: amounts.map((amount) => ({
        amount,
        unitPrice: null,
        quantity: null,
        chargeName: 'Line',
        chargeDate: null,
        serviceStartDate: '2026-03-01',
        serviceEndDate: null,
        productRatePlanChargeId: null,
        discounts: [],
        details: {},
        customFields: {},
      })),
      details: {},
      customFields: {},
    });
    expect(reply).not.toHaveProperty('refused');
  }
  return state;
}

const moving = fc
  .tuple(memoStep, fc.constantFrom('applyMemo', 'applyMemoToLines', 'unapplyMemo', 'refundMemo'))
  .map(([step, kind]) => ({ ...step, kind }) as const);

it('has what its parts say after any sequence of requests', () => {
  let shared = 0;
  fc.assert(
    fc.property(fc.array(moving, { maxLength: 12, size: 'max' }), (steps) => {
      const state = worldWithInvoices();
      for (const step of steps) {
        takeMemoStep(state, step, [A]);
        expectMemosAddUp(state);
        const named = state.all('creditMemoApplication').flatMap(({ items }) => items);
        if (named.filter(({ sourceItemId }) => sourceItemId === x.id).length > 1) shared++;
      }
    }),
    { numRuns: 200 },
  );
  expect(shared).toBeGreaterThan(10);
});
