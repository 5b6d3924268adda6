import type { CommandHandler } from '../account/command.ts';
import { deleteLongInvoice } from '../billing/discard-invoice.ts';
import { createOrder } from '../orders/create-order.ts';
import { deleteOrder } from '../orders/delete-order.ts';
import type { OrderPlaced } from '../orders/order-reply.ts';
import { previewOrder } from '../orders/preview-order.ts';
import { applyCreditMemo, unapplyCreditMemo } from '../settlement/apply-credit-memo.ts';
import { mirrorReversalPiece, REVERSAL_PIECE_COMMAND } from '../settlement/reverse-invoice.ts';
import type { AsyncJobType } from './async-job.ts';

/** A kind of command that a job can carry out. */
export interface AsynchronousCommand {
  readonly jobType: AsyncJobType;
  readonly handler: CommandHandler<unknown, unknown>;
  /** What of the reply is kept as the job's result: not more than its wire form shows. */
  readonly kept: (reply: unknown) => unknown;
  /** Of a job that takes several commits: what the next one carries out, null when this was the last. */
  readonly next: (reply: unknown) => unknown;
  /** It goes on with what is begun, and half of which can't stay: however long it takes, it is tried again. */
  readonly isNeverGivenUp?: true;
}

/** The types of payload and reply end here: both are kept as JSON. */
export function asynchronous<Payload, Reply>(
  jobType: AsyncJobType,
  handler: CommandHandler<Payload, Reply>,
  kept: (reply: Reply) => Reply = (reply) => reply,
  next: (reply: Reply) => Payload | null = () => null,
): AsynchronousCommand {
  return { jobType, handler, kept, next } as unknown as AsynchronousCommand;
}

/** An order's result names its subscriptions, not what they are made of. */
function withoutParts(reply: OrderPlaced): OrderPlaced {
  const subscriptions = reply.subscriptions.map((placed) => ({
    ...placed,
    ratePlans: [],
    charges: [],
    ratePlansBefore: [],
    waiting: [],
    deltas: [],
  }));
  return { ...reply, subscriptions };
}

export const asynchronousCommands: ReadonlyMap<string, AsynchronousCommand> = new Map([
  ['order.create', asynchronous('AsyncCreateOrder', createOrder, withoutParts)],
  ['order.preview', asynchronous('AsyncPreviewOrder', previewOrder)],
  ['order.delete', asynchronous('AsyncDeleteOrder', deleteOrder)],
  ['creditMemo.apply', asynchronous('AsyncCreditMemoApply', applyCreditMemo)],
  ['creditMemo.unapply', asynchronous('AsyncCreditMemoUnapply', unapplyCreditMemo)],
  [
    'invoice.deleteLong',
    asynchronous('AsyncDeleteInvoice', deleteLongInvoice, undefined, ({ next }) => next),
  ],
  [
    REVERSAL_PIECE_COMMAND,
    {
      ...asynchronous('AsyncReverseInvoice', mirrorReversalPiece, undefined, ({ next }) => next),
      isNeverGivenUp: true,
    },
  ],
]);
