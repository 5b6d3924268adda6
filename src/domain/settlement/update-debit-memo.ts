import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { dueDate } from '../billing/payment-terms.ts';
import { MAX_AMOUNT_MINOR } from '../money.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { changedLines } from './changed-lines.ts';
import type { DebitMemo, DebitMemoItem, DebitMemoReply } from './debit-memo.ts';
import { type DebitMemoReference, findDebitMemo, needsOfDebitMemo } from './debit-memo-status.ts';
import { fieldOfDraftLine, type MemoLineChange, tooMuch } from './memo-lines.ts';
import { touchedBy } from './memo-status.ts';

/** A change of a debit memo. Null leaves as it is. */
export interface UpdateDebitMemo extends DebitMemoReference {
  readonly memoDate: string | null;
  readonly dueDate: string | null;
  readonly autoPay: boolean | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly lines: readonly MemoLineChange[];
  /** Of these an entry that is given replaces the entry before. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** Changes a draft, or of a posted memo what moves no money (semantics F.1 row 21): its due date, its words, its custom fields. */
export const updateDebitMemo: CommandHandler<UpdateDebitMemo, DebitMemoReply> = {
  needs: (payload) => [
    ...needsOfDebitMemo(payload),
    ...payload.lines.map(({ itemId }) => ({ kind: 'debitMemoItem' as const, key: itemId })),
  ],
  decide(state, payload, context) {
    const found = findDebitMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    const wrong = findWrong(memo, payload);
    if (wrong !== null) return wrong;
    const lines = changedLines(payload.lines, (id) => lineOf(state, memo, id), {
      name: `debit memo ${memo.memoNumber}`,
      currency: memo.currency,
    });
    if ('refused' in lines) return lines;
    const plan = new PlanBuilder();
    let amountMinor = memo.amountMinor;
    for (const { before, after } of lines) {
      plan.update('debitMemoItem', after);
      amountMinor += after.amountMinor - before.amountMinor;
    }
    if (amountMinor > MAX_AMOUNT_MINOR) return tooMuch();
    const changed = changedMemo(memo, payload, account, amountMinor, context);
    return plan.update('debitMemo', changed).build({ memo: changed, accountNumber: account.accountNumber });
  },
};

function findWrong(memo: DebitMemo, payload: UpdateDebitMemo): Refusal | null {
  if (memo.status === 'Canceled') {
    return refuse('rule', `debit memo ${memo.memoNumber} is Canceled and can no longer be changed`);
  }
  if (memo.status === 'Draft') return null;
  const ofDraft = (field: string) =>
    refuse('rule', `debit memo ${memo.memoNumber} is Posted; only a draft takes another ${field}`, field);
  if (payload.memoDate !== null && payload.memoDate !== memo.memoDate) return ofDraft('effectiveDate');
  for (const [i, change] of payload.lines.entries()) {
    const field = fieldOfDraftLine(change);
    if (field !== null) return ofDraft(`items[${i}].${field}`);
  }
  return null;
}

function lineOf(state: State, memo: DebitMemo, itemId: string): DebitMemoItem | null {
  const item = state.find('debitMemoItem', itemId);
  return item?.debitMemoId === memo.id ? item : null;
}

/** A due date that followed from the payment term follows the new date of the memo; one that was given stays. */
function changedMemo(
  memo: DebitMemo,
  payload: UpdateDebitMemo,
  account: Account,
  amountMinor: number,
  context: DecideContext,
): DebitMemo {
  const memoDate = payload.memoDate ?? memo.memoDate;
  const term = memo.paymentTerm ?? account.paymentTerm;
  const followed = memo.dueDate === dueDate(term, memo.memoDate) ? dueDate(term, memoDate) : memo.dueDate;
  return {
    ...memo,
    memoDate,
    dueDate: payload.dueDate ?? followed,
    amountMinor,
    balanceMinor: memo.balanceMinor + amountMinor - memo.amountMinor,
    autoPay: payload.autoPay ?? memo.autoPay,
    reasonCode: payload.reasonCode ?? memo.reasonCode,
    comment: payload.comment ?? memo.comment,
    details: { ...memo.details, ...payload.details },
    customFields: { ...memo.customFields, ...payload.customFields },
    ...touchedBy(context),
  };
}

/** Due dates of several debit memos, of any accounts: all of them, or none. */
export interface SetDebitMemoDueDates {
  readonly memos: ReadonlyArray<{ readonly debitMemoId: string; readonly dueDate: string }>;
}

export const setDebitMemoDueDates: CommandHandler<SetDebitMemoDueDates, object> = {
  needs: ({ memos }) => memos.map(({ debitMemoId }) => ({ kind: 'debitMemo', key: debitMemoId })),
  decide(state, { memos }, context) {
    const plan = new PlanBuilder();
    const seen = new Set<string>();
    for (const [i, { debitMemoId, dueDate: date }] of memos.entries()) {
      const field = `debitMemos[${i}].id`;
      const memo = state.find('debitMemo', debitMemoId);
      if (memo === null) return refuse('invalid', `there is no debit memo ${debitMemoId}`, field);
      const name = `debit memo ${memo.memoNumber}`;
      if (memo.status === 'Canceled')
        return refuse('rule', `${name} is Canceled and can no longer be changed`, field);
      if (seen.has(memo.id)) return refuse('invalid', `${name} is named more than once`, field);
      seen.add(memo.id);
      plan.update('debitMemo', { ...memo, dueDate: date, ...touchedBy(context) });
    }
    return plan.build({});
  },
};
