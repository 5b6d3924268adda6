import type { DecideContext } from '../account/command.ts';
import { withoutContactSnapshots } from '../billing/post-invoice.ts';
import { type Refusal, refuse } from '../result.ts';
import type { CreditMemo } from './credit-memo.ts';
import type { DebitMemo } from './debit-memo.ts';

/** What a status means of a memo of either kind: Draft ⇄ Posted; Draft → Canceled → deleted (semantics F). */

export function notIn<Memo extends CreditMemo | DebitMemo>(
  status: Memo['status'],
  kind: 'credit memo' | 'debit memo',
  memo: Memo,
  what: string,
): Refusal {
  return refuse('rule', `${kind} ${memo.memoNumber} is ${memo.status}; only a ${status} one can be ${what}`);
}

export function touchedBy({ now, actor }: DecideContext) {
  return { updatedAt: now, updatedBy: actor };
}

export function postedNow({ now, actor }: DecideContext) {
  return { status: 'Posted', postedAt: now, postedBy: actor } as const;
}

export function draftAgain(memo: CreditMemo | DebitMemo, context: DecideContext) {
  return {
    status: 'Draft',
    postedAt: null,
    postedBy: null,
    details: withoutContactSnapshots(memo),
    ...touchedBy(context),
  } as const;
}

export function canceledNow(context: DecideContext) {
  const { now, actor } = context;
  return { status: 'Canceled', cancelledAt: now, cancelledBy: actor, ...touchedBy(context) } as const;
}
