import type { JsonObject } from '../result.ts';

/**
 * What refunds that wait for their gateways are about to take from a payment or credit memo, minor units, in `details.refundingMinor`. Once a gateway pays
 * it out it is gone, so it can be neither applied nor refunded again meanwhile; it still counts as unapplied (semantics F.1 row 27).
 */
export function refundingMinorOf({ details }: { readonly details: JsonObject }): number {
  const minor = details.refundingMinor;
  return typeof minor === 'number' ? minor : 0;
}

/** What is left to apply or refund; below zero while more is to be refunded than is unapplied yet. */
export function freeMinorOf(source: {
  readonly unappliedMinor: number;
  readonly details: JsonObject;
}): number {
  return source.unappliedMinor - refundingMinorOf(source);
}

/** The payment or memo with this much more held for refunds, or less. */
export function withRefunding<Source extends { readonly details: JsonObject }>(
  source: Source,
  byMinor: number,
): Source {
  const { refundingMinor: _, ...details } = source.details;
  const heldMinor = Math.max(0, refundingMinorOf(source) + byMinor);
  return { ...source, details: heldMinor === 0 ? details : { ...details, refundingMinor: heldMinor } };
}
