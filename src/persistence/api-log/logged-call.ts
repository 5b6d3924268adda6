/** The name of the one object that there is. */
export const LOG_NAME = 'calls';

/** Why there is nothing to show of a body: it is not kept for such operations, it names a secret where none can be taken out, it is no JSON text. */
export type LeftOut = 'operation' | 'secret' | 'notJson';

/** A body as it is kept: without secrets, cut at limits.apiLogBodyCharactersMax. */
export interface LoggedBody {
  readonly text: string | null;
  /** Of all of it, as it was sent; null when nobody counted them. */
  readonly characters: number | null;
  readonly leftOut: LeftOut | null;
}

/** Over HTTP, or from a web page of ours. */
export type CallSource = 'api' | 'page';

/** One call of the API, as lists show it. */
export interface CallSummary {
  readonly requestId: string;
  readonly trackId: string | null;
  /** When it began, milliseconds since 1970. */
  readonly atMs: number;
  /** Who called; null when that was not known yet when the call was refused. */
  readonly clientId: string | null;
  readonly source: CallSource;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  /** Ids, numbers and keys of accounts that the call or its reply named. */
  readonly accounts: readonly string[];
  readonly idempotencyKey: string | null;
  /** The reply is the one that was kept for the key. */
  readonly isReplayed: boolean;
  readonly errorCodes: readonly string[];
}

export interface LoggedCall extends CallSummary {
  /** Refused or failed, also where an older version's reply says so with status 200. */
  readonly isFailed: boolean;
  /** null: none was sent. */
  readonly request: LoggedBody | null;
  readonly reply: LoggedBody | null;
}

/** Calls that began in one second, seconds since 1970, and were not kept. */
export interface NotKept {
  readonly second: number;
  readonly calls: number;
}

/** What to list: all that is given must hold. */
export interface CallFilter {
  readonly requestId?: string | undefined;
  readonly trackId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** Names of one account: a call that named any of them is found. */
  readonly accounts?: readonly string[] | undefined;
  readonly clientId?: string | undefined;
  readonly source?: CallSource | undefined;
  readonly method?: string | undefined;
  /** 404, or 4 for all from 400 to 499. */
  readonly status?: number | undefined;
  /** From this instant on, and before that one; milliseconds since 1970. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** `next` of the page before. */
  readonly before?: number | undefined;
}

export interface CallPage {
  /** Newest first. */
  readonly calls: readonly CallSummary[];
  /** Where the next page goes on; null when there is none. A page may have fewer calls than it could and still not be the last one. */
  readonly next: number | null;
  /** Of the time that the page is about, newest first; of all clients, whatever the filter. */
  readonly notKept: readonly NotKept[];
}
