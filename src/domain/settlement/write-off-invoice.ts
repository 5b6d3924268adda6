import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { allLines, linesKey } from '../billing/document-lines.ts';
import type { Invoice, InvoiceItem } from '../billing/invoice.ts';
import { fromMinor } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import { countCredits } from './credited-lines.ts';
import { sharesOf } from './item-shares.ts';
import { type MirroredLine, type MirrorTerms, settleByCreditMemo } from './mirror-memo.ts';
import { MIRRORED_LINES_MAX } from './reverse-credit-memo.ts';
import { type InvoiceToSettle, reversedOrNotPosted, type SettledInvoice } from './settle-invoice.ts';

export interface WriteOffInvoice extends InvoiceToSettle, MirrorTerms {}

/** Gives up what is still open of a posted invoice: a credit memo over it is made and applied (semantics E.5, F.1 row 20). */
export const writeOffInvoice: CommandHandler<WriteOffInvoice, SettledInvoice> = {
  needs: ({ invoiceId, accountId }) => [
    { kind: 'invoice', key: invoiceId },
    { kind: 'account', key: accountId },
    { kind: 'invoiceLines', key: linesKey(invoiceId, 1) },
  ],
  numbers: () => [['creditMemo', 1]],
  decide(state, payload, context) {
    const invoice = state.find('invoice', payload.invoiceId);
    if (invoice === null) return refuse('not_found', `There is no invoice ${payload.invoiceId}.`);
    const account = state.find('account', invoice.accountId);
    if (account === null) return refuse('not_found', `There is no account ${invoice.accountId}.`);
    const wrong = findWrong(invoice);
    if (wrong !== null) return wrong;
    const lines = sharedOut(invoice, allLines(state, 'invoiceLines', invoice));
    if ('refused' in lines) return lines;
    const plan = new PlanBuilder();
    const target = { kind: 'invoice', document: invoice } as const;
    const about = { account, terms: payload, context };
    const { memo, items } = settleByCreditMemo(state, plan, target, lines, 'WriteOff', about);
    countCredits(state, plan, items, 1);
    return plan.build({ creditMemoId: memo.id, jobId: null });
  },
};

function findWrong(invoice: Invoice): Refusal | null {
  const refusal = reversedOrNotPosted(invoice, 'written off');
  if (refusal !== null) return refusal;
  if (invoice.balanceMinor <= 0) {
    return refuse('rule', `invoice ${invoice.invoiceNumber} has no balance to write off`);
  }
  if (invoice.lineCount <= MIRRORED_LINES_MAX) return null;
  const message = `invoice ${invoice.invoiceNumber} has ${invoice.lineCount} lines; at most ${MIRRORED_LINES_MAX} can be written off`;
  return refuse('rule', message);
}

/**
 * Which lines the write-off is of: the balance, laid over what is left to credit of the lines, in their order. Where memos that were made from the
 * invoice are not applied to it, less may be left to credit than is open: writing off both would credit a line twice.
 */
function sharedOut(invoice: Invoice, lines: readonly InvoiceItem[]): MirroredLine[] | Refusal {
  const credited = new Map(lines.map(({ id, creditedMinor }) => [id, creditedMinor]));
  const shares = sharesOf(lines, credited, invoice.balanceMinor);
  const mirrored = lines.flatMap((line, i) => {
    const amountMinor = shares[i]! - line.creditedMinor;
    return amountMinor === 0 ? [] : [{ line, amountMinor }];
  });
  const sumMinor = mirrored.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  if (sumMinor === invoice.balanceMinor) return mirrored;
  const show = (minor: number) => `${fromMinor(minor, invoice.currency)} ${invoice.currency}`;
  const message = `of the balance ${show(invoice.balanceMinor)} of invoice ${invoice.invoiceNumber} only ${show(sumMinor)} is left to credit; apply the credit memos that were made from it first`;
  return refuse('rule', message);
}
