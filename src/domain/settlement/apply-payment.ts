import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import type { Moved } from './apply-parts.ts';
import {
  applyRequested,
  movedDelta,
  type RequestedMove,
  unapplyRequested,
  withMoved,
} from './move-source.ts';
import { needsOfParts, type Payer } from './parts.ts';
import type { Payment, PaymentReply } from './payment.ts';

/** Parts of a payment to apply to documents, or to take off them. */
export interface MovePayment extends RequestedMove {
  readonly paymentId: string;
}

/** Applies a payment: what it has left pays what documents have open; the account's balance stays (semantics F.1 row 25). */
export const applyPayment: CommandHandler<MovePayment, PaymentReply> = {
  needs: needsOfMove,
  decide(state, payload, context) {
    const payment = findProcessed(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const plan = new PlanBuilder();
    const moved = applyRequested(state, plan, payerOf(payment), payment, payload, context);
    return isRefusal(moved) ? moved : movePayment(state, plan, payment, moved, context);
  },
};

/** Takes a payment, or parts of it, off documents again: they are open again, it is unapplied (semantics F.1 row 26). */
export const unapplyPayment: CommandHandler<MovePayment, PaymentReply> = {
  needs: needsOfMove,
  decide(state, payload, context) {
    const payment = findProcessed(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const plan = new PlanBuilder();
    const moved = unapplyRequested(state, plan, payerOf(payment), payload.parts, context);
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
  const moved = withMoved(payment, applied, context);
  return plan
    .update('payment', moved)
    .delta(movedDelta('payment', payment, applied))
    .build({ payment: moved, accountNumber: account.accountNumber });
}
