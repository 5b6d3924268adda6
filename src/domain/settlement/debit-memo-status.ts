import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { withContactSnapshots, withoutContactSnapshots } from '../billing/post-invoice.ts';
import type { MetricDelta } from '../metrics/delta.ts';
import { fromMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { DebitMemo, DebitMemoReply } from './debit-memo.ts';

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

export function touchedBy({ now, actor }: DecideContext) {
  return { updatedAt: now, updatedBy: actor };
}

function notIn(status: DebitMemo['status'], memo: DebitMemo, what: string): Refusal {
  return refuse(
    'rule',
    `debit memo ${memo.memoNumber} is ${memo.status}; only a ${status} one can be ${what}`,
  );
}

export const postDebitMemo: CommandHandler<DebitMemoReference, DebitMemoReply> = {
  needs: needsOfDebitMemo,
  decide(state, payload, context) {
    const found = findDebitMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    if (memo.status !== 'Draft') return notIn('Draft', memo, 'posted');
    const plan = new PlanBuilder();
    const posted: DebitMemo = {
      ...withContactSnapshots(state, plan, memo, account, context),
      status: 'Posted',
      postedAt: context.now,
      postedBy: context.actor,
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
    if (memo.status !== 'Posted') return notIn('Posted', memo, 'unposted');
    const appliedMinor = memo.paymentsAppliedMinor + memo.creditMemosAppliedMinor;
    if (appliedMinor !== 0) {
      const applied = `${fromMinor(appliedMinor, memo.currency)} ${memo.currency}`;
      const message = `${applied} is applied to debit memo ${memo.memoNumber}; take it off before it is unposted`;
      return refuse('rule', message);
    }
    const draft: DebitMemo = {
      ...memo,
      status: 'Draft',
      postedAt: null,
      postedBy: null,
      details: withoutContactSnapshots(memo),
      ...touchedBy(context),
    };
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
    if (memo.status !== 'Draft') return notIn('Draft', memo, 'canceled');
    const canceled: DebitMemo = {
      ...memo,
      status: 'Canceled',
      cancelledAt: context.now,
      cancelledBy: context.actor,
      ...touchedBy(context),
    };
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
    if (memo.status !== 'Canceled') return notIn('Canceled', memo, 'deleted');
    return new PlanBuilder().delete('debitMemo', memo).build({ id: memo.id });
  },
};
