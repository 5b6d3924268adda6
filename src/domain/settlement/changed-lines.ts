import type { DocumentLine } from '../billing/document-line.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { changedLine, type MemoLineChange } from './memo-lines.ts';

type Line = DocumentLine & {
  readonly id: string;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
};

interface ChangedLine<Of extends Line> {
  readonly before: Of;
  readonly after: Of;
}

/**
 * The lines of a memo that a request changes, before and after, or what is wrong with it.
 *
 * @param find the line of this memo with the id; null when it has none
 * @param memo for messages and amounts: 'credit memo CM00000001', and its currency
 */
export function changedLines<Of extends Line>(
  changes: readonly MemoLineChange[],
  find: (itemId: string) => Of | null,
  memo: { readonly name: string; readonly currency: string },
): Array<ChangedLine<Of>> | Refusal {
  const changed: Array<ChangedLine<Of>> = [];
  const seen = new Set<string>();
  for (const [i, change] of changes.entries()) {
    const at = `items[${i}]`;
    const before = find(change.itemId);
    if (before === null) return refuse('invalid', `${memo.name} has no item ${change.itemId}`, `${at}.id`);
    if (seen.has(before.id)) {
      return refuse('invalid', `item ${before.id} is named more than once`, `${at}.id`);
    }
    seen.add(before.id);
    const after = changedLine(before, change, memo.currency, at);
    if (isRefusal(after)) return after;
    changed.push({ before, after });
  }
  return changed;
}
