import { createInvoice } from '../../domain/billing/create-invoice.ts';
import { cancelInvoice, deleteInvoice } from '../../domain/billing/discard-invoice.ts';
import { generateDocuments } from '../../domain/billing/generate-documents.ts';
import { postInvoice } from '../../domain/billing/post-invoice.ts';
import { previewBilling, previewSubscriptionBilling } from '../../domain/billing/preview-billing.ts';
import { unbillPiece } from '../../domain/billing/unbill.ts';
import { unpostInvoice } from '../../domain/billing/unpost-invoice.ts';
import { updateInvoice } from '../../domain/billing/update-invoice.ts';
import { toWireGenerated } from '../../wire/billing-documents.ts';
import { toWireBillingPreview, toWireExistingPreview } from '../../wire/billing-previews.ts';
import { toWireUpdatedInvoice } from '../../wire/invoice-updates.ts';
import { toWireInvoiceReply } from '../../wire/invoices.ts';
import { type RegisteredCommand, registered } from '../registry.ts';

export const invoiceCommands: ReadonlyArray<readonly [string, RegisteredCommand]> = [
  ['invoice.create', registered(createInvoice, toWireInvoiceReply)],
  ['invoice.update', registered(updateInvoice, toWireUpdatedInvoice)],
  ['invoice.updateInBatch', registered(updateInvoice, ({ id }) => ({ id, success: true }))],
  ['invoice.post', registered(postInvoice, ({ id }) => ({ id, success: true }))],
  ['invoice.postByObject', registered(postInvoice, ({ id }) => ({ Success: true, Id: id }))],
  ['invoice.unpost', registered(unpostInvoice, toWireInvoiceReply)],
  ['invoice.unpostByObject', registered(unpostInvoice, ({ id }) => ({ Success: true, Id: id }))],
  ['invoice.cancel', registered(cancelInvoice, ({ id }) => ({ Success: true, Id: id }))],
  ['invoice.delete', registered(deleteInvoice, ({ id }) => ({ id, success: true }))],
  ['billing.generate', registered(generateDocuments, toWireGenerated)],
  ['billing.preview', registered(previewBilling, toWireBillingPreview)],
  ['billing.previewSubscription', registered(previewSubscriptionBilling, toWireExistingPreview)],
  ['billing.unbill', registered(unbillPiece, (reply) => reply)],
];
