import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { isRefusal, refuse } from '../result.ts';
import { findProcessed } from './apply-payment.ts';
import { replyOfPayment } from './cancel-payment.ts';
import { type Payment, type PaymentReply, UNASSIGNED_ACCOUNT } from './payment.ts';
import { refundingMinorOf } from './refund-hold.ts';

export interface TransferPayment {
  readonly paymentId: string;
  /** Id or number; null: to no account. */
  readonly toAccount: string | null;
}

/**
 * Moves a payment of which nothing is applied or refunded to another account, to none, or from none to one (semantics F.1 row 33). It is
 * decided in the lane of the account that it leaves; the other's metrics move by its own delta.
 */
export const transferPayment: CommandHandler<TransferPayment, PaymentReply> = {
  needs: ({ paymentId, toAccount }) => [
    { kind: 'payment', key: paymentId },
    ...(toAccount === null ? [] : [{ kind: 'account' as const, key: toAccount }]),
  ],
  decide(state, { paymentId, toAccount }, context) {
    const payment = findProcessed(state, paymentId);
    if (isRefusal(payment)) return payment;
    const { id, paymentNumber, accountId: fromId, currency, amountMinor, unappliedMinor } = payment;
    if (unappliedMinor !== amountMinor) {
      const message = `payment ${paymentNumber} is applied or refunded in part; only a payment that is unapplied as a whole can be transferred`;
      return refuse('rule', message);
    }
    if (refundingMinorOf(payment) > 0) {
      return refuse(
        'rule',
        `payment ${paymentNumber} is being refunded; it can be transferred once that is done`,
      );
    }
    const account = toAccount === null ? null : state.find('account', toAccount);
    if (toAccount !== null && account === null) {
      return refuse('invalid', `there is no account ${toAccount}`, 'accountId');
    }
    const toId = account?.id ?? UNASSIGNED_ACCOUNT;
    if (toId === fromId) {
      const where = account === null ? 'no account' : `account ${account.accountNumber}`;
      return refuse('invalid', `payment ${paymentNumber} belongs to ${where} already`, 'accountId');
    }
    const moved: Payment = { ...payment, accountId: toId, updatedAt: context.now, updatedBy: context.actor };
    const plan = new PlanBuilder().update('payment', moved);
    for (const [accountId, sign] of [[fromId, -1] as const, [toId, 1] as const]) {
      if (accountId === UNASSIGNED_ACCOUNT) continue;
      plan.delta({
        accountId,
        currency,
        unappliedPaymentMinor: sign * amountMinor,
        documentKind: 'payment',
        documentId: id,
      });
    }
    return plan.build(replyOfPayment(state, moved));
  },
};
