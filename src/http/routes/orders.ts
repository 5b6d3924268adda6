import type { z } from 'zod';
import { orderSizeLimits } from '../../domain/orders/limits.ts';
import { isRefusal, refuse } from '../../domain/result.ts';
import { readAccountCards } from '../../persistence/account-cards.ts';
import { findAccountId } from '../../persistence/accounts.ts';
import { readOrderDeltas } from '../../persistence/order-deltas.ts';
import { findOrderId, findOrderIds, type OrderFilter, readOrders } from '../../persistence/orders.ts';
import { findSubscriptionId } from '../../persistence/subscriptions.ts';
import { readSettings } from '../../persistence/tenant-settings.ts';
import { fromWireOrderPreview, orderPreviewBody } from '../../wire/order-preview.ts';
import { orderBody } from '../../wire/order-schema.ts';
import {
  accountIdsOf,
  fromWireOrderListQuery,
  orderListQuery,
  orderQuery,
  toWireOrder,
} from '../../wire/order-views.ts';
import { fromWireOrder } from '../../wire/orders.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, ask, operation, reader, respond } from '../operation.ts';
import { ifMatch, inLaneOfOrder, replyForm } from '../order-lane.ts';
import { nextPage, pageOf } from '../paging.ts';

const RESOURCE = '587302';

type By = OrderFilter['by'];

function notFound(c: AppContext, what: string, key: string): Response {
  return refused(c, refuse('not_found', `There is no ${what} ${key}.`));
}

async function ordersOf(c: AppContext, query: z.output<typeof orderListQuery>, by: By): Promise<Response> {
  const db = reader(c);
  const { timeZone } = await readSettings(db);
  const filter = fromWireOrderListQuery(query, timeZone);
  if (isRefusal(filter)) return refused(c, filter);
  const page = pageOf(query);
  const { ids, hasMore } = await findOrderIds(db, { by, ...filter }, page);
  const records = await readOrders(db, ids);
  const cards = await readAccountCards(db, accountIdsOf(records));
  const orders = records.map((record) => toWireOrder(record, cards, false));
  return json(c, 200, JSON.stringify({ orders, ...nextPage(c, page, hasMore), success: true }));
}

function ordersOfAccount(id: string, kind: 'invoiceOwner' | 'subscriptionOwner'): AnyOperation {
  return operation({
    id,
    method: 'get',
    path: `/v1/orders/${kind}/:accountNumber`,
    role: 'read',
    query: orderListQuery,
    async handle(c, { query }) {
      const key = c.req.param('accountNumber') ?? '';
      const accountId = await findAccountId(reader(c), key);
      return accountId === null ? notFound(c, 'account', key) : ordersOf(c, query, { kind, accountId });
    },
  });
}

export const orderOperations: readonly AnyOperation[] = [
  operation({
    id: 'POST_Order',
    method: 'post',
    path: '/v1/orders',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderBody,
    handle(c, { body }) {
      const request = fromWireOrder(body, replyForm(c), ifMatch(c));
      const send = (lane: string) => respond(c, lane, 'order.create', request);
      return inLaneOfOrder(c, request, orderSizeLimits.synchronous, send);
    },
  }),
  operation({
    id: 'POST_PreviewOrder',
    method: 'post',
    path: '/v1/orders/preview',
    role: 'standard',
    resourceCode: RESOURCE,
    body: orderPreviewBody,
    handle(c, { body }) {
      const request = fromWireOrderPreview(body, ifMatch(c));
      const order = isRefusal(request) ? request : request.order;
      const send = (lane: string) => ask(c, lane, 'order.preview', request);
      return inLaneOfOrder(c, order, orderSizeLimits.synchronous, send);
    },
  }),
  operation({
    id: 'GET_AllOrders',
    method: 'get',
    path: '/v1/orders',
    role: 'read',
    query: orderListQuery,
    handle: (c, { query }) => ordersOf(c, query, { kind: 'all' }),
  }),
  ordersOfAccount('GET_OrdersByInvoiceOwner', 'invoiceOwner'),
  ordersOfAccount('GET_OrdersBySubscriptionOwner', 'subscriptionOwner'),
  operation({
    id: 'GET_OrdersBySubscriptionNumber',
    method: 'get',
    path: '/v1/orders/subscription/:subscriptionNumber',
    role: 'read',
    query: orderListQuery,
    async handle(c, { query }) {
      const subscriptionNumber = c.req.param('subscriptionNumber') ?? '';
      if ((await findSubscriptionId(reader(c), subscriptionNumber)) === null) {
        return notFound(c, 'subscription', subscriptionNumber);
      }
      return ordersOf(c, query, { kind: 'subscription', subscriptionNumber });
    },
  }),
  operation({
    id: 'GET_Order',
    method: 'get',
    path: '/v1/orders/:orderNumber',
    role: 'read',
    query: orderQuery,
    async handle(c, { query }) {
      const key = c.req.param('orderNumber') ?? '';
      const db = reader(c);
      const id = await findOrderId(db, key);
      const [record] = id === null ? [] : await readOrders(db, [id]);
      if (record === undefined) return notFound(c, 'order', key);
      const cards = await readAccountCards(db, accountIdsOf([record]));
      const deltas = await readOrderDeltas(db, record.order.id);
      const order = toWireOrder(record, cards, query.getAccountDetails !== 'false', deltas);
      return json(c, 200, JSON.stringify({ success: true, order }));
    },
  }),
];
