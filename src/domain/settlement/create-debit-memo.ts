import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { dueDate } from '../billing/payment-terms.ts';
import { withContactSnapshots } from '../billing/post-invoice.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { DebitMemo, DebitMemoReply } from './debit-memo.ts';
import { postedDebitMemoDelta } from './debit-memo-status.ts';
import { linesFromInvoice, type MemoLines } from './memo-lines.ts';
import {
  draftOfMemo,
  findInvoiceOfMemo,
  type MemoFromCharges,
  type MemoFromInvoice,
  type NewMemo,
  needsOfMemoFromCharges,
  needsOfMemoFromInvoice,
  resolveMemoFromCharges,
} from './new-memo.ts';

/** What a new debit memo says beside its lines. Absent values are null. */
interface NewDebitMemo extends NewMemo {
  readonly autoPay: boolean;
}

/** POST /v1/debit-memos: what an account owes beside its invoices, by charges of the catalog. */
export interface DebitMemoFromCharges extends NewDebitMemo, MemoFromCharges {
  /** Follows from the account's payment term when null. */
  readonly dueDate: string | null;
}

/** POST /v1/debit-memos/invoice/{invoiceKey}: what an invoice should have asked for on top. */
export interface DebitMemoFromInvoice extends NewDebitMemo, MemoFromInvoice {
  /** The invoice's own when null. */
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  readonly soldToSameAsBillTo: boolean;
}

export const createDebitMemoFromCharges: CommandHandler<DebitMemoFromCharges, DebitMemoReply> = {
  needs: (payload) => needsOfMemoFromCharges('debitMemo', payload),
  numbers: ({ memoNumber }) => (memoNumber === null ? [['debitMemo', 1]] : []),
  decide(state, payload, context) {
    const resolved = resolveMemoFromCharges(state, 'debitMemo', payload, context);
    if (isRefusal(resolved)) return resolved;
    const { account, lines, memoNumber, memoDate, currency } = resolved;
    return planOf(state, payload, account, lines, context, {
      memoNumber,
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
    ...needsOfMemoFromInvoice(payload),
    ...contactsOf(payload).map(([, key]) => ({ kind: 'contact' as const, key })),
  ],
  numbers: () => [['debitMemo', 1]],
  decide(state, payload, context) {
    const found = findInvoiceOfMemo(state, payload);
    if (isRefusal(found)) return found;
    const { invoice, account } = found;
    const wrong = findWrongContact(state, payload, account);
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

function findWrongContact(state: State, payload: DebitMemoFromInvoice, account: Account): Refusal | null {
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
    ...draftOfMemo(account.id, amountMinor, lines.length, context),
    ...(payload.autoPost
      ? { status: 'Posted' as const, postedAt: context.now, postedBy: context.actor }
      : {}),
    balanceMinor: amountMinor,
    paymentsAppliedMinor: 0,
    creditMemosAppliedMinor: 0,
    reasonCode: payload.reasonCode,
    comment: payload.comment,
    autoPay: payload.autoPay,
    referredCreditMemoId: null,
    details: payload.details,
    customFields: payload.customFields,
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
