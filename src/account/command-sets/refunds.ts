import { recordRefundOutcome } from '../../domain/settlement/record-refund-outcome.ts';
import { refundCreditMemo } from '../../domain/settlement/refund-credit-memo.ts';
import { refundPayment, refundPaymentAndUnapply } from '../../domain/settlement/refund-payment.ts';
import { cancelRefund, deleteRefund } from '../../domain/settlement/undo-refund.ts';
import { updateRefund } from '../../domain/settlement/update-payment.ts';
import { toWireRefundReply, toWireUnapplyRefundReply } from '../../wire/refunds.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const refundCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['refund.ofPayment', registered(refundPayment, toWireRefundReply)],
  ['refund.ofPaymentAndUnapply', registered(refundPaymentAndUnapply, toWireUnapplyRefundReply)],
  ['refund.ofCreditMemo', registered(refundCreditMemo, toWireRefundReply)],
  ['refund.recordOutcome', registered(recordRefundOutcome, toWireRefundReply)],
  ['refund.update', registered(updateRefund, toWireRefundReply)],
  ['refund.cancel', registered(cancelRefund, toWireRefundReply)],
  ['refund.delete', registered(deleteRefund, () => ({ success: true }))],
];
