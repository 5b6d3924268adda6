import { refuse } from '../../domain/result.ts';
import { readBillingDocuments } from '../../persistence/billing-documents.ts';
import { findAccountName } from '../../persistence/document-accounts.ts';
import { readApplicationsOfDocument } from '../../persistence/document-applications.ts';
import { readInvoice, readInvoiceItems, readInvoicesOfAccount } from '../../persistence/invoices.ts';
import { toWireApplicationPart } from '../../wire/application-parts.ts';
import { toWireBillingDocument, wireBillingDocumentQuery } from '../../wire/billing-document-list.ts';
import { toWireInvoiceItems, toWireTransactionInvoice } from '../../wire/invoice-lists.ts';
import { toWireInvoiceReply } from '../../wire/invoices.ts';
import { wirePaging } from '../../wire/values.ts';
import { refused } from '../errors.ts';
import { type AnyOperation, operation, reader } from '../operation.ts';
import { nextPage, pageOf, pageReply, rangeOf } from '../paging.ts';
import { noInvoice } from './invoices.ts';

export const invoiceReadOperations: readonly AnyOperation[] = [
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
      const { items, ...sums } = await readInvoiceItems(reader(c), invoice.id, rangeOf(page));
      return c.json({
        invoiceItems: toWireInvoiceItems(invoice, { items: items.slice(0, page.pageSize), ...sums }),
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
  operation({
    id: 'GET_BillingDocuments',
    method: 'get',
    path: '/v1/billing-documents',
    role: 'read',
    query: wireBillingDocumentQuery,
    async handle(c, { query }) {
      const key = query.accountId ?? query.accountNumber ?? '';
      const page = pageOf(query);
      const account = await findAccountName(reader(c), key);
      const agrees = query.accountNumber === undefined || account?.accountNumber === query.accountNumber;
      if (account === null || !agrees) return refused(c, refuse('not_found', `There is no account ${key}.`));
      const filter = {
        accountId: account.id,
        date: query.documentDate ?? null,
        status: query.status ?? null,
        order: query.sort?.startsWith('-') === false ? ('oldest' as const) : ('newest' as const),
      };
      const documents = await readBillingDocuments(reader(c), filter, rangeOf(page));
      return pageReply(c, page, 'documents', documents, (document) =>
        toWireBillingDocument(document, account),
      );
    },
  }),
];
