import { isRefusal, type Refusal, refuse } from '../../domain/result.ts';
import type { Gateway, PaymentSecret } from '../../domain/settlement/gateway.ts';
import type { NewPaymentMethod } from '../../domain/settlement/keep-payment-methods.ts';
import { gatewaysOf } from '../../gateways/registry.ts';
import { log } from '../../persistence/log.ts';
import {
  findPayingAccount,
  type PayingAccount,
  readPaymentMethod,
  readPaymentMethods,
} from '../../persistence/payment-methods.ts';
import {
  toWireListedCard,
  toWireMethodsByType,
  toWirePaymentMethod,
} from '../../wire/payment-method-views.ts';
import {
  type DescribedMethod,
  fromWireCreditCard,
  fromWireCreditCardChanges,
  fromWirePaymentMethod,
  fromWirePaymentMethodChanges,
  wireCreditCardChanges,
  wireNewCreditCard,
  wireNewPaymentMethod,
  wirePaymentMethodChanges,
  wirePaymentMethodQuery,
} from '../../wire/payment-methods.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { pageOf, pageReply, rangeOf } from '../paging.ts';

/** Methods that a list without pages shows: inner lists of replies are cut at this length (conventions 6). */
const METHODS_SHOWN_MAX = 300;

function noMethod(id: string) {
  return refuse('not_found', `There is no payment method ${id}.`);
}

function noAccount(key: string) {
  return refuse('not_found', `There is no account ${key}.`);
}

/** Keeps the number and sends the rest to the lane of the account. */
async function create(
  c: AppContext,
  described: DescribedMethod,
  authGateway: string | null,
  kind: string,
): Promise<Response> {
  const kept = await keepMethod(c, described, authGateway);
  return isRefusal(kept) ? refused(c, kept) : respond(c, kept.lane, kind, kept.payload);
}

/**
 * Gives the number to the gateway: what is left for the lane of the account has the gateway's token in its place. From here on nothing holds
 * the number.
 */
export async function keepMethod(
  c: AppContext,
  { method, secret, token }: DescribedMethod,
  authGateway: string | null,
): Promise<{ readonly lane: string; readonly payload: NewPaymentMethod } | Refusal> {
  const account = await findPayingAccount(reader(c), method.accountKey);
  if (account === null) return refuse('invalid', `There is no account ${method.accountKey}.`, 'accountKey');
  const isElectronic = secret !== null || token !== '';
  if (!isElectronic) return { lane: account.id, payload: { ...method, token } };
  const chosen = chooseGateway(c, account, authGateway);
  if (chosen === null) {
    const message = 'there is no such payment gateway here: docs/operations.md says how one is set up';
    return refuse('rule', message, 'authGateway');
  }
  const { gateway, gatewayId } = chosen;
  const kept = secret === null ? token : await keep(c, gateway, secret);
  if (kept === null) {
    return refuse('unavailable', 'The payment gateway cannot be reached now; nothing was done.');
  }
  const details = { ...method.details, gatewayId };
  return { lane: account.id, payload: { ...method, details, token: kept } };
}

/** The gateway's token for a number; null when it cannot be reached. What went wrong may name the number, so only its kind is logged. */
async function keep(c: AppContext, gateway: Gateway, secret: PaymentSecret): Promise<string | null> {
  try {
    return await gateway.store(secret);
  } catch (error) {
    log('gateway.not_kept', { request: c.get('requestId'), error: (error as Error).name });
    return null;
  }
}

/** The gateway that is named, else the account's, else the first that there is. */
function chooseGateway(c: AppContext, account: PayingAccount, named: string | null) {
  const gateways = gatewaysOf(c.env);
  const gatewayId = named ?? account.paymentGateway ?? gateways.keys().next().value;
  const gateway = gatewayId === undefined ? undefined : gateways.get(gatewayId);
  return gatewayId === undefined || gateway === undefined ? null : { gatewayId, gateway };
}

/** Sends a change to the lane of the method's account. */
async function change(c: AppContext, kind: string, payload: object): Promise<Response> {
  const id = idOf(c);
  const shown = await readPaymentMethod(reader(c), id);
  return shown === null ? refused(c, noMethod(id)) : respond(c, shown.method.accountId, kind, payload);
}

function idOf(c: AppContext): string {
  return c.req.param('paymentMethodId') ?? '';
}

