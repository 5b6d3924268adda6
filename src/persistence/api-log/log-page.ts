import { ID_STEP, SUMMARY_COLUMNS, type SummaryRow, summaryOf } from './log-rows.ts';
import type { CallFilter, CallPage, CallSummary, NotKept } from './logged-call.ts';

interface PageBounds {
  readonly pageSize: number;
  /** Ids below it are over. */
  readonly oldest: number;
  /** Calls that are looked at. */
  readonly scannedMax: number;
  /** Seconds with calls that were not kept that are told. */
  readonly secondsMax: number;
}

/** Ids from the first on and before the last. */
interface IdRange {
  readonly from: number;
  readonly before: number;
}

/**
 * A page along the index of the filter that leaves the fewest calls; the other filters are looked at call by call, at most so many: then the page is
 * what was found, perhaps nothing, and the next one goes on from there.
 */
export function page(sql: SqlStorage, filter: CallFilter, bounds: PageBounds): CallPage {
  const range = {
    from: Math.max(bounds.oldest, filter.fromMs === undefined ? 0 : filter.fromMs * ID_STEP),
    before: Math.min(
      filter.before ?? Number.MAX_SAFE_INTEGER,
      filter.toMs === undefined ? Number.MAX_SAFE_INTEGER : filter.toMs * ID_STEP,
    ),
  };
  const calls: CallSummary[] = [];
  let scanned = 0;
  let last: number | null = null;
  let next: number | null = null;
  for (const row of newestFirst(sql, filter, range)) {
    if (calls.length === bounds.pageSize || scanned === bounds.scannedMax) {
      next = last;
      break;
    }
    scanned += 1;
    last = row.id;
    if (matches(row, filter)) calls.push(summaryOf(row));
  }
  const from = next ?? range.from;
  return { calls, next, notKept: notKeptIn(sql, { ...range, from }, bounds.secondsMax) };
}

function newestFirst(sql: SqlStorage, filter: CallFilter, range: IdRange): Iterable<SummaryRow> {
  const columns = (table: string) => SUMMARY_COLUMNS.map((name) => `${table}.${name}`).join();
  const along = (column: string, value: string) =>
    sql.exec<SummaryRow>(
      `SELECT ${columns('call')} FROM call WHERE ${column} = ? AND id >= ? AND id < ? ORDER BY id DESC`,
      ...[value, range.from, range.before],
    );
  if (filter.requestId !== undefined) return along('request_id', filter.requestId);
  if (filter.idempotencyKey !== undefined) return along('idempotency_key', filter.idempotencyKey);
  if (filter.trackId !== undefined) return along('track_id', filter.trackId);
  if (filter.accounts !== undefined) {
    return merged(
      filter.accounts.map((account) =>
        sql.exec<SummaryRow>(
          `SELECT ${columns('c')} FROM call_account AS a CROSS JOIN call AS c ON c.id = a.call_id
           WHERE a.account = ? AND a.call_id >= ? AND a.call_id < ? ORDER BY a.call_id DESC`,
          ...[account, range.from, range.before],
        ),
      ),
    );
  }
  if (filter.clientId !== undefined) return along('client_id', filter.clientId);
  return sql.exec<SummaryRow>(
    `SELECT ${columns('call')} FROM call WHERE id >= ? AND id < ? ORDER BY id DESC`,
    ...[range.from, range.before],
  );
}

/** Lists that each have the order of ids, as one; what is in several of them once. Reads no further than it is asked. */
function* merged(lists: ReadonlyArray<Iterable<SummaryRow>>): Generator<SummaryRow, void> {
  const heads = lists.map((list) => {
    const rows = list[Symbol.iterator]();
    return { rows, next: rows.next() };
  });
  for (;;) {
    const newest = Math.max(...heads.map(({ next }) => (next.done === true ? -1 : next.value.id)));
    if (newest < 0) return;
    let row: SummaryRow | undefined;
    for (const head of heads) {
      if (head.next.done === true || head.next.value.id !== newest) continue;
      row = head.next.value;
      head.next = head.rows.next();
    }
    yield row!;
  }
}

function matches(row: SummaryRow, filter: CallFilter): boolean {
  const { status } = filter;
  return (
    (filter.requestId === undefined || row.request_id === filter.requestId) &&
    (filter.idempotencyKey === undefined || row.idempotency_key === filter.idempotencyKey) &&
    (filter.trackId === undefined || row.track_id === filter.trackId) &&
    (filter.clientId === undefined || row.client_id === filter.clientId) &&
    (filter.source === undefined || row.source === filter.source) &&
    (filter.method === undefined || row.method === filter.method) &&
    (status === undefined || row.status === status || Math.floor(row.status / 100) === status) &&
    (filter.accounts === undefined || isAnyIn(filter.accounts, row.accounts))
  );
}

function isAnyIn(names: readonly string[], accounts: string): boolean {
  const named = JSON.parse(accounts) as string[];
  return names.some((name) => named.includes(name));
}

function notKeptIn(sql: SqlStorage, { from, before }: IdRange, secondsMax: number): NotKept[] {
  const secondOf = (id: number) => Math.floor(id / ID_STEP / 1_000);
  return sql
    .exec<{ second: number; calls: number }>(
      'SELECT second, calls FROM not_kept WHERE second >= ? AND second <= ? ORDER BY second DESC LIMIT ?',
      ...[secondOf(from), secondOf(before), secondsMax],
    )
    .toArray();
}
