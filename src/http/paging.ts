import type { RowRange } from '../persistence/row-range.ts';
import type { AppContext } from './context.ts';

const PAGE_SIZE_DEFAULT = 20;
const PAGE_SIZE_MAX = 40;

export interface Page {
  readonly page: number;
  readonly pageSize: number;
  readonly offset: number;
}

/** Page and size of a classic list; larger sizes than the maximum are treated as the maximum (conventions 6). */
export function pageOf(
  query: { readonly page?: string | undefined; readonly pageSize?: string | undefined },
  sizes: { readonly default: number; readonly max: number } = {
    default: PAGE_SIZE_DEFAULT,
    max: PAGE_SIZE_MAX,
  },
): Page {
  const page = Number(query.page ?? 1);
  const pageSize = Math.min(Number(query.pageSize ?? sizes.default), sizes.max);
  return { page, pageSize, offset: (page - 1) * pageSize };
}

/** The rows to read for a page: one more than it shows. */
export function rangeOf(page: Page): RowRange {
  return { offset: page.offset, rowsMax: page.pageSize + 1 };
}

/**
 * `{ nextPage: <full URL> }` when there are more rows than the page shows, `{}` on the last page. Read `pageSize + 1` rows
 * and pass whether the extra one was there.
 */
export function nextPage(c: AppContext, page: Page, hasMore: boolean): { nextPage?: string } {
  if (!hasMore) return {};
  const url = new URL(c.req.url);
  url.searchParams.set('page', String(page.page + 1));
  url.searchParams.set('pageSize', String(page.pageSize));
  return { nextPage: url.href };
}

/** One page as its reply, `{ <listName>: […], nextPage?, success: true }`, of rows that were read with `rangeOf`. */
export function pageReply<Row>(
  c: AppContext,
  page: Page,
  listName: string,
  rows: readonly Row[],
  toWire: (row: Row) => unknown,
): Response {
  return c.json({
    [listName]: rows.slice(0, page.pageSize).map((row) => toWire(row)),
    ...nextPage(c, page, rows.length > page.pageSize),
    success: true,
  });
}
