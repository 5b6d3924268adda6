import type { Charge, RatePlan, Subscription } from '../subscriptions/subscription.ts';
import type { Order, OrderAction, OrderSubscription, StoredOrderDelta } from './order.ts';
import type { OrderLineItem } from './order-line-item.ts';

/** One subscription of an order, with the version that the order made and what that version added. */
export interface OrderLine {
  readonly line: OrderSubscription;
  readonly actions: readonly OrderAction[];
  /** Null in a draft. */
  readonly subscription: Subscription | null;
  readonly ratePlans: readonly RatePlan[];
  readonly charges: readonly Charge[];
}

/** An order as it is read. */
export interface OrderRecord {
  readonly order: Order;
  readonly lines: readonly OrderLine[];
  readonly lineItems: readonly OrderLineItem[];
}

/** An order delta with the names of what it is about. */
export interface OrderDeltaReading {
  readonly delta: StoredOrderDelta;
  readonly subscriptionNumber: string;
  readonly ratePlanId: string | null;
  readonly ratePlanNumber: string | null;
  readonly productRatePlanId: string | null;
}

/** A rate plan of a subscription's latest version, with the order that added, changed or removed it last. */
export interface RatePlanReading {
  readonly ratePlan: RatePlan;
  readonly subscriptionId: string;
  readonly subscriptionVersion: number;
  /** One of its charges has changed since it was added. */
  readonly isChanged: boolean;
  readonly order: { readonly id: string; readonly orderNumber: string; readonly orderDate: string } | null;
  /** What that order did to the subscription. */
  readonly actions: readonly OrderAction[];
}
