import { type Refusal, refuse } from '../result.ts';

/** How large one order may be: subscriptions, and order actions on all of them together, and so on any one (conventions 7). */
export interface OrderSizeLimits {
  readonly subscriptionsMax: number;
  readonly actionsMax: number;
}

/** An order that its caller waits for, and one that is carried out later. */
export const orderSizeLimits = {
  synchronous: { subscriptionsMax: 50, actionsMax: 50 },
  asynchronous: { subscriptionsMax: 300, actionsMax: 300 },
} as const satisfies Record<string, OrderSizeLimits>;

/** Limits of orders by name, as the contract has them where it says (conventions 7); the rest bounds one transaction. */
export const orderLimits = {
  /** Rate plans that one action adds: what replies show of an inner list. */
  ratePlansPerActionMax: 300,
  /** Charges that one order creates. */
  chargesMax: 2_000,
  /** Order line items in one order, and in one request that changes several. */
  lineItemsMax: 100,
  /** Characters of an order number that the caller gives; # ? / are not allowed. */
  orderNumberLengthMax: 100,
  /** Characters of a subscription number that the caller gives. */
  subscriptionNumberLengthMax: 100,
  /** Periods that a term counts. */
  termPeriodsMax: 10_000,
} as const;

/** What is too many in an order, by the limits of the way in which it came. */
export function orderSizeProblem(
  subscriptions: ReadonlyArray<{ readonly actions: readonly unknown[] }>,
  { subscriptionsMax, actionsMax }: OrderSizeLimits,
): Refusal | null {
  if (subscriptions.length > subscriptionsMax) {
    return refuse('invalid', `must have at most ${subscriptionsMax} subscriptions`, 'subscriptions');
  }
  const actions = subscriptions.reduce((sum, subscription) => sum + subscription.actions.length, 0);
  if (actions > actionsMax) {
    return refuse('invalid', `must have at most ${actionsMax} order actions in all`, 'subscriptions');
  }
  return null;
}
