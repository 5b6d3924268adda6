import { z } from 'zod';
import type { InvoicePaymentChange, NewInvoicePayment } from '../domain/settlement/invoice-payments.ts';
import { fromWireDecimal, wireDecimal, wireKey } from './values.ts';

/** Applications of payments to invoices, as /v1/object/invoice-payment names them. */

export const wireObjectNewInvoicePayment = z.object({
  Amount: wireDecimal,
  InvoiceId: wireKey,
  PaymentId: wireKey,
});

export const wireObjectInvoicePaymentChanges = z.object({ Amount: wireDecimal });

export function fromWireObjectInvoicePayment(
  body: z.output<typeof wireObjectNewInvoicePayment>,
  paymentId: string,
): NewInvoicePayment {
  return { paymentId, invoiceId: body.InvoiceId, amount: fromWireDecimal(body.Amount) };
}

export function fromWireObjectInvoicePaymentChanges(
  body: z.output<typeof wireObjectInvoicePaymentChanges>,
  invoicePaymentId: string,
): InvoicePaymentChange {
  return { invoicePaymentId, amount: fromWireDecimal(body.Amount) };
}

/** What this resource calls a field of the application: it is the whole request, not one of a list. */
export function fieldOfInvoicePayment(field: string): string {
  return field.replace(/^invoices\[0\]\./, '');
}
