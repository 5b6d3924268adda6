import { type Refusal, refuse } from '../../domain/result.ts';
import type { DebitMemoReference } from '../../domain/settlement/debit-memo-status.ts';
import { readDebitMemo, readDebitMemos } from '../../persistence/debit-memos.ts';
import {
  type DocumentOwner,
  findAccountIds,
  findDocumentOwners,
} from '../../persistence/document-accounts.ts';
import { readApplicationsOfDocument } from '../../persistence/document-applications.ts';
import { readMemoItems } from '../../persistence/memo-items.ts';
import { toWireApplicationPart } from '../../wire/application-parts.ts';
import { fromWireMirrorTerms, wireWriteOff } from '../../wire/credit-memos.ts';
import {
  fromWireDebitMemoChange,
  fromWireDebitMemoFromCharges,
  fromWireDebitMemoFromInvoice,
  toWireDebitMemo,
  toWireDebitMemoItems,
  toWireDebitMemoReply,
  wireDebitMemoChange,
  wireDebitMemoChanges,
  wireDebitMemoDueDates,
  wireDebitMemoFromCharges,
  wireDebitMemoFromInvoice,
  wireDebitMemoItemQuery,
  wireDebitMemoQuery,
  wireDebitMemos,
} from '../../wire/debit-memos.ts';
import { wirePaging } from '../../wire/values.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';
import {
  aboutMemo,
  changeMany,
  createFromCharges,
  createFromInvoice,
  createMany,
  noMemo,
} from './memo-operations.ts';

/** Six digits that error codes of debit memos start with. */
const DEBIT_MEMO = '587700';

function noDebitMemo(key: string): Refusal {
  return noMemo('debitMemo', key);
}

/** The debit memo as its commands name it. */
function referenceTo({ id, accountId }: DocumentOwner): DebitMemoReference {
  return { debitMemoId: id, accountId };
}

/** Sends a command about one debit memo to the lane of its account. */
function respondAboutDebitMemo(
  c: AppContext,
  kind: string,
  toPayload: (memo: DebitMemoReference) => object = (memo) => memo,
): Promise<Response> {
  return aboutMemo(c, 'debitMemo', (owner) =>
    respond(c, owner.accountId, kind, toPayload(referenceTo(owner))),
  );
}

/** An operation that takes a debit memo from one status to another. */
function statusOperation(id: string, step: string, kind: string): AnyOperation {
  return operation({
    id,
    method: 'put',
    path: `/v1/debit-memos/:debitMemoKey/${step}`,
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    handle: (c) => respondAboutDebitMemo(c, kind),
  });
}

const creating: readonly AnyOperation[] = [
  operation({
    id: 'POST_DebitMemoFromPrpc',
    method: 'post',
    path: '/v1/debit-memos',
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    body: wireDebitMemoFromCharges,
    handle: (c, { body }) => createFromCharges(c, 'debitMemo', fromWireDebitMemoFromCharges(body)),
  }),
  operation({
    id: 'POST_DebitMemoFromInvoice',
    method: 'post',
    path: '/v1/debit-memos/invoice/:invoiceKey',
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    body: wireDebitMemoFromInvoice,
    handle: (c, { body }) =>
      createFromInvoice(c, 'debitMemo', body, (invoice) => fromWireDebitMemoFromInvoice(body, invoice)),
  }),
  operation({
    id: 'POST_CreateDebitMemos',
    method: 'post',
    path: '/v1/debit-memos/bulk',
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    body: wireDebitMemos,
    fansOut: true,
    handle: (c, { body }) =>
      createMany(c, 'debitMemo', body, fromWireDebitMemoFromCharges, fromWireDebitMemoFromInvoice),
  }),
];

