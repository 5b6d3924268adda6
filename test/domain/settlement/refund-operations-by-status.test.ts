import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromMinor } from '../../../src/domain/money.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import type { CreditMemo } from '../../../src/domain/settlement/credit-memo.ts';
import type { Refund } from '../../../src/domain/settlement/refund.ts';
import { refundCreditMemo } from '../../../src/domain/settlement/refund-credit-memo.ts';
import { cancelRefund, deleteRefund } from '../../../src/domain/settlement/undo-refund.ts';
import { updateRefund } from '../../../src/domain/settlement/update-payment.ts';
import { creditMemoOf } from '../../support/memo-shapes.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, paymentOf, refundOf } from '../../support/payment-shapes.ts';
import { BY_CHECK } from '../../support/payment-steps.ts';

// What can be done to a refund in which status, refunds of credit memos, and what they move (semantics F.1 rows 29 and 38).
const A = 'a'.repeat(32);
const MEMO = 'd'.repeat(32);
const REFUND = 'e'.repeat(32);
const creditMemoId = MEMO;

function worldWith(fields: Partial<CreditMemo> = {}): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf());
  const { memo, items } = creditMemoOf({ id: MEMO, accountId: A, linesMinor: [3_000, 2_000] }, fields);
  state.put('creditMemo', memo);
  for (const item of items) state.put('creditMemoItem', item);
  return state;
}

const refundId = REFUND;
const OPERATIONS: Record<string, (state: MemoryState) => object> = {
  update: (s) => s.run(updateRefund, { refundId, comment: 'x', details: {}, customFields: {} }),
  cancel: (s) => s.run(cancelRefund, { refundId }),
  delete: (s) => s.run(deleteRefund, { refundId }),
};
const ALLOWED: Record<Refund['status'], readonly string[]> = {
  Processing: ['update'],
  Processed: ['update', 'cancel'],
  Error: ['update'],
  Canceled: ['update', 'delete'],
};

describe.each(Object.keys(ALLOWED) as Array<Refund['status']>)('a refund that is %s', (status) => {
  it.each(Object.keys(OPERATIONS))('%s', (operation) => {
    const state = worldWith();
    state.put('payment', paymentOf({ unappliedMinor: 3_000, refundedMinor: 2_000 }));
    state.put('refund', refundOf({ status }));
    const reply = OPERATIONS[operation]!(state);
    if (ALLOWED[status].includes(operation)) {
      expect(reply).not.toHaveProperty('refused');
      return;
    }
    expect(reply).toMatchObject({ refused: true, category: 'rule' });
    expect(state.deltas).toEqual([]);
  });
});

it('is not there: each operation says so', () => {
  for (const run of Object.values(OPERATIONS)) {
    expect(run(worldWith())).toMatchObject({ refused: true, category: 'not_found' });
  }
  const none = { ...BY_CHECK, creditMemoId: '0'.repeat(32), amount: '1', items: [] };
  expect(worldWith().run(refundCreditMemo, none)).toMatchObject({ refused: true, category: 'not_found' });
});

it('an electronic refund cannot be canceled: the gateway has paid it out', () => {
  const state = worldWith();
  state.put('payment', paymentOf({ unappliedMinor: 3_000, refundedMinor: 2_000 }));
  state.put('refund', refundOf({ type: 'Electronic' }));
  expect(state.run(cancelRefund, { refundId })).toMatchObject({ refused: true, category: 'rule' });
});

it('a cancelled refund of a payment leaves it unapplied again (row 29)', () => {
  const state = worldWith();
  state.put('payment', paymentOf({ unappliedMinor: 3_000, refundedMinor: 2_000 }));
  state.put('refund', refundOf());
  expect(state.run(cancelRefund, { refundId })).toMatchObject({
    paymentNumber: 'P-1',
    refund: { status: 'Canceled', cancelledAt: '2026-03-15T12:00:00.000Z' },
  });
  expect(state.find('payment', 'c'.repeat(32))).toMatchObject({ unappliedMinor: 5_000, refundedMinor: 0 });
  expect(state.deltas).toEqual([
    {
      accountId: A,
      currency: 'USD',
      unappliedPaymentMinor: 2_000,
      documentKind: 'refund',
      documentId: REFUND,
    },
  ]);
});

