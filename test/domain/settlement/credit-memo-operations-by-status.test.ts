import { describe, expect, it } from 'vitest';
import { applyCreditMemo, unapplyCreditMemo } from '../../../src/domain/settlement/apply-credit-memo.ts';
import type { CreditMemo } from '../../../src/domain/settlement/credit-memo.ts';
import { postCreditMemo, unpostCreditMemo } from '../../../src/domain/settlement/credit-memo-status.ts';
import { cancelCreditMemo, deleteCreditMemo } from '../../../src/domain/settlement/discard-credit-memo.ts';
import { reverseCreditMemo, writeOffCreditMemo } from '../../../src/domain/settlement/reverse-credit-memo.ts';
import { updateCreditMemo } from '../../../src/domain/settlement/update-credit-memo.ts';
import { creditMemoOf } from '../../support/memo-shapes.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, invoiceOf } from '../../support/payment-shapes.ts';

// What can be done to a credit memo in which status, and what it moves (semantics F, F.1 rows 35 to 40).
const A = 'a'.repeat(32);
const MEMO = 'd'.repeat(32);
const of = { creditMemoId: MEMO, accountId: A };
const terms = { memoDate: null, applyEffectiveDate: null, reasonCode: null, comment: null, customFields: {} };
const part = {
  targetKind: 'invoice',
  key: '1'.repeat(32),
  keyField: 'invoiceId',
  amount: '20',
  items: [],
} as const;
const move = { ...of, effectiveDate: null, parts: [part] };
const change = {
  ...of,
  memoDate: '2026-03-02',
  reasonCode: null,
  comment: 'x',
  autoApplyUponPosting: null,
  excludeFromAutoApplyRules: null,
  lines: [],
  details: {},
  customFields: {},
};

function worldWith(fields: Partial<CreditMemo> = {}): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf());
  state.put('invoice', invoiceOf());
  const { memo, items } = creditMemoOf({ id: MEMO, accountId: A, linesMinor: [3_000, 2_000] }, fields);
  state.put('creditMemo', memo);
  for (const item of items) state.put('creditMemoItem', item);
  return state;
}

const OPERATIONS: Record<string, (state: MemoryState) => object> = {
  post: (s) => s.run(postCreditMemo, of),
  unpost: (s) => s.run(unpostCreditMemo, of),
  cancel: (s) => s.run(cancelCreditMemo, of),
  delete: (s) => s.run(deleteCreditMemo, of),
  apply: (s) => s.run(applyCreditMemo, move),
  unapply: (s) => s.run(unapplyCreditMemo, move),
  reverse: (s) => s.run(reverseCreditMemo, { ...of, ...terms }),
  writeOff: (s) => s.run(writeOffCreditMemo, { ...of, ...terms }),
  update: (s) => s.run(updateCreditMemo, change),
  comment: (s) => s.run(updateCreditMemo, { ...change, memoDate: null }),
};
const CASES: ReadonlyArray<readonly [string, Partial<CreditMemo>, readonly string[]]> = [
  ['Draft', { status: 'Draft' }, ['post', 'cancel', 'update', 'comment']],
  ['Posted', {}, ['unpost', 'apply', 'reverse', 'writeOff', 'comment']],
  ['Canceled', { status: 'Canceled' }, ['delete']],
  ['Generating', { status: 'Generating' }, []],
  ['refunded in part', { refundedMinor: 1_000, unappliedMinor: 4_000 }, ['apply', 'comment']],
  ['applied', { appliedMinor: 5_000, unappliedMinor: 0 }, ['comment']],
  ['reversed', { isReversed: true, appliedMinor: 5_000, unappliedMinor: 0 }, ['comment']],
  ['too long to mirror', { lineCount: 2_001 }, ['unpost', 'apply', 'comment']],
];

describe.each(CASES)('a credit memo that is %s', (_status, fields, allowed) => {
  it.each(Object.keys(OPERATIONS))('%s', (operation) => {
    const state = worldWith(fields);
    const reply = OPERATIONS[operation]!(state);
    if (allowed.includes(operation)) {
      expect(reply).not.toHaveProperty('refused');
      return;
    }
    expect(reply).toHaveProperty('refused', true);
    expect(state.deltas).toEqual([]);
  });
});

it.each([
  ['post', { status: 'Draft' }, { unappliedCreditMemoMinor: 5_000 }],
  ['unpost', {}, { unappliedCreditMemoMinor: -5_000 }],
  ['apply', {}, { unappliedCreditMemoMinor: -2_000, totalInvoiceBalanceMinor: -2_000 }],
  ['reverse', {}, { unappliedCreditMemoMinor: -5_000 }],
  ['writeOff', {}, { unappliedCreditMemoMinor: -5_000 }],
] as const)('%s moves the numbers of its account by its row of the matrix', (operation, fields, moved) => {
  const state = worldWith(fields);
  OPERATIONS[operation]!(state);
  const keys = { accountId: A, currency: 'USD', documentKind: 'creditMemo', documentId: MEMO };
  expect(state.deltas).toEqual([{ ...keys, ...moved }]);
});

it('is not there: each operation says so', () => {
  for (const run of Object.values(OPERATIONS)) {
    expect(run(new MemoryState())).toMatchObject({ refused: true, category: 'not_found' });
  }
});

it.each([
  ['post', { status: 'Draft' }],
  ['unpost', {}],
] as const)('%s reads no lines of a memo that credits none of an invoice', (operation, fields) => {
  const state = worldWith(fields);
  const { find } = state;
  const read = new Set<string>();
  state.find = (kind, key) => {
    read.add(kind);
    return find.call(state, kind, key) as ReturnType<typeof find<typeof kind>>;
  };
  const handler = { post: postCreditMemo, unpost: unpostCreditMemo }[operation];
  for (const { kind } of handler.needs(of)) read.add(kind);
  expect(state.run(handler, of)).not.toHaveProperty('refused');
  expect([...read].sort()).toEqual(['account', 'creditMemo']);
});
