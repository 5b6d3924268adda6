import { type Application, pairId } from './application.ts';
import type { PartItem } from './part-items.ts';

/** How much of one line of a credit memo is applied to one line of a document. */
export interface ItemPart {
  readonly id: string;
  /** Null where only the document's line was named. */
  readonly sourceItemId: string | null;
  readonly targetItemId: string;
  readonly amountMinor: number;
}

/** The ids of named and of laid parts of one pair of lines differ. */
const LAID = '5'.repeat(32);

/**
 * The parts of an application by lines: those that were named, then what belongs to the documents as wholes, laid over the lines of both in their
 * order (decision 009). All of them add up to the application.
 *
 * @param sourceShares of the memo's lines in what is laid; their sum is that of targetShares
 */
export function itemPartsOf(
  application: Application,
  sourceShares: readonly PartItem[],
  targetShares: readonly PartItem[],
): ItemPart[] {
  const named = application.items.map((item) => ({
    id: partId(application, item.sourceItemId ?? application.sourceId, item.targetItemId),
    ...item,
  }));
  return [...named, ...laidParts(application, sourceShares, targetShares)];
}

/** Both lists are walked side by side: each part is what two lines have in common. */
function laidParts(
  application: Application,
  sourceShares: readonly PartItem[],
  targetShares: readonly PartItem[],
): ItemPart[] {
  const parts: ItemPart[] = [];
  let source = 0;
  let target = 0;
  let sourceLeft = sourceShares[0]?.amountMinor ?? 0;
  let targetLeft = targetShares[0]?.amountMinor ?? 0;
  while (source < sourceShares.length && target < targetShares.length) {
    const amountMinor = Math.min(sourceLeft, targetLeft);
    const sourceItemId = sourceShares[source]!.lineId;
    const targetItemId = targetShares[target]!.lineId;
    if (amountMinor > 0) {
      const id = pairId(partId(application, sourceItemId, targetItemId), LAID);
      parts.push({ id, sourceItemId, targetItemId, amountMinor });
    }
    sourceLeft -= amountMinor;
    targetLeft -= amountMinor;
    if (sourceLeft === 0) sourceLeft = sourceShares[++source]?.amountMinor ?? 0;
    if (targetLeft === 0) targetLeft = targetShares[++target]?.amountMinor ?? 0;
  }
  return parts;
}

function partId({ id }: Application, sourceItemId: string, targetItemId: string): string {
  return pairId(pairId(id, sourceItemId), targetItemId);
}
