import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { mergeDetails } from '../accounts/merge-details.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { changeLines, describeLines, type InvoiceItemChange, needsOfChanges } from './change-lines.ts';
import type { Invoice } from './invoice.ts';
import { movedDates } from './post-invoice.ts';

/** What shall be different about an invoice (PUT /v1/invoices/{key}). What is absent stays. */
export interface UpdateInvoice {
  readonly invoiceId: string;
  readonly fields: {
    readonly autoPay?: boolean;
    readonly comments?: string;
    readonly dueDate?: string;
    readonly invoiceDate?: string;
  };
  /** Null takes an attribute away. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  readonly items: readonly InvoiceItemChange[];
}

/**
 * Changes an invoice. A draft takes everything: its lines are changed, added and removed, and its amount is what they add up to. A posted
 * one takes what leaves its balance and its account's numbers alone (semantics F.1 rows 16 and 21). No metric moves.
 */
export const updateInvoice: CommandHandler<UpdateInvoice, Invoice> = {
  needs: ({ invoiceId, items }) => [{ kind: 'invoice', key: invoiceId }, ...needsOfChanges(items)],
  decide(state, payload, context) {
    const invoice = state.find('invoice', payload.invoiceId);
    if (invoice === null) return refuse('not_found', `There is no invoice ${payload.invoiceId}.`);
    if (invoice.status !== 'Draft' && invoice.status !== 'Posted') {
      return refuse('rule', `invoice ${invoice.invoiceNumber} is ${invoice.status} and cannot be changed`);
    }
    const changed = changedFields(state, invoice, payload, context);
    if (isRefusal(changed)) return changed;
    const plan = new PlanBuilder();
    const result =
      invoice.status === 'Draft'
        ? changeLines(state, plan, changed, payload.items, context)
        : describeLines(state, plan, changed, payload.items);
    if (isRefusal(result)) return result;
    return plan.update('invoice', result).build(result);
  },
};

function changedFields(
  state: State,
  invoice: Invoice,
  { fields, details, customFields }: UpdateInvoice,
  { now, actor }: DecideContext,
): Invoice | Refusal {
  const { invoiceDate, ...others } = fields;
  const moves = invoiceDate !== undefined && invoiceDate !== invoice.invoiceDate;
  if (moves && invoice.status === 'Posted') {
    const message = 'of a posted invoice cannot be changed: unpost it first';
    return refuse('invalid', message, 'invoiceDate');
  }
  return {
    ...invoice,
    ...(moves ? movedDates(state, invoice, invoiceDate) : {}),
    ...others,
    details: mergeDetails(invoice.details, details),
    customFields: { ...invoice.customFields, ...customFields },
    updatedAt: now,
    updatedBy: actor,
  };
}
