import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { type AccountReference, findDocumentAccount, needOfAccount } from '../billing/document-account.ts';
import type { Invoice } from '../billing/invoice.ts';
import { dueDate } from '../billing/payment-terms.ts';
import { withContactSnapshots } from '../billing/post-invoice.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import type { DebitMemo, DebitMemoReply } from './debit-memo.ts';
import { postedDebitMemoDelta } from './debit-memo-status.ts';
import {
  linesFromCharges,
  linesFromInvoice,
  type MemoLineFromCharge,
  type MemoLineFromInvoice,
  type MemoLines,
  needsOfChargeLines,
  needsOfInvoiceLines,
} from './memo-lines.ts';

/** What a new debit memo says beside its lines. Absent values are null. */
interface NewDebitMemo {
  /** Today when null. */
  readonly memoDate: string | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly autoPay: boolean;
  readonly autoPost: boolean;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** POST /v1/debit-memos: what an account owes beside its invoices, by charges of the catalog. */
export interface DebitMemoFromCharges extends NewDebitMemo, AccountReference {
  /** The caller's own number, from a system that is migrated. */
  readonly memoNumber: string | null;
  /** The account's when null. */
  readonly currency: string | null;
  /** Follows from the account's payment term when null. */
  readonly dueDate: string | null;
  readonly lines: readonly MemoLineFromCharge[];
}

/** POST /v1/debit-memos/invoice/{invoiceKey}: what an invoice should have asked for on top. */
export interface DebitMemoFromInvoice extends NewDebitMemo {
  readonly invoiceId: string;
  /** The invoice's account, as whoever found the invoice knows: loaded with it. Nothing rests on it. */
  readonly accountId: string;
  /** The invoice's own when null. */
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  readonly soldToSameAsBillTo: boolean;
  readonly lines: readonly MemoLineFromInvoice[];
}

export const createDebitMemoFromCharges: CommandHandler<DebitMemoFromCharges, DebitMemoReply> = {
  needs: (payload) => [
    ...needOfAccount(payload),
    ...needsOfChargeLines(payload.lines),
    ...(payload.memoNumber === null ? [] : [{ kind: 'debitMemo' as const, key: payload.memoNumber }]),
  ],
  numbers: ({ memoNumber }) => (memoNumber === null ? [['debitMemo', 1]] : []),
  decide(state, payload, context) {
    const account = findDocumentAccount(state, payload);
    if (isRefusal(account)) return account;
    if (account.status === 'Canceled') {
      return refuse('rule', `account ${account.accountNumber} is canceled`, 'accountId');
    }
    const { memoNumber } = payload;
    if (memoNumber !== null && state.find('debitMemo', memoNumber) !== null) {
      return refuse('invalid', `there is a debit memo ${memoNumber} already`, 'number');
    }
    const memoDate = payload.memoDate ?? context.today;
    const currency = payload.currency ?? account.currency;
    const lines = linesFromCharges(state, payload.lines, { currency, memoDate }, context);
    if (isRefusal(lines)) return lines;
    return planOf(state, payload, account, lines, context, {
      memoNumber: memoNumber ?? context.nextNumber('debitMemo'),
      memoDate,
      currency,
      dueDate: payload.dueDate ?? dueDate(account.paymentTerm, memoDate),
      paymentTerm: null,
      referredInvoiceId: null,
      sourceType: 'Standalone',
      billToContactId: null,
      soldToContactId: null,
    });
  },
};

export const createDebitMemoFromInvoice: CommandHandler<DebitMemoFromInvoice, DebitMemoReply> = {
  needs: (payload) => [
    { kind: 'invoice', key: payload.invoiceId },
    { kind: 'account', key: payload.accountId },
    ...needsOfInvoiceLines(payload.lines),
    ...contactsOf(payload).map(([, key]) => ({ kind: 'contact' as const, key })),
  ],
  numbers: () => [['debitMemo', 1]],
  decide(state, payload, context) {
    const invoice = state.find('invoice', payload.invoiceId);
    if (invoice === null) return refuse('not_found', `There is no invoice ${payload.invoiceId}.`);
    const account = state.find('account', invoice.accountId);
    if (account === null) return refuse('not_found', `There is no account ${invoice.accountId}.`);
    const wrong = findWrong(state, payload, invoice, account);
    if (wrong !== null) return wrong;
    const lines = linesFromInvoice(state, payload.lines, invoice, context);
    if (isRefusal(lines)) return lines;
    const memoDate = payload.memoDate ?? context.today;
    const billToContactId = payload.billToContactId ?? invoice.billToContactId;
    return planOf(state, payload, account, lines, context, {
      memoNumber: context.nextNumber('debitMemo'),
      memoDate,
      currency: invoice.currency,
      dueDate: dueDate(invoice.paymentTerm ?? account.paymentTerm, memoDate),
      paymentTerm: invoice.paymentTerm,
      referredInvoiceId: invoice.id,
      sourceType: 'Invoice',
      billToContactId,
      soldToContactId: payload.soldToSameAsBillTo
        ? billToContactId
        : (payload.soldToContactId ?? invoice.soldToContactId),
    });
  },
};

function contactsOf(
  payload: DebitMemoFromInvoice,
): Array<readonly ['billToContactId' | 'soldToContactId', string]> {
  return (['billToContactId', 'soldToContactId'] as const).flatMap((field) =>
    payload[field] === null ? [] : [[field, payload[field]] as const],
  );
}

function findWrong(
  state: State,
  payload: DebitMemoFromInvoice,
  invoice: Invoice,
  account: Account,
): Refusal | null {
  const { invoiceNumber, status } = invoice;
  if (status !== 'Posted') {
    return refuse('rule', `invoice ${invoiceNumber} is ${status}, not Posted`, 'invoiceId');
  }
  if (invoice.isReversed) return refuse('rule', `invoice ${invoiceNumber} is reversed`, 'invoiceId');
  for (const [field, contactId] of contactsOf(payload)) {
    if (state.find('contact', contactId)?.accountId === account.id) continue;
    return refuse('invalid', `account ${account.accountNumber} has no contact ${contactId}`, field);
  }
  return null;
}

type Placed = Pick<
  DebitMemo,
  | 'memoNumber'
  | 'memoDate'
  | 'currency'
  | 'dueDate'
  | 'paymentTerm'
  | 'referredInvoiceId'
  | 'sourceType'
  | 'billToContactId'
  | 'soldToContactId'
>;

/** Only a posted memo moves metrics (semantics F.1 rows 16, 41). */
function planOf(
  state: State,
  payload: NewDebitMemo,
  account: Account,
  { lines, amountMinor }: MemoLines,
  context: DecideContext,
  placed: Placed,
): Plan<DebitMemoReply> {
  const memo: DebitMemo = {
    id: context.newId(),
    revision: 0,
    accountId: account.id,
    status: payload.autoPost ? 'Posted' : 'Draft',
    targetDate: null,
    amountMinor,
    taxMinor: 0,
    balanceMinor: amountMinor,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    reasonCode: payload.reasonCode,
    comment: payload.comment,
    autoPay: payload.autoPay,
    referredCreditMemoId: null,
    lineCount: lines.length,
    postedAt: payload.autoPost ? context.now : null,
    postedBy: payload.autoPost ? context.actor : null,
    cancelledAt: null,
    cancelledBy: null,
    details: payload.details,
    customFields: payload.customFields,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
    ...placed,
  };
  const plan = new PlanBuilder();
  const stored = payload.autoPost ? withContactSnapshots(state, plan, memo, account, context) : memo;
  plan.insert('debitMemo', stored);
  for (const { fromItemId, ...line } of lines) {
    plan.insert('debitMemoItem', {
      ...line,
      debitMemoId: memo.id,
      appliedMinor: 0,
      appliedToItemId: fromItemId,
    });
  }
  if (payload.autoPost) plan.delta(postedDebitMemoDelta(stored, 1));
  return plan.build({ memo: stored, accountNumber: account.accountNumber });
}
