import type { DocumentLine, LineSource } from '../billing/document-line.ts';
import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/**
 * A credit memo. All amounts are integer minor units of `currency`.
 * Law (I5): amountMinor = Σ items = appliedMinor + unappliedMinor + refundedMinor; only a posted one counts in its account's metrics.
 */
export interface CreditMemo extends Stored, Audit {
  readonly memoNumber: string;
  readonly accountId: string;
  readonly status: 'Generating' | 'Draft' | 'Posted' | 'Canceled';
  readonly memoDate: string;
  readonly targetDate: string | null;
  readonly currency: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly appliedMinor: number;
  readonly unappliedMinor: number;
  readonly refundedMinor: number;
  readonly reasonCode: string | null;
  readonly comment: string | null;
  readonly referredInvoiceId: string | null;
  /** What made it: a charge of the catalog, an invoice, billing, a write-off, a reversal. */
  readonly sourceType: 'Standalone' | 'Invoice' | 'Subscription' | 'Order' | 'WriteOff' | 'Reversal';
  readonly sourceId: string | null;
  readonly billRunId: string | null;
  readonly isReversed: boolean;
  readonly autoApplyUponPosting: boolean;
  readonly excludeFromAutoApplyRules: boolean;
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

/** A line of a credit memo: a positive amount is credited. Only billing makes negative ones, where charges are netted with credits. */
export interface CreditMemoItem extends Stored, DocumentLine, LineSource {
  readonly creditMemoId: string;
  /** Sum of what is applied from this very line. */
  readonly appliedMinor: number;
  /** Sum of what is refunded of this very line; like what is applied it leaves that much less of the line to take from. */
  readonly refundedMinor: number;
  readonly creditFromItemId: string | null;
  readonly creditFromItemSource: 'InvoiceItem' | 'DebitMemoItem' | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  readonly createdAt: string;
}

/** A credit memo with what its replies show of its account. */
export interface CreditMemoReply {
  readonly memo: CreditMemo;
  readonly accountNumber: string;
}
