import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { MetricDelta } from '../../../src/domain/metrics/delta.ts';
import { fromMinor } from '../../../src/domain/money.ts';
import { isRefusal } from '../../../src/domain/result.ts';
import { applyCreditMemo, unapplyCreditMemo } from '../../../src/domain/settlement/apply-credit-memo.ts';
import { createDebitMemoFromCharges } from '../../../src/domain/settlement/create-debit-memo.ts';
import { createPayment } from '../../../src/domain/settlement/create-payment.ts';
import { postCreditMemo, unpostCreditMemo } from '../../../src/domain/settlement/credit-memo-status.ts';
import type { DebitMemo } from '../../../src/domain/settlement/debit-memo.ts';
import {
  cancelDebitMemo,
  deleteDebitMemo,
  postDebitMemo,
  unpostDebitMemo,
} from '../../../src/domain/settlement/debit-memo-status.ts';
import { updateDebitMemo } from '../../../src/domain/settlement/update-debit-memo.ts';
import { writeOffDebitMemo } from '../../../src/domain/settlement/write-off-debit-memo.ts';
import { MemoryState } from '../../support/memory-state.ts';

// What may be done to a debit memo in which status, and that whatever is done, both formulas of the account's balance agree.
const ACCOUNT_ID = 'a'.repeat(32);
const CHARGE_ID = 'c'.repeat(32);

const account: Account = {
  id: ACCOUNT_ID,
  revision: 1,
  accountNumber: 'A-1',
  name: 'Account',
  status: 'Active',
  currency: 'USD',
  billCycleDay: 1,
  batch: 'Batch1',
  autoPay: false,
  partnerAccount: true,
  parentId: null,
  billToContactId: null,
  soldToContactId: null,
  paymentTerm: 'Net 30',
  details: {},
  customFields: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'tester',
  updatedAt: '2026-01-01T00:00:00.000Z',
  updatedBy: 'tester',
};

function world(): MemoryState {
  const state = new MemoryState();
  state.put('account', account);
  state.put('productRatePlanCharge', { id: CHARGE_ID, name: 'Fee', unitOfMeasure: null } as never);
  return state;
}

function create(state: MemoryState, amountsMinor: readonly number[], autoPost: boolean): void {
  state.run(createDebitMemoFromCharges, {
    accountId: ACCOUNT_ID,
    accountNumber: null,
    memoNumber: null,
    memoDate: null,
    dueDate: null,
    currency: null,
    reasonCode: null,
    comment: null,
    autoPay: true,
    autoPost,
    details: {},
    customFields: {},
    lines: amountsMinor.map((minor) => ({
      amount: fromMinor(minor, 'USD'),
      quantity: null,
      serviceStartDate: null,
      serviceEndDate: null,
      details: {},
      customFields: {},
      chargeKey: CHARGE_ID,
      keyField: 'productRatePlanChargeId',
    })),
  });
}

const TERMS = {
  memoDate: null,
  applyEffectiveDate: null,
  reasonCode: null,
  comment: null,
  customFields: {},
};

type Step = 'post' | 'unpost' | 'cancel' | 'delete' | 'writeOff' | 'pay' | 'raise';

function take(state: MemoryState, memo: DebitMemo, step: Step, minor = 100): unknown {
  const reference = { debitMemoId: memo.id, accountId: ACCOUNT_ID };
  switch (step) {
    case 'post':
      return state.run(postDebitMemo, reference);
    case 'unpost':
      return state.run(unpostDebitMemo, reference);
    case 'cancel':
      return state.run(cancelDebitMemo, reference);
    case 'delete':
      return state.run(deleteDebitMemo, reference);
    case 'writeOff':
      return state.run(writeOffDebitMemo, { ...reference, ...TERMS });
    case 'raise':
      return state.run(updateDebitMemo, { ...reference, ...change(state, memo, minor) });
    case 'pay':
      return state.run(createPayment, payment(memo, minor) as never);
  }
}

function change(state: MemoryState, memo: DebitMemo, minor: number) {
  const [item] = state.all('debitMemoItem').filter(({ debitMemoId }) => debitMemoId === memo.id);
  const nothing = { quantity: null, serviceStartDate: null, serviceEndDate: null, chargeName: null };
  const empty = { details: {}, customFields: {} };
  return {
    ...empty,
    memoDate: null,
    dueDate: null,
    autoPay: null,
    reasonCode: null,
    comment: null,
    lines: [{ itemId: item?.id ?? '', amount: fromMinor(minor, 'USD'), ...nothing, ...empty }],
  };
}

function payment(memo: DebitMemo, minor: number) {
  const amount = fromMinor(minor, 'USD');
  return {
    accountId: ACCOUNT_ID,
    accountNumber: null,
    amount,
    currency: 'USD',
    effectiveDate: null,
    paymentMethodId: null,
    paymentMethodType: 'Check',
    comment: null,
    referenceId: null,
    parts: [{ targetKind: 'debitMemo' as const, key: memo.id, keyField: 'debitMemoId', amount, items: [] }],
    details: {},
    customFields: {},
  };
}

/** A memo of 3.00 in the status, with 1.00 paid of it where it says so. */
function memoIn(status: DebitMemo['status'] | 'paid' | 'settled'): { state: MemoryState; memo: DebitMemo } {
  const state = world();
  create(state, [100, 200], status !== 'Draft' && status !== 'Canceled');
  const memo = state.all('debitMemo')[0]!;
  if (status === 'Canceled') take(state, memo, 'cancel');
  if (status === 'paid') take(state, memo, 'pay');
  if (status === 'settled') take(state, memo, 'pay', 300);
  return { state, memo };
}

