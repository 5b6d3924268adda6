import { CATALOG_STATE_ID } from '../domain/catalog/catalog.ts';
import type { Entities, EntityKind } from '../domain/entities.ts';
import { numberOf } from '../persistence/entity-tables.ts';

const CATALOG_LISTS = [
  'ratePlanOffer',
  'productSku',
  'catalogUsage',
] as const satisfies readonly EntityKind[];

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
    if (kind === 'catalogState') this.#dropCatalogListsIfMoved(entity.revision);
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
    this.delete(...kindAndId(oldest));
  }

  /** What lists the catalog carries no guard of its own: it is current as long as the catalog's revision is. */
  #dropCatalogListsIfMoved(revision: number): void {
    const known = this.#entities.get(`catalogState ${CATALOG_STATE_ID}`);
    if (known === undefined || known.revision === revision) return;
    for (const name of [...this.#entities.keys()]) {
      if (CATALOG_LISTS.some((kind) => name.startsWith(`${kind} `))) this.#entities.delete(name);
    }
  }
}

/** The parts of a `kind id` name; an id may be text with spaces in it. */
export function kindAndId(name: string): [EntityKind, string] {
  const space = name.indexOf(' ');
  return [name.slice(0, space) as EntityKind, name.slice(space + 1)];
}
