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

/** A payment with what its replies show of its account. */
export interface PaymentReply {
  readonly payment: Payment;
  readonly accountNumber: string;
}

/** How much of one payment is applied to one invoice, now: one per pair, gone when nothing is applied any more. */
export interface PaymentApplication extends Stored {
  readonly paymentId: string;
  readonly invoiceId: string;
  readonly accountId: string;
  readonly amountMinor: number;
  /** Of the latest application, YYYY-MM-DD. */
  readonly effectiveDate: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly updatedBy: string;
}

/** Spreads ids that differ in a few bits: 2^128 divided by the golden ratio, odd. */
const SPREAD = 0x9e3779b97f4a7c15f39cc0605cedc835n;

/**
 * The id of the application of a payment to an invoice: an id like any other, and the same for the same pair, so that
 * there is one per pair.
 */
export function paymentApplicationId(paymentId: string, invoiceId: string): string {
  const mixed = BigInt.asUintN(128, BigInt(`0x${paymentId}`) * SPREAD) ^ BigInt(`0x${invoiceId}`);
  return mixed.toString(16).padStart(32, '0');
}
