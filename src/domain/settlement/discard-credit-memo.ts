import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { needsOfUnbilling, takeBillingBack } from '../billing/unbill.ts';
import { isRefusal } from '../result.ts';
import type { CreditMemo, CreditMemoReply } from './credit-memo.ts';
import { type CreditMemoReference, findCreditMemo, needsOfCreditMemo } from './credit-memo-status.ts';
import { canceledNow, notIn } from './memo-status.ts';

/** Cancels a draft. No metric moves: a draft was never counted (semantics F.1 row 16). What billing gave back by it is billed again. */
export const cancelCreditMemo: CommandHandler<CreditMemoReference, CreditMemoReply> = {
  needs: (payload) => [...needsOfCreditMemo(payload), ...needsOfUnbilling(payload.creditMemoId)],
  decide(state, payload, context) {
    const found = findCreditMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    if (memo.status !== 'Draft') return notIn('Draft', 'credit memo', memo, 'canceled');
    const canceled: CreditMemo = { ...memo, ...canceledNow(context) };
    const plan = new PlanBuilder();
    const refusal = takeBillingBack(state, plan, memo.id);
    if (refusal !== null) return refusal;
    return plan
      .update('creditMemo', canceled)
      .build({ memo: canceled, accountNumber: account.accountNumber });
  },
};

/** Deletes a canceled memo; the database removes its lines with it. */
export const deleteCreditMemo: CommandHandler<CreditMemoReference, { readonly id: string }> = {
  needs: needsOfCreditMemo,
  decide(state, payload) {
    const found = findCreditMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo } = found;
    if (memo.status !== 'Canceled') return notIn('Canceled', 'credit memo', memo, 'deleted');
    return new PlanBuilder().delete('creditMemo', memo).build({ id: memo.id });
  },
};
