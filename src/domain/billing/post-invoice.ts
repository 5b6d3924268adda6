import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { keepSnapshots } from '../accounts/contact-snapshots.ts';
import type { MetricDelta } from '../metrics/delta.ts';
import { type JsonObject, refuse } from '../result.ts';
import type { Invoice } from './invoice.ts';
import { dueDate } from './payment-terms.ts';

export interface PostInvoice {
  readonly invoiceId: string;
  /** A new date for the invoice; the draft's date when null. */
  readonly invoiceDate: string | null;
  /** Custom fields to set while posting. */
  readonly customFields: JsonObject;
}

/** Posts a draft: from now on it counts in its account's metrics (semantics F.1 rows 17 and 46). */
export const postInvoice: CommandHandler<PostInvoice, Invoice> = {
  needs: ({ invoiceId }) => [{ kind: 'invoice', key: invoiceId }],
  decide(state, payload, context) {
    const draft = state.find('invoice', payload.invoiceId);
    if (draft === null) return refuse('not_found', `No invoice is found with id ${payload.invoiceId}.`);
    if (draft.status !== 'Draft') return refuse('invalid', 'Only invoices with Draft status can be posted.');
    const dates = payload.invoiceDate === null ? {} : movedDates(state, draft, payload.invoiceDate);
    const plan = new PlanBuilder();
    const account = state.find('account', draft.accountId);
    const posted: Invoice = {
      ...withContactSnapshots(state, plan, draft, account, context),
      ...dates,
      status: 'Posted',
      postedAt: context.now,
      postedBy: context.actor,
      customFields: { ...draft.customFields, ...payload.customFields },
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    return plan.update('invoice', posted).delta(postingDelta(posted)).build(posted);
  },
};

/** What posting moves: the whole amount, since nothing can be applied to a draft. A zero invoice moves the date alone. */
export function postingDelta(invoice: Invoice): MetricDelta {
  return {
    accountId: invoice.accountId,
    currency: invoice.currency,
    totalInvoiceBalanceMinor: invoice.amountMinor,
    lastInvoiceDate: invoice.invoiceDate,
    documentKind: 'invoice',
    documentId: invoice.id,
  };
}

/** A due date that followed from the payment term follows the new invoice date; one that was given stays. */
export function movedDates(state: State, draft: Invoice, invoiceDate: string): Partial<Invoice> {
  const term = draft.paymentTerm ?? state.find('account', draft.accountId)?.paymentTerm;
  if (term === undefined || draft.dueDate !== dueDate(term, draft.invoiceDate)) return { invoiceDate };
  return { invoiceDate, dueDate: dueDate(term, invoiceDate) };
}

/** A posted document keeps its contacts, or else its account's, as they are now: who moves later does not change it. */
export function withContactSnapshots<
  Document extends Pick<Invoice, 'billToContactId' | 'soldToContactId' | 'details'>,
>(
  state: State,
  plan: PlanBuilder,
  document: Document,
  account: Account | null,
  context: DecideContext,
): Document {
  const [billTo, soldTo] = keepSnapshots(
    state,
    plan,
    [
      document.billToContactId ?? account?.billToContactId ?? null,
      document.soldToContactId ?? account?.soldToContactId ?? null,
    ],
    context,
  );
  return {
    ...document,
    details: {
      ...document.details,
      ...(billTo ? { billToContactSnapshotId: billTo } : {}),
      ...(soldTo ? { soldToContactSnapshotId: soldTo } : {}),
    },
  };
}

/** The details of a document that is a draft again: a draft has the contacts as they are. */
export function withoutContactSnapshots({ details }: { readonly details: JsonObject }): JsonObject {
  const { billToContactSnapshotId: _, soldToContactSnapshotId: __, ...others } = details;
  return others;
}
