import type { CommandHandler, DecideContext } from '../../src/domain/account/command.ts';
import type { Change } from '../../src/domain/account/plan.ts';
import {
  formatNumber,
  isId,
  type NumberKind,
  numberPrefixes,
  type State,
} from '../../src/domain/account/state.ts';
import type { DocumentLine } from '../../src/domain/billing/document-line.ts';
import { type DocumentLines, LINES_PER_PIECE } from '../../src/domain/billing/document-lines.ts';
import { invoiceMemosWith } from '../../src/domain/billing/invoice-memos.ts';
import { addDays } from '../../src/domain/calendar.ts';
import type { Entities, EntityKind } from '../../src/domain/entities.ts';
import type { MetricDelta } from '../../src/domain/metrics/delta.ts';
import { isRefusal, type Refusal } from '../../src/domain/result.ts';
import { applicationLimits } from '../../src/domain/settlement/parts.ts';
import { defaultRules } from './tenant-rules.ts';

type Entity = Entities[EntityKind];

/** All state of a small world in memory: what a decision sees, and what its plan does to it. Objects are frozen, so that a decision that changes one fails. */
export class MemoryState implements State {
  readonly deltas: MetricDelta[] = [];
  readonly #entities = new Map<string, Entity>();
  readonly #numbers = new Map<NumberKind, number>();
  #ids = 0;

  find<K extends EntityKind>(kind: K, key: string): Entities[K] | null {
    const byId = this.#entities.get(`${kind} ${key}`);
    if (byId !== undefined) return byId as Entities[K];
    if (kind === 'wholeOrder') return this.#wholeOrder(key) as Entities[K] | null;
    if (kind === 'orderEffects') return this.#orderEffects(key) as Entities[K] | null;
    if (kind === 'paymentApplications') return this.#applicationsOf(key) as Entities[K] | null;
    if (kind === 'invoiceLines' || kind === 'creditMemoLines' || kind === 'debitMemoLines') {
      return this.#linesOf(kind, key) as Entities[K];
    }
    if (kind === 'invoiceMemos') return this.#memosOf(key) as Entities[K];
    // Whoever is not found by id is found by number; ids that other objects refer to are no numbers.
    if (isId(key)) return null;
    if (kind === 'subscriptionContent') return this.#contentOf(key) as Entities[K] | null;
    if (kind === 'subscription') {
      const latest = this.all('subscription').find((s) => s.subscriptionNumber === key && s.isLatestVersion);
      return (latest ?? null) as Entities[K] | null;
    }
    return this.all(kind).find((entity) => Object.values(entity).includes(key)) ?? null;
  }

  all<K extends EntityKind>(kind: K): Array<Entities[K]> {
    return [...this.#entities].flatMap(([name, entity]) =>
      name.startsWith(`${kind} `) ? [entity as Entities[K]] : [],
    );
  }

  put<K extends EntityKind>(kind: K, entity: Entities[K]): void {
    this.#entities.set(`${kind} ${entity.id}`, Object.freeze(entity));
  }

  /** Numbers and ids from here on, so that several states can be stored side by side. */
  startFrom(value: number): void {
    this.#ids = value;
    for (const kind of Object.keys(numberPrefixes)) this.#numbers.set(kind as NumberKind, value);
  }

  /** Decides and, unless refused, does what the plan says. */
  run<Payload, Reply>(
    handler: CommandHandler<Payload, Reply>,
    payload: Payload,
    today = '2026-03-15',
  ): Reply | Refusal {
    const decision = handler.decide(this, payload, this.#context(today));
    if (isRefusal(decision as object)) return decision as Refusal;
    const plan = decision as Exclude<typeof decision, Refusal>;
    for (const change of plan.changes) this.#apply(change);
    this.deltas.push(...plan.deltas);
    return plan.reply;
  }

  /** What the database's query reads: plans that are not removed before the day, charges that run on from it, each from the segment on that covers it. */
  #contentOf(key: string): Entities['subscriptionContent'] | null {
    const [asked, number] = key.split('@');
    const subscription = this.find('subscription', number!);
    if (subscription === null) return null;
    const { subscriptionEndDate, suspendedOn, originalId } = subscription;
    const from = [asked!, subscriptionEndDate ?? '9999', suspendedOn ?? '9999'].sort()[0]!;
    const live = this.all('charge')
      .filter((c) => c.subscriptionOriginalId === originalId && c.removedInVersion === null)
      .sort(byNumberAndSegment);
    const charges = live.filter((charge) => {
      const segments = live.filter((c) => c.chargeNumber === charge.chargeNumber);
      const end = segments.find((c) => c.isLastSegment)!.effectiveEndDate;
      const before = segments.filter((c) => c.effectiveStartDate !== null && c.effectiveStartDate < from);
      return (end === null || end >= from) && charge.segment >= (before.at(-1)?.segment ?? 0);
    });
    const ratePlans = this.all('ratePlan').filter(
      (plan) =>
        plan.subscriptionOriginalId === originalId &&
        plan.removedInVersion === null &&
        (plan.endDate ?? '9999') >= from,
    );
    return { id: key, revision: subscription.revision, from, subscription, ratePlans, charges };
  }

