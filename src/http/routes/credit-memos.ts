import { execute } from '../../account/client.ts';
import { type Refusal, refuse } from '../../domain/result.ts';
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
import { lanesOf } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { fanOut, type Part } from '../fan-out.ts';
import { type AnyOperation, commandOf, operation, reader, reply, respond } from '../operation.ts';
import { unbillFirst } from '../unbill-first.ts';

/** Six digits that error codes of credit memos start with, and of what settles invoices by them. */
const CREDIT_MEMO = '587600';
const SETTLED_INVOICE = '592200';

export function noCreditMemo(key: string): Refusal {
  return refuse('not_found', `There is no credit memo ${key}.`);
}
function noInvoice(key: string): Refusal {
  return refuse('not_found', `There is no invoice ${key}.`);
}

interface Reference {
  readonly creditMemoId: string;
  readonly accountId: string;
}

/** Does something about the credit memo that the path names. */
async function aboutCreditMemo(
  c: AppContext,
  send: (owner: DocumentOwner, memo: Reference) => Promise<Response>,
): Promise<Response> {
  const key = c.req.param('creditMemoKey') ?? '';
  const owner = (await findDocumentOwners(reader(c), 'creditMemo', [key])).get(key);
  if (owner === undefined) return refused(c, noCreditMemo(key));
  return send(owner, { creditMemoId: owner.id, accountId: owner.accountId });
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
    async handle(c, { body }) {
      const payload = fromWireCreditMemoFromCharges(body);
      const [lane] = await lanesOf(c, [payload]);
      if (typeof lane !== 'string') return refused(c, lane!);
      return respond(c, lane, 'creditMemo.createFromCharges', payload);
    },
  }),
  operation({
    id: 'POST_CreditMemoFromInvoice',
    method: 'post',
    path: '/v1/credit-memos/invoice/:invoiceKey',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireCreditMemoFromInvoice,
    async handle(c, { body }) {
      const key = c.req.param('invoiceKey') ?? '';
      const keys = body.invoiceId == null ? [key] : [key, body.invoiceId];
      const owners = await findDocumentOwners(reader(c), 'invoice', keys);
      const owner = owners.get(key);
      if (owner === undefined) return refused(c, noInvoice(key));
      if (body.invoiceId != null && owners.get(body.invoiceId)?.id !== owner.id) {
        return refused(c, refuse('invalid', `is not the invoice ${key}`, 'invoiceId'));
      }
      const payload = fromWireCreditMemoFromInvoice(body, owner);
      return respond(c, owner.accountId, 'creditMemo.createFromInvoice', payload);
    },
  }),
  operation({
    id: 'POST_CreateCreditMemos',
    method: 'post',
    path: '/v1/credit-memos/bulk',
    role: 'standard',
    resourceCode: CREDIT_MEMO,
    body: wireCreditMemos,
    fansOut: true,
    async handle(c, { body }) {
      if (body.sourceType === 'Standalone') {
        const payloads = body.memos.map(fromWireCreditMemoFromCharges);
        const lanes = await lanesOf(c, payloads);
        const parts = payloads.map((payload, objectIndex): Part => {
          return { lane: lanes[objectIndex]!, payload, shownWhenRefused: { objectIndex } };
        });
        return fanOut(c, 'creditMemo.createFromCharges', parts, 'memos');
      }
      const keys = body.memos.map(({ invoiceId }) => invoiceId ?? '');
      const owners = await findDocumentOwners(reader(c), 'invoice', keys);
      const parts = body.memos.map((memo, objectIndex): Part => {
        const owner = owners.get(keys[objectIndex]!);
        const shownWhenRefused = { objectIndex };
        if (owner === undefined) {
          return { lane: noInvoice(keys[objectIndex]!), payload: null, shownWhenRefused };
        }
        const payload = fromWireCreditMemoFromInvoice(memo, owner);
        return { lane: owner.accountId, payload, shownWhenRefused };
      });
      return fanOut(c, 'creditMemo.createFromInvoice', parts, 'memos');
    },
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
    async handle(c, { body }) {
      const owners = await findDocumentOwners(
        reader(c),
        'creditMemo',
        body.memos.map(({ id }) => id),
      );
      const parts = body.memos.map(({ id, ...change }, objectIndex): Part => {
        const owner = owners.get(id);
        const shownWhenRefused = { id, objectIndex };
        if (owner === undefined) return { lane: noCreditMemo(id), payload: null, shownWhenRefused };
        const memo = { creditMemoId: owner.id, accountId: owner.accountId };
        return { lane: owner.accountId, payload: fromWireCreditMemoChange(change, memo), shownWhenRefused };
      });
      return fanOut(c, 'creditMemo.update', parts, 'memos');
    },
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
