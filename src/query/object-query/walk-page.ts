import { limits } from '../../env.ts';
import type { ModelObject, ObjectField } from '../objects/model.ts';
import { fromClause } from '../objects/view.ts';
import { Bindings } from './bindings.ts';
import { type Filter, filterSql, literalSql } from './filters.ts';
import { type Order, type Place, placeSql } from './order.ts';
import { hitSql, pageOf, type QueryPage, type Reading } from './page-rows.ts';
import type { ObjectQuery } from './request.ts';
import { shapeOf } from './table-indexes.ts';
import { isOfOrder, sidesOf, type Walk } from './walks.ts';

/** Rows of the first window of a walk on which filters are looked at, and how much larger each further one is. */
const WINDOW_ROWS_MIN = 200;
const WINDOW_GROWTH = 5;

/** Where a walk goes on: after a row, or (of elements) within it. */
interface Start {
  readonly value: Place['value'];
  readonly rowId: string;
  /** Elements of the very row that were given already. */
  readonly at: number | null;
}

/** A page along an index, from where the page before ended. */
export async function walkPage(reading: Reading, walk: Walk): Promise<QueryPage> {
  const { query } = reading;
  const {
    selection: { object },
    pageSize,
    after,
  } = query;
  const isPlain = walk.others.length === 0 && object.each === null && object.only === null;
  let start: Start | null =
    after === null
      ? null
      : { value: after.value, rowId: after.element?.rowId ?? after.id, at: after.element?.at ?? null };
  const rows: Array<Record<string, unknown>> = [];
  let rowsLeft = limits.objectQueryRowsScannedMax;
  let window = isPlain ? pageSize + 1 : Math.max(WINDOW_ROWS_MIN, 2 * pageSize);
  for (const range of rangesOf(walk, query.order, start)) {
    for (;;) {
      const size = isPlain ? pageSize + 1 - rows.length : Math.min(window, rowsLeft);
      const looked = await look(reading, walk, { range, start, size, rowsMax: pageSize + 1 - rows.length });
      rows.push(...looked.rows);
      if (rows.length > pageSize) return pageOf(reading, rows, null);
      if (looked.last === null) break;
      start = looked.last;
      rowsLeft -= size;
      window *= WINDOW_GROWTH;
      if (rowsLeft <= 0) return pageOf(reading, rows, startPlace(looked.last, object, query.order));
    }
    start = null;
  }
  return pageOf(reading, rows, null);
}

/** A row that was looked at, as a place: of elements after all of its own. */
function startPlace({ value, rowId }: Start, object: ModelObject, { direction }: Order): Place {
  const at = direction === 'ASC' ? Number.MAX_SAFE_INTEGER : -1;
  return { value, id: rowId, element: object.each === null ? null : { rowId, at } };
}

/** Parts of an index in the order, of which the first goes on from where the page before ended: rows without a value come first, or last. */
type Range = 'nulls' | 'values' | 'all';

function rangesOf({ column, isHeld, walked }: Walk, { direction }: Order, start: Start | null): Range[] {
  if (column === null || isHeld || !shapeOf(walked.table).nullable.has(column)) return ['all'];
  // What another table has an order of always has a value there.
  if (walked.alias === 'w') return ['values'];
  const ranges: Range[] = direction === 'ASC' ? ['nulls', 'values'] : ['values', 'nulls'];
  if (start === null) return ranges;
  return ranges.slice(ranges.indexOf(start.value === null ? 'nulls' : 'values'));
}

interface Look {
  readonly range: Range;
  readonly start: Start | null;
  /** Rows to look at, and to give at most. */
  readonly size: number;
  readonly rowsMax: number;
}

