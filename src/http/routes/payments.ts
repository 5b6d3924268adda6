import { type Refusal, refuse } from '../../domain/result.ts';
import { UNASSIGNED_ACCOUNT } from '../../domain/settlement/payment.ts';
import type { NewElectronicPayment } from '../../domain/settlement/submit-payment.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findAccountName, findDocumentOwners } from '../../persistence/document-accounts.ts';
import { readPaidInvoices, readPayment, readPayments } from '../../persistence/payments.ts';
import { toWireTransactionPayment, wirePaymentQuery } from '../../wire/payment-lists.ts';
import {
  fromWireElectronicPayment,
  fromWireMovePayment,
  fromWirePayment,
  fromWirePaymentUpdate,
  toWirePayment,
  toWirePaymentReply,
  wireMovePayment,
  wireNewPayment,
  wirePaymentUpdate,
  wireTransfer,
} from '../../wire/payments.ts';
import { fromWireSort } from '../../wire/sorting.ts';
import { wirePaging } from '../../wire/values.ts';
import { lanesOf } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { commitAndAsk, gatewayNames } from '../gateway-requests.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';

/** Six digits that error codes of payments start with. */
const PAYMENT = '584300';
/** Inner lists of a reply are cut at this length (conventions 6). */
const INNER_LIST_MAX = 300;

export function noPayment(key: string) {
  return refuse('not_found', `There is no payment ${key}.`);
}

/** The payment that the path names and the lane of its account; a payment of no account has a lane of its own. */
export async function findPaymentLane(
  c: AppContext,
  key: string = c.req.param('paymentKey') ?? '',
): Promise<{ readonly id: string; readonly accountId: string; readonly lane: string } | Refusal> {
  const owner = (await findDocumentOwners(reader(c), 'payment', [key])).get(key);
  if (owner === undefined) return noPayment(key);
  const { id, accountId } = owner;
  return { id, accountId, lane: accountId === UNASSIGNED_ACCOUNT ? id : accountId };
}

/** Sends a command to the lane of a payment. */
async function respondAboutPayment(
  c: AppContext,
  kind: string,
  toPayload: (paymentId: string) => object,
): Promise<Response> {
  const found = await findPaymentLane(c);
  return 'refused' in found ? refused(c, found) : respond(c, found.lane, kind, toPayload(found.id));
}

/** Sends the payment to its lane, and then its gateway for the money. */
function payElectronically(c: AppContext, lane: string, payload: NewElectronicPayment): Promise<Response> {
  return commitAndAsk(c, {
    kind: 'payment',
    lane,
    command: 'payment.submit',
    payload,
    idOf: (accepted) => (accepted as { readonly id: string }).id,
    read: (id) => shownPayment(c, id),
    bodyOf: (accepted, recorded) => recorded ?? accepted,
  });
}

/** A payment as replies show it, as it is now. */
export async function shownPayment(c: AppContext, id: string): Promise<object | null> {
  const shown = await readPayment(databaseOf(c.env), id);
  return shown === null ? null : toWirePaymentReply(shown);
}

const creating: readonly AnyOperation[] = [
  operation({
    id: 'POST_CreatePayment',
    method: 'post',
    path: '/v1/payments',
    role: 'standard',
    resourceCode: PAYMENT,
    body: wireNewPayment,
    async handle(c, { body }) {
      const payload = fromWirePayment(body);
      const [lane] = await lanesOf(c, [payload]);
      if (typeof lane === 'string' && body.type === 'Electronic') {
        return payElectronically(c, lane, fromWireElectronicPayment(body, gatewayNames(c)));
      }
      return typeof lane === 'string' ? respond(c, lane, 'payment.create', payload) : refused(c, lane!);
    },
  }),
];

