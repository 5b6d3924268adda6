import { z } from 'zod';
import type { CollectInvoices, InvoicesCollected } from '../domain/settlement/collect-invoices.ts';
import { toWireMoney, wireDate, wireDocumentDate, wireKey, wireText } from './values.ts';

/** POST /v1/operations/invoice-collect. With a target date the account is billed up to it first. */
export const wireInvoiceCollect = z
  .object({
    accountKey: wireKey,
    invoiceId: wireKey.nullish(),
    invoiceNumber: wireKey.nullish(),
    paymentGateway: wireText(40).nullish(),
    documentDate: wireDocumentDate.nullish(),
    /** Older names of documentDate and targetDate. */
    invoiceDate: wireDocumentDate.nullish(),
    invoiceTargetDate: wireDate.nullish(),
    targetDate: wireDate.nullish(),
  })
  .refine(({ invoiceId, invoiceNumber }) => invoiceId == null || invoiceNumber == null, {
    error: 'must not be given together with invoiceId',
    path: ['invoiceNumber'],
  })
  .superRefine((body, context) => {
    const { invoiceId, invoiceNumber } = body;
    const isNamed = invoiceId != null || invoiceNumber != null;
    const targetDate = targetDateOf(body);
    for (const name of ['targetDate', 'invoiceTargetDate', 'documentDate', 'invoiceDate'] as const) {
      if (body[name] == null) continue;
      if (isNamed) {
        const message = 'must not be given together with an invoice, which is billed already';
        context.addIssue({ code: 'custom', path: [name], message });
      } else if (targetDate === null) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'is only for documents that a targetDate generates',
        });
      }
    }
  });

/** The day up to which the account is to be billed first; null when it is not. */
export function targetDateOf(body: {
  readonly targetDate?: string | null | undefined;
  readonly invoiceTargetDate?: string | null | undefined;
}): string | null {
  return body.targetDate ?? body.invoiceTargetDate ?? null;
}

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

/** A credit memo that the billing made. */
export interface CollectedMemo {
  readonly id: string;
  readonly memoNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
}

function toWireCollectedMemo({ id, memoNumber, amountMinor, currency }: CollectedMemo): object {
  return { id, totalAmount: toWireMoney(amountMinor, currency), memoNumber };
}

/** The reply once the gateway has answered: a declined payment collected nothing. */
export function withCollected(
  collection: object,
  creditMemos: readonly CollectedMemo[],
  payment: { readonly status: string; readonly amount: number } | null,
): object {
  const amountCollected = payment?.status === 'Processed' ? payment.amount : 0;
  return { ...collection, creditMemos: creditMemos.map(toWireCollectedMemo), amountCollected };
}
