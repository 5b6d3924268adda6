import type { Audit, Entities, EntityKind, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';

/**
 * An account: who owns subscriptions, who is invoiced. `partnerAccount` decides when its metrics are published
 * (semantics A), never what they are. Metrics are not here: a write to a document never touches its account's row.
 */
export interface Account extends Stored, Audit {
  readonly accountNumber: string;
  readonly name: string;
  readonly status: 'Draft' | 'Active' | 'Canceled';
  /** ISO 4217; cannot change after creation. */
  readonly currency: string;
  /** 1 to 31, or 0 when it is set by the first charge. */
  readonly billCycleDay: number;
  readonly batch: string;
  readonly autoPay: boolean;
  readonly partnerAccount: boolean;
  readonly parentId: string | null;
  readonly billToContactId: string | null;
  readonly soldToContactId: string | null;
  /** Name of the payment term: 'Due Upon Receipt', 'Net 30' … */
  readonly paymentTerm: string;
  /** Attributes that nothing computes on, under their wire names (crmId, notes, salesRep, taxInfo …). */
  readonly details: JsonObject;
  /** `name__c` → value. */
  readonly customFields: JsonObject;
}

/** What hangs on an account: read when it is to be deleted, and guarded, so that nothing new can hang on it meanwhile. */
export interface AccountUsage extends Stored {
  readonly hasSubscriptions: boolean;
  readonly hasOrders: boolean;
  readonly hasInvoices: boolean;
  readonly hasPayments: boolean;
  /** Credit and debit memos, usage, payment methods. */
  readonly hasOtherRecords: boolean;
  readonly hasChildren: boolean;
}

/** The usage once this object is stored too: commands of one group see what the commands before them decided. */
export function usageWith(usage: AccountUsage, kind: EntityKind, entity: Entities[EntityKind]): AccountUsage {
  const refers = entity as Partial<
    Record<'accountId' | 'invoiceOwnerAccountId' | 'subscriptionOwnerAccountId' | 'parentId', string | null>
  >;
  const names = (...ids: Array<string | null | undefined>) => ids.includes(usage.id);
  const owners = () =>
    names(refers.accountId, refers.invoiceOwnerAccountId, refers.subscriptionOwnerAccountId);
  switch (kind) {
    case 'subscription':
      return { ...usage, hasSubscriptions: usage.hasSubscriptions || owners() };
    case 'order':
    case 'orderSubscription':
      return { ...usage, hasOrders: usage.hasOrders || owners() };
    case 'invoice':
      return { ...usage, hasInvoices: usage.hasInvoices || owners() };
    case 'payment':
      return { ...usage, hasPayments: usage.hasPayments || owners() };
    case 'creditMemo':
    case 'debitMemo':
    case 'usage':
    case 'paymentMethod':
      return { ...usage, hasOtherRecords: usage.hasOtherRecords || owners() };
    case 'account':
      return { ...usage, hasChildren: usage.hasChildren || names(refers.parentId) };
    default:
      return usage;
  }
}
