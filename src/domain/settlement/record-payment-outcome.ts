import type { CommandHandler, DecideContext } from '../account/command.ts';
import { demand } from '../account/demand.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { refuse } from '../result.ts';
import { ITEM_KIND } from './application.ts';
import { applyParts, movedBalances } from './apply-parts.ts';
import { payerOf } from './apply-payment.ts';
import { answeredDetails, type GatewayAnswer, gatewayWorkOf, type ReservedPart } from './gateway.ts';
import { findTarget, type ResolvedItem, type ResolvedPart, type Target } from './parts.ts';
import type { Payment, PaymentReply } from './payment.ts';
import type { PaymentMethod } from './payment-method.ts';
import { needsOfReserved, updateTarget, withReserved } from './reservation.ts';

/** What a gateway said about a payment. */
export interface PaymentOutcome {
  readonly paymentId: string;
  readonly answer: GatewayAnswer;
}

/**
 * Records what the gateway said: the first answer counts, every later one finds the payment no longer Processing and changes nothing. An
 * approved payment is applied as far as what it was meant for is still open, and the rest stays unapplied (semantics F.1 rows 23, 24); a
 * declined one moves nothing (row 22).
 */
export const recordPaymentOutcome: CommandHandler<PaymentOutcome, PaymentReply> = {
  needs: ({ paymentId }) => [{ kind: 'payment', key: paymentId }],
  decide(state, { paymentId, answer }, context) {
    const payment = state.find('payment', paymentId);
    if (payment === null) return refuse('not_found', `There is no payment ${paymentId}.`);
    const reserved = gatewayWorkOf(payment)?.parts ?? [];
    demand(state, [
      { kind: 'account', key: payment.accountId },
      ...(payment.status === 'Processing' ? needsOfReserved(reserved) : []),
      ...(payment.paymentMethodId === null
        ? []
        : [{ kind: 'paymentMethod' as const, key: payment.paymentMethodId }]),
    ]);
    const accountNumber = state.find('account', payment.accountId)?.accountNumber ?? '';
    const plan = new PlanBuilder();
    if (payment.status !== 'Processing') return plan.build({ payment, accountNumber });
    const approved = answer.outcome === 'approved';
    const fitting: ResolvedPart[] = [];
    let leftMinor = payment.amountMinor;
    for (const part of reserved) {
      const target = findTarget(state, part.targetKind, part.targetId);
      if (target === null) continue;
      const freed = withReserved(target, -part.amountMinor);
      const fit = approved ? fitPart(state, part, freed, payment, leftMinor) : null;
      if (fit === null) {
        updateTarget(plan, freed, context);
        continue;
      }
      fitting.push(fit);
      leftMinor -= fit.amountMinor;
    }
    const moved = applyParts(
      state,
      plan,
      { ...payerOf(payment), isNew: true },
      fitting,
      payment.effectiveDate,
      context,
    );
    const settled: Payment = {
      ...payment,
      status: approved ? 'Processed' : 'Error',
      appliedMinor: payment.amountMinor - leftMinor,
      unappliedMinor: leftMinor,
      gatewayState: approved ? 'Submitted' : 'FailedToSettle',
      details: answeredDetails(payment, answer, context.now),
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    plan.update('payment', settled);
    countOnMethod(state, plan, settled, context);
    if (approved) {
      plan.delta({
        accountId: payment.accountId,
        currency: payment.currency,
        ...movedBalances(moved),
        unappliedPaymentMinor: leftMinor,
        documentKind: 'payment',
        documentId: payment.id,
      });
    }
    return plan.build({ payment: settled, accountNumber });
  },
};

/** As much of a part as its document, its lines and the payment still have; null when that is nothing. */
function fitPart(
  state: State,
  part: ReservedPart,
  target: Target,
  payment: Payment,
  leftMinor: number,
): ResolvedPart | null {
  const { document } = target;
  if (document.status !== 'Posted' || document.accountId !== payment.accountId) return null;
  if (target.kind === 'invoice' && target.document.isReversed) return null;
  const mostMinor = Math.min(part.amountMinor, document.balanceMinor, leftMinor);
  const path = document.id;
  if (part.items.length === 0) {
    return mostMinor <= 0 ? null : { path, target, amountMinor: mostMinor, items: [] };
  }
  const items: ResolvedItem[] = [];
  let restMinor = mostMinor;
  for (const { targetItemId, amountMinor } of part.items) {
    const targetItem = state.find(ITEM_KIND[target.kind], targetItemId);
    if (targetItem === null) continue;
    const openMinor = targetItem.amountMinor + targetItem.taxMinor - targetItem.appliedMinor;
    const fitMinor = Math.min(amountMinor, openMinor, restMinor);
    if (fitMinor <= 0) continue;
    items.push({ path, sourceItem: null, targetItem, amountMinor: fitMinor });
    restMinor -= fitMinor;
  }
  const amountMinor = mostMinor - restMinor;
  return amountMinor <= 0 ? null : { path, target, amountMinor, items };
}

/** The method's own tally: how its last payment went, and how many went well or badly. It may have been removed meanwhile. */
function countOnMethod(
  state: State,
  plan: PlanBuilder,
  payment: Payment,
  { now, actor }: DecideContext,
): void {
  const method =
    payment.paymentMethodId === null ? null : state.find('paymentMethod', payment.paymentMethodId);
  if (method === null) return;
  const tally = (name: string): number => Number(method.details[name] ?? 0);
  const well = payment.status === 'Processed';
  const changed: PaymentMethod = {
    ...method,
    details: {
      ...method.details,
      lastTransaction: well ? 'Approved' : 'Declined',
      lastTransactionDateTime: now,
      ...(well
        ? {
            totalNumberOfProcessedPayments: tally('totalNumberOfProcessedPayments') + 1,
            numConsecutiveFailures: 0,
          }
        : {
            totalNumberOfErrorPayments: tally('totalNumberOfErrorPayments') + 1,
            numConsecutiveFailures: tally('numConsecutiveFailures') + 1,
            lastFailedSaleTransactionDate: now,
          }),
    },
    updatedAt: now,
    updatedBy: actor,
  };
  plan.update('paymentMethod', changed);
}
