import { addDays } from '../calendar.ts';
import type { BilledLine } from './billable.ts';
import { type Days, without } from './day-spans.ts';

/** What is still billed of a line: the line, less all that was given back of it. */
export interface Outstanding {
  readonly line: BilledLine;
  readonly days: readonly Days[];
  readonly amountMinor: number;
}

/** A line that billed a charge, with the discounts on it. */
export interface OutstandingCharge extends Outstanding {
  readonly discounts: readonly Outstanding[];
}

export interface OutstandingLines {
  /** By charge number, in the order of their service. */
  readonly ofCharge: ReadonlyMap<string, readonly OutstandingCharge[]>;
  /** Lines that gave back, or took off, what is no longer billed itself: its document was cancelled or reversed and theirs was not. */
  readonly orphans: readonly Outstanding[];
}

/** First and last day of a line's service, as days. */
export function serviceOf(line: BilledLine): Days {
  return { start: line.serviceStartDate, end: addDays(line.serviceEndDate, 1) };
}

/** Puts the lines of live documents together: which charges are billed, and what was given back of them since. */
export function outstandingLines(billed: readonly BilledLine[]): OutstandingLines {
  const ids = new Set(billed.map(({ itemId }) => itemId));
  const applied = new Map<string, BilledLine[]>();
  for (const line of billed) {
    if (line.appliedToItemId === null) continue;
    applied.set(line.appliedToItemId, [...(applied.get(line.appliedToItemId) ?? []), line]);
  }
  const outstanding = (line: BilledLine): Outstanding => {
    const back = (applied.get(line.itemId) ?? []).filter(isGivenBack);
    return {
      line,
      days: without([serviceOf(line)], back.map(serviceOf)),
      amountMinor: back.reduce((sum, { amountMinor }) => sum + amountMinor, line.amountMinor),
    };
  };
  const ofCharge = new Map<string, OutstandingCharge[]>();
  for (const line of [...billed].sort(byService)) {
    if (line.appliedToItemId !== null || line.processingType !== 'Charge') continue;
    const discounts = (applied.get(line.itemId) ?? [])
      .filter((other) => !isGivenBack(other))
      .map(outstanding);
    const found = ofCharge.get(line.chargeNumber) ?? [];
    found.push({ ...outstanding(line), discounts: inOrderOfTerms(line, discounts) });
    ofCharge.set(line.chargeNumber, found);
  }
  const orphans = billed
    .filter(({ appliedToItemId }) => appliedToItemId !== null && !ids.has(appliedToItemId))
    .map(outstanding);
  return { ofCharge, orphans };
}

function isGivenBack({ calculation }: BilledLine): boolean {
  return calculation.credit !== undefined;
}

/** Discounts in the order in which they were taken off. */
function inOrderOfTerms({ calculation }: BilledLine, discounts: readonly Outstanding[]): Outstanding[] {
  const numbers = calculation.terms.discounts.map(([number]) => number);
  const place = ({ line }: Outstanding) => numbers.indexOf(line.chargeNumber);
  return [...discounts].sort((a, b) => place(a) - place(b));
}

function byService(a: BilledLine, b: BilledLine): number {
  const [first, second] = [a, b].map((line) => `${line.serviceStartDate} ${line.itemId}`) as [string, string];
  return first < second ? -1 : 1;
}
