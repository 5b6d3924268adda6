import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { applyParts, type Moved, movedBalances, unapplyParts } from './apply-parts.ts';
import type { CreditMemo, CreditMemoReply } from './credit-memo.ts';
import {
  type CreditMemoReference,
  findCreditMemo,
  needsOfCreditMemo,
  notIn,
  payerOfMemo,
} from './credit-memo-status.ts';
import { checkApplicable, needsOfParts, type RequestedPart, resolveParts } from './parts.ts';
import { freeMinorOf } from './refund-hold.ts';

/** Parts of a credit memo to apply to documents, or to take off them. */
export interface MoveCreditMemo extends CreditMemoReference {
  /** Today when null. */
  readonly effectiveDate: string | null;
  readonly parts: readonly RequestedPart[];
}

/** Applies a credit memo: what it has left settles what documents have open; the account's balance stays (semantics F.1 row 36). */
export const applyCreditMemo: CommandHandler<MoveCreditMemo, CreditMemoReply> = {
  needs: (payload) => [...needsOfCreditMemo(payload), ...needsOfParts(payload.parts)],
  decide(state, payload, context) {
    const found = findApplicable(state, payload, 'applied');
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    const payer = payerOfMemo(memo);
    const parts = resolveParts(state, payload.parts, payer);
    if (isRefusal(parts)) return parts;
    const appliedMinor = checkApplicable(parts, Math.max(0, freeMinorOf(memo)), payer);
    if (typeof appliedMinor !== 'number') return appliedMinor;
    const plan = new PlanBuilder();
    const date = payload.effectiveDate ?? context.today;
    return moveMemo(plan, memo, account, applyParts(state, plan, payer, parts, date, context), context);
  },
};

/** Takes a credit memo, or parts of it, off documents again: they are open again, it is unapplied (semantics F.1 row 37). */
export const unapplyCreditMemo: CommandHandler<MoveCreditMemo, CreditMemoReply> = {
  needs: applyCreditMemo.needs,
  decide(state, payload, context) {
    const found = findApplicable(state, payload, 'unapplied');
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    const payer = payerOfMemo(memo);
    const parts = resolveParts(state, payload.parts, payer);
    if (isRefusal(parts)) return parts;
    const plan = new PlanBuilder();
    const moved = unapplyParts(state, plan, payer, parts, context);
    return isRefusal(moved) ? moved : moveMemo(plan, memo, account, moved, context);
  },
};

/** What a reversal settled stays settled. */
function findApplicable(
  state: State,
  payload: MoveCreditMemo,
  what: string,
): { readonly memo: CreditMemo; readonly account: Account } | Refusal {
  const found = findCreditMemo(state, payload);
  if (isRefusal(found)) return found;
  if (found.memo.status !== 'Posted') return notIn('Posted', found.memo, what);
  return found.memo.isReversed ? refuse('rule', `credit memo ${found.memo.memoNumber} is reversed`) : found;
}

/** Completes the plan: the memo itself, and the delta that leaves the account's balance where it is. */
function moveMemo(
  plan: PlanBuilder,
  memo: CreditMemo,
  account: Account,
  applied: Moved,
  context: DecideContext,
): Plan<CreditMemoReply> {
  const appliedMinor = applied.invoicesMinor + applied.debitMemosMinor;
  const moved: CreditMemo = {
    ...memo,
    appliedMinor: memo.appliedMinor + appliedMinor,
    unappliedMinor: memo.unappliedMinor - appliedMinor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
  return plan
    .update('creditMemo', moved)
    .delta({
      accountId: memo.accountId,
      currency: memo.currency,
      ...movedBalances(applied),
      unappliedCreditMemoMinor: -appliedMinor,
      documentKind: 'creditMemo',
      documentId: memo.id,
    })
    .build({ memo: moved, accountNumber: account.accountNumber });
}
