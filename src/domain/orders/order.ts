import type { Audit, Stored } from '../entities.ts';
import type { JsonObject } from '../result.ts';
import type { RatePlan } from '../subscriptions/subscription.ts';
import type { TriggerDates } from '../subscriptions/subscription-spec.ts';
import type { OrderActionSpec } from './action-specs.ts';
import type { OrderDelta } from './order-reply.ts';

export type OrderStatus =
  | 'Draft'
  | 'Pending'
  | 'Completed'
  | 'Scheduled'
  | 'Executing'
  | 'Failed'
  | 'Cancelled'
  | 'Reverted';

/** What was asked for on one account on one date; completed, it has made or changed subscriptions. */
export interface Order extends Stored, Audit {
  readonly orderNumber: string;
  /** The order's account: by default invoice owner and subscription owner of what it creates (semantics D.1). */
  readonly accountId: string;
  readonly orderDate: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly description: string | null;
  readonly category: string;
  /** Day on which a scheduled order is placed. */
  readonly scheduledDate: string | null;
  /** Attributes under their wire names (reasonCode, externallyManagedBy, processingOptions, schedulingOptions …). */
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** One subscription of an order: which version it made of what. A draft has numbers only where the caller gave them. */
export interface OrderSubscription extends Stored {
  readonly orderId: string;
  /** Position in the order, from 0. */
  readonly line: number;
  readonly subscriptionId: string | null;
  readonly subscriptionNumber: string | null;
  readonly baseVersion: number | null;
  readonly newVersion: number | null;
  readonly subscriptionOwnerAccountId: string;
  readonly invoiceOwnerAccountId: string;
  /** Rate plans that the new version changed in place, as they were: what its undoing restores. */
  readonly ratePlansBefore: readonly RatePlan[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface OrderAction extends Stored {
  readonly orderId: string;
  readonly orderSubscriptionId: string;
  readonly sequence: number;
  /** 'CreateSubscription' … */
  readonly type: string;
  /** The action as asked for, in the wire's form, with resolved numbers: what GET order shows. */
  readonly body: JsonObject;
  /** What it means, while the order is kept and not placed: a draft, a scheduled order, one that waits for a date. */
  readonly spec: OrderActionSpec | null;
  /** What a placed action still waits for; null when nothing. */
  readonly waiting: WaitingAction | null;
  readonly createdAt: string;
}

/** Dates that a placed action misses: its subscription's, or those of charges that it added and that have no start. */
export interface WaitingAction {
  /** As they were given, and set since. */
  readonly triggerDates: TriggerDates;
  /** Numbers of its charges that have no start yet. */
  readonly charges: readonly string[];
}

/** A stored order delta (order-reply.ts): with the order, and the version of the subscription, that it came from. */
export interface StoredOrderDelta extends Stored, OrderDelta {
  readonly orderId: string;
  readonly orderActionId: string;
  readonly subscriptionOriginalId: string;
  readonly version: number;
  readonly createdAt: string;
}
