import type { Stored } from '../entities.ts';
import type { CreditMemo } from '../settlement/credit-memo.ts';
import type { DebitMemo } from '../settlement/debit-memo.ts';

/** Read only, key = invoice id: whether memos that were made from an invoice are live, which is neither cancelled nor reversed. Guarded. */
export interface InvoiceMemos extends Stored {
  readonly hasCreditMemos: boolean;
  readonly hasDebitMemos: boolean;
}

/** The same once this memo is stored too: commands of one group see what the commands before them decided. */
export function invoiceMemosWith(
  memos: InvoiceMemos,
  kind: 'creditMemo' | 'debitMemo',
  memo: CreditMemo | DebitMemo,
): InvoiceMemos {
  if (memo.referredInvoiceId !== memos.id || memo.status === 'Canceled') return memos;
  if (kind === 'debitMemo') return { ...memos, hasDebitMemos: true };
  return (memo as CreditMemo).isReversed ? memos : { ...memos, hasCreditMemos: true };
}
