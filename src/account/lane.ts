import type { Command, CommandOutcome, DecideContext, Decision } from '../domain/account/command.ts';
import type { Plan } from '../domain/account/plan.ts';
import { MissingState, type Need, type NumberKind } from '../domain/account/state.ts';
import { isRefusal, type Refusal, refuse } from '../domain/result.ts';
import { type LoadRequest, loadForGroup, type StoredReply } from '../persistence/account-store.ts';
import { ANY_RESOURCE, toWireError } from '../wire/errors.ts';
import type { CommitPort } from './committer.ts';
import { type CommandView, GroupState } from './group-state.ts';
import { LaneCache } from './lane-cache.ts';
import { type DecidedCommand, sealGroup } from './lane-group.ts';
import { NumberRanges } from './number-ranges.ts';
import type { RegisteredCommand } from './registry.ts';

export interface LanePorts {
  readonly db: D1Database;
  readonly commits: CommitPort;
  readonly commands: ReadonlyMap<string, RegisteredCommand>;
  /** Instant and tenant's calendar date. */
  readonly clock: () => { readonly now: string; readonly today: string };
  readonly newId: (now: string) => string;
  readonly pause: (attempt: number) => Promise<void>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

export interface LaneLimits {
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

interface Pending {
  readonly command: Command;
  readonly registered: RegisteredCommand;
  readonly needs: readonly Need[];
  readonly resent: boolean;
  readonly resolve: (outcome: CommandOutcome) => void;
  /** Times this command was decided in vain because somebody else was first. */
  attempts: number;
  /** Commit alone: a group with it was refused by a constraint. */
  alone: boolean;
  /** Its last refusal rested on cached state; now it is decided on fresh state. */
  fresh: boolean;
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
  readonly #waiting: Pending[] = [];
  readonly #keysInFlight = new Map<string, string>();
  #sequence: number | null = null;
  #running = false;

  constructor(laneId: string, ports: LanePorts, limits: LaneLimits) {
    this.#laneId = laneId;
    this.#ports = ports;
    this.#limits = limits;
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
    if (early !== null) return Promise.resolve(answer(early, command));
    const registered = this.#ports.commands.get(command.kind)!;
    const key = command.idempotency?.key;
    if (key !== undefined) this.#keysInFlight.set(key, command.idempotency!.requestHash);
    return new Promise<CommandOutcome>((resolve) => {
      this.#waiting.push({
        command,
        registered,
        needs: registered.handler.needs(command.payload),
        resent,
        attempts: 0,
        alone: false,
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

  #admit(command: Command): Refusal | null {
    if (command.version !== 1 || !this.#ports.commands.has(command.kind)) {
      return refuse(
        'unavailable',
        'This command is of a newer version than the account object; send it again.',
      );
    }
    if (this.#waiting.length >= this.#limits.queueCommandsMax) {
      return refuse(
        'unavailable',
        'Too many requests wait for this account; nothing was done, send it again later.',
      );
    }
    const idempotency = command.idempotency;
    if (idempotency === undefined) return null;
    const inFlight = this.#keysInFlight.get(idempotency.key);
    if (inFlight === undefined) return null;
    if (inFlight !== idempotency.requestHash) return KEY_REUSED;
    return refuse(
      'conflict',
      'A request with this Idempotency-Key is still running; repeat it later for its reply.',
    );
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const group = this.#takeGroup();
        try {
          await this.#processGroup(group);
        } catch (error) {
          // What D1 throws while reading: nothing was sent, so nothing happened.
          this.#ports.log('lane.group_failed', { lane: this.#laneId, message: String(error) });
          this.#forgetEverything();
          this.#retryOrGiveUp(group);
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
    const { now, today } = this.#ports.clock();
    const decided: DecidedCommand<Pending>[] = [];
    let undecided = group.filter((pending) => !this.#answerKnown(pending, replies, done));
    for (let round = 1; undecided.length > 0; round++) {
      const missing = this.#decideRound(state, undecided, decided, now, today);
      if (missing.again.length > 0 && round >= this.#limits.loadRoundsMax) {
        for (const pending of missing.again) {
          pending.resolve(
            answer(
              refuse('rule', 'The request refers to too many levels of other objects.'),
              pending.command,
            ),
          );
        }
        break;
      }
      undecided = missing.again;
      if (undecided.length > 0) await this.#loadMissing(state, missing.needs, missing.numbers);
      if (state.stale) {
        this.#forgetEverything();
        this.#retryOrGiveUp([...undecided, ...decided.map((d) => d.pending)]);
        return;
      }
    }
    await this.#commit(state, decided, now);
  }

  /** Decides what can be decided, in order; the rest comes back with what it misses. */
  #decideRound(
    state: GroupState,
    undecided: readonly Pending[],
    decided: DecidedCommand<Pending>[],
    now: string,
    today: string,
  ): { again: Pending[]; needs: Need[]; numbers: Map<NumberKind, number> } {
    const again: Pending[] = [];
    const needs: Need[] = [];
    const numbers = new Map<NumberKind, number>();
    for (const pending of undecided) {
      const view = state.view();
      const decision = this.#decide(pending, view, now, today);
      if (decision instanceof MissingState) {
        needs.push(...decision.needs);
        for (const kind of decision.numbers) numbers.set(kind, (numbers.get(kind) ?? 0) + 1);
        again.push(pending);
      } else if (isRefusal(decision) && !pending.fresh && view.cachedReads.size > 0) {
        pending.fresh = true;
        state.forget(view.cachedReads);
        needs.push(...pending.needs, ...cachedNeeds(view));
        again.push(pending);
      } else {
        if (!isRefusal(decision)) state.apply(decision.changes);
        decided.push({
          pending,
          command: pending.command,
          decision,
          reply: this.#toReply(pending, decision),
        });
      }
    }
    return { again, needs, numbers };
  }

  #decide(pending: Pending, view: CommandView, now: string, today: string): Decision<unknown> | MissingState {
    const context: DecideContext = {
      now,
      today,
      actor: pending.command.actor,
      newId: () => this.#ports.newId(now),
      nextNumber: (kind) => this.#numbers.take(kind),
    };
    try {
      return pending.registered.handler.decide(view, pending.command.payload, context);
    } catch (error) {
      if (error instanceof MissingState) return error;
      // A defect of ours must not take the group down: this command alone is answered, the others commit.
      this.#ports.log('decide.failed', {
        command: pending.command.kind,
        request: pending.command.requestId,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return refuse('unavailable', 'The request could not be processed; nothing was done.');
    }
  }

  #toReply(pending: Pending, decision: Decision<unknown>): { status: number; body: string } {
    if (isRefusal(decision)) return toWireError(decision, pending.command);
    return pending.registered.toReply((decision as Plan<unknown>).reply);
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
      if (stored.requestHash !== command.idempotency!.requestHash)
        pending.resolve(answer(KEY_REUSED, command));
      else
        pending.resolve({
          status: stored.status,
          body: stored.body,
          replayed: stored.commandId !== command.id,
        });
      return true;
    }
    if (!done.has(command.id)) return false;
    pending.resolve(answer(DONE_BUT_REPLY_LOST, command));
    return true;
  }

