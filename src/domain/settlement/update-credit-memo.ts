import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { MAX_AMOUNT_MINOR } from '../money.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { changedLines } from './changed-lines.ts';
import type { CreditMemo, CreditMemoItem, CreditMemoReply } from './credit-memo.ts';
import { type CreditMemoReference, findCreditMemo, needsOfCreditMemo } from './credit-memo-status.ts';
import { checkCredits } from './credited-lines.ts';
import { fieldOfDraftLine, type MemoLineChange, tooMuch } from './memo-lines.ts';

/** A change of a credit memo. Null leaves as it is. */
export interface UpdateCreditMemo extends CreditMemoReference {
  readonly memoDate: string | null;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly autoApplyUponPosting: boolean | null;
  readonly excludeFromAutoApplyRules: boolean | null;
  readonly lines: readonly MemoLineChange[];
  /** Of these an entry that is given replaces the entry before. */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** Changes a draft, or of a posted memo what moves no money: its words, its custom fields. */
export const updateCreditMemo: CommandHandler<UpdateCreditMemo, CreditMemoReply> = {
  needs: (payload) => [
    ...needsOfCreditMemo(payload),
    ...payload.lines.map(({ itemId }) => ({ kind: 'creditMemoItem' as const, key: itemId })),
  ],
  decide(state, payload, context) {
    const found = findCreditMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    const wrong = findWrong(memo, payload);
    if (wrong !== null) return wrong;
    const lines = changedLines(payload.lines, (id) => lineOf(state, memo, id), {
      name: `credit memo ${memo.memoNumber}`,
      currency: memo.currency,
    });
    if ('refused' in lines) return lines;
    const plan = new PlanBuilder();
    let amountMinor = memo.amountMinor;
    for (const [i, { before, after }] of lines.entries()) {
      const isBilled = before.chargeNumber !== null && before.amountMinor !== after.amountMinor;
      if (isBilled) return refuse('rule', 'what billing credited stays as it is', `items[${i}].amount`);
      plan.update('creditMemoItem', after);
      amountMinor += after.amountMinor - before.amountMinor;
    }
    if (amountMinor > MAX_AMOUNT_MINOR) return tooMuch();
    const raised = lines.map(({ before, after }) =>
      after.amountMinor > before.amountMinor ? after : { ...after, creditFromItemId: null },
    );
    const tooHigh = checkCredits(state, raised, memo.currency);
    if (tooHigh !== null) return tooHigh;
    const changed = changedMemo(memo, payload, amountMinor, context);
    return plan.update('creditMemo', changed).build({ memo: changed, accountNumber: account.accountNumber });
  },
};

function lineOf(state: State, memo: CreditMemo, itemId: string): CreditMemoItem | null {
  const item = state.find('creditMemoItem', itemId);
  return item?.creditMemoId === memo.id ? item : null;
}

function findWrong(memo: CreditMemo, payload: UpdateCreditMemo): Refusal | null {
  const name = `credit memo ${memo.memoNumber}`;
  if (memo.status === 'Canceled' || memo.status === 'Generating') {
    return refuse('rule', `${name} is ${memo.status} and can't be changed`);
  }
  const { autoApplyUponPosting } = payload;
  if (autoApplyUponPosting === true && memo.referredInvoiceId === null) {
    return refuse('rule', `${name} was not made from an invoice to apply it to`, 'autoApplyUponPosting');
  }
  if (memo.status === 'Draft') return null;
  const ofDraft = (field: string) =>
    refuse('rule', `${name} is Posted; only a draft takes another ${field}`, field);
  if (payload.memoDate !== null && payload.memoDate !== memo.memoDate) return ofDraft('effectiveDate');
  if (autoApplyUponPosting !== null && autoApplyUponPosting !== memo.autoApplyUponPosting) {
    return ofDraft('autoApplyUponPosting');
  }
  for (const [i, change] of payload.lines.entries()) {
    const field = fieldOfDraftLine(change);
    if (field !== null) return ofDraft(`items[${i}].${field}`);
  }
  return null;
}

function changedMemo(
  memo: CreditMemo,
  payload: UpdateCreditMemo,
  amountMinor: number,
  context: DecideContext,
): CreditMemo {
  return {
    ...memo,
    memoDate: payload.memoDate ?? memo.memoDate,
    amountMinor,
    unappliedMinor: memo.unappliedMinor + amountMinor - memo.amountMinor,
    reasonCode: payload.reasonCode ?? memo.reasonCode,
    comment: payload.comment ?? memo.comment,
    autoApplyUponPosting: payload.autoApplyUponPosting ?? memo.autoApplyUponPosting,
    excludeFromAutoApplyRules: payload.excludeFromAutoApplyRules ?? memo.excludeFromAutoApplyRules,
    details: { ...memo.details, ...payload.details },
    customFields: { ...memo.customFields, ...payload.customFields },
    updatedAt: context.now,
    updatedBy: context.actor,
  };
}
