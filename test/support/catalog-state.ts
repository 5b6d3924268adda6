import type { CommandHandler, DecideContext } from '../../src/domain/account/command.ts';
import type { Change, Plan } from '../../src/domain/account/plan.ts';
import { formatNumber, type NumberKind, type State } from '../../src/domain/account/state.ts';
import type { Entities, EntityKind } from '../../src/domain/entities.ts';
import { isRefusal, type Refusal } from '../../src/domain/result.ts';
import { defaultRules } from './tenant-rules.ts';

/** The catalog in memory: decisions are made on it and their plans applied to it, as the engine does with D1. */
export class CatalogInMemory implements State {
  readonly #entities = new Map<string, Entities[EntityKind]>();
  readonly #used = new Set<string>();
  #sequence = 0;

  /** Decides and applies; the plan, or the refusal after which everything is as before. */
  run<Payload, Reply>(handler: CommandHandler<Payload, Reply>, payload: Payload): Plan<Reply> | Refusal {
    const decision = handler.decide(this, payload, this.#context());
    if (!isRefusal(decision)) for (const change of decision.changes) this.#apply(change);
    return decision;
  }

  /** Runs what must succeed; the reply's id. */
  idOf<Payload>(handler: CommandHandler<Payload, { readonly id: string }>, payload: Payload): string {
    const decision = this.run(handler, payload);
    if (isRefusal(decision)) throw new Error(`${decision.field}: ${decision.message}`);
    return decision.reply.id;
  }

  /** Marks an object as used by a subscription. */
  use(id: string): void {
    this.#used.add(id);
  }

  count(kind: EntityKind): number {
    return [...this.#entities.keys()].filter((name) => name.startsWith(`${kind} `)).length;
  }

  find<K extends EntityKind>(kind: K, key: string): Entities[K] | null {
    return this.#derived(kind, key) as Entities[K] | null;
  }

  #derived(kind: EntityKind, key: string): Entities[EntityKind] | null {
    if (kind === 'productSku') {
      const product = this.#all('product').find(({ sku }) => sku === key);
      return product === undefined ? null : { id: key, revision: 1, productId: product.id };
    }
    if (kind === 'catalogUsage') {
      const ratePlanIds = this.#all('productRatePlan')
        .filter(({ productId }) => productId === key)
        .map(({ id }) => id);
      const isUsed = [key, ...ratePlanIds].some((id) => this.#used.has(id));
      return { id: key, revision: 1, isUsed, ratePlanIds };
    }
    if (kind === 'ratePlanOffer') return this.#offer(key);
    return this.#entities.get(`${kind} ${key}`) ?? this.#byNumber(kind, key);
  }

  #offer(key: string): Entities['ratePlanOffer'] | null {
    const plan = this.find('productRatePlan', key);
    const product = plan === null ? null : this.find('product', plan.productId);
    if (plan === null || product === null) return null;
    return {
      id: plan.id,
      revision: plan.revision,
      productId: product.id,
      productName: product.name,
      productSku: product.sku,
      productEffectiveStartDate: product.effectiveStartDate,
      productEffectiveEndDate: product.effectiveEndDate,
      plan,
      charges: this.#all('productRatePlanCharge').filter((c) => c.productRatePlanId === plan.id),
    };
  }

  #byNumber(kind: EntityKind, key: string): Entities[EntityKind] | null {
    const numbers = {
      product: 'productNumber',
      productRatePlan: 'ratePlanNumber',
      productRatePlanCharge: 'chargeNumber',
    };
    const field = (numbers as Record<string, string>)[kind];
    if (field === undefined) return null;
    const all = this.#all(kind) as unknown as Array<Entities[EntityKind] & Record<string, unknown>>;
    return all.find((entity) => entity[field] === key) ?? null;
  }

  #all<K extends EntityKind>(kind: K): Array<Entities[K]> {
    return [...this.#entities]
      .filter(([name]) => name.startsWith(`${kind} `))
      .map(([, e]) => e as Entities[K]);
  }

  #apply({ action, kind, entity }: Change): void {
    const name = `${kind} ${entity.id}`;
    const before = this.#entities.get(name);
    if (action === 'insert' && before !== undefined) throw new Error(`${name} is there already`);
    if (action !== 'insert' && before === undefined) throw new Error(`${name} is not there`);
    if (action === 'delete') this.#entities.delete(name);
    else this.#entities.set(name, { ...entity, revision: (before?.revision ?? 0) + 1 });
  }

  #context(): DecideContext {
    return {
      now: '2026-03-01T10:00:00.000Z',
      today: '2026-03-01',
      actor: 'tester',
      rules: defaultRules,
      newId: () => (++this.#sequence).toString(16).padStart(32, '0'),
      nextNumber: (kind: NumberKind) => formatNumber(kind, ++this.#sequence),
    };
  }
}
