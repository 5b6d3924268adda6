import type { z } from 'zod';
import { wireText } from './values.ts';

/** One field to sort by, as `sort` of a classic list names it: `number`, `+number`, `-number`. */
export interface Sorting {
  readonly field: string;
  readonly descending: boolean;
}

/** `sort` of a list; which fields it may name depends on the list's filters and is for `checkSort`. */
export const wireSort = wireText(100).optional();

/** A plus arrives as a blank where it was not encoded. */
export function fromWireSort(sort: string | undefined): Sorting | null {
  if (sort === undefined) return null;
  return { field: sort.replace(/^[-+ ]/, ''), descending: sort.startsWith('-') };
}

/** Refuses a sort that no index is in the order of, as the list is narrowed. */
export function checkSort(
  { sort }: { readonly sort?: string | undefined },
  fields: readonly string[],
  context: z.RefinementCtx,
): void {
  const field = fromWireSort(sort)?.field;
  if (field === undefined || fields.includes(field)) return;
  const message = `must be ${fields.join(' or ')} with these filters, after - for the reverse order`;
  context.addIssue({ code: 'custom', path: ['sort'], message });
}
