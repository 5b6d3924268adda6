import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { allLines, LINES_PER_PIECE, linesKey } from '../billing/document-lines.ts';
import type { Invoice } from '../billing/invoice.ts';
import { withContactSnapshots } from '../billing/post-invoice.ts';
import { needsOfUnbilling, takeBillingBack } from '../billing/unbill.ts';
import { fromMinor } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import type { CreditMemo } from './credit-memo.ts';
import { postedNow } from './memo-status.ts';
import {
  creditMirrorLine,
  type MirrorTerms,
  newCreditMirror,
  settleByCreditMemo,
  settleTarget,
} from './mirror-memo.ts';
import { MIRRORED_LINES_MAX } from './reverse-credit-memo.ts';
import { type InvoiceToSettle, reversedOrNotPosted, type SettledInvoice } from './settle-invoice.ts';

/** Lines of an invoice that can be reversed at all (semantics E.5). */
export const REVERSED_LINES_MAX = 50_000;

export interface ReverseInvoice extends InvoiceToSettle, MirrorTerms {
  /** Of the request, for the job that a large invoice takes. */
  readonly requestId: string;
  readonly resourceCode: string;
}

/**
 * Takes a posted invoice back: a credit memo that mirrors it is made and applied (semantics E.5, F.1 row 19). The invoice stays posted and what it
 * billed is billed no longer, so it need not be the latest of its subscriptions (decision 008).
 *
 * The lines of a large invoice are mirrored by a job, piece by piece. From this command on the invoice is reversed, so that nothing is applied to
 * it meanwhile; it is settled, and metrics move, when its memo is complete.
 */
export const reverseInvoice: CommandHandler<ReverseInvoice, SettledInvoice> = {
  needs: ({ invoiceId, accountId }) => [
    { kind: 'invoice', key: invoiceId },
    { kind: 'account', key: accountId },
    { kind: 'invoiceMemos', key: invoiceId },
    ...needsOfUnbilling(invoiceId),
    { kind: 'invoiceLines', key: linesKey(invoiceId, 1) },
  ],
  numbers: () => [['creditMemo', 1]],
  decide(state, payload, context) {
    const invoice = state.find('invoice', payload.invoiceId);
    if (invoice === null) return refuse('not_found', `There is no invoice ${payload.invoiceId}.`);
    const account = state.find('account', invoice.accountId);
    if (account === null) return refuse('not_found', `There is no account ${invoice.accountId}.`);
    const wrong = findWrong(state, invoice);
    if (wrong !== null) return wrong;
    const plan = new PlanBuilder();
    const refusal = takeBillingBack(state, plan, invoice.id);
    if (refusal !== null) return refusal;
    const touched = { updatedAt: context.now, updatedBy: context.actor };
    const reversed: Invoice = { ...invoice, isReversed: true, ...touched };
    if (invoice.lineCount > MIRRORED_LINES_MAX) {
      return beginReversal(plan, reversed, account, payload, context);
    }
    const lines = allLines(state, 'invoiceLines', invoice);
    const { memo } = settleByCreditMemo(
      state,
      plan,
      { kind: 'invoice', document: reversed },
      lines.map((line) => ({ line, amountMinor: line.amountMinor })),
      'Reversal',
      { account, terms: payload, context },
    );
    return plan.build({ creditMemoId: memo.id, jobId: null });
  },
};

function findWrong(state: State, invoice: Invoice): Refusal | null {
  const refusal = reversedOrNotPosted(invoice, 'reversed');
  if (refusal !== null) return refusal;
  const name = `invoice ${invoice.invoiceNumber}`;
  const appliedMinor = invoice.paymentsAppliedMinor + invoice.creditMemosAppliedMinor;
  if (appliedMinor !== 0) {
    const applied = `${fromMinor(appliedMinor, invoice.currency)} ${invoice.currency}`;
    return refuse('rule', `${applied} is applied to ${name}; take it off before the invoice is reversed`);
  }
  const memos = state.find('invoiceMemos', invoice.id);
  if (memos?.hasCreditMemos || memos?.hasDebitMemos) {
    const kind = memos.hasCreditMemos ? 'credit' : 'debit';
    return refuse('rule', `${name} has ${kind} memos that were made from it; cancel them first`);
  }
  if (invoice.lineCount <= REVERSED_LINES_MAX) return null;
  return refuse(
    'rule',
    `${name} has ${invoice.lineCount} lines; at most ${REVERSED_LINES_MAX} can be reversed`,
  );
}

