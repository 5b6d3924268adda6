import type { CommandHandler, DecideContext } from '../../src/domain/account/command.ts';
import type { Change } from '../../src/domain/account/plan.ts';
import { formatNumber, type State } from '../../src/domain/account/state.ts';
import { type AccountUsage, usageWith } from '../../src/domain/accounts/account.ts';
import type { ContactDraft } from '../../src/domain/accounts/contact.ts';
import type { NewAccount } from '../../src/domain/accounts/new-account.ts';
import type { Entities, EntityKind } from '../../src/domain/entities.ts';
import { isRefusal, type Refusal } from '../../src/domain/result.ts';
import { defaultRules } from './tenant-rules.ts';

/** Accounts and contacts in memory: decisions are made on them and their plans applied, as the engine does with D1. */
export class AccountsInMemory implements State {
  readonly #entities = new Map<
    string,
    { readonly kind: EntityKind; readonly entity: Entities[EntityKind] }
  >();
  #ids = 0;
  #numbers = 0;

  /** Decides and applies; the reply, or the refusal after which everything is as before. */
  run<Payload, Reply>(
    handler: CommandHandler<Payload, Reply>,
    payload: Payload,
    now = '2026-03-15T12:00:00.000Z',
  ): Reply | Refusal {
    const decision = handler.decide(this, payload, this.context(now));
    if (isRefusal(decision)) return decision;
    for (const change of decision.changes) this.#apply(change);
    return decision.reply;
  }

  /** The same for what must succeed. */
  done<Payload, Reply>(handler: CommandHandler<Payload, Reply>, payload: Payload, now?: string): Reply {
    const reply = this.run(handler, payload, now);
    if (isRefusal(reply as object)) throw new Error(JSON.stringify(reply));
    return reply as Reply;
  }

  put<K extends EntityKind>(kind: K, entity: Entities[K]): void {
    this.#entities.set(`${kind} ${entity.id}`, { kind, entity });
  }

  find<K extends EntityKind>(kind: K, key: string): Entities[K] | null {
    if (kind === 'accountUsage') return this.#usageOf(key) as Entities[K];
    const byId = this.#entities.get(`${kind} ${key}`)?.entity;
    if (byId !== undefined || kind !== 'account') return (byId ?? null) as Entities[K] | null;
    const accounts = [...this.#entities.values()].filter((stored) => stored.kind === 'account');
    const found = accounts.find(({ entity }) => (entity as Entities['account']).accountNumber === key);
    return (found?.entity ?? null) as Entities[K] | null;
  }

  context(now: string): DecideContext {
    return {
      now,
      today: now.slice(0, 10),
      actor: 'tester',
      rules: defaultRules,
      newId: () => (++this.#ids).toString(16).padStart(32, '0'),
      nextNumber: (kind) => formatNumber(kind, ++this.#numbers),
    };
  }

  #usageOf(accountId: string): AccountUsage {
    const nothing: AccountUsage = {
      id: accountId,
      revision: 1,
      hasSubscriptions: false,
      hasOrders: false,
      hasInvoices: false,
      hasPayments: false,
      hasChildren: false,
      hasOtherRecords: false,
    };
    return [...this.#entities.values()].reduce(
      (usage, { kind, entity }) => usageWith(usage, kind, entity),
      nothing,
    );
  }

  #apply({ action, kind, entity }: Change): void {
    if (action === 'delete') this.#entities.delete(`${kind} ${entity.id}`);
    else this.put(kind, entity as never);
  }
}

export function contactDraft(fields: Partial<ContactDraft> = {}): ContactDraft {
  return {
    firstName: 'Amy',
    lastName: 'Lawrence',
    workEmail: 'amy@example.com',
    country: 'United States',
    details: { city: 'San Mateo' },
    customFields: {},
    ...fields,
  };
}

export function accountDraft(fields: Partial<NewAccount> = {}): NewAccount {
  return {
    accountNumber: null,
    name: 'Harbour Supplies',
    status: 'Active',
    currency: 'USD',
    billCycleDay: 1,
    batch: 'Batch1',
    autoPay: false,
    partnerAccount: false,
    parentKey: null,
    paymentTerm: 'Net 30',
    billTo: contactDraft(),
    soldTo: null,
    soldToSameAsBillTo: false,
    details: {},
    customFields: {},
    ...fields,
  };
}