describe('debit memos by status', () => {
  const allowed: Record<string, readonly Step[]> = {
    Draft: ['post', 'cancel', 'raise'],
    Posted: ['unpost', 'writeOff', 'pay'],
    paid: ['writeOff', 'pay'],
    settled: [],
    Canceled: ['delete'],
  };
  const steps: readonly Step[] = ['post', 'unpost', 'cancel', 'delete', 'writeOff', 'pay', 'raise'];
  for (const [status, may] of Object.entries(allowed)) {
    it.each(steps)(`${status}: %s is done or refused`, (step) => {
      const { state, memo } = memoIn(status as 'Draft');
      const deltas = state.deltas.length;
      const before = state.find('debitMemo', memo.id);
      const refused = isRefusal(take(state, memo, step) as object);
      expect(refused).toBe(!may.includes(step));
      if (!refused) return;
      expect(state.find('debitMemo', memo.id)).toBe(before);
      expect(state.deltas).toHaveLength(deltas);
    });
  }

  it('moves by posting, unposting and writing off what the matrix says (F.1 rows 41 to 43)', () => {
    const { state, memo } = memoIn('Draft');
    take(state, memo, 'post');
    take(state, memo, 'unpost');
    take(state, memo, 'post');
    take(state, memo, 'pay');
    take(state, memo, 'writeOff');
    expect(state.deltas.map(({ totalDebitMemoBalanceMinor: d = 0 }) => d)).toEqual([
      300, -300, 300, -100, -200,
    ]);
    const [credit] = state.all('creditMemo');
    expect(credit).toMatchObject({
      amountMinor: 200,
      appliedMinor: 200,
      unappliedMinor: 0,
      status: 'Posted',
    });
    // 1.00 is paid of the whole memo: it falls on the first line, and the second is written off.
    expect(state.all('creditMemoItem').map(({ amountMinor }) => amountMinor)).toEqual([200]);
  });

  it("a write-off's credit memo is taken off, unposted and posted again like any other", () => {
    const { state, memo } = memoIn('Posted');
    take(state, memo, 'writeOff');
    const { id: creditMemoId } = state.all('creditMemo')[0]!;
    const of = { creditMemoId, accountId: ACCOUNT_ID };
    const whole = { targetKind: 'debitMemo', key: memo.id, keyField: 'debitMemoId', amount: '3' } as const;
    const move = { ...of, effectiveDate: null, parts: [{ ...whole, items: [] }] };
    state.run(unapplyCreditMemo, move);
    state.run(unpostCreditMemo, of);
    expect(state.find('creditMemo', creditMemoId)).toMatchObject({ status: 'Draft' });
    expect(state.run(postCreditMemo, of)).not.toHaveProperty('refused');
    expect(state.find('creditMemo', creditMemoId)).toMatchObject({ status: 'Posted', unappliedMinor: 300 });
    expect(state.run(applyCreditMemo, move)).not.toHaveProperty('refused');
    expect(state.find('debitMemo', memo.id)).toMatchObject({ balanceMinor: 0 });
    expectAddsUp(state);
  });
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

function expectAddsUp(state: MemoryState): void {
  const posted = state.all('debitMemo').filter(({ status }) => status === 'Posted');
  for (const memo of state.all('debitMemo')) {
    const items = state.all('debitMemoItem').filter(({ debitMemoId }) => debitMemoId === memo.id);
    expect(sum(items.map(({ amountMinor }) => amountMinor))).toBe(memo.amountMinor);
    expect(memo.balanceMinor).toBe(
      memo.amountMinor - memo.paymentsAppliedMinor - memo.creditMemosAppliedMinor,
    );
    expect(memo.balanceMinor).toBeGreaterThanOrEqual(0);
  }
  const of = (name: keyof MetricDelta) => sum(state.deltas.map((d) => (d[name] as number | undefined) ?? 0));
  expect(of('totalDebitMemoBalanceMinor')).toBe(sum(posted.map(({ balanceMinor }) => balanceMinor)));
  const credits = sum(state.all('creditMemo').map(({ amountMinor }) => amountMinor));
  const payments = sum(state.all('payment').map(({ amountMinor }) => amountMinor));
  expect(
    of('totalDebitMemoBalanceMinor') - of('unappliedPaymentMinor') - of('unappliedCreditMemoMinor'),
  ).toBe(sum(posted.map(({ amountMinor }) => amountMinor)) - credits - payments);
}

describe('debit memos, payments and write-offs', () => {
  it('add up by both formulas after every step of any sequence', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('create' as const),
        amounts: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 4 }),
        post: fc.boolean(),
      }),
      fc.record({
        kind: fc.constantFrom<Step[]>('post', 'unpost', 'cancel', 'delete', 'writeOff', 'pay', 'raise'),
        pick: fc.nat({ max: 5 }),
        minor: fc.integer({ min: 1, max: 400 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const state = world();
        for (const taken of steps) {
          if (taken.kind === 'create') create(state, taken.amounts, taken.post);
          else {
            const memos = state.all('debitMemo');
            const memo = memos[taken.pick % Math.max(memos.length, 1)];
            if (memo !== undefined) take(state, memo, taken.kind, taken.minor);
          }
          expectAddsUp(state);
        }
      }),
      { numRuns: 300 },
    );
  });
});
