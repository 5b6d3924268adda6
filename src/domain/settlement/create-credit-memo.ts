import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { type AccountReference, findDocumentAccount, needOfAccount } from '../billing/document-account.ts';
import { NOT_BILLED } from '../billing/document-line.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import type { CreditMemo, CreditMemoItem, CreditMemoReply } from './credit-memo.ts';
import { postMemo } from './credit-memo-status.ts';
import { checkCredits } from './credited-lines.ts';
import {
  linesFromCharges,
  linesFromInvoice,
  type MemoLineFromCharge,
  type MemoLineFromInvoice,
  type MemoLines,
  needsOfChargeLines,
  needsOfInvoiceLines,
} from './memo-lines.ts';

/** What a new credit memo says beside its lines. Absent values are null. */
interface NewCreditMemo {
  /** Today when null. */
  readonly memoDate: string | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly autoPost: boolean;
  readonly excludeFromAutoApplyRules: boolean;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** POST /v1/credit-memos: what an account is credited with, by charges of the catalog. */
export interface CreditMemoFromCharges extends NewCreditMemo, AccountReference {
  /** The caller's own number, from a system that is migrated. */
  readonly memoNumber: string | null;
  /** The account's when null. */
  readonly currency: string | null;
  readonly lines: readonly MemoLineFromCharge[];
}

/** POST /v1/credit-memos/invoice/{invoiceKey}: what an invoice should not have asked for. */
export interface CreditMemoFromInvoice extends NewCreditMemo {
  readonly invoiceId: string;
  /** The invoice's account, as whoever found the invoice knows: loaded with it. Nothing rests on it. */
  readonly accountId: string;
  readonly autoApplyToInvoiceUponPosting: boolean;
  readonly lines: readonly MemoLineFromInvoice[];
}

export const createCreditMemoFromCharges: CommandHandler<CreditMemoFromCharges, CreditMemoReply> = {
  needs: (payload) => [
    ...needOfAccount(payload),
    ...needsOfChargeLines(payload.lines),
    ...(payload.memoNumber === null ? [] : [{ kind: 'creditMemo' as const, key: payload.memoNumber }]),
  ],
  numbers: ({ memoNumber }) => (memoNumber === null ? [['creditMemo', 1]] : []),
  decide(state, payload, context) {
    const account = findDocumentAccount(state, payload);
    if (isRefusal(account)) return account;
    if (account.status === 'Canceled') {
      return refuse('rule', `account ${account.accountNumber} is canceled`, 'accountId');
    }
    const { memoNumber } = payload;
    if (memoNumber !== null && state.find('creditMemo', memoNumber) !== null) {
      return refuse('invalid', `there is a credit memo ${memoNumber} already`, 'number');
    }
    const memoDate = payload.memoDate ?? context.today;
    const currency = payload.currency ?? account.currency;
    const lines = linesFromCharges(state, payload.lines, { currency, memoDate }, context);
    if (isRefusal(lines)) return lines;
    return planOf(state, payload, account, lines, context, {
      memoNumber: memoNumber ?? context.nextNumber('creditMemo'),
      memoDate,
      currency,
      referredInvoiceId: null,
      sourceType: 'Standalone',
      autoApplyUponPosting: false,
      billToContactId: null,
      soldToContactId: null,
    });
  },
};

export const createCreditMemoFromInvoice: CommandHandler<CreditMemoFromInvoice, CreditMemoReply> = {
  needs: (payload) => [
    { kind: 'invoice', key: payload.invoiceId },
    { kind: 'account', key: payload.accountId },
    ...needsOfInvoiceLines(payload.lines),
  ],
  numbers: () => [['creditMemo', 1]],
  decide(state, payload, context) {
    const invoice = state.find('invoice', payload.invoiceId);
    if (invoice === null) return refuse('not_found', `There is no invoice ${payload.invoiceId}.`);
    const account = state.find('account', invoice.accountId);
    if (account === null) return refuse('not_found', `There is no account ${invoice.accountId}.`);
    const name = `invoice ${invoice.invoiceNumber}`;
    if (invoice.status !== 'Posted') {
      return refuse('rule', `${name} is ${invoice.status}, not Posted`, 'invoiceId');
    }
    if (invoice.isReversed) return refuse('rule', `${name} is reversed`, 'invoiceId');
    const lines = linesFromInvoice(state, payload.lines, invoice, context);
    if (isRefusal(lines)) return lines;
    return planOf(state, payload, account, lines, context, {
      memoNumber: context.nextNumber('creditMemo'),
      memoDate: payload.memoDate ?? context.today,
      currency: invoice.currency,
      referredInvoiceId: invoice.id,
      sourceType: 'Invoice',
      autoApplyUponPosting: payload.autoApplyToInvoiceUponPosting,
      billToContactId: invoice.billToContactId,
      soldToContactId: invoice.soldToContactId,
    });
  },
};

type Placed = Pick<
  CreditMemo,
  | 'memoNumber'
  | 'memoDate'
  | 'currency'
  | 'referredInvoiceId'
  | 'sourceType'
  | 'autoApplyUponPosting'
  | 'billToContactId'
  | 'soldToContactId'
>;

/** Only a posted memo moves metrics (semantics F.1 rows 16, 35). A draft of an invoice is checked against what is left to credit, not counted. */
function planOf(
  state: State,
  payload: NewCreditMemo,
  account: Account,
  { lines, amountMinor }: MemoLines,
  context: DecideContext,
  placed: Placed,
): Plan<CreditMemoReply> | Refusal {
  const draft: CreditMemo = {
    ...draftMemo(account.id, amountMinor, lines.length, context),
    reasonCode: payload.reasonCode,
    comment: payload.comment,
    excludeFromAutoApplyRules: payload.excludeFromAutoApplyRules,
    details: payload.details,
    customFields: payload.customFields,
    ...placed,
  };
  const items = lines.map(({ fromItemId, ...line }): CreditMemoItem => {
    const creditFromItemSource = fromItemId === null ? null : 'InvoiceItem';
    const source = { creditFromItemId: fromItemId, creditFromItemSource } as const;
    return { ...line, ...NOT_BILLED, ...source, creditMemoId: draft.id, appliedMinor: 0, refundedMinor: 0 };
  });
  const plan = new PlanBuilder();
  const memo = payload.autoPost
    ? postMemo(state, plan, { memo: draft, lines: items, account }, context)
    : (checkCredits(state, items, draft.currency) ?? draft);
  if (isRefusal(memo)) return memo;
  plan.insert('creditMemo', memo);
  for (const item of items) plan.insert('creditMemoItem', item);
  return plan.build({ memo, accountNumber: account.accountNumber });
}

/** What every new credit memo starts with, as a draft of today. */
export function draftMemo(accountId: string, amountMinor: number, lineCount: number, context: DecideContext) {
  return {
    id: context.newId(),
    revision: 0,
    accountId,
    status: 'Draft',
    targetDate: null,
    amountMinor,
    taxMinor: 0,
    appliedMinor: 0,
    unappliedMinor: amountMinor,
    refundedMinor: 0,
    sourceId: null,
    billRunId: null,
    isReversed: false,
    lineCount,
    postedAt: null,
    postedBy: null,
    cancelledAt: null,
    cancelledBy: null,
    createdAt: context.now,
    createdBy: context.actor,
    updatedAt: context.now,
    updatedBy: context.actor,
  } as const;
}
