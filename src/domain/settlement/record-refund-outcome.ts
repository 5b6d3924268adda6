import type { CommandHandler, DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { APPLICATION_KIND, applicationId, ITEM_KIND } from './application.ts';
import { unapplyParts } from './apply-parts.ts';
import { payerOf } from './apply-payment.ts';
import { answeredDetails, type GatewayAnswer, gatewayWorkOf, type ReservedPart } from './gateway.ts';
import type { RefundReply } from './new-refund.ts';
import { findTarget, openOfLine, type ResolvedItem, type ResolvedPart } from './parts.ts';
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';
import { takeMemoRefund } from './refund-credit-memo.ts';
import { withRefunding } from './refund-hold.ts';
import { takeRefund } from './refund-payment.ts';
import { needsOfReserved } from './reservation.ts';

/** What a gateway said about a refund. */
export interface RefundOutcome {
  readonly refundId: string;
  readonly answer: GatewayAnswer;
}

/**
 * Records what the gateway said, once: an approved refund takes effect (semantics F.1 rows 27, 28, 38), and what the payment was to be taken off for it is taken
 * off as far as it is still applied there; a declined one frees what was held for it. A later answer finds it no longer Processing and changes nothing.
 */
export const recordRefundOutcome: CommandHandler<RefundOutcome, RefundReply> = {
  needs: ({ refundId }) => [{ kind: 'refund', key: refundId }],
  decide(state, { refundId, answer }, context) {
    const refund = state.find('refund', refundId);
    if (refund === null) return refuse('not_found', `There is no refund ${refundId}.`);
    const plan = new PlanBuilder();
    if (refund.status !== 'Processing') {
      return plan.build({ refund, paymentNumber: paymentOf(state, refund)?.paymentNumber ?? null });
    }
    demand(state, [
      { kind: refund.sourceKind, key: refund.sourceId },
      ...refund.items.map(({ creditMemoItemId: key }): Need => ({ kind: 'creditMemoItem', key })),
    ]);
    const approved = answer.outcome === 'approved';
    const settled: Refund = {
      ...refund,
      items: approved ? stillOpenItems(state, refund) : refund.items,
      status: approved ? 'Processed' : 'Error',
      gatewayState: approved ? 'Submitted' : 'FailedToSettle',
      details: answeredDetails(refund, answer, context.now),
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    plan.update('refund', settled);
    const refused = takeFromSource(state, plan, refund, settled, context);
    if (refused !== null) return refused;
    return plan.build({ refund: settled, paymentNumber: paymentOf(state, refund)?.paymentNumber ?? null });
  },
};

function paymentOf(state: State, { sourceKind, sourceId }: Refund): Payment | null {
  return sourceKind === 'payment' ? state.find('payment', sourceId) : null;
}

/**
 * As much of what was meant for lines of a memo as those lines still have: lines are not held meanwhile, only the memo is. The rest is taken of the memo as
 * a whole, for the money has gone.
 */
function stillOpenItems(state: State, { items }: Refund): Refund['items'] {
  return items.flatMap(({ creditMemoItemId, amountMinor }) => {
    const item = state.find('creditMemoItem', creditMemoItemId);
    const fitMinor = item === null ? 0 : Math.min(amountMinor, openOfLine(item));
    return fitMinor <= 0 ? [] : [{ creditMemoItemId, amountMinor: fitMinor }];
  });
}

/** Frees what was held for the refund, and takes it when it was approved. A source stays while something is held of it. */
function takeFromSource(
  state: State,
  plan: PlanBuilder,
  refund: Refund,
  settled: Refund,
  context: DecideContext,
): Refusal | null {
  const approved = settled.status === 'Processed';
  if (refund.sourceKind === 'creditMemo') {
    const memo = withRefunding(state.find('creditMemo', refund.sourceId)!, -refund.amountMinor);
    if (approved) takeMemoRefund(state, plan, memo, settled, 1, context);
    else plan.update('creditMemo', { ...memo, updatedAt: context.now, updatedBy: context.actor });
    return null;
  }
  const payment = withRefunding(state.find('payment', refund.sourceId)!, -refund.amountMinor);
  if (!approved) {
    plan.update('payment', { ...payment, updatedAt: context.now, updatedBy: context.actor });
    return null;
  }
  const parts = stillApplied(state, payment, gatewayWorkOf(refund)?.parts ?? []);
  const moved = unapplyParts(state, plan, payerOf(payment), parts, context);
  if (isRefusal(moved)) return moved;
  takeRefund(plan, payment, settled, 1, moved, context);
  return null;
}

/** As much of the parts as the payment is still applied to; to the very lines only while those lines still have it. */
function stillApplied(state: State, payment: Payment, reserved: readonly ReservedPart[]): ResolvedPart[] {
  demand(state, [
    ...needsOfReserved(reserved),
    ...reserved.map(
      ({ targetId }): Need => ({
        kind: APPLICATION_KIND.payment,
        key: applicationId(payment.id, targetId),
      }),
    ),
  ]);
  return reserved.flatMap((part): ResolvedPart[] => {
    const target = findTarget(state, part.targetKind, part.targetId);
    const application = state.find(APPLICATION_KIND.payment, applicationId(payment.id, part.targetId));
    if (target === null || application === null) return [];
    const path = target.document.id;
    const items = part.items.flatMap(({ targetItemId, amountMinor }): ResolvedItem[] => {
      const targetItem = state.find(ITEM_KIND[target.kind], targetItemId);
      const present = application.items.find((item) => item.targetItemId === targetItemId);
      if (targetItem === null || (present?.amountMinor ?? 0) < amountMinor) return [];
      return [{ path, sourceItem: null, targetItem, amountMinor }];
    });
    const isWhole = application.amountMinor >= part.amountMinor && items.length === part.items.length;
    const amountMinor = Math.min(part.amountMinor, application.amountMinor);
    return [{ path, target, amountMinor, items: isWhole ? items : [] }];
  });
}
