import { type Decimal, fromMinor, joinMrr, multiply, roundToMinorText } from '../money.ts';

/**
 * Metrics of one account in one currency as the database keeps them. Sums are text or bigint, never numbers: a sum may pass
 * 2^53, from where on a number is silently rounded.
 */
export interface MetricSums {
  readonly currency: string;
  readonly totalInvoiceBalanceMinor: bigint;
  readonly totalDebitMemoBalanceMinor: bigint;
  readonly unappliedPaymentMinor: bigint;
  readonly unappliedCreditMemoMinor: bigint;
  readonly reservedPaymentMinor: bigint;
  readonly contractedMrrWhole: bigint;
  readonly contractedMrrNano: bigint;
  readonly lastInvoiceDate: string | null;
  /** Of a tail: the date is not the latest of a sum but of the documents, as an invoice is no longer posted. */
  readonly replacesLastInvoiceDate?: true;
}

/** Metrics of one account in one currency, as decimal text (semantics B.1). */
export interface AccountMetrics {
  readonly currency: string;
  /** totalInvoiceBalance + totalDebitMemoBalance − unappliedPaymentAmount − unappliedCreditMemoAmount */
  readonly balance: Decimal;
  readonly totalInvoiceBalance: Decimal;
  readonly totalDebitMemoBalance: Decimal;
  readonly unappliedPaymentAmount: Decimal;
  readonly unappliedCreditMemoAmount: Decimal;
  readonly reservedPaymentAmount: Decimal;
  /** With nine places, as it is kept. */
  readonly contractedMrrExact: Decimal;
  /**
   * Half up to the currency's minor unit, as it is shown. The exact sum of 63.333333333 three times is 189.999999999; rounded for
   * display it is the 190.00 that the contracts say.
   */
  readonly contractedMrr: Decimal;
  readonly lastInvoiceDate: string | null;
}

/** How old an account's published metrics are. */
export interface MetricsFreshness {
  readonly partnerAccount: boolean;
  /** Time of the last fold; null for an account that is no partner, and before a partner's first fold (semantics A.5). */
  readonly lastMetricsUpdate: string | null;
  /** Sequence of the last delta that is published; 0 before the first. */
  readonly watermark: number;
}

const AMOUNTS = [
  'totalInvoiceBalanceMinor',
  'totalDebitMemoBalanceMinor',
  'unappliedPaymentMinor',
  'unappliedCreditMemoMinor',
  'reservedPaymentMinor',
  'contractedMrrWhole',
  'contractedMrrNano',
] as const satisfies ReadonlyArray<keyof MetricSums>;

export function emptySums(currency: string): MetricSums {
  return {
    currency,
    totalInvoiceBalanceMinor: 0n,
    totalDebitMemoBalanceMinor: 0n,
    unappliedPaymentMinor: 0n,
    unappliedCreditMemoMinor: 0n,
    reservedPaymentMinor: 0n,
    contractedMrrWhole: 0n,
    contractedMrrNano: 0n,
    lastInvoiceDate: null,
  };
}

export function addSums(a: MetricSums, b: MetricSums): MetricSums {
  const sums = Object.fromEntries(AMOUNTS.map((name) => [name, a[name] + b[name]])) as Pick<
    MetricSums,
    (typeof AMOUNTS)[number]
  >;
  const lastInvoiceDate = b.replacesLastInvoiceDate
    ? b.lastInvoiceDate
    : laterDate(a.lastInvoiceDate, b.lastInvoiceDate);
  return { currency: a.currency, ...sums, lastInvoiceDate };
}

/** Dates are text that compares as dates do. */
export function laterDate(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/** Balance in minor units (semantics B.1). */
export function balanceMinor(sums: MetricSums): bigint {
  return (
    sums.totalInvoiceBalanceMinor +
    sums.totalDebitMemoBalanceMinor -
    sums.unappliedPaymentMinor -
    sums.unappliedCreditMemoMinor
  );
}

export function toAccountMetrics(sums: MetricSums): AccountMetrics {
  const unit = fromMinor(1, sums.currency);
  const amount = (minor: bigint) => multiply(minor.toString(), unit);
  const contractedMrrExact = joinMrr(sums.contractedMrrWhole, sums.contractedMrrNano);
  return {
    currency: sums.currency,
    balance: amount(balanceMinor(sums)),
    totalInvoiceBalance: amount(sums.totalInvoiceBalanceMinor),
    totalDebitMemoBalance: amount(sums.totalDebitMemoBalanceMinor),
    unappliedPaymentAmount: amount(sums.unappliedPaymentMinor),
    unappliedCreditMemoAmount: amount(sums.unappliedCreditMemoMinor),
    reservedPaymentAmount: amount(sums.reservedPaymentMinor),
    contractedMrrExact,
    contractedMrr: roundToMinorText(contractedMrrExact, sums.currency),
    lastInvoiceDate: sums.lastInvoiceDate,
  };
}

/**
 * One row per currency, the account's own first (zeros when it was never used), the others by their code. Rows of different
 * currencies are never added to each other (semantics B.5).
 */
export function inCurrencyOrder(rows: readonly MetricSums[], ownCurrency: string): MetricSums[] {
  const own = rows.find((row) => row.currency === ownCurrency) ?? emptySums(ownCurrency);
  const others = rows.filter((row) => row.currency !== ownCurrency);
  return [own, ...others.sort((a, b) => (a.currency < b.currency ? -1 : 1))];
}

/** Exact metrics: what is published plus what waits, per currency. */
export function exactSums(published: readonly MetricSums[], tail: readonly MetricSums[]): MetricSums[] {
  const byCurrency = new Map(published.map((row) => [row.currency, row]));
  for (const row of tail) {
    const before = byCurrency.get(row.currency);
    byCurrency.set(row.currency, before === undefined ? row : addSums(before, row));
  }
  return [...byCurrency.values()];
}
