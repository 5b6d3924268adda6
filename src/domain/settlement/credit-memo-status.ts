import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { allLines } from '../billing/document-lines.ts';
import { withContactSnapshots } from '../billing/post-invoice.ts';
import { fromMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { applyParts, movedBalances } from './apply-parts.ts';
import type { CreditMemo, CreditMemoItem, CreditMemoReply } from './credit-memo.ts';
import { checkCredits, countCredits, countsCredits } from './credited-lines.ts';
import { draftAgain, notIn, postedNow, touchedBy } from './memo-status.ts';
import type { Payer } from './parts.ts';
import { refundingMinorOf } from './refund-hold.ts';

/** Draft ⇄ Posted; Draft → Canceled → deleted (semantics F). */

export interface CreditMemoReference {
  /** Id or number. */
  readonly creditMemoId: string;
  /** Its account, as whoever found the memo knows: loaded with it. Nothing rests on it. */
  readonly accountId: string;
}

export function needsOfCreditMemo({ creditMemoId, accountId }: CreditMemoReference): Need[] {
  return [
    { kind: 'creditMemo', key: creditMemoId },
    { kind: 'account', key: accountId },
  ];
}

/** The memo and its account, or why there is none. */
export function findCreditMemo(
  state: State,
  { creditMemoId }: Pick<CreditMemoReference, 'creditMemoId'>,
): { readonly memo: CreditMemo; readonly account: Account } | Refusal {
  const memo = state.find('creditMemo', creditMemoId);
  if (memo === null) return refuse('not_found', `There is no credit memo ${creditMemoId}.`);
  const account = state.find('account', memo.accountId);
  return account === null ? refuse('not_found', `There is no account ${memo.accountId}.`) : { memo, account };
}

export function payerOfMemo({ id, accountId, currency, memoNumber }: CreditMemo): Payer {
  return { kind: 'creditMemo', id, accountId, currency, name: `credit memo ${memoNumber}` };
}

export const postCreditMemo: CommandHandler<CreditMemoReference, CreditMemoReply> = {
  needs: needsOfCreditMemo,
  decide(state, payload, context) {
    const found = findCreditMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    if (memo.status !== 'Draft') return notIn('Draft', 'credit memo', memo, 'posted');
    const lines = countsCredits(memo)
      ? allLines(state, 'creditMemoLines', memo, [{ kind: 'invoice', key: memo.referredInvoiceId }])
      : [];
    const plan = new PlanBuilder();
    const posted = postMemo(state, plan, { memo, lines, account }, context);
    if (isRefusal(posted)) return posted;
    return plan.update('creditMemo', posted).build({ memo: posted, accountNumber: account.accountNumber });
  },
};

/**
 * Adds to the plan what posting a memo means beside the memo itself: what it credits is counted, all of it is unapplied (semantics F.1 row 35), and
 * it is applied to its invoice when it is to be, as far as that is open (row 36).
 *
 * @param lines of the memo; needed only where it is made from an invoice
 * @returns the posted memo, or why it can't be posted
 */
export function postMemo(
  state: State,
  plan: PlanBuilder,
  {
    memo,
    lines,
    account,
  }: {
    readonly memo: CreditMemo;
    readonly lines: readonly CreditMemoItem[];
    readonly account: Account;
  },
  context: DecideContext,
): CreditMemo | Refusal {
  if (countsCredits(memo)) {
    const invoice = state.find('invoice', memo.referredInvoiceId);
    if (invoice?.status !== 'Posted' || invoice.isReversed) {
      const now = invoice?.isReversed ? 'reversed' : 'no longer Posted';
      return refuse('rule', `invoice ${invoice?.invoiceNumber ?? memo.referredInvoiceId} is ${now}`);
    }
    const wrong = checkCredits(state, lines, memo.currency);
    if (wrong !== null) return wrong;
    countCredits(state, plan, lines, 1);
  }
  const appliedMinor = memo.autoApplyUponPosting ? applyToOwnInvoice(state, plan, memo, context) : 0;
  plan.delta({
    accountId: memo.accountId,
    currency: memo.currency,
    ...movedBalances({ invoicesMinor: appliedMinor, debitMemosMinor: 0 }),
    unappliedCreditMemoMinor: memo.amountMinor - appliedMinor,
    documentKind: 'creditMemo',
    documentId: memo.id,
  });
  return {
    ...withContactSnapshots(state, plan, memo, account, context),
    ...postedNow(context),
    ...touchedBy(context),
    appliedMinor,
    unappliedMinor: memo.amountMinor - appliedMinor,
  };
}

/** @returns how much the memo applied to the invoice that it was made from */
function applyToOwnInvoice(
  state: State,
  plan: PlanBuilder,
  memo: CreditMemo,
  context: DecideContext,
): number {
  const document = memo.referredInvoiceId === null ? null : state.find('invoice', memo.referredInvoiceId);
  if (document?.status !== 'Posted') return 0;
  const amountMinor = Math.min(document.balanceMinor, memo.amountMinor);
  if (amountMinor <= 0) return 0;
  const part = {
    path: 'invoices[0]',
    target: { kind: 'invoice', document },
    amountMinor,
    items: [],
  } as const;
  applyParts(state, plan, { ...payerOfMemo(memo), isNew: true }, [part], memo.memoDate, context);
  return amountMinor;
}

/** Back to a draft, as long as nothing of it is applied or refunded (semantics F.1 row 39). */
export const unpostCreditMemo: CommandHandler<CreditMemoReference, CreditMemoReply> = {
  needs: needsOfCreditMemo,
  decide(state, payload, context) {
    const found = findCreditMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    if (memo.status !== 'Posted') return notIn('Posted', 'credit memo', memo, 'unposted');
    const used = usedRefusal(memo, 'unposted');
    if (used !== null) return used;
    const plan = new PlanBuilder();
    if (countsCredits(memo)) countCredits(state, plan, allLines(state, 'creditMemoLines', memo), -1);
    const draft: CreditMemo = { ...memo, ...draftAgain(memo, context) };
    return plan
      .update('creditMemo', draft)
      .delta({
        accountId: memo.accountId,
        currency: memo.currency,
        unappliedCreditMemoMinor: -memo.amountMinor,
        documentKind: 'creditMemo',
        documentId: memo.id,
      })
      .build({ memo: draft, accountNumber: account.accountNumber });
  },
};

/** Why a posted memo that has settled something, gave money back or is reversed can't be taken back; null when it can. */
export function usedRefusal(memo: CreditMemo, what: string): Refusal | null {
  const name = `credit memo ${memo.memoNumber}`;
  if (memo.isReversed) return refuse('rule', `${name} is reversed`);
  const show = (minor: number) => `${fromMinor(minor, memo.currency)} ${memo.currency}`;
  if (memo.appliedMinor !== 0) {
    const message = `${show(memo.appliedMinor)} of ${name} is applied; take it off before the memo is ${what}`;
    return refuse('rule', message);
  }
  if (refundingMinorOf(memo) > 0) return refuse('rule', `${name} is being refunded; it can't be ${what}`);
  if (memo.refundedMinor === 0) return null;
  return refuse('rule', `${show(memo.refundedMinor)} of ${name} is refunded; it can't be ${what}`);
}
