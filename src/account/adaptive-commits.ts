import type { LaneGroup } from '../persistence/commit-batch.ts';
import type { CommitPort, GroupOutcome } from './committer.ts';

export interface AdaptiveLimits {
  /** A group of at least so many commands fills a batch by itself: it is committed by its own lane. */
  readonly ownCommitCommandsMin: number;
  /** An own commit that takes so many times the usual waits for other lanes' batches … */
  readonly contendedFactor: number;
  /** … unless it is this fast all the same, milliseconds. */
  readonly contendedMinMs: number;
  /** Commits that then go to the shared committer before an own one is tried again. */
  readonly sharedCommits: number;
}

/**
 * Two ways to D1, chosen per commit. A busy lane is fastest with batches of its own; many lanes with small groups are fastest when
 * one object commits for all, since D1 is one thread and a batch costs the same however many groups it holds. What tells
 * them apart is the time that an own small commit takes against what it takes when D1 is idle (docs/decisions/005).
 */
export class AdaptiveCommits implements CommitPort {
  readonly #own: CommitPort;
  readonly #shared: CommitPort;
  readonly #nowMs: () => number;
  readonly #limits: AdaptiveLimits;
  /** What an own commit takes when D1 is idle: the least seen, forgotten slowly. */
  #usualMs = Number.POSITIVE_INFINITY;
  #sharedLeft = 0;

  constructor(own: CommitPort, shared: CommitPort, nowMs: () => number, limits: AdaptiveLimits) {
    this.#own = own;
    this.#shared = shared;
    this.#nowMs = nowMs;
    this.#limits = limits;
  }

  async commit(group: LaneGroup): Promise<GroupOutcome> {
    if (group.commands >= this.#limits.ownCommitCommandsMin) return this.#own.commit(group);
    if (this.#sharedLeft > 0) return this.#commitShared(group);
    const startedAtMs = this.#nowMs();
    const outcome = await this.#own.commit(group);
    const tookMs = this.#nowMs() - startedAtMs;
    this.#usualMs = Math.min(tookMs, this.#usualMs * FORGET);
    const { contendedFactor, contendedMinMs, sharedCommits } = this.#limits;
    if (tookMs > contendedMinMs && tookMs > this.#usualMs * contendedFactor) this.#sharedLeft = sharedCommits;
    return outcome;
  }

  /** Goes on being shared while batches hold groups of other lanes. */
  async #commitShared(group: LaneGroup): Promise<GroupOutcome> {
    this.#sharedLeft--;
    const outcome = await this.#shared.commit(group);
    if (outcome.kind === 'committed' && outcome.groups > 1) this.#sharedLeft = this.#limits.sharedCommits;
    return outcome;
  }
}

/** Growth per commit of what is taken for usual, so that a database that became slower is learned within some dozens. */
const FORGET = 1.02;
