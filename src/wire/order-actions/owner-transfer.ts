import { z } from 'zod';
import type { OwnerTransferAction } from '../../domain/orders/action-specs.ts';
import { isRefusal, type Refusal } from '../../domain/result.ts';
import type { TriggerDates } from '../../domain/subscriptions/subscription-spec.ts';
import { wireKey } from '../values.ts';
import { fromWireInvoicingPatch, invoicingPatchShape } from './invoicing-patch.ts';

export const wireOwnerTransfer = z
  .object(
    {
      destinationAccountNumber: wireKey.nullish(),
      destinationInvoiceAccountNumber: wireKey.nullish(),
      ...invoicingPatchShape,
    },
    { error: 'must be an object with destinationAccountNumber' },
  )
  .refine((body) => (body.destinationAccountNumber ?? body.destinationInvoiceAccountNumber) != null, {
    message: 'is required, or destinationInvoiceAccountNumber',
    path: ['destinationAccountNumber'],
  });

export function fromWireOwnerTransfer(
  body: z.output<typeof wireOwnerTransfer>,
  triggerDates: TriggerDates,
  path: string,
): OwnerTransferAction | Refusal {
  const invoicing = fromWireInvoicingPatch(body, path);
  if (isRefusal(invoicing)) return invoicing;
  const account = (name: 'destinationAccountNumber' | 'destinationInvoiceAccountNumber') => {
    const key = body[name];
    return key == null ? null : { key, field: `${path}.${name}` };
  };
  return {
    type: 'OwnerTransfer',
    triggerDates,
    subscriptionOwner: account('destinationAccountNumber'),
    invoiceOwner: account('destinationInvoiceAccountNumber'),
    invoicing,
  };
}
