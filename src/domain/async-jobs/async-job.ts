import type { Refusal } from '../result.ts';

/** What a job does, in the contract's words. */
export type AsyncJobType =
  | 'AsyncCreateOrder'
  | 'AsyncPreviewOrder'
  | 'AsyncDeleteOrder'
  | 'AsyncCreditMemoApply'
  | 'AsyncCreditMemoUnapply'
  | 'AsyncReverseInvoice'
  | 'AsyncDeleteInvoice';
export type AsyncJobStatus = 'Processing' | 'Completed' | 'Failed';

/**
 * A request that was accepted and is carried out later: the row is the job, messages only hint at it. It leaves Processing
 * once, in the transaction of its effect.
 */
export interface AsyncJob {
  readonly id: string;
  readonly revision: number;
  readonly jobType: AsyncJobType;
  /** The command that is carried out, and its payload; the latter is null once the job is finished. */
  readonly commandKind: string;
  readonly payload: unknown;
  /** Where it is carried out: the lane in which it was accepted. */
  readonly laneId: string;
  /** Id of the document that it is about, for those that say so. */
  readonly referenceId: string | null;
  readonly status: AsyncJobStatus;
  /** The command's reply when Completed, as the domain gives it; otherwise null. */
  readonly result: unknown;
  /** Why nothing was done, when Failed. */
  readonly refusal: Refusal | null;
  /** Of the request that was accepted: what codes of errors begin with, and what its log lines carry. */
  readonly resourceCode: string;
  readonly requestId: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly finishedAt: string | null;
}

/** A payload and a result are kept as JSON in a row, and travel there as JSON in a parameter: D1 takes 2,000,000 bytes of each. */
export const asyncJobLimits = {
  payloadBytesMax: 1_500_000,
  resultBytesMax: 1_500_000,
} as const;

/** Bytes of a value on its way into a row: JSON text in JSON text. */
export function storedBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(JSON.stringify(value))).byteLength;
}
