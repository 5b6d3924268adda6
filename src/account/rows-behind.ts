import type { SubscriptionBilling } from '../domain/billing/billable.ts';
import type { InvoiceLines } from '../domain/billing/document-lines.ts';
import type { Entities, EntityKind } from '../domain/entities.ts';
import type { OrderEffects } from '../domain/orders/order-effects.ts';
import type { WholeOrder } from '../domain/orders/whole-order.ts';
import type { PaymentApplications } from '../domain/settlement/payment-applications.ts';
import type { SubscriptionContent } from '../domain/subscriptions/subscription-content.ts';

type Entity = Entities[EntityKind];

/** Of the kinds that are lines of documents: what a line is, and where it says whose it is. */
const LINES = {
  invoiceLines: 'invoiceItem',
  creditMemoLines: 'creditMemoItem',
  debitMemoLines: 'debitMemoItem',
} as const satisfies Partial<Record<EntityKind, EntityKind>>;

/** Whether the kind is the lines of a document. */
export function isLines(kind: EntityKind): kind is keyof typeof LINES {
  return kind in LINES;
}

/** The rows that what is read rests on: themselves, and of what is put together those that every change of it changes. */
export function rowsBehind(kind: EntityKind, entity: Entity): Array<{ kind: EntityKind; entity: Entity }> {
  switch (kind) {
    case 'subscriptionContent':
      return [{ kind: 'subscription', entity: (entity as SubscriptionContent).subscription }];
    case 'subscriptionBilling': {
      const { subscription, documents = [] } = entity as SubscriptionBilling;
      return [
        { kind: 'subscription', entity: subscription },
        ...documents.map((document) => ({ kind: document.kind, entity: document as unknown as Entity })),
      ];
    }
    case 'usageCharges':
      return (entity as Entities['usageCharges']).candidates.map(({ subscription }) => ({
        kind: 'subscription' as const,
        entity: subscription as unknown as Entity,
      }));
    case 'paymentApplications':
      return [{ kind: 'payment', entity: (entity as PaymentApplications).payment }];
    case 'wholeOrder':
      return [{ kind: 'order', entity: (entity as WholeOrder).order }];
    case 'orderEffects':
      return (entity as OrderEffects).versions.flatMap(({ made, base, latest }) =>
        [made, latest, ...(base === null ? [] : [base])].map((row) => ({
          kind: 'subscription' as const,
          entity: row,
        })),
      );
    case 'invoiceLines':
    case 'creditMemoLines':
    case 'debitMemoLines':
      return (entity as InvoiceLines).lines.map((line) => ({
        kind: LINES[kind],
        entity: line,
      }));
    default:
      return [{ kind, entity }];
  }
}

/** What a row is listed under with others of its subscription or document; null for what is not. */
export function lineageIdOf(kind: EntityKind, entity: Entity): string | null {
  switch (kind) {
    case 'subscription':
      return (entity as Entities['subscription']).originalId;
    case 'ratePlan':
    case 'charge':
      return (entity as Entities['charge']).subscriptionOriginalId;
    case 'invoiceItem':
      return (entity as Entities['invoiceItem']).invoiceId;
    case 'creditMemoItem':
      return (entity as Entities['creditMemoItem']).creditMemoId;
    case 'debitMemoItem':
      return (entity as Entities['debitMemoItem']).debitMemoId;
    default:
      return null;
  }
}