  /** What the database's query reads: from the last document on, one more than one command may touch. */
  #applicationsOf(key: string): Entities['paymentApplications'] | null {
    const payment = this.find('payment', key);
    if (payment === null) return null;
    const applications = this.all('paymentApplication')
      .filter(({ sourceId }) => sourceId === payment.id)
      .sort((a, b) => (a.targetId < b.targetId ? 1 : -1))
      .slice(0, applicationLimits.documentsMax + 1)
      .map(({ items, ...application }) => ({ ...application, items: items.length }));
    return { id: payment.id, revision: payment.revision, payment, applications };
  }

  #linesOf(
    kind: 'invoiceLines' | 'creditMemoLines' | 'debitMemoLines',
    key: string,
  ): DocumentLines<DocumentLine> {
    const [documentId, from] = key.split('@');
    const fromLine = Number(from);
    const lines = {
      invoiceLines: () => this.all('invoiceItem').filter(({ invoiceId }) => invoiceId === documentId),
      creditMemoLines: () =>
        this.all('creditMemoItem').filter(({ creditMemoId }) => creditMemoId === documentId),
      debitMemoLines: () => this.all('debitMemoItem').filter(({ debitMemoId }) => debitMemoId === documentId),
    }[kind]();
    const read = [...lines]
      .filter(({ line }) => line >= fromLine && line < fromLine + LINES_PER_PIECE)
      .sort((a, b) => a.line - b.line);
    return { id: key, revision: 1, documentId: documentId!, fromLine, lines: read };
  }

  #memosOf(invoiceId: string): Entities['invoiceMemos'] {
    const none = { id: invoiceId, revision: 1, hasCreditMemos: false, hasDebitMemos: false };
    const credited = this.all('creditMemo').reduce(
      (memos, memo) => invoiceMemosWith(memos, 'creditMemo', memo),
      none,
    );
    return this.all('debitMemo').reduce(
      (memos, memo) => invoiceMemosWith(memos, 'debitMemo', memo),
      credited,
    );
  }

  #wholeOrder(key: string): Entities['wholeOrder'] | null {
    const order = this.find('order', key);
    if (order === null) return null;
    const lines = this.all('orderSubscription')
      .filter(({ orderId }) => orderId === order.id)
      .sort((a, b) => a.line - b.line)
      .map((line) => ({
        line,
        actions: this.all('orderAction')
          .filter(({ orderSubscriptionId }) => orderSubscriptionId === line.id)
          .sort((a, b) => a.sequence - b.sequence),
      }));
    const lineItems = this.all('orderLineItem').filter(({ orderId }) => orderId === order.id);
    return { id: key, revision: order.revision, order, lines, lineItems };
  }

  #orderEffects(orderId: string): Entities['orderEffects'] | null {
    const lines = this.all('orderSubscription').filter((line) => line.orderId === orderId);
    const versions = lines.flatMap((line) => {
      const made = this.all('subscription').find(({ id }) => id === line.subscriptionId);
      if (made === undefined) return [];
      const lineage = this.all('subscription').filter(({ originalId }) => originalId === made.originalId);
      const ofLineage = ({ subscriptionOriginalId: id }: { subscriptionOriginalId: string }) =>
        id === made.originalId;
      const charges = this.all('charge').filter(ofLineage).sort(byNumberAndSegment);
      const changed = new Set(line.ratePlansBefore.map(({ id }) => id));
      return [
        {
          made,
          base: lineage.find(({ version }) => version === made.version - 1) ?? null,
          latest: lineage.reduce((a, b) => (b.version > a.version ? b : a)),
          addedCharges: charges.filter(({ addedInVersion }) => addedInVersion === made.version),
          removedCharges: charges.filter(({ removedInVersion }) => removedInVersion === made.version),
          billed: this.all('invoiceItem').flatMap(({ chargeId, chargeNumber, serviceEndDate }) =>
            charges.some(({ id, addedInVersion }) => id === chargeId && addedInVersion === made.version)
              ? [{ chargeNumber: chargeNumber!, through: addDays(serviceEndDate!, 1) }]
              : [],
          ),
          addedRatePlans: this.all('ratePlan').filter(
            (plan) => ofLineage(plan) && plan.addedInVersion === made.version,
          ),
          changedRatePlans: this.all('ratePlan').filter(({ id }) => changed.has(id)),
        },
      ];
    });
    const deltas = this.all('orderDelta').filter((delta) => delta.orderId === orderId);
    return { id: orderId, revision: 1, versions, deltas };
  }

  #apply({ action, kind, entity }: Change): void {
    const name = `${kind} ${entity.id}`;
    if (this.#entities.has(name) === (action === 'insert')) throw new Error(`cannot ${action} ${name}`);
    if (action === 'delete') this.#entities.delete(name);
    else this.put(kind, entity as never);
    if (action === 'delete' && kind === 'invoice') {
      for (const item of this.all('invoiceItem')) {
        if (item.invoiceId === entity.id) this.#entities.delete(`invoiceItem ${item.id}`);
      }
    }
    if (action === 'delete' && kind === 'creditMemo') {
      for (const item of this.all('creditMemoItem')) {
        if (item.creditMemoId === entity.id) this.#entities.delete(`creditMemoItem ${item.id}`);
      }
    }
  }

  #context(today: string): DecideContext {
    return {
      now: `${today}T12:00:00.000Z`,
      today,
      actor: 'tester',
      rules: defaultRules,
      newId: () => (++this.#ids).toString(16).padStart(32, '0'),
      nextNumber: (kind) => {
        const next = (this.#numbers.get(kind) ?? 0) + 1;
        this.#numbers.set(kind, next);
        return formatNumber(kind, next);
      },
    };
  }
}

function byNumberAndSegment(a: Entities['charge'], b: Entities['charge']): number {
  if (a.chargeNumber !== b.chargeNumber) return a.chargeNumber < b.chargeNumber ? -1 : 1;
  return a.segment - b.segment;
}
