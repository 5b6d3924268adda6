/** What bounds a bill (conventions 7). */
export const billingLimits = {
  /** Periods of one charge that are billed at once; the rest stays unsettled and is billed the next time. */
  periodsPerChargeMax: 1_000,
} as const;
