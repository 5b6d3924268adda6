import type { CommandHandler, DecideContext } from '../account/command.ts';
import type { Plan } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { type Decimal, fromMinor } from '../money.ts';
import { isRefusal, type Refusal, refuse } from '../result.ts';
import { type Application, applicationId } from './application.ts';
import { applyPayment, findProcessed, unapplyPayment } from './apply-payment.ts';
import { positiveMinor, type RequestedPart } from './parts.ts';
import type { PaymentReply } from './payment.ts';

/**
 * Invoice payments are what the older resources call the applications of payments to invoices: there is one for each pair, and its amount is
 * what the invoice has of the payment now.
 */

export interface NewInvoicePayment {
  readonly paymentId: string;
  readonly invoiceId: string;
  readonly amount: Decimal;
}

export interface InvoicePaymentChange {
  readonly invoicePaymentId: string;
  readonly amount: Decimal;
}

interface InvoicePaymentReply {
  readonly invoicePaymentId: string;
}

/** Applies so much of the payment to the invoice, beside what it has of it already. */
export const createInvoicePayment: CommandHandler<NewInvoicePayment, InvoicePaymentReply> = {
  needs: (payload) => applyPayment.needs(moveOf(payload)),
  decide(state, payload, context) {
    const decision = applyPayment.decide(state, moveOf(payload), context);
    if (isRefusal(decision)) return decision;
    // The request may name both by their numbers.
    const paymentId = state.find('payment', payload.paymentId)!.id;
    const invoiceId = state.find('invoice', payload.invoiceId)!.id;
    return withId(decision, applicationId(paymentId, invoiceId));
  },
};

/** Applies the difference to the amount that is asked for, or takes it off. */
export const updateInvoicePayment: CommandHandler<InvoicePaymentChange, InvoicePaymentReply> = {
  needs: ({ invoicePaymentId }) => [{ kind: 'paymentApplication', key: invoicePaymentId }],
  decide(state, { invoicePaymentId, amount }, context) {
    const application = state.find('paymentApplication', invoicePaymentId);
    if (application === null || application.targetKind !== 'invoice') {
      return refuse('not_found', `There is no invoice payment ${invoicePaymentId}.`);
    }
    const payment = findProcessed(state, application.sourceId);
    if (isRefusal(payment)) return payment;
    const wantedMinor = positiveMinor(amount, payment.currency, 'amount');
    if (typeof wantedMinor !== 'number') return wantedMinor;
    return move(state, application, wantedMinor - application.amountMinor, payment.currency, context);
  },
};

function move(
  state: State,
  { id, sourceId: paymentId, targetId: invoiceId }: Application,
  differenceMinor: number,
  currency: string,
  context: DecideContext,
): Plan<InvoicePaymentReply> | Refusal {
  if (differenceMinor === 0) return { changes: [], deltas: [], reply: { invoicePaymentId: id } };
  const amount = fromMinor(Math.abs(differenceMinor), currency);
  const handler = differenceMinor > 0 ? applyPayment : unapplyPayment;
  const decision = handler.decide(state, moveOf({ paymentId, invoiceId, amount }), context);
  return isRefusal(decision) ? decision : withId(decision, id);
}

function moveOf({ paymentId, invoiceId, amount }: NewInvoicePayment) {
  const part: RequestedPart = {
    targetKind: 'invoice',
    key: invoiceId,
    keyField: 'invoiceId',
    amount,
    items: [],
  };
  return { paymentId, effectiveDate: null, parts: [part] };
}

function withId(plan: Plan<PaymentReply>, invoicePaymentId: string): Plan<InvoicePaymentReply> {
  return { ...plan, reply: { invoicePaymentId } };
}
