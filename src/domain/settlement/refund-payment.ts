import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Decimal } from '../money.ts';
import { fromMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { type Moved, movedBalances, unapplyParts } from './apply-parts.ts';
import { findProcessed, payerOf } from './apply-payment.ts';
import type { GatewayChoice } from './gateway.ts';
import {
  amountToRefund,
  findRefundProblem,
  newRefund,
  type RefundReply,
  type RefundRequest,
  type RefundSource,
} from './new-refund.ts';
import { needsOfParts, positiveMinor, type RequestedPart, type ResolvedPart, resolveParts } from './parts.ts';
import { type Payment, UNASSIGNED_ACCOUNT } from './payment.ts';
import { partsFromLast } from './payment-applications.ts';
import type { PaymentMethodType } from './payment-method.ts';
import type { Refund } from './refund.ts';
import { freeMinorOf, withRefunding } from './refund-hold.ts';
import { submittedRefund, workOfPaymentRefund } from './submit-refund.ts';

/** Money to give back of a payment. */
export interface RefundPayment extends RefundRequest {
  readonly paymentId: string;
  readonly amount: Decimal;
}

/** Money to give back of a payment, wherever it is applied. */
export interface RefundPaymentAndUnapply extends RefundRequest {
  readonly paymentId: string;
  /** Everything that is not refunded yet when null and no part is named; the sum of the parts when some are. */
  readonly amount: Decimal | null;
  /** What the payment is taken off first. Without any it is taken off as far as what is unapplied does not suffice, from the last document on. */
  readonly parts: readonly RequestedPart[];
}

/** Gives back money that a payment has left: what is unapplied becomes less (semantics F.1 row 27). */
export const refundPayment: CommandHandler<RefundPayment, RefundReply> = {
  needs: ({ paymentId }) => [{ kind: 'payment', key: paymentId }],
  numbers: () => [['refund', 1]],
  decide(state, payload, context) {
    const payment = findRefundable(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const source = sourceOfPayment(payment);
    const amountMinor = amountToRefund(source, payload);
    if (typeof amountMinor !== 'number') return amountMinor;
    const refund = newRefund(payload, source, { status: 'Processed', amountMinor, items: [] }, context);
    if (payload.gateway !== undefined) return submitRefund(payment, refund, payload.gateway, [], context);
    const plan = new PlanBuilder().insert('refund', refund);
    return takeRefund(plan, payment, refund, 1, NOTHING_MOVED, context).build(replyOf(refund, payment));
  },
};

/** Takes a payment off documents and gives it back in one: the documents are open again, nothing more is unapplied (semantics F.1 row 28). */
export const refundPaymentAndUnapply: CommandHandler<RefundPaymentAndUnapply, RefundReply> = {
  needs: ({ paymentId, parts }) => [
    { kind: 'payment', key: paymentId },
    ...needsOfParts(parts),
    ...(parts.length > 0 ? [] : [{ kind: 'paymentApplications' as const, key: paymentId }]),
  ],
  numbers: () => [['refund', 1]],
  decide(state, payload, context) {
    const payment = findRefundable(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const wanted = wantedParts(state, payload, payment);
    if (isRefusal(wanted)) return wanted;
    const { amountMinor, parts } = wanted;
    const plan = new PlanBuilder();
    const moved = unapplyParts(state, plan, payerOf(payment), parts, context);
    if (isRefusal(moved)) return moved;
    const freedMinor = -(moved.invoicesMinor + moved.debitMemosMinor);
    const source = { ...sourceOfPayment(payment), freeMinor: freeMinorOf(payment) + freedMinor };
    const problem = findRefundProblem(source, amountMinor, payload.refundDate);
    if (problem !== null) return problem;
    const refund = newRefund(payload, source, { status: 'Processed', amountMinor, items: [] }, context);
    if (payload.gateway !== undefined) return submitRefund(payment, refund, payload.gateway, parts, context);
    plan.insert('refund', refund);
    return takeRefund(plan, payment, refund, 1, moved, context).build(replyOf(refund, payment));
  },
};

/** The refund that the payment's gateway is to be asked for: it has moved nothing yet, and what it needs is held (row 27: when Processed). */
function submitRefund(
  payment: Payment,
  refund: Refund,
  choice: GatewayChoice,
  parts: readonly ResolvedPart[],
  context: DecideContext,
): Plan<RefundReply> | Refusal {
  const work = workOfPaymentRefund(payment, choice, parts);
  if ('refused' in work) return work;
  const { paymentMethodId, paymentMethodType } = payment;
  const method = { id: paymentMethodId!, type: paymentMethodType as PaymentMethodType };
  const submitted = submittedRefund(refund, work, method, context);
  const held = withRefunding(payment, refund.amountMinor);
  return new PlanBuilder()
    .insert('refund', submitted)
    .update('payment', { ...held, updatedAt: context.now, updatedBy: context.actor })
    .build(replyOf(submitted, payment));
}

export const NOTHING_MOVED: Moved = { invoicesMinor: 0, debitMemosMinor: 0 };

/** How much is refunded, and what the payment is taken off for it. */
function wantedParts(
  state: State,
  { amount, parts: requested }: RefundPaymentAndUnapply,
  payment: Payment,
): { readonly amountMinor: number; readonly parts: ResolvedPart[] } | Refusal {
  const { currency, appliedMinor } = payment;
  const freeMinor = freeMinorOf(payment);
  const givenMinor = amount === null ? null : positiveMinor(amount, currency, 'totalAmount');
  if (givenMinor !== null && typeof givenMinor !== 'number') return givenMinor;
  if (requested.length === 0) {
    const amountMinor = givenMinor ?? freeMinor + appliedMinor;
    if (amountMinor === 0) {
      return refuse('rule', `payment ${payment.paymentNumber} is refunded as a whole already`);
    }
    const takenOffMinor = Math.min(Math.max(amountMinor - freeMinor, 0), appliedMinor);
    const parts = partsFromLast(state, payment, takenOffMinor, 'refunded');
    return isRefusal(parts) ? parts : { amountMinor, parts };
  }
  const parts = resolveParts(state, requested, payerOf(payment));
  if (isRefusal(parts)) return parts;
  const partsMinor = parts.reduce((sum, part) => sum + part.amountMinor, 0);
  if (givenMinor !== null && givenMinor < partsMinor) {
    const show = (minor: number) => `${fromMinor(minor, currency)} ${currency}`;
    const message = `${show(givenMinor)} is less than the ${show(partsMinor)} that the payment is taken off documents for it`;
    return refuse('invalid', message, 'totalAmount');
  }
  return { amountMinor: givenMinor ?? partsMinor, parts };
}

/** A payment that has taken effect for an account: only such a one can be refunded. */
export function findRefundable(state: State, paymentId: string): Payment | Refusal {
  const payment = findProcessed(state, paymentId);
  if (isRefusal(payment) || payment.accountId !== UNASSIGNED_ACCOUNT) return payment;
  return refuse('rule', `payment ${payment.paymentNumber} belongs to no account: transfer it to one first`);
}

export function sourceOfPayment(payment: Payment): RefundSource {
  const { id, accountId, currency, effectiveDate, paymentNumber } = payment;
  return {
    kind: 'payment',
    id,
    accountId,
    currency,
    date: effectiveDate,
    freeMinor: freeMinorOf(payment),
    name: `payment ${paymentNumber}`,
  };
}

/**
 * Adds to the plan what a refund changes of its payment and of the account's metrics: when it takes effect (1), or is taken back (-1). The refund
 * itself is inserted or updated by the caller.
 *
 * @param moved what the payment is taken off for it: negative amounts, already in the plan
 */
export function takeRefund(
  plan: PlanBuilder,
  payment: Payment,
  refund: Refund,
  sign: 1 | -1,
  moved: Moved,
  { now, actor }: DecideContext,
): PlanBuilder {
  const amountMinor = sign * refund.amountMinor;
  const freedMinor = -(moved.invoicesMinor + moved.debitMemosMinor);
  return plan
    .update('payment', {
      ...payment,
      appliedMinor: payment.appliedMinor - freedMinor,
      unappliedMinor: payment.unappliedMinor + freedMinor - amountMinor,
      refundedMinor: payment.refundedMinor + amountMinor,
      updatedAt: now,
      updatedBy: actor,
    })
    .delta({
      accountId: payment.accountId,
      currency: payment.currency,
      ...movedBalances(moved),
      unappliedPaymentMinor: freedMinor - amountMinor,
      documentKind: 'refund',
      documentId: refund.id,
    });
}

function replyOf(refund: Refund, { paymentNumber }: Payment): RefundReply {
  return { refund, paymentNumber };
}
