import { z } from 'zod';

/** One field to sort by, as `sort` of a classic list names it: `number`, `+number`, `-number`. */
export interface Sorting {
  readonly field: string;
  readonly descending: boolean;
}

/** A `sort` of one of these fields: those that an index is in the order of. A plus arrives as a blank where it was not encoded. */
export function wireSort(fields: readonly string[]) {
  const pattern = new RegExp(`^[-+ ]?(${fields.join('|')})$`);
  return z
    .string()
    .regex(pattern, `must be one of ${fields.join(', ')}, with - before it for the reverse order`)
    .optional();
}

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
  const message = `this list is sorted by ${fields.join(' or ')} only, with these filters`;
  context.addIssue({ code: 'custom', path: ['sort'], message });
}
