import type { DecideContext } from '../account/command.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { type DocumentLine, NOT_BILLED } from '../billing/document-line.ts';
import { unitPriceOf } from '../billing/invoice-items.ts';
import { withContactSnapshots } from '../billing/post-invoice.ts';
import type { JsonObject } from '../result.ts';
import { applyParts, movedBalances } from './apply-parts.ts';
import { draftMemo } from './create-credit-memo.ts';
import type { CreditMemo, CreditMemoItem } from './credit-memo.ts';
import { payerOfMemo } from './credit-memo-status.ts';
import type { DebitMemo } from './debit-memo.ts';
import { postedNow } from './memo-status.ts';
import type { Target } from './parts.ts';

/** Memos that settle a document by mirroring it: reversals and write-offs. They are posted and applied in the plan that makes them. */

/** A line of the document that is settled, and how much of it the memo repeats, in minor units. */
export interface MirroredLine {
  readonly line: DocumentLine & { readonly id: string; readonly details: JsonObject };
  readonly amountMinor: number;
}

/** What the request says of the memo. Absent values are null. */
export interface MirrorTerms {
  /** Today when null. */
  readonly memoDate: string | null;
  /** The memo's date when null. */
  readonly applyEffectiveDate: string | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly customFields: JsonObject;
}

interface Mirroring {
  readonly account: Account;
  readonly terms: MirrorTerms;
  readonly context: DecideContext;
}

export const REASON_WRITE_OFF = 'Write-off';
export const REASON_REVERSAL = 'Reversal';

/**
 * Adds to the plan a posted credit memo that mirrors lines of a document and is applied to it: the document's balance falls by their sum, nothing
 * stays unapplied (semantics F.1 rows 19, 20, 43).
 *
 * @param target the document, with what else changes of it
 */
export function settleByCreditMemo(
  state: State,
  plan: PlanBuilder,
  target: Target,
  lines: readonly MirroredLine[],
  sourceType: 'WriteOff' | 'Reversal',
  { account, terms, context }: Mirroring,
): { readonly memo: CreditMemo; readonly items: readonly CreditMemoItem[] } {
  const amountMinor = sumOf(lines);
  const memo = newCreditMirror(target, amountMinor, lines.length, sourceType, { account, terms, context });
  const posted: CreditMemo = {
    ...withContactSnapshots(state, plan, memo, account, context),
    ...postedNow(context),
    appliedMinor: amountMinor,
    unappliedMinor: 0,
  };
  plan.insert('creditMemo', posted);
  const items = lines.map((line, index) => creditMirrorLine(line, target.kind, memo, index + 1, context));
  for (const item of items) plan.insert('creditMemoItem', item);
  settleTarget(state, plan, posted, target, amountMinor, { terms, context });
  return { memo: posted, items };
}

/** Applies the whole of a mirroring credit memo to the document that it mirrors, and says what that moves. */
export function settleTarget(
  state: State,
  plan: PlanBuilder,
  memo: CreditMemo,
  target: Target,
  amountMinor: number,
  { terms, context }: Pick<Mirroring, 'terms' | 'context'>,
): void {
  if (amountMinor === 0) {
    if (target.kind === 'invoice') plan.update('invoice', target.document);
    else plan.update('debitMemo', target.document);
    return;
  }
  const payer = { ...payerOfMemo(memo), isNew: true } as const;
  const part = { path: 'invoices[0]', target, amountMinor, items: [] };
  const date = terms.applyEffectiveDate ?? memo.memoDate;
  const moved = applyParts(state, plan, payer, [part], date, context);
  plan.delta({
    accountId: memo.accountId,
    currency: memo.currency,
    ...movedBalances(moved),
    documentKind: 'creditMemo',
    documentId: memo.id,
  });
}

/** A credit memo that mirrors a document, as a draft without lines. */
export function newCreditMirror(
  target: Target,
  amountMinor: number,
  lineCount: number,
  sourceType: 'WriteOff' | 'Reversal',
  { account, terms, context }: Mirroring,
): CreditMemo {
  const { document } = target;
  return {
    ...draftMemo(account.id, amountMinor, lineCount, context),
    memoNumber: context.nextNumber('creditMemo'),
    memoDate: terms.memoDate ?? context.today,
    currency: document.currency,
    reasonCode: terms.reasonCode ?? (sourceType === 'WriteOff' ? REASON_WRITE_OFF : REASON_REVERSAL),
    comment: terms.comment,
    referredInvoiceId: target.kind === 'invoice' ? document.id : null,
    sourceId: target.kind === 'invoice' ? null : document.id,
    sourceType,
    isReversed: sourceType === 'Reversal',
    autoApplyUponPosting: false,
    excludeFromAutoApplyRules: false,
    billToContactId: document.billToContactId,
    soldToContactId: document.soldToContactId,
    details: {},
    customFields: terms.customFields,
  };
}

