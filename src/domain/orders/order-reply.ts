import type { WrittenDocuments } from '../billing/write-documents.ts';
import type { Decimal } from '../money.ts';
import type { Charge, RatePlan, Subscription } from '../subscriptions/subscription.ts';
import type { OrderStatus, WaitingAction } from './order.ts';
import type { OrderLineItem } from './order-line-item.ts';

/**
 * What one action of an order moves on one charge over a span of days: value after minus value before (semantics C.4). The sums over all
 * actions of all orders are the charge's current values.
 */
export interface OrderDelta {
  /** Position of the action on its subscription, from 0. */
  readonly sequence: number;
  readonly actionType: string;
  readonly chargeNumber: string;
  readonly chargeId: string;
  readonly productRatePlanChargeId: string;
  readonly currency: string;
  readonly startDate: string;
  /** Exclusive; null for evergreen. */
  readonly endDate: string | null;
  /** Decimal text. */
  readonly deltaMrr: Decimal;
  /** Null where the contracted value has no end. */
  readonly deltaTcv: Decimal | null;
  readonly deltaQuantity: Decimal;
}

/** One subscription of a placed order: its new version and how it came to be. */
export interface PlacedSubscription {
  readonly subscription: Subscription;
  readonly ownerNumber: string;
  readonly invoiceOwnerNumber: string;
  readonly baseVersion: number | null;
  /** Rate plans and charge segments that the version adds. */
  readonly ratePlans: readonly RatePlan[];
  readonly charges: readonly Charge[];
  /** Rate plans that the version changes in place, as they were. */
  readonly ratePlansBefore: readonly RatePlan[];
  /** What each action waits for, by its position on the subscription; null for those that wait for nothing. */
  readonly waiting: ReadonlyArray<WaitingAction | null>;
  readonly deltas: readonly OrderDelta[];
  /** Change of the subscription's contracted MRR and contracted value; the latter null where there is none. */
  readonly deltaMrr: Decimal;
  readonly deltaTcv: Decimal | null;
}

/** Reply of everything that places an order, or keeps one (draft, scheduled, pending without a version). */
export interface OrderPlaced {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly orderDate: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly status: OrderStatus;
  /** Empty while the order is only kept. */
  readonly subscriptions: readonly PlacedSubscription[];
  readonly orderLineItems: readonly OrderLineItem[];
  /** What was billed with the order; absent when nothing was asked for. */
  readonly documents?: WrittenDocuments;
  readonly returnIds: boolean;
  readonly numbersOnly: boolean;
}
