/**
 * What one operation moves in the metrics of one account in one currency (semantics F.1). Amounts are integer
 * minor units; contracted MRR is two integers that share a sign: whole units and billionths, so that sums of any
 * number of deltas are exact. `lastInvoiceDate` is combined by maximum, everything else by addition.
 */
export interface MetricDelta {
  readonly accountId: string;
  readonly currency: string;
  readonly totalInvoiceBalanceMinor?: number;
  readonly totalDebitMemoBalanceMinor?: number;
  readonly unappliedPaymentMinor?: number;
  readonly unappliedCreditMemoMinor?: number;
  readonly reservedPaymentMinor?: number;
  readonly contractedMrrWhole?: number;
  readonly contractedMrrNano?: number;
  readonly lastInvoiceDate?: string;
  /** A posted invoice is no longer posted: the last invoice date is no maximum any more and is found anew by the fold. */
  readonly withdrawsInvoiceDate?: true;
  /** The object that moved, for "where does this come from". */
  readonly documentKind: 'subscription' | 'invoice' | 'creditMemo' | 'debitMemo' | 'payment' | 'refund';
  readonly documentId: string;
}
