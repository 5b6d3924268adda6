import { expect, it } from 'vitest';
import { applyPayment, unapplyPayment } from '../../../src/domain/settlement/apply-payment.ts';
import { applicationLimits, type RequestedPart } from '../../../src/domain/settlement/parts.ts';
import { debitMemoOf } from '../../support/memo-shapes.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, paymentOf } from '../../support/payment-shapes.ts';

// One application is one row: requests that are each small enough do not make it grow for ever.
const A = 'a'.repeat(32);
const MEMO = '2'.repeat(32);
const { itemsPerApplicationMax: most } = applicationLimits;

function world() {
  const state = new MemoryState();
  state.put('account', accountOf());
  state.put('payment', paymentOf({ amountMinor: 20_000, unappliedMinor: 20_000 }));
  const debit = debitMemoOf({ id: MEMO, accountId: A, linesMinor: Array(most + 1).fill(2) });
  state.put('debitMemo', debit.memo);
  for (const item of debit.items) state.put('debitMemoItem', item);
  const ids = debit.items.map(({ id }) => id);
  /** A part of 0.01 for each of so many lines. */
  const part = (from: number, lines: number): RequestedPart => ({
    targetKind: 'debitMemo',
    key: MEMO,
    keyField: 'debitMemoId',
    amount: String(lines / 100),
    items: ids
      .slice(from, from + lines)
      .map((targetItemId) => ({ sourceItemId: null, targetItemId, amount: '0.01' })),
  });
  const move = (handler: typeof applyPayment, one: RequestedPart) =>
    state.run(handler, { paymentId: 'c'.repeat(32), effectiveDate: null, parts: [one] });
  return { state, part, move };
}

it('is refused by name beyond it, and what is there already may still grow', () => {
  const { state, part, move } = world();
  for (let from = 0; from < most; from += 1_000) {
    expect(move(applyPayment, part(from, 1_000))).not.toHaveProperty('refused');
  }
  const beyond = move(applyPayment, part(most, 1));
  expect(beyond).toMatchObject({ refused: true, category: 'rule', field: 'debitMemos[0].items' });
  expect(beyond).toHaveProperty('message', expect.stringContaining(`more than ${most} items of debit memo`));
  expect(state.all('paymentApplication')[0]!.items).toHaveLength(most);
  expect(state.find('debitMemo', MEMO)).toMatchObject({ paymentsAppliedMinor: most });

  expect(move(applyPayment, part(0, 10))).not.toHaveProperty('refused');
  expect(move(applyPayment, { ...part(most, 1), items: [] })).not.toHaveProperty('refused');
  expect(state.all('paymentApplication')[0]).toMatchObject({ amountMinor: most + 11 });
});

it('leaves room again for what is taken off', () => {
  const { part, move } = world();
  for (let from = 0; from < most; from += 1_000) move(applyPayment, part(from, 1_000));
  expect(move(unapplyPayment, part(0, 1))).not.toHaveProperty('refused');
  expect(move(applyPayment, part(most, 1))).not.toHaveProperty('refused');
});

it('is applied and taken off without reading the lines that keep what they have', () => {
  const { state, part, move } = world();
  for (let from = 0; from < most; from += 1_000) move(applyPayment, part(from, 1_000));
  const { find } = state;
  const read = new Set<string>();
  state.find = (kind, key) => {
    if (kind === 'debitMemoItem') read.add(key);
    return find.call(state, kind, key) as ReturnType<typeof find<typeof kind>>;
  };
  const named = part(3, 2).items.map(({ targetItemId }) => targetItemId);
  for (const handler of [applyPayment, unapplyPayment]) {
    expect(move(handler, part(3, 2))).not.toHaveProperty('refused');
    expect([...read].sort()).toEqual(named);
  }
});
