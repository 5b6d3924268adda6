import type { Audit, Stored } from '../entities.ts';
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
  readonly hasChildren: boolean;
}
