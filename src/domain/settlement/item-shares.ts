/** A line as far as it can be settled: its amount with tax, in minor units. Of a line below zero nothing can be taken. */
export interface SharedLine {
  readonly id: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
}

/**
 * How much of what is applied to (or refunded from) a document falls on each of its lines (decision 009): what is meant for the line, and
 * what belongs to the document as a whole, laid over the lines in their order, each up to what is open of it.
 *
 * The shares of all lines add up to everything that is applied, and none is above its line's amount, as long as what is applied is at
 * most the document's amount.
 *
 * @param lines all lines of the document in their order, or a page of them
 * @param explicitByLine by line id, what is meant for that very line; lines that are not in it have nothing
 * @param wholeMinor what belongs to the document as a whole
 * @param openBeforeMinor of a page: what the lines before it have room for (`openForWhole`, summed)
 * @returns minor units in the order of the lines
 */
export function sharesOf(
  lines: readonly SharedLine[],
  explicitByLine: ReadonlyMap<string, number>,
  wholeMinor: number,
  openBeforeMinor = 0,
): number[] {
  let leftMinor = Math.max(wholeMinor - openBeforeMinor, 0);
  return lines.map((line) => {
    const explicitMinor = explicitByLine.get(line.id) ?? 0;
    const laidMinor = Math.min(leftMinor, openForWhole(line, explicitMinor));
    leftMinor -= laidMinor;
    return explicitMinor + laidMinor;
  });
}

/** What a line has room for beside what is meant for it. */
export function openForWhole({ amountMinor, taxMinor }: SharedLine, explicitMinor: number): number {
  return Math.max(amountMinor + taxMinor - explicitMinor, 0);
}
