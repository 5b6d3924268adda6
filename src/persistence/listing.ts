import type { RowRange } from './row-range.ts';

/** A page of a list, in the order that the caller asks for; null: the list's own order. */
export interface Listing {
  readonly sorting: { readonly field: string; readonly descending: boolean } | null;
  readonly range: RowRange;
}

interface ListingQuery extends Listing {
  /** Up to WHERE. */
  readonly select: string;
  /** Column and the value that it must have; undefined values do not narrow. */
  readonly equals: ReadonlyArray<readonly [string, string | undefined]>;
  /** Columns of the list's own order, all descending. */
  readonly newestFirst: readonly string[];
  /** Field that can be sorted by → columns; the route lets only those through that an index is in the order of. */
  readonly sortable: { readonly [field: string]: readonly string[] };
}

/** The rows of one page of a list. Column names come from code, values are bound. */
export async function readListing(
  db: D1Database,
  { select, equals, newestFirst, sortable, sorting, range }: ListingQuery,
): Promise<Array<Record<string, unknown>>> {
  const given = equals.filter(([, value]) => value !== undefined);
  const where = given.map(([column], i) => `${column} = ?${i + 3}`).join(' AND ');
  const columns = sorting === null ? newestFirst : (sortable[sorting.field] ?? newestFirst);
  const direction = sorting === null || sorting.descending ? 'DESC' : 'ASC';
  const order = columns.map((column) => `${column} ${direction}`).join(', ');
  const { results } = await db
    .prepare(`${select} ${where === '' ? '' : `WHERE ${where} `}ORDER BY ${order} LIMIT ?1 OFFSET ?2`)
    .bind(range.rowsMax, range.offset, ...given.map(([, value]) => value))
    .all<Record<string, unknown>>();
  return results;
}
