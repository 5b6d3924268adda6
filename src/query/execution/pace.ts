/** How long a piece of work rests after it. */
export interface PaceLimits {
  readonly queryWorkPercent: number;
  readonly queryRestMsMax: number;
  readonly queryCalmMs: number;
}

/**
 * Writers first: while there are commits, all running jobs together work for a few per cent of the time, because D1 and, on one machine, the
 * thread are the writers', too. When there was none for a while there is no rest.
 */
export class Pace {
  readonly #limits: PaceLimits;
  #lastCommitMs = Number.NEGATIVE_INFINITY;
  #runningJobs = 1;

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /** Takes in how the database is. */
  observe({
    lastCommitAt,
    runningJobs,
  }: {
    readonly lastCommitAt: string | null;
    readonly runningJobs: number;
  }): void {
    this.#lastCommitMs = lastCommitAt === null ? Number.NEGATIVE_INFINITY : Date.parse(lastCommitAt);
    this.#runningJobs = Math.max(1, runningJobs);
  }

  /**
   * @param workMs how long the last piece of work took, milliseconds
   * @param nowMs the time now
   * @returns how long to rest before the next one, milliseconds
   */
  restAfter(workMs: number, nowMs: number): number {
    if (nowMs - this.#lastCommitMs > this.#limits.queryCalmMs) return 0;
    const share = this.#limits.queryWorkPercent / 100 / this.#runningJobs;
    return Math.min(this.#limits.queryRestMsMax, Math.ceil(workMs * (1 / share - 1)));
  }
}

/** What a page takes of a shared thread beside D1's own time, as multiples of that: it is written and read as JSON. */
const BESIDE_D1 = 2;

/** Time that reading a page of a copy took from others: not the time that it waited for them, which is in `wallMs`, too. */
export function workOfPage({ busyMs, wallMs }: { readonly busyMs: number; readonly wallMs: number }): number {
  return Math.min(wallMs, busyMs * (1 + BESIDE_D1));
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
