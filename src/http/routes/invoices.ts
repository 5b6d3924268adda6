import { UNBILL_SUBSCRIPTIONS_MAX } from '../../domain/billing/unbill.ts';
import { refuse } from '../../domain/result.ts';
import { findAccountName, findDocumentOwners, readLineCount } from '../../persistence/document-accounts.ts';
import { readApplicationsOfDocument } from '../../persistence/document-applications.ts';
import { readInvoice, readInvoiceItems, readInvoicesOfAccount } from '../../persistence/invoices.ts';
import { toWireApplicationPart } from '../../wire/application-parts.ts';
import { toWireInvoiceItems, toWireTransactionInvoice } from '../../wire/invoice-lists.ts';
import {
  fromWireInvoice,
  fromWirePostInvoice,
  toWireInvoiceReply,
  wireInvoiceStatus,
  wireNewInvoice,
  wireNewInvoices,
  wirePostInvoices,
} from '../../wire/invoices.ts';
import { wirePaging } from '../../wire/values.ts';
import { acceptJob } from '../accept-job.ts';
import { lanesOf } from '../account-lane.ts';
import type { AppContext } from '../context.ts';
import { refused } from '../errors.ts';
import { fanOut } from '../fan-out.ts';
import { type AnyOperation, operation, reader, respond } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';

/** Six digits that error codes of standalone invoices start with, and of posting invoices. */
const STANDALONE_INVOICE = '584900';
const POST_INVOICE = '592100';

function noInvoice(key: string) {
  return refuse('not_found', `There is no invoice ${key}.`);
}

/** Sends a command about one invoice to the lane of its account. */
async function respondAboutInvoice(c: AppContext, key: string, kind: string, fields: object = {}) {
  const owner = (await findDocumentOwners(reader(c), 'invoice', [key])).get(key);
  if (owner === undefined) return refused(c, noInvoice(key));
  return respond(c, owner.accountId, kind, { invoiceId: owner.id, ...fields });
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
    id: 'POST_PostInvoices',
    method: 'post',
    path: '/v1/invoices/bulk-post',
    role: 'standard',
    resourceCode: POST_INVOICE,
    body: wirePostInvoices,
    fansOut: true,
    async handle(c, { body }) {
      const keys = body.invoices.map(({ id }) => id);
      const owners = await findDocumentOwners(reader(c), 'invoice', keys);
      const parts = body.invoices.map((entry) => {
        const owner = owners.get(entry.id);
        return {
          lane: owner?.accountId ?? noInvoice(entry.id),
          payload: fromWirePostInvoice(entry, owner?.id ?? entry.id),
          shownWhenRefused: { id: entry.id },
        };
      });
      return fanOut(c, 'invoice.post', parts, 'invoices');
    },
  }),
  operation({
    id: 'Object_PUTInvoice',
    method: 'put',
    path: '/v1/object/invoice/:id',
    role: 'standard',
    envelope: 'crud',
    resourceCode: POST_INVOICE,
    body: wireInvoiceStatus,
    handle(c, { body }) {
      const id = c.req.param('id') ?? '';
      if (body.Status === 'Canceled') return respondAboutInvoice(c, id, 'invoice.cancel');
      return respondAboutInvoice(c, id, 'invoice.postByObject', { invoiceDate: null, customFields: {} });
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
  operation({
    id: 'Object_DELETEInvoice',
    method: 'delete',
    path: '/v1/object/invoice/:id',
    role: 'standard',
    envelope: 'crud',
    handle: (c) => respondAboutInvoice(c, c.req.param('id') ?? '', 'invoice.delete'),
  }),
];

const reading: readonly AnyOperation[] = [
  operation({
    id: 'Get_GetInvoice',
    method: 'get',
    path: '/v1/invoices/:invoiceKey',
    role: 'read',
    async handle(c) {
      const key = c.req.param('invoiceKey') ?? '';
      const invoice = await readInvoice(reader(c), key);
      return invoice === null ? refused(c, noInvoice(key)) : c.json(toWireInvoiceReply(invoice));
    },
  }),
  operation({
    id: 'GET_InvoiceItems',
    method: 'get',
    path: '/v1/invoices/:invoiceKey/items',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('invoiceKey') ?? '';
      const page = pageOf(query);
      const invoice = await readInvoice(reader(c), key);
      if (invoice === null) return refused(c, noInvoice(key));
      const { items, positiveBeforeMinor } = await readInvoiceItems(reader(c), invoice.id, rangeOf(page));
      return c.json({
        invoiceItems: toWireInvoiceItems(invoice, items.slice(0, page.pageSize), positiveBeforeMinor),
        ...nextPage(c, page, items.length > page.pageSize),
        success: true,
      });
    },
  }),
  operation({
    id: 'GET_InvoiceApplicationParts',
    method: 'get',
    path: '/v1/invoices/:invoiceKey/application-parts',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('invoiceKey') ?? '';
      const page = pageOf(query);
      const invoice = await readInvoice(reader(c), key);
      if (invoice === null) return refused(c, noInvoice(key));
      const parts = await readApplicationsOfDocument(reader(c), invoice.id, rangeOf(page));
      return pageReply(c, page, 'applicationParts', parts, (part) =>
        toWireApplicationPart(part, invoice.currency),
      );
    },
  }),
  operation({
    id: 'GET_TransactionInvoice',
    method: 'get',
    path: '/v1/transactions/invoices/accounts/:accountKey',
    role: 'read',
    query: wirePaging,
    async handle(c, { query }) {
      const key = c.req.param('accountKey') ?? '';
      const page = pageOf(query);
      const account = await findAccountName(reader(c), key);
      if (account === null) return refused(c, refuse('not_found', `There is no account ${key}.`));
      const invoices = await readInvoicesOfAccount(reader(c), account.id, rangeOf(page));
      const { origin } = new URL(c.req.url);
      return pageReply(c, page, 'invoices', invoices, (invoice) =>
        toWireTransactionInvoice(invoice, account, origin),
      );
    },
  }),
];

export const invoiceOperations: readonly AnyOperation[] = [...creating, ...changing, ...reading];
