import type { NewAccount } from '../accounts/new-account.ts';
import type { JsonObject } from '../result.ts';
import type { SubscriptionSpec } from '../subscriptions/subscription-spec.ts';

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

/** A new subscription on its way into an order. */
export interface CreateSubscriptionAction {
  readonly type: 'CreateSubscription';
  /** Null: the order's account. */
  readonly subscriptionOwner: AccountChoice | null;
  readonly invoiceOwner: AccountReference | null;
  readonly spec: SubscriptionSpec;
}

/** Everything that an order can do to a subscription; each has its file in actions/. */
export type OrderActionSpec = CreateSubscriptionAction;

/** One action: what it means, and how it was asked for, in the wire's form; the latter is stored and shown as it is. */
export interface RequestedAction {
  readonly action: OrderActionSpec;
  readonly body: JsonObject;
}

export interface RequestedSubscription {
  readonly subscriptionNumber: string | null;
  readonly actions: readonly RequestedAction[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** An order as it is asked for (semantics D.1): POST /v1/orders after the wire layer has read it. */
export interface OrderRequest {
  readonly orderNumber: string | null;
  readonly account: AccountChoice;
  readonly orderDate: string;
  /** Draft: kept, nothing made of it. Otherwise made at once: Completed, or Pending while a trigger date is missing. */
  readonly draft: boolean;
  readonly category: string;
  readonly description: string | null;
  readonly subscriptions: readonly RequestedSubscription[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
  /** How the caller wants the reply: with ids, and in which version's form. */
  readonly returnIds: boolean;
  readonly numbersOnly: boolean;
}
