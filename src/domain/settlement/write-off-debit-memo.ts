import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { allLines, linesKey } from '../billing/document-lines.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { DebitMemo, DebitMemoItem } from './debit-memo.ts';
import { type DebitMemoReference, findDebitMemo, needsOfDebitMemo } from './debit-memo-status.ts';
import { sharesOf } from './item-shares.ts';
import { type MirroredLine, type MirrorTerms, settleByCreditMemo } from './mirror-memo.ts';
import { MIRRORED_LINES_MAX } from './reverse-credit-memo.ts';

export interface WriteOffDebitMemo extends DebitMemoReference, MirrorTerms {}

/** Gives up what is still open of a posted debit memo: a credit memo over it is made and applied (semantics F.1 row 43). */
export const writeOffDebitMemo: CommandHandler<WriteOffDebitMemo, { readonly creditMemoId: string }> = {
  needs: (payload) => [
    ...needsOfDebitMemo(payload),
    { kind: 'debitMemoLines', key: linesKey(payload.debitMemoId, 1) },
  ],
  numbers: () => [['creditMemo', 1]],
  decide(state, payload, context) {
    const found = findDebitMemo(state, payload);
    if (isRefusal(found)) return found;
    const { memo, account } = found;
    const wrong = findWrong(memo);
    if (wrong !== null) return wrong;
    const plan = new PlanBuilder();
    const target = { kind: 'debitMemo', document: memo } as const;
    const lines = openLines(memo, allLines(state, 'debitMemoLines', memo));
    const about = { account, terms: payload, context };
    const settled = settleByCreditMemo(state, plan, target, lines, 'WriteOff', about);
    return plan.build({ creditMemoId: settled.memo.id });
  },
};

function findWrong(memo: DebitMemo): Refusal | null {
  const name = `debit memo ${memo.memoNumber}`;
  if (memo.status !== 'Posted') {
    return refuse('rule', `${name} is ${memo.status}; only a Posted one can be written off`);
  }
  if (memo.balanceMinor <= 0) return refuse('rule', `${name} has no balance to write off`);
  if (memo.lineCount <= MIRRORED_LINES_MAX) return null;
  const message = `${name} has ${memo.lineCount} lines; at most ${MIRRORED_LINES_MAX} can be written off`;
  return refuse('rule', message);
}

/** What is still open of each line, once what is applied to the memo as a whole is laid over them: together the memo's balance. */
function openLines(memo: DebitMemo, lines: readonly DebitMemoItem[]): MirroredLine[] {
  const explicit = new Map(lines.map(({ id, appliedMinor }) => [id, appliedMinor]));
  const explicitMinor = lines.reduce((sum, { appliedMinor }) => sum + appliedMinor, 0);
  const appliedMinor = memo.paymentsAppliedMinor + memo.creditMemosAppliedMinor;
  const shares = sharesOf(lines, explicit, appliedMinor - explicitMinor);
  return lines.flatMap((line, i) => {
    const amountMinor = line.amountMinor + line.taxMinor - shares[i]!;
    return amountMinor === 0 ? [] : [{ line, amountMinor }];
  });
}
