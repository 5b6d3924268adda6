import type { Command, CommandOutcome } from '../domain/account/command.ts';
import type { Need, NumberKind } from '../domain/account/state.ts';
import { isRefusal, type Refusal } from '../domain/result.ts';
import { type LoadRequest, loadForGroup, type StoredReply } from '../persistence/account-store.ts';
import type { CommitPort } from './committer.ts';
import { Gathering, type GatherLimits, type GatherPorts } from './gather.ts';
import { type DecisionPorts, GroupDecision, type Undecided } from './group-decision.ts';
import { GroupState } from './group-state.ts';
import { LaneCache } from './lane-cache.ts';
import { type DecidedCommand, isKeptUnderKey, sealGroup } from './lane-group.ts';
import { NumberRanges } from './number-ranges.ts';
import * as outcomes from './outcomes.ts';
import { outcomeOf } from './outcomes.ts';
import type { RegisteredCommand } from './registry.ts';

export interface LanePorts extends DecisionPorts, GatherPorts {
  readonly db: D1Database;
  readonly commits: CommitPort;
  readonly commands: ReadonlyMap<string, RegisteredCommand>;
  /** Instant and tenant's calendar date. */
  readonly clock: () => { readonly now: string; readonly today: string };
  readonly pause: (attempt: number) => Promise<void>;
  /** What is only worth a line when somebody wants to follow requests. */
  readonly info: (event: string, fields: Record<string, unknown>) => void;
}

export interface LaneLimits extends GatherLimits {
  readonly groupCommandsMax: number;
  readonly groupBytesMax: number;
  readonly queueCommandsMax: number;
  readonly cacheEntitiesMax: number;
  readonly decideAttemptsMax: number;
  readonly loadRoundsMax: number;
  readonly leaseNumbersMin: number;
  readonly leaseNumbersMax: number;
  readonly idempotencyHours: number;
}

interface Pending extends Undecided {
  readonly resent: boolean;
  readonly resolve: (outcome: CommandOutcome) => void;
  /** Times this command was decided in vain because somebody else was first. */
  attempts: number;
  /** Commit alone: a group with it was refused by a constraint, or what it rests on was changed by its groups time after time. */
  alone: boolean;
  /** It rested on what others of its group changed underneath, and went into the next group. */
  wasPutOff: boolean;
}

/**
 * One account's queue of commands, and the only writer that knows the lane's next sequence number. While one commit is on
 * its way, arriving commands wait; the next commit takes as many as fit. Runs inside a Durable Object, but knows
 * nothing of it: clock, ids, database and commit are given.
 */
export class Lane {
  readonly #laneId: string;
  readonly #ports: LanePorts;
  readonly #limits: LaneLimits;
  readonly #cache: LaneCache;
  readonly #numbers: NumberRanges;
  readonly #gathering: Gathering;
  readonly #waiting: Pending[] = [];
  readonly #keysInFlight = new Map<string, string>();
  #sequence: number | null = null;
  #running = false;

  constructor(laneId: string, ports: LanePorts, limits: LaneLimits) {
    this.#laneId = laneId;
    this.#ports = ports;
    this.#limits = limits;
    this.#gathering = new Gathering(ports, limits);
    this.#cache = new LaneCache(limits.cacheEntitiesMax);
    this.#numbers = new NumberRanges(limits.leaseNumbersMin, limits.leaseNumbersMax);
  }

