import { closeAccount, refuseAccount } from '../../domain/billing/bill-runs/account-steps.ts';
import { billAccount } from '../../domain/billing/bill-runs/bill-account.ts';
import { cancelBillRun, deleteBillRun, postBillRun } from '../../domain/billing/bill-runs/change-bill-run.ts';
import { createBillRun } from '../../domain/billing/bill-runs/create-bill-run.ts';
import { cancelDocument, deleteDocument } from '../../domain/billing/bill-runs/discard-document.ts';
import { finishInvoice, moveLines } from '../../domain/billing/bill-runs/finish-document.ts';
import { advanceRun, planAccounts } from '../../domain/billing/bill-runs/run-steps.ts';
import { postCreditMemo } from '../../domain/settlement/credit-memo-status.ts';
import { toWireBillRunReply } from '../../wire/bill-runs.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

/** What callers do to bill runs, and the steps of the job that carries them out: those answer with what they made. */
export const billRunCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['billRun.create', registered(createBillRun, toWireBillRunReply)],
  ['billRun.cancel', registered(cancelBillRun, toWireBillRunReply)],
  ['billRun.post', registered(postBillRun, toWireBillRunReply)],
  ['billRun.delete', registered(deleteBillRun, toWireBillRunReply)],
  ['billRun.plan', registered(planAccounts, (run) => run)],
  ['billRun.advance', registered(advanceRun, (run) => run)],
  ['billRun.billAccount', registered(billAccount, (row) => row)],
  ['billRun.refuseAccount', registered(refuseAccount, (row) => row)],
  ['billRun.closeAccount', registered(closeAccount, (row) => row)],
  ['billRun.finishInvoice', registered(finishInvoice, ({ id }) => ({ id }))],
  ['billRun.moveLines', registered(moveLines, ({ id, status }) => ({ id, status }))],
  ['billRun.postCreditMemo', registered(postCreditMemo, ({ memo }) => ({ id: memo.id }))],
  ['billRun.cancelDocument', registered(cancelDocument, (reply) => reply)],
  ['billRun.deleteDocument', registered(deleteDocument, (reply) => reply)],
];
