import { execute } from '../../account/client.ts';
import type { CreditMemoReference } from '../../domain/settlement/credit-memo-status.ts';
import { type DocumentOwner, findDocumentOwners } from '../../persistence/document-accounts.ts';
import {
  fromWireCreditMemoChange,
  fromWireCreditMemoFromCharges,
  fromWireCreditMemoFromInvoice,
  fromWireMirrorTerms,
  fromWireMoveCreditMemo,
  wireCreditMemoChange,
  wireCreditMemoChanges,
  wireCreditMemoFromCharges,
  wireCreditMemoFromInvoice,
  wireCreditMemos,
  wireMoveCreditMemo,
  wireReversal,
  wireWriteOff,
} from '../../wire/credit-memos.ts';
import { acceptJob, announceJobOf } from '../accept-job.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, commandOf, operation, reader, reply, respond } from '../operation.ts';
import { unbillFirst } from '../unbill-first.ts';
import { noInvoice } from './invoices.ts';
import {
  aboutMemo,
  changeMany,
  createFromCharges,
  createFromInvoice,
  createMany,
} from './memo-operations.ts';

/** Six digits that error codes of credit memos start with, and of what settles invoices by them. */
const CREDIT_MEMO = '587600';
const SETTLED_INVOICE = '592200';

/** The credit memo as its commands name it. */
function referenceTo({ id, accountId }: DocumentOwner): CreditMemoReference {
  return { creditMemoId: id, accountId };
}

/** Does something about the credit memo that the path names. */
function aboutCreditMemo(
  c: AppContext,
  send: (owner: DocumentOwner, memo: CreditMemoReference) => Promise<Response>,
): Promise<Response> {
  return aboutMemo(c, 'creditMemo', (owner) => send(owner, referenceTo(owner)));
}

/** An operation that takes a credit memo from one status to another. */
function statusOperation(id: string, step: string, kind: string): AnyOperation {
  return operation({
    id,
    method: 'put',
    path: `/v1/credit-memos/:creditMemoKey/${step}`,
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    handle: (c) =>
      aboutCreditMemo(c, async (owner, memo) => {
        if (step === 'cancel') await unbillFirst(c, 'creditMemo', owner);
        return respond(c, owner.accountId, kind, memo);
      }),
  });
}

/** An operation that applies a credit memo or takes it off, at once or later. */
function moveOperation(id: string, step: string, kind: string, isLater: boolean): AnyOperation {
  return operation({
    id,
    method: 'put',
    path: `/v1/credit-memos/:creditMemoKey/${step}`,
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireMoveCreditMemo,
    handle: (c, { body }) =>
      aboutCreditMemo(c, async (owner, memo) => {
        const payload = fromWireMoveCreditMemo(body, memo);
        return isLater
          ? acceptJob(c, owner.accountId, kind, payload, owner.id)
          : respond(c, owner.accountId, kind, payload);
      }),
  });
}

const creating: readonly AnyOperation[] = [
  operation({
    id: 'POST_CreditMemoFromPrpc',
    method: 'post',
    path: '/v1/credit-memos',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireCreditMemoFromCharges,
    handle: (c, { body }) => createFromCharges(c, 'creditMemo', fromWireCreditMemoFromCharges(body)),
  }),
  operation({
    id: 'POST_CreditMemoFromInvoice',
    method: 'post',
    path: '/v1/credit-memos/invoice/:invoiceKey',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireCreditMemoFromInvoice,
    handle: (c, { body }) =>
      createFromInvoice(c, 'creditMemo', body, (invoice) => fromWireCreditMemoFromInvoice(body, invoice)),
  }),
  operation({
    id: 'POST_CreateCreditMemos',
    method: 'post',
    path: '/v1/credit-memos/bulk',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireCreditMemos,
    fansOut: true,
    handle: (c, { body }) =>
      createMany(c, 'creditMemo', body, fromWireCreditMemoFromCharges, fromWireCreditMemoFromInvoice),
  }),
];

