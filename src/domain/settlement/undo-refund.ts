import type { CommandHandler, DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { refuse } from '../result.ts';
import type { RefundReply } from './new-refund.ts';
import type { Refund } from './refund.ts';
import { takeMemoRefund } from './refund-credit-memo.ts';
import { NOTHING_MOVED, takeRefund } from './refund-payment.ts';

export interface RefundReference {
  readonly refundId: string;
}

/** Takes an external refund back: what it refunded is unapplied again (semantics F.1 row 29). */
export const cancelRefund: CommandHandler<RefundReference, RefundReply> = {
  needs: ({ refundId }) => [{ kind: 'refund', key: refundId }],
  decide(state, { refundId }, context) {
    const refund = state.find('refund', refundId);
    if (refund === null) return refuse('not_found', `There is no refund ${refundId}.`);
    const { refundNumber, status, type } = refund;
    if (status !== 'Processed') {
      return refuse('rule', `refund ${refundNumber} is ${status}; only a Processed refund can be canceled`);
    }
    if (type !== 'External') {
      return refuse('rule', `refund ${refundNumber} is ${type}: the gateway has paid it out already`);
    }
    const plan = new PlanBuilder();
    const paymentNumber =
      refund.sourceKind === 'payment'
        ? returnToPayment(state, plan, refund, context)
        : returnToMemo(state, plan, refund, context);
    const canceled: Refund = {
      ...refund,
      status: 'Canceled',
      cancelledAt: context.now,
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    return plan.update('refund', canceled).build({ refund: canceled, paymentNumber });
  },
};

/** Deletes a refund that was canceled. No metric moves: it counts no longer. */
export const deleteRefund: CommandHandler<RefundReference, { readonly id: string }> = {
  needs: ({ refundId }) => [{ kind: 'refund', key: refundId }],
  decide(state, { refundId }) {
    const refund = state.find('refund', refundId);
    if (refund === null) return refuse('not_found', `There is no refund ${refundId}.`);
    if (refund.status !== 'Canceled') {
      const message = `refund ${refund.refundNumber} is ${refund.status}; only a Canceled refund can be deleted`;
      return refuse('rule', message);
    }
    return new PlanBuilder().delete('refund', refund).build({ id: refund.id });
  },
};

/** A payment or memo cannot be deleted, canceled or transferred while something of it is refunded: it is there and in effect. */
function returnToPayment(state: State, plan: PlanBuilder, refund: Refund, context: DecideContext): string {
  const payment = state.find('payment', refund.sourceId)!;
  takeRefund(plan, payment, refund, -1, NOTHING_MOVED, context);
  return payment.paymentNumber;
}

function returnToMemo(state: State, plan: PlanBuilder, refund: Refund, context: DecideContext): null {
  demand(state, [
    { kind: 'creditMemo', key: refund.sourceId },
    ...refund.items.map(({ creditMemoItemId: key }) => ({ kind: 'creditMemoItem' as const, key })),
  ]);
  takeMemoRefund(state, plan, state.find('creditMemo', refund.sourceId)!, refund, -1, context);
  return null;
}
