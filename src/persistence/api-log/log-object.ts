import { DurableObject } from 'cloudflare:workers';
import { type Env, limits } from '../../env.ts';
import { LogStore } from './log-store.ts';
import type { CallFilter, CallPage, LoggedCall, NotKept } from './logged-call.ts';

/** The API log of a deployment: calls of the last days, in the object's own SQLite (docs/decisions/016). */
export class LogObject extends DurableObject<Env> {
  readonly #store: LogStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new LogStore(ctx.storage.sql, limits);
  }

  /** Keeps what an isolate has gathered, as far as the log's own budget goes, and removes what is too old or too much. */
  async append(calls: readonly LoggedCall[], notKept: readonly NotKept[]): Promise<void> {
    this.#store.append(calls, notKept, Date.now());
    this.#store.removeOldest(Date.now(), limits.apiLogRemovedCallsMax + calls.length);
    const { storage } = this.ctx;
    if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + limits.apiLogRemoveAfterMs);
  }

  list(filter: CallFilter, pageSize: number): CallPage {
    return this.#store.list(filter, pageSize, Date.now());
  }

  /** null: there is no such call, or it was not kept, or its time is over. */
  find(requestId: string): LoggedCall | null {
    return this.#store.find(requestId, Date.now());
  }

  /** What is too old goes also when nobody calls any more. */
  override async alarm(): Promise<void> {
    const left = this.#store.removeOldest(Date.now(), limits.apiLogRemovedCallsMax);
    if (left === 'nothing') return;
    const pauseMs = left === 'more' ? limits.apiLogRemoveNextMs : limits.apiLogRemoveAfterMs;
    await this.ctx.storage.setAlarm(Date.now() + pauseMs);
  }
}
