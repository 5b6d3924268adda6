import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/**
 * A payment. All amounts are integer minor units of `currency`.
 * Law (I5): amountMinor = appliedMinor + unappliedMinor + refundedMinor; only a Processed payment counts in metrics.
 */
export interface Payment extends Stored, Audit {
  readonly paymentNumber: string;
  readonly accountId: string;
  readonly type: 'External' | 'Electronic';
  readonly status: 'Draft' | 'Processing' | 'Processed' | 'Error' | 'Canceled' | 'Voided';
  readonly currency: string;
  readonly amountMinor: number;
  readonly appliedMinor: number;
  readonly unappliedMinor: number;
  readonly refundedMinor: number;
  readonly effectiveDate: string;
  readonly paymentMethodId: string | null;
  readonly paymentMethodType: string | null;
  readonly comment: string | null;
  readonly referenceId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** How much of one payment is applied to one invoice, now. Id = paymentId + ':' + invoiceId, so there is one per pair. */
export interface PaymentApplication extends Stored {
  readonly paymentId: string;
  readonly invoiceId: string;
  readonly accountId: string;
  readonly amountMinor: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly updatedBy: string;
}

export function paymentApplicationId(paymentId: string, invoiceId: string): string {
  return `${paymentId}:${invoiceId}`;
}
