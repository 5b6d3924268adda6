import type { Entities, EntityKind, Stored } from '../entities.ts';
import type { MetricDelta } from '../metrics/delta.ts';
import type { Refusal } from '../result.ts';

export type Change = {
  [K in EntityKind]:
    | { readonly action: 'insert'; readonly kind: K; readonly entity: Entities[K] }
    | { readonly action: 'update'; readonly kind: K; readonly entity: Entities[K] }
    | { readonly action: 'delete'; readonly kind: K; readonly entity: Entities[K] };
}[EntityKind];

/**
 * What a decision wants to happen, as data: nothing has happened until the engine commits it.
 *
 * `changes` hold whole objects. The engine counts their revisions; a decision never touches `revision`.
 * `deltas` say how the owners' metrics move (semantics F.1); their owner is given per delta.
 * `reply` is what the wire layer turns into the caller's body.
 */
export interface Plan<Reply> {
  readonly changes: readonly Change[];
  readonly deltas: readonly MetricDelta[];
  readonly reply: Reply;
}

export type Decision<Reply> = Plan<Reply> | Refusal;

/** Collects a plan's changes in the order in which they were decided. */
export class PlanBuilder {
  readonly #changes: Change[] = [];
  readonly #deltas: MetricDelta[] = [];

  insert<K extends EntityKind>(kind: K, entity: Entities[K]): this {
    this.#changes.push({ action: 'insert', kind, entity } as Change);
    return this;
  }
  update<K extends EntityKind>(kind: K, entity: Entities[K]): this {
    this.#changes.push({ action: 'update', kind, entity } as Change);
    return this;
  }
  /** Its id is all that a deletion needs. */
  delete<T extends Stored>(kind: EntityKind, entity: T): this {
    this.#changes.push({ action: 'delete', kind, entity } as Change);
    return this;
  }
  delta(delta: MetricDelta | null): this {
    if (delta !== null) this.#deltas.push(delta);
    return this;
  }
  /** What has been decided so far. */
  changes(): readonly Change[] {
    return this.#changes;
  }
  build<Reply>(reply: Reply): Plan<Reply> {
    return { changes: this.#changes, deltas: this.#deltas, reply };
  }
}
