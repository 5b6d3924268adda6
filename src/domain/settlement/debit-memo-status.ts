import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { withContactSnapshots } from '../billing/post-invoice.ts';
import type { MetricDelta } from '../metrics/delta.ts';
import { fromMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { DebitMemo, DebitMemoReply } from './debit-memo.ts';
import { canceledNow, draftAgain, notIn, postedNow, touchedBy } from './memo-status.ts';

/** Draft ⇄ Posted; Draft → Canceled → deleted (semantics F). */

export interface DebitMemoReference {
  /** Id or number. */
  readonly debitMemoId: string;
  /** Its account, as whoever found the memo knows: loaded with it. Nothing rests on it. */
  readonly accountId: string;
}

export function needsOfDebitMemo({ debitMemoId, accountId }: DebitMemoReference): Need[] {
  return [
    { kind: 'debitMemo', key: debitMemoId },
    { kind: 'account', key: accountId },
  ];
}

/** The memo and its account, or why there is none. */
export function findDebitMemo(
  state: State,
  { debitMemoId }: Pick<DebitMemoReference, 'debitMemoId'>,
): { readonly memo: DebitMemo; readonly account: Account } | Refusal {
  const memo = state.find('debitMemo', debitMemoId);
  if (memo === null) return refuse('not_found', `There is no debit memo ${debitMemoId}.`);
  const account = state.find('account', memo.accountId);
  return account === null ? refuse('not_found', `There is no account ${memo.accountId}.`) : { memo, account };
}

/** What posting moves (+1), and taking that back (−1): the whole amount, since nothing is applied (semantics F.1 rows 41, 42). */
export function postedDebitMemoDelta(memo: DebitMemo, sign: 1 | -1): MetricDelta {
  return {
    accountId: memo.accountId,
    currency: memo.currency,
    totalDebitMemoBalanceMinor: sign * memo.amountMinor,
    documentKind: 'debitMemo',
    documentId: memo.id,
  };
}

export const postDebitMemo: CommandHandler<DebitMemoReference, DebitMemoReply> = {
  needs: needsOfDebitMemo,
  decide(state, payload, context) {
    const found = findDebitMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    if (memo.status !== 'Draft') return notIn('Draft', 'debit memo', memo, 'posted');
    const plan = new PlanBuilder();
    const posted: DebitMemo = {
      ...withContactSnapshots(state, plan, memo, account, context),
      ...postedNow(context),
      ...touchedBy(context),
    };
    return plan
      .update('debitMemo', posted)
      .delta(postedDebitMemoDelta(posted, 1))
      .build({ memo: posted, accountNumber: account.accountNumber });
  },
};

/** Back to a draft, as long as nothing is applied to it. */
export const unpostDebitMemo: CommandHandler<DebitMemoReference, DebitMemoReply> = {
  needs: needsOfDebitMemo,
  decide(state, payload, context) {
    const found = findDebitMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    if (memo.status !== 'Posted') return notIn('Posted', 'debit memo', memo, 'unposted');
    const appliedMinor = memo.paymentsAppliedMinor + memo.creditMemosAppliedMinor;
    if (appliedMinor !== 0) {
      const applied = `${fromMinor(appliedMinor, memo.currency)} ${memo.currency}`;
      const message = `${applied} is applied to debit memo ${memo.memoNumber}; take it off before it is unposted`;
      return refuse('rule', message);
    }
    const draft: DebitMemo = { ...memo, ...draftAgain(memo, context) };
    return new PlanBuilder()
      .update('debitMemo', draft)
      .delta(postedDebitMemoDelta(memo, -1))
      .build({ memo: draft, accountNumber: account.accountNumber });
  },
};

/** No metric moves: a draft was never counted (semantics F.1 row 16). */
export const cancelDebitMemo: CommandHandler<DebitMemoReference, DebitMemoReply> = {
  needs: needsOfDebitMemo,
  decide(state, payload, context) {
    const found = findDebitMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    if (memo.status !== 'Draft') return notIn('Draft', 'debit memo', memo, 'canceled');
    const canceled: DebitMemo = { ...memo, ...canceledNow(context) };
    return new PlanBuilder()
      .update('debitMemo', canceled)
      .build({ memo: canceled, accountNumber: account.accountNumber });
  },
};

/** Deletes a canceled memo; the database removes its lines with it. */
export const deleteDebitMemo: CommandHandler<DebitMemoReference, { readonly id: string }> = {
  needs: needsOfDebitMemo,
  decide(state, payload) {
    const found = findDebitMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo } = found;
    if (memo.status !== 'Canceled') return notIn('Canceled', 'debit memo', memo, 'deleted');
    return new PlanBuilder().delete('debitMemo', memo).build({ id: memo.id });
  },
};
