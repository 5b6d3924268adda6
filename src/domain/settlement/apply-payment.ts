import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { applyParts, type Moved, movedBalances, unapplyParts } from './apply-parts.ts';
import { checkApplicable, needsOfParts, type Payer, type RequestedPart, resolveParts } from './parts.ts';
import type { Payment, PaymentReply } from './payment.ts';
import { freeMinorOf } from './refund-hold.ts';

/** Parts of a payment to apply to documents, or to take off them. */
export interface MovePayment {
  readonly paymentId: string;
  /** Today when null. */
  readonly effectiveDate: string | null;
  readonly parts: readonly RequestedPart[];
}

/** Applies a payment: what it has left pays what documents have open; the account's balance stays (semantics F.1 row 25). */
export const applyPayment: CommandHandler<MovePayment, PaymentReply> = {
  needs: needsOfMove,
  decide(state, payload, context) {
    const payment = findProcessed(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const payer = payerOf(payment);
    const parts = resolveParts(state, payload.parts, payer);
    if (isRefusal(parts)) return parts;
    const appliedMinor = checkApplicable(parts, Math.max(0, freeMinorOf(payment)), payer);
    if (typeof appliedMinor !== 'number') return appliedMinor;
    const plan = new PlanBuilder();
    const date = payload.effectiveDate ?? context.today;
    return movePayment(state, plan, payment, applyParts(state, plan, payer, parts, date, context), context);
  },
};

/** Takes a payment, or parts of it, off documents again: they are open again, it is unapplied (semantics F.1 row 26). */
export const unapplyPayment: CommandHandler<MovePayment, PaymentReply> = {
  needs: needsOfMove,
  decide(state, payload, context) {
    const payment = findProcessed(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const payer = payerOf(payment);
    const parts = resolveParts(state, payload.parts, payer);
    if (isRefusal(parts)) return parts;
    const plan = new PlanBuilder();
    const moved = unapplyParts(state, plan, payer, parts, context);
    return isRefusal(moved) ? moved : movePayment(state, plan, payment, moved, context);
  },
};

function needsOfMove({ paymentId, parts }: MovePayment): Need[] {
  return [{ kind: 'payment', key: paymentId }, ...needsOfParts(parts)];
}

export function payerOf({ id, accountId, currency, paymentNumber }: Payment): Payer {
  return { kind: 'payment', id, accountId, currency, name: `payment ${paymentNumber}` };
}

/** A payment that has taken effect, or why it is none. */
export function findProcessed(state: State, paymentId: string): Payment | Refusal {
  const payment = state.find('payment', paymentId);
  if (payment === null) return refuse('not_found', `There is no payment ${paymentId}.`);
  if (payment.status !== 'Processed') {
    return refuse('rule', `payment ${payment.paymentNumber} is ${payment.status}, not Processed`);
  }
  return payment;
}

/** Completes the plan: the payment itself, and the delta that leaves the account's balance where it is. */
function movePayment(
  state: State,
  plan: PlanBuilder,
  payment: Payment,
  applied: Moved,
  context: DecideContext,
): Plan<PaymentReply> | Refusal {
  const account = state.find('account', payment.accountId);
  if (account === null) return refuse('not_found', `There is no account ${payment.accountId}.`);
  const appliedMinor = applied.invoicesMinor + applied.debitMemosMinor;
  const moved: Payment = {
    ...payment,
    appliedMinor: payment.appliedMinor + appliedMinor,
    unappliedMinor: payment.unappliedMinor - appliedMinor,
    updatedAt: context.now,
    updatedBy: context.actor,
  };
  return plan
    .update('payment', moved)
    .delta({
      accountId: payment.accountId,
      currency: payment.currency,
      ...movedBalances(applied),
      unappliedPaymentMinor: -appliedMinor,
      documentKind: 'payment',
      documentId: payment.id,
    })
    .build({ payment: moved, accountNumber: account.accountNumber });
}
