import type { NewAccount } from '../accounts/new-account.ts';
import type { CalendarDate } from '../calendar.ts';
import type { JsonObject } from '../result.ts';
import type { OrderActionSpec } from './action-specs.ts';
import type { OrderLineItemSpec } from './order-line-items.ts';

/** An account that a request names: its id or number, and the field that names it, for refusals. */
export interface AccountReference {
  readonly key: string;
  readonly field: string;
}

/** An account that the request describes, to be opened in the same transaction. */
export interface AccountToOpen {
  readonly newAccount: NewAccount;
  readonly field: string;
}

export type AccountChoice = AccountReference | AccountToOpen;

/** One action: what it means, and how it was asked for, in the wire's form; the latter is stored and shown as it is. */
export interface RequestedAction {
  readonly action: OrderActionSpec;
  readonly body: JsonObject;
}

export interface RequestedSubscription {
  /** Of an existing subscription, or the number that a new one shall have. */
  readonly subscriptionNumber: string | null;
  /** The version that the caller thinks is the latest (`If-Match`); another one refuses the order. */
  readonly expectedVersion: number | null;
  readonly actions: readonly RequestedAction[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** What `runBilling` asks for: the order and its bill are one transaction (semantics D.1, F.1 row 15). */
export interface OrderBilling {
  /** Dates that are null are the day on which the order is placed. */
  readonly targetDate: CalendarDate | null;
  readonly documentDate: CalendarDate | null;
  /** False: drafts. */
  readonly posts: boolean;
  readonly creditMemoReasonCode: string | null;
}

/** An order as it is asked for (semantics D.1): POST /v1/orders after the wire layer has read it. */
export interface OrderRequest {
  readonly orderNumber: string | null;
  readonly account: AccountChoice;
  readonly orderDate: string;
  /**
   * Draft: kept until it is activated. Scheduled: kept until its date. Complete: placed at once, Completed or Pending while a trigger
   * date is missing.
   */
  readonly intent: 'draft' | 'scheduled' | 'complete';
  /** The day on which a scheduled order is placed, in the tenant's time zone. */
  readonly scheduledDate: string | null;
  readonly category: string;
  readonly description: string | null;
  readonly subscriptions: readonly RequestedSubscription[];
  readonly orderLineItems: readonly OrderLineItemSpec[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  /** How what the order makes is billed with it; nothing is when it is absent. */
  readonly billing?: OrderBilling | null;
  /** How the caller wants the reply: with ids, and in which version's form. */
  readonly returnIds: boolean;
  readonly numbersOnly: boolean;
}
