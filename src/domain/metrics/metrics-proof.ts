import { type Decimal, fromMinor, joinMrr, multiply } from '../money.ts';
import { balanceMinor, emptySums, laterDate, type MetricSums } from './account-metrics.ts';

/** What the documents of an account say about one currency. */
export interface DocumentTotals {
  readonly currency: string;
  readonly invoiceBalanceMinor: bigint;
  readonly debitMemoBalanceMinor: bigint;
  readonly unappliedPaymentMinor: bigint;
  readonly unappliedCreditMemoMinor: bigint;
  /** For the second formula of the balance: invoiced + debited − credited − paid + refunded. */
  readonly invoicedMinor: bigint;
  readonly debitedMinor: bigint;
  readonly creditedMinor: bigint;
  readonly paidMinor: bigint;
  readonly refundedMinor: bigint;
  readonly contractedMrrWhole: bigint;
  readonly contractedMrrNano: bigint;
  readonly lastInvoiceDate: string | null;
}

export interface ProofDifference {
  readonly currency: string;
  readonly metric: string;
  /** Published numbers and the deltas behind them. */
  readonly fromDeltas: Decimal | null;
  readonly fromDocuments: Decimal | null;
}

/**
 * Compares exact metrics (published + tail) with totals of the documents, per currency and metric. The balance is checked by
 * the formula that knows no applications (semantics B.1), so that it is no repetition of its parts. Reserved payments have no
 * documents: their sum must be zero.
 */
export function proveMetrics(
  exact: readonly MetricSums[],
  documents: readonly DocumentTotals[],
): ProofDifference[] {
  const currencies = [...new Set([...exact, ...documents].map((row) => row.currency))].sort();
  return currencies.flatMap((currency) => {
    const sums = exact.find((row) => row.currency === currency) ?? emptySums(currency);
    const totals = documents.find((row) => row.currency === currency) ?? emptyTotals(currency);
    return compareCurrency(sums, totals);
  });
}

function compareCurrency(sums: MetricSums, totals: DocumentTotals): ProofDifference[] {
  const { currency } = sums;
  const unit = fromMinor(1, currency);
  const amount = (minor: bigint) => multiply(minor.toString(), unit);
  const balance =
    totals.invoicedMinor +
    totals.debitedMinor -
    totals.creditedMinor -
    totals.paidMinor +
    totals.refundedMinor;
  const pairs: ReadonlyArray<readonly [string, Decimal | null, Decimal | null]> = [
    ['balance', amount(balanceMinor(sums)), amount(balance)],
    ['totalInvoiceBalance', amount(sums.totalInvoiceBalanceMinor), amount(totals.invoiceBalanceMinor)],
    ['totalDebitMemoBalance', amount(sums.totalDebitMemoBalanceMinor), amount(totals.debitMemoBalanceMinor)],
    ['unappliedPaymentAmount', amount(sums.unappliedPaymentMinor), amount(totals.unappliedPaymentMinor)],
    [
      'unappliedCreditMemoAmount',
      amount(sums.unappliedCreditMemoMinor),
      amount(totals.unappliedCreditMemoMinor),
    ],
    ['reservedPaymentAmount', amount(sums.reservedPaymentMinor), '0'],
    [
      'contractedMrr',
      joinMrr(sums.contractedMrrWhole, sums.contractedMrrNano),
      joinMrr(totals.contractedMrrWhole, totals.contractedMrrNano),
    ],
    ['lastInvoiceDate', sums.lastInvoiceDate, totals.lastInvoiceDate],
  ];
  return pairs
    .filter(([, fromDeltas, fromDocuments]) => fromDeltas !== fromDocuments)
    .map(([metric, fromDeltas, fromDocuments]) => ({ currency, metric, fromDeltas, fromDocuments }));
}

export function emptyTotals(currency: string): DocumentTotals {
  return {
    currency,
    invoiceBalanceMinor: 0n,
    debitMemoBalanceMinor: 0n,
    unappliedCreditMemoMinor: 0n,
    debitedMinor: 0n,
    creditedMinor: 0n,
    unappliedPaymentMinor: 0n,
    invoicedMinor: 0n,
    paidMinor: 0n,
    refundedMinor: 0n,
    contractedMrrWhole: 0n,
    contractedMrrNano: 0n,
    lastInvoiceDate: null,
  };
}

/** Adds totals of one kind of document to those of the others. */
export function addTotals(a: DocumentTotals, b: DocumentTotals): DocumentTotals {
  return {
    currency: a.currency,
    invoiceBalanceMinor: a.invoiceBalanceMinor + b.invoiceBalanceMinor,
    debitMemoBalanceMinor: a.debitMemoBalanceMinor + b.debitMemoBalanceMinor,
    unappliedCreditMemoMinor: a.unappliedCreditMemoMinor + b.unappliedCreditMemoMinor,
    debitedMinor: a.debitedMinor + b.debitedMinor,
    creditedMinor: a.creditedMinor + b.creditedMinor,
    unappliedPaymentMinor: a.unappliedPaymentMinor + b.unappliedPaymentMinor,
    invoicedMinor: a.invoicedMinor + b.invoicedMinor,
    paidMinor: a.paidMinor + b.paidMinor,
    refundedMinor: a.refundedMinor + b.refundedMinor,
    contractedMrrWhole: a.contractedMrrWhole + b.contractedMrrWhole,
    contractedMrrNano: a.contractedMrrNano + b.contractedMrrNano,
    lastInvoiceDate: laterDate(a.lastInvoiceDate, b.lastInvoiceDate),
  };
}
