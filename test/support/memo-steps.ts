import fc from 'fast-check';
import { expect } from 'vitest';
import type { InvoiceItem } from '../../src/domain/billing/invoice.ts';
import type { Entities } from '../../src/domain/entities.ts';
import { fromMinor } from '../../src/domain/money.ts';
import { isRefusal } from '../../src/domain/result.ts';
import { applicationId } from '../../src/domain/settlement/application.ts';
import { applyCreditMemo, unapplyCreditMemo } from '../../src/domain/settlement/apply-credit-memo.ts';
import {
  createCreditMemoFromCharges,
  createCreditMemoFromInvoice,
} from '../../src/domain/settlement/create-credit-memo.ts';
import { createDebitMemoFromCharges } from '../../src/domain/settlement/create-debit-memo.ts';
import type { CreditMemo, CreditMemoItem } from '../../src/domain/settlement/credit-memo.ts';
import { postCreditMemo, unpostCreditMemo } from '../../src/domain/settlement/credit-memo-status.ts';
import type { DebitMemoItem } from '../../src/domain/settlement/debit-memo.ts';
import { cancelCreditMemo, deleteCreditMemo } from '../../src/domain/settlement/discard-credit-memo.ts';
import { openOfLine, type RequestedItem, type RequestedPart } from '../../src/domain/settlement/parts.ts';
import { refundCreditMemo } from '../../src/domain/settlement/refund-credit-memo.ts';
import { reverseCreditMemo, writeOffCreditMemo } from '../../src/domain/settlement/reverse-credit-memo.ts';
import { reverseInvoice } from '../../src/domain/settlement/reverse-invoice.ts';
import { updateCreditMemo } from '../../src/domain/settlement/update-credit-memo.ts';
import { writeOffInvoice } from '../../src/domain/settlement/write-off-invoice.ts';
import type { MemoryState } from './memory-state.ts';
import { BY_CHECK } from './payment-steps.ts';

/** Steps of a random history with credit memos, the debit memos that they settle, and invoices that are reversed and written off. */
const KINDS = [
  'creditCharge',
  'creditInvoice',
  'creditInvoiceAndApply',
  'debitCharge',
  'applyMemo',
  'applyMemoToLines',
  'unapplyMemo',
  'postMemo',
  'unpostMemo',
  'cancelMemo',
  'deleteMemo',
  'raiseMemo',
  'refundMemo',
  'reverseMemo',
  'writeOffMemo',
  'reverseInvoice',
  'writeOffInvoice',
] as const;

export interface MemoStep {
  readonly kind: (typeof KINDS)[number];
  readonly pick: number;
  readonly other: number;
  readonly amountMinor: number;
  readonly posted: boolean;
  /** Documents that one request names, when it applies or takes off. */
  readonly documents: number;
}
export const MEMO_STEPS: ReadonlySet<string> = new Set(KINDS);
export const memoStep: fc.Arbitrary<MemoStep> = fc.record({
  kind: fc.constantFrom(...KINDS),
  pick: fc.nat({ max: 12 }),
  other: fc.nat({ max: 12 }),
  amountMinor: fc.integer({ min: -1, max: 300 }),
  posted: fc.boolean(),
  documents: fc.integer({ min: 1, max: 3 }),
});

const CHARGE_ID = 'c'.repeat(32);
const TERMS = { memoDate: null, applyEffectiveDate: null, reasonCode: null, comment: null, customFields: {} };
const NEW_MEMO = {
  memoDate: null,
  reasonCode: null,
  comment: null,
  excludeFromAutoApplyRules: false,
  details: {},
  customFields: {},
};
const LINE = { quantity: null, serviceStartDate: null, serviceEndDate: null, details: {}, customFields: {} };

/** What memos are made of. */
export function putCharge(state: MemoryState): void {
  const charge = { id: CHARGE_ID, revision: 1, name: 'Setup', unitOfMeasure: null };
  state.put('productRatePlanCharge', charge as unknown as Entities['productRatePlanCharge']);
}

