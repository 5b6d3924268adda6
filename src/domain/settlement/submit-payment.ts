import type { CommandHandler, DecideContext } from '../account/command.ts';
import { type Plan, PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { findDocumentAccount, needOfAccount } from '../billing/document-account.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { type NewPayment, newPayment, resolveNewPayment } from './create-payment.ts';
import type { GatewayChoice, GatewayWork } from './gateway.ts';
import { needsOfParts, positiveMinor, type ResolvedPart } from './parts.ts';
import type { Payment, PaymentReply } from './payment.ts';
import {
  defaultMethodIdOf,
  isElectronic,
  isExpired,
  needOfMethod,
  type PaymentMethod,
} from './payment-method.ts';
import { refuseReserved, reservedParts, updateTarget, withReserved } from './reservation.ts';

/** An electronic payment as it is asked for (POST /v1/payments). */
export interface NewElectronicPayment extends NewPayment, GatewayChoice {}

/**
 * Accepts an electronic payment: it is Processing, counts nowhere, and what it is meant for is reserved (semantics F.1 row 22). The gateway is
 * asked once this is committed, with the payment's id as request id.
 */
export const submitPayment: CommandHandler<NewElectronicPayment, PaymentReply> = {
  needs: (payload) => [
    ...needOfAccount(payload),
    ...needOfMethod(payload.paymentMethodId),
    ...needsOfParts(payload.parts),
  ],
  numbers: () => [['payment', 1]],
  decide(state, payload, context) {
    const account = findDocumentAccount(state, payload);
    if (isRefusal(account)) return account;
    const currency = payload.currency ?? account.currency;
    const amountMinor = positiveMinor(payload.amount, currency, 'amount');
    if (typeof amountMinor !== 'number') return amountMinor;
    const method = findMethodToCharge(state, account, payload.paymentMethodId, context);
    if (isRefusal(method)) return method;
    const resolved = resolveNewPayment(
      state,
      { currency, parts: payload.parts },
      account.id,
      amountMinor,
      context,
    );
    if (isRefusal(resolved)) return resolved;
    const { payer, parts } = resolved;
    return submit({ ...payload, id: payer.id, account, method, currency, amountMinor, parts }, context);
  },
};

/** A payment that is to be submitted, with everything resolved. */
export interface Submission extends GatewayChoice {
  readonly id: string;
  readonly account: Account;
  readonly method: PaymentMethod;
  readonly currency: string;
  readonly amountMinor: number;
  readonly parts: readonly ResolvedPart[];
  readonly effectiveDate: string | null;
  readonly comment: string | null;
  readonly referenceId: string | null;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

/** The payment that waits for its gateway, and the reservations on what it is meant for. */
export function submit(submission: Submission, context: DecideContext): Plan<PaymentReply> | Refusal {
  const { account, method, currency, parts } = submission;
  const gatewayId = chooseGateway(method, submission);
  if (typeof gatewayId !== 'string') return gatewayId;
  const reserved = refuseReserved(parts, currency);
  if (reserved !== null) return reserved;
  const gatewayWork: GatewayWork = { gatewayId, token: method.token, parts: reservedParts(parts) };
  const payment: Payment = {
    ...newPayment({ ...submission, accountId: account.id }, context),
    type: 'Electronic',
    status: 'Processing',
    paymentMethodId: method.id,
    paymentMethodType: method.type,
    gatewayState: 'MarkedForSubmission',
    details: {
      ...submission.details,
      gatewayId,
      ...(typeof method.details.bankIdentificationNumber === 'string'
        ? { bankIdentificationNumber: method.details.bankIdentificationNumber }
        : {}),
      markedForSubmissionOn: context.now,
      gatewayWork: gatewayWork as unknown as JsonObject,
    },
  };
  const plan = new PlanBuilder().insert('payment', payment);
  for (const { target, amountMinor: minor } of parts)
    updateTarget(plan, withReserved(target, minor), context);
  return plan.build({ payment, accountNumber: account.accountNumber });
}

/** The method that is named, or the account's default; it must be the account's, active, electronic and not run out. */
export function findMethodToCharge(
  state: State,
  account: Account,
  paymentMethodId: string | null,
  { today }: DecideContext,
): PaymentMethod | Refusal {
  const id = paymentMethodId ?? defaultMethodIdOf(account);
  const field = 'paymentMethodId';
  if (id === null) {
    return refuse('rule', `account ${account.accountNumber} has no default payment method: name one`, field);
  }
  const method = state.find('paymentMethod', id);
  if (method === null || method.accountId !== account.id) {
    return refuse('invalid', `is no payment method of account ${account.accountNumber}`, field);
  }
  if (method.status !== 'Active') return refuse('rule', `is ${method.status}, not Active`, field);
  if (!isElectronic(method)) {
    return refuse('rule', `is of type ${method.type}, with which no gateway can be asked for money`, field);
  }
  const { expirationMonth, expirationYear } = method;
  if (
    expirationMonth !== null &&
    expirationYear !== null &&
    isExpired(expirationMonth, expirationYear, today)
  ) {
    return refuse('rule', `the card expired at the end of ${expirationMonth}/${expirationYear}`, field);
  }
  return method;
}

/** A token is good at the gateway that gave it and nowhere else. */
export function chooseGateway(method: PaymentMethod, choice: GatewayChoice): string | Refusal {
  const { gatewayId, gatewayField, gateways } = choice;
  const own = String(method.details.gatewayId);
  if (gatewayId !== null && gatewayId !== own) {
    return refuse('rule', `the payment method belongs to gateway ${own}, not to ${gatewayId}`, gatewayField);
  }
  return gateways.includes(own) ? own : refuse('rule', `there is no gateway ${own} here`, gatewayField);
}
