import type { CommandHandler } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import { type AccountReference, findDocumentAccount, needOfAccount } from '../billing/document-account.ts';
import type { Decimal } from '../money.ts';
import { isRefusal, type JsonObject } from '../result.ts';
import { applyParts, movedBalances } from './apply-parts.ts';
import {
  checkApplicable,
  needsOfParts,
  type Payer,
  positiveMinor,
  type RequestedPart,
  resolveParts,
} from './parts.ts';
import type { Payment, PaymentReply } from './payment.ts';

/** An external payment as it is asked for (POST /v1/payments). Absent values are null. */
export interface NewPayment extends AccountReference {
  readonly amount: Decimal;
  readonly currency: string;
  /** Today when null. */
  readonly effectiveDate: string | null;
  readonly paymentMethodId: string | null;
  readonly paymentMethodType: string | null;
  readonly comment: string | null;
  readonly referenceId: string | null;
  readonly parts: readonly RequestedPart[];
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** Records money that was received elsewhere, and applies it to the named invoices; the rest stays unapplied (semantics F.1 rows 23, 24). */
export const createPayment: CommandHandler<NewPayment, PaymentReply> = {
  needs: (payload) => [...needOfAccount(payload), ...needsOfParts(payload.parts)],
  numbers: () => [['payment', 1]],
  decide(state, payload, context) {
    const account = findDocumentAccount(state, payload);
    if (isRefusal(account)) return account;
    const { currency } = payload;
    const amountMinor = positiveMinor(payload.amount, currency, 'amount');
    if (typeof amountMinor !== 'number') return amountMinor;
    const id = context.newId();
    const payer: Payer = {
      kind: 'payment',
      id,
      accountId: account.id,
      currency,
      name: 'the payment',
      isNew: true,
    };
    const parts = resolveParts(state, payload.parts, payer);
    if (isRefusal(parts)) return parts;
    const appliedMinor = checkApplicable(parts, amountMinor, payer);
    if (typeof appliedMinor !== 'number') return appliedMinor;
    const effectiveDate = payload.effectiveDate ?? context.today;
    const payment: Payment = {
      id,
      revision: 0,
      paymentNumber: context.nextNumber('payment'),
      accountId: account.id,
      type: 'External',
      status: 'Processed',
      currency,
      amountMinor,
      appliedMinor,
      unappliedMinor: amountMinor - appliedMinor,
      refundedMinor: 0,
      effectiveDate,
      paymentMethodId: payload.paymentMethodId,
      paymentMethodType: payload.paymentMethodType,
      comment: payload.comment,
      referenceId: payload.referenceId,
      gatewayState: 'NotSubmitted',
      cancelledAt: null,
      details: payload.details,
      customFields: payload.customFields,
      createdAt: context.now,
      createdBy: context.actor,
      updatedAt: context.now,
      updatedBy: context.actor,
    };
    const plan = new PlanBuilder().insert('payment', payment);
    const moved = applyParts(state, plan, payer, parts, effectiveDate, context);
    return plan
      .delta({
        accountId: account.id,
        currency,
        ...movedBalances(moved),
        unappliedPaymentMinor: payment.unappliedMinor,
        documentKind: 'payment',
        documentId: payment.id,
      })
      .build({ payment, accountNumber: account.accountNumber });
  },
};
