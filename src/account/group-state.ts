import type { Change } from '../domain/account/plan.ts';
import { MissingState, type Need, type State } from '../domain/account/state.ts';
import { usageWith } from '../domain/accounts/account.ts';
import { numberOfBillingKey, type SubscriptionBilling } from '../domain/billing/billable.ts';
import { type InvoiceLines, linesWith } from '../domain/billing/document-lines.ts';
import { invoiceMemosWith } from '../domain/billing/invoice-memos.ts';
import { chargeOfTotalKey } from '../domain/billing/usage.ts';
import { CATALOG_STATE_ID } from '../domain/catalog/catalog.ts';
import type { Entities, EntityKind } from '../domain/entities.ts';
import {
  contentWith,
  numberOfContentKey,
  type SubscriptionContent,
} from '../domain/subscriptions/subscription-content.ts';
import { isGuarded } from '../persistence/commit-batch.ts';
import { numberOf } from '../persistence/entity-tables.ts';
import { kindAndId, type LaneCache } from './lane-cache.ts';
import { isLines, lineageIdOf, rowsBehind } from './rows-behind.ts';

type Entity = Entities[EntityKind];

/** What a lane writes and hardly ever reads again: not worth a place in its cache. */
const READ_SELDOM: ReadonlySet<EntityKind> = new Set<EntityKind>([
  'order',
  'orderSubscription',
  'orderAction',
  'orderDelta',
  'orderLineItem',
  'subscription',
  'ratePlan',
  'charge',
  'invoiceItem',
  'creditMemoItem',
  'debitMemoItem',
  'usage',
  'usageImport',
  'usageImportPiece',
  'asyncJob',
]);

/** Read anew by every group: large, and other lanes change subscriptions too. */
const READ_ANEW: ReadonlySet<EntityKind> = new Set<EntityKind>([
  'subscriptionContent',
  'subscriptionBilling',
  'paymentApplications',
  'documentBilling',
  'usageTotal',
  'usageBilled',
  'usageCharges',
  'wholeOrder',
  'orderEffects',
  'invoiceLines',
  'invoiceMemos',
  'creditMemoLines',
  'debitMemoLines',
]);

/** Where the lane's cache stands among the loads of a group, which count from one. */
const FROM_CACHE = 0;

interface Loaded {
  readonly entity: Entity | null;
  /** Which load of this group brought it: what one load brings is as of one moment. */
  readonly load: number;
}

interface Found {
  readonly entity: Entity | null;
  /** Null: what commands of this group decided. */
  readonly load: number | null;
}

interface Written {
  readonly kind: EntityKind;
  entity: Entity;
  action: 'insert' | 'update' | 'delete';
}

/**
 * What a command rests on was put together by the database, and commands before it in the same group changed what it is made of: it is
 * decided in the next group, which reads it anew. Whoever is first in a group never meets this.
 */
export class DecideLater extends Error {}

/**
 * The state that the commands of one group see: the lane's cache, what was loaded for this group, and what the
 * commands before decided. Remembers at which revision everything was read, for the guards.
 */
export class GroupState {
  readonly #cache: LaneCache;
  /** Objects and absences that were read from D1 for this group. */
  readonly #loaded = new Map<string, Loaded>();
  #loads = FROM_CACHE;
  readonly #written = new Map<string, Written>();
  readonly #writtenNumbers = new Map<string, string>();
  /** What the group writes of each subscription's lineage, by the lineage's id, and of each document's lines, by the document's. */
  readonly #lineages = new Map<string, Map<string, Written>>();
  /** Numbers of the subscriptions that lines were written for. */
  readonly #billed = new Set<string>();
  /** Numbers of the charges that usage was recorded for. */
  readonly #used = new Set<string>();
  /** Revision at which each object was first read in this group. */
  readonly #reads = new Map<string, { kind: EntityKind; id: string; revision: number }>();

  /** An object was seen at two revisions: what was decided so far cannot be committed, decide the group again. */
  stale = false;

  constructor(cache: LaneCache) {
    this.#cache = cache;
  }

