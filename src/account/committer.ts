import { findCommits } from '../persistence/account-store.ts';
import { buildCommitBatch, type LaneGroup } from '../persistence/commit-batch.ts';
import { type BatchFailure, classifyBatchError, isGuard } from '../persistence/errors.ts';

/**
 * What became of one lane's group.
 *
 * - `committed`: it is durable; `groups` lanes' groups shared the batch.
 * - `stale`: somebody else was first; nothing happened; decide again.
 * - `refused`: a constraint that is no guard refused it; nothing happened.
 * - `overloaded`: D1 would not take it; nothing happened.
 * - `unknown`: it may or may not have happened, and asking did not help.
 */
export type GroupOutcome =
  | { readonly kind: 'committed'; readonly bookmark: string | null; readonly groups: number }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly constraint: string }
  | { readonly kind: 'overloaded' }
  | { readonly kind: 'unknown' };

/** Takes groups of any number of lanes to D1. Behind it is either the lane itself or one object that commits for all. */
export interface CommitPort {
  commit(group: LaneGroup): Promise<GroupOutcome>;
}

export interface CommitterPorts {
  readonly db: D1Database;
  /** Partner accounts became due: ask for their fold. Must not throw; what is not sent is found by the sweep. */
  readonly announceDue: (accountIds: readonly string[]) => void;
  readonly pause: (attempt: number) => Promise<void>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

export interface CommitterLimits {
  readonly commitAttemptsMax: number;
  readonly lookupAttemptsMax: number;
}

/**
 * Commits groups as one D1 batch. A batch that was refused is split in halves, so that only the guilty lane is
 * told to decide again; a batch whose outcome is unknown is looked up by its commit ids, and sent again under the same ids when absent.
 */
export class Committer {
  readonly #ports: CommitterPorts;
  readonly #limits: CommitterLimits;

  constructor(ports: CommitterPorts, limits: CommitterLimits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  /** Outcomes in the order of the groups. Never throws for a failure of D1. */
  commit(groups: readonly LaneGroup[]): Promise<GroupOutcome[]> {
    return this.#commit(groups, 1);
  }

  /** @param firstAttempt above 1 when an attempt before it, of a batch that held these groups, may yet arrive. */
  async #commit(groups: readonly LaneGroup[], firstAttempt: number): Promise<GroupOutcome[]> {
    for (let attempt = firstAttempt; ; attempt++) {
      const failure = await this.#send(groups);
      if (!('kind' in failure))
        return groups.map(() => ({ kind: 'committed', bookmark: failure.bookmark, groups: groups.length }));
      // After an attempt whose outcome is unknown, "not taken" is only true of the latest attempt: the first may yet arrive.
      if (failure.kind === 'overloaded' && attempt === 1) return groups.map(() => ({ kind: 'overloaded' }));
      if (failure.kind === 'refused') {
        if (groups.length > 1) return this.#split(groups, attempt);
        return [await this.#refused(groups[0]!, failure.constraint)];
      }
      this.#ports.log('commit.unknown', {
        attempt,
        groups: groups.length,
        message: failure.kind === 'unknown' ? failure.message : failure.kind,
      });
      const found = await this.#lookUp(groups);
      if (found === null) return groups.map(() => ({ kind: 'unknown' }));
      if (found.size === groups.length) return this.#foundCommitted(groups);
      if (found.size > 0) return this.#split(groups, attempt);
      if (attempt >= this.#limits.commitAttemptsMax) return groups.map(() => ({ kind: 'unknown' }));
      await this.#ports.pause(attempt);
    }
  }

  async #send(groups: readonly LaneGroup[]): Promise<BatchFailure | { bookmark: string | null }> {
    try {
      const session = this.#ports.db.withSession('first-primary');
      const { statements, marksDue } = buildCommitBatch(session as unknown as D1Database, groups);
      const results = await session.batch<Record<string, unknown>>(statements);
      if (marksDue) {
        const due = results[results.length - 1]!.results.map((row) => row.account_id as string);
        if (due.length > 0) this.#ports.announceDue(due);
      }
      return { bookmark: session.getBookmark() };
    } catch (error) {
      return classifyBatchError(error);
    }
  }

  async #split(groups: readonly LaneGroup[], attempt: number): Promise<GroupOutcome[]> {
    const middle = groups.length >> 1;
    const left = await this.#commit(groups.slice(0, middle), attempt);
    const right = await this.#commit(groups.slice(middle), attempt);
    return [...left, ...right];
  }

  /** A refused single group: its own earlier attempt may be what it collided with. */
  async #refused(group: LaneGroup, constraint: string): Promise<GroupOutcome> {
    if (!isGuard(constraint)) return { kind: 'refused', constraint };
    const found = await this.#lookUp([group]);
    if (found === null) return { kind: 'unknown' };
    if (found.size === 1) return this.#foundCommitted([group])[0]!;
    return { kind: 'stale' };
  }

  /** The reply of the batch is lost, and with it which accounts became due: name all, a fold of nothing is nothing. */
  #foundCommitted(groups: readonly LaneGroup[]): GroupOutcome[] {
    const accountIds = [...new Set(groups.flatMap((g) => g.deltaAccountIds))];
    if (accountIds.length > 0) this.#ports.announceDue(accountIds);
    return groups.map(() => ({ kind: 'committed', bookmark: null, groups: groups.length }));
  }

  async #lookUp(groups: readonly LaneGroup[]): Promise<Set<string> | null> {
    const commitIds = groups.map((g) => g.commitId);
    for (let attempt = 1; attempt <= this.#limits.lookupAttemptsMax; attempt++) {
      try {
        return await findCommits(this.#ports.db, commitIds);
      } catch (error) {
        this.#ports.log('commit.lookup_failed', { attempt, message: String(error) });
        await this.#ports.pause(attempt);
      }
    }
    return null;
  }
}