/** What the job of a large reversal carries from piece to piece. */
export interface ReversalPiece {
  readonly invoiceId: string;
  readonly creditMemoId: string;
  /** The next line to mirror. */
  readonly fromLine: number;
  readonly terms: MirrorTerms;
}

/** The kind of command that a large reversal's job carries out. */
export const REVERSAL_PIECE_COMMAND = 'invoice.mirrorPiece';

function beginReversal(
  plan: PlanBuilder,
  reversed: Invoice,
  account: Account,
  payload: ReverseInvoice,
  context: DecideContext,
): Plan<SettledInvoice> {
  const about = { account, terms: payload, context };
  const target = { kind: 'invoice', document: reversed } as const;
  const memo: CreditMemo = {
    ...newCreditMirror(target, 0, 0, 'Reversal', about),
    status: 'Generating',
  };
  const { memoDate, applyEffectiveDate, reasonCode, comment, customFields } = payload;
  const piece: ReversalPiece = {
    invoiceId: reversed.id,
    creditMemoId: memo.id,
    fromLine: 1,
    terms: { memoDate, applyEffectiveDate, reasonCode, comment, customFields },
  };
  const jobId = context.newId();
  return plan
    .update('invoice', reversed)
    .insert('creditMemo', memo)
    .insert('asyncJob', {
      id: jobId,
      revision: 0,
      jobType: 'AsyncReverseInvoice',
      commandKind: REVERSAL_PIECE_COMMAND,
      payload: piece,
      laneId: account.id,
      referenceId: reversed.id,
      status: 'Processing',
      result: null,
      refusal: null,
      resourceCode: payload.resourceCode,
      requestId: payload.requestId,
      createdAt: context.now,
      createdBy: context.actor,
      finishedAt: null,
    })
    .build({ creditMemoId: memo.id, jobId });
}

export interface ReversalProgress {
  readonly creditMemoId: string;
  /** Null when all is done. */
  readonly next: ReversalPiece | null;
}

/** Mirrors the next lines of an invoice that is being reversed; with the last of them the memo is posted and settles the invoice. */
export const mirrorReversalPiece: CommandHandler<ReversalPiece, ReversalProgress> = {
  needs: ({ invoiceId, creditMemoId, fromLine }) => [
    { kind: 'invoice', key: invoiceId },
    { kind: 'creditMemo', key: creditMemoId },
    { kind: 'invoiceLines', key: linesKey(invoiceId, fromLine) },
  ],
  decide(state, piece, context) {
    const { invoiceId, creditMemoId, fromLine, terms } = piece;
    const invoice = state.find('invoice', invoiceId);
    const before = state.find('creditMemo', creditMemoId);
    if (invoice === null || before?.status !== 'Generating') {
      return refuse('rule', `the reversal of invoice ${invoiceId} has lost its credit memo`);
    }
    const lines = state.find('invoiceLines', linesKey(invoiceId, fromLine))?.lines ?? [];
    const plan = new PlanBuilder();
    for (const line of lines) {
      const mirrored = { line, amountMinor: line.amountMinor };
      plan.insert('creditMemoItem', creditMirrorLine(mirrored, 'invoice', before, line.line, context));
    }
    const amountMinor = before.amountMinor + lines.reduce((sum, line) => sum + line.amountMinor, 0);
    const memo: CreditMemo = {
      ...before,
      amountMinor,
      unappliedMinor: amountMinor,
      lineCount: before.lineCount + lines.length,
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    const fromNext = fromLine + LINES_PER_PIECE;
    if (fromNext <= invoice.lineCount) {
      plan.update('creditMemo', memo);
      return plan.build({ creditMemoId, next: { ...piece, fromLine: fromNext } });
    }
    const account = state.find('account', invoice.accountId);
    const posted: CreditMemo = {
      ...withContactSnapshots(state, plan, memo, account, context),
      ...postedNow(context),
      appliedMinor: amountMinor,
      unappliedMinor: 0,
    };
    plan.update('creditMemo', posted);
    const target = { kind: 'invoice', document: invoice } as const;
    settleTarget(state, plan, posted, target, amountMinor, { terms, context });
    return plan.build({ creditMemoId, next: null });
  },
};
