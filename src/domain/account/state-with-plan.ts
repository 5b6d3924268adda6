import type { Entities, EntityKind } from '../entities.ts';
import type { PlanBuilder } from './plan.ts';
import type { State } from './state.ts';

/**
 * The state as it is once what a plan inserts is stored, by id: for a decision of two parts, of which the second rests on objects that the
 * first makes. What the plan inserts later is seen too.
 */
export function withInserted(state: State, plan: PlanBuilder): State {
  const inserted = new Map<string, Entities[EntityKind]>();
  let seen = 0;
  return {
    find<K extends EntityKind>(kind: K, key: string): Entities[K] | null {
      const changes = plan.changes();
      for (; seen < changes.length; seen++) {
        const { action, kind: of, entity } = changes[seen]!;
        if (action === 'insert') inserted.set(`${of} ${entity.id}`, { ...entity, revision: 1 });
      }
      const found = inserted.get(`${kind} ${key}`);
      return found === undefined ? state.find(kind, key) : (found as Entities[K]);
    },
  };
}