/** A line of a mirroring credit memo: it bills nothing, so it gives no service back that billing would bill again. */
export function creditMirrorLine(
  mirrored: MirroredLine,
  kind: Target['kind'],
  memo: CreditMemo,
  number: number,
  context: DecideContext,
): CreditMemoItem {
  return {
    ...mirrorLine(mirrored, memo.currency, number, context),
    ...NOT_BILLED,
    creditMemoId: memo.id,
    appliedMinor: 0,
    refundedMinor: 0,
    creditFromItemId: mirrored.line.id,
    creditFromItemSource: kind === 'invoice' ? 'InvoiceItem' : 'DebitMemoItem',
  };
}

/**
 * Adds to the plan a posted debit memo that mirrors a credit memo's lines and is settled by it: what was unapplied of the memo is gone, and nothing is
 * owed (semantics F.1 row 40).
 *
 * @param memo of which nothing is applied or refunded, with what else changes of it
 */
export function settleByDebitMemo(
  state: State,
  plan: PlanBuilder,
  memo: CreditMemo,
  lines: readonly MirroredLine[],
  { account, terms, context }: Mirroring,
): DebitMemo {
  const amountMinor = sumOf(lines);
  const debit = withContactSnapshots(
    state,
    plan,
    debitMirror(memo, amountMinor, lines.length, { account, terms, context }),
    account,
    context,
  );
  plan.insert('debitMemo', debit);
  for (const [index, mirrored] of lines.entries()) {
    plan.insert('debitMemoItem', {
      ...mirrorLine(mirrored, memo.currency, index + 1, context),
      debitMemoId: debit.id,
      appliedMinor: 0,
      appliedToItemId: mirrored.line.id,
    });
  }
  const settled = { appliedMinor: amountMinor, unappliedMinor: 0 };
  const touched = { updatedAt: context.now, updatedBy: context.actor };
  plan.update('creditMemo', { ...memo, ...settled, ...touched });
  if (amountMinor === 0) return debit;
  const payer = { ...payerOfMemo(memo), isNew: true } as const;
  const target = { kind: 'debitMemo', document: debit } as const;
  const part = { path: 'debitMemos[0]', target, amountMinor, items: [] };
  applyParts(state, plan, payer, [part], terms.applyEffectiveDate ?? debit.memoDate, context);
  plan.delta({
    accountId: memo.accountId,
    currency: memo.currency,
    unappliedCreditMemoMinor: -amountMinor,
    documentKind: 'creditMemo',
    documentId: memo.id,
  });
  return debit;
}

function debitMirror(
  memo: CreditMemo,
  amountMinor: number,
  lineCount: number,
  { account, terms, context }: Mirroring,
): DebitMemo {
  const memoDate = terms.memoDate ?? context.today;
  return {
    id: context.newId(),
    revision: 0,
    memoNumber: context.nextNumber('debitMemo'),
    accountId: account.id,
    ...postedNow(context),
    memoDate,
    dueDate: memoDate,
    targetDate: null,
    currency: memo.currency,
    amountMinor,
    taxMinor: 0,
    balanceMinor: amountMinor,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    reasonCode: terms.reasonCode,
    comment: terms.comment,
    paymentTerm: null,
    autoPay: false,
    referredInvoiceId: null,
    referredCreditMemoId: memo.id,
    sourceType: 'CreditMemo',
    lineCount,
    cancelledAt: null,
    cancelledBy: null,
    billToContactId: memo.billToContactId,
    soldToContactId: memo.soldToContactId,
    details: {},
    customFields: terms.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}

/** What a line says again, under an id and number of its own. */
function mirrorLine(
  { line, amountMinor }: MirroredLine,
  currency: string,
  number: number,
  context: DecideContext,
) {
  return {
    id: context.newId(),
    revision: 0,
    line: number,
    chargeName: line.chargeName,
    chargeDate: line.chargeDate,
    amountMinor,
    taxMinor: 0,
    quantity: line.quantity,
    unitPrice:
      amountMinor === line.amountMinor ? line.unitPrice : unitPriceOf(amountMinor, line.quantity, currency),
    serviceStartDate: line.serviceStartDate,
    serviceEndDate: line.serviceEndDate,
    productRatePlanChargeId: line.productRatePlanChargeId,
    subscriptionId: line.subscriptionId,
    processingType: line.processingType,
    details: {},
    customFields: {},
    createdAt: context.now,
  };
}

function sumOf(lines: readonly MirroredLine[]): number {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
