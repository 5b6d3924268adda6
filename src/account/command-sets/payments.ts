import { applyPayment, unapplyPayment } from '../../domain/settlement/apply-payment.ts';
import { createPayment } from '../../domain/settlement/create-payment.ts';
import { toWirePaymentReply } from '../../wire/payments.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const paymentCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['payment.create', registered(createPayment, toWirePaymentReply)],
  ['payment.apply', registered(applyPayment, toWirePaymentReply)],
  ['payment.unapply', registered(unapplyPayment, toWirePaymentReply)],
];
