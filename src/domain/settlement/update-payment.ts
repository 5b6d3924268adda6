import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { mergeDetails } from '../accounts/merge-details.ts';
import { type JsonObject, refuse } from '../result.ts';
import { replyOfPayment } from './cancel-payment.ts';
import type { RefundReply } from './new-refund.ts';
import type { GatewayState, Payment, PaymentReply } from './payment.ts';
import type { Refund } from './refund.ts';

/** What of a payment can be changed, whatever its status: none of it moves money. What is absent stays. */
export interface UpdatePayment {
  readonly paymentId: string;
  readonly comment?: string | null;
  readonly referenceId?: string | null;
  readonly gatewayState?: GatewayState;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export const updatePayment: CommandHandler<UpdatePayment, PaymentReply> = {
  needs: ({ paymentId }) => [{ kind: 'payment', key: paymentId }],
  decide(state, { paymentId, details, customFields, ...fields }, context) {
    const payment = state.find('payment', paymentId);
    if (payment === null) return refuse('not_found', `There is no payment ${paymentId}.`);
    if (fields.gatewayState !== undefined && payment.type !== 'Electronic') {
      return refuse(
        'rule',
        `payment ${payment.paymentNumber} is external: no gateway knows it`,
        'gatewayState',
      );
    }
    const updated: Payment = {
      ...payment,
      ...fields,
      details: mergeDetails(payment.details, details),
      customFields: { ...payment.customFields, ...customFields },
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    return new PlanBuilder().update('payment', updated).build(replyOfPayment(state, updated));
  },
};

/** What of a refund can be changed, whatever its status. What is absent stays. */
export interface UpdateRefund {
  readonly refundId: string;
  readonly comment?: string | null;
  readonly referenceId?: string | null;
  readonly reasonCode?: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export const updateRefund: CommandHandler<UpdateRefund, RefundReply> = {
  needs: ({ refundId }) => [{ kind: 'refund', key: refundId }],
  decide(state, { refundId, details, customFields, ...fields }, context) {
    const refund = state.find('refund', refundId);
    if (refund === null) return refuse('not_found', `There is no refund ${refundId}.`);
    const updated: Refund = {
      ...refund,
      ...fields,
      details: mergeDetails(refund.details, details),
      customFields: { ...refund.customFields, ...customFields },
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    const payment = refund.sourceKind === 'payment' ? state.find('payment', refund.sourceId) : null;
    return new PlanBuilder()
      .update('refund', updated)
      .build({ refund: updated, paymentNumber: payment?.paymentNumber ?? null });
  },
};
