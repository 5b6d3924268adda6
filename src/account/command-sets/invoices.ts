import { createInvoice } from '../../domain/billing/create-invoice.ts';
import { cancelInvoice, deleteInvoice } from '../../domain/billing/discard-invoice.ts';
import { generateDocuments } from '../../domain/billing/generate-documents.ts';
import { postInvoice } from '../../domain/billing/post-invoice.ts';
import { unbillPiece } from '../../domain/billing/unbill.ts';
import { toWireGenerated } from '../../wire/billing-documents.ts';
import { toWireInvoiceReply } from '../../wire/invoices.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const invoiceCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['invoice.create', registered(createInvoice, toWireInvoiceReply)],
  ['invoice.post', registered(postInvoice, ({ id }) => ({ id, success: true }))],
  ['invoice.postByObject', registered(postInvoice, ({ id }) => ({ Success: true, Id: id }))],
  ['invoice.cancel', registered(cancelInvoice, ({ id }) => ({ Success: true, Id: id }))],
  ['invoice.delete', registered(deleteInvoice, ({ id }) => ({ id, success: true }))],
  ['billing.generate', registered(generateDocuments, toWireGenerated)],
  ['billing.unbill', registered(unbillPiece, (reply) => reply)],
];
