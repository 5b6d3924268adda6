import { z } from 'zod';
import { isRefusal, refuse } from '../../domain/result.ts';
import { readAccountCards } from '../../persistence/account-cards.ts';
import { findLineItem } from '../../persistence/order-line-items.ts';
import {
  fromWireLineItemChanges,
  fromWireLineItemsChanges,
  lineItemChanges,
  lineItemsChanges,
  toWireLineItem,
} from '../../wire/order-line-items.ts';
import type { AppContext } from '../context.ts';
import { json, refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';

const RESOURCE = '587302';

function notFound(c: AppContext, id: string): Response {
  return refused(c, refuse('not_found', `There is no order line item ${id}.`));
}

export const orderLineItemOperations: readonly AnyOperation[] = [
  operation({
    id: 'Post_OrderLineItems',
    method: 'post',
    path: '/v1/order-line-items/bulk',
    role: 'standard',
    resourceCode: RESOURCE,
    body: lineItemsChanges,
    async handle(c, { body }) {
      const request = fromWireLineItemsChanges(body);
      if (isRefusal(request)) return refused(c, request);
      const { id } = request.items[0]!;
      const first = await findLineItem(reader(c), id);
      if (first === null) {
        return refused(c, refuse('invalid', `there is no order line item ${id}`, 'orderLineItems[0].id'));
      }
      return respond(c, first.invoiceOwnerAccountId, 'orderLineItem.updateAll', request);
    },
  }),
  operation({
    id: 'GET_OrderLineItem',
    method: 'get',
    path: '/v1/order-line-items/:itemId',
    role: 'read',
    query: z.object({
      fulfillment: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
    }),
    async handle(c) {
      const id = c.req.param('itemId') ?? '';
      const db = reader(c);
      const item = await findLineItem(db, id);
      if (item === null) return notFound(c, id);
      const cards = await readAccountCards(db, [item.ownerAccountId, item.invoiceOwnerAccountId]);
      return json(c, 200, JSON.stringify({ orderLineItem: toWireLineItem(item, cards), success: true }));
    },
  }),
  operation({
    id: 'PUT_OrderLineItem',
    method: 'put',
    path: '/v1/order-line-items/:itemId',
    role: 'standard',
    resourceCode: RESOURCE,
    body: lineItemChanges,
    async handle(c, { body }) {
      const id = c.req.param('itemId') ?? '';
      const item = await findLineItem(reader(c), id);
      if (item === null) return notFound(c, id);
      const request = fromWireLineItemChanges(id, body);
      return respond(c, item.invoiceOwnerAccountId, 'orderLineItem.update', request);
    },
  }),
];