const changing: readonly AnyOperation[] = [
  operation({
    id: 'PUT_UpdateDebitMemos',
    method: 'put',
    path: '/v1/debit-memos/bulk',
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    body: wireDebitMemoChanges,
    fansOut: true,
    handle: (c, { body }) =>
      changeMany(c, 'debitMemo', body.memos, (change, memo) =>
        fromWireDebitMemoChange(change, referenceTo(memo)),
      ),
  }),
  operation({
    id: 'PUT_UpdateDebitMemosDueDates',
    method: 'put',
    path: '/v1/debit-memos',
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    body: wireDebitMemoDueDates,
    async handle(c, { body }) {
      const keys = body.debitMemos.map(({ id }) => id);
      const owners = await findDocumentOwners(reader(c), 'debitMemo', keys);
      const found: DocumentOwner[] = [];
      for (const [i, key] of keys.entries()) {
        const owner = owners.get(key);
        if (owner === undefined) {
          return refused(c, refuse('invalid', `there is no debit memo ${key}`, `debitMemos[${i}].id`));
        }
        found.push(owner);
      }
      // All or none, in one lane: that of the first.
      const memos = body.debitMemos.map(({ dueDate }, i) => ({ debitMemoId: found[i]!.id, dueDate }));
      return respond(c, found[0]!.accountId, 'debitMemo.setDueDates', { memos });
    },
  }),
  operation({
    id: 'PUT_DebitMemo',
    method: 'put',
    path: '/v1/debit-memos/:debitMemoKey',
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    body: wireDebitMemoChange,
    handle: (c, { body }) =>
      respondAboutDebitMemo(c, 'debitMemo.update', (memo) => fromWireDebitMemoChange(body, memo)),
  }),
  statusOperation('PUT_PostDebitMemo', 'post', 'debitMemo.post'),
  statusOperation('PUT_UnpostDebitMemo', 'unpost', 'debitMemo.unpost'),
  statusOperation('PUT_CancelDebitMemo', 'cancel', 'debitMemo.cancel'),
  operation({
    id: 'PUT_WriteOffDebitMemo',
    method: 'put',
    path: '/v1/debit-memos/:debitMemoKey/write-off',
    role: 'standard',
    resourceCode: DEBIT_MEMO,
    body: wireWriteOff,
    handle: (c, { body }) =>
      respondAboutDebitMemo(c, 'debitMemo.writeOff', (memo) => ({ ...memo, ...fromWireMirrorTerms(body) })),
  }),
  operation({
    id: 'DELETE_DebitMemo',
    method: 'delete',
    path: '/v1/debit-memos/:debitMemoKey',
    role: 'standard',
    handle: (c) => respondAboutDebitMemo(c, 'debitMemo.delete'),
  }),
];

const reading: readonly AnyOperation[] = [
  operation({
    id: 'GET_DebitMemos',
    method: 'get',
    path: '/v1/debit-memos',
    role: 'read',
    query: wireDebitMemoQuery,
    async handle(c, { query }) {
      const page = pageOf(query);
      const { accountNumber, ...filter } = query;
      if (accountNumber === undefined) {
        const memos = await readDebitMemos(reader(c), filter, rangeOf(page));
        return pageReply(c, page, 'debitmemos', memos, toWireDebitMemo);
      }
      const named = (await findAccountIds(reader(c), [accountNumber])).get(accountNumber);
      const isOther = filter.accountId !== undefined && filter.accountId !== named;
      const memos =
        named === undefined || isOther
          ? []
          : await readDebitMemos(reader(c), { ...filter, accountId: named }, rangeOf(page));
      return pageReply(c, page, 'debitmemos', memos, toWireDebitMemo);
    },
  }),
  operation({
    id: 'GET_DebitMemo',
    method: 'get',
    path: '/v1/debit-memos/:debitMemoKey',
    role: 'read',
    async handle(c) {
      const key = c.req.param('debitMemoKey') ?? '';
      const memo = await readDebitMemo(reader(c), key);
      return memo === null ? refused(c, noDebitMemo(key)) : c.json(toWireDebitMemoReply(memo));
    },
  }),
  operation({
    id: 'GET_DebitMemoItems',
    method: 'get',
    path: '/v1/debit-memos/:debitMemoKey/items',
    role: 'read',
    query: wireDebitMemoItemQuery,
    async handle(c, { query }) {
      const key = c.req.param('debitMemoKey') ?? '';
      const page = pageOf(query);
      const shown = await readDebitMemo(reader(c), key);
      if (shown === null) return refused(c, noDebitMemo(key));
      const read = await readMemoItems(reader(c), 'debitMemoItem', shown.memo.id, rangeOf(page));
      return c.json({
        items: toWireDebitMemoItems(shown, read).slice(0, page.pageSize),
        ...nextPage(c, page, read.items.length > page.pageSize),
        success: true,
      });
    },
  }),
  operation({
    id: 'GET_DebitMemoItem',
    method: 'get',
    path: '/v1/debit-memos/:debitMemoKey/items/:itemId',
    role: 'read',
    async handle(c) {
      const key = c.req.param('debitMemoKey') ?? '';
      const itemId = c.req.param('itemId') ?? '';
      const shown = await readDebitMemo(reader(c), key);
      if (shown === null) return refused(c, noDebitMemo(key));
      const read = await readMemoItems(reader(c), 'debitMemoItem', shown.memo.id, { itemId });
      const [item] = toWireDebitMemoItems(shown, read);
      if (item === undefined) {
        return refused(c, refuse('not_found', `Debit memo ${key} has no item ${itemId}.`));
      }
      return c.json({ ...item, success: true });
    },
  }),
  operation({
    id: 'GET_DebitMemoApplicationParts',
    method: 'get',
    path: '/v1/debit-memos/:debitMemoKey/application-parts',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('debitMemoKey') ?? '';
      const page = pageOf(query);
      const shown = await readDebitMemo(reader(c), key);
      if (shown === null) return refused(c, noDebitMemo(key));
      const parts = await readApplicationsOfDocument(reader(c), shown.memo.id, rangeOf(page));
      return pageReply(c, page, 'applicationParts', parts, (part) =>
        toWireApplicationPart(part, shown.memo.currency),
      );
    },
  }),
];

export const debitMemoOperations: readonly AnyOperation[] = [...creating, ...changing, ...reading];
