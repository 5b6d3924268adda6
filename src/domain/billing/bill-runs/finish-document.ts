import type { CommandHandler, DecideContext } from '../../account/command.ts';
import { PlanBuilder } from '../../account/plan.ts';
import type { State } from '../../account/state.ts';
import type { Account } from '../../accounts/account.ts';
import { isRefusal } from '../../result.ts';
import type { CreditMemo } from '../../settlement/credit-memo.ts';
import { BILLED_ALL } from '../bill-run.ts';
import { creditMemoItemOf, invoiceItemOf, newCreditMemo, roundingLine } from '../document-rows.ts';
import type { Invoice, InvoiceItem } from '../invoice.ts';
import { type AccountStep, findStep, isOpen, needsOfStep } from './account-steps.ts';
import { isBilling, STEP_DONE } from './run-steps.ts';

/** What becomes of a run's documents of status 'Generating' when the last piece of their account is billed. */

export interface FinishDocument extends AccountStep {
  readonly invoiceId: string;
}

/** An invoice of zero or more becomes a draft, its total rounded by its currency's rule; one without lines goes. */
export const finishInvoice: CommandHandler<FinishDocument, Invoice> = {
  needs: ({ invoiceId, ...step }) => [
    ...needsOfStep(step),
    { kind: 'invoice', key: invoiceId },
    { kind: 'creditMemo', key: invoiceId },
  ],
  decide(state, step, context) {
    const invoice = findGenerating(state, step);
    if (invoice === null || state.find('creditMemo', invoice.id) !== null || invoice.amountMinor < 0) {
      return STEP_DONE;
    }
    const plan = new PlanBuilder();
    if (invoice.lineCount === 0) return plan.delete('invoice', invoice).build(invoice);
    const { id, currency, amountMinor, lineCount, invoiceDate: documentDate } = invoice;
    const rounding = roundingLine(amountMinor, { currency, documentDate }, context.rules.billing, context);
    if (rounding !== null && isRefusal(rounding)) return rounding;
    const total = amountMinor + (rounding?.amountMinor ?? 0);
    const draft: Invoice = {
      ...invoice,
      status: 'Draft',
      amountMinor: total,
      balanceMinor: total,
      lineCount: lineCount + (rounding === null ? 0 : 1),
      ...changed(context),
    };
    if (rounding !== null) plan.insert('invoiceItem', invoiceItemOf(rounding, id, lineCount + 1, context));
    return plan.update('invoice', draft).build(draft);
  },
};

export interface MoveLines extends FinishDocument {
  readonly itemIds: readonly string[];
}

/**
 * Moves lines of an invoice below zero into a credit memo, turned round. Lines keep their ids, and the memo takes over the invoice's: what
 * gives back the service of a line still names it. At every moment each line is in one live document. The memo is a draft when the
 * last line is in it, and the invoice is gone.
 */
export const moveLines: CommandHandler<MoveLines, CreditMemo> = {
  needs: ({ invoiceId, itemIds, ...step }) => [
    ...needsOfStep(step),
    { kind: 'account', key: step.accountId },
    { kind: 'invoice', key: invoiceId },
    { kind: 'creditMemo', key: invoiceId },
    ...itemIds.map((key) => ({ kind: 'invoiceItem' as const, key })),
  ],
  numbers: () => [['creditMemo', 1]],
  decide(state, step, context) {
    const invoice = findGenerating(state, step);
    const account = state.find('account', step.accountId);
    if (invoice === null || account === null) return STEP_DONE;
    const started = state.find('creditMemo', invoice.id);
    if (started === null && invoice.amountMinor >= 0) return STEP_DONE;
    const items = step.itemIds.flatMap((key) => state.find('invoiceItem', key) ?? []);
    if (items.length < step.itemIds.length) return STEP_DONE;
    const movedMinor = items.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const amountMinor = (started?.amountMinor ?? 0) - movedMinor;
    const isLast = items.length === invoice.lineCount;
    const memo: CreditMemo = {
      ...(started ?? memoOf(invoice, account, context)),
      status: isLast ? 'Draft' : 'Generating',
      amountMinor,
      unappliedMinor: amountMinor,
      lineCount: (started?.lineCount ?? 0) + items.length,
      ...changed(context),
    };
    const plan = new PlanBuilder();
    if (started === null) plan.insert('creditMemo', memo);
    else plan.update('creditMemo', memo);
    for (const item of items) {
      plan.delete('invoiceItem', item);
      plan.insert('creditMemoItem', turned(item, memo.id, context));
    }
    if (isLast) plan.delete('invoice', invoice);
    else plan.update('invoice', without(invoice, items.length, movedMinor, context));
    return plan.build(memo);
  },
};

/** The invoice, if its account is billed to the end and waits for its documents. */
function findGenerating(state: State, { invoiceId, ...step }: FinishDocument): Invoice | null {
  const found = findStep(state, step);
  if (found === null) return null;
  const { run, row } = found;
  const isFinishing =
    isBilling(run) && isOpen(row) && row.billedThrough === BILLED_ALL && row.failure === null;
  const invoice = isFinishing ? state.find('invoice', invoiceId) : null;
  return invoice?.status === 'Generating' && invoice.billRunId === run.id ? invoice : null;
}

function memoOf(invoice: Invoice, account: Account, context: DecideContext): CreditMemo {
  const { id, currency, paymentTerm, billToContactId, soldToContactId, details } = invoice;
  const group = { key: id, account, currency, paymentTerm, billToContactId, soldToContactId, details };
  const terms = {
    documentDate: invoice.invoiceDate,
    targetDate: invoice.targetDate ?? invoice.invoiceDate,
    sourceType: 'Subscription',
    sourceId: null,
    billRunId: invoice.billRunId,
    creditMemoReasonCode: null,
  } as const;
  return newCreditMemo(group, terms, { id, amountMinor: 0, lineCount: 0 }, context);
}

function turned(item: InvoiceItem, memoId: string, context: DecideContext) {
  const { invoiceId: _, creditedMinor: __, line, ...billed } = item;
  return creditMemoItemOf(billed, memoId, line, context);
}

function without(invoice: Invoice, lines: number, movedMinor: number, context: DecideContext): Invoice {
  const amountMinor = invoice.amountMinor - movedMinor;
  return {
    ...invoice,
    amountMinor,
    balanceMinor: amountMinor,
    lineCount: invoice.lineCount - lines,
    ...changed(context),
  };
}

function changed({ now, actor }: DecideContext): Pick<Invoice, 'updatedAt' | 'updatedBy'> {
  return { updatedAt: now, updatedBy: actor };
}
