import { env } from 'cloudflare:workers';
import { commands as engineCommands } from '../../src/account/commands.ts';
import { CommitQueue } from '../../src/account/commit-queue.ts';
import { type CommitPort, Committer } from '../../src/account/committer.ts';
import { Lane } from '../../src/account/lane.ts';
import { outcomeOf, UNKNOWN_OUTCOME } from '../../src/account/outcomes.ts';
import type { Command, CommandOutcome } from '../../src/domain/account/command.ts';
import { asynchronousCommands } from '../../src/domain/async-jobs/asynchronous-commands.ts';
import { limits } from '../../src/env.ts';
import { sweepBillRuns } from '../../src/jobs/bill-runs/run-bill-run.ts';
import { consumeMetrics } from '../../src/jobs/consume.ts';
import { consumeJobs, type JobMessage } from '../../src/jobs/consume-jobs.ts';
import { sweepJobs, sweepMetrics } from '../../src/jobs/sweep.ts';
import { dueAnnouncer, type MetricsMessage } from '../../src/persistence/outbox.ts';
import { defaultRules } from '../support/tenant-rules.ts';
import { type DatabaseFaults, FaultyDatabase, NO_FAULTS } from './faulty-database.ts';
import { flipCommand } from './flip-command.ts';
import { TODAY } from './order-action-bodies.ts';
import type { Random } from './random.ts';

export interface WorldFaults {
  readonly database: DatabaseFaults;
  /** A send to the queue fails. */
  readonly sendFails: number;
  /** A message is delivered twice. */
  readonly duplicate: number;
  /** The consumer dies after its work, before acknowledging. */
  readonly consumerDies: number;
  /** An account object is aborted while commands are on their way. */
  readonly abort: number;
  /** Clocks differ by up to twice this much, and go back. */
  readonly clockSkewMs: number;
}

interface Copy {
  readonly lane: Lane;
  abort: () => void;
  readonly aborted: Promise<'aborted'>;
}

const commands = new Map([...engineCommands, flipCommand]);
/** Small, so that groups, leases and the cache overflow within one run. */
const SMALL_LIMITS = {
  ...limits,
  decideAttemptsMax: 40,
  leaseNumbersMin: 2,
  groupCommandsMax: 16,
  cacheEntitiesMax: 12,
};

/** Before every acceptance: no job of a simulation is so old that it would be given up, whatever the clocks say. */
const BEFORE_ALL = '2026-01-01T00:00:00.000Z';
const AFTER_ALL = '2027-01-01T00:00:00.000Z';
/** A bill run of a few accounts travels in fewer messages than this. */
const DRAIN_ROUNDS_MAX = 40;

/** Two rival copies of every account's object, the queues and their consumers, over one faulty database. */
export class World {
  readonly database: FaultyDatabase;
  readonly #random: Random;
  readonly #faults: WorldFaults;
  readonly #copies = new Map<string, Copy[]>();
  readonly #messages: MetricsMessage[] = [];
  readonly #jobMessages: JobMessage[] = [];
  readonly #shared: CommitPort | null;
  #calm = false;
  #timeMs = Date.parse('2026-03-01T00:00:00.000Z');

