import { placement } from '../../account/client.ts';
import { type Env, type Limits, limits } from '../../env.ts';
import { CallBudget } from '../../persistence/api-log/call-budget.ts';
import type { NotKept } from '../../persistence/api-log/logged-call.ts';
import { LOG_NAME } from '../../persistence/api-log/logged-call.ts';
import { log } from '../../persistence/log.ts';
import { type PassedCall, toLoggedCall } from './entries.ts';

/** So long after a sending should have begun, it is taken for lost with the request that it was to be done behind, milliseconds. */
const SENDING_LOST_AFTER_MS = 30_000;

/** Work that goes on behind a reply. */
export interface Background {
  waitUntil(promise: Promise<unknown>): void;
}

/**
 * The calls of this isolate that wait for the log. Nobody waits for them: the first one starts a sending behind its own reply, which takes all that have
 * come until then. What is over a limit, and what the log does not take, is counted by the second that it began in.
 */
export class ApiLogBuffer {
  readonly #limits: Limits;
  readonly #successes: CallBudget;
  readonly #failures: CallBudget;
  #calls: PassedCall[] = [];
  #characters = 0;
  #notKept = new Map<number, number>();
  /** Until then a sending that was started is believed in; 0 when there is none. */
  #sendingUntilMs = 0;

  constructor(given: Limits = limits) {
    this.#limits = given;
    const [successes, failures] = [given.apiLogCallsPerSecondMax, given.apiLogFailuresPerSecondMax];
    this.#successes = new CallBudget({ perSecond: successes, burst: successes });
    this.#failures = new CallBudget({ perSecond: failures, burst: failures });
  }

  /** Whether a call is kept; one that is not is counted. */
  admits(isFailed: boolean, atMs: number, nowMs: number): boolean {
    const isAdmitted =
      (isFailed ? this.#failures : this.#successes).take(nowMs) &&
      this.#calls.length < this.#limits.apiLogBufferCallsMax;
    if (!isAdmitted) this.#count(secondOf(atMs), 1);
    return isAdmitted;
  }

  /** Takes a call that was admitted; one whose bodies have no room is counted. */
  keep(call: PassedCall): void {
    const characters = (call.requestText?.length ?? 0) + (call.replyText?.length ?? 0);
    if (this.#characters + characters > this.#limits.apiLogBufferCharactersMax) {
      this.#count(secondOf(call.atMs), 1);
      return;
    }
    this.#calls.push(call);
    this.#characters += characters;
  }

  /** Sees to it that what waits is sent: behind this reply, unless it already is behind another. */
  sendBehind(background: () => Background | null, env: Env, nowMs: number): void {
    if (nowMs < this.#sendingUntilMs) return;
    const own = background();
    if (own === null) return;
    this.#sendingUntilMs = nowMs + this.#limits.apiLogPauseMs + SENDING_LOST_AFTER_MS;
    own.waitUntil(this.#sendLater(env));
  }

  /** Sends what waits, now. What the log does not take is counted, and told with the next sending. */
  async send(env: Env): Promise<void> {
    const calls = this.#calls;
    const notKept = this.#notKept;
    this.#calls = [];
    this.#characters = 0;
    this.#notKept = new Map();
    this.#sendingUntilMs = 0;
    if (calls.length === 0 && notKept.size === 0) return;
    const told: NotKept[] = [...notKept].map(([second, count]) => ({ second, calls: count }));
    try {
      const object = env.LOG.get(env.LOG.idFromName(LOG_NAME), placement(env));
      await object.append(calls.map(toLoggedCall), told);
    } catch (error) {
      for (const { atMs } of calls) this.#count(secondOf(atMs), 1);
      for (const { second, calls: count } of told) this.#count(second, count);
      log('api_log.not_taken', { calls: calls.length, message: String(error) });
    }
  }

  async #sendLater(env: Env): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#limits.apiLogPauseMs));
    await this.send(env);
  }

  #count(second: number, calls: number): void {
    this.#notKept.set(second, (this.#notKept.get(second) ?? 0) + calls);
    if (this.#notKept.size <= this.#limits.apiLogSecondsMax) return;
    for (const first of this.#notKept.keys()) {
      this.#notKept.delete(first);
      return;
    }
  }
}

const secondOf = (atMs: number) => Math.floor(atMs / 1_000);

/** That of this isolate. */
export const apiLogBuffer = new ApiLogBuffer();