/** @returns whether it was done */
export function takeMemoStep(state: MemoryState, step: MemoStep, accountIds: readonly string[]): boolean {
  const reply = replyOf(state, step, accountIds);
  return reply !== null && !isRefusal(reply);
}

function replyOf(state: MemoryState, step: MemoStep, accountIds: readonly string[]): object | null {
  switch (step.kind) {
    case 'creditCharge':
    case 'debitCharge':
      return ofCharge(state, step, accountIds[step.pick % accountIds.length]!);
    case 'creditInvoice':
    case 'creditInvoiceAndApply':
    case 'reverseInvoice':
    case 'writeOffInvoice':
      return ofInvoice(state, step);
    default:
      return ofMemo(state, step);
  }
}

function ofCharge(state: MemoryState, { kind, other, amountMinor, posted }: MemoStep, accountId: string) {
  const currency = other % 3 === 0 ? 'JPY' : 'USD';
  const of = {
    ...NEW_MEMO,
    accountId,
    accountNumber: null,
    memoNumber: null,
    currency,
    autoPost: posted,
    lines: [amountMinor, other + 1].map((minor) => ({
      ...LINE,
      amount: fromMinor(minor, currency),
      chargeKey: CHARGE_ID,
      keyField: 'chargeId',
    })),
  };
  if (kind === 'creditCharge') return state.run(createCreditMemoFromCharges, of);
  return state.run(createDebitMemoFromCharges, { ...of, dueDate: null, autoPay: false });
}

function ofInvoice(state: MemoryState, { kind, pick, other, amountMinor, posted }: MemoStep) {
  const open = state.all('invoice').filter(({ status }) => pick === 0 || status === 'Posted');
  const invoice = open[pick % Math.max(open.length, 1)];
  if (invoice === undefined) return null;
  const of = { invoiceId: invoice.id, accountId: invoice.accountId };
  if (kind === 'reverseInvoice') {
    return state.run(reverseInvoice, { ...of, ...TERMS, requestId: 'r', resourceCode: '592200' });
  }
  if (kind === 'writeOffInvoice') return state.run(writeOffInvoice, { ...of, ...TERMS });
  const items = state.all('invoiceItem').filter(({ invoiceId }) => invoiceId === invoice.id);
  const item = items[other % items.length]!;
  const leftMinor = Math.max(item.amountMinor - item.creditedMinor, 0);
  const minor = other % 4 === 0 ? amountMinor : Math.min(amountMinor, leftMinor);
  return state.run(createCreditMemoFromInvoice, {
    ...NEW_MEMO,
    ...of,
    autoPost: posted,
    autoApplyToInvoiceUponPosting: kind === 'creditInvoiceAndApply',
    lines: [
      { ...LINE, amount: fromMinor(minor, invoice.currency), invoiceItemId: item.id, chargeName: 'Line' },
    ],
  });
}

const CHANGES = {
  postMemo: postCreditMemo,
  unpostMemo: unpostCreditMemo,
  cancelMemo: cancelCreditMemo,
  deleteMemo: deleteCreditMemo,
} as const;