  /** Keeps what was loaded; needs that found nothing are absent for this group only. */
  keepLoaded(needs: readonly Need[], entities: ReadonlyArray<{ kind: EntityKind; entity: Entity }>): void {
    const load = ++this.#loads;
    for (const need of needs) this.#loaded.set(`${need.kind} ${need.key}`, { entity: null, load });
    for (const { kind, entity } of entities) {
      for (const row of rowsBehind(kind, entity)) {
        const read = this.#reads.get(`${row.kind} ${row.entity.id}`);
        if (read !== undefined && read.revision !== row.entity.revision) this.stale = true;
      }
      this.#loaded.set(`${kind} ${entity.id}`, { entity, load });
      const number = numberOf(kind, entity);
      if (number !== null) this.#loaded.set(`${kind} ${number}`, { entity, load });
      if (!READ_ANEW.has(kind)) this.#cache.put(kind, entity as never);
    }
  }

  /** Which of these have to be loaded before deciding. An offer brings the catalog's revision with it. */
  missing(needs: readonly Need[]): Need[] {
    const result: Need[] = [];
    for (const need of needs) {
      if (this.#peek(need.kind, need.key) === undefined) result.push(need);
      if (need.kind === 'ratePlanOffer' && this.#peek('catalogState', CATALOG_STATE_ID) === undefined) {
        result.push({ kind: 'catalogState', key: CATALOG_STATE_ID });
      }
    }
    return result;
  }

  /** A view for one command that notes what it read, for the commit's guards, and whether any of it came from the cache. */
  view(): CommandView {
    return new CommandView(this);
  }

  /** A view for a command that only reads: it adds no guards, and knows whether all that it saw is of one moment. */
  readingView(): ReadingView {
    return new ReadingView(this);
  }

  /** Drops cached objects so that the next read of them comes from D1. */
  forget(names: Iterable<string>): void {
    for (const name of names) this.#cache.delete(...kindAndId(name));
  }

  /** Drops what is remembered under these keys, from whichever load: the next load brings them as of its moment. */
  forgetReads(needs: readonly Need[]): void {
    for (const { kind, key } of needs) {
      this.#loaded.delete(`${kind} ${key}`);
      this.#cache.delete(kind, key);
      if (kind === 'ratePlanOffer') this.forgetReads([{ kind: 'catalogState', key: CATALOG_STATE_ID }]);
    }
  }

  /** Puts a decided plan's changes over the state, with revisions counted. */
  apply(changes: readonly Change[]): void {
    for (const change of changes) this.#applyOne(change);
  }

  #applyOne({ action, kind, entity }: Change): void {
    const name = `${kind} ${entity.id}`;
    const before = this.#written.get(name);
    const baseRevision = this.#reads.get(name)?.revision ?? entity.revision;
    const inserted = before?.action === 'insert' || (before === undefined && action === 'insert');
    if (action === 'delete' && inserted) {
      this.#written.delete(name);
      this.#loaded.set(name, { entity: null, load: this.#loads });
      return;
    }
    // What was deleted and comes back within one commit is still a row of the database.
    const actionOnStored = action === 'insert' ? 'update' : action;
    const stored = { ...entity, revision: inserted ? 1 : baseRevision + 1 } as Entity;
    const written: Written = { kind, entity: stored, action: inserted ? 'insert' : actionOnStored };
    this.#written.set(name, written);
    this.#noteLineage(name, written);
    if (kind === 'invoiceItem' || kind === 'creditMemoItem') {
      const { subscriptionNumber } = entity as Entities['invoiceItem'];
      if (subscriptionNumber !== null) this.#billed.add(subscriptionNumber);
    }
    if (kind === 'usage') this.#used.add((entity as Entities['usage']).chargeNumber);
    const number = numberOf(kind, stored);
    if (number !== null) this.#writtenNumbers.set(`${kind} ${number}`, entity.id);
  }

