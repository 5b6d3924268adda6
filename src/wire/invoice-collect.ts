import { z } from 'zod';
import type { CollectInvoices, InvoicesCollected } from '../domain/settlement/collect-invoices.ts';
import { toWireMoney, wireKey, wireNotYet, wireText } from './values.ts';

/** POST /v1/operations/invoice-collect. Generating the invoices first is refused by name. */
export const wireInvoiceCollect = z
  .object({
    accountKey: wireKey,
    invoiceId: wireKey.nullish(),
    invoiceNumber: wireKey.nullish(),
    paymentGateway: wireText(40).nullish(),
    documentDate: wireNotYet,
    invoiceDate: wireNotYet,
    invoiceTargetDate: wireNotYet,
    targetDate: wireNotYet,
  })
  .refine(({ invoiceId, invoiceNumber }) => invoiceId == null || invoiceNumber == null, {
    error: 'must not be given together with invoiceId',
    path: ['invoiceNumber'],
  });

export function fromWireInvoiceCollect(
  body: z.output<typeof wireInvoiceCollect>,
  found: { readonly invoiceIds: readonly string[]; readonly gateways: readonly string[] },
): CollectInvoices {
  const { invoiceId, invoiceNumber } = body;
  const field = invoiceId == null ? 'invoiceNumber' : 'invoiceId';
  const key = invoiceId ?? invoiceNumber ?? null;
  return {
    accountKey: body.accountKey,
    named: key === null ? null : { key, field },
    gatewayId: body.paymentGateway ?? null,
    gatewayField: 'paymentGateway',
    ...found,
  };
}

/** What is being collected, before the gateway has answered: nothing yet. */
export function toWireCollection({ payment, invoices }: InvoicesCollected): object {
  return {
    success: true,
    amountCollected: 0,
    creditMemos: [],
    invoices: invoices.map(({ id, invoiceNumber, amountMinor, currency }) => ({
      invoiceAmount: toWireMoney(amountMinor, currency),
      invoiceId: id,
      invoiceNumber,
    })),
    ...(payment === null ? {} : { paymentId: payment.id }),
  };
}

/** The reply once the gateway has answered: a declined payment collected nothing. */
export function withCollected(
  collection: object,
  payment: { readonly status: string; readonly amount: number } | null,
): object {
  return { ...collection, amountCollected: payment?.status === 'Processed' ? payment.amount : 0 };
}
