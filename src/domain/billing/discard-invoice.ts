import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { refuse } from '../result.ts';
import type { Invoice } from './invoice.ts';

export interface InvoiceReference {
  readonly invoiceId: string;
}

/** Cancels a draft. No metric moves: a draft was never counted (semantics F.1 row 16). */
export const cancelInvoice: CommandHandler<InvoiceReference, Invoice> = {
  needs: ({ invoiceId }) => [{ kind: 'invoice', key: invoiceId }],
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
    return new PlanBuilder().update('invoice', canceled).build(canceled);
  },
};

/** Deletes a draft or canceled invoice; the database removes its items with it. */
export const deleteInvoice: CommandHandler<InvoiceReference, { readonly id: string }> = {
  needs: ({ invoiceId }) => [{ kind: 'invoice', key: invoiceId }],
  decide(state, { invoiceId }) {
    const invoice = state.find('invoice', invoiceId);
    if (invoice === null) return refuse('not_found', `There is no invoice ${invoiceId}.`);
    if (invoice.status === 'Posted') {
      return refuse(
        'rule',
        `invoice ${invoice.invoiceNumber} is Posted; only a draft or canceled invoice can be deleted`,
      );
    }
    return new PlanBuilder().delete('invoice', invoice).build({ id: invoice.id });
  },
};
