/** How long a piece of work rests after it. */
export interface PaceLimits {
  readonly queryWorkPercent: number;
  readonly queryRestMsMax: number;
}

/**
 * Writers first: while there are commits, all running jobs together work for a few per cent of the time, because D1 and, on one machine, the
 * thread are the writers', too. Without commits there is no rest.
 */
export class Pace {
  readonly #limits: PaceLimits;
  #lastCommit: number | null = null;
  #isWritten = false;
  #runningJobs = 1;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /** Takes in how the database is: there are writers when there was a commit since the last look. */
  observe({ lastCommit, runningJobs }: { readonly lastCommit: number; readonly runningJobs: number }): void {
    this.#isWritten = this.#lastCommit !== null && lastCommit > this.#lastCommit;
    this.#lastCommit = lastCommit;
    this.#runningJobs = Math.max(1, runningJobs);
  }

  /**
   * @param workMs how long the last piece of work took, milliseconds
   * @returns how long to rest before the next one, milliseconds
   */
  restAfter(workMs: number): number {
    if (!this.#isWritten) return 0;
    const share = this.#limits.queryWorkPercent / 100 / this.#runningJobs;
    return Math.min(this.#limits.queryRestMsMax, Math.ceil(workMs * (1 / share - 1)));
  }
}

/** The next page of a copy: as many rows as keep D1 busy for the wished time, at most twice as many as before. */
export function nextPageRows(
  rows: number,
  { busyMs, bytes }: { readonly busyMs: number; readonly bytes: number },
  limits: {
    readonly copyPageRowsMin: number;
    readonly copyPageRowsMax: number;
    readonly copyPageMs: number;
    readonly copyPageBytes: number;
  },
): number {
  const fill = Math.max(busyMs / limits.copyPageMs, bytes / limits.copyPageBytes);
  const wished = fill > 0 ? rows / fill : rows * 2;
  return Math.round(Math.max(limits.copyPageRowsMin, Math.min(limits.copyPageRowsMax, rows * 2, wished)));
}
