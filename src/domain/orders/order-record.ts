import type { Charge, RatePlan, Subscription } from '../subscriptions/subscription.ts';
import type { Order, OrderAction, OrderSubscription } from './order.ts';
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
