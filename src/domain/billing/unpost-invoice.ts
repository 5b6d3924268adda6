import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { type Refusal, refuse } from '../result.ts';
import type { InvoiceReference } from './discard-invoice.ts';
import type { Invoice } from './invoice.ts';
import { withoutContactSnapshots } from './post-invoice.ts';

/** Makes a posted invoice a draft again: it counts no more in its account's metrics (semantics F.1 row 18). */
export const unpostInvoice: CommandHandler<InvoiceReference, Invoice> = {
  needs: ({ invoiceId }) => [
    { kind: 'invoice', key: invoiceId },
    { kind: 'invoiceMemos', key: invoiceId },
  ],
  // What memos there are is a list: it does not show what commands before this one in the same group decided.
  alone: true,
  decide(state, { invoiceId }, context) {
    const posted = state.find('invoice', invoiceId);
    if (posted === null) return refuse('not_found', `There is no invoice ${invoiceId}.`);
    const wrong = findWrong(state, posted);
    if (wrong !== null) return wrong;
    const draft: Invoice = {
      ...posted,
      status: 'Draft',
      postedAt: null,
      postedBy: null,
      details: withoutContactSnapshots(posted),
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    return new PlanBuilder()
      .update('invoice', draft)
      .delta({
        accountId: draft.accountId,
        currency: draft.currency,
        totalInvoiceBalanceMinor: -draft.amountMinor + 0,
        withdrawsInvoiceDate: true,
        documentKind: 'invoice',
        documentId: draft.id,
      })
      .build(draft);
  },
};

function findWrong(state: State, invoice: Invoice): Refusal | null {
  const { invoiceNumber, status, isReversed } = invoice;
  if (status !== 'Posted') {
    return refuse('rule', `invoice ${invoiceNumber} is ${status}; only a posted invoice can be unposted`);
  }
  if (isReversed) return refuse('rule', `invoice ${invoiceNumber} is reversed and cannot be unposted`);
  if (invoice.paymentsAppliedMinor !== 0 || invoice.creditMemosAppliedMinor !== 0) {
    const message = `payments or credit memos are applied to invoice ${invoiceNumber}: take them off before it is unposted`;
    return refuse('rule', message);
  }
  const memos = state.find('invoiceMemos', invoice.id);
  if (!memos?.hasCreditMemos && !memos?.hasDebitMemos) return null;
  const kind = memos.hasCreditMemos ? 'credit' : 'debit';
  return refuse(
    'rule',
    `invoice ${invoiceNumber} has ${kind} memos that were made from it: cancel them first`,
  );
}