  /**
   * Whether what the database put together is no longer what is billed, since commands before in this group wrote versions, lines or
   * documents that it is made of.
   */
  #isOvertaken(kind: EntityKind, key: string, entity: Entity | null): boolean {
    switch (kind) {
      case 'subscriptionBilling': {
        const { documents = [] } = (entity ?? {}) as Partial<SubscriptionBilling>;
        return (
          this.#writtenNumbers.has(`subscription ${numberOfBillingKey(key)}`) ||
          documents.some((document) => this.#written.has(`${document.kind} ${document.id}`))
        );
      }
      case 'documentBilling':
        return (
          this.#lineages.size > 0 ||
          this.#written.has(`invoice ${key}`) ||
          this.#written.has(`creditMemo ${key}`)
        );
      case 'paymentApplications':
        return this.#written.has(`payment ${key}`);
      case 'subscriptionContent':
        return this.#billed.has(numberOfContentKey(key));
      case 'usageTotal':
        return this.#used.has(chargeOfTotalKey(key));
      case 'usageBilled':
        return this.#billed.has((entity as Entities['usageBilled'] | null)?.subscriptionNumber ?? '');
      case 'usageCharges':
        return ((entity as Entities['usageCharges'] | null)?.candidates ?? []).some(({ originalId }) =>
          [...(this.#lineages.get(originalId)?.values() ?? [])].some((written) => written.kind === 'charge'),
        );
      default:
        return false;
    }
  }

  #noteLineage(name: string, written: Written): void {
    const { kind, entity } = written;
    const lineageId = lineageIdOf(kind, entity);
    if (lineageId === null) return;
    const lineage = this.#lineages.get(lineageId);
    if (lineage === undefined) this.#lineages.set(lineageId, new Map([[name, written]]));
    else lineage.set(name, written);
  }

  /** Final state of every object that the group changes. */
  written(): Iterable<Written> {
    return this.#written.values();
  }

  /** Guards: every stored object that a decision rested on, at the revision that it saw. */
  guards(): Iterable<{ kind: EntityKind; id: string; revision: number }> {
    return this.#reads.values();
  }

  /** After the commit: what was written is what D1 holds now. */
  publish(): void {
    for (const { kind, entity, action } of this.#written.values()) {
      if (action === 'delete') this.#cache.delete(kind, entity.id);
      else if (READ_SELDOM.has(kind)) this.#cache.delete(kind, entity.id);
      else this.#cache.put(kind, entity as never);
    }
  }

  /** @internal for views: the object, null when absent, and where it came from; undefined when not loaded. */
  lookUp(kind: EntityKind, key: string, guarded: boolean): Found | undefined {
    const writtenId = this.#writtenNumbers.get(`${kind} ${key}`) ?? key;
    const written = this.#written.get(`${kind} ${writtenId}`);
    if (written !== undefined) {
      return { entity: written.action === 'delete' ? null : written.entity, load: null };
    }
    const loaded = this.#loaded.get(`${kind} ${key}`);
    if (loaded !== undefined && this.#isOvertaken(kind, key, loaded.entity)) throw new DecideLater();
    if (kind === 'subscriptionContent' && loaded !== undefined) {
      const content = loaded.entity as SubscriptionContent | null;
      return { entity: this.#contentOf(key, content, guarded), load: loaded.load };
    }
    const entity = loaded === undefined ? this.#cache.find(kind, key) : loaded.entity;
    if (entity === undefined) return undefined;
    if (guarded && entity !== null) {
      for (const row of rowsBehind(kind, entity)) this.#noteRead(row.kind, row.entity);
    }
    return { entity: this.#withWritten(kind, entity), load: loaded?.load ?? FROM_CACHE };
  }

  /** A subscription's content with what the group has written of it; guarded by the row of its latest version. */
  #contentOf(key: string, loaded: SubscriptionContent | null, guarded: boolean): SubscriptionContent | null {
    if (guarded && loaded !== null) this.#noteRead('subscription', loaded.subscription);
    const writtenId = this.#writtenNumbers.get(`subscription ${numberOfContentKey(key)}`);
    const written = writtenId === undefined ? undefined : this.#written.get(`subscription ${writtenId}`);
    if (written === undefined) return loaded;
    if (written.action === 'delete') return null;
    const subscription = written.entity as Entities['subscription'];
    const lineage = [...(this.#lineages.get(subscription.originalId)?.values() ?? [])];
    const ofKind = (kind: EntityKind) => lineage.filter((w) => w.kind === kind).map((w) => w.entity);
    return contentWith(key, loaded, {
      subscription,
      ratePlans: ofKind('ratePlan') as Array<Entities['ratePlan']>,
      charges: ofKind('charge') as Array<Entities['charge']>,
    });
  }

  /** What hangs on an account includes what the group is about to store; the guard checks the rest in D1. */
  #withWritten(kind: EntityKind, entity: Entity | null): Entity | null {
    if (entity === null) return entity;
    if (isLines(kind)) {
      const read = entity as InvoiceLines;
      const written = this.#lineages.get(read.documentId);
      return written === undefined ? read : linesWith(read, written.values() as Iterable<never>);
    }
    if (kind === 'invoiceMemos') {
      let memos = entity as Entities['invoiceMemos'];
      for (const written of this.#written.values()) {
        if (written.action === 'delete') continue;
        if (written.kind === 'creditMemo' || written.kind === 'debitMemo')
          memos = invoiceMemosWith(memos, written.kind, written.entity as Entities['creditMemo']);
      }
      return memos;
    }
    if (kind !== 'accountUsage') return entity;
    let usage = entity as Entities['accountUsage'];
    for (const written of this.#written.values()) {
      if (written.action !== 'delete') usage = usageWith(usage, written.kind, written.entity);
    }
    return usage;
  }

  #noteRead(kind: EntityKind, entity: Entity): void {
    const name = `${kind} ${entity.id}`;
    if (isGuarded(kind) && !this.#reads.has(name)) {
      this.#reads.set(name, { kind, id: entity.id, revision: entity.revision });
    }
  }

  #peek(kind: EntityKind, key: string): Entity | null | undefined {
    const writtenId = this.#writtenNumbers.get(`${kind} ${key}`) ?? key;
    const written = this.#written.get(`${kind} ${writtenId}`);
    if (written !== undefined) return written.entity;
    const loaded = this.#loaded.get(`${kind} ${key}`);
    return loaded?.entity ?? this.#cache.find(kind, key) ?? loaded?.entity;
  }
}

/** The State that one decision sees. */
export class CommandView implements State {
  readonly #group: GroupState;
  /** Objects that this decision took from the cache: a refusal that rests on them is decided again on fresh state. */
  readonly cachedReads = new Set<string>();

  constructor(group: GroupState) {
    this.#group = group;
  }

  find<K extends EntityKind>(kind: K, key: string): Entities[K] | null {
    if (kind === 'ratePlanOffer') this.#read('catalogState', CATALOG_STATE_ID);
    return this.#read(kind, key) as Entities[K] | null;
  }

  #read(kind: EntityKind, key: string): Entity | null {
    const found = this.#group.lookUp(kind, key, true);
    if (found === undefined) throw new MissingState([{ kind, key }]);
    if (found.load === FROM_CACHE && found.entity !== null)
      this.cachedReads.add(`${kind} ${found.entity.id}`);
    return found.entity;
  }
}

/**
 * The State of a command that only reads. No guard stands behind its reply, so all that it rests on has to be of one moment: one
 * load of this group, and what the group decided over it.
 */
export class ReadingView implements State {
  readonly #group: GroupState;
  readonly #reads = new Map<string, Need>();
  readonly #loads = new Set<number>();

  constructor(group: GroupState) {
    this.#group = group;
  }

  get reads(): Need[] {
    return [...this.#reads.values()];
  }

  isOfOneMoment(): boolean {
    return this.#loads.size === 0 || (this.#loads.size === 1 && !this.#loads.has(FROM_CACHE));
  }

  find<K extends EntityKind>(kind: K, key: string): Entities[K] | null {
    if (kind === 'ratePlanOffer') this.#read('catalogState', CATALOG_STATE_ID);
    return this.#read(kind, key) as Entities[K] | null;
  }

  #read(kind: EntityKind, key: string): Entity | null {
    const found = this.#group.lookUp(kind, key, false);
    if (found === undefined) throw new MissingState([{ kind, key }]);
    if (found.load !== null) {
      this.#loads.add(found.load);
      this.#reads.set(`${kind} ${key}`, { kind, key });
    }
    return found.entity;
  }
}
