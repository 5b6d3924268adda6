import { type Refusal, refuse } from '../../domain/result.ts';
import type { RefundReply } from '../../domain/settlement/new-refund.ts';
import {
  lineOfPartItem,
  type PartItem,
  partItemId,
  refundPartId,
} from '../../domain/settlement/part-items.ts';
import { databaseOf } from '../../persistence/database.ts';
import { findDocumentOwners } from '../../persistence/document-accounts.ts';
import { readItemsOfMemoRefund, type WhichItems } from '../../persistence/part-items.ts';
import { readRefund, readRefunds } from '../../persistence/refunds.ts';
import { wireRefundQuery } from '../../wire/refund-lists.ts';
import {
  fromWireMemoRefund,
  fromWirePaymentRefund,
  fromWireRefundUpdate,
  fromWireUnapplyRefund,
  toWireRefund,
  toWireRefundItemPart,
  toWireRefundPart,
  toWireRefundReply,
  wireMemoRefund,
  wirePaymentRefund,
  wireRefundUpdate,
  wireUnapplyRefund,
} from '../../wire/refunds.ts';
import { fromWireSort } from '../../wire/sorting.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { commitAndAsk, gatewayNames } from '../gateway-requests.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { pageOf, pageReply, rangeOf } from '../paging.ts';
import { aboutMemo } from './memo-operations.ts';
import { findPaymentLane } from './payments.ts';

/** Six digits that error codes of refunds start with. */
const REFUND = '584400';

function noRefund(key: string): Refusal {
  return refuse('not_found', `There is no refund ${key}.`);
}

async function respondAboutRefund(
  c: AppContext,
  kind: string,
  toPayload: (refundId: string) => object,
): Promise<Response> {
  const key = c.req.param('refundKey') ?? '';
  const owner = (await findDocumentOwners(reader(c), 'refund', [key])).get(key);
  if (owner === undefined) return refused(c, noRefund(key));
  return respond(c, owner.accountId, kind, toPayload(owner.id));
}

/** Sends a refund to its lane, and then, if it is an electronic one, its gateway for it. */
function refund(
  c: AppContext,
  type: RefundReply['refund']['type'],
  lane: string,
  command: string,
  payload: object,
): Promise<Response> {
  if (type === 'External') return respond(c, lane, command, payload);
  return commitAndAsk(c, {
    kind: 'refund',
    lane,
    command,
    payload,
    idOf: (accepted) => (accepted as { readonly id: string }).id,
    read: async (id) => {
      const shown = await readRefund(databaseOf(c.env), id);
      return shown === null ? null : toWireRefundReply(shown);
    },
    bodyOf: (accepted, recorded) => ({ ...accepted, ...recorded }),
  });
}

async function refundOfPayment(
  c: AppContext,
  type: RefundReply['refund']['type'],
  command: string,
  toPayload: (paymentId: string) => object,
): Promise<Response> {
  const found = await findPaymentLane(c);
  if ('refused' in found) return refused(c, found);
  return refund(c, type, found.lane, command, toPayload(found.id));
}

const creating: readonly AnyOperation[] = [
  operation({
    id: 'POST_RefundPayment',
    method: 'post',
    path: '/v1/payments/:paymentKey/refunds',
    role: 'standard',
    resourceCode: REFUND,
    body: wirePaymentRefund,
    handle: (c, { body }) =>
      refundOfPayment(c, body.type, 'refund.ofPayment', (id) =>
        fromWirePaymentRefund(body, id, gatewayNames(c)),
      ),
  }),
  operation({
    id: 'POST_RefundPaymentwithAutoUnapply',
    method: 'post',
    path: '/v1/payments/:paymentKey/refunds/unapply',
    role: 'standard',
    resourceCode: REFUND,
    body: wireUnapplyRefund,
    handle: (c, { body }) =>
      refundOfPayment(c, body.type, 'refund.ofPaymentAndUnapply', (id) =>
        fromWireUnapplyRefund(body, id, gatewayNames(c)),
      ),
  }),
  operation({
    id: 'POST_RefundCreditMemo',
    method: 'post',
    path: '/v1/credit-memos/:creditMemoKey/refund',
    role: 'standard',
    resourceCode: REFUND,
    body: wireMemoRefund,
    handle: (c, { body }) =>
      aboutMemo(c, 'creditMemo', ({ id, accountId }) =>
        refund(c, body.type, accountId, 'refund.ofCreditMemo', fromWireMemoRefund(body, id, gatewayNames(c))),
      ),
  }),
];

