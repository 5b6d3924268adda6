import type { z } from 'zod';
import type { UpdateInvoice } from '../domain/billing/update-invoice.ts';
import { TRANSFERRED_TO_ACCOUNTING, transferredOf } from './object-fields.ts';
import {
  customFieldsOf,
  wireDate,
  wireDocumentDate,
  wireNotYet,
  wireText,
  withCustomFields,
} from './values.ts';
import { oneOf } from './words.ts';

/** Invoices, as /v1/object/invoice names them. */

const WITH_STATUS = 'must be changed in a request of its own, without Status';
/** Fields that an invoice takes when it becomes Posted. */
const OF_POSTING = new Set(['InvoiceDate']);

/** PUT /v1/object/invoice/{id}: another status, or other attributes. What is absent stays. */
export const wireObjectInvoiceChanges = withCustomFields({
  Comments: wireText(255).nullish(),
  DueDate: wireDate.nullish(),
  InvoiceDate: wireDocumentDate.nullish(),
  RegenerateInvoicePDF: wireNotYet,
  Status: oneOf(['Draft', 'Posted', 'Canceled']).optional(),
  TransferredToAccounting: oneOf(TRANSFERRED_TO_ACCOUNTING).nullish(),
}).superRefine((body, context) => {
  const given = Object.entries(body).flatMap(([name, value]) => (value == null ? [] : [name]));
  const issue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (given.length === 0) issue('Status', 'is required, or another field to change');
  if (body.Status === undefined) return;
  const customFields = customFieldsOf(body);
  for (const name of given) {
    const isTaken = body.Status === 'Posted' && (OF_POSTING.has(name) || Object.hasOwn(customFields, name));
    if (name !== 'Status' && !isTaken) issue(name, WITH_STATUS);
  }
});

export function fromWireObjectInvoiceChanges(
  body: z.output<typeof wireObjectInvoiceChanges>,
  invoiceId: string,
): UpdateInvoice {
  const { Comments, DueDate, InvoiceDate, TransferredToAccounting } = body;
  return {
    invoiceId,
    fields: {
      ...(Comments == null ? {} : { comments: Comments }),
      ...(DueDate == null ? {} : { dueDate: DueDate }),
      ...(InvoiceDate == null ? {} : { invoiceDate: InvoiceDate }),
    },
    details:
      TransferredToAccounting == null
        ? {}
        : { transferredToAccounting: transferredOf(TransferredToAccounting) },
    customFields: customFieldsOf(body),
    items: [],
  };
}