  async #load(
    state: GroupState,
    group: readonly Pending[],
    replies: Map<string, StoredReply>,
  ): Promise<ReadonlySet<string>> {
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
      for (const d of decided) d.pending.resolve({ ...d.reply, replayed: false });
      return;
    }
    const outcome = await this.#ports.commits.commit(group);
    const pendings = decided.map((d) => d.pending);
    if (outcome.kind === 'committed') {
      this.#sequence = group.sequence;
      state.publish();
      const bookmark = outcome.bookmark === null ? {} : { bookmark: outcome.bookmark };
      for (const d of decided) d.pending.resolve({ ...d.reply, replayed: false, ...bookmark });
      return;
    }
    this.#forgetEverything();
    if (outcome.kind === 'stale') {
      this.#retryOrGiveUp(pendings);
      await this.#ports.pause(pendings[0]!.attempts);
    } else if (outcome.kind === 'refused') {
      this.#isolateGuilty(pendings, outcome.constraint);
    } else {
      const refusal = outcome.kind === 'overloaded' ? OVERLOADED : UNKNOWN_OUTCOME;
      for (const pending of pendings) pending.resolve(answer(refusal, pending.command));
    }
  }

  /** A constraint refused the group: every command goes on alone, so that only the guilty one is rejected. */
  #isolateGuilty(pendings: readonly Pending[], constraint: string): void {
    this.#ports.log('commit.refused', { lane: this.#laneId, constraint, commands: pendings.length });
    if (pendings.length === 1 && pendings[0]!.attempts >= 2) {
      const pending = pendings[0]!;
      pending.resolve(
        answer(refuse('rule', 'The database refused the request; nothing was done.'), pending.command),
      );
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
      else pending.resolve(answer(OVERLOADED, pending.command));
    }
    this.#waiting.unshift(...again);
  }

  #forgetEverything(): void {
    this.#cache.clear();
    this.#sequence = null;
  }
}

const KEY_REUSED: Refusal = {
  refused: true,
  category: 'key_reused',
  message: 'This Idempotency-Key was used with another request; use a new key for a new request.',
};
const OVERLOADED = refuse('unavailable', 'The service is busy; nothing was done, send the request again.');
const UNKNOWN_OUTCOME = refuse(
  'unknown_outcome',
  'It is not known whether the request took effect; repeat it with the same Idempotency-Key to learn its outcome.',
);
const DONE_BUT_REPLY_LOST = refuse(
  'unknown_outcome',
  'The request took effect, but its reply was lost; read the object instead of sending the request again.',
);

function answer(refusal: Refusal, command: Command): CommandOutcome {
  const envelope = command.envelope === 'crud' ? 'crud' : 'v1';
  const reply = toWireError(refusal, {
    ...command,
    envelope,
    resourceCode: command.resourceCode ?? ANY_RESOURCE,
  });
  const outcome = { ...reply, replayed: false };
  return reply.status === 503 ? { ...outcome, retryAfterSeconds: 1 } : outcome;
}

function cachedNeeds(view: CommandView): Need[] {
  return [...view.cachedReads].map((name) => {
    const [kind, key] = name.split(' ') as [Need['kind'], string];
    return { kind, key };
  });
}

function unique(needs: readonly Need[]): Need[] {
  return [...new Map(needs.map((need) => [`${need.kind} ${need.key}`, need])).values()];
}
