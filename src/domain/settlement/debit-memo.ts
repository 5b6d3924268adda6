import type { DocumentLine } from '../billing/document-line.ts';
import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/**
 * A debit memo. All amounts are integer minor units of `currency`.
 * Law (I5): amountMinor = Σ items; balanceMinor = amountMinor − paymentsAppliedMinor − creditMemosAppliedMinor.
 */
export interface DebitMemo extends Stored, Audit {
  readonly memoNumber: string;
  readonly accountId: string;
  readonly status: 'Draft' | 'Posted' | 'Canceled';
  readonly memoDate: string;
  readonly dueDate: string;
  readonly targetDate: string | null;
  readonly currency: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly balanceMinor: number;
  readonly paymentsAppliedMinor: number;
  readonly creditMemosAppliedMinor: number;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly paymentTerm: string | null;
  readonly autoPay: boolean;
  readonly referredInvoiceId: string | null;
  readonly referredCreditMemoId: string | null;
  readonly sourceType: 'Standalone' | 'Invoice' | 'CreditMemo';
  readonly lineCount: number;
  readonly postedAt: string | null;
  readonly postedBy: string | null;
  readonly cancelledAt: string | null;
  readonly cancelledBy: string | null;
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface DebitMemoItem extends Stored, DocumentLine {
  readonly debitMemoId: string;
  /** Sum of what is applied to this very line. */
  readonly appliedMinor: number;
  readonly appliedToItemId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  readonly createdAt: string;
}

/** A debit memo with what its replies show of its account. */
export interface DebitMemoReply {
  readonly memo: DebitMemo;
  readonly accountNumber: string;
}
