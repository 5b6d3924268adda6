import type { Command, DecideContext, Decision, TenantRules } from '../domain/account/command.ts';
import type { Plan } from '../domain/account/plan.ts';
import { MissingState, type Need, type NumberKind } from '../domain/account/state.ts';
import { isRefusal } from '../domain/result.ts';
import { toWireError, type WireReply } from '../wire/errors.ts';
import type { CommandView, GroupState } from './group-state.ts';
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
  readonly numbers: Map<NumberKind, number>;
}

/**
 * Decides the commands of one group in order; each sees what those before it decided. What misses state comes back, to
 * be decided when that is loaded: order among concurrent commands is nobody's promise.
 */
export class GroupDecision<P extends Undecided> {
  readonly decided: DecidedCommand<P>[] = [];
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
    const missing: Missing<P> = { again: [], needs: [], numbers: new Map() };
    for (const pending of undecided) this.#one(pending, missing);
    return missing;
  }

  #one(pending: P, missing: Missing<P>): void {
    const view = this.#state.view();
    const decision = this.#decide(pending, view);
    if (decision instanceof MissingState) {
      missing.needs.push(...decision.needs);
      for (const kind of decision.numbers) missing.numbers.set(kind, (missing.numbers.get(kind) ?? 0) + 1);
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
    this.decided.push({ pending, command: pending.command, decision, reply: replyOf(pending, decision) });
  }

  #decide(pending: P, view: CommandView): Decision<unknown> | MissingState {
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
      if (error instanceof MissingState) return error;
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