const changing: readonly AnyOperation[] = [
  operation({
    id: 'POST_PaymentMethods',
    method: 'post',
    path: '/v1/payment-methods',
    role: 'standard',
    body: wireNewPaymentMethod,
    fansOut: true,
    handle: (c, { body }) =>
      create(c, fromWirePaymentMethod(body), body.authGateway ?? null, 'paymentMethod.create'),
  }),
  operation({
    id: 'POST_PaymentMethodsCreditCard',
    method: 'post',
    path: '/v1/payment-methods/credit-cards',
    role: 'standard',
    body: wireNewCreditCard,
    fansOut: true,
    handle: (c, { body }) => create(c, fromWireCreditCard(body), null, 'paymentMethod.createCard'),
  }),
  operation({
    id: 'PUT_PaymentMethod',
    method: 'put',
    path: '/v1/payment-methods/:paymentMethodId',
    role: 'standard',
    body: wirePaymentMethodChanges,
    handle: (c, { body }) => change(c, 'paymentMethod.update', fromWirePaymentMethodChanges(idOf(c), body)),
  }),
  operation({
    id: 'PUT_PaymentMethodsCreditCard',
    method: 'put',
    path: '/v1/payment-methods/credit-cards/:paymentMethodId',
    role: 'standard',
    body: wireCreditCardChanges,
    handle: (c, { body }) => change(c, 'paymentMethod.updateCard', fromWireCreditCardChanges(idOf(c), body)),
  }),
  operation({
    id: 'DELETE_PaymentMethods',
    method: 'delete',
    path: '/v1/payment-methods/:paymentMethodId',
    role: 'standard',
    handle: (c) => change(c, 'paymentMethod.delete', { paymentMethodId: idOf(c) }),
  }),
];

const reading: readonly AnyOperation[] = [
  operation({
    id: 'GET_PaymentMethod',
    method: 'get',
    path: '/v1/payment-methods/:paymentMethodId',
    role: 'read',
    async handle(c) {
      const shown = await readPaymentMethod(reader(c), idOf(c));
      if (shown === null) return refused(c, noMethod(idOf(c)));
      return c.json({ ...toWirePaymentMethod(shown), success: true });
    },
  }),
  operation({
    id: 'GET_PaymentMethodsCreditCard',
    method: 'get',
    path: '/v1/payment-methods/credit-cards/accounts/:accountKey',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('accountKey') ?? '';
      const account = await findPayingAccount(reader(c), key);
      if (account === null) return refused(c, noAccount(key));
      const page = pageOf(query);
      const cards = await readPaymentMethods(reader(c), account.id, { type: 'CreditCard' }, rangeOf(page));
      return pageReply(c, page, 'creditCards', cards, toWireListedCard);
    },
  }),
  operation({
    id: 'GET_AcountPaymentMethods',
    method: 'get',
    path: '/v1/accounts/:accountKey/payment-methods',
    role: 'read',
    query: wirePaymentMethodQuery,
    async handle(c, { query }) {
      const key = c.req.param('accountKey') ?? '';
      const account = await findPayingAccount(reader(c), key);
      if (account === null) return refused(c, noAccount(key));
      const methods = await readPaymentMethods(
        reader(c),
        account.id,
        { activeOnly: query.isActiveOnly === 'true', defaultOnly: query.isDefaultOnly === 'true' },
        { offset: 0, rowsMax: METHODS_SHOWN_MAX },
      );
      return c.json({
        ...toWireMethodsByType(methods),
        defaultPaymentMethodId: account.defaultPaymentMethodId,
        paymentGateway: account.paymentGateway,
        success: true,
      });
    },
  }),
  operation({
    id: 'GET_AcountDefaultPaymentMethod',
    method: 'get',
    path: '/v1/accounts/:accountKey/payment-methods/default',
    role: 'read',
    async handle(c) {
      const key = c.req.param('accountKey') ?? '';
      const account = await findPayingAccount(reader(c), key);
      if (account === null) return refused(c, noAccount(key));
      const id = account.defaultPaymentMethodId;
      const shown = id === null ? null : await readPaymentMethod(reader(c), id);
      if (shown === null) {
        return refused(c, refuse('not_found', `Account ${key} has no default payment method.`));
      }
      return c.json({ ...toWirePaymentMethod(shown), success: true });
    },
  }),
];

export const paymentMethodOperations: readonly AnyOperation[] = [...changing, ...reading];