const changing: readonly AnyOperation[] = [
  operation({
    id: 'PUT_UpdateCreditMemos',
    method: 'put',
    path: '/v1/credit-memos/bulk',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireCreditMemoChanges,
    fansOut: true,
    handle: (c, { body }) =>
      changeMany(c, 'creditMemo', body.memos, (change, memo) =>
        fromWireCreditMemoChange(change, referenceTo(memo)),
      ),
  }),
  operation({
    id: 'PUT_UpdateCreditMemo',
    method: 'put',
    path: '/v1/credit-memos/:creditMemoKey',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireCreditMemoChange,
    handle: (c, { body }) =>
      aboutCreditMemo(c, (owner, memo) =>
        respond(c, owner.accountId, 'creditMemo.update', fromWireCreditMemoChange(body, memo)),
      ),
  }),
  operation({
    id: 'DELETE_CreditMemo',
    method: 'delete',
    path: '/v1/credit-memos/:creditMemoKey',
    role: 'standard',
    handle: (c) =>
      aboutCreditMemo(c, (owner, memo) => respond(c, owner.accountId, 'creditMemo.delete', memo)),
  }),
  statusOperation('PUT_PostCreditMemo', 'post', 'creditMemo.post'),
  statusOperation('PUT_UnpostCreditMemo', 'unpost', 'creditMemo.unpost'),
  statusOperation('PUT_CancelCreditMemo', 'cancel', 'creditMemo.cancel'),
  moveOperation('PUT_ApplyCreditMemo', 'apply', 'creditMemo.apply', false),
  moveOperation('PUT_UnapplyCreditMemo', 'unapply', 'creditMemo.unapply', false),
  moveOperation('applyCreditMemoAsync', 'apply-async', 'creditMemo.apply', true),
  moveOperation('unapplyCreditMemoAsync', 'unapply-async', 'creditMemo.unapply', true),
];

const settling: readonly AnyOperation[] = [
  operation({
    id: 'PUT_ReverseCreditMemo',
    method: 'put',
    path: '/v1/credit-memos/:creditMemoKey/reverse',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireReversal,
    handle: (c, { body }) =>
      aboutCreditMemo(c, async (owner, memo) => {
        await unbillFirst(c, 'creditMemo', owner);
        const payload = { ...memo, ...fromWireMirrorTerms(body) };
        return respond(c, owner.accountId, 'creditMemo.reverse', payload);
      }),
  }),
  operation({
    id: 'PUT_WriteOffCreditMemo',
    method: 'put',
    path: '/v1/credit-memos/:creditMemoKey/write-off',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireWriteOff,
    handle: (c, { body }) =>
      aboutCreditMemo(c, (owner, memo) =>
        respond(c, owner.accountId, 'creditMemo.writeOff', { ...memo, ...fromWireMirrorTerms(body) }),
      ),
  }),
  operation({
    id: 'PUT_ReverseInvoice',
    method: 'put',
    path: '/v1/invoices/:invoiceKey/reverse',
    role: 'standard',
    resourceCode: SETTLED_INVOICE,
    body: wireReversal,
    handle: (c, { body }) =>
      aboutInvoice(c, async (owner) => {
        await unbillFirst(c, 'invoice', owner);
        const outcome = await execute(
          c.env,
          owner.accountId,
          commandOf(c, 'invoice.reverse', {
            invoiceId: owner.id,
            accountId: owner.accountId,
            ...fromWireMirrorTerms(body),
            requestId: c.get('requestId'),
            resourceCode: SETTLED_INVOICE,
          }),
        );
        announceJobOf(c, outcome);
        return reply(c, outcome);
      }),
  }),
  operation({
    id: 'PUT_WriteOffInvoice',
    method: 'put',
    path: '/v1/invoices/:invoiceKey/write-off',
    role: 'standard',
    resourceCode: SETTLED_INVOICE,
    body: wireWriteOff,
    handle: (c, { body }) =>
      aboutInvoice(c, ({ id, accountId }) =>
        respond(c, accountId, 'invoice.writeOff', {
          invoiceId: id,
          accountId,
          ...fromWireMirrorTerms(body),
        }),
      ),
  }),
];

/** Does something about the invoice that the path names. */
async function aboutInvoice(
  c: AppContext,
  send: (owner: DocumentOwner) => Promise<Response>,
): Promise<Response> {
  const key = c.req.param('invoiceKey') ?? '';
  const owner = (await findDocumentOwners(reader(c), 'invoice', [key])).get(key);
  return owner === undefined ? refused(c, noInvoice(key)) : send(owner);
}

export const creditMemoOperations: readonly AnyOperation[] = [...creating, ...changing, ...settling];
