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

/** Growth per commit of what is taken for usual, so that a database that became slower is learned within some dozens. */
const FORGET = 1.02;

/**
 * How busy D1 is, as the commits of one isolate's lanes see it. The database is one for all lanes, so what one of them learned holds for
 * its neighbours. A guess that is wrong costs a little time, never correctness.
 */
export class Contention {
  readonly #limits: AdaptiveLimits;
  /** What an own commit takes when D1 is idle: the least seen, forgotten slowly; null: the next one tells. */
  #usualMs: number | null;
  #sharedLeft = 0;

  constructor(limits: AdaptiveLimits) {
    this.#limits = limits;
    // Lanes that start together never see an idle D1: what is not fast is taken for contended until it proves otherwise.
    this.#usualMs = limits.contendedMinMs / limits.contendedFactor;
  }

  get isContended(): boolean {
    return this.#sharedLeft > 0;
  }

  ownCommitTook(tookMs: number): void {
    const { contendedFactor, contendedMinMs, sharedCommits } = this.#limits;
    const usualMs = this.#usualMs ?? tookMs;
    if (tookMs > contendedMinMs && tookMs > usualMs * contendedFactor) this.#sharedLeft = sharedCommits;
    this.#usualMs = Math.min(tookMs, usualMs * FORGET);
  }

  /** Goes on being shared while batches hold groups of other lanes. */
  sharedCommitHeld(groups: number): void {
    if (groups > 1) {
      this.#sharedLeft = this.#limits.sharedCommits;
      return;
    }
    this.#sharedLeft = Math.max(0, this.#sharedLeft - 1);
    // Nobody to share with: D1 is not busy but far away, and that is what an own commit takes.
    if (this.#sharedLeft === 0) this.#usualMs = null;
  }
}

/**
 * Two ways to D1, chosen per commit. A busy lane is fastest with batches of its own; many lanes with small groups are fastest when
 * one object commits for all, since D1 is one thread and a batch costs nearly the same however many groups it holds. What tells
 * them apart is the time that an own small commit takes against what it takes when D1 is idle (docs/decisions/005).
 */
export class AdaptiveCommits implements CommitPort {
  readonly #own: CommitPort;
  readonly #shared: CommitPort;
  readonly #contention: Contention;
  readonly #nowMs: () => number;
  readonly #ownCommitCommandsMin: number;

  constructor(
    own: CommitPort,
    shared: CommitPort,
    contention: Contention,
    nowMs: () => number,
    limits: AdaptiveLimits,
  ) {
    this.#own = own;
    this.#shared = shared;
    this.#contention = contention;
    this.#nowMs = nowMs;
    this.#ownCommitCommandsMin = limits.ownCommitCommandsMin;
  }

  async commit(group: LaneGroup): Promise<GroupOutcome> {
    if (group.commands >= this.#ownCommitCommandsMin) return this.#own.commit(group);
    if (this.#contention.isContended) {
      const outcome = await this.#shared.commit(group);
      this.#contention.sharedCommitHeld(outcome.kind === 'committed' ? outcome.groups : 1);
      return outcome;
    }
    const startedAtMs = this.#nowMs();
    const outcome = await this.#own.commit(group);
    this.#contention.ownCommitTook(this.#nowMs() - startedAtMs);
    return outcome;
  }
}