const changing: readonly AnyOperation[] = [
  operation({
    id: 'PUT_UpdateRefund',
    method: 'put',
    path: '/v1/refunds/:refundKey',
    role: 'standard',
    resourceCode: REFUND,
    body: wireRefundUpdate,
    handle: (c, { body }) => respondAboutRefund(c, 'refund.update', (id) => fromWireRefundUpdate(body, id)),
  }),
  operation({
    id: 'PUT_CancelRefund',
    method: 'put',
    path: '/v1/refunds/:refundKey/cancel',
    role: 'standard',
    resourceCode: REFUND,
    handle: (c) => respondAboutRefund(c, 'refund.cancel', (refundId) => ({ refundId })),
  }),
  operation({
    id: 'DELETE_Refund',
    method: 'delete',
    path: '/v1/refunds/:refundKey',
    role: 'standard',
    handle: (c) => respondAboutRefund(c, 'refund.delete', (refundId) => ({ refundId })),
  }),
];

/** The refund that the path names, when the part that it names is its part. */
async function findPart(c: AppContext): Promise<RefundReply | Refusal> {
  const key = c.req.param('refundKey') ?? '';
  const partId = c.req.param('refundPartId') ?? '';
  const shown = await readRefund(reader(c), key);
  if (shown === null) return noRefund(key);
  return refundPartId(shown.refund) === partId
    ? shown
    : refuse('not_found', `Refund ${key} has no part ${partId}.`);
}

/** How a refund falls on the lines of its credit memo; of a payment it is one piece. */
async function readWireItems(c: AppContext, shown: RefundReply, which: WhichItems) {
  const { refund } = shown;
  const partId = refundPartId(refund);
  const items =
    refund.sourceKind === 'payment'
      ? onePiece(refund, which)
      : await readItemsOfMemoRefund(reader(c), refund, which);
  return items.map(({ lineId, amountMinor }) => {
    const id = partItemId(partId, lineId);
    const creditMemoItemId = refund.sourceKind === 'payment' ? null : lineId;
    return toWireRefundItemPart(shown, { id, creditMemoItemId, amountMinor });
  });
}

function onePiece({ sourceId, amountMinor }: RefundReply['refund'], which: WhichItems): PartItem[] {
  const isAsked = 'lineId' in which ? which.lineId === sourceId : which.offset === 0;
  return isAsked ? [{ lineId: sourceId, amountMinor }] : [];
}

const reading: readonly AnyOperation[] = [
  operation({
    id: 'GET_Refunds',
    method: 'get',
    path: '/v1/refunds',
    role: 'read',
    query: wireRefundQuery,
    async handle(c, { query }) {
      const page = pageOf(query);
      const sorting = fromWireSort(query.sort);
      const refunds = await readRefunds(reader(c), query, { sorting, range: rangeOf(page) });
      return pageReply(c, page, 'refunds', refunds, toWireRefund);
    },
  }),
  operation({
    id: 'GET_Refund',
    method: 'get',
    path: '/v1/refunds/:refundKey',
    role: 'read',
    async handle(c) {
      const key = c.req.param('refundKey') ?? '';
      const shown = await readRefund(reader(c), key);
      return shown === null ? refused(c, noRefund(key)) : c.json(toWireRefundReply(shown));
    },
  }),
  operation({
    id: 'GET_RefundParts',
    method: 'get',
    path: '/v1/refunds/:refundKey/parts',
    role: 'read',
    async handle(c) {
      const key = c.req.param('refundKey') ?? '';
      const shown = await readRefund(reader(c), key);
      if (shown === null) return refused(c, noRefund(key));
      return c.json({ parts: [toWireRefundPart(shown)], success: true });
    },
  }),
  operation({
    id: 'GET_RefundPart',
    method: 'get',
    path: '/v1/refunds/:refundKey/parts/:refundPartId',
    role: 'read',
    async handle(c) {
      const shown = await findPart(c);
      if ('refused' in shown) return refused(c, shown);
      return c.json({ ...toWireRefundPart(shown), success: true });
    },
  }),
  operation({
    id: 'GET_RefundItemParts',
    method: 'get',
    path: '/v1/refunds/:refundKey/parts/:refundPartId/item-parts',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const page = pageOf(query);
      const shown = await findPart(c);
      if ('refused' in shown) return refused(c, shown);
      const items = await readWireItems(c, shown, rangeOf(page));
      return pageReply(c, page, 'itemParts', items, (item) => item);
    },
  }),
  operation({
    id: 'GET_RefundItemPart',
    method: 'get',
    path: '/v1/refunds/:refundKey/parts/:refundPartId/item-parts/:itemPartId',
    role: 'read',
    async handle(c) {
      const itemPartId = c.req.param('itemPartId') ?? '';
      const shown = await findPart(c);
      if ('refused' in shown) return refused(c, shown);
      const lineId = lineOfPartItem(refundPartId(shown.refund), itemPartId);
      const [item] = await readWireItems(c, shown, { lineId });
      if (item === undefined) {
        const message = `Refund ${shown.refund.refundNumber} has no item part ${itemPartId}.`;
        return refused(c, refuse('not_found', message));
      }
      return c.json({ ...item, success: true });
    },
  }),
];

export const refundOperations: readonly AnyOperation[] = [...creating, ...changing, ...reading];
