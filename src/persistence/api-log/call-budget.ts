/** So many calls may be kept at once, and so many more in each second. */
export interface CallRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What is left of a rate, as of an instant. */
export interface CallAllowance {
  readonly left: number;
  readonly atMs: number;
}

/**
 * Which calls are kept: what was not used is there later, up to the burst. A clock that goes back gives nothing and takes nothing.
 */
export class CallBudget {
  readonly #rate: CallRate;
  #left: number;
  #atMs: number;

  constructor(rate: CallRate, allowance: CallAllowance = { left: rate.burst, atMs: 0 }) {
    this.#rate = rate;
    this.#left = allowance.left;
    this.#atMs = allowance.atMs;
  }

  /** Takes one; false when there is none now. */
  take(nowMs: number): boolean {
    if (nowMs > this.#atMs) {
      const gained = ((nowMs - this.#atMs) * this.#rate.perSecond) / 1_000;
      this.#left = Math.min(this.#rate.burst, this.#left + gained);
      this.#atMs = nowMs;
    }
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  allowance(): CallAllowance {
    return { left: this.#left, atMs: this.#atMs };
  }
}
