import type { CommandHandler, DecideContext } from '../account/command.ts';
import { PlanBuilder } from '../account/plan.ts';
import type { State } from '../account/state.ts';
import type { Account } from '../accounts/account.ts';
import { mergeDetails } from '../accounts/merge-details.ts';
import { isRefusal, type JsonObject, type Refusal, refuse } from '../result.ts';
import { defaultMethodIdOf, isExpired, type PaymentMethod } from './payment-method.ts';

/** A payment method as it is asked for, with the gateway's token in the place of its number. */
export interface NewPaymentMethod
  extends Pick<
    PaymentMethod,
    | 'type'
    | 'token'
    | 'lastFour'
    | 'brand'
    | 'expirationMonth'
    | 'expirationYear'
    | 'holderName'
    | 'details'
    | 'customFields'
  > {
  /** Id or number. */
  readonly accountKey: string;
  readonly makeDefault: boolean;
}

export interface PaymentMethodChanges {
  readonly paymentMethodId: string;
  readonly expirationMonth: number | null;
  readonly expirationYear: number | null;
  readonly holderName: string | null;
  readonly makeDefault: boolean;
  readonly details: JsonObject;
  readonly customFields: JsonObject;
}

export interface PaymentMethodKept {
  readonly paymentMethodId: string;
}

/** Adds a way to pay to an account (POST /v1/payment-methods). */
export const createPaymentMethod: CommandHandler<NewPaymentMethod, PaymentMethodKept> = {
  needs: ({ accountKey }) => [{ kind: 'account', key: accountKey }],
  decide(state, payload, context) {
    const { accountKey, makeDefault, ...fields } = payload;
    const account = state.find('account', accountKey);
    if (account === null) return refuse('invalid', `There is no account ${accountKey}.`, 'accountKey');
    if (account.status === 'Canceled') {
      return refuse('rule', `account ${account.accountNumber} is canceled`, 'accountKey');
    }
    const expired = refuseExpired(fields, context);
    if (expired !== null) return expired;
    const { now, actor } = context;
    const method: PaymentMethod = {
      id: context.newId(),
      revision: 0,
      accountId: account.id,
      status: 'Active',
      ...fields,
      createdAt: now,
      createdBy: actor,
      updatedAt: now,
      updatedBy: actor,
    };
    const plan = new PlanBuilder().insert('paymentMethod', method);
    if (makeDefault) plan.update('account', withDefault(account, method.id, context));
    return plan.build({ paymentMethodId: method.id });
  },
};

/** Changes what is known of a way to pay; its number can only be replaced by another method. */
export const updatePaymentMethod: CommandHandler<PaymentMethodChanges, PaymentMethodKept> = {
  needs: ({ paymentMethodId }) => [{ kind: 'paymentMethod', key: paymentMethodId }],
  decide(state, payload, context) {
    const found = findMethod(state, payload.paymentMethodId);
    if (isRefusal(found)) return found;
    const { method, account } = found;
    const { expirationMonth, expirationYear } = payload;
    const dated = {
      expirationMonth: expirationMonth ?? method.expirationMonth,
      expirationYear: expirationYear ?? method.expirationYear,
    };
    if (expirationMonth !== null || expirationYear !== null) {
      if (method.type !== 'CreditCard') {
        return refuse('rule', `a method of type ${method.type} does not expire`, 'expirationMonth');
      }
      const expired = refuseExpired(dated, context);
      if (expired !== null) return expired;
    }
    const plan = new PlanBuilder().update('paymentMethod', {
      ...method,
      ...dated,
      holderName: payload.holderName ?? method.holderName,
      details: mergeDetails(method.details, payload.details),
      customFields: { ...method.customFields, ...payload.customFields },
      updatedAt: context.now,
      updatedBy: context.actor,
    });
    if (payload.makeDefault) plan.update('account', withDefault(account, method.id, context));
    return plan.build({ paymentMethodId: method.id });
  },
};

/** Removes a way to pay. The default of an account stays until another one takes its place. */
export const deletePaymentMethod: CommandHandler<{ readonly paymentMethodId: string }, PaymentMethodKept> = {
  needs: ({ paymentMethodId }) => [{ kind: 'paymentMethod', key: paymentMethodId }],
  decide(state, { paymentMethodId }) {
    const found = findMethod(state, paymentMethodId);
    if (isRefusal(found)) return found;
    const { method, account } = found;
    if (defaultMethodIdOf(account) === method.id) {
      return refuse(
        'rule',
        `is the default payment method of account ${account.accountNumber}: make another one the default first`,
        'payment-method-id',
      );
    }
    return new PlanBuilder().delete('paymentMethod', method).build({ paymentMethodId: method.id });
  },
};

/** The account's row with this method as its default; refuses a method that is another account's, or that is closed. */
export function chooseDefault(
  state: State,
  account: Account,
  methodId: string | null,
): { readonly details: JsonObject } | Refusal {
  if (methodId === null) return { details: mergeDetails(account.details, { defaultPaymentMethodId: null }) };
  const method = state.find('paymentMethod', methodId);
  if (method === null || method.accountId !== account.id) {
    return refuse('invalid', 'names no payment method of this account', 'defaultPaymentMethodId');
  }
  if (method.status !== 'Active') {
    return refuse('rule', `is ${method.status}, not Active`, 'defaultPaymentMethodId');
  }
  return { details: { ...account.details, defaultPaymentMethodId: method.id } };
}

function findMethod(
  state: State,
  id: string,
): { readonly method: PaymentMethod; readonly account: Account } | Refusal {
  const method = state.find('paymentMethod', id);
  const account = method === null ? null : state.find('account', method.accountId);
  if (method === null || account === null) return refuse('not_found', `There is no payment method ${id}.`);
  return { method, account };
}

function withDefault(account: Account, methodId: string, { now, actor }: DecideContext): Account {
  const details = { ...account.details, defaultPaymentMethodId: methodId };
  return { ...account, details, updatedAt: now, updatedBy: actor };
}

function refuseExpired(
  { expirationMonth, expirationYear }: Pick<PaymentMethod, 'expirationMonth' | 'expirationYear'>,
  { today }: DecideContext,
): Refusal | null {
  if (expirationMonth === null || expirationYear === null) return null;
  if (!isExpired(expirationMonth, expirationYear, today)) return null;
  return refuse(
    'invalid',
    `the card expired at the end of ${expirationMonth}/${expirationYear}`,
    'expirationYear',
  );
}
