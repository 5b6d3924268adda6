import { describe, expect, it } from 'vitest';
import type { Contact } from '../../../src/domain/accounts/contact.ts';
import { NOT_BILLED } from '../../../src/domain/billing/document-line.ts';
import type { InvoiceItem } from '../../../src/domain/billing/invoice.ts';
import { postCreditMemo, unpostCreditMemo } from '../../../src/domain/settlement/credit-memo-status.ts';
import { postDebitMemo, unpostDebitMemo } from '../../../src/domain/settlement/debit-memo-status.ts';
import { MIRRORED_LINES_MAX } from '../../../src/domain/settlement/reverse-credit-memo.ts';
import {
  mirrorReversalPiece,
  type ReversalPiece,
  type ReversalProgress,
  reverseInvoice,
} from '../../../src/domain/settlement/reverse-invoice.ts';
import { creditMemoOf, debitMemoOf } from '../../support/memo-shapes.ts';
import { MemoryState } from '../../support/memory-state.ts';
import { accountOf, invoiceOf } from '../../support/payment-shapes.ts';

// A posted memo keeps its contacts as they are when it is posted; a draft keeps none.
const A = 'a'.repeat(32);
const CONTACT = '7'.repeat(32);
const MEMO = 'd'.repeat(32);
const INVOICE = '1'.repeat(32);
const SNAPSHOTS = ['billToContactSnapshotId', 'soldToContactSnapshotId'];

/** The contact as it is at its first change, or another. */
function contactOf(revision: number): Contact {
  return {
    ...accountOf(),
    id: CONTACT,
    revision,
    accountId: A,
    firstName: 'Amy',
    lastName: `Lawrence ${revision}`,
    workEmail: null,
    country: null,
  };
}

function world(): MemoryState {
  const state = new MemoryState();
  state.put('account', accountOf({ billToContactId: CONTACT, soldToContactId: CONTACT }));
  state.put('contact', contactOf(1));
  return state;
}

/** The last names of the contacts that a document keeps. */
function keptBy(state: MemoryState, { details }: { readonly details: object }): unknown[] {
  return SNAPSHOTS.flatMap((name) => {
    const id = (details as Record<string, string | undefined>)[name];
    return id === undefined ? [] : [state.find('contactSnapshot', id)!.contact.lastName];
  });
}

describe.each([
  {
    kind: 'creditMemo' as const,
    put: (state: MemoryState) => {
      const { memo, items } = creditMemoOf(
        { id: MEMO, accountId: A, linesMinor: [100] },
        { status: 'Draft' },
      );
      state.put('creditMemo', memo);
      for (const item of items) state.put('creditMemoItem', item);
    },
    post: (state: MemoryState) => state.run(postCreditMemo, { creditMemoId: MEMO, accountId: A }),
    unpost: (state: MemoryState) => state.run(unpostCreditMemo, { creditMemoId: MEMO, accountId: A }),
  },
  {
    kind: 'debitMemo' as const,
    put: (state: MemoryState) => {
      const { memo, items } = debitMemoOf({ id: MEMO, accountId: A, linesMinor: [100] }, { status: 'Draft' });
      state.put('debitMemo', memo);
      for (const item of items) state.put('debitMemoItem', item);
    },
    post: (state: MemoryState) => state.run(postDebitMemo, { debitMemoId: MEMO, accountId: A }),
    unpost: (state: MemoryState) => state.run(unpostDebitMemo, { debitMemoId: MEMO, accountId: A }),
  },
])('a $kind', ({ kind, put, post, unpost }) => {
  it('that is unposted keeps no contacts, and posted again those of that moment', () => {
    const state = world();
    put(state);
    expect(post(state)).not.toHaveProperty('refused');
    expect(keptBy(state, state.find(kind, MEMO)!)).toEqual(['Lawrence 1', 'Lawrence 1']);
    expect(unpost(state)).not.toHaveProperty('refused');
    expect(state.find(kind, MEMO)!.details).toEqual({});
    state.put('contact', contactOf(2));
    post(state);
    expect(keptBy(state, state.find(kind, MEMO)!)).toEqual(['Lawrence 2', 'Lawrence 2']);
  });

  it('that is posted again when its account has no contacts any more keeps none', () => {
    const state = world();
    put(state);
    post(state);
    unpost(state);
    state.put('account', accountOf());
    post(state);
    expect(keptBy(state, state.find(kind, MEMO)!)).toEqual([]);
  });
});

describe('the credit memo of a reversed invoice', () => {
  const TERMS = {
    memoDate: null,
    applyEffectiveDate: null,
    reasonCode: null,
    comment: null,
    customFields: {},
  };

  function worldOf(lineCount: number): MemoryState {
    const state = world();
    const minor = 100 * lineCount;
    state.put('invoice', invoiceOf({ id: INVOICE, lineCount, amountMinor: minor, balanceMinor: minor }));
    const { items } = debitMemoOf({ id: INVOICE, accountId: A, linesMinor: Array(lineCount).fill(100) });
    for (const { debitMemoId: _, ...line } of items) {
      state.put('invoiceItem', {
        ...line,
        ...NOT_BILLED,
        invoiceId: INVOICE,
        creditedMinor: 0,
      } as unknown as InvoiceItem);
    }
    return state;
  }

  function reverse(state: MemoryState): void {
    const of = { invoiceId: INVOICE, accountId: A, requestId: 'r', resourceCode: '000000' };
    expect(state.run(reverseInvoice, { ...of, ...TERMS })).not.toHaveProperty('refused');
  }

  it('keeps the contacts when it is made at once', () => {
    const state = worldOf(2);
    reverse(state);
    expect(keptBy(state, state.all('creditMemo')[0]!)).toEqual(['Lawrence 1', 'Lawrence 1']);
  });

  it('and when a job makes it: as they are when it is complete', () => {
    const state = worldOf(MIRRORED_LINES_MAX + 1);
    reverse(state);
    expect(keptBy(state, state.all('creditMemo')[0]!)).toEqual([]);
    state.put('contact', contactOf(2));
    let next: ReversalPiece | null = state.all('asyncJob')[0]!.payload as ReversalPiece;
    while (next !== null) next = (state.run(mirrorReversalPiece, next) as ReversalProgress).next;
    expect(state.all('creditMemo')[0]).toMatchObject({ status: 'Posted', amountMinor: 200_100 });
    expect(keptBy(state, state.all('creditMemo')[0]!)).toEqual(['Lawrence 2', 'Lawrence 2']);
    expect(state.find('invoice', INVOICE)).toMatchObject({ balanceMinor: 0, isReversed: true });
  });
});
