import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal, refuse } from '../result.ts';
import type { Invoice } from './invoice.ts';
import { needsOfUnbilling, setBack, takeBillingBack } from './unbill.ts';

export interface InvoiceReference {
  readonly invoiceId: string;
}

/** Cancels a draft: what it billed is to be billed again. No metric moves: a draft was never counted (semantics F.1 row 16). */
export const cancelInvoice: CommandHandler<InvoiceReference, Invoice> = {
  needs: ({ invoiceId }) => [{ kind: 'invoice', key: invoiceId }, ...needsOfUnbilling(invoiceId)],
  decide(state, { invoiceId }, context) {
    const draft = state.find('invoice', invoiceId);
    if (draft === null) return refuse('not_found', `There is no invoice ${invoiceId}.`);
    if (draft.status !== 'Draft') {
      return refuse(
        'rule',
        `invoice ${draft.invoiceNumber} is ${draft.status}; only a draft can be canceled`,
      );
    }
    const canceled: Invoice = {
      ...draft,
      status: 'Canceled',
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    const plan = new PlanBuilder();
    return takeBillingBack(state, plan, draft.id) ?? plan.update('invoice', canceled).build(canceled);
  },
};

/** Deletes a draft or canceled invoice; the database removes its items with it. */
export const deleteInvoice: CommandHandler<InvoiceReference, { readonly id: string }> = {
  needs: ({ invoiceId }) => [{ kind: 'invoice', key: invoiceId }, ...needsOfUnbilling(invoiceId)],
  decide(state, { invoiceId }) {
    const invoice = state.find('invoice', invoiceId);
    if (invoice === null) return refuse('not_found', `There is no invoice ${invoiceId}.`);
    if (invoice.status !== 'Draft' && invoice.status !== 'Canceled') {
      return refuse(
        'rule',
        `invoice ${invoice.invoiceNumber} is ${invoice.status}; only a draft or canceled invoice can be deleted`,
      );
    }
    const plan = new PlanBuilder();
    // What a canceled one billed has been unbilled with its cancellation.
    const refusal = invoice.status === 'Canceled' ? null : takeBillingBack(state, plan, invoice.id);
    return refusal ?? plan.delete('invoice', invoice).build({ id: invoice.id });
  },
};

/** What one commit of a deletion in pieces did: `next` is what the next one carries out, null when the invoice is gone. */
export interface InvoiceDeletion {
  readonly id: string;
  readonly next: InvoiceReference | null;
}

/** Deletes a draft that bills more subscriptions than one commit sets back: those first, a bounded number with each commit. */
export const deleteLongInvoice: CommandHandler<InvoiceReference, InvoiceDeletion> = {
  needs: deleteInvoice.needs,
  decide(state, reference, context) {
    const invoice = state.find('invoice', reference.invoiceId);
    if (invoice?.status === 'Draft') {
      const plan = new PlanBuilder();
      if (setBack(state, plan, invoice.id) > 0) return plan.build({ id: invoice.id, next: reference });
    }
    const decided = deleteInvoice.decide(state, reference, context);
    return isRefusal(decided) ? decided : { ...decided, reply: { id: decided.reply.id, next: null } };
  },
};
