import { type Refusal, refuse } from '../../domain/result.ts';
import type { Application } from '../../domain/settlement/application.ts';
import { lineOfPartItem, partItemId } from '../../domain/settlement/part-items.ts';
import { readItemsOfApplication, type WhichItems } from '../../persistence/part-items.ts';
import { readPayment, readPaymentPart, readPaymentParts } from '../../persistence/payments.ts';
import { toWireItemPart, toWirePart } from '../../wire/payments.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { pageOf, pageReply, rangeOf } from '../paging.ts';
import { noPayment } from './payments.ts';

interface FoundPart {
  readonly part: Application;
  readonly currency: string;
}

/** The part that the path names, of the payment that it names. */
async function findPart(c: AppContext): Promise<FoundPart | Refusal> {
  const key = c.req.param('paymentKey') ?? '';
  const partId = c.req.param('partId') ?? '';
  const shown = await readPayment(reader(c), key);
  if (shown === null) return noPayment(key);
  const part = await readPaymentPart(reader(c), shown.payment.id, partId);
  return part === null
    ? refuse('not_found', `Payment ${key} has no part ${partId}.`)
    : { part, currency: shown.payment.currency };
}

export const paymentPartOperations: readonly AnyOperation[] = [
  operation({
    id: 'GET_PaymentParts',
    method: 'get',
    path: '/v1/payments/:paymentKey/parts',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('paymentKey') ?? '';
      const page = pageOf(query);
      const shown = await readPayment(reader(c), key);
      if (shown === null) return refused(c, noPayment(key));
      const { id, currency } = shown.payment;
      const parts = await readPaymentParts(reader(c), id, rangeOf(page));
      return pageReply(c, page, 'parts', parts, (part) => toWirePart(part, currency));
    },
  }),
  operation({
    id: 'GET_PaymentPart',
    method: 'get',
    path: '/v1/payments/:paymentKey/parts/:partId',
    role: 'read',
    async handle(c) {
      const found = await findPart(c);
      if ('refused' in found) return refused(c, found);
      return c.json({ ...toWirePart(found.part, found.currency), success: true });
    },
  }),
  operation({
    id: 'GET_PaymentItemParts',
    method: 'get',
    path: '/v1/payments/:paymentKey/parts/:partId/item-parts',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const page = pageOf(query);
      const found = await findPart(c);
      if ('refused' in found) return refused(c, found);
      const items = await readWireItems(c, found, rangeOf(page));
      return pageReply(c, page, 'itemParts', items, (item) => item);
    },
  }),
  operation({
    id: 'GET_PaymentItemPart',
    method: 'get',
    path: '/v1/payments/:paymentKey/parts/:partId/item-parts/:itemPartId',
    role: 'read',
    async handle(c) {
      const itemPartId = c.req.param('itemPartId') ?? '';
      const found = await findPart(c);
      if ('refused' in found) return refused(c, found);
      const lineId = lineOfPartItem(found.part.id, itemPartId);
      const [item] = await readWireItems(c, found, { lineId });
      if (item === undefined) {
        return refused(c, refuse('not_found', `Part ${found.part.id} has no item part ${itemPartId}.`));
      }
      return c.json({ ...item, success: true });
    },
  }),
];

/** What falls on lines of the part's document. */
async function readWireItems(c: AppContext, { part, currency }: FoundPart, which: WhichItems) {
  const items = await readItemsOfApplication(reader(c), part, which);
  return items.map((item) =>
    toWireItemPart(part, { id: partItemId(part.id, item.lineId), ...item }, currency),
  );
}