describe('a refund of a credit memo (row 38)', () => {
  it.each(['Generating', 'Draft', 'Canceled'] as const)('is refused while the memo is %s', (status) => {
    const state = worldWith({ status });
    const reply = state.run(refundCreditMemo, { ...BY_CHECK, creditMemoId, amount: '1', items: [] });
    expect(reply).toMatchObject({ refused: true, category: 'rule' });
  });

  it('takes what is unapplied, of the lines that it names, and gives it back when it is canceled', () => {
    const state = worldWith();
    const [first, second] = state.all('creditMemoItem');
    const items = [
      { creditMemoItemId: first!.id, amount: '25' },
      { creditMemoItemId: second!.id, amount: '5' },
    ];
    const reply = state.run(refundCreditMemo, { ...BY_CHECK, creditMemoId, amount: '30', items });
    expect(reply).toMatchObject({
      paymentNumber: null,
      refund: { amountMinor: 3_000, sourceKind: 'creditMemo' },
    });
    expect(state.deltas[0]).toMatchObject({ unappliedCreditMemoMinor: -3_000, documentKind: 'refund' });
    expect(state.find('creditMemo', MEMO)).toMatchObject({ unappliedMinor: 2_000, refundedMinor: 3_000 });
    expect(state.all('creditMemoItem').map(({ refundedMinor }) => refundedMinor)).toEqual([2_500, 500]);
    const tooMuch = [{ creditMemoItemId: first!.id, amount: '5.01' }];
    expect(
      state.run(refundCreditMemo, { ...BY_CHECK, creditMemoId, amount: '5.01', items: tooMuch }),
    ).toMatchObject({ refused: true, field: 'items[0].amount' });
    const { refund } = reply as { refund: Refund };
    expect(isRefusal(state.run(cancelRefund, { refundId: refund.id }))).toBe(false);
    expect(state.find('creditMemo', MEMO)).toMatchObject({ unappliedMinor: 5_000, refundedMinor: 0 });
    expect(state.all('creditMemoItem').map(({ refundedMinor }) => refundedMinor)).toEqual([0, 0]);
    expect(state.deltas[1]).toMatchObject({ unappliedCreditMemoMinor: 3_000 });
  });

  it.each([
    ['totalAmount', '50.01', []],
    ['totalAmount', '0', []],
    ['refundDate', '1', [], '2026-03-09'],
    ['items[0].creditMemoItemId', '1', [{ creditMemoItemId: '9'.repeat(32), amount: '1' }]],
    ['items[0].amount', '31', [{ creditMemoItemId: `${'d'.repeat(28)}0001`, amount: '30.01' }]],
    ['items', '2', [{ creditMemoItemId: `${'d'.repeat(28)}0001`, amount: '1' }]],
    [
      'items[1].creditMemoItemId',
      '2',
      Array.from({ length: 2 }, () => ({ creditMemoItemId: `${'d'.repeat(28)}0001`, amount: '1' })),
    ],
  ])('names what is wrong: %s', (field, amount, items, refundDate: string | null = null) => {
    const state = worldWith();
    const reply = state.run(refundCreditMemo, { ...BY_CHECK, refundDate, creditMemoId, amount, items });
    expect(reply).toMatchObject({ refused: true, category: 'invalid', field });
    expect(state.deltas).toEqual([]);
  });
});

it('refunds and their reverse keep memo, lines and deltas adding up, in any sequence', () => {
  const step = fc.record({
    cancels: fc.boolean(),
    pick: fc.nat({ max: 20 }),
    amountMinor: fc.integer({ min: 1, max: 2_500 }),
    line: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const state = worldWith();
      for (const { cancels, pick, amountMinor, line } of steps) {
        const refunds = state.all('refund');
        const item = state.all('creditMemoItem')[line];
        const amount = fromMinor(amountMinor, 'USD');
        if (cancels)
          state.run(cancelRefund, { refundId: refunds[pick % Math.max(refunds.length, 1)]?.id ?? REFUND });
        else {
          const items = item === undefined ? [] : [{ creditMemoItemId: item.id, amount }];
          state.run(refundCreditMemo, { ...BY_CHECK, creditMemoId, amount, items });
        }
        const live = state.all('refund').filter(({ status }) => status === 'Processed');
        const refundedMinor = live.reduce((sum, refund) => sum + refund.amountMinor, 0);
        expect(state.find('creditMemo', MEMO)).toMatchObject({
          refundedMinor,
          unappliedMinor: 5_000 - refundedMinor,
        });
        expect(refundedMinor).toBeLessThanOrEqual(5_000);
        for (const { id, amountMinor: most, refundedMinor: ofLine } of state.all('creditMemoItem')) {
          const named = live.flatMap((refund) => refund.items).filter((i) => i.creditMemoItemId === id);
          expect(ofLine).toBe(named.reduce((sum, i) => sum + i.amountMinor, 0));
          expect(ofLine).toBeLessThanOrEqual(most);
        }
        const moved = state.deltas.reduce((sum, delta) => sum + (delta.unappliedCreditMemoMinor ?? 0), 0);
        expect(moved + refundedMinor).toBe(0);
      }
    }),
  );
});
