import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { NOT_BILLED } from '../billing/document-line.ts';
import { isRefusal, type Refusal } from '../result.ts';
import type { CreditMemo, CreditMemoItem, CreditMemoReply } from './credit-memo.ts';
import { postMemo } from './credit-memo-status.ts';
import { checkCredits } from './credited-lines.ts';
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

/** What a new credit memo says beside its lines. Absent values are null. */
interface NewCreditMemo extends NewMemo {
  readonly excludeFromAutoApplyRules: boolean;
}

/** POST /v1/credit-memos: what an account is credited with, by charges of the catalog. */
export interface CreditMemoFromCharges extends NewCreditMemo, MemoFromCharges {}

/** POST /v1/credit-memos/invoice/{invoiceKey}: what an invoice should not have asked for. */
export interface CreditMemoFromInvoice extends NewCreditMemo, MemoFromInvoice {
  readonly autoApplyToInvoiceUponPosting: boolean;
}

export const createCreditMemoFromCharges: CommandHandler<CreditMemoFromCharges, CreditMemoReply> = {
  needs: (payload) => needsOfMemoFromCharges('creditMemo', payload),
  numbers: ({ memoNumber }) => (memoNumber === null ? [['creditMemo', 1]] : []),
  decide(state, payload, context) {
    const resolved = resolveMemoFromCharges(state, 'creditMemo', payload, context);
    if (isRefusal(resolved)) return resolved;
    const { account, lines, memoNumber, memoDate, currency } = resolved;
    return planOf(state, payload, account, lines, context, {
      memoNumber,
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
  needs: needsOfMemoFromInvoice,
  numbers: () => [['creditMemo', 1]],
  decide(state, payload, context) {
    const found = findInvoiceOfMemo(state, payload);
    if (isRefusal(found)) return found;
    const { invoice, account } = found;
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

/** What every new credit memo starts with, as a draft of now. */
export function draftMemo(accountId: string, amountMinor: number, lineCount: number, context: DecideContext) {
  return {
    ...draftOfMemo(accountId, amountMinor, lineCount, context),
    appliedMinor: 0,
    unappliedMinor: amountMinor,
    refundedMinor: 0,
    sourceId: null,
    billRunId: null,
    isReversed: false,
  } as const;
}
