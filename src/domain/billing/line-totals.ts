import type { JsonObject } from '../result.ts';
import type { DocumentLine } from './document-line.ts';

/** What the lines of an invoice add up to, kept with the invoice so that no read goes through its lines. */
export interface LineTotals {
  readonly amountMinor: number;
  readonly discountMinor: number;
  readonly oneTimeLines: number;
  readonly recurringLines: number;
  readonly usageLines: number;
}

export const NO_LINES: LineTotals = {
  amountMinor: 0,
  discountMinor: 0,
  oneTimeLines: 0,
  recurringLines: 0,
  usageLines: 0,
};

/** A line as far as it counts. `details.chargeType` is set where the line bills a charge of the catalog or of a subscription. */
type CountedLine = Pick<DocumentLine, 'amountMinor' | 'processingType'> & { readonly details: JsonObject };

const COLUMN_OF_TYPE = { Recurring: 'recurringLines', Usage: 'usageLines' } as const;

/** The totals with a line more, or (−1) without it. */
export function withLine(totals: LineTotals, line: CountedLine, sign: 1 | -1 = 1): LineTotals {
  const amountMinor = totals.amountMinor + sign * line.amountMinor;
  if (line.processingType === 'Discount') {
    return { ...totals, amountMinor, discountMinor: totals.discountMinor - sign * line.amountMinor };
  }
  if (line.processingType !== 'Charge') return { ...totals, amountMinor };
  const type = line.details.chargeType as keyof typeof COLUMN_OF_TYPE | undefined;
  const column = (type === undefined ? undefined : COLUMN_OF_TYPE[type]) ?? 'oneTimeLines';
  return { ...totals, amountMinor, [column]: totals[column] + sign };
}

/** @param before what earlier lines of the invoice add up to */
export function totalsOf(
  lines: readonly CountedLine[],
  { amountMinor, discountMinor, oneTimeLines, recurringLines, usageLines }: LineTotals = NO_LINES,
): LineTotals {
  const before = { amountMinor, discountMinor, oneTimeLines, recurringLines, usageLines };
  return lines.reduce<LineTotals>((totals, line) => withLine(totals, line), before);
}
