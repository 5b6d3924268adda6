import type { Audit, Stored } from '../entities.ts';

/** What money and credit are taken from, and what they settle. */
export type SourceKind = 'payment' | 'creditMemo';
export type TargetKind = 'invoice' | 'debitMemo';

/** The part of an application that is meant for one line. */
export interface ApplicationItem {
  /** Line of the credit memo; null for payments, and where only the target's line was named. */
  readonly sourceItemId: string | null;
  readonly targetItemId: string;
  readonly amountMinor: number;
}

/**
 * How much of one payment or credit memo is applied to one invoice or debit memo, now: one per pair, gone when nothing is applied any more.
 * What its items do not name is applied to the document as a whole (decision 009).
 */
export interface Application extends Stored, Audit {
  readonly sourceId: string;
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly accountId: string;
  readonly amountMinor: number;
  /** Of the latest application, YYYY-MM-DD. */
  readonly effectiveDate: string;
  /** One per pair of lines; their sum is at most the amount. */
  readonly items: readonly ApplicationItem[];
}

export const APPLICATION_KIND = {
  payment: 'paymentApplication',
  creditMemo: 'creditMemoApplication',
} as const satisfies Record<SourceKind, string>;

/** The lines of what is settled. */
export const ITEM_KIND = {
  invoice: 'invoiceItem',
  debitMemo: 'debitMemoItem',
} as const satisfies Record<TargetKind, string>;

/** Spreads ids that differ in a few bits: 2^128 divided by the golden ratio, odd. */
const SPREAD = 0x9e3779b97f4a7c15f39cc0605cedc835n;

/** An id that follows from two: like any other, and the same for the same pair, so that there is one per pair. */
export function pairId(firstId: string, secondId: string): string {
  const mixed = BigInt.asUintN(128, BigInt(`0x${firstId}`) * SPREAD) ^ BigInt(`0x${secondId}`);
  return mixed.toString(16).padStart(32, '0');
}

export function applicationId(sourceId: string, targetId: string): string {
  return pairId(sourceId, targetId);
}
