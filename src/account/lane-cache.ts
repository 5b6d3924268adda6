import { CATALOG_STATE_ID } from '../domain/catalog/catalog.ts';
import type { Entities, EntityKind } from '../domain/entities.ts';
import { numberOf } from '../persistence/entity-tables.ts';

/** What a lane remembers between commits: as last seen in D1, least recently used first. Nothing here is trusted without a guard. */
export class LaneCache {
  readonly #entities = new Map<string, Entities[EntityKind]>();
  readonly #numbers = new Map<string, string>();
  readonly #entitiesMax: number;

  constructor(entitiesMax: number) {
    this.#entitiesMax = entitiesMax;
  }

  find<K extends EntityKind>(kind: K, key: string): Entities[K] | undefined {
    const name = `${kind} ${this.#numbers.get(`${kind} ${key}`) ?? key}`;
    const entity = this.#entities.get(name);
    if (entity === undefined) return undefined;
    this.#entities.delete(name);
    this.#entities.set(name, entity);
    return entity as Entities[K];
  }

  put<K extends EntityKind>(kind: K, entity: Entities[K]): void {
    if (kind === 'catalogState') this.#dropOffersIfMoved(entity.revision);
    const name = `${kind} ${entity.id}`;
    this.#entities.delete(name);
    this.#entities.set(name, entity);
    const number = numberOf(kind, entity);
    if (number !== null) this.#numbers.set(`${kind} ${number}`, entity.id);
    if (this.#entities.size > this.#entitiesMax) this.#evictOldest();
  }

  delete(kind: EntityKind, id: string): void {
    const name = `${kind} ${id}`;
    const entity = this.#entities.get(name);
    if (entity === undefined) return;
    this.#entities.delete(name);
    const number = numberOf(kind, entity);
    if (number !== null) this.#numbers.delete(`${kind} ${number}`);
  }

  clear(): void {
    this.#entities.clear();
    this.#numbers.clear();
  }

  get size(): number {
    return this.#entities.size;
  }

  #evictOldest(): void {
    const oldest = this.#entities.keys().next().value;
    if (oldest === undefined) return;
    const [kind, id] = oldest.split(' ') as [EntityKind, string];
    this.delete(kind, id);
  }

  /** Offers carry no guard of their own: they are current as long as the catalog's revision is. */
  #dropOffersIfMoved(revision: number): void {
    const known = this.#entities.get(`catalogState ${CATALOG_STATE_ID}`);
    if (known === undefined || known.revision === revision) return;
    for (const name of [...this.#entities.keys()]) {
      if (name.startsWith('ratePlanOffer ')) this.#entities.delete(name);
    }
  }
}
