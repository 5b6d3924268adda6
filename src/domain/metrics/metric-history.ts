import { addSums, emptySums, exactSums, inCurrencyOrder, type MetricSums } from './account-metrics.ts';

/** What moved at a time, in one currency. */
interface Move {
  readonly at: string;
  readonly sums: MetricSums;
}

/** An account's numbers over time in one currency: each point holds until the next. */
export interface CurrencyHistory {
  readonly currency: string;
  /** Before the first point. */
  readonly opening: MetricSums;
  readonly points: readonly Move[];
  /** Exact, as of the reading. */
  readonly now: MetricSums;
}

interface Given {
  readonly ownCurrency: string;
  readonly published: readonly MetricSums[];
  readonly tail: readonly MetricSums[];
}

/** Numbers after each day's moves, from what had moved before. Moves are the oldest first. */
export function historyByDay(
  given: Given,
  before: readonly MetricSums[],
  days: readonly Move[],
): CurrencyHistory[] {
  return byCurrency(
    given,
    days,
    (now) => before.find(({ currency }) => currency === now.currency) ?? emptySums(now.currency),
  );
}

/** Numbers after each of the latest deltas: what they were before the first is the exact number less all that they moved. */
export function historyOfLatest(given: Given, latest: readonly Move[]): CurrencyHistory[] {
  return byCurrency(given, latest, (now, moves) =>
    moves.reduce((sums, move) => addSums(sums, negated(move.sums)), now),
  );
}

function byCurrency(
  { ownCurrency, published, tail }: Given,
  moves: readonly Move[],
  openingOf: (now: MetricSums, moves: readonly Move[]) => MetricSums,
): CurrencyHistory[] {
  return inCurrencyOrder(exactSums(published, tail), ownCurrency).map((now) => {
    const own = moves.filter(({ sums }) => sums.currency === now.currency);
    const opening = openingOf(now, own);
    let sums = opening;
    const points = own.map((move) => {
      sums = addSums(sums, move.sums);
      return { at: move.at, sums };
    });
    return { currency: now.currency, opening, points, now };
  });
}

function negated(sums: MetricSums): MetricSums {
  return {
    ...sums,
    totalInvoiceBalanceMinor: -sums.totalInvoiceBalanceMinor,
    totalDebitMemoBalanceMinor: -sums.totalDebitMemoBalanceMinor,
    unappliedPaymentMinor: -sums.unappliedPaymentMinor,
    unappliedCreditMemoMinor: -sums.unappliedCreditMemoMinor,
    reservedPaymentMinor: -sums.reservedPaymentMinor,
    contractedMrrWhole: -sums.contractedMrrWhole,
    contractedMrrNano: -sums.contractedMrrNano,
  };
}
