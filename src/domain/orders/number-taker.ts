import type { DecideContext } from '../account/command.ts';
import { MissingState, type NumberKind, numberPrefixes } from '../account/state.ts';

/**
 * Takes numbers for one decision and asks for all missing ones at once: a decision that takes hundreds would otherwise come
 * back for each of them.
 */
export class NumberTaker {
  readonly #context: DecideContext;
  readonly #missing: NumberKind[] = [];
  /** Kinds whose lease is used up, so that the rest is counted and not taken. */
  readonly #exhausted = new Set<NumberKind>();
  #taken: NumberKind[] = [];

  constructor(context: DecideContext) {
    this.#context = context;
  }

  /** The next number; an empty text when the lease is used up, and `settle` then raises what is missing. */
  take(kind: NumberKind): string {
    this.#taken.push(kind);
    if (!this.#exhausted.has(kind)) {
      try {
        return this.#context.nextNumber(kind);
      } catch (error) {
        if (!(error instanceof MissingState) || error.numbers.length === 0) throw error;
        this.#exhausted.add(kind);
      }
    }
    this.#missing.push(kind);
    return '';
  }

  /** @throws MissingState naming every number that this decision takes, since what it took before is gone. */
  settle(): void {
    if (this.#missing.length > 0) throw new MissingState([], this.#taken);
  }
}

/** The context of a preview: numbers that it would take are not taken, it makes them up. */
export function withMadeUpNumbers(context: DecideContext): DecideContext {
  let taken = 0;
  const nextNumber = (kind: NumberKind) => `${numberPrefixes[kind]}PREVIEW${++taken}`;
  return { ...context, nextNumber };
}

/** The context of a decision whose numbers are all taken from this taker. */
export function takingNumbersFrom(numbers: NumberTaker, context: DecideContext): DecideContext {
  return { ...context, nextNumber: (kind) => numbers.take(kind) };
}
