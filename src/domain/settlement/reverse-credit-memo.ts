import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { allLines, linesKey } from '../billing/document-lines.ts';
import { needsOfUnbilling, takeBillingBack } from '../billing/unbill.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { CreditMemo, CreditMemoItem } from './credit-memo.ts';
import {
  type CreditMemoReference,
  findCreditMemo,
  needsOfCreditMemo,
  usedRefusal,
} from './credit-memo-status.ts';
import { countCredits, countsCredits } from './credited-lines.ts';
import { notIn } from './memo-status.ts';
import { type MirrorTerms, REASON_REVERSAL, REASON_WRITE_OFF, settleByDebitMemo } from './mirror-memo.ts';

/** Lines of a document that a reversal or write-off mirrors in one commit. */
export const MIRRORED_LINES_MAX = 2_000;

export interface SettleCreditMemo extends CreditMemoReference, MirrorTerms {}

export interface SettledCreditMemo {
  readonly debitMemoId: string;
}

function needsOfSettling(payload: SettleCreditMemo): Need[] {
  return [...needsOfCreditMemo(payload), { kind: 'creditMemoLines', key: linesKey(payload.creditMemoId, 1) }];
}

/**
 * Takes a posted memo back for good: a debit memo that mirrors it is made and settled by it. The memo stays posted, and what it credited is credited
 * no longer: its invoice's lines can be credited again, and what billing gave back by it is billed again.
 */
export const reverseCreditMemo: CommandHandler<SettleCreditMemo, SettledCreditMemo> = {
  needs: (payload) => [...needsOfSettling(payload), ...needsOfUnbilling(payload.creditMemoId)],
  numbers: () => [['debitMemo', 1]],
  decide(state, payload, context) {
    const found = findSettleable(state, payload, 'reversed');
    if (isRefusal(found)) return found;
    const { memo, account, lines } = found;
    const plan = new PlanBuilder();
    const refusal = takeBillingBack(state, plan, memo.id);
    if (refusal !== null) return refusal;
    if (countsCredits(memo)) countCredits(state, plan, lines, -1);
    const terms = { ...payload, reasonCode: payload.reasonCode ?? REASON_REVERSAL };
    const mirrored = lines.map((line) => ({ line, amountMinor: line.amountMinor }));
    const reversed = { ...memo, isReversed: true };
    const debit = settleByDebitMemo(state, plan, reversed, mirrored, { account, terms, context });
    return plan.build({ debitMemoId: debit.id });
  },
};

/** Gives up what a posted memo has left, which has to be all of it: a debit memo over it is made and settled by it. */
export const writeOffCreditMemo: CommandHandler<SettleCreditMemo, SettledCreditMemo> = {
  needs: needsOfSettling,
  numbers: () => [['debitMemo', 1]],
  decide(state, payload, context) {
    const found = findSettleable(state, payload, 'written off');
    if (isRefusal(found)) return found;
    const { memo, account, lines } = found;
    const plan = new PlanBuilder();
    const terms = { ...payload, reasonCode: payload.reasonCode ?? REASON_WRITE_OFF };
    const mirrored = lines.map((line) => ({ line, amountMinor: line.amountMinor }));
    const debit = settleByDebitMemo(state, plan, memo, mirrored, { account, terms, context });
    return plan.build({ debitMemoId: debit.id });
  },
};

/** A posted memo of which nothing is applied or refunded, with all its lines. */
function findSettleable(
  state: State,
  payload: SettleCreditMemo,
  what: string,
):
  | { readonly memo: CreditMemo; readonly account: Account; readonly lines: readonly CreditMemoItem[] }
  | Refusal {
  const found = findCreditMemo(state, payload);
  if (isRefusal(found)) return found;
  const { memo, account } = found;
  if (memo.status !== 'Posted') return notIn('Posted', 'credit memo', memo, what);
  const used = usedRefusal(memo, what);
  if (used !== null) return used;
  if (memo.lineCount > MIRRORED_LINES_MAX) {
    const message = `credit memo ${memo.memoNumber} has ${memo.lineCount} lines; at most ${MIRRORED_LINES_MAX} can be ${what} at once`;
    return refuse('rule', message);
  }
  return { memo, account, lines: allLines(state, 'creditMemoLines', memo) };
}
