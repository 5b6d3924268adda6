/** Limits of orders by name, as the contract has them where it says (conventions 7); the rest bounds one transaction. */
export const orderLimits = {
  /** Subscriptions in one order. */
  subscriptionsMax: 50,
  /** Order actions in one order, and so on one subscription. */
  actionsMax: 50,
  /** Rate plans that one action adds: what replies show of an inner list. */
  ratePlansPerActionMax: 300,
  /** Charges that one order creates. */
  chargesMax: 2_000,
  /** Characters of an order number that the caller gives; # ? / are not allowed. */
  orderNumberLengthMax: 100,
  /** Characters of a subscription number that the caller gives. */
  subscriptionNumberLengthMax: 100,
  /** Periods that a term counts. */
  termPeriodsMax: 10_000,
} as const;
