import { UNBILL_SUBSCRIPTIONS_MAX } from '../../domain/billing/unbill.ts';
import { refuse } from '../../domain/result.ts';
import { findDocumentOwners, readLineCount } from '../../persistence/document-accounts.ts';
import { fromWireInvoiceUpdate, wireInvoiceUpdate, wireInvoiceUpdates } from '../../wire/invoice-updates.ts';
import {
  fromWireInvoice,
  fromWirePostInvoice,
  wireNewInvoice,
  wireNewInvoices,
  wirePostInvoices,
} from '../../wire/invoices.ts';
import { acceptJob } from '../accept-job.ts';
import { lanesOf } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { fanOut, type Part } from '../fan-out.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';

/** Six digits that error codes of standalone invoices start with, and of posting invoices. */
const STANDALONE_INVOICE = '584900';
const POST_INVOICE = '592100';

export function noInvoice(key: string) {
  return refuse('not_found', `There is no invoice ${key}.`);
}

/** Sends a command about one invoice to the lane of its account. */
async function respondAboutInvoice(c: AppContext, key: string, kind: string, fields: object = {}) {
  const owner = (await findDocumentOwners(reader(c), 'invoice', [key])).get(key);
  if (owner === undefined) return refused(c, noInvoice(key));
  return respond(c, owner.accountId, kind, { invoiceId: owner.id, ...fields });
}

/** One command for each invoice that a request names. */
async function partsOf<Entry extends { readonly id: string }>(
  c: AppContext,
  entries: readonly Entry[],
  toPayload: (entry: Entry, invoiceId: string) => object,
): Promise<Part[]> {
  const keys = entries.map(({ id }) => id);
  const owners = await findDocumentOwners(reader(c), 'invoice', keys);
  return entries.map((entry) => {
    const owner = owners.get(entry.id);
    return {
      lane: owner?.accountId ?? noInvoice(entry.id),
      payload: toPayload(entry, owner?.id ?? entry.id),
      shownWhenRefused: { id: entry.id },
    };
  });
}

const creating: readonly AnyOperation[] = [
  operation({
    id: 'POST_StandaloneInvoice',
    method: 'post',
    path: '/v1/invoices',
    role: 'standard',
    resourceCode: STANDALONE_INVOICE,
    body: wireNewInvoice,
    async handle(c, { body }) {
      const payload = fromWireInvoice(body);
      const [lane] = await lanesOf(c, [payload]);
      return typeof lane === 'string' ? respond(c, lane, 'invoice.create', payload) : refused(c, lane!);
    },
  }),
  operation({
    id: 'POST_StandaloneInvoices',
    method: 'post',
    path: '/v1/invoices/batch',
    role: 'standard',
    resourceCode: STANDALONE_INVOICE,
    body: wireNewInvoices,
    fansOut: true,
    async handle(c, { body }) {
      const payloads = body.invoices.map(fromWireInvoice);
      const lanes = await lanesOf(c, payloads);
      const parts = payloads.map((payload, objectIndex) => ({
        lane: lanes[objectIndex]!,
        payload,
        shownWhenRefused: { objectIndex },
      }));
      return fanOut(c, 'invoice.create', parts, 'invoices');
    },
  }),
];

const changing: readonly AnyOperation[] = [
  operation({
    id: 'PUT_UpdateInvoice',
    method: 'put',
    path: '/v1/invoices/:invoiceKey',
    role: 'standard',
    resourceCode: STANDALONE_INVOICE,
    body: wireInvoiceUpdate,
    handle(c, { body }) {
      const { invoiceId: _, ...changes } = fromWireInvoiceUpdate(body, '');
      return respondAboutInvoice(c, c.req.param('invoiceKey') ?? '', 'invoice.update', changes);
    },
  }),
  operation({
    id: 'PUT_BatchUpdateInvoices',
    method: 'put',
    path: '/v1/invoices',
    role: 'standard',
    resourceCode: STANDALONE_INVOICE,
    body: wireInvoiceUpdates,
    fansOut: true,
    async handle(c, { body }) {
      const parts = await partsOf(c, body.invoices, (entry, id) => fromWireInvoiceUpdate(entry, id));
      return fanOut(c, 'invoice.updateInBatch', parts, 'invoices', 'all');
    },
  }),
  operation({
    id: 'spillwayUnpostInvoice',
    method: 'put',
    path: '/v1/invoices/:invoiceKey/unpost',
    role: 'standard',
    resourceCode: POST_INVOICE,
    handle: (c) => respondAboutInvoice(c, c.req.param('invoiceKey') ?? '', 'invoice.unpost'),
  }),
  operation({
    id: 'POST_PostInvoices',
    method: 'post',
    path: '/v1/invoices/bulk-post',
    role: 'standard',
    resourceCode: POST_INVOICE,
    body: wirePostInvoices,
    fansOut: true,
    async handle(c, { body }) {
      const parts = await partsOf(c, body.invoices, fromWirePostInvoice);
      return fanOut(c, 'invoice.post', parts, 'invoices');
    },
  }),
  operation({
    id: 'DELETE_DeleteInvoice',
    method: 'delete',
    path: '/v1/invoices/:invoiceKey',
    role: 'standard',
    async handle(c) {
      const key = c.req.param('invoiceKey') ?? '';
      const owner = (await findDocumentOwners(reader(c), 'invoice', [key])).get(key);
      if (owner === undefined) return refused(c, noInvoice(key));
      const payload = { invoiceId: owner.id };
      // One that may bill more subscriptions than a commit sets back is deleted in pieces.
      return (await readLineCount(reader(c), 'invoice', owner.id)) > UNBILL_SUBSCRIPTIONS_MAX
        ? acceptJob(c, owner.accountId, 'invoice.deleteLong', payload, owner.id)
        : respond(c, owner.accountId, 'invoice.delete', payload);
    },
  }),
];

export const invoiceOperations: readonly AnyOperation[] = [...creating, ...changing];
