import type { BillingRules } from '../billing/billing-rules.ts';
import type { Decision } from './plan.ts';
import type { Need, NumberKind, State } from './state.ts';

/** Rules of the tenant that decisions depend on (settings). */
export interface TenantRules {
  /** An order's account must be the invoice owner of every existing subscription in it (semantics D.1). */
  readonly orderAccountIsInvoiceOwner: boolean;
  readonly billing: BillingRules;
}

/** What surrounds a decision and is not state: given in, so that the domain has no clock and no randomness. */
export interface DecideContext {
  /** Instant of the decision, ISO 8601 UTC with milliseconds. Never used for ordering: sequence numbers order. */
  readonly now: string;
  /** Calendar date of the decision in the tenant's time zone, YYYY-MM-DD. */
  readonly today: string;
  /** Id of the API client or user who asked. */
  readonly actor: string;
  readonly rules: TenantRules;
  /** A fresh id: 32 lower-case hex digits, time-ordered. */
  newId(): string;
  /** The next number of a leased range (A00000001, O-00000001 …). @throws MissingState when the lease is used up. */
  nextNumber(kind: NumberKind): string;
}

/** One kind of command: which state it needs, and what it decides. Pure. */
export interface CommandHandler<Payload, Reply> {
  /** What is known to be needed before deciding: loaded for a whole group in one round trip. */
  needs(payload: Payload): readonly Need[];
  /** Numbers that the decision will take, so that a lease is at hand: kind and how many. */
  numbers?(payload: Payload): ReadonlyArray<readonly [NumberKind, number]>;
  /**
   * Never shares a commit with other commands of its lane: for decisions that rest on lists (what belongs to an object),
   * which do not show what commands before them in the same group decided.
   */
  readonly alone?: true;
  /**
   * Decided in its lane like any other, on the same state and by the same path, and then stopped: nothing of its plan is applied,
   * committed, logged, or kept for an idempotency key; its reply is given when its group is done. What a preview is (I11).
   */
  readonly readsOnly?: true;
  decide(state: State, payload: Payload, context: DecideContext): Decision<Reply>;
}

/** Where a reply of a command is stored for 24 h, and what it must match (conventions 3). */
export interface Idempotency {
  /** The caller's key, at most 255 characters. */
  readonly key: string;
  /** SHA-256 hex of method, path, and body: another content under the same key is refused with 422. */
  readonly requestHash: string;
}

/** A command as it travels to the account object. `version` is refused when unknown, never guessed. */
export interface Command {
  readonly version: 1;
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly actor: string;
  readonly requestId: string;
  /** Which envelope refusals wear: v1's, or the one of /v1/object. */
  readonly envelope: 'v1' | 'crud';
  /** Six digits that published error codes start with for this resource. */
  readonly resourceCode: string;
  /** Length of the request's body: what groups are limited by. */
  readonly bytes: number;
  readonly idempotency?: Idempotency;
}

/**
 * The answer to one command: ready to be sent. `body` is JSON text, so that what is stored for an idempotency key is
 * byte for byte what the first caller received.
 */
export interface CommandOutcome {
  readonly status: number;
  readonly body: string;
  readonly replayed: boolean;
  /** D1 session bookmark after the commit: reads that carry it see the write. */
  readonly bookmark?: string;
  /** Deciding the command failed by a defect of ours, and would fail again. Callers are told what they are told when the service is busy. */
  readonly isDefect?: true;
}

export type { Decision };
