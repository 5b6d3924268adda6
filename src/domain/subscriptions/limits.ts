/** Limits of one subscription by name (conventions 7). */
export const subscriptionLimits = {
  /** Orders that one subscription takes, and so its versions. */
  ordersMax: 1_000,
  /** Order actions that change one charge. */
  actionsPerChargeMax: 1_000,
  /** Subscriptions whose metrics one request reads. */
  metricsMax: 100,
} as const;
