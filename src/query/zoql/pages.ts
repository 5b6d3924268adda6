import { ZOQL_PAGE_RECORDS_MAX } from '../../wire/zoql.ts';
import { QueryFault } from '../filtering/query-fault.ts';
import type { ObjectField } from '../objects/model.ts';
import type { LiveQuery } from './live-query.ts';

/**
 * Queries are answered from D1 as it is, page by page. Rows come in the order in which they were made (row ids), which no change of a row touches:
 * a row that was there all the time comes once, whatever happens between two pages, and rows that came after the first page do not.
 *
 * Where conditions have an index and find few rows, each page looks at these; otherwise pages go along the row ids in windows, between which
 * D1 does other things.
 */
export const zoqlLimits = {
  pageRecordsMax: ZOQL_PAGE_RECORDS_MAX,
  /** Rows that are found along an index and sorted for each page. */
  matchesMax: 10_000,
  /** Alternatives of conditions whose rows one statement counts. */
  seeksCountedMax: 10,
  /** Rows that one statement looks at. */
  windowRowsMax: 20_000,
  /** Rows of a table that conditions without an index are asked about, and that are counted for `size`. */
  rowsMax: 1_000_000,
  /** How long a page can be asked for after it was announced. */
  locatorMinutes: 15,
} as const;

/** After which row a page begins: its row id, and its place in the row where a row is several records. */
export interface Position {
  readonly rowId: number;
  readonly element: number;
}

export const BEGINNING: Position = { rowId: 0, element: -1 };
/** After the last element of a row, and after a row that is one record. */
const LAST_ELEMENT = Number.MAX_SAFE_INTEGER;

/** What the first page has found out for the others. */
export interface Course {
  /** 'matches': few rows, found along an index. 'windows': along the row ids. */
  readonly along: 'matches' | 'windows';
  /** Rows above it came later. */
  readonly lastRowId: number;
  /** Records of all pages; of a table of more than `rowsMax` rows, those in the first so many. */
  readonly size: number;
}

export type Row = Readonly<Record<string, string | number | null>>;

export interface Page {
  /** By `f` and the place of the field in the query. */
  readonly rows: readonly Row[];
  /** Where the next page begins; null when there is none. */
  readonly next: Position | null;
}

/** The first page. @throws QueryFault when too much would have to be looked at */
export async function readFirstPage(
  db: D1Database,
  query: LiveQuery,
  recordsMax: number,
): Promise<{ readonly page: Page; readonly course: Course }> {
  const lastRowId = (await one(db, `SELECT max(rowid) AS n FROM ${query.object.table}`)) ?? 0;
  const matches = (await findsFew(db, query)) ? await countMatches(db, query) : null;
  const along = matches !== null && matches <= zoqlLimits.matchesMax ? 'matches' : 'windows';
  if (along === 'windows' && query.isFiltered && lastRowId > zoqlLimits.rowsMax) {
    throw new QueryFault(
      'QUERY_TIMEOUT',
      `These conditions would be asked of more than ${zoqlLimits.rowsMax} rows: narrow them by a field that has an index (Id, the number, AccountId, UpdatedDate), or use an export.`,
    );
  }
  const course = { along, lastRowId, size: 0 } as const;
  const page = await readPage(db, query, course, BEGINNING, recordsMax);
  const isAll = page.next === null;
  const size = isAll
    ? page.rows.length
    : along === 'matches'
      ? matches!
      : await countWindows(db, query, lastRowId);
  return { page, course: { ...course, size } };
}

/** Any page. It costs what the first does. */
export function readPage(
  db: D1Database,
  query: LiveQuery,
  course: Course,
  after: Position,
  recordsMax: number,
): Promise<Page> {
  return course.along === 'matches'
    ? readMatches(db, query, course, after, recordsMax)
    : readWindows(db, query, course, after, recordsMax);
}

async function readMatches(
  db: D1Database,
  query: LiveQuery,
  { lastRowId }: Course,
  { rowId, element }: Position,
  recordsMax: number,
): Promise<Page> {
  const key = elementSql(query);
  // The plus signs keep SQLite from walking along all row ids instead of the index.
  const sql =
    `${selectSql(query)} FROM ${query.from} WHERE ${query.where} AND +t.rowid <= ?1 ` +
    `AND (+t.rowid > ?2 OR (+t.rowid = ?2 AND ${key} > ?3)) ORDER BY +t.rowid, ${key} LIMIT ?4`;
  const rows = await all(db, sql, lastRowId, rowId, element, recordsMax + 1);
  return pageOf(rows, recordsMax);
}

async function readWindows(
  db: D1Database,
  query: LiveQuery,
  { lastRowId }: Course,
  after: Position,
  recordsMax: number,
): Promise<Page> {
  const key = elementSql(query);
  const sql =
    `${selectSql(query)} FROM ${alongRowIds(query, query.from)} WHERE t.rowid >= ?1 AND t.rowid <= ?2 ` +
    `AND (t.rowid > ?1 OR ${key} > ?3)${query.where === null ? '' : ` AND ${query.where}`} ` +
    `ORDER BY t.rowid, ${key} LIMIT ?4`;
  const { windowRowsMax, rowsMax } = zoqlLimits;
  const rows: Row[] = [];
  let from = after;
  const isOver = () => from.rowId === lastRowId && from.element === LAST_ELEMENT;
  for (let looked = 0; looked < rowsMax && !isOver(); looked += windowRowsMax) {
    const end = Math.min(from.rowId + windowRowsMax, lastRowId);
    rows.push(...(await all(db, sql, from.rowId, end, from.element, recordsMax + 1 - rows.length)));
    if (rows.length > recordsMax) return pageOf(rows, recordsMax);
    from = { rowId: end, element: LAST_ELEMENT };
  }
  return { rows, next: isOver() ? null : from };
}

