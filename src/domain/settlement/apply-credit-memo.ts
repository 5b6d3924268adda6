import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { Moved } from './apply-parts.ts';
import type { CreditMemo, CreditMemoReply } from './credit-memo.ts';
import {
  type CreditMemoReference,
  findCreditMemo,
  needsOfCreditMemo,
  payerOfMemo,
} from './credit-memo-status.ts';
import { notIn } from './memo-status.ts';
import {
  applyRequested,
  movedDelta,
  type RequestedMove,
  unapplyRequested,
  withMoved,
} from './move-source.ts';
import { needsOfParts } from './parts.ts';

/** Parts of a credit memo to apply to documents, or to take off them. */
export interface MoveCreditMemo extends CreditMemoReference, RequestedMove {}

/** Applies a credit memo: what it has left settles what documents have open; the account's balance stays (semantics F.1 row 36). */
export const applyCreditMemo: CommandHandler<MoveCreditMemo, CreditMemoReply> = {
  needs: (payload) => [...needsOfCreditMemo(payload), ...needsOfParts(payload.parts)],
  decide(state, payload, context) {
    const found = findApplicable(state, payload, 'applied');
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    const plan = new PlanBuilder();
    const moved = applyRequested(state, plan, payerOfMemo(memo), memo, payload, context);
    return isRefusal(moved) ? moved : moveMemo(plan, memo, account, moved, context);
  },
};

/** Takes a credit memo, or parts of it, off documents again: they are open again, it is unapplied (semantics F.1 row 37). */
export const unapplyCreditMemo: CommandHandler<MoveCreditMemo, CreditMemoReply> = {
  needs: applyCreditMemo.needs,
  decide(state, payload, context) {
    const found = findApplicable(state, payload, 'unapplied');
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    const plan = new PlanBuilder();
    const moved = unapplyRequested(state, plan, payerOfMemo(memo), payload.parts, context);
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
  if (found.memo.status !== 'Posted') return notIn('Posted', 'credit memo', found.memo, what);
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
  const moved = withMoved(memo, applied, context);
  return plan
    .update('creditMemo', moved)
    .delta(movedDelta('creditMemo', memo, applied))
    .build({ memo: moved, accountNumber: account.accountNumber });
}