function ofMemo(state: MemoryState, step: MemoStep): object | null {
  const { kind, pick, amountMinor } = step;
  const memos = state.all('creditMemo');
  const memo = memos[pick % Math.max(memos.length, 1)];
  if (memo === undefined) return null;
  const of = { creditMemoId: memo.id, accountId: memo.accountId };
  switch (kind) {
    case 'reverseMemo':
      return state.run(reverseCreditMemo, { ...of, ...TERMS });
    case 'writeOffMemo':
      return state.run(writeOffCreditMemo, { ...of, ...TERMS });
    case 'refundMemo': {
      const amount = fromMinor(Math.min(amountMinor, memo.unappliedMinor), memo.currency);
      return state.run(refundCreditMemo, { ...BY_CHECK, creditMemoId: memo.id, amount, items: [] });
    }
    case 'raiseMemo': {
      const item = state.all('creditMemoItem').find(({ creditMemoId }) => creditMemoId === memo.id)!;
      const amount = fromMinor(amountMinor, memo.currency);
      const line = { ...LINE, itemId: item.id, amount, chargeName: null };
      return state.run(updateCreditMemo, {
        ...of,
        memoDate: null,
        reasonCode: null,
        comment: null,
        autoApplyUponPosting: null,
        excludeFromAutoApplyRules: null,
        lines: [line],
        details: {},
        customFields: {},
      });
    }
    case 'applyMemo':
    case 'applyMemoToLines':
    case 'unapplyMemo': {
      const handler = kind === 'unapplyMemo' ? unapplyCreditMemo : applyCreditMemo;
      const parts = partsOf(state, memo, step);
      return parts.length === 0 ? null : state.run(handler, { ...of, effectiveDate: null, parts });
    }
    default:
      return state.run(CHANGES[kind as keyof typeof CHANGES] as typeof postCreditMemo, of);
  }
}

/** Parts for several documents; all of them name the same line of the memo, if any. */
function partsOf(state: MemoryState, memo: CreditMemo, step: MemoStep): RequestedPart[] {
  const parts = new Map<string, RequestedPart>();
  for (let i = 0; i < step.documents; i++) {
    const part = partOf(state, memo, { ...step, other: step.other + i });
    if (part !== null) parts.set(part.key, part);
  }
  return [...parts.values()];
}

/** Mostly a document that fits, with an amount that fits. */
function partOf(state: MemoryState, memo: CreditMemo, step: MemoStep): RequestedPart | null {
  const { kind, other, amountMinor } = step;
  const fits = (document: { accountId: string; currency: string; status: string; id: string }) =>
    document.accountId === memo.accountId &&
    document.currency === memo.currency &&
    document.status === 'Posted' &&
    (kind !== 'unapplyMemo' ||
      state.find('creditMemoApplication', applicationId(memo.id, document.id)) !== null);
  const targetKind = other % 3 === 0 ? 'debitMemo' : 'invoice';
  const documents = targetKind === 'invoice' ? state.all('invoice') : state.all('debitMemo');
  const fitting = (documents as Array<Entities['invoice'] | Entities['debitMemo']>).filter(fits);
  const document = fitting[other % Math.max(fitting.length, 1)];
  if (document === undefined) return null;
  const application = state.find('creditMemoApplication', applicationId(memo.id, document.id));
  const lines = kind === 'applyMemoToLines' ? linesOf(state, memo, document.id, step) : null;
  const roomMinor =
    kind === 'unapplyMemo'
      ? (application?.amountMinor ?? 0)
      : Math.min(
          document.balanceMinor,
          lines === null ? document.balanceMinor : openOfLine(lines.target),
          Math.floor((lines?.source ? openOfLine(lines.source) : memo.unappliedMinor) / step.documents),
        );
  const minor = other % 5 === 0 ? amountMinor : Math.min(amountMinor, roomMinor);
  const amount = fromMinor(minor, memo.currency);
  const items = lines === null ? [] : [itemOf(lines, amount)];
  return { targetKind, key: document.id, keyField: 'id', amount, items };
}

interface NamedLines {
  readonly source: CreditMemoItem | null;
  readonly target: InvoiceItem | DebitMemoItem;
}

/** The first line of the document, and of the memo, or the memo as a whole. */
function linesOf(state: MemoryState, memo: CreditMemo, documentId: string, { posted }: MemoStep): NamedLines {
  const target = [...state.all('invoiceItem'), ...state.all('debitMemoItem')].find(
    (line) => ('invoiceId' in line ? line.invoiceId : line.debitMemoId) === documentId,
  )!;
  const source = state.all('creditMemoItem').find(({ creditMemoId }) => creditMemoId === memo.id)!;
  return { source: posted ? source : null, target };
}

