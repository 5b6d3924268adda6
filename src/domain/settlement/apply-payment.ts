import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { Need, State } from '../account/state.ts';
import { fromMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import {
  checkApplicable,
  type InvoicePart,
  needsOfParts,
  type ResolvedPart,
  resolveParts,
  withPayment,
} from './invoice-parts.ts';
import { type Payment, type PaymentApplication, type PaymentReply, paymentApplicationId } from './payment.ts';

/** Parts of a payment to apply to invoices, or to take off them. */
export interface MovePayment {
  readonly paymentId: string;
  /** Today when null. */
  readonly effectiveDate: string | null;
  readonly invoices: readonly InvoicePart[];
}

/** Applies a payment to invoices: what it has left pays what they have open; the account's balance stays (semantics F.1 row 25). */
export const applyPayment: CommandHandler<MovePayment, PaymentReply> = {
  needs: needsOfMove,
  decide(state, payload, context) {
    const payment = findProcessed(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const parts = resolveParts(state, payload.invoices, payment);
    if (isRefusal(parts)) return parts;
    const appliedMinor = checkApplicable(parts, payment.unappliedMinor, payment.currency);
    if (typeof appliedMinor !== 'number') return appliedMinor;
    const plan = new PlanBuilder();
    applyParts(plan, payment.id, parts, {
      effectiveDate: payload.effectiveDate ?? context.today,
      existing: (invoiceId) => state.find('paymentApplication', paymentApplicationId(payment.id, invoiceId)),
      context,
    });
    return movePayment(state, plan, payment, appliedMinor, context);
  },
};

/** Takes a payment, or parts of it, off invoices again: they are open again, it is unapplied (semantics F.1 row 26). */
export const unapplyPayment: CommandHandler<MovePayment, PaymentReply> = {
  needs: needsOfMove,
  decide(state, payload, context) {
    const payment = findProcessed(state, payload.paymentId);
    if (isRefusal(payment)) return payment;
    const parts = resolveParts(state, payload.invoices, payment);
    if (isRefusal(parts)) return parts;
    const plan = new PlanBuilder();
    let takenMinor = 0;
    for (const { index, invoice, amountMinor } of parts) {
      const application = state.find('paymentApplication', paymentApplicationId(payment.id, invoice.id));
      const presentMinor = application?.amountMinor ?? 0;
      if (application === null || amountMinor > presentMinor) {
        const show = (minor: number) => `${fromMinor(minor, payment.currency)} ${payment.currency}`;
        return refuse(
          'invalid',
          `${show(amountMinor)} is more than the ${show(presentMinor)} of payment ${payment.paymentNumber} that is applied to invoice ${invoice.invoiceNumber}`,
          `invoices[${index}].amount`,
        );
      }
      plan.update('invoice', withPayment(invoice, -amountMinor, context));
      if (amountMinor === presentMinor) plan.delete('paymentApplication', application);
      else plan.update('paymentApplication', withAmount(application, presentMinor - amountMinor, context));
      takenMinor += amountMinor;
    }
    return movePayment(state, plan, payment, -takenMinor, context);
  },
};

function needsOfMove({ paymentId, invoices }: MovePayment): Need[] {
  return [{ kind: 'payment', key: paymentId }, ...needsOfParts(invoices)];
}

function findProcessed(state: State, paymentId: string): Payment | Refusal {
  const payment = state.find('payment', paymentId);
  if (payment === null) return refuse('not_found', `There is no payment ${paymentId}.`);
  if (payment.status !== 'Processed') {
    return refuse('rule', `payment ${payment.paymentNumber} is ${payment.status}, not Processed`);
  }
  return payment;
}

/** Adds to the plan what applying the parts changes on the side of the invoices. */
export function applyParts(
  plan: PlanBuilder,
  paymentId: string,
  parts: readonly ResolvedPart[],
  {
    effectiveDate,
    existing,
    context,
  }: {
    readonly effectiveDate: string;
    readonly existing: (invoiceId: string) => PaymentApplication | null;
    readonly context: DecideContext;
  },
): void {
  for (const { invoice, amountMinor } of parts) {
    plan.update('invoice', withPayment(invoice, amountMinor, context));
    const application = existing(invoice.id);
    if (application !== null) {
      const total = application.amountMinor + amountMinor;
      plan.update('paymentApplication', { ...withAmount(application, total, context), effectiveDate });
      continue;
    }
    plan.insert('paymentApplication', {
      id: paymentApplicationId(paymentId, invoice.id),
      revision: 0,
      paymentId,
      invoiceId: invoice.id,
      accountId: invoice.accountId,
      amountMinor,
      effectiveDate,
      createdAt: context.now,
      createdBy: context.actor,
      updatedAt: context.now,
      updatedBy: context.actor,
    });
  }
}

/** Completes the plan: the payment itself, and the delta that leaves the account's balance where it is. */
function movePayment(
  state: State,
  plan: PlanBuilder,
  payment: Payment,
  appliedMinor: number,
  context: DecideContext,
): Plan<PaymentReply> | Refusal {
  const account = state.find('account', payment.accountId);
  if (account === null) return refuse('not_found', `There is no account ${payment.accountId}.`);
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
      totalInvoiceBalanceMinor: -appliedMinor,
      unappliedPaymentMinor: -appliedMinor,
      documentKind: 'payment',
      documentId: payment.id,
    })
    .build({ payment: moved, accountNumber: account.accountNumber });
}

function withAmount(
  application: PaymentApplication,
  amountMinor: number,
  by: { readonly now: string; readonly actor: string },
): PaymentApplication {
  return { ...application, amountMinor, updatedAt: by.now, updatedBy: by.actor };
}
