import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import { type AccountReference, findDocumentAccount, needOfAccount } from '../billing/document-account.ts';
import type { Decimal } from '../money.ts';
import { isRefusal, type JsonObject, type Refusal } from '../result.ts';
import { applyParts, movedBalances } from './apply-parts.ts';
import {
  checkApplicable,
  needsOfParts,
  type Payer,
  positiveMinor,
  type RequestedPart,
  type ResolvedPart,
  resolveParts,
} from './parts.ts';
import type { Payment, PaymentReply } from './payment.ts';

/** An external payment as it is asked for (POST /v1/payments). Absent values are null. */
export interface NewPayment extends AccountReference {
  readonly amount: Decimal;
  /** The account's when null. */
  readonly currency: string | null;
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
    const currency = payload.currency ?? account.currency;
    const amountMinor = positiveMinor(payload.amount, currency, 'amount');
    if (typeof amountMinor !== 'number') return amountMinor;
    const { parts: requested } = payload;
    const resolved = resolveNewPayment(
      state,
      { currency, parts: requested },
      account.id,
      amountMinor,
      context,
    );
    if (isRefusal(resolved)) return resolved;
    const { payer, parts, appliedMinor } = resolved;
    const payment: Payment = {
      ...newPayment({ ...payload, currency, id: payer.id, accountId: account.id, amountMinor }, context),
      type: 'External',
      status: 'Processed',
      appliedMinor,
      unappliedMinor: amountMinor - appliedMinor,
      paymentMethodId: payload.paymentMethodId,
      paymentMethodType: payload.paymentMethodType,
      gatewayState: 'NotSubmitted',
      details: payload.details,
    };
    const plan = new PlanBuilder().insert('payment', payment);
    const moved = applyParts(state, plan, payer, parts, payment.effectiveDate, context);
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

/** What all new payments begin with, whoever gives the money: nothing of it is applied. Takes a number. */
export function newPayment(
  asked: Pick<Payment, 'id' | 'accountId' | 'currency' | 'amountMinor'> &
    Pick<NewPayment, 'effectiveDate' | 'comment' | 'referenceId' | 'customFields'>,
  context: DecideContext,
) {
  const { now, today, actor } = context;
  return {
    id: asked.id,
    revision: 0,
    paymentNumber: context.nextNumber('payment'),
    accountId: asked.accountId,
    currency: asked.currency,
    amountMinor: asked.amountMinor,
    appliedMinor: 0,
    unappliedMinor: asked.amountMinor,
    refundedMinor: 0,
    effectiveDate: asked.effectiveDate ?? today,
    comment: asked.comment,
    referenceId: asked.referenceId,
    cancelledAt: null,
    customFields: asked.customFields,
    createdAt: now,
    createdBy: actor,
    updatedAt: now,
    updatedBy: actor,
  };
}

/** Who pays with a new payment, and what it is meant for: documents of its account, for no more than they have open and it has. Takes an id. */
export function resolveNewPayment(
  state: State,
  { currency, parts: requested }: Pick<NewPayment, 'parts'> & { readonly currency: string },
  accountId: string,
  amountMinor: number,
  context: DecideContext,
):
  | { readonly payer: Payer; readonly parts: readonly ResolvedPart[]; readonly appliedMinor: number }
  | Refusal {
  const id = context.newId();
  const payer: Payer = { kind: 'payment', id, accountId, currency, name: 'the payment', isNew: true };
  const parts = resolveParts(state, requested, payer);
  if (isRefusal(parts)) return parts;
  const appliedMinor = checkApplicable(parts, amountMinor, payer);
  return typeof appliedMinor === 'number' ? { payer, parts, appliedMinor } : appliedMinor;
}