  /**
   * Takes one command; answers after its commit, never before.
   *
   * @param resent the caller sent this command before and does not know what became of it.
   */
  submit(command: Command, resent: boolean): Promise<CommandOutcome> {
    const early = this.#admit(command);
    if (early !== null) return Promise.resolve(outcomeOf(resent ? outcomes.UNKNOWN_OUTCOME : early, command));
    const registered = this.#ports.commands.get(command.kind)!;
    const needs = this.#needsOf(registered, command);
    if (needs === null) return Promise.resolve(outcomeOf(outcomes.DECISION_FAILED, command));
    const key = command.idempotency?.key;
    if (key !== undefined) this.#keysInFlight.set(key, command.idempotency!.requestHash);
    return new Promise<CommandOutcome>((resolve) => {
      this.#waiting.push({
        command,
        registered,
        needs,
        resent,
        attempts: 0,
        alone: registered.handler.alone === true,
        wasPutOff: false,
        fresh: false,
        resolve: (outcome) => {
          if (key !== undefined) this.#keysInFlight.delete(key);
          resolve(outcome);
        },
      });
      if (!this.#running) {
        this.#running = true;
        void this.#run();
      }
    });
  }

  /** Null when the payload is not one that this kind of command can have: a defect, which is that command's own. */
  #needsOf(registered: RegisteredCommand, command: Command): readonly Need[] | null {
    try {
      return registered.handler.needs(command.payload);
    } catch (error) {
      this.#ports.log('needs.failed', {
        command: command.kind,
        request: command.requestId,
        message: String(error),
      });
      return null;
    }
  }

  #admit(command: Command): Refusal | null {
    if (command.version !== 1 || !this.#ports.commands.has(command.kind)) return outcomes.UNKNOWN_COMMAND;
    if (this.#waiting.length >= this.#limits.queueCommandsMax) return outcomes.QUEUE_FULL;
    const { idempotency } = command;
    const inFlight = idempotency === undefined ? undefined : this.#keysInFlight.get(idempotency.key);
    if (idempotency === undefined || inFlight === undefined) return null;
    return inFlight === idempotency.requestHash ? outcomes.KEY_IN_FLIGHT : outcomes.KEY_REUSED;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#gathering.untilQuiet(this.#waiting, this.#limits.groupCommandsMax);
        const group = this.#takeGroup();
        this.#gathering.closed(group.length);
        try {
          await this.#processGroup(group);
        } catch (error) {
          // What D1 throws while reading: nothing was sent, so nothing happened.
          this.#ports.log('lane.group_failed', { lane: this.#laneId, message: String(error) });
          this.#forgetEverything();
          this.#retryOrGiveUp(group);
          // Should one command's keys be what D1 chokes on, it must not take its neighbours with it for long.
          if (group.some((pending) => pending.attempts > 2))
            for (const pending of group) pending.alone = true;
          await this.#ports.pause(group[0]?.attempts ?? 1);
        }
      }
    } finally {
      this.#running = false;
    }
  }

  #takeGroup(): Pending[] {
    const first = this.#waiting[0]!;
    if (first.alone) return this.#waiting.splice(0, 1);
    let count = 0;
    let bytes = 0;
    for (const pending of this.#waiting) {
      bytes += pending.command.bytes;
      const full = count >= this.#limits.groupCommandsMax || bytes > this.#limits.groupBytesMax;
      if (count > 0 && (full || pending.alone)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #processGroup(group: Pending[]): Promise<void> {
    const state = new GroupState(this.#cache);
    const replies = new Map<string, StoredReply>();
    const done = await this.#load(state, group, replies);
    const time = this.#ports.clock();
    const decision = new GroupDecision<Pending>(state, this.#numbers, this.#ports, time);
    let undecided = group.filter((pending) => !this.#answerKnown(pending, replies, done));
    for (let round = 1; undecided.length > 0; round++) {
      const missing = decision.round(undecided);
      undecided = missing.again;
      if (undecided.length === 0) break;
      if (round >= this.#limits.loadRoundsMax) {
        for (const pending of undecided)
          pending.resolve(nothingDone(pending, outcomeOf(outcomes.TOO_MANY_LEVELS, pending.command)));
        break;
      }
      await this.#loadMissing(state, missing.needs, missing.numbers);
      if (state.stale) {
        this.#forgetEverything();
        this.#retryOrGiveUp([...undecided, ...decision.later, ...decision.decided.map((d) => d.pending)]);
        return;
      }
    }
    await this.#commit(state, decision.decided, time.now);
    this.#putOff(decision.later);
  }

  /** Being first in the next group is not enough for a command that learns only then what it needs: the second time it gets a group of its own. */
  #putOff(pendings: readonly Pending[]): void {
    for (const pending of pendings) {
      if (pending.wasPutOff) pending.alone = true;
      pending.wasPutOff = true;
    }
    this.#waiting.unshift(...pendings);
  }

  /** Answers commands whose reply is stored, whose key names something else, or that are known to be done. */
  #answerKnown(
    pending: Pending,
    replies: ReadonlyMap<string, StoredReply>,
    done: ReadonlySet<string>,
  ): boolean {
    const { command } = pending;
    const stored = command.idempotency === undefined ? undefined : replies.get(command.idempotency.key);
    if (stored !== undefined) {
      if (stored.requestHash !== command.idempotency!.requestHash) {
        pending.resolve(outcomeOf(outcomes.KEY_REUSED, command));
      } else
        pending.resolve({
          status: stored.status,
          body: stored.body,
          replayed: stored.commandId !== command.id,
        });
      return true;
    }
    if (!done.has(command.id)) return false;
    pending.resolve(outcomeOf(outcomes.DONE_BUT_REPLY_LOST, command));
    return true;
  }

  async #load(
    state: GroupState,
    group: readonly Pending[],
    replies: Map<string, StoredReply>,
  ): Promise<ReadonlySet<string>> {
    const readers = group.filter((pending) => pending.registered.handler.readsOnly === true);
    state.forgetReads(readers.flatMap((pending) => pending.needs));
    const needs = state.missing(group.flatMap((pending) => pending.needs));
    const wanted = new Map<NumberKind, number>();
    for (const { registered, command } of group) {
      for (const [kind, count] of registered.handler.numbers?.(command.payload) ?? []) {
        wanted.set(kind, (wanted.get(kind) ?? 0) + count);
      }
    }
    const loaded = await this.#read(state, {
      needs,
      idempotencyKeys: group.flatMap(({ command }) =>
        command.idempotency === undefined ? [] : [command.idempotency.key],
      ),
      commandIds: group.flatMap(({ command, resent }) => (resent ? [command.id] : [])),
      leases: this.#leasesFor(wanted),
    });
    for (const reply of loaded.replies) replies.set(reply.key, reply);
    return loaded.doneCommandIds;
  }

  async #loadMissing(
    state: GroupState,
    needs: readonly Need[],
    numbers: ReadonlyMap<NumberKind, number>,
  ): Promise<void> {
    const leases = this.#leasesFor(numbers);
    await this.#read(state, {
      needs: unique(state.missing(needs)),
      idempotencyKeys: [],
      commandIds: [],
      leases,
    });
  }

  async #read(state: GroupState, request: Omit<LoadRequest, 'repliesSince' | 'laneId'>) {
    const { now } = this.#ports.clock();
    const loaded = await loadForGroup(this.#ports.db, {
      ...request,
      repliesSince: new Date(Date.parse(now) - this.#limits.idempotencyHours * 3_600_000).toISOString(),
      laneId: this.#sequence === null ? this.#laneId : null,
    });
    if (loaded.laneSequence !== null) this.#sequence = loaded.laneSequence;
    state.keepLoaded(request.needs, loaded.entities);
    for (const { kind, first, count } of loaded.leases) this.#numbers.add(kind, first, count);
    return loaded;
  }

  #leasesFor(wanted: ReadonlyMap<NumberKind, number>): Array<readonly [NumberKind, number]> {
    const leases: Array<readonly [NumberKind, number]> = [];
    for (const [kind, count] of wanted) {
      const shortage = count - this.#numbers.available(kind);
      if (shortage > 0) leases.push([kind, this.#numbers.leaseSize(kind, shortage)]);
    }
    return leases;
  }

  async #commit(state: GroupState, decided: DecidedCommand<Pending>[], now: string): Promise<void> {
    const group = sealGroup(state, decided, {
      laneId: this.#laneId,
      sequence: (this.#sequence ?? 0) + 1,
      commitId: this.#ports.newId(now),
      now,
    });
    if (group === null) {
      for (const d of decided) d.pending.resolve(answerTo(d));
      return;
    }
    const outcome = await this.#ports.commits.commit(group);
    const pendings = decided.map((d) => d.pending);
    if (outcome.kind === 'committed') {
      this.#sequence = group.sequence;
      this.#ports.info('lane.committed', {
        lane: this.#laneId,
        sequence: group.sequence,
        commit: group.commitId,
        requests: decided.map((d) => d.command.requestId),
      });
      state.publish();
      const bookmark = outcome.bookmark === null ? {} : { bookmark: outcome.bookmark };
      for (const d of decided) d.pending.resolve({ ...answerTo(d), ...bookmark });
      return;
    }
    this.#forgetEverything();
    if (outcome.kind === 'stale') {
      this.#retryOrGiveUp(pendings);
      await this.#ports.pause(pendings[0]!.attempts);
    } else if (outcome.kind === 'refused') {
      this.#isolateGuilty(pendings, outcome.constraint);
    } else {
      for (const pending of pendings) {
        const unknown = outcome.kind !== 'overloaded' && pending.registered.handler.readsOnly !== true;
        pending.resolve(unknown ? outcomeOf(outcomes.UNKNOWN_OUTCOME, pending.command) : notDone(pending));
      }
    }
  }

  /** A constraint refused the group: every command goes on alone, so that only the guilty one is rejected. */
  #isolateGuilty(pendings: readonly Pending[], constraint: string): void {
    this.#ports.log('commit.refused', { lane: this.#laneId, constraint, commands: pendings.length });
    if (pendings.length === 1 && pendings[0]!.attempts >= 2) {
      const pending = pendings[0]!;
      pending.resolve(nothingDone(pending, outcomeOf(outcomes.REFUSED_BY_DATABASE, pending.command)));
      return;
    }
    for (const pending of pendings) pending.alone = true;
    this.#retryOrGiveUp(pendings);
  }

  #retryOrGiveUp(pendings: readonly Pending[]): void {
    const again: Pending[] = [];
    for (const pending of pendings) {
      pending.attempts++;
      pending.fresh = false;
      if (pending.attempts < this.#limits.decideAttemptsMax) again.push(pending);
      else pending.resolve(notDone(pending));
    }
    this.#waiting.unshift(...again);
  }

  #forgetEverything(): void {
    this.#cache.clear();
    this.#sequence = null;
  }
}

/** The reply to a decided command. What is refused and kept under no key leaves nothing that an earlier attempt would meet. */
function answerTo({ pending, command, decision, reply }: DecidedCommand<Pending>): CommandOutcome {
  const outcome = { ...reply, replayed: false, ...outcomes.markOf(decision) };
  return isRefusal(decision) && !isKeptUnderKey(command, reply) ? nothingDone(pending, outcome) : outcome;
}

function notDone(pending: Pending): CommandOutcome {
  return nothingDone(pending, outcomeOf(outcomes.OVERLOADED, pending.command));
}

/**
 * "Nothing was done" is only true of a command that was not sent before, or that only reads: an earlier attempt may yet arrive, and be
 * decided otherwise on what the subscription, the invoice … is by then.
 */
function nothingDone({ command, registered, resent }: Pending, outcome: CommandOutcome): CommandOutcome {
  const mayArrive = resent && registered.handler.readsOnly !== true;
  return mayArrive ? outcomeOf(outcomes.UNKNOWN_OUTCOME, command) : outcome;
}

function unique(needs: readonly Need[]): Need[] {
  return [...new Map(needs.map((need) => [`${need.kind} ${need.key}`, need])).values()];
}
