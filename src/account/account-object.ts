import { DurableObject } from 'cloudflare:workers';
import type { Command, CommandOutcome } from '../domain/account/command.ts';
import { type Env, limits } from '../env.ts';
import { databaseOf } from '../persistence/database.ts';
import { log } from '../persistence/log.ts';
import { rulesOf } from '../persistence/tenant-settings.ts';
import { AdaptiveCommits, Contention } from './adaptive-commits.ts';
import { commands } from './commands.ts';
import { sharedCommits } from './commit-object.ts';
import type { CommitPort } from './committer.ts';
import { committerOf, SettingsView } from './engine-runtime.ts';
import { Lane } from './lane.ts';
import { newTimeOrderedId, pauseBetweenAttempts, tenantClock, yieldToArrivals } from './runtime.ts';

/** One for all lanes of this isolate: they share the database. */
const contention = new Contention(limits);

/**
 * The object of one account: takes its commands one after another, many per commit. Keeps nothing of its own; what it remembers
 * is a cache of D1, and the guards of every commit prove that it was right.
 */
export class AccountObject extends DurableObject<Env> {
  #lane: Promise<Lane> | null = null;

  /** Takes one command and answers after its commit. Never throws for anything that a command can hold. */
  async execute(laneId: string, command: Command, resent: boolean): Promise<CommandOutcome> {
    this.#lane ??= this.#start(laneId);
    return (await this.#lane).submit(command, resent);
  }

  #commits(own: CommitPort): CommitPort {
    if (this.env.COMMIT_SEAM === 'lane') return own;
    const shared = sharedCommits(this.env);
    if (this.env.COMMIT_SEAM === 'shared') return shared;
    return new AdaptiveCommits(own, shared, contention, Date.now, limits);
  }

  /** The tenant's day and rules are known before the first decision; afterwards settings are read behind the writes. */
  async #start(laneId: string): Promise<Lane> {
    const db = databaseOf(this.env);
    const settings = new SettingsView(db);
    await settings.read();
    const committer = committerOf(this.env, db, settings);
    const ownCommits: CommitPort = { commit: async (group) => (await committer.commit([group]))[0]! };
    let clock = tenantClock(settings.current().timeZone);
    let zone = settings.current().timeZone;
    return new Lane(
      laneId,
      {
        db,
        commits: this.#commits(ownCommits),
        commands,
        clock: () => {
          const current = settings.current().timeZone;
          if (current !== zone) {
            zone = current;
            clock = tenantClock(zone);
          }
          return clock();
        },
        rules: () => rulesOf(settings.current()),
        newId: newTimeOrderedId,
        pause: pauseBetweenAttempts,
        yieldToArrivals,
        log,
        info: this.env.LOG_LEVEL === 'info' ? log : () => undefined,
      },
      limits,
    );
  }
}
