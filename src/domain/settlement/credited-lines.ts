import { demand } from '../account/demand.ts';
import type { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { InvoiceItem } from '../billing/invoice.ts';
import { fromMinor } from '../money.ts';
import { type Refusal, refuse } from '../result.ts';
import type { CreditMemo, CreditMemoItem } from './credit-memo.ts';

/**
 * No over-credit: the posted memos that were made from a line of an invoice, and are not reversed, credit no more than its amount. What they
 * credit is counted with the line (`creditedMinor`): by posting them, and given back when they are unposted or reversed. A draft is checked
 * and not counted, so it may turn out at its posting that another was first.
 */

type Credit = Pick<CreditMemoItem, 'amountMinor' | 'creditFromItemId' | 'creditFromItemSource'>;

/** What these lines credit, by the line of an invoice that each is made from. */
function creditsByItem(lines: readonly Credit[]): Map<string, number> {
  const byItem = new Map<string, number>();
  for (const { amountMinor, creditFromItemId, creditFromItemSource } of lines) {
    if (creditFromItemId === null || creditFromItemSource !== 'InvoiceItem') continue;
    byItem.set(creditFromItemId, (byItem.get(creditFromItemId) ?? 0) + amountMinor);
  }
  return byItem;
}

/** Whether the lines of a memo fit what is left to credit of the lines that they are made from; names the first that does not. */
export function checkCredits(state: State, lines: readonly Credit[], currency: string): Refusal | null {
  const byItem = creditsByItem(lines);
  demand(
    state,
    [...byItem.keys()].map((key) => ({ kind: 'invoiceItem', key })),
  );
  for (const [itemId, minor] of byItem) {
    const item = state.find('invoiceItem', itemId);
    const leftMinor = item === null ? 0 : availableToCredit(item);
    if (minor <= leftMinor) continue;
    const show = (amount: number) => `${fromMinor(amount, currency)} ${currency}`;
    const index = lines.findIndex(({ creditFromItemId }) => creditFromItemId === itemId);
    const message = `${show(minor)} is more than the ${show(leftMinor)} that is left to credit of invoice item ${itemId}`;
    return refuse('invalid', message, `items[${index}].amount`);
  }
  return null;
}

/** What can still be credited of a line of a posted invoice, minor units. */
export function availableToCredit({ amountMinor, creditedMinor }: InvoiceItem): number {
  return Math.max(amountMinor - creditedMinor, 0);
}

/** Adds to the plan what the memo's lines credit (+1), or that they no longer do (−1). They were checked. */
export function countCredits(state: State, plan: PlanBuilder, lines: readonly Credit[], sign: 1 | -1): void {
  const byItem = creditsByItem(lines);
  demand(
    state,
    [...byItem.keys()].map((key) => ({ kind: 'invoiceItem', key })),
  );
  for (const [itemId, minor] of byItem) {
    const item = state.find('invoiceItem', itemId);
    // A line of an invoice that a posted memo is made from is not deleted: its invoice is posted and has memos.
    if (item !== null)
      plan.update('invoiceItem', { ...item, creditedMinor: item.creditedMinor + sign * minor });
  }
}

/** Whether lines of the memo are made from lines of an invoice, and so are counted. A write-off may be of a debit memo: then they are not. */
export function countsCredits(memo: CreditMemo): memo is CreditMemo & { readonly referredInvoiceId: string } {
  return (memo.sourceType === 'Invoice' || memo.sourceType === 'WriteOff') && memo.referredInvoiceId !== null;
}
