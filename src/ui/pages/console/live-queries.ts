import { type ApiReply, encoded, type Json, type PageApi } from '../../api.ts';

/** A page of rows that was read live, or why there is none. */
export type LiveReply =
  | { readonly records: readonly Json[]; readonly next: string | null }
  | { readonly refused: ApiReply };

/** Rows that are read at once: for a page, and for a file. */
export interface PageRows {
  readonly zoql: number;
  readonly objectQuery: number;
}

/** Objects come whole, with all their fields: so few keep the page light. */
export const SHOWN_ROWS: PageRows = { zoql: 200, objectQuery: 12 };
export const FILE_ROWS: PageRows = { zoql: 2_000, objectQuery: 99 };

/** ZOQL from its beginning, or on from a locator. */
export async function runZoql(
  api: PageApi,
  query: string,
  locator: string | null,
  rows: PageRows,
): Promise<LiveReply> {
  const reply =
    locator === null
      ? await api.send('POST', '/v1/action/query', {
          body: { queryString: query, conf: { batchSize: rows.zoql } },
        })
      : await api.send('POST', '/v1/action/queryMore', {
          body: { queryLocator: locator, conf: { batchSize: rows.zoql } },
        });
  if (!reply.isOk) return { refused: reply };
  return {
    records: reply.body.records ?? [],
    next: reply.body.done === true ? null : (reply.body.queryLocator ?? null),
  };
}

/** Object Query as it is written in a URL: `accounts?filter[]=balance.GT:0`, or `accounts/A00000001`. */
export async function runObjectQuery(
  api: PageApi,
  query: string,
  cursor: string | null,
  rows: PageRows,
): Promise<LiveReply> {
  const [, path = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(
    query.trim().replace(/^\/?(object-query\/)?/, ''),
  )!;
  const parameters = new URLSearchParams(search);
  if (!parameters.has('pageSize')) parameters.set('pageSize', String(rows.objectQuery));
  if (cursor !== null) parameters.set('cursor', cursor);
  const place = path
    .split('/')
    .map((segment) => encoded(decodedOf(segment)))
    .join('/');
  const isOne = place.includes('/');
  const reply = await api.get(
    `/object-query/${place}${isOne ? (search === '' ? '' : `?${new URLSearchParams(search)}`) : `?${parameters}`}`,
  );
  if (!reply.isOk) return { refused: reply };
  return isOne
    ? { records: [reply.body], next: null }
    : { records: reply.body.data ?? [], next: reply.body.nextPage ?? null };
}

/** What cannot be decoded is taken as it is: the API says that there is nothing of that name. */
function decodedOf(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