const changing: readonly AnyOperation[] = [
  operation({
    id: 'PUT_ApplyPayment',
    method: 'put',
    path: '/v1/payments/:paymentKey/apply',
    role: 'standard',
    resourceCode: PAYMENT,
    body: wireMovePayment,
    handle: (c, { body }) => respondAboutPayment(c, 'payment.apply', (id) => fromWireMovePayment(body, id)),
  }),
  operation({
    id: 'PUT_UnapplyPayment',
    method: 'put',
    path: '/v1/payments/:paymentKey/unapply',
    role: 'standard',
    resourceCode: PAYMENT,
    body: wireMovePayment,
    handle: (c, { body }) => respondAboutPayment(c, 'payment.unapply', (id) => fromWireMovePayment(body, id)),
  }),
  operation({
    id: 'PUT_UpdatePayment',
    method: 'put',
    path: '/v1/payments/:paymentKey',
    role: 'standard',
    resourceCode: PAYMENT,
    body: wirePaymentUpdate,
    handle: (c, { body }) =>
      respondAboutPayment(c, 'payment.update', (id) => fromWirePaymentUpdate(body, id)),
  }),
  operation({
    id: 'PUT_TransferPayment',
    method: 'put',
    path: '/v1/payments/:paymentKey/transfer',
    role: 'standard',
    resourceCode: PAYMENT,
    body: wireTransfer,
    handle: (c, { body }) =>
      respondAboutPayment(c, 'payment.transfer', (paymentId) => ({
        paymentId,
        toAccount: body.accountId ?? null,
      })),
  }),
  operation({
    id: 'PUT_CancelPayment',
    method: 'put',
    path: '/v1/payments/:paymentKey/cancel',
    role: 'standard',
    resourceCode: PAYMENT,
    handle: (c) => respondAboutPayment(c, 'payment.cancel', (paymentId) => ({ paymentId })),
  }),
  operation({
    id: 'DELETE_Payment',
    method: 'delete',
    path: '/v1/payments/:paymentKey',
    role: 'standard',
    handle: (c) => respondAboutPayment(c, 'payment.delete', (paymentId) => ({ paymentId })),
  }),
];

const reading: readonly AnyOperation[] = [
  operation({
    id: 'GET_RetrieveAllPayments',
    method: 'get',
    path: '/v1/payments',
    role: 'read',
    query: wirePaymentQuery,
    async handle(c, { query }) {
      const page = pageOf(query);
      const payments = await readPayments(reader(c), query, {
        sorting: fromWireSort(query.sort),
        range: rangeOf(page),
      });
      return pageReply(c, page, 'payments', payments, toWirePayment);
    },
  }),
  operation({
    id: 'GET_Payment',
    method: 'get',
    path: '/v1/payments/:paymentKey',
    role: 'read',
    async handle(c) {
      const key = c.req.param('paymentKey') ?? '';
      const payment = await readPayment(reader(c), key);
      return payment === null ? refused(c, noPayment(key)) : c.json(toWirePaymentReply(payment));
    },
  }),
  operation({
    id: 'GET_TransactionPayment',
    method: 'get',
    path: '/v1/transactions/payments/accounts/:accountKey',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('accountKey') ?? '';
      const page = pageOf(query);
      const account = await findAccountName(reader(c), key);
      if (account === null) return refused(c, refuse('not_found', `There is no account ${key}.`));
      const payments = await readPayments(
        reader(c),
        { accountId: account.id },
        { sorting: null, range: rangeOf(page) },
      );
      const shown = payments.slice(0, page.pageSize).map(({ payment }) => payment);
      const paidInvoices = await readPaidInvoices(
        reader(c),
        shown.map(({ id }) => id),
        INNER_LIST_MAX,
      );
      return c.json({
        payments: shown.map((payment) =>
          toWireTransactionPayment(
            payment,
            account,
            paidInvoices.filter(({ paymentId }) => paymentId === payment.id),
          ),
        ),
        ...nextPage(c, page, payments.length > page.pageSize),
        success: true,
      });
    },
  }),
];

export const paymentOperations: readonly AnyOperation[] = [...creating, ...changing, ...reading];
