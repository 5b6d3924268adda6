import {
  createDebitMemoFromCharges,
  createDebitMemoFromInvoice,
} from '../../domain/settlement/create-debit-memo.ts';
import {
  cancelDebitMemo,
  deleteDebitMemo,
  postDebitMemo,
  unpostDebitMemo,
} from '../../domain/settlement/debit-memo-status.ts';
import { setDebitMemoDueDates, updateDebitMemo } from '../../domain/settlement/update-debit-memo.ts';
import { writeOffDebitMemo } from '../../domain/settlement/write-off-debit-memo.ts';
import { toWireDebitMemoReply } from '../../wire/debit-memos.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const debitMemoCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['debitMemo.createFromCharges', registered(createDebitMemoFromCharges, toWireDebitMemoReply)],
  ['debitMemo.createFromInvoice', registered(createDebitMemoFromInvoice, toWireDebitMemoReply)],
  ['debitMemo.update', registered(updateDebitMemo, toWireDebitMemoReply)],
  ['debitMemo.setDueDates', registered(setDebitMemoDueDates, () => ({ success: true }))],
  ['debitMemo.post', registered(postDebitMemo, toWireDebitMemoReply)],
  ['debitMemo.unpost', registered(unpostDebitMemo, toWireDebitMemoReply)],
  ['debitMemo.cancel', registered(cancelDebitMemo, toWireDebitMemoReply)],
  [
    'debitMemo.writeOff',
    registered(writeOffDebitMemo, ({ creditMemoId }) => ({
      creditMemo: { id: creditMemoId },
      success: true,
    })),
  ],
  ['debitMemo.delete', registered(deleteDebitMemo, () => ({ success: true }))],
];
