import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { isRefusal, refuse } from '../result.ts';
import { movedBalances, unapplyParts } from './apply-parts.ts';
import { findProcessed, payerOf } from './apply-payment.ts';
import { type Payment, type PaymentReply, UNASSIGNED_ACCOUNT } from './payment.ts';
import { partsFromLast } from './payment-applications.ts';

export interface PaymentReference {
  readonly paymentId: string;
}

/** Takes an external payment back: it is taken off all documents and counts no longer (semantics F.1 row 30). */
export const cancelPayment: CommandHandler<PaymentReference, PaymentReply> = {
  needs: ({ paymentId }) => [
    { kind: 'payment', key: paymentId },
    { kind: 'paymentApplications', key: paymentId },
  ],
  decide(state, { paymentId }, context) {
    const payment = findProcessed(state, paymentId);
    if (isRefusal(payment)) return payment;
    const { paymentNumber, type, refundedMinor, appliedMinor, unappliedMinor } = payment;
    if (type !== 'External') {
      const message = `payment ${paymentNumber} is ${type}: the gateway has taken it already, refund it instead`;
      return refuse('rule', message);
    }
    if (refundedMinor > 0) {
      return refuse('rule', `payment ${paymentNumber} is refunded in part: cancel its refunds first`);
    }
    const parts = partsFromLast(state, payment, appliedMinor, 'canceled');
    if (isRefusal(parts)) return parts;
    const plan = new PlanBuilder();
    const moved = unapplyParts(state, plan, payerOf(payment), parts, context);
    if (isRefusal(moved)) return moved;
    const canceled: Payment = {
      ...payment,
      status: 'Canceled',
      appliedMinor: 0,
      unappliedMinor: payment.amountMinor,
      cancelledAt: context.now,
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    plan.update('payment', canceled);
    if (payment.accountId !== UNASSIGNED_ACCOUNT) {
      plan.delta({
        accountId: payment.accountId,
        currency: payment.currency,
        ...movedBalances(moved),
        unappliedPaymentMinor: -unappliedMinor,
        documentKind: 'payment',
        documentId: payment.id,
      });
    }
    return plan.build(replyOfPayment(state, canceled));
  },
};

/** Deletes a payment that was canceled. No metric moves: it counts no longer. */
export const deletePayment: CommandHandler<PaymentReference, { readonly id: string }> = {
  needs: ({ paymentId }) => [{ kind: 'payment', key: paymentId }],
  decide(state, { paymentId }) {
    const payment = state.find('payment', paymentId);
    if (payment === null) return refuse('not_found', `There is no payment ${paymentId}.`);
    if (payment.status !== 'Canceled') {
      const message = `payment ${payment.paymentNumber} is ${payment.status}; only a Canceled payment can be deleted`;
      return refuse('rule', message);
    }
    return new PlanBuilder().delete('payment', payment).build({ id: payment.id });
  },
};

/** The payment with its account's number, which is null while it belongs to none. */
export function replyOfPayment(state: State, payment: Payment): PaymentReply {
  const account = payment.accountId === UNASSIGNED_ACCOUNT ? null : state.find('account', payment.accountId);
  return { payment, accountNumber: account?.accountNumber ?? null };
}
