import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/** How far a gateway is with a payment or refund. */
export type GatewayState =
  | 'NotSubmitted'
  | 'MarkedForSubmission'
  | 'Submitted'
  | 'Settled'
  | 'FailedToSettle';

/** Account of a payment that belongs to none: it was transferred away and not yet to another. */
export const UNASSIGNED_ACCOUNT = '';

/**
 * A payment. All amounts are integer minor units of `currency`.
 * Law (I5): amountMinor = appliedMinor + unappliedMinor + refundedMinor; only a Processed payment counts in metrics.
 */
export interface Payment extends Stored, Audit {
  readonly paymentNumber: string;
  /** UNASSIGNED_ACCOUNT while it belongs to none. */
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
  readonly gatewayState: GatewayState;
  readonly cancelledAt: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** A payment with what its replies show of its account. */
export interface PaymentReply {
  readonly payment: Payment;
  /** Null while it belongs to none. */
  readonly accountNumber: string | null;
}
