import { demand } from '../account/demand.ts';
import type { Need, State } from '../account/state.ts';
import type { Stored } from '../entities.ts';
import type { CreditMemoItem } from '../settlement/credit-memo.ts';
import type { DebitMemoItem } from '../settlement/debit-memo.ts';
import type { InvoiceItem } from './invoice.ts';

/** Lines of a document that are read, and decided on, at once. */
export const LINES_PER_PIECE = 1_000;

/**
 * Read only, key = `linesKey`: some lines of a document in their order, as far as they are there. Guarded by the lines themselves; that there
 * are no others rests on the document, whose lines come and go with it.
 */
export interface DocumentLines<Line> extends Stored {
  readonly documentId: string;
  readonly fromLine: number;
  readonly lines: readonly Line[];
}
export type InvoiceLines = DocumentLines<InvoiceItem>;
export type CreditMemoLines = DocumentLines<CreditMemoItem>;
export type DebitMemoLines = DocumentLines<DebitMemoItem>;

/** The lines from this one on, LINES_PER_PIECE of them. @param fromLine counted from 1 */
export function linesKey(documentId: string, fromLine: number): string {
  return `${documentId}@${fromLine}`;
}

interface LinesByKind {
  readonly invoiceLines: InvoiceItem;
  readonly creditMemoLines: CreditMemoItem;
  readonly debitMemoLines: DebitMemoItem;
}

/** All lines of a document, and what else will be needed; one round trip. */
export function allLines<K extends keyof LinesByKind>(
  state: State,
  kind: K,
  { id, lineCount }: { readonly id: string; readonly lineCount: number },
  others: readonly Need[] = [],
): Array<LinesByKind[K]> {
  const pieces = Math.max(1, Math.ceil(lineCount / LINES_PER_PIECE));
  const keys = Array.from({ length: pieces }, (_, i) => linesKey(id, i * LINES_PER_PIECE + 1));
  demand(state, [...others, ...keys.map((key) => ({ kind, key }))]);
  return keys.flatMap((key) => (state.find(kind, key)?.lines ?? []) as ReadonlyArray<LinesByKind[K]>);
}

/** What has become of the lines since they were read: changed and new ones take their place, deleted ones are gone. */
export function linesWith<Line extends Stored & { readonly line: number }>(
  read: DocumentLines<Line>,
  written: Iterable<{ readonly entity: Line; readonly action: 'insert' | 'update' | 'delete' }>,
): DocumentLines<Line> {
  const byId = new Map(read.lines.map((line) => [line.id, line]));
  for (const { entity, action } of written) {
    if (action === 'delete') byId.delete(entity.id);
    else if (entity.line >= read.fromLine && entity.line < read.fromLine + LINES_PER_PIECE) {
      byId.set(entity.id, entity);
    }
  }
  return { ...read, lines: [...byId.values()].sort((a, b) => a.line - b.line) };
}
