import { applyPayment, unapplyPayment } from '../../domain/settlement/apply-payment.ts';
import { cancelPayment, deletePayment } from '../../domain/settlement/cancel-payment.ts';
import { checkCollection, collectInvoices } from '../../domain/settlement/collect-invoices.ts';
import { createPayment } from '../../domain/settlement/create-payment.ts';
import { recordPaymentOutcome } from '../../domain/settlement/record-payment-outcome.ts';
import { submitPayment } from '../../domain/settlement/submit-payment.ts';
import { transferPayment } from '../../domain/settlement/transfer-payment.ts';
import { updatePayment } from '../../domain/settlement/update-payment.ts';
import { toWireCollection } from '../../wire/invoice-collect.ts';
import { toWirePaymentReply } from '../../wire/payments.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const paymentCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['payment.create', registered(createPayment, toWirePaymentReply)],
  ['payment.submit', registered(submitPayment, toWirePaymentReply)],
  ['payment.checkCollection', registered(checkCollection, (reply) => reply)],
  ['payment.collect', registered(collectInvoices, toWireCollection)],
  ['payment.recordOutcome', registered(recordPaymentOutcome, toWirePaymentReply)],
  ['payment.apply', registered(applyPayment, toWirePaymentReply)],
  ['payment.unapply', registered(unapplyPayment, toWirePaymentReply)],
  ['payment.update', registered(updatePayment, toWirePaymentReply)],
  ['payment.transfer', registered(transferPayment, toWirePaymentReply)],
  ['payment.cancel', registered(cancelPayment, toWirePaymentReply)],
  ['payment.delete', registered(deletePayment, () => ({ success: true }))],
];
