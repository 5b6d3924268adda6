import { fromClause } from '../objects/view.ts';
import { type Place, placeSql } from './order.ts';
import { type QueryRecord, recordColumns, type Showing, toRecord } from './records.ts';
import type { ObjectQuery } from './request.ts';

/** A page of records, and where the next one begins; null after the last. */
export interface QueryPage {
  readonly records: readonly QueryRecord[];
  readonly end: Place | null;
}

export interface Reading {
  readonly db: D1Database;
  readonly query: ObjectQuery;
  readonly showing: Showing;
}

/** Rows are read for a page and one more, which tells whether there is a next one. */
export function pageOf(
  { query, showing }: Reading,
  rows: ReadonlyArray<Record<string, unknown>>,
  lookedAt: Place | null,
): QueryPage {
  const { selection, pageSize } = query;
  const read = recordColumns(selection);
  const own = rows.slice(0, pageSize);
  const records = own.map((row) => toRecord(row, selection, read, showing));
  if (rows.length > pageSize) return { records, end: placeOf(own.at(-1)!, query) };
  return { records, end: lookedAt };
}

function placeOf(row: Record<string, unknown>, { selection: { object } }: ObjectQuery): Place {
  const rowId = row.page_row as string;
  return {
    value: row.page_value as Place['value'],
    id: row.page_id as string,
    element: object.each === null ? null : { rowId, at: row.page_at as number },
  };
}

/** The records of what a common table expression `hit` (r, i, p, v) has, in the order. */
export function hitSql({ selection, order }: ObjectQuery, hit: string): string {
  const { object } = selection;
  const read = recordColumns(selection);
  const id = object.fields.find(({ name }) => name === 'Id')!.sql;
  const element = object.each === null ? '' : ' AND j.key = h.p';
  const by = ['h.v', 'h.i', 'h.p'].map((name) => `${name} ${order.direction}`).join(', ');
  const columns = [
    read.columns,
    `${placeSql(order, 'h.v')} AS page_value`,
    'h.i AS page_row',
    'h.p AS page_at',
    `${id} AS page_id`,
  ].filter((text) => text !== '');
  return `WITH ${hit} SELECT ${columns.join(', ')} FROM hit AS h CROSS JOIN ${fromClause(object, [...read.expressions, id])} WHERE t.rowid = h.r${element} ORDER BY ${by}`;
}