function pageOf(rows: readonly Row[], recordsMax: number): Page {
  if (rows.length <= recordsMax) return { rows, next: null };
  const last = rows[recordsMax - 1]!;
  return {
    rows: rows.slice(0, recordsMax),
    next: { rowId: Number(last.rowId), element: Number(last.element) },
  };
}

/** Whether the indexes lead to few rows, whatever else is asked of these. */
async function findsFew(db: D1Database, { object, seeks }: LiveQuery): Promise<boolean> {
  if (seeks === null) return false;
  const { matchesMax, seeksCountedMax } = zoqlLimits;
  const counted = [...new Set(seeks.filter(({ isOne }) => !isOne).map(({ sql }) => sql))];
  let left = matchesMax - seeks.filter(({ isOne }) => isOne).length;
  for (let at = 0; at < counted.length && left >= 0; at += seeksCountedMax) {
    const counts = counted
      .slice(at, at + seeksCountedMax)
      .map(
        (sql) =>
          `(SELECT count(*) FROM (SELECT 1 FROM ${object.table} AS t WHERE ${sql} LIMIT ${matchesMax + 1}))`,
      );
    left -= (await one(db, `SELECT ${counts.join(' + ')} AS n`)) ?? 0;
  }
  return left >= 0;
}

function countMatches(db: D1Database, { countedFrom, where }: LiveQuery): Promise<number | null> {
  const found = `SELECT 1 FROM ${countedFrom} WHERE ${where} LIMIT ${zoqlLimits.matchesMax + 1}`;
  return one(db, `SELECT count(*) AS n FROM (${found})`);
}

async function countWindows(db: D1Database, query: LiveQuery, lastRowId: number): Promise<number> {
  const { windowRowsMax, rowsMax } = zoqlLimits;
  if (query.where === null && query.object.each === null) {
    // All rows of a table: the smallest of its indexes says how many there are.
    const rows = `SELECT 1 FROM ${query.object.table} WHERE +rowid <= ?1 LIMIT ${rowsMax}`;
    return (await one(db, `SELECT count(*) AS n FROM (${rows})`, lastRowId)) ?? 0;
  }
  const where = query.where === null ? '' : ` AND ${query.where}`;
  const sql =
    `SELECT count(*) AS n FROM ${alongRowIds(query, query.countedFrom)} ` +
    `WHERE t.rowid > ?1 AND t.rowid <= ?2${where}`;
  let size = 0;
  for (let from = 0; from < Math.min(lastRowId, rowsMax); from += windowRowsMax) {
    size += (await one(db, sql, from, Math.min(from + windowRowsMax, lastRowId))) ?? 0;
  }
  return size;
}

function alongRowIds({ object }: LiveQuery, from: string): string {
  const own = `${object.table} AS t`;
  return `${own} NOT INDEXED${from.slice(own.length)}`;
}

function elementSql({ object }: LiveQuery): string {
  return object.each === null ? 'CAST(0 AS INTEGER)' : 'j.key';
}

function selectSql(query: LiveQuery): string {
  const values = query.fields.map((field, i) => `${valueSql(field)} AS f${i}`);
  return `SELECT t.rowid AS rowId, ${elementSql(query)} AS element, ${values.join(', ')}`;
}

/** Decimals come as text: D1 rounds integers beyond 2^53. */
function valueSql({ type, sql }: ObjectField): string {
  return type === 'decimal' ? `CAST((${sql}) AS TEXT)` : sql;
}

async function all(db: D1Database, sql: string, ...values: readonly number[]): Promise<Row[]> {
  try {
    const { results } = await db
      .prepare(sql)
      .bind(...values)
      .all<Row>();
    return results;
  } catch (error) {
    throw faultOf(error);
  }
}

async function one(db: D1Database, sql: string, ...values: readonly number[]): Promise<number | null> {
  const [row] = await all(db, sql, ...values);
  return row === undefined || row.n === null ? null : Number(row.n);
}

const TOO_LONG = /timeout|timed out|time limit|interrupted/i;
const TOO_MUCH =
  /too (?:large|long|complex|many|big|deep)|out of memory|parser stack overflow|maximum depth/i;
const OVERFLOW = /integer overflow/i;

/** What D1 says about a statement that it does not carry out, where the query is to blame. */
function faultOf(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (TOO_LONG.test(message))
    return new QueryFault('QUERY_TIMEOUT', 'The query took too long: narrow it, or use an export.');
  if (TOO_MUCH.test(message))
    return new QueryFault('MALFORMED_QUERY', 'The query is too complex: name fewer fields and conditions.');
  if (OVERFLOW.test(message)) return new QueryFault('INVALID_VALUE', 'A number in the query is too large.');
  return error;
}