function itemOf({ source, target }: NamedLines, amount: string): RequestedItem {
  return { sourceItemId: source?.id ?? null, targetItemId: target.id, amount };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

/** Every identity of credit and debit memos, of their applications and of what they credit (semantics B.1). */
export function expectMemosAddUp(state: MemoryState): void {
  const applications = state.all('creditMemoApplication');
  const items = state.all('creditMemoItem');
  for (const application of applications) {
    expect(application.amountMinor).toBeGreaterThan(0);
    expect(sum(application.items.map((item) => item.amountMinor))).toBeLessThanOrEqual(
      application.amountMinor,
    );
  }
  for (const memo of state.all('creditMemo')) {
    const own = items.filter(({ creditMemoId }) => creditMemoId === memo.id);
    expect(sum(own.map((item) => item.amountMinor))).toBe(memo.amountMinor);
    const applied = applications.filter(({ sourceId }) => sourceId === memo.id);
    expect(memo.appliedMinor).toBe(sum(applied.map((a) => a.amountMinor)));
    expect(memo.amountMinor).toBe(memo.appliedMinor + memo.unappliedMinor + memo.refundedMinor);
    expect(memo.unappliedMinor).toBeGreaterThanOrEqual(0);
    if (memo.status !== 'Posted') expect(memo.appliedMinor + memo.refundedMinor).toBe(0);
  }
  for (const memo of state.all('debitMemo')) {
    const applied = applications.filter(({ targetId }) => targetId === memo.id);
    expect(memo.creditMemosAppliedMinor).toBe(sum(applied.map((a) => a.amountMinor)));
    expect(memo.balanceMinor).toBe(
      memo.amountMinor - memo.paymentsAppliedMinor - memo.creditMemosAppliedMinor,
    );
    expect(memo.balanceMinor).toBeGreaterThanOrEqual(0);
  }
  const memosById = new Map(state.all('creditMemo').map((memo) => [memo.id, memo]));
  const named = [...applications, ...state.all('paymentApplication')].flatMap((a) => a.items);
  for (const item of state.all('invoiceItem')) {
    const credits = items.filter(({ creditFromItemId, creditMemoId }) => {
      const memo = memosById.get(creditMemoId)!;
      return creditFromItemId === item.id && memo.status === 'Posted' && !memo.isReversed;
    });
    expect(item.creditedMinor).toBe(sum(credits.map((credit) => credit.amountMinor)));
    expect(item.creditedMinor).toBeLessThanOrEqual(Math.max(item.amountMinor, 0));
    const meant = named.filter(({ targetItemId }) => targetItemId === item.id);
    expect(item.appliedMinor).toBe(sum(meant.map((m) => m.amountMinor)));
    expect(item.appliedMinor).toBeLessThanOrEqual(Math.max(item.amountMinor, 0));
  }
  for (const item of state.all('debitMemoItem')) {
    const meant = named.filter(({ targetItemId }) => targetItemId === item.id);
    expect(item.appliedMinor).toBe(sum(meant.map((m) => m.amountMinor)));
    expect(item.appliedMinor).toBeLessThanOrEqual(item.amountMinor);
  }
  const refunded = state
    .all('refund')
    .flatMap(({ status, items: lines }) => (status === 'Processed' ? lines : []));
  for (const item of items) {
    const meant = named.filter(({ sourceItemId }) => sourceItemId === item.id);
    const paid = refunded.filter(({ creditMemoItemId }) => creditMemoItemId === item.id);
    expect(item.appliedMinor).toBe(sum(meant.map((m) => m.amountMinor)));
    expect(item.refundedMinor).toBe(sum(paid.map((r) => r.amountMinor)));
    expect(item.appliedMinor + item.refundedMinor).toBeLessThanOrEqual(Math.max(item.amountMinor, 0));
  }
}
