import { formatNumber, MissingState, type NumberKind } from '../domain/account/state.ts';

interface Range {
  next: number;
  end: number;
}

/** Ranges of numbers that this lane leased: handed out once, lost with the object (gaps are allowed, duplicates are not). */
export class NumberRanges {
  readonly #ranges = new Map<NumberKind, Range[]>();
  readonly #leaseSizes = new Map<NumberKind, number>();
  readonly #leaseMin: number;
  readonly #leaseMax: number;

  constructor(leaseMin: number, leaseMax: number) {
    this.#leaseMin = leaseMin;
    this.#leaseMax = leaseMax;
  }

  /** @throws MissingState when the lease is used up. */
  take(kind: NumberKind): string {
    const ranges = this.#ranges.get(kind);
    const range = ranges?.[0];
    if (ranges === undefined || range === undefined) throw new MissingState([], [kind]);
    const value = range.next++;
    if (range.next >= range.end) ranges.shift();
    return formatNumber(kind, value);
  }

  available(kind: NumberKind): number {
    return (this.#ranges.get(kind) ?? []).reduce((sum, range) => sum + range.end - range.next, 0);
  }

  /** How many to lease for a shortage: doubles with use, so that a busy lane asks seldom. */
  leaseSize(kind: NumberKind, shortage: number): number {
    const size = Math.min(this.#leaseSizes.get(kind) ?? this.#leaseMin, this.#leaseMax);
    this.#leaseSizes.set(kind, size * 2);
    return Math.max(size, shortage);
  }

  add(kind: NumberKind, first: number, count: number): void {
    const ranges = this.#ranges.get(kind);
    if (ranges === undefined) this.#ranges.set(kind, [{ next: first, end: first + count }]);
    else ranges.push({ next: first, end: first + count });
  }
}
