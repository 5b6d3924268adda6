import type { Command, DecideContext, Decision, TenantRules } from '../domain/account/command.ts';
import type { Plan } from '../domain/account/plan.ts';
import { MissingState, type Need, type NumberKind, type State } from '../domain/account/state.ts';
import { isRefusal } from '../domain/result.ts';
import { toWireError, type WireReply } from '../wire/errors.ts';
import { type CommandView, DecideLater, type GroupState } from './group-state.ts';
import { kindAndId } from './lane-cache.ts';
import type { DecidedCommand } from './lane-group.ts';
import type { NumberRanges } from './number-ranges.ts';
import { DECISION_FAILED } from './outcomes.ts';
import type { RegisteredCommand } from './registry.ts';

/** A command of the group, as far as deciding it goes. */
export interface Undecided {
  readonly command: Command;
  readonly registered: RegisteredCommand;
  readonly needs: readonly Need[];
  /** Its last refusal rested on cached state; now it is decided on fresh state. */
  fresh: boolean;
}

export interface DecisionPorts {
  readonly rules: () => TenantRules;
  readonly newId: (now: string) => string;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/** What has to be read before the rest can be decided. */
export interface Missing<P> {
  readonly again: P[];
  readonly needs: Need[];
  /** Those of the needs that were read at different moments, and are to be read together. */
  readonly anew: Need[];
  readonly numbers: Map<NumberKind, number>;
}

/**
 * Decides the commands of one group in order; each sees what those before it decided. What misses state comes back, to
 * be decided when that is loaded: order among concurrent commands is nobody's promise.
 */
export class GroupDecision<P extends Undecided> {
  readonly decided: DecidedCommand<P>[] = [];
  /** Those that rest on what others of the group changed underneath: for the next group. */
  readonly later: P[] = [];
  readonly #state: GroupState;
  readonly #numbers: NumberRanges;
  readonly #ports: DecisionPorts;
  readonly #time: { readonly now: string; readonly today: string };

  constructor(
    state: GroupState,
    numbers: NumberRanges,
    ports: DecisionPorts,
    time: { readonly now: string; readonly today: string },
  ) {
    this.#state = state;
    this.#numbers = numbers;
    this.#ports = ports;
    this.#time = time;
  }

  round(undecided: readonly P[]): Missing<P> {
    const missing: Missing<P> = { again: [], needs: [], anew: [], numbers: new Map() };
    for (const pending of undecided) this.#one(pending, missing);
    // Not before the round is over: others of the group may rest on the same objects.
    this.#state.forgetReads(missing.anew);
    return missing;
  }

  #one(pending: P, missing: Missing<P>): void {
    if (pending.registered.handler.readsOnly === true) this.#read(pending, missing);
    else this.#write(pending, missing);
  }

  /** Nothing guards a reply that commits nothing: it is given when all that it rests on was read at one moment. */
  #read(pending: P, missing: Missing<P>): void {
    const view = this.#state.readingView();
    const decision = this.#decide(pending, view);
    if (decision instanceof DecideLater) {
      this.later.push(pending);
      return;
    }
    if (decision instanceof MissingState || !view.isOfOneMoment()) {
      missing.anew.push(...view.reads);
      missing.needs.push(...view.reads);
      if (decision instanceof MissingState) addMissing(decision, missing);
      missing.again.push(pending);
      return;
    }
    this.#keep(pending, decision, true);
  }

  #write(pending: P, missing: Missing<P>): void {
    const view = this.#state.view();
    const decision = this.#decide(pending, view);
    if (decision instanceof DecideLater) {
      this.later.push(pending);
      return;
    }
    if (decision instanceof MissingState) {
      addMissing(decision, missing);
      missing.again.push(pending);
      return;
    }
    if (isRefusal(decision) && !pending.fresh && view.cachedReads.size > 0) {
      // A plan that rests on stale state is stopped by its guards; a refusal writes nothing, so it must look again.
      pending.fresh = true;
      this.#state.forget(view.cachedReads);
      missing.needs.push(...pending.needs, ...cachedNeeds(view));
      missing.again.push(pending);
      return;
    }
    if (!isRefusal(decision)) this.#state.apply(decision.changes);
    this.#keep(pending, decision, false);
  }

  #keep(pending: P, decision: Decision<unknown>, readsOnly: boolean): void {
    const reply = replyOf(pending, decision);
    this.decided.push({ pending, command: pending.command, decision, reply, readsOnly });
  }

  #decide(pending: P, view: State): Decision<unknown> | MissingState | DecideLater {
    const context: DecideContext = {
      now: this.#time.now,
      today: this.#time.today,
      actor: pending.command.actor,
      rules: this.#ports.rules(),
      newId: () => this.#ports.newId(this.#time.now),
      nextNumber: (kind) => this.#numbers.take(kind),
    };
    try {
      return pending.registered.handler.decide(view, pending.command.payload, context);
    } catch (error) {
      if (error instanceof MissingState || error instanceof DecideLater) return error;
      // A defect of ours must not take the group down: this command alone is answered, the others commit.
      this.#ports.log('decide.failed', {
        command: pending.command.kind,
        request: pending.command.requestId,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return DECISION_FAILED;
    }
  }
}

function addMissing<P>(state: MissingState, missing: Missing<P>): void {
  missing.needs.push(...state.needs);
  for (const kind of state.numbers) missing.numbers.set(kind, (missing.numbers.get(kind) ?? 0) + 1);
}

function replyOf(pending: Undecided, decision: Decision<unknown>): WireReply {
  if (isRefusal(decision)) return toWireError(decision, pending.command);
  return pending.registered.toReply((decision as Plan<unknown>).reply);
}

function cachedNeeds(view: CommandView): Need[] {
  return [...view.cachedReads].map((name) => {
    const [kind, key] = kindAndId(name);
    return { kind, key };
  });
}