  constructor(
    real: D1Database,
    random: Random,
    faults: WorldFaults,
    mode: { guarded: boolean; sharedCommits: boolean },
  ) {
    this.#random = random;
    this.#faults = faults;
    this.database = new FaultyDatabase(real, random, faults.database, mode.guarded);
    this.#shared = mode.sharedCommits
      ? new CommitQueue(this.#committer(), { yieldToArrivals: () => Promise.resolve() }, limits)
      : null;
  }

  /** Sends a command as the Worker does: a fresh copy after an abort, the same command id. */
  async send(laneId: string, command: Command): Promise<CommandOutcome | null> {
    for (let attempt = 1; attempt <= limits.commitAttemptsMax; attempt++) {
      const copies = this.#copiesOf(laneId);
      const copy = copies[this.#random.integer(0, copies.length - 1)]!;
      const reply = copy.lane.submit(command, attempt > 1);
      if (this.#random.chance(this.#faults.abort) && !this.#calm) {
        await Promise.resolve();
        copies[copies.indexOf(copy)] = this.#newCopy(laneId);
        copy.abort();
      }
      const outcome = await Promise.race([reply, copy.aborted]);
      if (outcome !== 'aborted') return outcome;
    }
    return null;
  }

  /** One turn of the queues. */
  async deliver(): Promise<void> {
    const { port: db } = this.database;
    const log = () => undefined;
    await this.#deliver(this.#messages, (batch) => consumeMetrics(batch, { db, now: () => this.now(), log }));
    await this.#deliver(this.#jobMessages, (batch) =>
      consumeJobs(batch, {
        db,
        bucket: env.FILES,
        // Calm, so much time has passed that whatever was left alone is asked for again.
        now: () => (this.#calm ? AFTER_ALL : BEFORE_ALL),
        newId: () => this.#random.id(),
        asynchronousCommands,
        gateways: new Map(),
        execute: async (laneId, command) =>
          (await this.send(laneId, command)) ?? outcomeOf(UNKNOWN_OUTCOME, command),
        send: (message) => this.announce([message]),
        sendAll: (messages) => this.announce(messages),
        // Nobody asks for files here.
        queries: { advance: async () => 'done', onFinished: async () => undefined },
        jobEnds: { noticeOf: async () => null, allowLoopback: false },
        log,
      }),
    );
  }

  /** Messages about accepted work, which may not get through. */
  async announce(messages: readonly JobMessage[]): Promise<void> {
    this.#failSend();
    this.#jobMessages.push(...messages);
  }

  /** Some messages, in any order, some of them twice. */
  async #deliver<Body>(queue: Body[], consume: (batch: MessageBatch) => Promise<void>): Promise<void> {
    const taken = this.#random
      .shuffle(queue.splice(0))
      .flatMap((message) =>
        !this.#calm && this.#random.chance(this.#faults.duplicate) ? [message, message] : [message],
      );
    if (taken.length === 0) return;
    const kept = new Set(taken);
    const messages = taken.map((body, i) => ({
      id: String(i),
      body,
      timestamp: new Date(),
      attempts: 1,
      ack: () => void kept.delete(body),
      retry: () => void kept.add(body),
    }));
    await consume({ queue: 'simulated', messages } as unknown as MessageBatch);
    const died = !this.#calm && this.#random.chance(this.#faults.consumerDies);
    queue.push(...(died ? taken : kept));
  }

  /** The cron's sweep. Its own reads may fail: the next minute it runs again. */
  async sweep(): Promise<void> {
    // Due rows may carry a time ahead of this clock: the sweep of a minute later finds them, so it looks from there.
    const later = new Date(this.#timeMs + 2 * this.#faults.clockSkewMs + 3_600_000).toISOString();
    const announceDue = this.#announcer();
    await sweepMetrics({ db: this.database.port, announceDue, now: () => later, foldDelayMs: 0 }).catch(
      () => undefined,
    );
    const announce = (messages: readonly JobMessage[]) => this.announce(messages);
    await sweepJobs(this.database.port, later, announce).catch(() => undefined);
    await sweepBillRuns(this.database.port, announce).catch(() => undefined);
  }

  /** From here on nothing fails; what was reported as lost may still arrive. */
  async calm(): Promise<void> {
    this.#calm = true;
    this.database.faults = NO_FAULTS;
    await this.database.wakeZombies();
  }

  async drain(): Promise<void> {
    for (let round = 0; round < 4 || (this.#jobMessages.length > 0 && round < DRAIN_ROUNDS_MAX); round++) {
      await this.sweep();
      await this.deliver();
    }
  }

  now(): string {
    this.#timeMs += this.#random.integer(0, 5);
    const skew = this.#faults.clockSkewMs;
    return new Date(this.#timeMs + (skew === 0 ? 0 : this.#random.integer(-skew, skew))).toISOString();
  }

  #copiesOf(laneId: string): Copy[] {
    let copies = this.#copies.get(laneId);
    if (copies === undefined) {
      copies = [this.#newCopy(laneId), this.#newCopy(laneId)];
      this.#copies.set(laneId, copies);
    }
    return copies;
  }

  #newCopy(laneId: string): Copy {
    const { promise, resolve } = Promise.withResolvers<'aborted'>();
    const committer = this.#committer();
    const own: CommitPort = { commit: async (group) => (await committer.commit([group]))[0]! };
    const lane = new Lane(
      laneId,
      {
        db: this.database.port,
        commits: this.#shared ?? own,
        commands,
        clock: () => ({ now: this.now(), today: TODAY }),
        rules: () => defaultRules,
        newId: () => this.#random.id(),
        pause: () => Promise.resolve(),
        yieldToArrivals: () => Promise.resolve(),
        log: () => undefined,
        info: () => undefined,
      },
      SMALL_LIMITS,
    );
    return { lane, aborted: promise, abort: () => resolve('aborted') };
  }

  #committer(): Committer {
    return new Committer(
      {
        db: this.database.port,
        announceDue: this.#announcer(),
        pause: () => Promise.resolve(),
        log: () => undefined,
      },
      limits,
    );
  }

  #announcer(): (accountIds: readonly string[]) => void {
    return dueAnnouncer({
      send: async (message) => {
        this.#failSend();
        this.#messages.push(message);
      },
      delaySeconds: () => 0,
      log: () => undefined,
    });
  }

  #failSend(): void {
    if (!this.#calm && this.#random.chance(this.#faults.sendFails)) throw new Error('queue is unavailable');
  }
}
