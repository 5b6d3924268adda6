import { applyCreditMemo, unapplyCreditMemo } from '../../domain/settlement/apply-credit-memo.ts';
import {
  createCreditMemoFromCharges,
  createCreditMemoFromInvoice,
} from '../../domain/settlement/create-credit-memo.ts';
import { postCreditMemo, unpostCreditMemo } from '../../domain/settlement/credit-memo-status.ts';
import { cancelCreditMemo, deleteCreditMemo } from '../../domain/settlement/discard-credit-memo.ts';
import {
  reverseCreditMemo,
  type SettledCreditMemo,
  writeOffCreditMemo,
} from '../../domain/settlement/reverse-credit-memo.ts';
import {
  mirrorReversalPiece,
  REVERSAL_PIECE_COMMAND,
  reverseInvoice,
} from '../../domain/settlement/reverse-invoice.ts';
import { updateCreditMemo } from '../../domain/settlement/update-credit-memo.ts';
import { writeOffInvoice } from '../../domain/settlement/write-off-invoice.ts';
import { toWireCreditMemoReply } from '../../wire/credit-memos.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

/** The memos that settled something, by their ids alone. */
const settled = ({ debitMemoId }: SettledCreditMemo) => ({ debitMemo: { id: debitMemoId }, success: true });
const settledInvoice = ({ creditMemoId }: { readonly creditMemoId: string }) => ({
  creditMemo: { id: creditMemoId },
  success: true,
});

/** Credit memos, and what settles an invoice by one. */
export const creditMemoCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['creditMemo.createFromCharges', registered(createCreditMemoFromCharges, toWireCreditMemoReply)],
  ['creditMemo.createFromInvoice', registered(createCreditMemoFromInvoice, toWireCreditMemoReply)],
  ['creditMemo.update', registered(updateCreditMemo, toWireCreditMemoReply)],
  ['creditMemo.post', registered(postCreditMemo, toWireCreditMemoReply)],
  ['creditMemo.unpost', registered(unpostCreditMemo, toWireCreditMemoReply)],
  ['creditMemo.cancel', registered(cancelCreditMemo, toWireCreditMemoReply)],
  ['creditMemo.delete', registered(deleteCreditMemo, () => ({ success: true }))],
  ['creditMemo.apply', registered(applyCreditMemo, toWireCreditMemoReply)],
  ['creditMemo.unapply', registered(unapplyCreditMemo, toWireCreditMemoReply)],
  ['creditMemo.reverse', registered(reverseCreditMemo, settled)],
  ['creditMemo.writeOff', registered(writeOffCreditMemo, settled)],
  [
    'invoice.reverse',
    registered(reverseInvoice, (reply) => ({
      ...settledInvoice(reply),
      ...(reply.jobId === null ? {} : { jobId: reply.jobId }),
    })),
  ],
  [REVERSAL_PIECE_COMMAND, registered(mirrorReversalPiece, settledInvoice)],
  ['invoice.writeOff', registered(writeOffInvoice, settledInvoice)],
];
