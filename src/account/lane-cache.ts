import type { Entities, EntityKind } from '../domain/entities.ts';
import { numberOf } from '../persistence/entity-tables.ts';

type Entity = Entities[EntityKind];

const CATALOG_LISTS = [
  'ratePlanOffer',
  'productSku',
  'catalogUsage',
  'unitOfMeasureUse',
] as const satisfies readonly EntityKind[];

/**
 * What a lane remembers between commits: as last seen in D1, by id and by number. Nothing here is trusted without a guard.
 *
 * Two generations bound it: what is read moves to the young one; when that is full, the old one is dropped and the
 * young one becomes old. That keeps what is in use without moving an entry at every read.
 */
export class LaneCache {
  #young = new Map<string, Entity>();
  #old = new Map<string, Entity>();
  /** Outlives the catalog's entry: what lists the catalog must never outlive the revision that it was read at. */
  #catalogRevision: number | null = null;
  readonly #generationMax: number;

  constructor(entitiesMax: number) {
    this.#generationMax = Math.max(1, entitiesMax >> 1);
  }

  find<K extends EntityKind>(kind: K, key: string): Entities[K] | undefined {
    const name = `${kind} ${key}`;
    const young = this.#young.get(name);
    if (young !== undefined) return young as Entities[K];
    const old = this.#old.get(name);
    if (old !== undefined) this.#keep(name, old);
    return old as Entities[K] | undefined;
  }

  put<K extends EntityKind>(kind: K, entity: Entities[K]): void {
    if (kind === 'catalogState') this.#dropCatalogListsIfMoved(entity.revision);
    this.#keep(`${kind} ${entity.id}`, entity);
    const number = numberOf(kind, entity);
    if (number !== null) this.#keep(`${kind} ${number}`, entity);
  }

  delete(kind: EntityKind, id: string): void {
    const entity = this.find(kind, id);
    if (entity === undefined) return;
    this.#drop(`${kind} ${id}`);
    const number = numberOf(kind, entity);
    if (number !== null) this.#drop(`${kind} ${number}`);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#catalogRevision = null;
  }

  #keep(name: string, entity: Entity): void {
    if (this.#young.size >= this.#generationMax && !this.#young.has(name)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, entity);
  }

  #drop(name: string): void {
    this.#young.delete(name);
    this.#old.delete(name);
  }

  /** What lists the catalog carries no guard of its own: it is current as long as the catalog's revision is. */
  #dropCatalogListsIfMoved(revision: number): void {
    if (this.#catalogRevision === revision) return;
    this.#catalogRevision = revision;
    for (const name of [...this.#young.keys(), ...this.#old.keys()]) {
      if (CATALOG_LISTS.some((kind) => name.startsWith(`${kind} `))) this.#drop(name);
    }
  }
}

/** The parts of a `kind id` name; an id may be text with spaces in it. */
export function kindAndId(name: string): [EntityKind, string] {
  const space = name.indexOf(' ');
  return [name.slice(0, space) as EntityKind, name.slice(space + 1)];
}
