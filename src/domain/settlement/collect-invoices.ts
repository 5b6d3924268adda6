import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import type { Invoice } from '../billing/invoice.ts';
import { MAX_AMOUNT_MINOR } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { GatewayChoice } from './gateway.ts';
import { applicationLimits, type ResolvedPart } from './parts.ts';
import type { Payment } from './payment.ts';
import { reservedMinorOf } from './reservation.ts';
import { chooseGateway, findMethodToCharge, submit } from './submit-payment.ts';

/** Asks the default payment method of an account for what its invoices have open. */
export interface CollectInvoices extends GatewayChoice {
  /** Id or number. */
  readonly accountKey: string;
  /** The invoice that is named, with its field; null when all that are due are meant. */
  readonly named: { readonly key: string; readonly field: string } | null;
  /** Ids of the invoices that were found open and due. */
  readonly invoiceIds: readonly string[];
}

/** Invoices that one collection takes: the longest due first; what is left is for the next one. */
export const COLLECTED_INVOICES_MAX = applicationLimits.documentsMax;

export interface InvoicesCollected {
  /** Null when there was nothing to collect. */
  readonly payment: Payment | null;
  /** As they are while the payment is Processing. */
  readonly invoices: readonly Invoice[];
}

/**
 * One payment for all that is open and that no other payment is being asked for, in the account's currency. As with every electronic
 * payment, the gateway is asked afterwards.
 */
export const collectInvoices: CommandHandler<CollectInvoices, InvoicesCollected> = {
  needs: ({ accountKey, named, invoiceIds }) => [
    { kind: 'account', key: accountKey },
    ...(named === null ? [] : [{ kind: 'invoice' as const, key: named.key }]),
    ...invoiceIds.map((key) => ({ kind: 'invoice' as const, key })),
  ],
  numbers: () => [['payment', 1]],
  decide(state, payload, context) {
    const { accountKey } = payload;
    const account = state.find('account', accountKey);
    if (account === null) return refuse('invalid', `There is no account ${accountKey}.`, 'accountKey');
    const invoices = findInvoices(state, payload, account);
    if (isRefusal(invoices)) return invoices;
    const parts = openParts(invoices);
    if (parts.length === 0) return new PlanBuilder().build({ payment: null, invoices: [] });
    const method = findMethodToCharge(state, account, null, context);
    if (isRefusal(method)) return { ...method, field: 'accountKey' };
    const amountMinor = parts.reduce((sum, part) => sum + part.amountMinor, 0);
    const submitted = submit(
      {
        ...payload,
        id: context.newId(),
        account,
        method,
        currency: account.currency,
        amountMinor,
        parts,
        effectiveDate: null,
        comment: null,
        referenceId: null,
        details: {},
        customFields: {},
      },
      context,
    );
    if (isRefusal(submitted)) return submitted;
    const { payment } = submitted.reply;
    return { ...submitted, reply: { payment, invoices: parts.map(({ invoice }) => invoice) } };
  },
};

export interface CheckCollection extends GatewayChoice {
  readonly accountKey: string;
}

/**
 * Whether the account could be asked for money. Changes nothing: for collections that bill first, so that one that is refused for its account or
 * gateway has billed nothing.
 */
export const checkCollection: CommandHandler<CheckCollection, Record<string, never>> = {
  needs: ({ accountKey }) => [{ kind: 'account', key: accountKey }],
  decide(state, payload, context) {
    const { accountKey } = payload;
    const account = state.find('account', accountKey);
    if (account === null) return refuse('invalid', `There is no account ${accountKey}.`, 'accountKey');
    const method = findMethodToCharge(state, account, null, context);
    if (isRefusal(method)) return { ...method, field: 'accountKey' };
    const gatewayId = chooseGateway(method, payload);
    return typeof gatewayId === 'string' ? new PlanBuilder().build({}) : gatewayId;
  },
};

/** The invoice that is named, which must be one that can be collected; or those of the list that still can. */
function findInvoices(
  state: State,
  { named, invoiceIds }: CollectInvoices,
  account: Account,
): Invoice[] | Refusal {
  if (named === null) {
    return invoiceIds.flatMap((id) => {
      const invoice = state.find('invoice', id);
      const collectable =
        invoice?.accountId === account.id &&
        invoice.status === 'Posted' &&
        !invoice.isReversed &&
        invoice.currency === account.currency;
      return collectable ? [invoice] : [];
    });
  }
  const { key, field } = named;
  const invoice = state.find('invoice', key);
  if (invoice === null) return refuse('invalid', `there is no invoice ${key}`, field);
  const { invoiceNumber, status, isReversed, currency } = invoice;
  if (invoice.accountId !== account.id) {
    return refuse('invalid', `invoice ${invoiceNumber} belongs to another account`, field);
  }
  if (status !== 'Posted') return refuse('rule', `invoice ${invoiceNumber} is ${status}, not Posted`, field);
  if (isReversed) return refuse('rule', `invoice ${invoiceNumber} is reversed`, field);
  if (currency !== account.currency) {
    const message = `invoice ${invoiceNumber} is in ${currency}, the account in ${account.currency}`;
    return refuse('rule', message, field);
  }
  return [invoice];
}

/** What is open of the invoices and no payment in processing is for; no more than one payment can be. */
function openParts(invoices: readonly Invoice[]): Array<ResolvedPart & { readonly invoice: Invoice }> {
  const parts: Array<ResolvedPart & { readonly invoice: Invoice }> = [];
  let sumMinor = 0;
  for (const invoice of invoices) {
    const amountMinor = invoice.balanceMinor - reservedMinorOf(invoice);
    if (amountMinor <= 0) continue;
    sumMinor += amountMinor;
    if (sumMinor > MAX_AMOUNT_MINOR) break;
    const path = `invoices[${parts.length}]`;
    parts.push({ path, target: { kind: 'invoice', document: invoice }, amountMinor, items: [], invoice });
  }
  return parts;
}
