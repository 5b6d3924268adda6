import { DurableObject } from 'cloudflare:workers';
import { type Env, limits } from '../env.ts';
import type { LaneGroup } from '../persistence/commit-batch.ts';
import { databaseOf } from '../persistence/database.ts';
import { placement } from './client.ts';
import { CommitQueue } from './commit-queue.ts';
import type { CommitPort, GroupOutcome } from './committer.ts';
import { committerOf, SettingsView } from './engine-runtime.ts';
import { yieldToArrivals } from './runtime.ts';

/** Commits for all lanes of one database: groups that arrive while a batch is on its way share the next one. */
export class CommitObject extends DurableObject<Env> {
  #queue: CommitQueue | null = null;

  commit(group: LaneGroup): Promise<GroupOutcome> {
    if (this.#queue === null) {
      const db = databaseOf(this.env);
      this.#queue = new CommitQueue(
        committerOf(this.env, db, new SettingsView(db)),
        { yieldToArrivals },
        limits,
      );
    }
    return this.#queue.commit(group);
  }
}

/** The shared committer as a lane sees it. A lost call is an unknown outcome: the same group may be sent again. */
export function sharedCommits(env: Env): CommitPort {
  const id = env.COMMITS.idFromName('database');
  let stub = env.COMMITS.get(id, placement(env));
  return {
    async commit(group) {
      for (let attempt = 1; attempt <= limits.commitAttemptsMax; attempt++) {
        try {
          const outcome = await stub.commit(group);
          // "Not taken" is only true of this call: the one that was lost may have been committed.
          return attempt > 1 && outcome.kind === 'overloaded' ? { kind: 'unknown' } : outcome;
        } catch {
          stub = env.COMMITS.get(id, placement(env));
        }
      }
      return { kind: 'unknown' };
    },
  };
}
