import type { Limits } from '../../env.ts';
import { CallBudget } from './call-budget.ts';
import { page } from './log-page.ts';
import { type CallRow, callOf, ID_STEP, SCHEMA } from './log-rows.ts';
import type { CallFilter, CallPage, LoggedCall, NotKept } from './logged-call.ts';

const DAY_MS = 86_400_000;
/** A row without its texts, with its places in the indexes, bytes. */
const ROW_BYTES = 600;

/** What the log holds, and what its budget has left. */
interface LogState {
  readonly calls: number;
  readonly bytes: number;
  readonly successesLeft: number;
  readonly failuresLeft: number;
  readonly atMs: number;
}

const encoder = new TextEncoder();

/**
 * The log's tables. A call's id is its time in milliseconds and a place in that millisecond, so every index has the order of time, whatever order calls arrive in, and
 * a page goes on where the one before has ended.
 */
export class LogStore {
  readonly #sql: SqlStorage;
  readonly #limits: Limits;

  constructor(sql: SqlStorage, limits: Limits) {
    this.#sql = sql;
    this.#limits = limits;
    sql.exec(SCHEMA);
  }

  append(calls: readonly LoggedCall[], notKept: readonly NotKept[], nowMs: number): void {
    const state = this.#state();
    const { apiLogBurstCallsMax: burst, apiLogSustainedCallsPerSecond: perSecond } = this.#limits;
    const successes = new CallBudget({ perSecond, burst }, { left: state.successesLeft, atMs: state.atMs });
    const failures = new CallBudget(
      { perSecond: perSecond / 2, burst: burst / 2 },
      { left: state.failuresLeft, atMs: state.atMs },
    );
    let [kept, bytes] = [0, 0];
    const over = new Map<number, number>();
    for (const call of calls) {
      const size = bytesOf(call);
      if ((call.isFailed ? failures : successes).take(nowMs) && this.#insert(call, size)) {
        kept += 1;
        bytes += size;
      } else {
        const second = Math.floor(call.atMs / 1_000);
        over.set(second, (over.get(second) ?? 0) + 1);
      }
    }
    for (const { second, calls: count } of notKept) over.set(second, (over.get(second) ?? 0) + count);
    for (const [second, count] of over) this.#countNotKept(second, count);
    this.#write({
      calls: state.calls + kept,
      bytes: state.bytes + bytes,
      successesLeft: successes.allowance().left,
      failuresLeft: failures.allowance().left,
      atMs: Math.max(state.atMs, nowMs),
    });
  }

  /** One step of removing what is too old or too much: at most so many calls, and so many seconds. What is left to be removed, now or in time. */
  removeOldest(nowMs: number, callsMax: number): 'more' | 'later' | 'nothing' {
    const state = this.#state();
    const oldest = this.#oldestId(nowMs);
    let { calls, bytes } = state;
    const rows = this.#sql
      .exec<{ id: number; bytes: number; accounts: string }>(
        'SELECT id, bytes, accounts FROM call ORDER BY id LIMIT ?',
        callsMax,
      )
      .toArray();
    const isOver = (id: number) =>
      id < oldest || calls > this.#limits.apiLogCallsMax || bytes > this.#limits.apiLogBytesMax;
    let removed = 0;
    for (const row of rows) {
      if (!isOver(row.id)) break;
      for (const account of JSON.parse(row.accounts) as string[]) {
        this.#sql.exec('DELETE FROM call_account WHERE account = ? AND call_id = ?', account, row.id);
      }
      this.#sql.exec('DELETE FROM call WHERE id = ?', row.id);
      removed += 1;
      calls -= 1;
      bytes -= row.bytes;
    }
    if (removed > 0) this.#write({ ...state, calls, bytes });
    const seconds = this.#sql.exec(
      'DELETE FROM not_kept WHERE second IN (SELECT second FROM not_kept WHERE second < ? ORDER BY second LIMIT ?)',
      Math.floor(oldest / ID_STEP / 1_000),
      callsMax,
    ).rowsWritten;
    if (removed === callsMax || seconds >= callsMax) return 'more';
    const isEmpty =
      this.#sql
        .exec<{ isEmpty: number }>(
          'SELECT NOT EXISTS (SELECT 1 FROM call) AND NOT EXISTS (SELECT 1 FROM not_kept) AS isEmpty',
        )
        .one().isEmpty === 1;
    return isEmpty ? 'nothing' : 'later';
  }

  list(filter: CallFilter, pageSize: number, nowMs: number): CallPage {
    return page(this.#sql, filter, {
      pageSize,
      oldest: this.#oldestId(nowMs),
      scannedMax: this.#limits.apiLogCallsScannedMax,
      secondsMax: this.#limits.apiLogSecondsShownMax,
    });
  }

  find(requestId: string, nowMs: number): LoggedCall | null {
    const [row] = this.#sql
      .exec<CallRow>(
        'SELECT * FROM call WHERE request_id = ? AND id >= ? ORDER BY id DESC LIMIT 1',
        requestId,
        this.#oldestId(nowMs),
      )
      .toArray();
    return row === undefined ? null : callOf(row);
  }

  #oldestId(nowMs: number): number {
    return (nowMs - this.#limits.apiLogDays * DAY_MS) * ID_STEP;
  }

  /** False when its millisecond has no place left. */
  #insert(call: LoggedCall, bytes: number): boolean {
    const first = call.atMs * ID_STEP;
    const { id } = this.#sql
      .exec<{ id: number }>(
        'SELECT coalesce(max(id) + 1, ?1) AS id FROM call WHERE id >= ?1 AND id < ?2',
        first,
        first + ID_STEP,
      )
      .one();
    if (id >= first + ID_STEP) return false;
    this.#sql.exec(
      `INSERT INTO call (id, request_id, track_id, client_id, source, method, path, status, ms, accounts, idempotency_key, is_replayed,
         is_failed, error_codes, bytes, request_characters, request_left_out, reply_characters, reply_left_out, request_text, reply_text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, call.requestId, call.trackId, call.clientId, call.source, call.method, call.path, call.status],
      ...[call.ms, JSON.stringify(call.accounts), call.idempotencyKey, Number(call.isReplayed)],
      ...[Number(call.isFailed), JSON.stringify(call.errorCodes), bytes],
      ...[call.request?.characters ?? null, leftOutOf(call.request)],
      ...[call.reply?.characters ?? null, leftOutOf(call.reply)],
      ...[call.request?.text ?? null, call.reply?.text ?? null],
    );
    for (const account of call.accounts) {
      this.#sql.exec('INSERT OR IGNORE INTO call_account (account, call_id) VALUES (?, ?)', account, id);
    }
    return true;
  }

  #countNotKept(second: number, calls: number): void {
    this.#sql.exec(
      'INSERT INTO not_kept (second, calls) VALUES (?, ?) ON CONFLICT (second) DO UPDATE SET calls = calls + excluded.calls',
      second,
      calls,
    );
  }

  #state(): LogState {
    const { apiLogBurstCallsMax: burst } = this.#limits;
    const [state] = this.#sql
      .exec<{ [K in keyof LogState]: number }>(
        'SELECT calls, bytes, successes_left AS successesLeft, failures_left AS failuresLeft, at_ms AS atMs FROM log_state',
      )
      .toArray();
    return state ?? { calls: 0, bytes: 0, successesLeft: burst, failuresLeft: burst / 2, atMs: 0 };
  }

  #write({ calls, bytes, successesLeft, failuresLeft, atMs }: LogState): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO log_state (id, calls, bytes, successes_left, failures_left, at_ms) VALUES (1, ?, ?, ?, ?, ?)',
      ...[calls, bytes, successesLeft, failuresLeft, atMs],
    );
  }
}

function leftOutOf(body: LoggedCall['request']): string | null {
  // Told apart from no body at all, which has neither text nor reason.
  return body === null ? 'none' : body.leftOut;
}

function bytesOf({ path, request, reply }: LoggedCall): number {
  const text = path + (request?.text ?? '') + (reply?.text ?? '');
  return ROW_BYTES + encoder.encode(text).byteLength;
}
