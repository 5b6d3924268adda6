import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { MAX_AMOUNT_MINOR } from '../money.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { type AccountReference, findDocumentAccount, needOfAccount } from './document-account.ts';
import type { Invoice, InvoiceItem } from './invoice.ts';
import { buildInvoiceItems, type NewInvoiceItem, needsOfItems } from './invoice-items.ts';
import { type LineTotals, totalsOf } from './line-totals.ts';
import { dueDate } from './payment-terms.ts';
import { postingDelta, withContactSnapshots } from './post-invoice.ts';

/** A standalone invoice as it is asked for (POST /v1/invoices). Absent values are null. */
export interface NewInvoice extends AccountReference {
  /** The caller's own number, from a system that is migrated. */
  readonly invoiceNumber: string | null;
  readonly invoiceDate: string;
  /** Wins over the term. */
  readonly dueDate: string | null;
  readonly paymentTerm: string | null;
  /** The account's currency when null; any other is allowed (semantics B.5). */
  readonly currency: string | null;
  readonly status: 'Draft' | 'Posted';
  readonly autoPay: boolean;
  readonly comments: string | null;
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  readonly items: readonly NewInvoiceItem[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** Writes a standalone invoice as a draft or posted. Only a posted one moves metrics (semantics F.1 rows 16, 17, 45, 46). */
export const createInvoice: CommandHandler<NewInvoice, Invoice> = {
  needs: (payload) => [
    ...needOfAccount(payload),
    ...needsOfItems(payload.items),
    ...(payload.invoiceNumber === null ? [] : [{ kind: 'invoice' as const, key: payload.invoiceNumber }]),
  ],
  numbers: (payload) => (payload.invoiceNumber === null ? [['invoice', 1]] : []),
  decide(state, payload, context) {
    const account = findDocumentAccount(state, payload);
    if (isRefusal(account)) return account;
    const wrong = findWrong(state, payload, account);
    if (wrong !== null) return wrong;
    const invoiceId = context.newId();
    const currency = payload.currency ?? account.currency;
    const items: InvoiceItem[] = [];
    for (const [index, wanted] of payload.items.entries()) {
      const place = { invoiceId, currency, path: `invoiceItems[${index}]`, line: items.length + 1 };
      const built = buildInvoiceItems(state, wanted, place, context);
      if (isRefusal(built)) return built;
      items.push(...built);
    }
    const totals = totalsOf(items);
    const tooMuch = checkTotal(totals);
    if (tooMuch !== null) return tooMuch;
    const numbers = { invoiceId, currency, totals, lineCount: items.length };
    const invoice = toInvoice(payload, account, numbers, context);
    const plan = new PlanBuilder();
    const stored =
      invoice.status === 'Posted' ? withContactSnapshots(state, plan, invoice, account, context) : invoice;
    plan.insert('invoice', stored);
    for (const item of items) plan.insert('invoiceItem', item);
    if (stored.status === 'Posted') plan.delta(postingDelta(stored));
    return plan.build(stored);
  },
};

/** Refuses what an invoice cannot hold: what is given back without being owed is a credit memo. */
export function checkTotal({ amountMinor }: LineTotals): Refusal | null {
  if (amountMinor > MAX_AMOUNT_MINOR) {
    return refuse('invalid', 'the items add up to more than an invoice can hold', 'invoiceItems');
  }
  return amountMinor < 0 ? refuse('invalid', 'the items add up to less than zero', 'invoiceItems') : null;
}

function findWrong(state: State, payload: NewInvoice, account: Account): Refusal | null {
  if (account.status === 'Canceled') {
    return refuse('rule', `account ${account.accountNumber} is canceled`, 'accountId');
  }
  if (payload.invoiceNumber !== null && state.find('invoice', payload.invoiceNumber) !== null) {
    return refuse('invalid', `there is an invoice ${payload.invoiceNumber} already`, 'invoiceNumber');
  }
  for (const field of ['billToContactId', 'soldToContactId'] as const) {
    const contactId = payload[field];
    if (contactId === null) continue;
    if (state.find('contact', contactId)?.accountId !== account.id) {
      return refuse('invalid', `account ${account.accountNumber} has no contact ${contactId}`, field);
    }
  }
  return null;
}

function toInvoice(
  payload: NewInvoice,
  account: Account,
  {
    invoiceId,
    currency,
    totals,
    lineCount,
  }: {
    readonly invoiceId: string;
    readonly currency: string;
    readonly totals: LineTotals;
    readonly lineCount: number;
  },
  context: DecideContext,
): Invoice {
  const posted = payload.status === 'Posted';
  return {
    id: invoiceId,
    revision: 0,
    invoiceNumber: payload.invoiceNumber ?? context.nextNumber('invoice'),
    accountId: account.id,
    status: payload.status,
    invoiceDate: payload.invoiceDate,
    dueDate: payload.dueDate ?? dueDate(payload.paymentTerm ?? account.paymentTerm, payload.invoiceDate),
    targetDate: null,
    currency,
    ...totals,
    taxMinor: 0,
    balanceMinor: totals.amountMinor,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    paymentTerm: payload.paymentTerm,
    autoPay: payload.autoPay,
    sourceType: 'Standalone',
    sourceId: null,
    billRunId: null,
    isReversed: false,
    lineCount,
    postedAt: posted ? context.now : null,
    postedBy: posted ? context.actor : null,
    comments: payload.comments,
    billToContactId: payload.billToContactId,
    soldToContactId: payload.soldToContactId,
    details: payload.details,
    customFields: payload.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}