/** The next rows of a walk: those that the filters leave, and the last one that was looked at; null when there are no more. */
async function look({ db, query }: Reading, walk: Walk, { range, start, size, rowsMax }: Look) {
  const {
    selection: { object },
    order,
  } = query;
  const bindings = new Bindings();
  const looked = `looked AS MATERIALIZED (${lookedSql(query, walk, range, start, bindings)} LIMIT ${bindings.add(size)})`;
  const others = [
    object.only ?? 'TRUE',
    ...walk.others.map((filter) => filterSql(object, filter, bindings)),
    ...withinRow(object, order, start, bindings),
  ].join(' AND ');
  const at = object.each === null ? '0' : 'j.key';
  const by = ['l.v', 'l.i', ...(object.each === null ? [] : ['j.key'])]
    .map((name) => `${name} ${order.direction}`)
    .join(', ');
  const hit = `hit AS MATERIALIZED (SELECT l.r, l.i, ${at} AS p, l.v FROM looked AS l CROSS JOIN ${fromClause(object, [others])} WHERE t.rowid = l.r AND ${others} ORDER BY ${by} LIMIT ${bindings.add(rowsMax)})`;
  const statement = (sql: string) => db.prepare(sql);
  const hits = statement(hitSql(query, `${looked}, ${hit}`)).bind(...bindings.values);
  const end = new Bindings();
  const again = `WITH looked AS MATERIALIZED (${lookedSql(query, walk, range, start, end)} LIMIT ${end.add(size)}) SELECT ${placeSql(order, 'v')} AS v, i FROM looked LIMIT 1 OFFSET ${end.add(size - 1)}`;
  const [found, last] = await db.batch<Record<string, unknown>>([hits, statement(again).bind(...end.values)]);
  const row = last!.results[0];
  return {
    rows: found!.results,
    last: row === undefined ? null : { value: row.v as Place['value'], rowId: row.i as string, at: null },
  };
}

/** Of the row in which the page before ended, the elements that it has not given. */
function withinRow(
  { each }: ModelObject,
  { direction }: Order,
  start: Start | null,
  bindings: Bindings,
): string[] {
  if (each === null || start === null || start.at === null) return [];
  return [
    `NOT (t.id = ${bindings.add(start.rowId)} AND j.key ${direction === 'ASC' ? '<=' : '>='} ${bindings.add(start.at)})`,
  ];
}

function lookedSql(
  { selection: { object }, order: { field, direction } }: ObjectQuery,
  walk: Walk,
  range: Range,
  start: Start | null,
  bindings: Bindings,
): string {
  const { walked, index, column, isHeld } = walk;
  const { table, alias } = walked;
  const id = `${alias}.${walked.id}`;
  const value = `${alias}.${column}`;
  const isUnique = index.isUnique && index.columns.at(-1) === column;
  const by = column === null || isHeld ? [id] : isUnique ? [value] : [value, id];
  const conditions = withinOf(walk, field, start === null ? null : direction).map((filter) =>
    filterSql(object, filter, bindings),
  );
  if (range !== 'all') conditions.push(`${value} IS ${range === 'nulls' ? '' : 'NOT '}NULL`);
  if (start !== null) {
    const sign = `${direction === 'ASC' ? '>' : '<'}${start.at === null ? '' : '='}`;
    const columns = start.value === null ? [id] : by;
    const values = columns.map((name) =>
      name === id ? bindings.add(start.rowId) : literalSql(field!, start.value!, bindings),
    );
    conditions.push(`(${columns.join(', ')}) ${sign} (${values.join(', ')})`);
  }
  const indexed = index.name === null ? '' : ` INDEXED BY ${index.name}`;
  const joined = alias === 't' ? '' : ` CROSS JOIN ${object.table} AS t ON t.id = ${id}`;
  return `SELECT t.rowid AS r, ${id} AS i, ${column === null ? 'NULL' : value} AS v FROM ${table} AS ${alias}${indexed}${joined} WHERE ${conditions.join(' AND ') || 'TRUE'} ORDER BY ${by.map((name) => `${name} ${direction}`).join(', ')}`;
}

/**
 * The filters of a walk, those on the order over the walked table. From a place on, one that bounds the end at which the order begins is no longer
 * for the index (the plus), which would begin there instead of at the place.
 */
function withinOf(
  { walked, column, isHeld, within }: Walk,
  by: ObjectField | null,
  from: Order['direction'] | null,
) {
  const begins = from === 'ASC' ? 'lower' : 'upper';
  return within.flatMap((filter): Filter[] => {
    if (!isOfOrder(filter, by)) return [filter];
    const field = { ...filter.field, sql: `${walked.alias}.${column}` };
    if (from === null || isHeld) return [{ ...filter, field }];
    const passed = { ...field, sql: `+${field.sql}`, column: null };
    // A second has two ends.
    const ends: Filter[] =
      filter.operator === 'EQ'
        ? [
            { ...filter, operator: 'GE' },
            { ...filter, operator: 'LE' },
          ]
        : [filter];
    return ends.map((end) => ({ ...end, field: sidesOf(end).includes(begins) ? passed : field }));
  });
}
