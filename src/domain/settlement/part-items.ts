import { isId } from '../account/state.ts';
import { pairId } from './application.ts';
import { type SharedLine, sharesOf } from './item-shares.ts';
import type { Refund } from './refund.ts';

/** A line of a document with everything that is meant for this very line, whoever it is from. */
export interface SettledLine extends SharedLine {
  readonly meantMinor: number;
}

/** What one application, or one refund, takes of a document: so much for named lines, the rest of the document as a whole. */
export interface PartOfDocument {
  readonly amountMinor: number;
  readonly explicitByLine: ReadonlyMap<string, number>;
  /** What others before it take of the document as a whole. */
  readonly wholeBeforeMinor: number;
}

/** How much of a part falls on one line. */
export interface PartItem {
  readonly lineId: string;
  readonly amountMinor: number;
}

/**
 * How a part falls on the lines of its document: what it names, and the rest laid over the lines after what others before it took of the
 * whole. So the items of a part add up to it, and those of all parts on a line to what the line shows as applied.
 *
 * @param lines all lines of the document, in their order
 * @returns only lines on which something falls
 */
export function itemsOfPart(
  lines: readonly SettledLine[],
  { amountMinor, explicitByLine, wholeBeforeMinor }: PartOfDocument,
): PartItem[] {
  const meant = new Map(lines.map(({ id, meantMinor }) => [id, meantMinor]));
  let wholeMinor = amountMinor;
  for (const minor of explicitByLine.values()) wholeMinor -= minor;
  const before = sharesOf(lines, meant, wholeBeforeMinor);
  const after = sharesOf(lines, meant, wholeBeforeMinor + wholeMinor);
  return lines.flatMap(({ id }, i) => {
    const minor = after[i]! - before[i]! + (explicitByLine.get(id) ?? 0);
    return minor === 0 ? [] : [{ lineId: id, amountMinor: minor }];
  });
}

/** A refund has one part, of its payment or credit memo. */
export function refundPartId({ id, sourceId }: Pick<Refund, 'id' | 'sourceId'>): string {
  return pairId(id, sourceId);
}

/** The line of an item part; no line's id when the part has no such item. */
export function lineOfPartItem(partId: string, itemId: string): string {
  return isId(itemId) ? pairId(partId, itemId) : '';
}

/** The id of what falls on one line; of a refund of a payment, which has no lines, the line is the payment. */
export function partItemId(partId: string, lineId: string): string {
  return pairId(partId, lineId);
}
