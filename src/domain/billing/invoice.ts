import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/**
 * An invoice. All amounts are integer minor units of `currency`.
 * Law (I5): amountMinor = Σ items; balanceMinor = amountMinor − paymentsAppliedMinor − creditMemosAppliedMinor; only a posted
 * invoice counts in its account's metrics.
 */
export interface Invoice extends Stored, Audit {
  readonly invoiceNumber: string;
  readonly accountId: string;
  readonly status: 'Draft' | 'Posted' | 'Canceled';
  readonly invoiceDate: string;
  readonly dueDate: string;
  readonly targetDate: string | null;
  readonly currency: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly balanceMinor: number;
  readonly paymentsAppliedMinor: number;
  readonly creditMemosAppliedMinor: number;
  readonly paymentTerm: string | null;
  readonly autoPay: boolean;
  /** 'Standalone' | 'Subscription' | 'Order' */
  readonly sourceType: string;
  readonly postedAt: string | null;
  readonly postedBy: string | null;
  readonly comments: string | null;
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** One line of an invoice. `amountMinor` excludes tax; `taxMinor` is added by the invoice's total when tax is exclusive. */
export interface InvoiceItem extends Stored {
  readonly invoiceId: string;
  readonly line: number;
  readonly chargeName: string;
  readonly chargeDate: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly serviceStartDate: string;
  /** Inclusive; null when the line has no period. */
  readonly serviceEndDate: string | null;
  readonly productRatePlanChargeId: string | null;
  readonly subscriptionId: string | null;
  /** 'Charge' | 'Discount' | 'Tax' | 'Rounding' */
  readonly processingType: string;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  readonly createdAt: string;
}
