import { type Refusal, refuse } from '../../domain/result.ts';
import { limits } from '../../env.ts';
import type { ModelObject } from '../objects/model.ts';
import { fromClause } from '../objects/view.ts';
import { Bindings } from './bindings.ts';
import { comparedSql, filterSql, type Seek, seekOf } from './filters.ts';
import { hitSql, pageOf, type QueryPage, type Reading } from './page-rows.ts';
import type { Showing } from './records.ts';
import type { ObjectQuery } from './request.ts';
import { walkPage } from './walk-page.ts';
import { sortable, walkFor } from './walks.ts';

/**
 * Reads one page. Where an index has the order, it is walked from where the page before ended, so that a page costs what the first does; rows that other
 * filters leave out are passed over, up to so many, after which the page is what was found. Filters that lead to few rows are followed instead, and
 * those rows are sorted, and so are those that a key leads to, which are one or few. An order that no index has is refused where there are too many rows to sort.
 */
export async function readPage(
  db: D1Database,
  query: ObjectQuery,
  showing: Showing,
): Promise<QueryPage | Refusal> {
  const reading = { db, query, showing };
  const { filters, selection, key } = query;
  const nothing = filters.some(
    ({ field, values, operator }) => field.sql === 'NULL' && !(values === null && operator === 'EQ'),
  );
  if (nothing) return { records: [], end: null };
  const own = key === null ? null : seekOf(selection.object, key.filter);
  if (own !== null) return sortedPage(reading, own);
  const walk = walkFor(query);
  if (walk !== null && walk.others.length === 0) return walkPage(reading, walk);
  const seek = await fewRows(reading);
  if (seek !== null) return sortedPage(reading, seek);
  if (walk !== null) return walkPage(reading, walk);
  if (await isFew(db, selection.object, null)) return sortedPage(reading, null);
  return refuse(
    'query',
    `${query.order.name} is not in the order of an index, and there are more than ${limits.objectQueryRowsSortedMax} records to sort: filter by what leads to fewer, or sort by one of ${sortable(selection.object).join(', ')}`,
    'sort[]',
  );
}

/** Of the filters that lead to rows, those that promise the fewest first, the first that leads to few enough to be sorted. */
async function fewRows({ db, query: { filters, selection } }: Reading): Promise<Seek | null> {
  const seeks = filters
    .flatMap((filter) => seekOf(selection.object, filter) ?? [])
    .sort((a, b) => a.rank - b.rank);
  for (const seek of seeks) {
    if (seek.rank === 0 || (await isFew(db, selection.object, seek))) return seek;
  }
  return null;
}

async function isFew(db: D1Database, { table }: ModelObject, seek: Seek | null): Promise<boolean> {
  const bindings = new Bindings();
  const from = seek?.counted?.(bindings) ?? `FROM ${table} AS t WHERE ${seek?.sql(bindings) ?? 'TRUE'}`;
  const max = limits.objectQueryRowsSortedMax;
  const row = await db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ${max + 1})`)
    .bind(...bindings.values)
    .first<{ n: number }>();
  return row!.n <= max;
}

/** Everything that the seek leads to, filtered and sorted. */
async function sortedPage(reading: Reading, seek: Seek | null): Promise<QueryPage> {
  const { db, query } = reading;
  const {
    selection: { object },
    filters,
    order,
    after,
    pageSize,
    key,
  } = query;
  const bindings = new Bindings();
  const value = order.field === null ? 'NULL' : comparedSql(order.field);
  const at = object.each === null ? '0' : 'j.key';
  const conditions = [
    ...(seek === null ? [] : [seek.sql(bindings)]),
    ...filters.map((filter) => filterSql(object, filter, bindings)),
    (key === null ? object.only : key.latest) ?? 'TRUE',
    ...(after === null ? [] : [afterSql(query, { value, id: 't.id', at }, bindings)]),
  ].join(' AND ');
  // A plus keeps an index of the order from being walked for its order.
  const by = ['+v', '+i', '+p'].map((name) => `${name} ${order.direction}`).join(', ');
  const from = fromClause(object, [value, conditions]);
  const hit = `hit AS MATERIALIZED (SELECT t.rowid AS r, t.id AS i, ${at} AS p, ${value} AS v FROM ${from} WHERE ${conditions} ORDER BY ${by} LIMIT ${bindings.add(pageSize + 1)})`;
  const { results } = await db
    .prepare(hitSql(query, hit))
    .bind(...bindings.values)
    .all();
  return pageOf(reading, results, null);
}

/** What comes after a place: null is before all values. */
function afterSql(
  { order, after }: ObjectQuery,
  at: { readonly value: string; readonly id: string; readonly at: string },
  bindings: Bindings,
): string {
  const { value, id, element } = after!;
  const sign = order.direction === 'ASC' ? '>' : '<';
  const tie =
    element === null
      ? `${at.id} ${sign} ${bindings.add(id)}`
      : `(${at.id}, ${at.at}) ${sign} (${bindings.add(element.rowId)}, ${bindings.add(element.at)})`;
  if (order.field === null) return tie;
  if (value === null)
    return `(${at.value} IS NULL AND ${tie}${order.direction === 'ASC' ? ` OR ${at.value} IS NOT NULL` : ''})`;
  const bound = bindings.add(value);
  const literal = order.field.type === 'decimal' ? `CAST(${bound} AS INTEGER)` : bound;
  const last = order.direction === 'ASC' ? '' : ` OR ${at.value} IS NULL`;
  return `(${at.value} ${sign} ${literal} OR (${at.value} = ${literal} AND ${tie})${last})`;
}
